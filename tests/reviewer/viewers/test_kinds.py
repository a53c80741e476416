"""Each kind of file is known by its bytes, and its content is seen: as pixels, plain text, or samples of sound.

LibreOffice takes a second for each document, so ``lab/reviewer`` has the other kinds of documents.
"""

import io
import math
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.errors import CannotLook
from reviewer.viewers.look_kind import BUBBLEWRAP_PACKAGE, VIEWERS, LookKind
from reviewer.viewers.looked_file import FileOverview, LookedFile
from reviewer.viewers.mail import Mail
from reviewer.viewers.viewing import See
from tests.reviewer.clean_copy import photos
from tests.reviewer.viewers.samples import EMAIL, docx, heic, media, odt, pdf, rar, rtf, seven_zip, xlsx, zipped

Pixel = tuple[int, int, int]


class Looked:
    """A file that is looked at, for one test."""

    def __init__(self, content: bytes) -> None:
        self.children = Children()
        self.file = LookedFile(MemoryFile(content), children=self.children)

    def __enter__(self) -> "Looked":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def overview(self) -> FileOverview:
        return self.file.overview(children=self.children)

    def picture(self, number: int = 1, see: See = See.COLOUR) -> Image.Image:
        made = self.file.picture(number, see=see, children=self.children)
        assert made.startswith(b"\x89PNG")
        return Image.open(io.BytesIO(made)).convert("RGB")


def has_red(picture: Image.Image) -> bool:
    return any(red > 180 > 90 > green for _count, (red, green, _blue) in picture.getcolors(1 << 24) or [])


PICTURES: dict[str, tuple[LookKind, Callable[[], bytes]]] = {
    "JPEG": (LookKind.JPEG, photos.jpeg),
    "PNG": (LookKind.PNG, lambda: photos.encoded(photos.board(), "PNG")),
    "WebP": (LookKind.WEBP, lambda: photos.encoded(photos.board(), "WEBP")),
    "GIF": (LookKind.GIF, lambda: photos.encoded(photos.board(), "GIF")),
    "HEIC": (LookKind.HEIF, heic),
    "AVIF": (LookKind.HEIF, lambda: photos.encoded(photos.board((200, 160)), "AVIF")),
}


@pytest.mark.parametrize("what", PICTURES)
def test_a_picture_is_seen(what: str) -> None:
    kind, make = PICTURES[what]
    with Looked(make()) as looked:
        assert (looked.overview().kind, looked.overview().pictures) == (kind, 1)
        seen = photos.quarters(looked.picture())
    for (red, green, blue), wanted in zip(seen, (photos.RED, photos.GREEN, photos.BLUE, photos.GREY), strict=True):
        assert math.dist((red, green, blue), wanted) < 60


OFFICE = {"DOCX": docx, "XLSX": xlsx, "ODT": odt, "RTF": rtf}


@pytest.mark.parametrize("what", ["DOCX", "XLSX"])
def test_an_office_document_is_seen_as_pages(what: str) -> None:
    with Looked(OFFICE[what]()) as looked:
        overview = looked.overview()
        assert (overview.kind, overview.pictures, overview.picture_name) == (LookKind.OFFICE, 1, "Page")
        page = looked.picture()
    assert max(page.size) == 1600
    darkest = min(min(pixel) for _count, pixel in page.getcolors(1 << 24) or [])
    assert darkest < 100, "there are words on it"
    assert has_red(page) is (what == "DOCX")


def test_pages_of_a_pdf_are_seen() -> None:
    with Looked(pdf(3)) as looked:
        assert (looked.overview().kind, looked.overview().pictures) == (LookKind.PDF, 3)
        assert has_red(looked.picture(3))
        assert not has_red(looked.picture(3, See.GREY))


SOUND = ("mp3", "m4a", "wav", "ogg")


@pytest.mark.parametrize("ending", SOUND)
def test_sound_is_heard_as_samples_behind_a_header_of_ours(ending: str, tmp_path: Path) -> None:
    with Looked(media(ending, tmp_path, with_video=False)) as looked:
        overview = looked.overview()
        assert (overview.kind, overview.pictures, overview.sound_parts) == (LookKind.MEDIA, 0, 1)
        made = looked.file.sound(1, children=looked.children)
    riff, length, wave, form, _size, coding, channels, rate = struct.unpack("<4sI4s4sIHHI", made[:28])
    assert (riff, wave, form, coding, channels, rate) == (b"RIFF", b"WAVE", b"fmt ", 1, 1, 16_000)
    assert length == len(made) - 8
    assert made[36:40] == b"data"
    samples = struct.unpack(f"<{(len(made) - 44) // 2}h", made[44:])
    assert 11 <= len(samples) / rate <= 13
    crossings = sum(
        one < 0 <= other for one, other in zip(samples[rate : 2 * rate], samples[rate + 1 :], strict=False)
    )
    assert 430 <= crossings <= 450, "it is the tone that was made"


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_a_video_is_seen_as_stills_and_heard(ending: str, tmp_path: Path) -> None:
    with Looked(media(ending, tmp_path, with_video=True)) as looked:
        overview = looked.overview()
        assert (overview.kind, overview.pictures, overview.sound_parts) == (LookKind.MEDIA, 1, 1)
        sheet = looked.picture()
    assert has_red(sheet)
    stills = [sheet.getpixel((200 + 400 * column, 150)) for column in range(3)]
    assert all(red > 200 and green < 60 for red, green, _blue in stills), "at 0, 5 and 10 seconds"


