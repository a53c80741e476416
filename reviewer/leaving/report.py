"""The report of an evidence package: its pieces in plain words, drawn as PDF by a process of its own."""

import json
from collections.abc import Iterator, Sequence

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.errors import NoCleanCopy
from reviewer.leaving.evidence_facts import EvidenceFacts, FileFact, TipFact
from reviewer.leaving.report_styles import Piece, Style, require_fonts
from reviewer.terminal.plain_text import letters
from system.errors import ProgramError

_DRAWER = "reviewer.leaving.report_drawer"
_VERIFY = (
    "README.txt has three commands for the programs sha256sum and minisign. First comes a telephone call: the"
    " digits below must be those that the organisation reads out. This page proves nothing by itself, as a person"
    " who forges a package forges its report."
)
_LEFT_OUT = (
    "Not in this package: words of the source beyond the passages printed here, answers and notes of staff, and the"
    " mailbox through which the source can be answered. Days are days of the calendar in UTC: the system keeps no"
    " time of day. The source is anonymous: it was never asked who it is."
)


def report_pdf(facts: EvidenceFacts, *, children: Children) -> bytes:
    """The whole file.

    Raises:
        ProgramError: a font is missing, or the process broke off.
        CutShort: the desk is being locked.
    """
    require_fonts()
    pieces = json.dumps([[style.value, _visible(text)] for style, text in report_pieces(facts)])
    with MemoryFile(pieces.encode()) as came, MemoryFile() as made, came.reader() as reader:
        with children.started(_DRAWER, stdin=reader, stdout=made.writer) as drawer:
            try:
                children.require_done(drawer)
            except NoCleanCopy as error:
                raise ProgramError(
                    "the report cannot be drawn: its process broke off", hint="tick fewer passages"
                ) from error
        return made.content()


def report_pieces(facts: EvidenceFacts) -> Iterator[Piece]:
    """All that the report says; the preview shows the same."""
    yield Style.TITLE, "Evidence package"
    yield Style.TEXT, f"From: {facts.organisation}"
    yield Style.TEXT, f"For: {facts.receiver}"
    yield Style.TEXT, f"Exported: {facts.exported.isoformat()}"
    yield Style.HEADING, "Verify it"
    yield Style.TEXT, _VERIFY
    yield Style.LABEL, "Digits of the key (sha256sum evidence.pub)"
    yield Style.TEXT, facts.key.digits
    yield Style.LABEL, "The same key in seven words, for programs of this project"
    yield Style.TEXT, facts.key.words
    yield Style.LABEL, "The key as minisign takes it"
    yield Style.DIGITS, facts.key.line
    yield Style.LABEL, "The home's log before this export"
    yield Style.DIGITS, f"line {facts.log_line}, SHA-256 {facts.log_sha256.hex()}"
    yield Style.TEXT, _LEFT_OUT
    for number, tip in enumerate(facts.tips, 1):
        yield Style.PAGE, ""
        yield from _tip(number, tip)


def _tip(number: int, tip: TipFact) -> Iterator[Piece]:
    one = tip.submission
    yield Style.HEADING, f"Tip {number}: {one.short_id}"
    if tip.handed_over is not None:
        came = tip.handed_over
        yield Style.TEXT, f"Handed over by {came.sender}, imported here on {came.day.isoformat()}"
    else:
        yield Style.TEXT, f"Server: {one.envelope.server}"
    yield Style.TEXT, f"Arrived: {one.day.isoformat() if one.day else 'unknown'}"
    yield Style.TEXT, f"Imported by this home: {one.imported_day.isoformat()}"
    yield Style.LABEL, "SHA-256 of the sealed envelope" if tip.handed_over is None else "Number of this tip"
    yield Style.DIGITS, one.envelope.sha256.hex()
    yield Style.LABEL, "Custody: the lines of the log about this tip"
    for line in tip.custody:
        yield Style.SMALL, f"{line.day}   {line.act}   (line {line.number})"
    yield Style.LABEL, "Passages"
    if not tip.passages:
        yield Style.SMALL, "none"
    for passage in tip.passages:
        yield Style.SMALL, f"{passage.number}. {passage.label}:"
        yield Style.TEXT, passage.text
    yield Style.LABEL, "Files"
    if not tip.files:
        yield Style.SMALL, "none"
    yield from _files(tip.files)


def _files(files: Sequence[FileFact]) -> Iterator[Piece]:
    for one in files:
        yield Style.TEXT, f"{one.path} ({one.length_bytes:,} bytes)"
        if one.untrusted_name is not None:
            yield Style.SMALL, f"name that the source gave: {one.untrusted_name}"
        yield Style.DIGITS, f"SHA-256 {one.sha256.hex()}"
        if one.is_clean_copy:
            yield Style.SMALL, "A clean copy, drawn from the pixels of the original. Taken off: " + one.traces
            yield Style.DIGITS, f"SHA-256 of the original {one.original_sha256.hex()}"
        else:
            yield Style.SMALL, "As it came. Traces in it: " + one.traces


def _visible(untrusted_text: str) -> str:
    """The text on one line, with letters that deceive the eye named, as on every page of the desk."""
    line = " ".join(untrusted_text.splitlines())
    return "".join(f"[{shown}]" if is_named else shown for shown, is_named in letters(line))
