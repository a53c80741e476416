"""Operations of all reviewers: a set that only grows, from which the shared state follows.

The content of an operation can be destroyed. Its digest stays, so that no copy of it is taken in again.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crypto.keys.keys import PartyVerifyKey
from crypto.sharing.operation import Operation, SignedOperation
from crypto.sharing.shared_item import Erased, HeardOf
from reviewer.casebook.link_operations import BY_ID, LinkOperations
from reviewer.casebook.operation_counters import OperationCounters

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase, Row

ERASED_KIND = ""
ONLY_HERE_RUN: Final = bytes(16)
"""The run of operations about tips that no colleague has: they are not sent, and count as heard by no one."""

_COLUMNS = "body, signature"
_ORDER = "counter, author, run, number, sha256"
_IN_FORCE = """body IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM operations_replaced JOIN operations AS later ON later.sha256 = operations_replaced.operation
    WHERE operations_replaced.replaced = operations.sha256 AND later.kind = operations.kind)"""


@dataclass(frozen=True, slots=True)
class HeldOperation:
    """The place of an operation; ``sent_in`` is the last of our items that held it, 0 for none."""

    sha256: bytes
    author: bytes
    run: bytes
    number: int
    sent_in: int
    has_content: bool


class SharedOperations:
    """The log of operations; each method is part of the caller's change, or a change of its own."""

    def __init__(self, small: "CasebookDatabase") -> None:
        self._small = small
        self._links = LinkOperations(small)
        self.counters = OperationCounters(small)

    def keep(self, signed: SignedOperation) -> bool:
        """Keep an operation; False if it was here before, or its content was destroyed here.

        Of an operation about a tip that was deleted here only the place is kept.
        """
        operation = signed.operation
        known = self._small.row("SELECT kind FROM operations WHERE sha256 = ?", (operation.sha256,))
        if known is not None:
            if known[0] != ERASED_KIND:
                return False
            self._small.run("DELETE FROM operations WHERE sha256 = ?", (operation.sha256,))
        self._small.run(
            "INSERT INTO operations (sha256, author, run, number, counter, kind, tip, day, body, signature)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(operation.sha256, *operation.place, operation.counter, operation.kind, operation.tip),
                *(operation.day.isoformat(), operation.to_bytes(), signed.signature),
            ),
        )
        if operation.tip is not None and self._is_gone(operation.tip):
            self._erase_of(operation.tip)
        self._links.note(operation)
        for replaced in operation.replaces if operation.counter <= self.counters.reach() else ():
            self._small.run("INSERT OR IGNORE INTO operations_replaced VALUES (?, ?)", (replaced, operation.sha256))
        return True

    def keep_erased(self, author: PartyVerifyKey, erased: Erased) -> None:
        """Keep the place of an operation that its author destroyed before it came here."""
        self._small.run(
            "INSERT OR IGNORE INTO operations"
            " (sha256, author, run, number, counter, kind, day, signature, is_applied)"
            " VALUES (?, ?, ?, ?, 0, ?, '', x'', 1)",
            (erased.sha256, author.to_bytes(), erased.run, erased.number, ERASED_KIND),
        )

    def erase(self, sha256: bytes) -> None:
        """Destroy the content of an operation; its place, kind and digest stay."""
        self._small.run("UPDATE operations SET body = NULL, is_applied = 1 WHERE sha256 = ?", (sha256,))

    def erase_of_tip(self, tip: bytes) -> int:
        """Destroy the content of all operations about a deleted tip, those to come too; how many there were.

        Kinds that begin with ``deletion-`` hold no words of a source, and stay.
        """
        self._small.run("INSERT OR IGNORE INTO operations_gone VALUES (?)", (tip,))
        entities = self._links.entities_of_tip(tip)
        count = self._erase_of(tip)
        self._links.erase_of_other_tip(tip)
        self._links.erase_if_ended(entities)
        return count

    def _is_gone(self, tip: bytes) -> bool:
        return self._small.row("SELECT 1 FROM operations_gone WHERE tip = ?", (tip,)) is not None

    def _erase_of(self, tip: bytes) -> int:
        return self._small.run(
            "UPDATE operations SET body = NULL, is_applied = 1"
            " WHERE tip = ? AND body IS NOT NULL AND kind NOT LIKE 'deletion-%'",
            (tip,),
        )

    def next_number(self, author: PartyVerifyKey, run: bytes) -> int:
        """The number of the author's next operation in this run."""
        row = self._small.row(
            "SELECT coalesce(max(number), 0) + 1 FROM operations WHERE author = ? AND run = ?",
            (author.to_bytes(), run),
        )
        return int(row[0]) if row else 1

    def find(self, sha256: bytes) -> Operation | None:
        """The operation with this digest, unless its content is gone."""
        row = self._small.row(
            f"SELECT {_COLUMNS} FROM operations WHERE sha256 = ? AND body IS NOT NULL",  # noqa: S608
            (sha256,),
        )
        return _signed(row).operation if row else None

    def about(self, tips: Sequence[bytes], kind: str) -> list[Operation]:
        """Operations of one kind about any of these tips, lowest counter first."""
        return self._all(f"tip IN ({_places(tips)}) AND kind = ?", (*tips, kind))

    def digest_of_others(self, tips: Sequence[bytes], *, own: bytes) -> bytes:
        """A digest (32 bytes) of the set of operations about these tips that are not of ``own`` key."""
        rows = self._small.rows(
            f"SELECT sha256 FROM operations WHERE tip IN ({_places(tips)}) AND author <> ? ORDER BY sha256",  # noqa: S608
            (*tips, own),
        )
        return hashlib.sha256(b"".join(row[0] for row in rows)).digest()

    def in_force(self, tips: Sequence[bytes], kind: str) -> list[Operation]:
        """Operations of one kind about these tips that no other one of the kind replaces; the last one counts."""
        return self._all(f"tip IN ({_places(tips)}) AND kind = ? AND {_IN_FORCE}", (*tips, kind))

    def in_register(self, register: bytes) -> list[Operation]:
        """As :meth:`in_force`, of one register of findings, entities and links."""
        return self._in_force_of("SELECT operation FROM link_operations WHERE register = ?", (register,))

    def naming(self, entity_id: bytes, kind: str) -> list[Operation]:
        """As :meth:`in_force`, of one kind, about an entity."""
        return self._in_force_of(
            "SELECT operation FROM link_operation_entities WHERE entity_id = ? AND kind = ?", (entity_id, kind)
        )

    def ever_naming(self, entity_id: bytes, kind: str) -> list[Operation]:
        """As :meth:`naming`, with those that another one replaces."""
        named = "SELECT operation FROM link_operation_entities WHERE entity_id = ? AND kind = ?"
        return self._all(f"sha256 IN ({named})", (entity_id, kind))

    def ever_in_register(self, register: bytes) -> list[Operation]:
        """As :meth:`in_register`, with those that another one replaces."""
        return self._all("sha256 IN (SELECT operation FROM link_operations WHERE register = ?)", (register,))

    def of_kind(self, kind: str, *, is_in_force: bool = False) -> list[Operation]:
        """Operations of a kind, lowest counter first; all, or those that no other one of the kind replaces."""
        return self._all(f"kind = ? AND {_IN_FORCE if is_in_force else 'TRUE'}", (kind,))

    def kinds(self) -> list[str]:
        """All kinds of operations here, those that this program does not know too."""
        return [row[0] for row in self._small.rows("SELECT DISTINCT kind FROM operations ORDER BY kind")]

    def of_case(self, case_id: bytes, kind: str, *, is_in_force: bool = False) -> list[Operation]:
        """As :meth:`of_kind`, about one case."""
        of_case = "SELECT operation FROM case_operations WHERE case_id = ? AND part = 'case'"
        condition = f"kind = ? AND sha256 IN ({of_case}) AND {_IN_FORCE if is_in_force else 'TRUE'}"
        return self._all(condition, (kind, case_id))

    def in_force_in_thread(self, thread: int, kinds: Sequence[str]) -> list[Operation]:
        """As :meth:`in_force`, of several kinds, about the tips of a thread that are here."""
        tips = (
            "SELECT envelope_sha256 FROM submissions JOIN inbox_rows ON inbox_rows.submission = submissions.number"
            " WHERE inbox_rows.thread = ?"
        )
        return self._all(f"tip IN ({tips}) AND kind IN ({_places(kinds)}) AND {_IN_FORCE}", (thread, *kinds))

    def to_apply(self) -> list[Operation]:
        """Operations that were not applied yet; their tip is here, unless they need none."""
        here = "tip IS NULL OR kind LIKE 'deletion-%' OR tip IN (SELECT envelope_sha256 FROM submissions)"
        return self._all(f"is_applied = 0 AND ({here} OR kind IN ({_places(BY_ID)}))", BY_ID)

    def said_elsewhere(self, kinds: Sequence[str]) -> list[Operation]:
        """As :meth:`of_kind` in force, about an entity that is not here or a tip that is not here."""
        no_entity = (
            "sha256 IN (SELECT operation FROM link_operation_entities"
            " WHERE entity_id NOT IN (SELECT entity_id FROM entities))"
        )
        no_tip = "(tip IS NOT NULL AND tip NOT IN (SELECT envelope_sha256 FROM submissions))"
        return self._all(f"kind IN ({_places(kinds)}) AND {_IN_FORCE} AND ({no_entity} OR {no_tip})", kinds)

    def _in_force_of(self, digests: str, values: Sequence[object]) -> list[Operation]:
        return self._all(f"sha256 IN ({digests}) AND {_IN_FORCE}", values)

    def _all(self, condition: str, values: Sequence[object]) -> list[Operation]:
        rows = self._small.rows(
            f"SELECT {_COLUMNS} FROM operations WHERE ({condition}) AND body IS NOT NULL AND counter <= ?"  # noqa: S608
            f" ORDER BY {_ORDER}",
            (*values, self.counters.reach()),
        )
        return [_signed(row).operation for row in rows]

    def waiting_for_tips(self) -> int:
        """The number of operations whose tip is not here."""
        row = self._small.row(
            "SELECT count(*) FROM operations WHERE is_applied = 0 AND tip IS NOT NULL"
            " AND kind NOT LIKE 'deletion-%' AND tip NOT IN (SELECT envelope_sha256 FROM submissions)"
        )
        return int(row[0]) if row else 0

    def count_waiting(self, kind: str) -> int:
        """The number of operations of a kind that have not taken effect."""
        row = self._small.row(
            "SELECT count(*) FROM operations WHERE is_applied = 0 AND kind = ? AND body IS NOT NULL", (kind,)
        )
        return int(row[0]) if row else 0

    def mark_applied(self, operation: Operation) -> None:
        self._small.run("UPDATE operations SET is_applied = 1 WHERE sha256 = ?", (operation.sha256,))

    def heard(self) -> list[HeardOf]:
        """How much of each run of each author is here, in order."""
        runs = self._small.rows(
            "SELECT author, run, count(DISTINCT number), max(number) FROM operations WHERE run <> ?"
            " GROUP BY author, run ORDER BY author, run",
            (ONLY_HERE_RUN,),
        )
        return [
            HeardOf(author, run, highest if count == highest else self._through(author, run), highest)
            for author, run, count, highest in runs
        ]

    def _through(self, author: bytes, run: bytes) -> int:
        """The last number before the first gap."""
        numbers = self._small.rows(
            "SELECT DISTINCT number FROM operations WHERE author = ? AND run = ? ORDER BY number", (author, run)
        )
        return next(place for place, (number,) in enumerate(numbers) if number != place + 1)

    def forks(self) -> list[tuple[bytes, int]]:
        """Authors and numbers under which two different operations were signed."""
        return [
            (row[0], row[1])
            for row in self._small.rows(
                "SELECT author, number FROM operations GROUP BY author, run, number HAVING count(*) > 1"
                " ORDER BY author, number"
            )
        ]

    def above(self, author: bytes, run: bytes, number: int) -> list[HeldOperation]:
        """The operations of a run above a number, without their content, in order."""
        return [
            HeldOperation(row[0], row[1], row[2], row[3], row[4], bool(row[5]))
            for row in self._small.rows(
                "SELECT sha256, author, run, number, sent_in, body IS NOT NULL FROM operations"
                " WHERE author = ? AND run = ? AND number > ? ORDER BY number, sha256",
                (author, run, number),
            )
        ]

    def signed(self, sha256: bytes) -> SignedOperation:
        """The operation with this digest, whose content must be here."""
        row = self._small.row(f"SELECT {_COLUMNS} FROM operations WHERE sha256 = ?", (sha256,))  # noqa: S608
        if row is None or row[0] is None:
            raise LookupError("no operation with its content has this digest")
        return _signed(row)

    def mark_sent(self, digests: Sequence[bytes], *, item: int) -> None:
        for sha256 in digests:
            self._small.run("UPDATE operations SET sent_in = ? WHERE sha256 = ?", (item, sha256))

    def digest(self) -> bytes:
        """A digest of the set that is shared, to compare two homes."""
        rows = self._small.rows(
            "SELECT hex(sha256) FROM operations WHERE run <> ? ORDER BY sha256", (ONLY_HERE_RUN,)
        )
        return hashlib.sha256(json.dumps([row[0] for row in rows]).encode("ascii")).digest()


def _signed(row: "Row") -> SignedOperation:
    body, signature = row
    return SignedOperation(Operation.from_json(json.loads(body)), signature)


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
