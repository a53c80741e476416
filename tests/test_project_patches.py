"""No test puts something else in the place of a name of ours: values and clocks are passed in.

A patch of the system or of a library stands for a machine that refuses something. A patch of our own code tests a
program that does not exist.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {
    *tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["root_packages"],
    *("tests", "lab", "benchmarks"),
}
PATCHES = {"setattr", "delattr", "setitem", "delitem"}
ALLOWED = {
    "tests/derived_once.py": "a check that depends on its bytes alone: the program's own, asked once for each key",
    "tests/steps.py": "a step that fails just there, or is watched: it never answers in place of the program",
    "tests/refused_threads.py": "the hook for a shortage, which the web process sets in the same way",
    "tests/tipline/web/probed_web_process.py": "attempts at system calls from within the real worker",
    "lab/forensics/web_with_faults.py": "faults in a web process that is a program of its own",
    "lab/fuzz/kept_targets.py": "millions of inputs, for each of which a key would be derived",
}
"""Each file that may patch a name of ours, and why."""
CANDIDATE = re.compile(
    r"\.(?:set|del)(?:attr|item)\(|\bmock\b|^ *(?!self\.)\w[^=#(\n]*\.\w+[^=#(\n]* = ", re.MULTILINE
)
"""A file without it patches nothing, and need not be parsed."""


def root_of(node: ast.expr) -> str:
    """The name that an expression begins with: ``a`` of ``a.b.c`` and of ``a[0].b()``."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def imported(tree: ast.Module) -> dict[str, str]:
    """Each name that a module imports, and the package from which it comes."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                names[one.asname or one.name.partition(".")[0]] = one.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            for one in node.names:
                names[one.asname or one.name] = (node.module or "").partition(".")[0]
    return names


def patches(text: str) -> Iterator[int]:
    """The lines that patch a name of ours, or one of which it cannot be told whose it is."""
    if CANDIDATE.search(text) is None:
        return
    tree = ast.parse(text)
    packages = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PATCHES:
            if is_ours(node.args[0], packages):
                yield node.lineno
        elif isinstance(node, ast.Assign):
            goals = (one for goal in node.targets for one in (goal.elts if isinstance(goal, ast.Tuple) else [goal]))
            if any(isinstance(one, ast.Attribute) and packages.get(root_of(one)) in OURS for one in goals):
                yield node.lineno
        elif isinstance(node, ast.Import | ast.ImportFrom) and "mock" in ast.unparse(node).split():
            yield node.lineno


def is_ours(target: ast.expr, packages: dict[str, str]) -> bool:
    """True for a name of ours, in a string or not, and for an object that comes from no import of another's."""
    if isinstance(target, ast.Constant):
        return str(target.value).partition(".")[0] in OURS
    return packages.get(root_of(target), "ours") in {*OURS, "ours"}


@pytest.mark.parametrize("folder", ["tests", "lab"])
def test_no_test_patches_a_name_of_ours(folder: str) -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{line}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line in patches(path.read_text(encoding="utf-8"))
    }
    assert {one for one in found if one.partition(":")[0] not in ALLOWED} == set()
    assert {one.partition(":")[0] for one in found} >= {one for one in ALLOWED if one.startswith(f"{folder}/")}


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("import os\nmonkeypatch.setattr(os.path, 'ismount', bool)", False),
        ("from pathlib import Path\npatch.setattr(Path, 'open', bool)", False),
        ("from tipline.web import worker\nmonkeypatch.setattr(worker, 'SECONDS', 1)", True),
        ("from tipline.web import worker\nmonkeypatch.setattr(worker.time, 'sleep', bool)", True),
        ("monkeypatch.setattr('crypto.age.envelope.open', bool)", True),
        ("monkeypatch.setattr('os.fsync', bool)", False),
        ("def test(stage):\n    monkeypatch.setattr(stage.store, 'beat', bool)", True),
        ("from tipline.web import worker\nworker.SECONDS = 1", True),
        ("from tipline.web.worker import SiteWorker\nSiteWorker.timeouts = 1", True),
        ("def test(stage):\n    stage.clock.day = 1", False),
        ("from unittest import mock", True),
    ],
)
def test_a_patch_is_found(text: str, is_found: bool) -> None:
    assert bool(list(patches(text))) is is_found
