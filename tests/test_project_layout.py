"""The folders are the security design: their names, their sizes, and what they may never name."""

import ast
import importlib.metadata
import re
import statistics
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("crypto", "onion", "system", "tipline", "courier", "reviewer", "sealer", "outreach")
CHECKOUT_ONLY = ("relay", "duty", "demo", "release")
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for package in PACKAGES + CHECKOUT_ONLY
    for path in (ROOT / package).rglob("*.py")
)
PAGE = (ROOT / "docs" / "develop" / "architecture.md").read_text(encoding="utf-8")
LINE_LIMIT = 300
SHORT_LINES = 40
MOST_BESIDE_THE_ROOMS = 6
NOT_A_NOUN = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "data", "info"}


def source_of(module: str) -> str:
    return (ROOT / module).read_text(encoding="utf-8")


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(source_of(module))


def docstring_of(module: str) -> str:
    return ast.get_docstring(tree_of(module)) or ""


def test_no_module_is_longer_than_300_lines() -> None:
    long = [module for module in MODULES if len(source_of(module).splitlines()) > LINE_LIMIT]
    assert long == [], f"over {LINE_LIMIT} lines: split it"


@pytest.mark.parametrize("package", ["tipline", "reviewer", "crypto"])
def test_at_most_six_modules_lie_beside_the_rooms(package: str) -> None:
    beside = [module for module in MODULES if module.startswith(f"{package}/") and module.count("/") == 1]
    assert len(beside) <= MOST_BESIDE_THE_ROOMS, beside


def test_no_module_is_cut_too_finely(capsys: pytest.CaptureFixture[str]) -> None:
    lengths = {
        module: len(source_of(module).splitlines()) for module in MODULES if Path(module).name != "__init__.py"
    }
    short = {module for module, lines in lengths.items() if lines < SHORT_LINES}
    with capsys.disabled():
        print(f"\nmodules: {len(lengths)}, median {statistics.median(lengths.values()):.0f} lines")
        print(f"below {SHORT_LINES} lines: {len(short)}")
    known = set((ROOT / "tests" / "short_modules.txt").read_text(encoding="utf-8").split())
    assert short - known == set(), f"below {SHORT_LINES} lines: put it into the module that it belongs to"
    assert known - short == set(), "no longer short or gone: take them out of tests/short_modules.txt"


def test_a_module_is_named_by_its_noun() -> None:
    assert [module for module in MODULES if NOT_A_NOUN & set(Path(module).with_suffix("").parts)] == []


def test_a_module_begins_by_saying_what_it_is_for() -> None:
    assert [module for module in MODULES if source_of(module) and not docstring_of(module)] == []


@pytest.mark.parametrize("package", [*PACKAGES, *CHECKOUT_ONLY])
def test_a_package_says_where_it_runs_which_secrets_it_may_hold_and_what_it_may_import(package: str) -> None:
    said = " ".join(docstring_of(f"{package}/__init__.py").split())
    for sentence in (r"It (runs|is part)\b", r"\. It holds?\b", r"\bimports?\b"):
        assert re.search(sentence, said), sentence


def test_the_wheel_ships_exactly_the_packages_and_the_templates() -> None:
    project = tomllib.loads(source_of("pyproject.toml"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [*PACKAGES, "templates"]
    assert project["tool"]["importlinter"]["root_packages"] == [*PACKAGES, *CHECKOUT_ONLY]


@pytest.mark.parametrize("package", ["tipline", "reviewer", "crypto"])
def test_the_page_on_architecture_lists_each_room_once_in_the_order_of_its_contract(package: str) -> None:
    contracts = tomllib.loads(source_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = [one["layers"] for one in contracts if one.get("containers") == [package]]
    rooms = [{room for room in layer.split(" | ") if (ROOT / package / room).is_dir()} for layer in layers]
    (table,) = re.findall(rf"^\| `{package}/`, from the roof down .*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    listed = [re.findall(r"`(\w+)/`", row.split("|")[1]) for row in table.splitlines()]
    place = {room: number for number, layer in enumerate(rooms) for room in layer}
    told = [room for row in listed for room in row]
    assert sorted(told) == sorted(place)
    assert [place[room] for room in told] == sorted(place.values())


@cache
def owners_of_names() -> dict[str, set[str]]:
    """The distributions here that have files or folders of a name, by name."""
    owners: dict[str, set[str]] = defaultdict(set)
    for distribution in importlib.metadata.distributions():
        name = distribution.name  # read from its file each time
        for line in (distribution.read_text("RECORD") or "").splitlines():
            owners[line.split(",", 1)[0].split("/", 1)[0]].add(name)
    return owners


@pytest.mark.parametrize("package", [*PACKAGES, *CHECKOUT_ONLY, "templates", "tests", "lab"])
def test_no_other_distribution_provides_a_package_of_our_name(package: str) -> None:
    # The flat names are short; a dependency that brought its own `crypto` would shadow ours or be shadowed.
    owners = owners_of_names()
    assert owners["click"] == {"click"}
    assert owners[package] | owners[f"{package}.py"] <= {"tipline"}


def test_every_vector_directory_holds_vectors() -> None:
    folders = [
        path for path in (ROOT / "tests" / "vectors").iterdir() if path.is_dir() and path.name != "__pycache__"
    ]
    loose = list((ROOT / "tests" / "vectors").glob("*.json"))
    assert folders or loose, "no vectors at all"
    for folder in folders:
        assert [file for file in folder.rglob("*") if file.is_file() and file.stat().st_size], (
            f"{folder.name} is empty"
        )


OPENS = {"open_submission", "IntakeSecretKey", "SealedSecretKey", "RootSigningKey", "sign_manifest"}


def names_in(module: str) -> set[str]:
    names = set()
    for node in ast.walk(tree_of(module)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                names.add(name)
            case ast.ImportFrom(names=imported):
                names |= {alias.name for alias in imported}
    return names


def test_the_server_never_names_what_opens_a_submission() -> None:
    server = [module for module in MODULES if module.startswith(("tipline/", "onion/"))]
    assert [module for module in server if names_in(module) & OPENS] == []
    assert any(names_in(module) & OPENS for module in set(MODULES) - set(server)), "the names are not ours any more"


CLEANS_HTML = "tipline/instance/site_texts.py"
"""The one place where words become HTML as they are: the operator's, after bleach has found nothing to remove."""


RUNS_ANYTHING = {"os.system", "os.popen", "pickle.loads", "yaml.load", "marshal.loads"}


def escapes_in(module: str) -> list[str]:
    forbidden = {"eval", "exec"} if module == CLEANS_HTML else {"Markup", "eval", "exec"}
    found = []
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            has_shell = any(
                k.arg == "shell" and not (isinstance(k.value, ast.Constant) and not k.value.value)
                for k in node.keywords
            )
            is_named = called.split(".")[-1] in forbidden or called in RUNS_ANYTHING
            found += [f"{module}:{node.lineno}: {called}"] if is_named or has_shell else []
    return found


def test_nothing_here_escapes_the_escaping_or_runs_a_shell() -> None:
    assert [found for module in MODULES for found in escapes_in(module)] == []
