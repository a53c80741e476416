"""The pages in ``docs/formats/`` and the code name the same files and the same fields."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.vectors.book import OPENS, VectorBook, bytes_of

ROOT = Path(__file__).parents[2]
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "formats").glob("*.md")}


def named_in(page: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, PAGES[page]))


def fields_in_tables(page: str) -> set[str]:
    """Names in backticks in the first cell of each table row."""
    cells = re.findall(r"^\| (`[^|]*) \|", PAGES[page], re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([a-z_0-9]+)`", cell)}


def first_sound(book: str, part: str) -> dict[str, Any]:
    vector = next(vector for vector in VectorBook(book) if vector["outcome"] == OPENS)
    return json.loads(bytes_of(vector[part]))


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    named = named_in(page, r"`((?:crypto|tests|docs)/[\w./-]+\.\w+)`")
    assert named, "a page names the code it describes"
    assert not [name for name in named if not (ROOT / name).is_file()]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_that_a_page_links_to_is_there(page: str) -> None:
    links = named_in(page, r"\]\(([\w-]+)\.md(?:#[\w-]+)?\)")
    assert links <= set(PAGES)


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
    assert fields_in_tables(page) == set(first_sound(book, part))


def test_the_page_of_small_items_names_every_format_and_field() -> None:
    for vector in VectorBook("statements"):
        if vector["outcome"] == OPENS:
            document = json.loads(bytes_of(vector["payload"]))
            row = next(row for row in PAGES["statements"].splitlines() if f"`{document['format']}`" in row)
            assert f"`{vector['type']}`" in row
            for name in set(document) - {"format", "format_version"}:
                assert f"`{name}`" in row


@pytest.mark.parametrize(
    ("page", "module", "constants"),
    [
        ("passphrase", "passphrase", {"LONGEST_TEXT": "512"}),
        ("passphrase", "wordlist", {"WORDS": "7772"}),
        ("party", "party", {"LONGEST_FILE_BYTES": "8,192", "LONGEST_NAME": "32"}),
        ("manifest", "minisign", {"LONGEST_FILE_BYTES": "4,096"}),
        ("manifest", "manifest_body", {"MOST_SERVERS": "64", "MOST_WEEKS": "400", "MOST_QUARTERS": "40"}),
        ("manifest", "manifest_body", {"MOST_VALID_DAYS": "400", "LONGEST_ORGANISATION": "200"}),
        ("mailbox", "mailbox", {"MEMORY_KIB": "65,536", "MOST_MEMORY_KIB": "1,048,576"}),
        ("bundle", "statement", {"MOST_ITEMS": "16,384"}),
        ("bundle", "bundle_file", {"LONGEST_PIECE_BYTES": "1,048,576"}),
        ("statements", "statements", {"MOST_HASHES": "8,192", "MOST_REPLY_IDS": "8,192"}),
    ],
)
def test_limits_in_a_page_are_those_of_the_code(page: str, module: str, constants: dict[str, str]) -> None:
    code = __import__(f"crypto.{module}", fromlist=["*"])
    for name, written in constants.items():
        assert getattr(code, name) == int(written.replace(",", ""))
        assert re.search(rf"(?<![\d,]){written}(?![\d,]\d)", PAGES[page])
