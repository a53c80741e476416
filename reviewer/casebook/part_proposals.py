"""Proposals of colleagues to delete one file of a tip, or one of their own answers.

The rule by which such a proposal takes effect is that of deletions: its row in ``deletion_proposals`` has a digest
of the part in place of that of an envelope, so that it is never taken for the whole tip.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.proposals import DeletionProposal, DeletionProposals
from reviewer.errors import CasebookError

_LABEL: Final = b"tipline/v1/deleted-part\0"
_LARGEST_PLACE: Final = 2**31 - 1
_REPLY_DIGITS: Final = 32


class PartKind(StrEnum):
    """The values are those of the table."""

    FILE = "file"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class TipPart:
    """A part of the tip whose envelope has the digest ``tip``.

    ``name`` is the place of a file in the container, in decimal digits, or the id of a reply in hex digits.
    """

    tip: bytes
    kind: PartKind
    name: str

    def subject(self) -> bytes:
        """The digest (32 bytes) that stands for this part in place of an envelope."""
        return hashlib.sha256(_LABEL + self.tip + f"{self.kind}\0{self.name}".encode("ascii")).digest()

    @classmethod
    def of_file(cls, tip: bytes, untrusted_place: object) -> "TipPart":
        """A file by its place.

        Raises:
            CasebookError: the place is no whole number from 0 to 2^31 − 1.
        """
        is_number = isinstance(untrusted_place, int) and not isinstance(untrusted_place, bool)
        place = int(str(untrusted_place)) if is_number else -1
        if not 0 <= place <= _LARGEST_PLACE:
            raise CasebookError("place of a proposed file must be a whole number from 0 to 2^31 − 1")
        return cls(tip, PartKind.FILE, str(place))

    @classmethod
    def of_answer(cls, tip: bytes, untrusted_reply: object) -> "TipPart":
        """An answer by its id.

        Raises:
            CasebookError: the id is not written as 32 lower-case hex digits.
        """
        text = untrusted_reply if isinstance(untrusted_reply, str) else ""
        if len(text) != _REPLY_DIGITS or set(text) - set("0123456789abcdef"):
            raise CasebookError("id of a proposed answer must be 32 lower-case hex digits")
        return cls(tip, PartKind.ANSWER, text)


@dataclass(frozen=True, slots=True)
class PartProposal:
    """A colleague's proposal to delete a part; ``author`` is the colleague's signature key (32 bytes)."""

    proposal: DeletionProposal
    part: TipPart
    author: bytes


class PartProposals:
    """Beside :class:`DeletionProposals`; each method is a part of the caller's change."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small
        self._proposals = DeletionProposals(small)

    def propose(self, part: TipPart, *, reviewer: str, reason: str, today: dt.date) -> bytes:
        """Record a deletion of this home for its colleagues; its uuid."""
        return self._proposals.propose(part.subject(), reviewer=reviewer, reason=reason, today=today)

    def receive(
        self, uuid: bytes, part: TipPart, *, author: bytes, reviewer: str, reason: str, today: dt.date
    ) -> None:
        """Keep a colleague's proposal, once. It is done at once where the part was deleted here already.

        Raises:
            CasebookError: the uuid has another length, or the reason is no short word.
        """
        if not self._proposals.receive(uuid, part.subject(), reviewer=reviewer, reason=reason, today=today):
            return
        self._small.run(
            "INSERT INTO part_proposals VALUES (?, ?, ?, ?, ?)",
            (uuid, part.tip, part.kind.value, part.name, author),
        )
        if self._is_gone(part):
            self.mark_done(part)

    def waiting(self) -> list[PartProposal]:
        """Those that are not done, in the order in which they came."""
        rows = {
            row[0]: row[1:] for row in self._small.rows("SELECT uuid, tip, kind, name, author FROM part_proposals")
        }
        return [_part_proposal(one, rows[one.uuid]) for one in self._proposals.waiting() if one.uuid in rows]

    def uuids(self) -> set[bytes]:
        """The colleagues' proposals that are about parts."""
        return {bytes(row[0]) for row in self._small.rows("SELECT uuid FROM part_proposals")}

    def mark_done(self, part: TipPart) -> None:
        """Note that the part is deleted here, in any way."""
        self._proposals.mark_done(part.subject())

    def mark_done_of_tip(self, tip: bytes) -> None:
        """The whole tip is deleted here."""
        for kind, name in self._small.rows("SELECT kind, name FROM part_proposals WHERE tip = ?", (tip,)):
            self.mark_done(TipPart(tip, PartKind(kind), name))

    def _is_gone(self, part: TipPart) -> bool:
        if self._small.row("SELECT 1 FROM deleted_envelopes WHERE envelope_sha256 = ?", (part.tip,)) is not None:
            return True
        return part.kind is PartKind.FILE and (
            self._small.row(
                "SELECT 1 FROM deleted_files WHERE envelope_sha256 = ? AND place = ?", (part.tip, int(part.name))
            )
            is not None
        )


def _part_proposal(proposal: DeletionProposal, row: Row) -> PartProposal:
    tip, kind, name, author = row
    return PartProposal(proposal, TipPart(tip, PartKind(kind), name), author)
