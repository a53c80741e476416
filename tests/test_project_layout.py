"""The folders are the security design: their names, their sizes, and what they may never name."""

import ast
import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("crypto", "onion", "tipline", "reviewer")
MODULES = sorted(
    path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.py")
)
LINE_LIMIT = 300
NOT_A_NOUN = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "data", "info"}


def source_of(module: str) -> str:
    return (ROOT / module).read_text(encoding="utf-8")


@pytest.mark.parametrize("module", MODULES)
def test_a_long_module_says_why_it_is_long(module: str) -> None:
    source = source_of(module)
    if len(source.splitlines()) > LINE_LIMIT:
        docstring = ast.get_docstring(ast.parse(source)) or ""
        assert re.search(rf"past {LINE_LIMIT} lines because", docstring, re.IGNORECASE), (
            f"over {LINE_LIMIT} lines: split it, or say in its docstring 'past {LINE_LIMIT} lines because …'"
        )


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_named_by_its_noun_and_says_what_it_is_for(module: str) -> None:
    assert not NOT_A_NOUN & set(Path(module).with_suffix("").parts)
    assert not source_of(module) or ast.get_docstring(ast.parse(source_of(module))), "it begins with a docstring"


def test_the_wheel_ships_exactly_the_packages_and_the_templates() -> None:
    project = tomllib.loads(source_of("pyproject.toml"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [*PACKAGES, "templates"]
    assert project["tool"]["importlinter"]["root_packages"] == list(PACKAGES)


@pytest.mark.parametrize("package", [*PACKAGES, "templates", "tests"])
def test_no_other_distribution_provides_a_package_of_our_name(package: str) -> None:
    # The flat names are short; a dependency that brought its own `crypto` would shadow ours or be shadowed.
    owners = {
        distribution.name
        for distribution in importlib.metadata.distributions()
        for file in distribution.files or ()
        if file.parts[0] in (package, f"{package}.py")
    }
    assert owners <= {"tipline"}


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


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith(("tipline/", "onion/"))])
def test_the_server_never_names_what_opens_a_submission(module: str) -> None:
    names = {
        node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else alias.name
        for node in ast.walk(ast.parse(source_of(module)))
        if isinstance(node, ast.Name | ast.Attribute | ast.ImportFrom)
        for alias in (node.names if isinstance(node, ast.ImportFrom) else [ast.alias("")])
    }
    assert not names & {"open_submission", "IntakeSecretKey", "SealedSecretKey", "RootSigningKey", "sign_manifest"}


CLEANS_HTML = "tipline/operator_words.py"
"""The one place where words become HTML as they are: the operator's, after bleach has found nothing to remove."""


@pytest.mark.parametrize("module", MODULES)
def test_nothing_here_escapes_the_escaping_or_runs_a_shell(module: str) -> None:
    for node in ast.walk(ast.parse(source_of(module))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            forbidden = {"eval", "exec"} if module == CLEANS_HTML else {"Markup", "eval", "exec"}
            assert called.split(".")[-1] not in forbidden, f"line {node.lineno}: {called}"
            assert called not in {"os.system", "os.popen", "pickle.loads", "yaml.load", "marshal.loads"}, called
            shell = [
                k
                for k in node.keywords
                if k.arg == "shell" and not (isinstance(k.value, ast.Constant) and not k.value.value)
            ]
            assert not shell, f"line {node.lineno}: a shell"
