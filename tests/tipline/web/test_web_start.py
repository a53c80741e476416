"""No library that the web process uses can load a module that writes unseen, on any Python."""

import subprocess
import sys
from pathlib import Path

# Modules of the locked libraries that cannot be imported here, and the package that each of them needs.
NEEDS_A_PACKAGE_OUTSIDE_THE_LOCK = {
    "gunicorn.app.pasterapp": "paste",
    "gunicorn.workers.ggevent": "gevent",
    "gunicorn.workers.gtornado": "tornado",
}
FOR_WINDOWS = {"click._winconsole"}
RUNS_A_PROGRAM_WHEN_IMPORTED = {"flask.__main__"}

EVERY_MODULE = """
import importlib, pkgutil, sys
from pathlib import Path
from tipline.machine.no_plaintext import bar_silent_writers, refuse_writes

bar_silent_writers()
for library in ("flask", "werkzeug", "gunicorn", "click", "jinja2"):
    package = importlib.import_module(library)
    for module in pkgutil.walk_packages(package.__path__, f"{library}.", onerror=print):
        if module.name not in sys.argv[2:]:
            try:
                importlib.import_module(module.name)
                print("imported", module.name)
            except BaseException as error:
                print("cannot be imported", module.name, str(error).replace("\\n", " "))
refuse_writes(allowed_beside=Path(sys.argv[1]))
print("writes are refused")
"""
AT_THE_FIRST_LIBRARY = """
import runpy, sys
from tipline.machine.no_plaintext import _NEVER_LOADED

class First:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"flask", "werkzeug", "gunicorn", "click", "jinja2"}:
            print(name, [barred for barred in _NEVER_LOADED if sys.modules.get(barred, "free") is not None])
            sys.exit()

sys.meta_path.insert(0, First())
runpy.run_module("tipline.web.start", run_name="__main__")
"""


def _run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL
    )


def test_no_module_of_the_locked_libraries_loads_one_that_writes_unseen(tmp_path: Path) -> None:
    run = _run(EVERY_MODULE, str(tmp_path), *RUNS_A_PROGRAM_WHEN_IMPORTED)
    *modules, last = run.stdout.splitlines()
    assert last == "writes are refused", run.stderr
    failed = {line.split()[3]: line for line in modules if not line.startswith("imported ")}
    assert set(failed) == {*NEEDS_A_PACKAGE_OUTSIDE_THE_LOCK, *FOR_WINDOWS}, failed
    for module, package in NEEDS_A_PACKAGE_OUTSIDE_THE_LOCK.items():
        assert package in failed[module]
    assert {f"imported {module}" for module in ("flask.testing", "click.testing", "werkzeug.debug")} <= set(modules)


def test_they_are_barred_before_the_web_process_loads_its_first_library() -> None:
    run = _run(AT_THE_FIRST_LIBRARY)
    assert run.stdout == "gunicorn []\n", run.stderr
