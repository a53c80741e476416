"""Handing a case to another organisation: preview, comparison of words, and the sealed file."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from crypto.errors import CryptoError
from crypto.hand_over.hand_over_file import HandOverWriter
from crypto.hand_over.key_file import LONGEST_FILE_BYTES, HandOverParty
from crypto.hand_over.statement import ID_BYTES, HandedFile, HandedTip, HandOverStatement, tip_id_of
from crypto.submissions.submission import Kind
from reviewer.casebook.leaving import HAND_OVER, Departure
from reviewer.casebook.submission import Submission
from reviewer.cases.clean_export import files_of
from reviewer.cases.quarantine import require_not_quarantined
from reviewer.cases.shown_code import require_shown, shown_code, text_names
from reviewer.cases.text_mask import TextMask, require_masks
from reviewer.home.home import Home
from reviewer.leaving.leaving_files import LEAVE
from reviewer.leaving.own_keys import hand_over_key
from reviewer.leaving.passages import ticks_of
from reviewer.leaving.report import masked_words_sentence
from system.atomic_files import whole_file
from system.errors import ProgramError, system_reason

ACT: Final = "hand-over"
ASK: Final = "only-if-you-agree"
TOLD: Final = {
    "agreed": "The source agreed to it, in this conversation.",
    "life-in-danger": "The site says: we tell no one without your yes, unless a child or a life is in danger.",
    "must-report": "The site says: some things we must report by law. This is one.",
    "nothing-said": "The site says nothing about sharing, and the source did not either.",
    ASK: "The site says: we tell no one without your yes. The source did not say yes.",
}
"""How the source was told about sharing, in words for staff; with :data:`ASK` nothing is handed over."""

_NEVER: Final = frozenset({"language", "answer"})
_SEALED_NAME: Final = "sealed text"
_MASKED_NAME: Final = "masked words"


@dataclass(frozen=True, slots=True)
class FieldOffer:
    """One field of a tip, by number from 1 and by tick. Name and value are untrusted."""

    number: int
    name: str
    value: str = field(repr=False)
    tick: str = ""


@dataclass(frozen=True, slots=True)
class HandOverTip:
    """The ticked fields and files of a tip, by their numbers in the preview."""

    submission: Submission
    fields: frozenset[int]
    files: frozenset[int]


def fields_of(home: Home, submission: Submission) -> list[FieldOffer]:
    """The fields that may leave; the mailbox and the language of the page never do."""
    outside = [
        (one.name, one.value) for one in home.casebook.submissions.fields(submission) if one.name not in _NEVER
    ]
    inside = [
        (_SEALED_NAME, one.value)
        for sealed in home.casebook.sealed_files.of(submission).values()
        for one in sealed.fields
    ]
    ticks = ticks_of(submission, text_names([*outside, *inside]))
    return [
        FieldOffer(number, name, value, tick)
        for number, ((name, value), tick) in enumerate(zip([*outside, *inside], ticks, strict=True), 1)
    ]


def read_key_file(path: Path) -> HandOverParty:
    """The key file of another organisation.

    Raises:
        ProgramError: it cannot be read, or is none.
    """
    try:
        with path.open("rb") as file:
            return HandOverParty.parse(file.read(LONGEST_FILE_BYTES + 1))
    except OSError as error:
        raise ProgramError(f"{path} cannot be read: {system_reason(error)}") from error
    except CryptoError as error:
        raise ProgramError(
            f"{path.name} is no hand-over key file: {error}",
            hint="the other organisation writes it with tipline-review hand-over key",
        ) from error


def require_compared(home: Home, party: HandOverParty, *, typed_words: str | None, today: dt.date) -> None:
    """Return when the words of this key file were compared by telephone, now or before.

    Words that fit are remembered.

    Raises:
        ProgramError: it is not known, and no words were typed, or others.
    """
    if home.casebook.partners.is_known(party.to_bytes()):
        return
    if not typed_words or not typed_words.strip():
        raise ProgramError(
            "the key of this organisation was not compared yet",
            hint="call them at a number that you had before, and type the seven words that they read to you",
        )
    if typed_words.casefold().split() != party.words.split():
        raise ProgramError(
            "the words of this key are others than those that you typed",
            hint="listen again; if they still differ, the file is not theirs: use it for nothing",
        )
    with home.casebook.changing():
        home.casebook.partners.add(party.to_bytes(), party.organisation, today=today)
        home.casebook.log.add("key compared", party.words, today=today)


def require_may_share(told: str) -> None:
    """Return when what the source was told allows it to hand its tip over.

    Raises:
        ProgramError: staff did not say what it was, or the source was promised that no one is told.
    """
    if told not in TOLD:
        raise ProgramError(
            "say what the source was told about sharing", hint=f"one of {', '.join(TOLD)}; the site shows its words"
        )
    if told == ASK:
        raise ProgramError(
            "the source was told that no one is told without its yes, so nothing is handed over",
            hint="ask the source in an answer; when it has agreed, do this again with agreed",
        )


def require_something(tips: Sequence[HandOverTip]) -> None:
    """Return when something of each tip leaves.

    Raises:
        ProgramError: of a tip neither a field nor a file is ticked; an empty case would reach the other side.
    """
    for one in tips:
        if not (one.fields or one.files):
            raise ProgramError(
                f"nothing of {one.submission.short_id} is ticked, so an empty case would leave",
                hint="tick at least one field or file of each tip",
            )


def hand_over_code(
    home: Home, tips: Sequence[HandOverTip], *, to: HandOverParty, told: str, masks: Sequence[str]
) -> str:
    """The code of what would leave: the receiver's key, and each ticked field and file as it would leave.

    Raises:
        ProgramError: a tip that cannot be handed over, or a word to mask that does not leave anyway.
    """
    mask = _mask(home, tips, masks)
    return shown_code([to.sha256, told, *(asdict(_handed(home, one, mask)) for one in tips)])


def write_hand_over(
    home: Home,
    tips: Sequence[HandOverTip],
    out: Path,
    *,
    to: HandOverParty,
    typed_words: str | None,
    told: str,
    masks: Sequence[str] = (),
    noted: Callable[[], None] | None = None,
    code: str | None = None,
    today: dt.date,
) -> HandOverStatement:
    """Write the sealed file, and return what it says.

    A mark stands in place of each of the ``masks``, in fields and in names of files; a field of its own says so.
    ``noted`` is called in the transaction that records the departure. ``code`` is that of a preview before.

    Raises:
        Quarantined: a ticked file is in quarantine; the attempt was counted.
        ProgramError: no tip, or one that cannot be handed over; a word to mask that does not leave anyway;
            :func:`require_may_share`; :func:`require_compared`; the code is not that of what would leave now; or
            the file cannot be written. Nothing is written then.
    """
    require_may_share(told)
    if not tips:
        raise ProgramError("a hand-over needs at least one tip")
    require_something(tips)
    _require_no_quarantine(home, tips, today)
    mask = _mask(home, tips, masks)
    if code is not None:
        require_shown(code, hand_over_code(home, tips, to=to, told=told, masks=masks))
    keys = hand_over_key(home, today=today)
    if to.sha256 == keys.party().sha256:
        raise ProgramError("this is the key file of this home", hint="give the one of the other organisation")
    require_compared(home, to, typed_words=typed_words, today=today)
    statement = HandOverStatement(
        keys.party(),
        to.sha256,
        secrets.token_bytes(ID_BYTES),
        today,
        told,
        [_handed(home, one, mask) for one in tips],
    )
    try:
        statement.to_bytes()
    except CryptoError as error:
        raise ProgramError(
            f"this case cannot be handed over: {error}", hint="hand over fewer tips at a time"
        ) from error
    if out.exists():
        raise ProgramError(f"{out} is there already", hint="name a file that does not exist yet")
    with whole_file(out) as sink:
        writer = HandOverWriter(sink.write, statement=statement, keys=keys, to=to)
        for one in tips:
            for number, (_file, read) in enumerate(files_of(home, one.submission), 1):
                if number in one.files:
                    writer.file(read())
        writer.finish()
        with home.casebook.changing():
            if noted is not None:
                noted()
            _record(home, tips, statement, to=to, today=today)
    return statement


def _require_no_quarantine(home: Home, tips: Sequence[HandOverTip], today: dt.date) -> None:
    for one in tips:
        for number, (file, read) in enumerate(files_of(home, one.submission), 1):
            if number in one.files:
                require_not_quarantined(home, one.submission, file, read, act=LEAVE, today=today)


def handed_texts(home: Home, tips: Sequence[HandOverTip]) -> list[str]:
    """The texts that leave: ticked fields, and names of ticked files."""
    texts = []
    for one in tips:
        texts += [each.value for each in fields_of(home, one.submission) if each.number in one.fields]
        texts += [file.name for n, (file, _read) in enumerate(files_of(home, one.submission), 1) if n in one.files]
    return texts


def _mask(home: Home, tips: Sequence[HandOverTip], masks: Sequence[str]) -> TextMask:
    """The words that are left out.

    Raises:
        ProgramError: one of them is in no ticked field and in no name of a ticked file.
    """
    require_masks(handed_texts(home, tips) if masks else [], masks)
    return TextMask(masks)


def _handed(home: Home, tip: HandOverTip, mask: TextMask) -> HandedTip:
    one = tip.submission
    if one.kind is not Kind.SUBMISSION:
        raise ProgramError(f"{one.short_id} is no tip that was opened, so it cannot be handed over")
    offers = {each.number: (each.name, each.value) for each in fields_of(home, one)}
    files = {number: file for number, (file, _read) in enumerate(files_of(home, one), 1)}
    if not (tip.fields <= offers.keys() and tip.files <= files.keys()):
        raise ProgramError("fields and files must be among those of the preview")
    fields = [(name, mask.within(value)) for name, value in map(offers.__getitem__, sorted(tip.fields))]
    names = {number: mask.within(files[number].name) for number in sorted(tip.files)}
    if mask.masked:
        fields.append((_MASKED_NAME, masked_words_sentence(len(mask.masked))))
    return HandedTip(
        tip_id_of(one.envelope.sha256),
        one.day or one.imported_day,
        fields,
        [
            HandedFile(names[number], files[number].media_type, files[number].length_bytes, files[number].sha256)
            for number in sorted(tip.files)
        ],
    )


def _record(
    home: Home, tips: Sequence[HandOverTip], statement: HandOverStatement, *, to: HandOverParty, today: dt.date
) -> None:
    ids = " ".join(one.submission.short_id for one in tips)
    home.casebook.log.add(ACT, f"{ids} to {to.organisation}, {to.words}", today=today)
    home.casebook.departures.add(
        Departure(
            today,
            HAND_OVER,
            to.organisation,
            to.words,
            hashlib.sha256(statement.to_bytes()).digest(),
            sum(len(one.fields) for one in statement.tips),
            sum(len(one.files) for one in statement.tips),
            TOLD[statement.told],
            tuple(one.submission.envelope.sha256 for one in tips),
        )
    )
