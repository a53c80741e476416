"""Cases, from the operations of all reviewers: names, threads, merges and notes.

:class:`SharedCases` writes them into the rows that :mod:`reviewer.casebook.case_register` reads. They depend on the
operations and on the tips that are here, and not on the order in which these came.

A case has one id at every reviewer, and a number of its own in each casebook. A case that was deleted here stays
deleted, whatever a colleague says of it later.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from crypto.primitives.canonical_json import Json
from crypto.sharing.operation import Operation
from reviewer.casebook.shared_operations import SharedOperations
from reviewer.terminal.plain_text import plain_line

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase

CASE: Final = "case"
CASE_TIP: Final = "case-tip"
CASE_MERGED: Final = "case-merged"
CASE_NOTE: Final = "case-note"
CASE_NOTE_DESTROYED: Final = "case-note-destroyed"
OF_CASES: Final = (CASE, CASE_TIP, CASE_MERGED, CASE_NOTE, CASE_NOTE_DESTROYED)

CASE_NAME_LETTERS: Final = 100
_NAMING: Final = ("case", "from", "split-from", "into")
"""Parts of the content that name a case."""

CASE_ID_BYTES: Final = 16


def case_named(content: Mapping[str, Json], part: str) -> bytes | None:
    """The id of a case in a part of the content of an operation; None where there is none."""
    value = content.get(part)
    try:
        found = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        return None
    return found if len(found) == CASE_ID_BYTES else None


class SharedCases:
    """Each method is a part of the caller's change."""

    def __init__(self, small: "CasebookDatabase") -> None:
        self._small = small
        self._operations = SharedOperations(small)

    def take_in(self, operation: Operation, thread: int | None) -> None:
        """Let an operation take effect; ``thread`` is that of its tip, or None where it is about none.

        The words of one about a case that was deleted here are destroyed.
        """
        case_id = case_named(operation.content, "case")
        if case_id is not None and operation.kind != CASE_TIP and self._is_gone(case_id):
            self._operations.erase(operation.sha256)
            return
        for part in _NAMING:
            if (named := case_named(operation.content, part)) is not None:
                row = (named, part, operation.sha256)
                self._small.run("INSERT OR IGNORE INTO case_operations VALUES (?, ?, ?)", row)
        if operation.kind == CASE_TIP and thread is not None:
            self.put_thread(thread)
        elif operation.kind == CASE_MERGED:
            self._put_merges()
        elif case_id is not None:
            self._put(case_id)

    def in_force(self, case_id: bytes, kind: str) -> list[Operation]:
        """Operations of one kind about a case that no other one replaces; the last one counts."""
        return self._operations.of_case(case_id, kind, is_in_force=True)

    def put_thread(self, thread: int) -> None:
        """Put a thread into the case that the operations name, or into none."""
        in_force = self._operations.in_force_in_thread(thread, (CASE_TIP,))
        if not in_force:
            return
        self._small.run("DELETE FROM case_splits WHERE thread = ?", (thread,))
        number = self._number(case_named(in_force[-1].content, "case"))
        if number is None:
            self._small.run("DELETE FROM case_threads WHERE thread = ?", (thread,))
            return
        self._small.run("INSERT OR REPLACE INTO case_threads VALUES (?, ?)", (thread, number))
        came_from = self._number(case_named(in_force[-1].content, "from"))
        if came_from is not None:
            self._small.run("INSERT INTO case_splits VALUES (?, ?, ?)", (number, thread, came_from))

    def delete(self, numbers: Iterable[int]) -> None:
        """Delete cases and the words of all operations about them, those to come too."""
        for number in numbers:
            row = self._small.row("SELECT case_id FROM cases WHERE number = ?", (number,))
            if row is None:
                continue
            self._small.run("INSERT OR IGNORE INTO cases_gone VALUES (?)", row)
            for kind in OF_CASES:
                if kind != CASE_TIP:
                    for one in self._operations.of_case(row[0], kind, is_in_force=False):
                        self._operations.erase(one.sha256)
            for statement in (
                "DELETE FROM case_notes WHERE case_number = ?",
                "DELETE FROM case_threads WHERE case_number = ?",
                "DELETE FROM case_splits WHERE case_number = ?1 OR came_from = ?1",
                "UPDATE cases SET split_from = NULL WHERE split_from = ?",
                "UPDATE cases SET merged_into = NULL WHERE merged_into = ?",
                "DELETE FROM cases WHERE number = ?",
            ):
                self._small.run(statement, (number,))

    def _put(self, case_id: bytes) -> None:
        """Write a case, its notes, and what waited for it."""
        in_force = self.in_force(case_id, CASE)
        if not in_force:
            return
        said = in_force[-1]
        name = plain_line(said.text("name"), limit_letters=CASE_NAME_LETTERS) or case_id.hex()[:12]
        opened = min(one.day for one in self._operations.of_case(case_id, CASE, is_in_force=False))
        is_new = self._number(case_id) is None
        self._small.run(
            "INSERT INTO cases (case_id, name, opened_day) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (case_id) DO UPDATE SET name = ?2, opened_day = ?3",
            (case_id, name, opened.isoformat()),
        )
        self._small.run("DELETE FROM cases_undone WHERE case_id = ?", (case_id,))
        if said.content.get("undone") is True:
            self._small.run("INSERT INTO cases_undone VALUES (?)", (case_id,))
        self._put_split(case_id)
        self._put_notes(case_id)
        if is_new:
            self._put_what_waited(case_id)

    def _put_what_waited(self, case_id: bytes) -> None:
        """Write threads, splits and merges whose operations came before the one that opened the case."""
        threads = self._small.rows(
            "SELECT DISTINCT r.thread FROM case_operations AS c JOIN operations AS o ON o.sha256 = c.operation"
            " JOIN submissions AS s ON s.envelope_sha256 = o.tip"
            " JOIN inbox_rows AS r ON r.submission = s.number WHERE c.case_id = ? AND c.part IN ('case', 'from')",
            (case_id,),
        )
        for (thread,) in threads:
            self.put_thread(thread)
        split_off = self._small.rows(
            "SELECT DISTINCT own.case_id FROM case_operations AS c JOIN case_operations AS own"
            " ON own.operation = c.operation AND own.part = 'case'"
            " WHERE c.case_id = ? AND c.part = 'split-from'",
            (case_id,),
        )
        for (other,) in split_off:
            self._put_split(other)
        self._put_merges()

    def _put_notes(self, case_id: bytes) -> None:
        destroyed = {
            (one.author, one.text("note")) for one in self._operations.of_case(case_id, CASE_NOTE_DESTROYED)
        }
        for one in self._operations.of_case(case_id, CASE_NOTE):
            known = self._small.row("SELECT note FROM case_note_operations WHERE operation = ?", (one.sha256,))
            if (one.author, one.sha256.hex()) in destroyed:
                self._operations.erase(one.sha256)
                if known is not None:
                    self._small.run("DELETE FROM case_notes WHERE number = ?", known)
            elif known is None:
                self._small.run(
                    "INSERT INTO case_notes (case_number, day, text) VALUES (?, ?, ?)",
                    (self._number(case_id), one.day.isoformat(), one.text("text")),
                )
                self._small.run(
                    "INSERT INTO case_note_operations SELECT ?, max(number) FROM case_notes", (one.sha256,)
                )

    def _put_split(self, case_id: bytes) -> None:
        """Write from which case this one was split off."""
        in_force = self.in_force(case_id, CASE)
        came_from = self._number(case_named(in_force[-1].content, "split-from")) if in_force else None
        self._small.run("UPDATE cases SET split_from = ? WHERE case_id = ?", (came_from, case_id))

    def _put_merges(self) -> None:
        """Write which case is part of which. Of merges that would form a circle the last ones count."""
        said = {
            case_id: one
            for one in self._operations.of_kind(CASE_MERGED, is_in_force=True)
            if (case_id := case_named(one.content, "case")) is not None
        }
        if not said:
            return
        into: dict[bytes, bytes] = {}
        for case_id, one in sorted(said.items(), key=lambda pair: _order(pair[1]), reverse=True):
            target = case_named(one.content, "into")
            if target is not None and not _leads_to(target, case_id, into):
                into[case_id] = target
        for (case_id,) in self._small.rows("SELECT case_id FROM cases"):
            number = self._number(into.get(case_id))
            self._small.run("UPDATE cases SET merged_into = ?1 WHERE case_id = ?2", (number, case_id))

    def _number(self, case_id: bytes | None) -> int | None:
        row = self._small.row("SELECT number FROM cases WHERE case_id = ?", (case_id,)) if case_id else None
        return int(row[0]) if row else None

    def _is_gone(self, case_id: bytes) -> bool:
        return self._small.row("SELECT 1 FROM cases_gone WHERE case_id = ?", (case_id,)) is not None


def _leads_to(start: bytes, end: bytes, into: Mapping[bytes, bytes]) -> bool:
    """True if the merges lead from one case to the other, or if the two are the same."""
    found: bytes | None = start
    while found is not None and found != end:
        found = into.get(found)
    return found == end


def _order(operation: Operation) -> tuple[int, bytes, bytes, int, bytes]:
    return (operation.counter, *operation.place, operation.sha256)
