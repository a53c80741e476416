"""Ends a yes that lies in the bin, where a tip of its mailbox goes that may have taken it back.

The tip with the yes may come back from the bin, and the other one not. So the mark lies with the packed rows: it
comes back with its tip, and nothing of it stays without the tip.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from crypto.questions.answers import FORM_FIELD
from reviewer.casebook.database import CasebookFiles
from reviewer.casebook.mailbox_voice import (
    ASKED_FOR,
    VOICE,
    WORDS_KNOWN,
    MailboxVoice,
    answers_of,
    ended_of,
    no_yes,
    tips_of_mailbox,
)
from reviewer.casebook.registers import Questionnaires

_MAILBOX_BYTES: Final = 32
_FEW: Final = 8


@dataclass(frozen=True, slots=True)
class _Gone:
    """A tip that goes: the readers for whom each yes until the day ``last`` is over.

    ``refused`` are those for whom its mailbox had not said yes: a tip of a form that does not ask says no more.
    """

    last: dt.date
    readers: Collection[str]
    refused: Collection[str]


def end_binned_voices(files: CasebookFiles, tips: Collection[int]) -> None:
    """Mark what the bin has of the mailboxes of these tips, in the caller's transaction.

    Call it before the rows of these tips go, and before one of them lies in the bin itself.
    """
    if files.small.row("SELECT 1 FROM binned_envelopes LIMIT 1") is None:
        return
    gone = _gone(files, tips)
    if not gone:
        return
    for sha256 in list(_binned(files, gone)):
        row = files.envelopes.row("SELECT packed FROM bin WHERE envelope_sha256 = ?", (sha256,))
        if row is not None and (marked := _marked(bytes(row[0]), gone)) is not None:
            files.envelopes.run("UPDATE bin SET packed = ? WHERE envelope_sha256 = ?", (marked, sha256))


def _gone(files: CasebookFiles, tips: Collection[int]) -> dict[str, list[_Gone]]:
    """By mailbox, in hexadecimal digits: each tip with ticks or an answer that is no yes."""
    found: dict[str, list[_Gone]] = {}
    known, ended = Questionnaires(files.small), ended_of(files.small, tips)
    for number, (day, fields) in answers_of(files.small, tips).items():
        readers = no_yes(known, fields, ended.get(number, ()))
        if not readers and number not in ended and not MailboxVoice.of(files.small, [number]).ticked:
            continue
        row = files.small.row(
            "SELECT substr(mailbox, 1, ?) FROM submissions WHERE number = ?", (_MAILBOX_BYTES, number)
        )
        if row is not None and row[0] is not None:
            # Who has the words could answer later, too.
            last = dt.date.max if WORDS_KNOWN in fields else day
            voice = MailboxVoice.of(files.small, tips_of_mailbox(files.small, number))
            refused = [reader for reader in ASKED_FOR if voice.refuses(reader)]
            found.setdefault(bytes(row[0]).hex(), []).append(_Gone(last, readers, refused))
    return found


def _binned(files: CasebookFiles, mailboxes: Collection[str]) -> Iterator[bytes]:
    """The digests of tips in the bin that may be of one of these mailboxes."""
    if len(mailboxes) > _FEW:
        yield from (sha256 for (sha256,) in files.envelopes.rows("SELECT envelope_sha256 FROM bin"))
        return
    for mailbox in mailboxes:
        rows = files.envelopes.rows(
            "SELECT envelope_sha256 FROM bin WHERE instr(packed, ?)", (mailbox.encode("ascii"),)
        )
        yield from (sha256 for (sha256,) in rows)


def _marked(packed: bytes, gone: Mapping[str, Collection[_Gone]]) -> bytes | None:
    """The packed rows of a tip with the mark; None where nothing of its mailbox goes."""
    tables = json.loads(packed)
    named = {table: (columns, rows) for table, columns, rows in tables}
    columns, (values,) = named["submissions"]
    tip = dict(zip(columns, values, strict=True))
    mailbox = tip["mailbox"]["hex"][: 2 * _MAILBOX_BYTES] if tip["mailbox"] else ""
    if mailbox not in gone:
        return None
    columns, rows = named["voices_ended"]
    over = {reader for row in rows for reader in dict(zip(columns, row, strict=True))["readers"].split()}
    day = dt.date.fromisoformat(tip["day"] or tip["imported_day"])
    columns_of_fields, fields = named["fields"]
    of_fields = [dict(zip(columns_of_fields, row, strict=True)) for row in fields]
    asks = any((one["name"], one["value"]) == (FORM_FIELD, VOICE) for one in of_fields)
    for one in gone[mailbox]:
        over.update(one.readers if day <= one.last else (), () if asks else one.refused)
    mark = {"submission": tip["number"], "readers": " ".join(sorted(over))}
    rows[:] = [[mark[column] for column in columns]]
    return json.dumps(tables).encode("ascii")
