"""Kinds of traces in a PDF, a photo of a telephone and a video: told by kind, and no value of them anywhere."""

import subprocess
from pathlib import Path

import pytest

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.picture_kind import NoPicture
from reviewer.clean_copy.trace import Trace
from reviewer.viewers.listed_traces import listed_traces
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.viewers.samples import heic, pdf, rar, seven_zip

NOTES = b"/Info << /Author (Amaranth) /CreationDate (D:20260114120000Z) /Producer (Larkwriter) >> >>"


def told_pdf() -> bytes:
    return pdf(1).replace(b"/Root 1 0 R >>", b"/Root 1 0 R " + NOTES)


def told(content: bytes, kind: NoPicture) -> set[Trace] | None:
    with MemoryFile(content) as file:
        found = listed_traces(file, kind, children=Children())
    return None if found is None else set(found)


def test_of_a_pdf_author_time_and_program_are_told() -> None:
    assert told(told_pdf(), NoPicture.PDF) == {Trace.OWNER, Trace.TIME, Trace.DEVICE}
    assert told(pdf(1), NoPicture.PDF) == set()


def test_of_a_photo_of_a_telephone_it_is_told_that_it_has_notes() -> None:
    noted = Path(__file__).with_name("told.heic").read_bytes()
    assert told(noted, NoPicture.HEIC_OR_AVIF) == {Trace.OTHER}
    assert told(heic(), NoPicture.HEIC_OR_AVIF) == set()


def test_of_rar_and_7z_the_files_inside_are_told_or_that_they_were_not_read(tmp_path: Path) -> None:
    photo = {Trace.FILES, Trace.PLACE, Trace.TIME, Trace.OWNER, Trace.DEVICE}
    assert (told(seven_zip("a.jpg", photos.jpeg(), tmp_path), NoPicture.ARCHIVE) or set()) >= photo
    of_two = told(rar([("a.jpg", photos.jpeg()), ("b.pdf", pdf(1))]), NoPicture.ARCHIVE) or set()
    assert of_two >= {*photo, Trace.UNREAD}
    locked = rar([("a.jpg", photos.jpeg())], locked=True)
    assert told(locked, NoPicture.ARCHIVE) == {Trace.FILES, Trace.TIME, Trace.UNREAD}


@pytest.mark.parametrize("kind", [NoPicture.VIDEO, NoPicture.VIDEO_OR_SOUND, NoPicture.SOUND])
def test_of_a_video_and_a_sound_place_time_owner_and_program_are_told(kind: NoPicture, tmp_path: Path) -> None:
    file = tmp_path / "told.mp4"
    notes = ("artist=Amaranth", "location=+10.0000+020.0000/", "creation_time=2026-01-14T12:00:00Z")
    silence = ("-f", "lavfi", "-i", "anullsrc", "-t", "1")
    metadata = [part for note in notes for part in ("-metadata", note)]
    subprocess.run(["ffmpeg", "-loglevel", "quiet", *silence, *metadata, file], check=True)
    assert told(file.read_bytes(), kind) == {Trace.PLACE, Trace.TIME, Trace.OWNER, Trace.DEVICE}


@pytest.mark.parametrize("kind", list(NoPicture))
def test_of_a_file_that_no_program_can_read_nothing_is_told(kind: NoPicture) -> None:
    assert told(b"no such file", kind) in (None, set())


def test_the_desk_and_the_command_tell_the_kinds_before_a_file_leaves_and_that_there_is_more(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a.pdf", "application/pdf", told_pdf())]))
    with open_desk(desk.home) as opened:
        page = seen(opened.page(f"/evidence?tips={short_id}"))
    printed = desk.do("evidence", desk.home, short_id)
    for shown in (page, printed):
        assert "time, device or program, owner or author, and more that is not listed" in shown
        assert "Larkwriter" not in shown
