"""The wheels and data that the reviewer carries for links, for each Python that the project supports.

    .venv/bin/python benchmarks/link_wheels.py [--python 3.11 --python 3.13]

pip downloads the wheels of requirements-reviewer.lock, held to its hashes, and refuses a package that comes only as
source: none needs a compiler. To these comes what the wheel of the project holds for links, packed. No code of a
package is run.
"""

import argparse
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
LOCK = TREE / "requirements-reviewer.lock"
PACKAGES = ("anyascii", "phonenumberslite")
"""The packages that were added for links: a test compares them with the imports of these rooms."""

ROOMS = ("reading", "matching", "linking", "drawing", "atlas")
SOURCES = (*(f"reviewer/{room}" for room in ROOMS), "reviewer/clean_copy/pdq.py")
PYTHONS = ("3.11", "3.13")
PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64")
FOREIGN = ("numpy", "requests", "httpx", "urllib3", "aiohttp")


def main() -> int:
    """0 where nothing among the wheels is a network client or numpy."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", action="append", choices=("3.11", "3.12", "3.13"))
    own = packed_bytes()
    print(f"our modules and data: {own / 1e6:.2f} MB packed")
    for version in parser.parse_args().python or PYTHONS:
        wheels = wheels_for(version)
        foreign = [name for name in wheels if name.partition("-")[0].lower() in FOREIGN]
        if foreign:
            print(f"Python {version}: {foreign[0]} does not belong there")
            return 1
        print(f"Python {version}: {(sum(wheels.values()) + own) / 1e6:.2f} MB, {', '.join(sorted(wheels))}")
    return 0


def wheels_for(version: str) -> dict[str, int]:
    """The name and the bytes of each wheel."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted"
        wanted.write_text("".join(map(locked, PACKAGES)), encoding="ascii")
        platforms = [word for one in PLATFORMS for word in ("--platform", one)]
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check", "download"),
                *("--no-deps", "--only-binary", ":all:", "--require-hashes", "--implementation", "cp"),
                *("--python-version", version, "--abi", f"cp{version.replace('.', '')}", "--abi", "abi3"),
                *("--abi", "none", *platforms, "--dest", folder, "-r", str(wanted)),
            ],
            check=True,
        )
        return {one.name: one.stat().st_size for one in Path(folder).glob("*.whl")}


def locked(package: str) -> str:
    """The lines of a package in the lock file: its version and its hashes."""
    lines = LOCK.read_text(encoding="ascii").splitlines(keepends=True)
    first = next(at for at, line in enumerate(lines) if line.startswith(f"{package}=="))
    end = next(at for at in range(first, len(lines)) if not lines[at].rstrip().endswith("\\"))
    return "".join(lines[first : end + 1])


def packed_bytes() -> int:
    """The size of our own modules and data for links in a wheel."""
    files = [path for source in SOURCES for path in sorted((TREE / source).rglob("*")) or [TREE / source]]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path in files:
            if path.is_file() and "__pycache__" not in path.parts:
                wheel.write(path, path.relative_to(TREE))
    return len(packed.getvalue())


if __name__ == "__main__":
    sys.exit(main())
