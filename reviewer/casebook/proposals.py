"""Deletions that colleagues propose: the rule by which one takes effect here.

A person who has taken one laptop can propose to delete everything. So a proposal takes effect only when a person
here confirms it, or when it was shown here on fourteen different days on which the casebook was opened, and no one
holds it. Even then a tip that was never opened here waits for a person, and so does every proposal beyond ten that
came from one reviewer within thirty days. A quarantine hides the tip at once, and deletes by the same rule.

Days are passed in. The day of a proposal is the one on which it came here: the clock of the colleague decides
nothing.
"""

import datetime as dt
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.errors import CasebookError

SHOWN_DAYS: Final = 14
MOST_PROPOSALS: Final = 10
WITHIN_DAYS: Final = 30
QUARANTINE: Final = "quarantine"
UUID_BYTES: Final = 16
_REASON_LETTERS: Final = 32
_REASON: Final = re.compile(f"[a-z-]{{1,{_REASON_LETTERS}}}")
_COLUMNS: Final = "uuid, envelope_sha256, reviewer, reason, day, state, held_by"


class ProposalState(StrEnum):
    """OURS: a deletion of this home, for colleagues. OPEN: waits. DONE: took effect."""

    OURS = "ours"
    OPEN = "open"
    CONFIRMED = "confirmed"
    HELD = "held"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class DeletionProposal:
    """A proposal of ``reviewer``, and the number of different days on which it was shown here.

    ``is_beyond`` says that ten others came from the same reviewer in the thirty days before.
    """

    uuid: bytes
    envelope_sha256: bytes
    reviewer: str
    reason: str
    day: dt.date
    state: ProposalState
    held_by: str | None
    days_shown: int
    is_beyond: bool

    @property
    def days_left(self) -> int:
        return max(0, SHOWN_DAYS - self.days_shown)

    def hides(self) -> bool:
        """True for a quarantine that no one holds. Those beyond ten hide nothing before a person confirms."""
        is_due = self.state is ProposalState.CONFIRMED or (self.state is ProposalState.OPEN and not self.is_beyond)
        return self.reason == QUARANTINE and is_due

    def takes_effect(self, *, was_opened_here: bool) -> bool:
        """The rule: confirmed, or shown on fourteen days and nothing asks for a person."""
        if self.state is ProposalState.CONFIRMED:
            return True
        has_waited = self.state is ProposalState.OPEN and self.days_left == 0
        return has_waited and was_opened_here and not self.is_beyond


