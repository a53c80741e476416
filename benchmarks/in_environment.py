"""Runs the benchmark in a folder beside this one, with its packages in an environment of its own.

Peers of a benchmark bring packages that no program of ours may load. So they are installed into a temporary folder,
which is removed afterwards. ``python benchmarks/in_environment.py names`` runs ``benchmarks/names/measure.py``.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

_FOLDER = Path(__file__).parent
_PYTHON = "/usr/bin/python3"


def main(arguments: list[str]) -> int:
    """Install and run; the exit code is that of the benchmark."""
    name, *options = arguments
    folder = _FOLDER / name
    with tempfile.TemporaryDirectory(prefix="benchmark-") as made:
        python = Path(made) / "bin" / "python"
        subprocess.run([_PYTHON, "-m", "venv", made], check=True)
        install: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "-r", folder / "requirements.txt"], check=True, stdout=sys.stderr)
        # The processes that are shut in ignore PYTHONPATH.
        note = "import pathlib, sys, sysconfig; pathlib.Path(sysconfig.get_path('purelib'), 'project.pth')"
        subprocess.run([python, "-c", f"{note}.write_text(sys.argv[1])", _FOLDER.parent], check=True)
        found = {**os.environ, "PYTHONPATH": str(_FOLDER.parent)}
        return subprocess.run([python, folder / "measure.py", *options], env=found, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
