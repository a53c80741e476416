"""Names that sources chose, on the reviewer's disk."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.cases.clean_name import LONGEST_BYTES, clean_name


@pytest.mark.parametrize(
    ("sent", "here"),
    [
        ("доклад.pdf", "доклад.pdf.untrusted"),
        ("報告書.txt", "報告書.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/absolute", "absolute"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        ("\x00\x01", "file"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("~root", "root"),
        ("a\x00b.txt", "ab.txt"),
        ("invoice\u202egpj.exe", "invoicegpj.exe.untrusted"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Aux .c", "_Aux.c"),
        ("COM1.tar.gz", "_COM1.tar.gz"),
        ("LPT¹", "_LPT¹"),
        ("console.txt", "console.txt"),
        ('what?*"<>|:.txt', "what_______.txt"),
        ("two  blanks\t.txt", "two blanks.txt"),
        ("ends in dots...", "ends in dots"),
        ("line\nbreak", "linebreak"),
        ("folder/", "folder"),
    ],
)
def test_a_hostile_name_becomes_a_harmless_one(sent: str, here: str) -> None:
    assert clean_name(sent, taken={}) == here


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("я" * 300 + ".jpg", taken={})
    assert name.endswith(".jpg")
    assert len(name.encode()) <= LONGEST_BYTES


def test_names_that_differ_in_case_or_composition_only_stay_apart() -> None:
    taken: dict[str, int] = {}
    names = [clean_name(name, taken=taken) for name in ("a.txt", "A.txt", "a.txt", "e\u0301", "\u00e9")]
    assert names == ["a.txt", "A (2).txt", "a (3).txt", "\u00e9", "\u00e9 (2)"]


@given(st.lists(st.text(st.characters(), max_size=300), max_size=8))
def test_any_names_are_harmless_and_unlike_each_other(names: list[str]) -> None:
    taken: dict[str, int] = {}
    cleaned = [clean_name(name, taken=taken) for name in names]
    assert len({unicodedata.normalize("NFC", name.casefold()) for name in cleaned}) == len(names)
    for name in cleaned:
        assert Path(name).name == name
        assert name not in ("", ".", "..")
        assert not name.startswith((".", "-", "~", " "))
        assert len(name.encode()) <= LONGEST_BYTES + len(".untrusted") + 8
        assert not set(name) & set('<>:"|?*/\\\0')


def test_thousands_of_one_name_are_numbered_without_trying_each_number_again() -> None:
    class Counted(dict[str, int]):
        looked = 0

        def __contains__(self, name: object) -> bool:
            self.looked += 1
            return super().__contains__(name)

    taken = Counted()
    names = [clean_name("a.txt", taken=taken) for _ in range(4096)]
    assert names[-1] == "a (4096).txt"
    assert len(set(names)) == 4096
    assert taken.looked < 3 * 4096
