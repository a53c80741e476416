"""The report of an evidence package: its pieces in plain words, drawn as PDF by a process of its own."""

import json
from collections.abc import Iterator, Sequence

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.errors import NoCleanCopy
from reviewer.leaving.evidence_facts import EvidenceFacts, FileFact, LinkFact, TipFact
from reviewer.leaving.report_styles import WITHOUT_CHINESE, Piece, ReportStyle, is_without_chinese, require_fonts
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


def masked_words_sentence(count: int) -> str:
    """For the reader of what left."""
    return (
        f"Words that staff left out, such as names: {count}. A mark like [#1] stands in place of each, in passages,"
        " links and names of files; the same mark is the same word. The organisation has the words. Files were not"
        " changed: a word can stand in them all the same."
    )


def report_pdf(facts: EvidenceFacts, *, children: Children) -> bytes:
    """The whole file.

    Raises:
        ProgramError: a font is missing, or the process broke off.
        CutShort: the desk is being locked.
    """
    require_fonts()
    pieces = [(style.value, _visible(text)) for style, text in report_pieces(facts)]
    fonts = [WITHOUT_CHINESE] if all(is_without_chinese(text) for _, text in pieces) else []
    with MemoryFile(json.dumps(pieces).encode()) as came, MemoryFile() as made, came.reader() as reader:
        with children.started(_DRAWER, *fonts, stdin=reader, stdout=made.writer) as drawer:
            try:
                children.require_done(drawer)
            except NoCleanCopy as error:
                raise ProgramError(
                    "the report cannot be drawn: its process broke off", hint="tick fewer passages"
                ) from error
        return made.content()


def report_pieces(facts: EvidenceFacts) -> Iterator[Piece]:
    """All that the report says; the preview shows the same."""
    yield ReportStyle.TITLE, "Evidence package"
    yield ReportStyle.TEXT, f"From: {facts.organisation}"
    yield ReportStyle.TEXT, f"For: {facts.receiver}"
    yield ReportStyle.TEXT, f"Exported: {facts.exported.isoformat()}"
    yield ReportStyle.HEADING, "Verify it"
    yield ReportStyle.TEXT, _VERIFY
    yield ReportStyle.LABEL, "Digits of the key (sha256sum evidence.pub)"
    yield ReportStyle.TEXT, facts.key.digits
    yield ReportStyle.LABEL, "The same key in seven words, for programs of this project"
    yield ReportStyle.TEXT, facts.key.words
    yield ReportStyle.LABEL, "The key as minisign takes it"
    yield ReportStyle.DIGITS, facts.key.line
    yield ReportStyle.LABEL, "The home's log before this export"
    yield ReportStyle.DIGITS, f"line {facts.log_line}, SHA-256 {facts.log_sha256.hex()}"
    yield ReportStyle.TEXT, _LEFT_OUT
    if facts.masked:
        yield ReportStyle.LABEL, "Masked words"
        yield ReportStyle.TEXT, masked_words_sentence(facts.masked)
    if facts.entity_file is not None:
        one = facts.entity_file
        yield ReportStyle.LABEL, "Entities, for programs"
        yield ReportStyle.TEXT, f"{one.path}: {one.entities} in the format {one.file_format}. {one.says}"
        yield ReportStyle.DIGITS, f"SHA-256 {one.sha256.hex()}"
    for number, tip in enumerate(facts.tips, 1):
        yield ReportStyle.PAGE, ""
        yield from _tip(number, tip)
    if facts.links:
        yield ReportStyle.PAGE, ""
    for link in facts.links:
        yield from _link(link)


def _link(link: LinkFact) -> Iterator[Piece]:
    yield ReportStyle.HEADING, f"Link {link.name}"
    for label, text in link.rows:
        yield ReportStyle.LABEL, label
        yield ReportStyle.TEXT, text


def _tip(number: int, tip: TipFact) -> Iterator[Piece]:
    one = tip.submission
    yield ReportStyle.HEADING, f"Tip {number}: {one.short_id}"
    if tip.handed_over is not None:
        came = tip.handed_over
        yield ReportStyle.TEXT, f"Handed over by {came.sender}, imported here on {came.day.isoformat()}"
    elif one.is_telephone:
        yield ReportStyle.TEXT, "Entered by staff from a telephone call"
    elif one.is_old_case:
        yield ReportStyle.TEXT, "Imported by staff from a spreadsheet of old cases"
    else:
        yield ReportStyle.TEXT, f"Server: {one.envelope.server}"
    yield ReportStyle.TEXT, f"Arrived: {one.day.isoformat() if one.day else 'unknown'}"
    yield ReportStyle.TEXT, f"Imported by this home: {one.imported_day.isoformat()}"
    yield (
        ReportStyle.LABEL,
        "Number of this tip" if tip.handed_over or one.is_entered else "SHA-256 of the sealed envelope",
    )
    yield ReportStyle.DIGITS, one.envelope.sha256.hex()
    yield ReportStyle.LABEL, "Custody: the lines of the log about this tip"
    for line in tip.custody:
        yield ReportStyle.SMALL, f"{line.day}   {line.act}   (line {line.number})"
    yield ReportStyle.LABEL, "Passages"
    if not tip.passages:
        yield ReportStyle.SMALL, "none"
    for passage in tip.passages:
        yield ReportStyle.SMALL, f"{passage.number}. {passage.label}:"
        yield ReportStyle.TEXT, passage.text
    yield ReportStyle.LABEL, "Files"
    if not tip.files:
        yield ReportStyle.SMALL, "none"
    yield from _files(tip.files)


def _files(files: Sequence[FileFact]) -> Iterator[Piece]:
    for one in files:
        yield ReportStyle.TEXT, f"{one.path} ({one.length_bytes:,} bytes)"
        if one.untrusted_name is not None:
            yield ReportStyle.SMALL, f"name that the source gave: {one.untrusted_name}"
        yield ReportStyle.DIGITS, f"SHA-256 {one.sha256.hex()}"
        if one.is_clean_copy:
            yield ReportStyle.SMALL, "A clean copy, drawn from the pixels of the original. Taken off: " + one.traces
            yield ReportStyle.DIGITS, f"SHA-256 of the original {one.original_sha256.hex()}"
        else:
            yield ReportStyle.SMALL, "As it came. Traces in it: " + one.traces


def _visible(untrusted_text: str) -> str:
    """The text on one line, with letters that deceive the eye named, as on every page of the desk."""
    line = " ".join(untrusted_text.splitlines())
    return "".join(f"[{shown}]" if is_named else shown for shown, is_named in letters(line))
