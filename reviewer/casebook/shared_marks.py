"""Marks of a thread, from the operations of all reviewers: owner, status, labels, star, due day.

:class:`SharedMarks` writes them, and which tips are archived, into the rows that lists are read from. They depend
on the operations and on the tips that are here, and not on the order in which these came.

A thread is closed for the tips that its closer had seen. One that comes later, here or at a colleague, opens it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crypto.keys.keys import PartyVerifyKey
from crypto.passphrases.mailbox import MAILBOX_ID_BYTES
from crypto.primitives.canonical_json import Json
from crypto.sharing.operation import MOST_TEXTS, Operation
from reviewer.casebook.shared_operations import SharedOperations
from reviewer.terminal.plain_text import plain_line

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase

OWNER: Final = "owner"
ARCHIVED: Final = "archived"
STATUS: Final = "status"
LABEL: Final = "label"
STAR: Final = "star"
DUE: Final = "due"
OF_THE_THREAD: Final = (OWNER, STATUS, LABEL, STAR, DUE)

TELEPHONE_SERVER: Final = "(telephone)"
HANDED_OVER_SERVER: Final = "handed over"
OLD_CASES_SERVER: Final = "(old cases)"
"""These stand in place of a server's name; no server can have them."""

ENTERED: Final = (TELEPHONE_SERVER, OLD_CASES_SERVER)
"""Tips of these have no envelope: staff brought them."""

ONLY_HERE: Final = (*ENTERED, HANDED_OVER_SERVER)
"""Tips of these are in this casebook only, and so are all operations about them."""

NAME_LETTERS: Final = 60
REASON_LETTERS: Final = 200
LATEST_DAY: Final = dt.date(2999, 12, 31)
CLOSED: Final = "closed"
_OPEN: Final = "open"
_STATUSES: Final = (_OPEN, "in work", "waiting", CLOSED)
_SHOWN_DIGITS: Final = 12
_IDS_OF_A_TEXT: Final = 24
_OWNER_LABEL: Final = b"tipline/v1/owner\0"
_REVIEWERS_SETTING: Final = "reviewers"
"""Names and keys of the newest manifest, as it was verified when it came: manifests are long."""

_THREADS: Final = f"""
    SELECT t.thread, s.envelope_sha256, substr(s.mailbox, 1, {MAILBOX_ID_BYTES}), s.server FROM inbox_threads AS t
    JOIN submissions AS s ON s.number = (SELECT min(submission) FROM inbox_rows WHERE thread = t.thread)"""  # noqa: S608


def owner_digest(thread: bytes, verify_key: bytes) -> bytes:
    """The digest that decides: the reviewer with the highest one owns a thread that has no named owner."""
    return hashlib.sha256(_OWNER_LABEL + thread + verify_key).digest()


@dataclass(frozen=True, slots=True)
class _Tip:
    number: int
    short_id: str
    day: str
    is_archived: bool
    imported_day: dt.date


