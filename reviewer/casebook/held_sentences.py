"""Sentences that stay held back although what spoke against them went, and releases to renew.

Tips go, acceptances and answers about two facilities are undone. Nothing here has a day until
a person decides: the log has the day on which a tip went, and the two together would tell where it belonged.
"""

import datetime as dt
import json
import secrets
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.mailbox_voice import (
    ASKED_FOR,
    WORDS_KNOWN,
    MailboxVoice,
    answers_of,
    asks,
    ended_of,
    no_yes,
    tips_of_mailbox,
)
from reviewer.casebook.registers import Questionnaires

_JOINING: Final = (("same_contents", "sha256"), ("joined_sources", "mark"))
"""Tables in which two tips with the same value are of one source."""
_MARK_BYTES: Final = 16


class HeldSentences:
    """Sentences that stay held back once their tips go. Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def keep(self, tips: Collection[int], *, in_bin: bytes = b"") -> None:
        """Call this before the rows of these tips go; ``in_bin`` is the digest of one that may come back.

        Kept are the facilities and the readers for whom a source had not said yes, and nothing else of the tips.
        """
        left = set(tips)
        while left:
            mailbox = tips_of_mailbox(self._small, min(left))
            gone = left.intersection(mailbox)
            left -= gone | {min(left)}
            rest = [one for one in mailbox if one not in gone]
            self._keep_joined(gone, rest, apart=[*mailbox, *(set(tips) - left)])
            for tip, facility in self._accepted(sorted(gone)):
                self.renew(tip, self.same_place(facility))
            for facility, reader in self._held(mailbox, gone):
                self._small.run("INSERT OR IGNORE INTO sentences_held VALUES (?, ?, ?)", (facility, reader, in_bin))
            self._mark_others(mailbox, gone)

    def keep_before_change(self, tip: int) -> None:
        """Call this before the contents of a tip change, or go into the bin.

        Mailboxes with equal contents stay one source.
        """
        self._keep_joined([tip], [tip], apart=tips_of_mailbox(self._small, tip))

    def hold(self, facility: int, readers: Iterable[str]) -> None:
        """Hold back, for good, every sentence from tips about a facility for these readers."""
        for reader in readers:
            self._small.run("INSERT OR IGNORE INTO sentences_held VALUES (?, ?, x'')", (facility, reader))

    def hold_until_decided(self, facility: int, readers: Iterable[str]) -> None:
        """Hold them back until a person decides: a source without a yes does not count there any more.

        After the decision each sentence needs a new release.
        """
        for reader in readers:
            self._small.run(
                "INSERT OR IGNORE INTO refusals_undone (facility, reader) VALUES (?, ?)", (facility, reader)
            )
            self._small.run(
                "UPDATE sentence_releases SET to_renew = 1 WHERE withdrawn_day IS NULL AND reader = ?"
                " AND facility IN (SELECT value FROM json_each(?))",
                (reader, json.dumps(self.same_place(facility))),
            )

    def undecided(self, facilities: Collection[int]) -> list[tuple[int, str]]:
        """Facility and reader where a person has to decide."""
        return self._small.rows(
            "SELECT facility, reader FROM refusals_undone WHERE decided_day IS NULL"
            " AND facility IN (SELECT value FROM json_each(?)) ORDER BY facility, reader",
            (json.dumps(sorted(facilities)),),
        )

    def decide(self, facilities: Collection[int], reader: str, *, because: str, today: dt.date) -> None:
        """A person decided that what held back does not speak of these facilities; the reason stays."""
        self._small.run(
            "UPDATE refusals_undone SET decided_day = ?, because = ? WHERE decided_day IS NULL AND reader = ?"
            " AND facility IN (SELECT value FROM json_each(?))",
            (today.isoformat(), because, reader, json.dumps(sorted(facilities))),
        )

    def decided(self, facilities: Collection[int], reader: str) -> list[tuple[dt.date, str]]:
        """Day and reason of each such decision."""
        rows = self._small.rows(
            "SELECT DISTINCT decided_day, because FROM refusals_undone WHERE decided_day IS NOT NULL AND reader = ?"
            " AND facility IN (SELECT value FROM json_each(?)) ORDER BY decided_day, because",
            (reader, json.dumps(sorted(facilities))),
        )
        return [(dt.date.fromisoformat(day), because) for day, because in rows]

    def renew(self, tip: int, facilities: Collection[int]) -> None:
        """Releases at these facilities that may rest on the source of a tip need a new one.

        Call it before the tip or its acceptance leaves the place. A source that was not asked ends none.
        """
        mailbox = tips_of_mailbox(self._small, tip)
        voice = MailboxVoice.of(self._small, mailbox)
        # Equal contents make one source of several mailboxes: the others may have ticked more, and been asked.
        is_any = voice.are_ticks_gone or self.equal_mailboxes(mailbox, mailbox) > 0
        if not (is_any or voice.was_asked):
            return
        accepted = self._small.rows(
            "SELECT indicators FROM facility_tips WHERE submission IN (SELECT value FROM json_each(?))",
            (json.dumps(mailbox),),
        )
        ticked = voice.ticked.union(*(indicators.split() for (indicators,) in accepted))
        self._small.run(
            "UPDATE sentence_releases SET to_renew = 1 WHERE withdrawn_day IS NULL"
            " AND facility IN (SELECT value FROM json_each(?1))"
            " AND (?2 OR indicator IN (SELECT value FROM json_each(?3)))",
            (json.dumps(sorted(facilities)), int(is_any), json.dumps(sorted(ticked))),
        )

    def same_place(self, facility: int) -> list[int]:
        """The facilities that a person or a rule calls one place with this one; itself too."""
        rows = self._small.rows(
            "WITH RECURSIVE place (facility) AS (SELECT ? UNION"
            " SELECT iif(d.one = p.facility, d.other, d.one) FROM place AS p JOIN facility_decisions AS d"
            " ON d.one = p.facility OR d.other = p.facility WHERE d.verdict = 'same' AND d.undone_day IS NULL"
            " AND (d.rule = '' OR NOT EXISTS (SELECT 1 FROM facility_decisions AS person WHERE person.one = d.one"
            " AND person.other = d.other AND person.rule = '' AND person.verdict = 'different'"
            " AND person.undone_day IS NULL)))"
            " SELECT facility FROM place ORDER BY facility",
            (facility,),
        )
        return [number for (number,) in rows]

    def at(self, facilities: Collection[int]) -> list[tuple[int, str]]:
        """Facility and reader where a sentence is held back."""
        return self._small.rows(
            "SELECT DISTINCT facility, reader FROM sentences_held"
            " WHERE facility IN (SELECT value FROM json_each(?)) ORDER BY facility, reader",
            (json.dumps(sorted(facilities)),),
        )

    def facilities(self) -> set[int]:
        """Every facility where a sentence is held back, for good or until a person decides."""
        rows = self._small.rows(
            "SELECT facility FROM sentences_held UNION"
            " SELECT facility FROM refusals_undone WHERE decided_day IS NULL"
        )
        return {number for (number,) in rows}

    def equal_mailboxes(self, mailbox: Sequence[int], tips: Collection[int]) -> int:
        """The number of other mailboxes with an accepted tip that are one source with ``tips``."""
        row = self._small.row(
            "SELECT count(DISTINCT coalesce(substr(s.mailbox, 1, 32), s.number)) FROM submissions AS s"
            " WHERE s.number IN (SELECT value FROM json_each(?1))"
            " AND (EXISTS (SELECT 1 FROM facility_tips AS t"
            " WHERE t.submission = s.number AND t.undone_day IS NULL)"
            " OR EXISTS (SELECT 1 FROM submissions AS o JOIN facility_tips AS t ON t.submission = o.number"
            " WHERE t.undone_day IS NULL AND o.mailbox IS NOT NULL"
            " AND substr(o.mailbox, 1, 32) = substr(s.mailbox, 1, 32)))",
            (json.dumps(sorted({other for _value, other in self._joined(tips, apart=mailbox)})),),
        )
        return int(row[0]) if row else 0

    def marks_of(self, tips: Collection[int]) -> list[bytes]:
        """The marks of these tips, which stand for contents that went."""
        rows = self._small.rows(
            "SELECT DISTINCT mark FROM joined_sources WHERE submission IN (SELECT value FROM json_each(?))",
            (json.dumps(list(tips)),),
        )
        return [bytes(mark) for (mark,) in rows]

    def _joined(self, tips: Collection[int], *, apart: Collection[int]) -> list[tuple[bytes, int]]:
        """Each other tip that is of one source with these, and the value that both have."""
        numbers = json.dumps(sorted(tips)), json.dumps(sorted(apart))
        return [
            row
            for table, value in _JOINING
            for row in self._small.rows(
                f"SELECT mine.{value}, equal.submission FROM {table} AS mine JOIN {table} AS equal"  # noqa: S608
                f" ON equal.{value} = mine.{value} WHERE mine.submission IN (SELECT value FROM json_each(?))"
                " AND equal.submission NOT IN (SELECT value FROM json_each(?)) ORDER BY equal.submission",
                numbers,
            )
        ]

    def _keep_joined(self, gone: Collection[int], rest: Sequence[int], *, apart: Collection[int]) -> None:
        """Mark tips that stay, before the contents go that make one source of their mailboxes.

        ``rest`` stays of the mailbox. ``apart`` are its tips, and those of which this was done already.
        """
        others = dict(self._joined(gone, apart=apart))
        # Also marks that no other tip has now: one may lie in the bin.
        marked = [(tip, mark) for tip in rest[:1] for mark in self.marks_of(gone)]
        if others and len(joined := {*others.values(), *rest[:1]}) > 1:
            new = secrets.token_bytes(_MARK_BYTES)
            marked += [(tip, new) for tip in joined]
        for tip, mark in marked:
            self._small.run("INSERT OR IGNORE INTO joined_sources VALUES (?, ?)", (tip, mark))

    def _accepted(self, mailbox: Sequence[int]) -> list[tuple[int, int]]:
        """Each accepted tip of a mailbox with its facility."""
        return self._small.rows(
            "SELECT submission, facility FROM facility_tips WHERE undone_day IS NULL"
            " AND submission IN (SELECT value FROM json_each(?))",
            (json.dumps(list(mailbox)),),
        )

    def _held(self, mailbox: Sequence[int], gone: Collection[int]) -> list[tuple[int, str]]:
        """The places where a source without a yes leaves no accepted tip or no answer, with the readers."""
        accepted = self._accepted(mailbox)
        if not accepted:
            return []
        rest = [one for one in mailbox if one not in gone]
        voice = MailboxVoice.of(self._small, mailbox)
        left = {facility for tip, facility in accepted if tip in rest}
        stays = left if MailboxVoice.of(self._small, rest).was_asked else set()
        return [
            (facility, reader)
            for facility in {facility for _tip, facility in accepted}
            for reader in ASKED_FOR
            if facility not in stays and voice.refuses(reader)
        ]

    def _mark_others(self, mailbox: Sequence[int], gone: Collection[int]) -> None:
        others = [one for one in mailbox if one not in gone]
        went = answers_of(self._small, sorted(gone)) if others else {}
        if not any(fields for _day, fields in went.values()):
            return
        known, ended = Questionnaires(self._small), ended_of(self._small, mailbox)
        voice = MailboxVoice.of(self._small, mailbox)
        refused = {reader for reader in ASKED_FOR if voice.refuses(reader)}
        over = [
            # Who has the words could answer later, too.
            (dt.date.max if WORDS_KNOWN in fields else day, no_yes(known, fields, ended.get(one, ())))
            for one, (day, fields) in went.items()
        ]
        for number, (day, fields) in answers_of(self._small, others).items():
            readers = set(ended.get(number, ())).union(*(some for gone_day, some in over if day <= gone_day))
            if not asks(known, fields):
                # It has no newer answer of its own, whatever its day is.
                readers |= refused
            self._small.run(
                "INSERT OR REPLACE INTO voices_ended VALUES (?, ?)", (number, " ".join(sorted(readers)))
            )
