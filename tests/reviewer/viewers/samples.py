"""Files of each kind that can be looked at, made here: none shows a person."""

import io
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

_FONTS = "/Resources << /Font << /F1 3 0 R >> >>"


def pdf(pages: int, *, extra: str = "") -> bytes:
    """A PDF with a red square and its number on each page; ``extra`` goes into the catalogue."""
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(pages))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for place in range(pages):
        drawn = f"BT /F1 40 Tf 60 700 Td (Page {place + 1}) Tj ET 0.8 0.1 0.1 rg 60 100 400 400 re f"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * place} 0 R {_FONTS} >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return file + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(file)}\n%%EOF\n"
    ).encode("ascii")


def zipped(entries: Sequence[tuple[str, str | bytes]]) -> bytes:
    """A ZIP archive; the first entry is not packed, as OpenDocument wants it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (name, content) in enumerate(entries):
            archive.writestr(name, content, None if place else zipfile.ZIP_STORED)
    return packed.getvalue()


def rar(entries: Sequence[tuple[str, bytes]], *, locked: bool = False) -> bytes:
    """A RAR archive of the fourth version with files that are not packed; ``locked`` as behind a password."""
    made = b"Rar!\x1a\x07\0" + _rar_block(0x73, 0, bytes(6))
    for name, content in entries:
        sizes = struct.pack("<IIBI", len(content), len(content), 3, zlib.crc32(content))
        fields = struct.pack("<IBBHI", 0x5D6E6000, 20, 0x30, len(name), 0o100644) + name.encode("ascii")
        made += _rar_block(0x74, 0x8000 | (4 if locked else 0), sizes + fields)
        made += bytes(byte ^ 0xA5 for byte in content) if locked else content
    return made + _rar_block(0x7B, 0x4000, b"")


def _rar_block(kind: int, flags: int, fields: bytes) -> bytes:
    block = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(block) & 0xFFFF) + block


def seven_zip(name: str, content: bytes, folder: Path) -> bytes:
    """A 7z archive with one file, by bsdtar."""
    (folder / name).write_bytes(content)
    command = ["bsdtar", "-cf", "-", "--format=7zip", "-C", folder, name]
    return subprocess.run(command, check=True, capture_output=True).stdout


EMAIL = (
    b"From: =?utf-8?q?A_Friend?= <friend@example.org>\r\nTo: desk@example.org\r\n"
    b"Date: Mon, 2 Nov 2026 09:00:00 +0000\r\n"
    b"Subject: =?utf-8?b?w5xiZXIgZGFzIEhhdXM=?=\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n'
    + "Дом у реки".encode("koi8-r")
    + b'\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>In <b>HTML</b><script>x()</script><img src="http://203.0.113.5/a">'
    b"\r\n--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--x--\r\n"
)

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
RED_WORDS = "Meet at the old mill"


def _openxml(main: str, kind: str, entries: Sequence[tuple[str, str]]) -> bytes:
    of_the_file = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    of_relations = "application/vnd.openxmlformats-package.relationships+xml"
    types = (
        f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="{of_relations}"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{of_the_file}"/></Types>'
    )
    relations = (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
        f' Target="{main}"/></Relationships>'
    )
    return zipped([("[Content_Types].xml", types), ("_rels/.rels", relations), *entries])


def docx(words: str = RED_WORDS) -> bytes:
    """A Word document with red words."""
    text = f'<w:p><w:r><w:rPr><w:color w:val="FF0000"/><w:sz w:val="96"/></w:rPr><w:t>{words}</w:t></w:r></w:p>'
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{text}</w:body></w:document>'
    return _openxml("word/document.xml", "wordprocessingml.document", [("word/document.xml", document)])


def xlsx(words: str = RED_WORDS) -> bytes:
    """An Excel workbook with one cell."""
    book = (
        f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>"
    )
    relations = (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/worksheet"'
        ' Target="worksheets/sheet1.xml"/></Relationships>'
    )
    sheet = (
        f'<worksheet xmlns="{_SHEET}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{words}</t></is></c>'
        "</row></sheetData></worksheet>"
    )
    entries = [
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/worksheets/sheet1.xml", sheet),
    ]
    return _openxml("xl/workbook.xml", "spreadsheetml.sheet", entries)


def odt(words: str = RED_WORDS, *, extra: str = "") -> bytes:
    """A text of LibreOffice; ``extra`` stands in its body."""
    kind = "application/vnd.oasis.opendocument.text"
    content = (
        f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0"'
        f' xmlns:draw="{_ODF}:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
        f"<office:body><office:text><text:p>{words}</text:p>{extra}</office:text></office:body>"
        "</office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"><manifest:file-entry manifest:full-path="/"'
        f' manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml"'
        ' manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return zipped([("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", manifest)])


def rtf(words: str = RED_WORDS) -> bytes:
    return b"{\\rtf1\\ansi " + words.encode("ascii") + b"}"


def heic() -> bytes:
    """The coloured board, 200 by 160, as ``heif-enc -q 90`` of libheif 1.23 made it."""
    return Path(__file__).with_name("board.heic").read_bytes()


def media(ending: str, folder: Path, *, with_video: bool, seconds: int = 12) -> bytes:
    """A red video, or a tone alone, by ffmpeg."""
    video = ["-f", "lavfi", "-i", f"color=red:size=320x240:rate=5:duration={seconds}"] if with_video else []
    sound = ["-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=16000:duration={seconds}"]
    path = folder / f"made.{ending}"
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *video, *sound, path], check=True)
    return path.read_bytes()