def text_of(content: bytes) -> tuple[LookKind, str]:
    with Looked(content) as looked:
        overview = looked.overview()
        assert overview.untrusted_text is not None
        return overview.kind, overview.untrusted_text


def mail_of(content: bytes) -> Mail:
    with Looked(content) as looked:
        overview = looked.overview()
        assert overview.kind is LookKind.MAIL
        assert overview.mail is not None
        return overview.mail


def test_an_email_is_read_with_its_attachments_listed() -> None:
    mail = mail_of(EMAIL)
    assert ("From", "A Friend <friend@example.org>") in mail.heads
    assert [(one.number, one.kind, one.untrusted_name, one.length_bytes) for one in mail.parts] == [
        (1, "text/plain", "", None),
        (2, "text/html", "", None),
        (3, "application/pdf", "plan.pdf", 4),
    ]
    assert [one.untrusted_words for one in mail.parts] == ["Дом у реки", "In HTML", ""]


def test_the_words_of_an_email_are_never_a_part_or_a_head_of_it() -> None:
    words = '["part", 7, "text/plain"]\n["more", 9]\n[Attachment 2: a.pdf, application/pdf, 3 bytes; not opened]\n'
    mail = mail_of(
        b"Date: x\r\nFrom: a\r\nSubject: b\r\nContent-Type: text/plain is harmless; x=1\r\n\r\n"
        + words.encode() * 3000
    )
    assert [(one.number, one.kind) for one in mail.parts] == [(1, "application/octet-stream")]
    mail = mail_of(b"Date: x\r\nFrom: a\r\nSubject: b\r\n\r\n" + words.encode() * 3000)
    assert [(one.number, one.kind) for one in mail.parts] == [(1, "text/plain")]
    assert (mail.heads, mail.more) == ([("From", "a"), ("Date", "x"), ("Subject", "b")], 0)
    assert mail.parts[0].untrusted_words == words * 3000


def test_an_email_longer_than_is_shown_is_cut_and_says_so() -> None:
    with Looked(b"Date: x\r\nFrom: a\r\nSubject: b\r\n\r\n" + b"word " * 400_000) as looked:
        overview = looked.overview()
    assert overview.is_cut
    assert overview.mail is not None
    assert len(overview.mail.parts[0].untrusted_words) > 1_000_000


def test_archives_are_listed(tmp_path: Path) -> None:
    assert text_of(zipped([("plan.txt", "x" * 70)])) == (
        LookKind.ARCHIVE,
        "ZIP archive: 1 entries, 70 bytes when unpacked\n\n             70  plan.txt\n",
    )
    for mode in ("w", "w:gz", "w:xz", "w:bz2"):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode=mode) as archive:
            entry = tarfile.TarInfo("../../etc/passwd")
            entry.size = 3
            archive.addfile(entry, io.BytesIO(b"abc"))
        kind, text = text_of(packed.getvalue())
        assert kind is LookKind.ARCHIVE
        assert "3  ../../etc/passwd" in text
    for packed_otherwise in (rar([("plan.txt", b"x" * 70)]), seven_zip("plan.txt", b"x" * 70, tmp_path)):
        kind, text = text_of(packed_otherwise)
        assert kind is LookKind.PACKED
        assert text == "RAR or 7z archive: 1 entries, 70 bytes when unpacked\n\n             70  plan.txt\n"


TEXTS = {
    "UTF-8": "Дом — 家".encode(),
    "UTF-16": "Дом — 家".encode("utf-16"),
    "Windows-1252": "naïve café".encode("cp1252"),
    "HTML": b"<html><script>x()</script>",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
}


@pytest.mark.parametrize("what", TEXTS)
def test_text_is_read_and_drawn_by_nothing(what: str) -> None:
    kind, text = text_of(TEXTS[what])
    assert kind is LookKind.TEXT
    expected = {"UTF-8": "Дом — 家", "UTF-16": "Дом — 家", "Windows-1252": "naïve café"}
    assert text == expected.get(what, TEXTS[what].decode("latin-1")) + "\n"


NOTHING = {
    "an empty file": (b"", "this file is empty"),
    "a program": (b"\x7fELF" + bytes(range(256)), "no viewer opens a file of this kind"),
    "a sealed file": (b"age-encryption.org/v1\n", "this file is sealed; if it was opened"),
}


@pytest.mark.parametrize("what", NOTHING)
def test_where_nothing_can_be_seen_the_reason_is_told(what: str) -> None:
    content, reason = NOTHING[what]
    with Looked(content) as looked, pytest.raises(CannotLook, match=reason):
        looked.overview()


def test_the_second_medium_has_exactly_the_packages_of_the_viewers() -> None:
    text = (Path(__file__).parents[3] / "install/reviewer/viewers").read_text(encoding="utf-8")
    listed = [line.partition("#")[0].strip() for line in text.splitlines()]
    needed = {package for viewer in VIEWERS for package in viewer.packages.split()}
    assert sorted(filter(None, listed)) == sorted(needed | {BUBBLEWRAP_PACKAGE})
