"""A saved file that could run, or that a browser would render, has a name that says so."""

import json

import pytest

from reviewer.cases.clean_name import clean_name
from reviewer.cases.untrusted_names import needs_mark, untrusted_endings
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk_stage import Desk

CALM = ["photo.jpg", "IMG_0412.HEIC", "film.mp4", "note.txt", "letter.docx", "table.ods", "a.b.c", "exe", "pdf", ""]
LONG = "я" * 200
ACTIVE = [
    ("page", b"  \n<!DOCTYPE html><script>alert(1)</script>"),
    ("drawing.jpg", b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("wide.png", b"\xff\xfe" + "<html>".encode("utf-16-le")),
    ("photo.png", b"MZ\x90\0 a program"),
    ("photo.gif", b"\x7fELF"),
    ("notes.txt", b"#!/bin/sh\nrm -rf ~"),
    ("start.txt", b"[Desktop Entry]\nExec=sh"),
    ("invoice.txt", b"%PDF-1.7"),
]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "invoice.pdf.exe",
            "invoice.exe.jpg",
            "page.HTML",
            "a.svg",
            "x.docm",
            "run.desktop",
            "a.lnk",
            "m.js",
            "b.sh",
        ),
        *(
            "a.exe .jpg",
            "photo.jpg    .exe",
            "a．exe",
            "a.htm~",
            "a.html_",
            "archive.jar",
            "old.doc",
            "x.pdf",
            "b.sh",
        ),
    ],
)
def test_a_name_with_a_dangerous_ending_anywhere_gets_the_mark(name: str) -> None:
    assert needs_mark(name)
    assert clean_name(name, taken={}).endswith(".untrusted")


def test_every_ending_of_the_list_is_marked_in_any_case_and_calm_names_stay() -> None:
    assert len(untrusted_endings()) > 200
    for ending in untrusted_endings():
        for name in (
            f"a.{ending}",
            f"a.{ending.upper()}.jpg",
            f"{'я' * 200}.{ending}",
            f"{'я' * 200}.{ending}.jpg",
        ):
            assert clean_name(name, taken={}).endswith(".untrusted"), name
    for name in CALM:
        assert not clean_name(name, taken={}).endswith(".untrusted"), name
    taken: dict[str, int] = {}
    assert [clean_name("a.exe", taken=taken) for _ in range(2)] == ["a.exe.untrusted", "a.exe (2).untrusted"]


def test_content_that_could_run_is_marked_whatever_its_name_says(desk: Desk) -> None:
    photo = photos.jpeg()
    files = [(name, "image/jpeg", content) for name, content in ACTIVE] + [("photo.jpg", "text/html", photo)]
    (short_id,) = desk.take_in(desk.server.seal(files=files))
    case = desk.folder / "case"
    said = desk.do("save", desk.home, short_id, "--on-disk", "--to", case)
    listing = json.loads((case / "contents.json").read_text(encoding="ascii"))
    assert listing["saved_as"] == [*(f"{name}.untrusted" for name, _content in ACTIVE), "photo.jpg"]
    assert ".untrusted marks what could run" in said
    assert (case / "photo.jpg").read_bytes() == photo
