"""The pages in ``docs/formats/`` and the code name the same files and the same fields."""

import importlib
import json
import re
from pathlib import Path

import pytest

from tests.crypto.page_constants.reading import Said, compared, differences
from tests.vectors.book import OPENS, VectorBook, bytes_of
from tests.vectors.examples import EXAMPLES, with_example

ROOT = Path(__file__).parents[2]
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "formats").glob("*.md")}


def named_in(page: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, PAGES[page]))


def fields_in_tables(page: str) -> set[str]:
    """Names in backticks in the first cell of each table row."""
    cells = re.findall(r"^\| (`[^|]*) \|", PAGES[page], re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([a-z_0-9]+)`", cell)}


def fields_of_sound_ones(book: str, part: str) -> set[str]:
    sound = [vector for vector in VectorBook(book) if vector["outcome"] == OPENS]
    return {name for vector in sound for name in json.loads(bytes_of(vector[part]))}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    named = named_in(page, r"`((?:crypto|tests|docs)/[\w./-]+\.\w+)`")
    assert named, "a page names the code it describes"
    assert not [name for name in named if not (ROOT / name).is_file()]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_that_a_page_links_to_is_there(page: str) -> None:
    links = named_in(page, r"\]\(([\w-]+)\.md(?:#[\w-]+)?\)")
    assert links <= set(PAGES)


def test_every_page_stands_in_the_list_of_formats_and_beside_a_boundary_in_the_audit_guide() -> None:
    guide = (ROOT / "docs" / "develop" / "audit-guide.md").read_text(encoding="utf-8")
    boundaries = guide.split("## The boundaries", 1)[1].split("\n## ", 1)[0]
    # Neither of these two is the page of a format.
    formats = set(PAGES) - {"README", "disagreements"}
    assert formats <= set(re.findall(r"\]\(\.\./formats/([\w-]+)\.md\)", boundaries))
    assert formats <= set(re.findall(r"^\| \[[\w-]+\]\(([\w-]+)\.md\) \|", PAGES["README"], re.MULTILINE))


def test_every_book_of_vectors_belongs_to_a_page() -> None:
    books = {path.name for path in (ROOT / "tests" / "vectors").glob("*.json")}
    named = {name for page in PAGES for name in named_in(page, r"`tests/vectors/([\w-]+\.json)`")}
    assert len(books) >= 14
    assert books == named


@pytest.mark.parametrize(
    ("page", "book", "part"),
    [("manifest", "manifest", "manifest"), ("party", "party", "party"), ("bundle", "statement", "statement")],
)
def test_a_page_lists_exactly_the_fields_of_its_document(page: str, book: str, part: str) -> None:
    assert fields_in_tables(page) == fields_of_sound_ones(book, part)


def test_the_page_of_small_items_names_every_format_and_field() -> None:
    for vector in VectorBook("statements"):
        if vector["outcome"] == OPENS:
            document = json.loads(bytes_of(vector["payload"]))
            row = next(row for row in PAGES["statements"].splitlines() if f"`{document['format']}`" in row)
            assert f"`{vector['type']}`" in row
            for name in set(document) - {"format", "format_version"}:
                assert f"`{name}`" in row


CONSTANTS = {path.stem.replace("_", "-"): path for path in (Path(__file__).parent / "page_constants").glob("*.py")}
CONSTANTS["locked_key"] = CONSTANTS.pop("locked-key")
del CONSTANTS["reading"]


def said_by_code(page: str) -> Said:
    module = importlib.import_module(f"tests.crypto.page_constants.{CONSTANTS[page].stem}")
    said: Said = module.SAID
    return said


@pytest.mark.parametrize("page", sorted(CONSTANTS))
def test_every_number_and_label_of_a_page_is_the_one_of_the_code(page: str) -> None:
    assert differences(compared(PAGES[page]), said_by_code(page)) == []


def test_a_sentence_may_use_other_words_and_a_table_row_may_not() -> None:
    said = ("At most 4 KiB are read, with the label `v1`.", "| 8 | magic |")
    assert differences(compared("Reads up to 4 KiB under `v1`.\n\n| 8 | magic |"), said) == []
    assert differences(compared("Reads up to 5 KiB under `v1`.\n\n| 8 | magic |"), said)
    assert differences(compared("Reads up to 4 KiB under `v2`.\n\n| 8 | magic |"), said)
    assert differences(compared("Reads up to 4 KiB under `v1`.\n\n| 9 | magic |"), said)
    assert differences(compared("Reads up to 4 KiB, or 3, under `v1`.\n\n| 8 | magic |"), said)


@pytest.mark.parametrize("page", sorted(CONSTANTS))
def test_a_page_with_any_one_digit_changed_is_found(page: str) -> None:
    said, text = said_by_code(page), compared(PAGES[page])
    for digit in re.finditer(r"[0-9]", text):
        changed = text[: digit.start()] + str((int(digit[0]) + 1) % 10) + text[digit.end() :]
        assert differences(changed, said), changed[max(0, digit.start() - 40) : digit.end() + 40]


@pytest.mark.parametrize("page", sorted(EXAMPLES))
def test_the_example_of_a_page_is_the_one_that_its_vectors_give(page: str) -> None:
    assert with_example(PAGES[page], EXAMPLES[page]()) == PAGES[page], "run python -m tests.vectors.examples"


def test_every_page_is_held_to_the_code_and_has_an_example() -> None:
    formats = set(PAGES) - {"README", "disagreements"}
    assert formats == set(CONSTANTS) == set(EXAMPLES)
    assert len(formats) >= 20


SECTIONS = ("Limits", "Order of checks", "What it reveals", "Versions", "Worked example")


@pytest.mark.parametrize("page", sorted(CONSTANTS))
def test_a_page_says_all_that_a_reader_needs(page: str) -> None:
    titles = re.findall(r"^## (.*)$", PAGES[page], re.MULTILINE)
    assert [title for title in SECTIONS if title not in titles] == []
    assert "MUST refuse" in PAGES[page]
    assert "|---|" in PAGES[page]