class DeletionProposals:
    """The proposals that came here, and those of this home for its colleagues."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def propose(self, envelope_sha256: bytes, *, reviewer: str, reason: str, today: dt.date) -> bytes:
        """Record a deletion of this home for its colleagues; its uuid."""
        uuid = secrets.token_bytes(UUID_BYTES)
        self._put(uuid, envelope_sha256, reviewer, reason, today, ProposalState.OURS)
        return uuid

    def receive(self, uuid: bytes, envelope_sha256: bytes, *, reviewer: str, reason: str, today: dt.date) -> bool:
        """Keep a colleague's proposal; False if it came before. ``today`` is the day here.

        It is done at once where the tip was deleted here already.

        Raises:
            CasebookError: a uuid must have 16 bytes, and a reason must be one short word.
        """
        if len(uuid) != UUID_BYTES or not _REASON.fullmatch(reason):
            raise CasebookError(f"proposal must have a uuid of {UUID_BYTES} bytes and a reason of one short word")
        if self._small.row("SELECT 1 FROM deletion_proposals WHERE uuid = ?", (uuid,)) is not None:
            return False
        is_gone = self._small.row("SELECT 1 FROM deleted_envelopes WHERE envelope_sha256 = ?", (envelope_sha256,))
        state = ProposalState.DONE if is_gone else ProposalState.OPEN
        self._put(uuid, envelope_sha256, reviewer, reason, today, state)
        return True

    def is_ours(self, uuid: bytes) -> bool:
        """True if this home made the proposal with this uuid."""
        return (
            self._small.row("SELECT 1 FROM deletion_proposals WHERE uuid = ? AND state = 'ours'", (uuid,))
            is not None
        )

    def shown_today(self, uuids: Iterable[bytes], *, today: dt.date) -> None:
        """Note that these are on the page that a person has open; said twice, the day counts once."""
        for uuid in uuids:
            self._small.run(
                "INSERT OR IGNORE INTO deletion_proposals_shown SELECT uuid, ? FROM deletion_proposals"
                " WHERE uuid = ? AND state = 'open'",
                (today.isoformat(), uuid),
            )

    def confirm(self, uuid: bytes) -> bool:
        """A person here agrees; False if it does not wait."""
        return self._move(uuid, ProposalState.CONFIRMED, before=("open", "held"))

    def hold(self, uuid: bytes, *, by: str) -> bool:
        """A person here, or a colleague, keeps the tip; False if it does not wait."""
        return self._move(uuid, ProposalState.HELD, before=("open", "confirmed"), held_by=by)

    def mark_done(self, envelope_sha256: bytes) -> None:
        """Note that the tip is deleted here, in any way."""
        self._small.run(
            "UPDATE deletion_proposals SET state = 'done', held_by = NULL"
            " WHERE envelope_sha256 = ? AND state <> 'ours'",
            (envelope_sha256,),
        )

    def due(self, *, opened_here: Collection[bytes]) -> list[DeletionProposal]:
        """The proposals that take effect now.

        ``opened_here`` are digests of the envelopes of tips that a person here has opened.
        """
        return [
            one for one in self.waiting() if one.takes_effect(was_opened_here=one.envelope_sha256 in opened_here)
        ]

    def waiting(self) -> list[DeletionProposal]:
        """The colleagues' proposals that are not done, in the order in which they came."""
        return [one for one in self._all() if one.state not in (ProposalState.OURS, ProposalState.DONE)]

    def ours(self) -> list[DeletionProposal]:
        """The deletions of this home, for the exchange with colleagues."""
        return [one for one in self._all() if one.state is ProposalState.OURS]

    def hidden(self) -> set[bytes]:
        """Digests of the tips that a quarantine hides."""
        return {one.envelope_sha256 for one in self.waiting() if one.hides()}

    def find(self, untrusted_name: str) -> DeletionProposal:
        """The waiting proposal whose uuid begins with these hex digits.

        Raises:
            CasebookError: none, or several.
        """
        name = untrusted_name.strip().lower()
        found = [one for one in self.waiting() if one.uuid.hex().startswith(name)]
        if len(name) < 4 or len(found) != 1:
            raise CasebookError(
                "name of a proposal must be the first 4 to 32 hex digits of one",
                hint="tipline-review proposals HOME shows them",
            )
        return found[0]

    def _all(self) -> list[DeletionProposal]:
        shown: dict[bytes, int] = dict(
            self._small.rows("SELECT uuid, count(*) FROM deletion_proposals_shown GROUP BY uuid")
        )
        days: dict[str, list[dt.date]] = {}
        return [
            _proposal(row, shown.get(row[0], 0), days.setdefault(row[2], []))
            for row in self._small.rows(f"SELECT {_COLUMNS} FROM deletion_proposals ORDER BY number")  # noqa: S608
        ]

    def _put(
        self, uuid: bytes, sha256: bytes, reviewer: str, reason: str, today: dt.date, state: ProposalState
    ) -> None:
        self._small.run(
            "INSERT INTO deletion_proposals (uuid, envelope_sha256, reviewer, reason, day, state)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (uuid, sha256, reviewer, reason, today.isoformat(), state.value),
        )

    def _move(
        self, uuid: bytes, state: ProposalState, *, before: tuple[str, str], held_by: str | None = None
    ) -> bool:
        changed = self._small.run(
            "UPDATE deletion_proposals SET state = ?, held_by = ? WHERE uuid = ? AND state IN (?, ?)",
            (state.value, held_by, uuid, *before),
        )
        return changed > 0


def _proposal(row: Row, days_shown: int, earlier: list[dt.date]) -> DeletionProposal:
    """One row; ``earlier`` are the days of those before it from the same reviewer, and get its own."""
    uuid, sha256, reviewer, reason, day_text, state, held_by = row
    day = dt.date.fromisoformat(day_text)
    near = [one for one in earlier if abs((day - one).days) < WITHIN_DAYS]
    earlier.append(day)
    return DeletionProposal(
        uuid=uuid,
        envelope_sha256=sha256,
        reviewer=reviewer,
        reason=reason,
        day=day,
        state=ProposalState(state),
        held_by=held_by,
        days_shown=days_shown,
        is_beyond=len(near) >= MOST_PROPOSALS,
    )
