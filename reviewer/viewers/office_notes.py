"""Kinds of traces in packed office documents. Only ``noter`` imports this.

Read by the names of elements and attributes that hold something, never by a value. None of the parts may declare a
document type, so that nothing expands.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final
from xml.parsers import expat

from reviewer.clean_copy.trace import Trace
from reviewer.viewers.packed_notes import MOST_FILES, Noted, Room, zip_files

_PIECE_BYTES: Final = 1 << 20
_ELEMENTS: Final[Mapping[str, Trace]] = {
    # docProps of Microsoft's documents, and meta.xml of LibreOffice's.
    **dict.fromkeys(("creator", "initial-creator", "printed-by", "lastModifiedBy"), Trace.OWNER),
    **dict.fromkeys(("Company", "Manager"), Trace.OWNER),
    **dict.fromkeys(("Application", "AppVersion", "Template", "generator"), Trace.DEVICE),
    **dict.fromkeys(("created", "modified", "lastPrinted", "TotalTime"), Trace.TIME),
    **dict.fromkeys(("creation-date", "date", "print-date", "editing-duration"), Trace.TIME),
    **dict.fromkeys(("title", "subject", "description", "keywords", "keyword", "category"), Trace.COMMENT),
    **dict.fromkeys(("revision", "editing-cycles", "HyperlinkBase", "user-defined"), Trace.OTHER),
    # Authors of remarks in Excel and PowerPoint, each in an element of its own.
    "author": Trace.OWNER,
}
"""Elements whose text is a trace."""

_MARKS: Final[Mapping[str, Trace]] = {
    **dict.fromkeys(("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel"), Trace.CHANGES),
    **dict.fromkeys(("rPrChange", "pPrChange", "sectPrChange", "tblPrChange"), Trace.CHANGES),
    **dict.fromkeys(("tracked-changes", "changed-region"), Trace.CHANGES),
    **dict.fromkeys(("comment", "annotation", "cm", "threadedComment"), Trace.COMMENT),
    **dict.fromkeys(("person", "cmAuthor"), Trace.OWNER),
    **dict.fromkeys(("rsid", "rsidRoot", "property", "template"), Trace.OTHER),
}
"""Elements that are a trace by being there."""

_ATTRIBUTES: Final[Mapping[str, Trace]] = {
    **dict.fromkeys(("author", "initials", "userName"), Trace.OWNER),
    "lastEdited": Trace.DEVICE,
    "date": Trace.TIME,
    **dict.fromkeys(("rsidR", "rsidRDefault", "rsidP", "rsidRPr", "rsidSect", "rsidTr"), Trace.OTHER),
}
"""Attributes whose value is a trace; ``date`` only beside an author."""

_PARTS: Final[tuple[tuple[re.Pattern[str], Trace], ...]] = (
    (re.compile(r"(docProps|Thumbnails)/thumbnail", re.IGNORECASE), Trace.THUMBNAIL),
    (re.compile(r"printerSettings", re.IGNORECASE), Trace.DEVICE),
    (re.compile(r"/revisions/", re.IGNORECASE), Trace.CHANGES),
    (re.compile(r"/notesSlides/", re.IGNORECASE), Trace.COMMENT),
    (re.compile(r"/embeddings/|^Object \d+/", re.IGNORECASE), Trace.FILES),
    (re.compile(r"vbaProject|^Basic/|^customXml/|/externalLinks/", re.IGNORECASE), Trace.OTHER),
)
_TEXT_PARTS: Final = re.compile(r"\.(xml|rels)$", re.IGNORECASE)
_INSIDE: Final = re.compile(r"(/media/|^Pictures/|/embeddings/)", re.IGNORECASE)
_MAIL: Final = re.compile(r"mailto:|[\w.+-]+@[\w-]+\.\w", re.IGNORECASE)
_PATH_OF_AUTHOR: Final = "absPath"
_PRINTER: Final = "PrinterName"


class NotPlain(Exception):
    """A part declares a document type, as no program for documents writes it."""


def office_notes(untrusted_file: bytes, room: Room) -> Iterator[Noted]:
    """Kinds of traces of a packed document, and the pictures and documents inside of it.

    Raises:
        Exception: any, where it is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(untrusted_file)) as archive:
        entries = archive.infolist()[:MOST_FILES]
        for entry in entries:
            yield from (trace for words, trace in _PARTS if words.search(entry.filename))
        parts = [entry for entry in entries if _TEXT_PARTS.search(entry.filename)]
        # What tells of the whole document comes first, in case the room does not last.
        parts.sort(key=lambda entry: not re.match(r"docProps/|meta\.xml|settings\.xml", entry.filename))
        for content in zip_files(archive, parts, room):
            yield from _part_notes(content)
        inside = [entry for entry in entries if _INSIDE.search(entry.filename)]
        yield from zip_files(archive, inside, room)


def _part_notes(untrusted_part: bytes) -> Iterator[Trace]:
    reading = _Part()
    try:
        reading.read(untrusted_part)
    except (expat.ExpatError, NotPlain):
        yield Trace.OTHER  # what it holds is not known
    yield from reading.found


class _Part:
    """One part in XML: the traces in it."""

    def __init__(self) -> None:
        self.found: set[Trace] = set()
        self._awaits: Trace | None = None

    def read(self, untrusted_part: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._letters
        parser.StartDoctypeDeclHandler = _refuse
        for at in range(0, len(untrusted_part), _PIECE_BYTES):
            parser.Parse(untrusted_part[at : at + _PIECE_BYTES], False)
        parser.Parse(b"", True)

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(" ")[2]
        self._awaits = _ELEMENTS.get(element)
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items() if value.strip()}
        if element in _MARKS:
            self.found.add(_MARKS[element])
        for attribute, trace in _ATTRIBUTES.items():
            if attribute in values and (trace is not Trace.TIME or "author" in values):
                self.found.add(trace)
        if element == _PATH_OF_AUTHOR:
            self.found.add(Trace.OWNER)
        if element == "config-item" and values.get("name") == _PRINTER:
            self._awaits = Trace.DEVICE
        if element == "Relationship" and _MAIL.search(values.get("Target", "")):
            self.found.add(Trace.ADDRESS)
        if "href" in values and values["href"].lower().startswith("mailto:"):
            self.found.add(Trace.ADDRESS)
        if element == "person" and _MAIL.search(" ".join(values.values())):
            self.found.add(Trace.ADDRESS)

    def _ended(self, _name: str) -> None:
        self._awaits = None

    def _letters(self, letters: str) -> None:
        if self._awaits is not None and letters.strip():
            self.found.add(self._awaits)
            if self._awaits is Trace.OWNER and "@" in letters:
                self.found.add(Trace.ADDRESS)


def _refuse(*_: object) -> None:
    raise NotPlain
