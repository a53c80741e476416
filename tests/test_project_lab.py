"""Long proofs lie in ``lab/``, each is named in docs/develop/testing.md, and the tests of a change stay quick."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "develop" / "testing.md").read_text(encoding="utf-8")


def python_files(folder: str, pattern: str = "*.py") -> list[Path]:
    return sorted((ROOT / folder).rglob(pattern))


def count_of_tests(file: Path) -> int:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return sum(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in tree.body)


def callers_of(folder: str, name: str) -> list[str]:
    calls = re.compile(rf"\b{name}\(")
    here = Path(__file__)
    others = (path for path in python_files(folder) if path != here)
    files = [path for path in others if calls.search(path.read_text(encoding="utf-8"))]
    return [path.relative_to(ROOT).as_posix() for path in files]


def test_the_page_names_every_file_of_tests_in_lab_with_their_number() -> None:
    named = {file: int(number) for file, number in re.findall(r"^\| `(lab/[^`]+)` \| (\d+) \|", PAGE, re.MULTILINE)}
    files = python_files("lab", "test_*.py")
    assert named == {path.relative_to(ROOT).as_posix(): count_of_tests(path) for path in files}


def test_the_tests_of_a_change_start_one_tor_network_and_one_firefox() -> None:
    boots = callers_of("tests", r"(?<!class )PrivateNetwork")
    # The second one is given a folder that is not empty, and refuses to start.
    assert boots == ["tests/onion/test_private_network.py", "tests/tor_network.py"]
    started = set(callers_of("tests", r"(?<!In)Firefox"))
    # Pictures are taken by scripts/documents, and by no test.
    assert started == {"tests/end_to_end/conftest.py", "tests/documents/pictures.py"}
    # The stage of the demonstration is a network and a browser of its own.
    others = (path for path in python_files("tests") if path != Path(__file__))
    assert not [path for path in others if "from demo.stage " in path.read_text(encoding="utf-8")]


def test_every_room_of_tests_is_a_room_of_its_package() -> None:
    allowed = {"crypto": {"page_constants"}}
    for package in ("crypto", "tipline", "reviewer"):
        rooms = {path.name for path in (ROOT / package).iterdir() if (path / "__init__.py").exists()}
        folders = {path.name for path in (ROOT / "tests" / package).iterdir() if any(path.glob("*.py"))}
        assert folders <= rooms | allowed.get(package, set())
