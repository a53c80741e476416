"""Everything that the documents point to exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TEST = re.compile(r"\b((?:tests|lab)/[\w/]+\.py)(?:::(\w+))?")


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_inside_the_project_leads_somewhere(document: str) -> None:
    for target in LINK.findall(text_of(document)):
        if not re.match(r"[a-z]+:", target):
            path, _, place = target.partition("#")
            file = (ROOT / document).parent / path if path else ROOT / document
            assert file.exists(), target
            assert not place or place in anchors(file.read_text(encoding="utf-8")), target


@pytest.mark.parametrize(("document", "most"), [("README.md", 3072), ("SECURITY.md", 8192), ("CHANGELOG.md", 8192)])
def test_a_first_page_stays_short(document: str, most: int) -> None:
    assert len(text_of(document).encode()) <= most


def test_the_index_links_every_page_and_leads_each_reader_to_five_at_most() -> None:
    index = text_of("docs/README.md")
    linked = {target.partition("#")[0] for target in LINK.findall(index)}
    for folder in ("operate", "review", "source", "develop", "evidence", "beacon"):
        pages = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs" / folder).glob("*.md")}
        assert pages
        assert pages <= linked
    readers = re.findall(r"^## (You .+?)\n(.*?)(?=^## |\Z)", index, re.MULTILINE | re.DOTALL)
    assert len(readers) == 4
    for reader, section in readers:
        assert 1 <= len(re.findall(r"^\d\. ", section, re.MULTILINE)) <= 5, reader
        pages = LINK.findall(section)
        assert len(pages) == len(set(pages)), "a page is linked once for each reader"


def test_the_changelog_has_one_line_an_entry_for_operators_and_is_no_diary() -> None:
    versions = re.split(r"^## ", text_of("CHANGELOG.md"), flags=re.MULTILINE)[1:]
    assert [version.split("\n", 1)[0] for version in versions][-1] == "0.1.0"
    assert versions[0].startswith("Unreleased\n")
    assert len(versions) == len({version.split("\n", 1)[0] for version in versions})
    headings = re.findall(r"^### (.+)$", versions[-1], re.MULTILINE)
    assert headings == ["For sources", "For the server", "For couriers", "For reviewers", "Known limits"]
    for version in versions:
        entries = [line for line in version.splitlines() if line.startswith("- ")]
        assert len(entries) <= 40
        assert all(len(entry) <= 240 for entry in entries)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_is_named_exists(document: str) -> None:
    for file, name in TEST.findall(text_of(document)):
        assert (ROOT / file).is_file(), file
        assert not name or name in functions_of(file), f"{file}::{name}"


def anchors(markdown: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@cache
def tree_of(file: str) -> ast.Module:
    return ast.parse(text_of(file))


@cache
def functions_of(file: str) -> set[str]:
    return {node.name for node in ast.walk(tree_of(file)) if isinstance(node, ast.FunctionDef)}


@cache
def collected_in(file: str) -> set[str]:
    """Those that pytest collects there; none in a helper's file."""
    if not file.rpartition("/")[2].startswith("test_"):
        return set()
    found = [node.name for node in tree_of(file).body if isinstance(node, ast.FunctionDef)]
    return {name for name in found if name.startswith("test_")}


@pytest.mark.parametrize("document", ["SECURITY.md", "docs/threat-model.md", "docs/claims.md"])
def test_a_test_that_a_page_about_protection_names_is_collected_as_one_and_is_no_helper(document: str) -> None:
    for file, name in TEST.findall(text_of(document)):
        assert collected_in(file), f"{file} contains no test"
        assert not name or name in collected_in(file), f"{file}::{name}"


def test_nothing_is_skipped_but_in_the_places_that_contributing_names() -> None:
    skips = re.compile(r"\bpytest\.(?:skip|importorskip|mark\.skip|mark\.skipif|mark\.xfail|xfail)\b|\bskipTest\b")
    ours = (path for top in ("tests", "lab") for path in (ROOT / top).rglob("*.py") if path != Path(__file__))
    skipping = {path.relative_to(ROOT).as_posix() for path in ours if skips.search(path.read_text("utf-8"))}
    assert skipping
    paragraph = next(part for part in text_of("CONTRIBUTING.md").split("\n\n") if "Nothing is skipped" in part)
    (places,) = re.findall(r"in four places \(([^)]*)\)", paragraph)
    assert skipping == set(re.findall(r"`((?:tests|lab)/[^`]*)`", places))


def test_pictures_are_small_and_each_stands_on_a_page() -> None:
    shown = {
        ((ROOT / document).parent / target).resolve()
        for document in DOCUMENTS
        for target in LINK.findall(text_of(document))
        if target.endswith(".png")
    }
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))
    assert pictures
    for picture in pictures:
        assert picture in shown, picture.name
        assert picture.stat().st_size <= 150_000, picture.name


def test_the_feature_table_has_43_rows_counts_them_shows_each_and_names_what_is_missing() -> None:
    page = text_of("docs/review/feature-table.md")
    lines = [line for line in page.splitlines() if re.match(r"\| \d+ \|", line)]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [int(row[0]) for row in rows] == list(range(1, 44))
    counted = {word: sum(row[4] == word for row in rows) for word in ("● whole", "◐ in part", "– none")}
    assert sum(counted.values()) == 43
    told = re.findall(r"\*\*(\d+) are whole, (\d+) in part, and (\d+) (?:is|are) missing\*\*", page)
    assert told == [tuple(str(number) for number in counted.values())]
    for row in rows:
        assert row[4] == "– none" or TEST.search(row[6]) or ".png" in row[6], row[0]
        assert row[4] != "◐ in part" or "**" in row[5], row[0]
