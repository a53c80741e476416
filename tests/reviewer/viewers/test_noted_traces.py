"""Kinds of traces in office documents, e-mail, archives and photos: each kind is told, and no value of it."""

import gzip
import io
import random
import struct
import tarfile
import zipfile

import pytest

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.picture_kind import NoPicture
from reviewer.clean_copy.trace import Trace
from reviewer.viewers.listed_traces import listed_traces
from reviewer.viewers.noter import Damaged, noted
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.viewers.samples import EMAIL, docx, odt, pdf, rtf, xlsx, zipped

_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC, _TERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def with_parts(document: bytes, *parts: tuple[str, str | bytes]) -> bytes:
    """The document with further parts, or with others in place of its own."""
    replaced = dict(parts)
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        kept = [(one, archive.read(one)) for one in archive.namelist() if one not in replaced]
    return zipped([*kept, *parts])


def core(inside: str) -> tuple[str, str]:
    return (
        "docProps/core.xml",
        f'<c:coreProperties xmlns:c="{_CORE}" xmlns:dc="{_DC}" xmlns:t="{_TERMS}">{inside}</c:coreProperties>',
    )


def word(inside: str) -> tuple[str, str]:
    return "word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{inside}</w:body></w:document>'


def meta(inside: str) -> tuple[str, str]:
    names = f'xmlns:dc="{_DC}" xmlns:m="urn:meta" xmlns:o="urn:office" xmlns:text="urn:text" xmlns:x="urn:link"'
    return "meta.xml", f"<o:document-meta {names}>{inside}</o:document-meta>"


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([core("<dc:creator>Amaranth</dc:creator>")], {Trace.OWNER}),
        ([core("<dc:creator> </dc:creator><c:lastModifiedBy/>")], set()),
        ([core("<t:created>2026-01-14T12:00:00Z</t:created>")], {Trace.TIME}),
        ([core("<dc:title>The house</dc:title>")], {Trace.COMMENT}),
        (
            [("docProps/app.xml", "<P><Application>Larkwriter</Application><Company>Example</Company></P>")],
            {Trace.DEVICE, Trace.OWNER},
        ),
        ([("docProps/thumbnail.jpeg", b"")], {Trace.THUMBNAIL}),
        ([("docProps/custom.xml", "<P><property name='a'/></P>")], {Trace.OTHER}),
        (
            [word('<w:ins w:author="Amaranth" w:date="2026-01-14T12:00:00Z"><w:r/></w:ins>')],
            {Trace.CHANGES, Trace.OWNER, Trace.TIME},
        ),
        ([("word/comments.xml", '<c xmlns:w="u"><w:comment w:author="A"/></c>')], {Trace.COMMENT, Trace.OWNER}),
        ([("xl/persons/person.xml", '<l><person userId="a@example.org"/></l>')], {Trace.OWNER, Trace.ADDRESS}),
        ([word('<w:p w:rsidR="00A1B2C3"/>')], {Trace.OTHER}),
        ([("word/media/image1.jpeg", photos.jpeg())], {Trace.PLACE, Trace.TIME, Trace.OWNER, Trace.DEVICE}),
        ([("word/_rels/a.rels", '<r><Relationship Target="mailto:a@example.org"/></r>')], {Trace.ADDRESS}),
        ([("word/a.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')], {Trace.OTHER}),
    ],
)  # fmt: skip
def test_of_a_document_of_word_each_kind_is_told(parts: list[tuple[str, str | bytes]], told: set[Trace]) -> None:
    assert noted(docx()) == set()
    found = noted(with_parts(docx(), *parts))
    assert found >= told
    assert found == told or any("media" in name for name, _content in parts)


def test_of_a_workbook_the_folder_of_its_author_and_of_a_text_of_libreoffice_all_are_told() -> None:
    folder = '<x15ac:absPath xmlns:x15ac="u" url="C:\\\\Users\\\\amaranth\\\\"/>'
    assert noted(with_parts(xlsx(), ("xl/more.xml", folder))) == {Trace.OWNER}
    assert noted(odt()) == set()
    notes = "<m:generator>Larkwriter</m:generator><dc:creator>Amaranth</dc:creator><dc:date>2026</dc:date>"
    changes = "<text:tracked-changes><text:changed-region/></text:tracked-changes>"
    link = '<text:a x:href="mailto:a@example.org"/><o:annotation/>'
    told = noted(with_parts(odt(), meta(notes + changes + link)))
    assert told == {Trace.DEVICE, Trace.OWNER, Trace.TIME, Trace.CHANGES, Trace.ADDRESS, Trace.COMMENT}
    printer = '<s xmlns:c="u"><c:config-item c:name="PrinterName">Lark 4</c:config-item></s>'
    assert noted(with_parts(odt(), ("settings.xml", printer))) == {Trace.DEVICE}


def test_of_rtf_and_of_documents_of_older_programs_names_times_and_programs_are_told() -> None:
    assert noted(rtf()) == set()
    info = b"{\\info{\\author Amaranth}{\\creatim\\yr2026}{\\title A}}{\\*\\generator Larkwriter;}\\revised "
    told = {Trace.OWNER, Trace.TIME, Trace.COMMENT, Trace.DEVICE, Trace.CHANGES}
    assert noted(rtf().replace(b"\\ansi ", b"\\ansi" + info)) == told
    assert noted(_older({4: b"Amaranth\0", 18: b"Larkwriter\0", 2: b"\0"})) == {Trace.OWNER, Trace.DEVICE}
    assert noted(_older({})) == set()


def _older(texts: dict[int, bytes]) -> bytes:
    """The beginning of an older document, and its list of properties with these texts."""
    table, values = b"", b""
    for number, text in texts.items():
        table += struct.pack("<II", number, 8 + 8 * len(texts) + len(values))
        values += struct.pack("<II", 30, len(text)) + text.ljust(12, b"\0")
    section = struct.pack("<II", 8 + len(table) + len(values), len(texts)) + table + values
    name = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
    properties = struct.pack("<HHI16sI", 0xFFFE, 0, 0, b"", 1) + name + struct.pack("<I", 48) + section
    return bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0") + properties


def test_of_an_e_mail_addresses_computers_programs_and_attachments_are_told() -> None:
    assert noted(EMAIL) >= {Trace.OWNER, Trace.ADDRESS, Trace.TIME, Trace.COMMENT, Trace.FILES}
    plain = b"Subject: a\nMIME-Version: 1.0\nContent-Type: text/plain\n\nb\n"
    assert noted(plain) == {Trace.COMMENT}
    more = (
        b"Received: from [203.0.113.5]\nX-Mailer: Larkwriter\nX-Geo-Location: 10,20\nMessage-ID: <a@example.org>\n"
    )
    assert noted(more + plain) == {
        *(Trace.COMMENT, Trace.TIME, Trace.NETWORK, Trace.DEVICE, Trace.PLACE, Trace.OTHER)
    }


def test_of_archives_names_comments_owners_and_the_files_inside_are_told() -> None:
    packed = zipped([("a.txt", "words"), ("b.docx", with_parts(docx(), core("<dc:creator>A</dc:creator>")))])
    assert noted(packed) == {Trace.FILES, Trace.TIME, Trace.DEVICE, Trace.OWNER}
    commented = io.BytesIO(packed)
    with zipfile.ZipFile(commented, "a") as archive:
        archive.comment = b"packed by Amaranth"
    assert Trace.COMMENT in noted(commented.getvalue())
    locked = zipped([("a.txt", "words")]).replace(b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0")
    assert Trace.UNREAD in noted(locked)
    assert Trace.UNREAD in noted(zipped([("a.pdf", pdf(1))]))
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        entry = tarfile.TarInfo("a.txt")
        entry.uname, entry.size = "amaranth", 5
        tar.addfile(entry, io.BytesIO(b"words"))
    assert noted(made.getvalue()) == {Trace.FILES, Trace.OWNER}
    assert noted(gzip.compress(made.getvalue(), mtime=0)) >= {Trace.FILES, Trace.OWNER}
    assert noted(gzip.compress(photos.jpeg(), mtime=0)) >= {Trace.PLACE}


def test_a_raw_photo_is_told_and_what_no_reader_knows_is_damaged() -> None:
    assert noted(photos.tiff({0x013B: photos.text(b"Amaranth")})) == {Trace.OWNER}
    for content in (bytes(100), b"PK\3\4" + bytes(40), b"7z\xbc\xaf\x27\x1c" + bytes(40)):
        with pytest.raises(Damaged):
            noted(content)


def test_any_bytes_and_any_damage_give_an_answer_and_a_bomb_ends_within_its_room() -> None:
    chance = random.Random(31)
    samples = [docx(), odt(), EMAIL, rtf(), _older({4: b"A\0"}), zipped([("a", bytes(9000))])]
    for sample in samples:
        for _time in range(30):
            broken = bytearray(sample)
            for _byte in range(5):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            try:
                assert noted(bytes(broken[: chance.randrange(1, len(broken))])) <= set(Trace)
            except Damaged:
                continue
    nested = zipped([("a.bin", bytes(4 << 20))])
    for _level in range(6):
        nested = zipped([(f"{place}.zip", nested) for place in range(3)])
    assert Trace.FILES in noted(nested)


def test_the_process_tells_the_same_and_the_page_names_kinds_and_no_value(desk: Desk) -> None:
    document = with_parts(docx(), core("<dc:creator>Amaranth</dc:creator>"))
    with MemoryFile(document) as file:
        found = listed_traces(file, NoPicture.OFFICE_OR_ARCHIVE, children=Children())
    assert found == {Trace.OWNER}
    (short_id,) = desk.take_in(desk.server.seal(files=[("a.docx", "", document), ("b.eml", "", EMAIL)]))
    with open_desk(desk.home) as opened:
        page = seen(opened.page(f"/evidence?tips={short_id}"))
        opened.desk_session.speak("es")
        spanish = seen(opened.page(f"/evidence?tips={short_id}"))
    printed = desk.do("evidence", desk.home, short_id)
    for shown in (page, printed):
        assert "owner or author, and more that is not listed" in shown
        assert "mail addresses, names of files inside" in shown
        assert "Amaranth" not in shown
    assert "mail addresses" not in spanish
