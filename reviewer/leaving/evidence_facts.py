"""The facts of an evidence package, from which report, manifest and preview are made."""

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from reviewer.casebook.handed_over import HandedOver
from reviewer.casebook.submission import Submission
from reviewer.cases.shown_code import shown_code
from reviewer.home.home import Home
from reviewer.leaving.own_keys import EvidencePublic
from reviewer.leaving.passages import Passage

FORMAT, FORMAT_VERSION = "tipline-evidence", 1
ACT = "evidence"
_WORD: Final = re.compile("[0-9a-z]+")
"""A line of the log has ids of tips among other words, with commas and brackets around them."""


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """One line of the log about a tip: its number, day and act."""

    number: int
    day: str
    act: str


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file of the package; ``untrusted_name`` only where staff let it leave."""

    path: str
    sha256: bytes
    length_bytes: int
    original_sha256: bytes
    is_clean_copy: bool
    traces: str
    trace_names: list[str] | None
    untrusted_name: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class TipFact:
    """The facts about one tip."""

    submission: Submission
    handed_over: HandedOver | None
    custody: Sequence[CustodyLine]
    passages: Sequence[Passage]
    files: Sequence[FileFact]


@dataclass(frozen=True, slots=True)
class EntityFile:
    """A file with entities for programs: its format, how many, and sentences about it for the report."""

    path: str
    file_format: str
    sha256: bytes
    entities: int
    says: str


@dataclass(frozen=True, slots=True)
class LinkFact:
    """The page of one decision on two entities: its name such as D-7, and label and text of each row."""

    name: str
    rows: Sequence[tuple[str, str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """All facts; ``log_line`` and ``log_sha256`` are the end of the log before the export.

    ``masked`` words are left out of passages, links and names of files: a mark stands in place of each.
    """

    organisation: str
    receiver: str
    exported: dt.date
    key: EvidencePublic
    log_line: int
    log_sha256: bytes
    tips: Sequence[TipFact]
    masked: int = 0
    entity_file: EntityFile | None = None
    links: Sequence[LinkFact] = ()

    @property
    def code(self) -> str:
        """The code of what a preview shows of tips, files, links and entities; the log is not in it."""
        return shown_code(
            [
                self.receiver,
                self.masked,
                self.entity_file.sha256 if self.entity_file else "",
                [
                    [
                        one.submission.envelope.sha256,
                        [asdict(each) for each in one.passages],
                        [asdict(each) for each in one.files],
                    ]
                    for one in self.tips
                ],
                [asdict(one) for one in self.links],
            ]
        )

    def manifest(self) -> bytes:
        """``manifest.json``."""
        document: dict[str, object] = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "organisation": self.organisation,
            "receiver": self.receiver,
            "exported": self.exported.isoformat(),
            "key": self.key.line,
            "masked_words": self.masked,
            "log": {"line": self.log_line, "sha256": self.log_sha256.hex()},
            "tips": [_tip_json(one) for one in self.tips],
        }
        if self.links:
            document["links"] = [
                {"decision": one.name, "rows": [{"label": label, "text": text} for label, text in one.rows]}
                for one in self.links
            ]
        if (one := self.entity_file) is not None:
            document["entities"] = {
                "file": one.path,
                "format": one.file_format,
                "sha256": one.sha256.hex(),
                "count": one.entities,
            }
        return json.dumps(document, indent=2).encode("ascii") + b"\n"


def custody_of(home: Home, submission: Submission, *, exported: dt.date) -> list[CustodyLine]:
    """Every line of the log that names the tip, and the one that the export is about to add."""
    lines = home.casebook.log.lines()
    found = [
        CustodyLine(number, day, act)
        for number, day, act, subject in lines
        if submission.short_id in _WORD.findall(subject)
    ]
    return [*found, CustodyLine(len(lines) + 1, exported.isoformat(), ACT)]


def _tip_json(tip: TipFact) -> dict[str, object]:
    one = tip.submission
    return {
        "tip": one.short_id,
        "arrived": one.day.isoformat() if one.day else None,
        "server": one.envelope.server if tip.handed_over is None else None,
        "envelope_sha256": one.envelope.sha256.hex(),
        "envelope_bytes": one.envelope.length_bytes,
        "imported": one.imported_day.isoformat(),
        "handed_over_by": tip.handed_over.sender if tip.handed_over else None,
        "custody": [{"line": line.number, "day": line.day, "act": line.act} for line in tip.custody],
        "passages": [{"number": each.number, "label": each.label, "text": each.text} for each in tip.passages],
        "files": [_file_json(each) for each in tip.files],
    }


def _file_json(one: FileFact) -> dict[str, object]:
    told: dict[str, object] = {
        "file": one.path,
        "sha256": one.sha256.hex(),
        "length_bytes": one.length_bytes,
        "original_sha256": one.original_sha256.hex(),
        "is_clean_copy": one.is_clean_copy,
        "traces": one.trace_names,
    }
    return told if one.untrusted_name is None else told | {"name": one.untrusted_name}