class SharedMarks:
    """Each method is a part of the caller's change."""

    def __init__(self, small: "CasebookDatabase") -> None:
        self._small = small
        self._operations = SharedOperations(small)

    def put(self, thread: int, *, today: dt.date | None = None) -> None:
        """Write all marks of a thread. ``today`` is the day of archiving; without it, the day of import."""
        tips = self._tips(thread)
        if not tips:
            return
        in_force: dict[str, list[Operation]] = {}
        for one in self._operations.in_force_in_thread(thread, (*OF_THE_THREAD, ARCHIVED)):
            in_force.setdefault(one.kind, []).append(one)
        status = next((one for one in reversed(in_force.get(STATUS, ())) if one.text("status") in _STATUSES), None)
        closing = status if status is not None and status.text("status") == CLOSED else None
        is_reopened = closing is not None and not all(_has_seen(closing, tip) for tip in tips.values())
        word, reason = (status.text("status"), status.text("reason")) if status and not is_reopened else (_OPEN, "")
        was_closed = self._closed_by(thread) is not None
        starred, due = _last(in_force, STAR), _last(in_force, DUE)
        latest = max(
            (one for kind, some in in_force.items() if kind != ARCHIVED for one in some), key=_order, default=None
        )
        self._small.run(
            "UPDATE inbox_threads SET status = ?, reason = ?, is_starred = ?, due_day = ?, closed_by = ?,"
            " set_by = ?, set_day = ? WHERE thread = ?",
            (
                word,
                plain_line(reason, limit_letters=REASON_LETTERS),
                starred is not None and starred.content.get("starred") is True,
                _due_day(due),
                closing.sha256 if closing else None,
                self._name_of(latest.author) if latest else "",
                latest.day.isoformat() if latest else None,
                thread,
            ),
        )
        self._put_labels(thread, in_force.get(LABEL, ()))
        self.put_owner(thread, in_force.get(OWNER, ()))
        by_hand = {one.tip: one for one in in_force.get(ARCHIVED, ())}
        for sha256, tip in tips.items():
            said = by_hand.get(sha256)
            if (closing and _has_seen(closing, tip)) or (said and said.content.get("archived") is True):
                self._archive(tip, today)
            elif said is not None or closing is not None or was_closed:
                self._unarchive(tip)

    def put_new(self, thread: int, submission: int) -> None:
        """As :meth:`put`, for a submission that has just come. Its time does not grow with the thread."""
        closed_by = self._closed_by(thread)
        closing = self._operations.find(closed_by) if closed_by is not None else None
        if closing is None:
            return
        (tip,) = self._tips(thread, submission).values()
        if _has_seen(closing, tip):
            self._archive(tip, None)
        else:
            self._small.run(
                "UPDATE inbox_threads SET status = 'open', reason = '', set_by = '', set_day = NULL"
                " WHERE thread = ?",
                (thread,),
            )

    def put_owner(self, thread: int, in_force: Sequence[Operation] = ()) -> None:
        """Write the owner: the one named last, or the one that is computed the same way by every reviewer."""
        rows = self._small.rows(f"{_THREADS} WHERE t.thread = ?", (thread,))
        for _thread, sha256, mailbox, server in rows:
            owner = self._owner(mailbox or sha256, server, in_force)
            self._small.run("UPDATE inbox_threads SET owner = ? WHERE thread = ?", (owner, thread))

    def note_reviewers(self, raw_manifest: bytes) -> None:
        """Note the reviewers of the newest manifest, which was verified.

        Owners are computed again if they changed.

        Raises:
            ValueError: these bytes are no manifest.
        """
        listed = [[one["name"], one["sign"]] for one in json.loads(raw_manifest)["reviewers"]]
        text = json.dumps(listed)
        if text == self._setting(_REVIEWERS_SETTING):
            return
        self._small.run(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (_REVIEWERS_SETTING, text),
        )
        self.put_all_owners()

    def put_all_owners(self) -> None:
        """Compute the owner of every thread."""
        for thread, sha256, mailbox, server in self._small.rows(_THREADS):
            owner = self._owner(mailbox or sha256, server, ())
            self._small.run(
                "UPDATE inbox_threads SET owner = ?1 WHERE thread = ?2 AND owner <> ?1", (owner, thread)
            )
        named = self._small.rows(
            "SELECT DISTINCT r.thread FROM operations AS o JOIN submissions AS s ON s.envelope_sha256 = o.tip"
            " JOIN inbox_rows AS r ON r.submission = s.number WHERE o.kind = ? AND o.body IS NOT NULL",
            (OWNER,),
        )
        for (thread,) in named:
            self.put_owner(thread, self._operations.in_force_in_thread(thread, (OWNER,)))

    def seen(self, thread: int) -> dict[str, Json]:
        """The part of the operation that closes a thread: the ids of its newest tips, at most 6,144.

        Only an id that was seen can be listed, so no closing covers a message that its author did not have.
        """
        tips = sorted(self._tips(thread).values(), key=lambda tip: (tip.day, tip.short_id))
        ids = [tip.short_id for tip in tips[-MOST_TEXTS * _IDS_OF_A_TEXT :]]
        starts = range(0, len(ids), _IDS_OF_A_TEXT)
        return {"seen": [" ".join(ids[first : first + _IDS_OF_A_TEXT]) for first in starts]}

    def is_closed_for_some(self, thread: int) -> bool:
        """True if a closing is in force, for all tips of the thread or for the earlier ones."""
        return self._closed_by(thread) is not None

    def has_several_reviewers(self) -> bool:
        """True if the newest manifest lists colleagues; without any, each owner is this home."""
        return len(self._names()) > 1

    def _owner(self, thread: bytes, server: str, in_force: Sequence[Operation]) -> str:
        names = self._names()
        own_name = self._setting("name") or ""
        if server in ONLY_HERE or not names:
            return own_name
        named = [names[one.text("owner")] for one in in_force if one.text("owner") in names]
        if named:
            return named[-1]
        key = max(names, key=lambda key: owner_digest(thread, PartyVerifyKey.parse(key).to_bytes()))
        return names[key]

    def _names(self) -> Mapping[str, str]:
        """Names of the reviewers of the newest manifest, by printed key."""
        return {key: name for name, key in json.loads(self._setting(_REVIEWERS_SETTING) or "[]")}

    def _name_of(self, author: PartyVerifyKey) -> str:
        return self._names().get(str(author)) or f"former reviewer {author.to_bytes().hex()[:8]}"

    def _put_labels(self, thread: int, in_force: Sequence[Operation]) -> None:
        labels: dict[str, bool] = {}
        for one in in_force:
            labels[plain_line(one.text("label"), limit_letters=NAME_LETTERS)] = one.content.get("set") is True
        self._small.run("DELETE FROM inbox_labels WHERE thread = ?", (thread,))
        for label in sorted(label for label, is_set in labels.items() if is_set and label):
            self._small.run("INSERT INTO inbox_labels VALUES (?, ?)", (thread, label))

    def _tips(self, thread: int, only: int | None = None) -> dict[bytes, _Tip]:
        rows = self._small.rows(
            "SELECT s.envelope_sha256, r.submission, r.day, r.is_archived, s.imported_day FROM inbox_rows AS r"
            " JOIN submissions AS s ON s.number = r.submission WHERE r.thread = ?1 AND (?2 IS NULL"
            " OR r.submission = ?2)",
            (thread, only),
        )
        return {
            sha256: _Tip(number, sha256.hex()[:_SHOWN_DIGITS], day, bool(archived), dt.date.fromisoformat(imported))
            for sha256, number, day, archived, imported in rows
        }

    def _archive(self, tip: _Tip, today: dt.date | None) -> None:
        day = (today or tip.imported_day).isoformat()
        self._small.run("INSERT OR IGNORE INTO handled VALUES (?, ?)", (tip.number, day))
        self._small.run("UPDATE inbox_rows SET is_archived = 1 WHERE submission = ?", (tip.number,))

    def _unarchive(self, tip: _Tip) -> None:
        self._small.run("DELETE FROM handled WHERE submission = ?", (tip.number,))
        self._small.run("UPDATE inbox_rows SET is_archived = 0 WHERE submission = ?", (tip.number,))

    def _closed_by(self, thread: int) -> bytes | None:
        row = self._small.row("SELECT closed_by FROM inbox_threads WHERE thread = ?", (thread,))
        return row[0] if row else None

    def _setting(self, name: str) -> str | None:
        row = self._small.row("SELECT value FROM settings WHERE name = ?", (name,))
        return str(row[0]) if row else None


def _has_seen(closing: Operation, tip: _Tip) -> bool:
    """True if the tip was in the thread when it was closed."""
    seen = closing.content.get("seen")
    return isinstance(seen, list) and any(tip.short_id in str(some).split(" ") for some in seen)


def _order(operation: Operation) -> tuple[int, bytes, bytes, int, bytes]:
    return (operation.counter, *operation.place, operation.sha256)


def _last(in_force: Mapping[str, list[Operation]], kind: str) -> Operation | None:
    some = in_force.get(kind)
    return some[-1] if some else None


def _due_day(operation: Operation | None) -> str | None:
    try:
        day = dt.date.fromisoformat(operation.text("day")) if operation else None
    except ValueError:
        return None
    return day.isoformat() if day and day <= LATEST_DAY else None
