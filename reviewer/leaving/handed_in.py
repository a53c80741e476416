"""Importing a case that another organisation handed over: verified, kept once, without a mailbox."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from crypto.errors import BadSignature, CryptoError, NoKeyOpens, NotForUs
from crypto.hand_over.hand_over_file import HandOverReader, open_hand_over
from crypto.hand_over.statement import HandedTip, HandOverStatement
from reviewer.casebook.handed_over import HandedOver, HandedOverTips
from reviewer.cases.quarantine import screen
from reviewer.home.home import Home
from reviewer.leaving.handing_over import TOLD, require_compared
from reviewer.leaving.own_keys import hand_over_keys
from system.errors import ProgramError
from system.given_files import open_given

ACT: Final = "hand-over read"
_SHOWN_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class HandedIn:
    """An imported case: ids of the tips that are new here, and how many were here before."""

    statement: HandOverStatement
    kept: Sequence[str]
    known: int


def look_at_hand_over(home: Home, path: Path) -> HandOverStatement:
    """Verify a whole file and read what it says; nothing is kept.

    Raises:
        ProgramError: as :func:`read_hand_over`, but for the words.
    """
    with open_given(path) as source:
        try:
            reader = _opened(home, source)
            for tip in reader.statement.tips:
                for file in tip.files:
                    for _piece in reader.pieces(file):
                        pass
            reader.finish()
        except CryptoError as error:
            raise _refused(error) from error
    return reader.statement


def read_hand_over(home: Home, path: Path, *, typed_words: str | None, today: dt.date) -> HandedIn:
    """Verify a file and keep its tips, in one transaction.

    Raises:
        ProgramError: not such a file, for another home, changed, or imported before; or its sender is not known
            and the words of its key were not typed. The casebook is as it was then.
    """
    home.casebook.sweep()
    with open_given(path) as source:
        try:
            reader = _opened(home, source)
            with home.casebook.changing():
                require_compared(home, reader.statement.sender, typed_words=typed_words, today=today)
                return _keep(home, reader, today)
        except CryptoError as error:
            raise _refused(error) from error


def _opened(home: Home, source: BinaryIO) -> HandOverReader:
    keys = hand_over_keys(home)
    if not keys:
        raise ProgramError(
            "this home has no hand-over key yet, so nothing can be sealed to it",
            hint="make it with tipline-review hand-over key, and give it to the other organisation",
        )
    reader = open_hand_over(
        source,
        keys=[one.sealed for one in keys],
        own_sha256=frozenset(one.party().sha256 for one in keys),
    )
    day = home.casebook.handed_over.imported_day(reader.sha256)
    if day is not None:
        raise ProgramError(f"this case was imported on {day.isoformat()}; a case is imported once")
    return reader


def _keep(home: Home, reader: HandOverReader, today: dt.date) -> HandedIn:
    statement = reader.statement
    register = home.casebook.handed_over
    register.begin(reader.sha256, HandedOver(statement.sender.organisation, today, TOLD[statement.told]))
    sender = statement.sender.sign.to_bytes()
    kept, known = [], 0
    for tip in statement.tips:
        digest = HandedOverTips.digest_of(sender, tip.tip_id)
        is_known = home.casebook.submissions.is_known(digest)
        _take(home, reader, tip, digest=digest, is_known=is_known, today=today)
        if is_known:
            known += 1
        else:
            kept.append(digest.hex()[:_SHOWN_DIGITS])
    reader.finish()
    home.casebook.log.add(
        ACT, f"{' '.join(kept) or 'nothing new'} from {statement.sender.organisation}", today=today
    )
    return HandedIn(statement, kept, known)


def _take(
    home: Home, reader: HandOverReader, tip: HandedTip, *, digest: bytes, is_known: bool, today: dt.date
) -> None:
    """Keep one tip, or read over one that is here."""
    arrival = home.casebook.submissions.arrival()
    try:
        for name, value in tip.fields:
            arrival.field(name, value)
        for file in tip.files:
            arrival.begin_file(file.name, file.media_type)
            for piece in reader.pieces(file):
                arrival.data(piece)
            arrival.end_file(file.sha256)
        if is_known:
            arrival.content.discard()
            return
        home.casebook.handed_over.keep(
            arrival,
            digest=digest,
            statement_sha256=reader.sha256,
            arrived=tip.arrived,
            content_bytes=sum(one.length_bytes for one in tip.files),
            today=today,
        )
        screen(home, home.casebook.submissions.find(digest.hex()), today=today)
    finally:
        arrival.content.stop()


def _refused(error: CryptoError) -> ProgramError:
    if isinstance(error, NoKeyOpens):
        return ProgramError("this case is sealed to another home", hint="ask the sender which key file they used")
    if isinstance(error, NotForUs):
        return ProgramError(
            "this case was signed for another home, and sealed to this one by a third party",
            hint="tell the sender: their receiver gave it on",
        )
    if isinstance(error, BadSignature):
        return ProgramError("the signature of this case does not fit", hint="ask the sender for the file again")
    return ProgramError(
        f"this is no case that can be imported: {error}", hint="ask the sender for the file again; nothing was kept"
    )
