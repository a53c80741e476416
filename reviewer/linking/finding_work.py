"""Keeping and dismissing findings. An entity exists only because a person kept a finding."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from reviewer.casebook.finding_readings import PLACE, SAID_KINDS
from reviewer.casebook.findings import BY_HAND, FindingState, NewFinding, StoredFinding
from reviewer.casebook.identifier_keys import IdentifierMark
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.linking.identifier_marks import ADDED_LETTERS, stopped_place
from reviewer.linking.masking import Masks
from reviewer.linking.name_questions import PERSON, NameIndex
from reviewer.linking.present_places import require_region_for_kept
from reviewer.linking.tip_reading import KINDS, home_regions, keys_of
from reviewer.linking.tip_texts import text_by_place, texts_of, words_of
from reviewer.linking.unmasking import shown_with_reason
from reviewer.masks.equal_names import new_with_name
from reviewer.masks.lasting import masks_last_of
from reviewer.masks.protection import Protection
from reviewer.sharing.link_record import say_finding
from system.errors import ProgramError

MOST_AT_ONCE: Final = 2000


def keep(
    home: Home, numbers: Sequence[int], *, kind: str | None = None, entity: int | None = None, today: dt.date
) -> list[int]:
    """Keep findings, each as an entity of its own, or all as findings of ``entity``; the entities.

    A finding that is kept already moves to ``entity``, or stays where it is.

    A place or a date can be kept for an entity of any kind: it is said of it.

    Raises:
        ProgramError: no such finding or entity, or an unknown kind; nothing was kept.
    """
    _require_kind(kind)
    casebook, asked = home.casebook, kind
    kept: list[int] = []
    with masks_last_of(home, numbers, today=today):
        if entity is not None:
            into = casebook.entities.find(entity)
            kind = kind or into.kind
            if kind != into.kind and kind not in SAID_KINDS:
                raise ProgramError(
                    f"E-{entity} is of the kind {into.kind}, and a finding of {kind} is not part of it"
                )
        for number in dict.fromkeys(numbers):
            finding = casebook.findings.find(number)
            is_said = entity is not None and asked is None and finding.kind in SAID_KINDS
            if entity is not None:
                require_region_for_kept(home, entity, finding)
            if kind is not None and kind != finding.kind and not is_said:
                Masks(home).require_shown(finding)
                _change_kind(home, finding, kind)
            if (kind or finding.kind) == PLACE:
                _require_not_ours(home, _words_of(home, finding))
            where = entity if entity is not None else finding.entity
            if where != finding.entity:
                _require_may_go(home, finding, to=where)
            if where is None:
                where = casebook.entities.add(kind or finding.kind, today=today)
            casebook.findings.set_state(number, FindingState.KEPT, where)
            say_finding(home, number, today=today)
            casebook.log.add("finding kept", f"{number}, E-{where}", today=today)
            kept.append(where)
    return list(dict.fromkeys(kept))


def keep_all_like(home: Home, number: int, *, kind: str | None = None, today: dt.date) -> int:
    """Keep every new finding with the reading or the name of this one, as one entity; its number.

    Raises:
        ProgramError: no such finding, or it has no reading.
    """
    like = all_like_it(home, number)
    with home.casebook.changing():
        (entity,) = keep(home, [number], kind=kind, today=today)
        keep(home, [other for other in like if other != number], entity=entity, today=today)
    return entity


def dismiss(home: Home, numbers: Sequence[int], *, because: str = "", today: dt.date) -> None:
    """Dismiss findings; no reading brings them back. An entity goes with its last finding.

    Raises:
        ProgramError: no such finding, or masked words would be shown without a reason; nothing was dismissed.
    """
    _take_away(home, numbers, FindingState.DISMISSED, because, today=today)


def _take_away(home: Home, numbers: Sequence[int], state: FindingState, because: str, *, today: dt.date) -> None:
    """Dismiss findings or make them new again, with a reason where masked words are shown then."""
    findings, some = home.casebook.findings, list(dict.fromkeys(numbers))
    kept = [number for number in some if findings.find(number).entity is not None]
    with home.casebook.changing():
        with (
            shown_with_reason(home, kept, because, today=today) as reasons,
            masks_last_of(home, some, today=today),
        ):
            for number in some:
                _require_may_go(home, findings.find(number))
                findings.set_state(number, state)
                act = "finding dismissed" if state is FindingState.DISMISSED else "finding new again"
                home.casebook.log.add(act, f"{number}", today=today)
        for number in some:  # what is said without a reason leaves a mask, so it comes after the question for one
            say_finding(home, number, because=reasons.get(number, ""), today=today)


def dismiss_all_like(home: Home, number: int, *, because: str = "", today: dt.date) -> int:
    """Dismiss every new finding with the reading or the name of this one; how many.

    Raises:
        ProgramError: no such finding, or it has no reading.
    """
    numbers = list(dict.fromkeys([number, *all_like_it(home, number)]))
    dismiss(home, numbers, because=because, today=today)
    return len(numbers)


def make_new(home: Home, number: int, *, because: str = "", today: dt.date) -> None:
    """Take back that a finding was kept or dismissed.

    Raises:
        ProgramError: no such finding, or masked words would be shown without a reason.
    """
    _take_away(home, [number], FindingState.NEW, because, today=today)


def _require_may_go(home: Home, finding: StoredFinding, *, to: int | None = None) -> None:
    """Refuse to take a finding from a masked person, or the last one from a person who withdrew.

    Raises:
        ProgramError: her words would be shown, or the withdrawal would be gone when she is kept again.
    """
    casebook = home.casebook
    if finding.entity is None:
        return
    is_last = len(casebook.findings.of_entity(finding.entity, with_hidden=True)) == 1
    if is_last and casebook.entities.id_of(finding.entity) in casebook.consents.withdrawn():
        raise ProgramError(
            f"E-{finding.entity} withdrew consent, and this is the last finding: the withdrawal would go with it",
            hint="forget the person instead",
        )
    protected = Protection(casebook).numbers
    if finding.entity in protected and (is_last or to is not None) and to not in protected:
        raise ProgramError(
            f"P-{finding.entity} is masked, and these words would be shown: remove the mask first, with a reason",
            hint="take the role back, or forget the person",
        )


def add_finding(home: Home, submission: Submission, kind: str, words: str, *, today: dt.date) -> int:
    """Add a finding by hand and keep it; its number. ``words`` must stand in the tip as they are.

    New and dismissed findings that overlap with it make room: a person says where a name begins and ends.

    Raises:
        ProgramError: they do not stand there, or overlap only with kept findings, or the kind is unknown.
    """
    _require_kind(kind)
    if not words.strip() or len(words) > ADDED_LETTERS:
        raise ProgramError(f"the words of a finding must have 1 to {ADDED_LETTERS:,} letters")
    if kind == PLACE:
        _require_not_ours(home, words)
    casebook = home.casebook
    taken = casebook.findings.of(submission.number)
    stands = False
    for text in texts_of(home, submission):
        first = text.value.find(words)
        while first >= 0:
            stands = True
            end = first + len(words)
            there = [one for one in taken if one.text == text.place and first < one.end and one.first < end]
            if not any(one.state is FindingState.KEPT for one in there):
                with casebook.changing():
                    for one in there:
                        casebook.findings.remove(one.number)
                    new = NewFinding(text.place, first, len(words), kind, keys_of(kind, words, home_regions(home)))
                    number = casebook.findings.add(submission.number, new, version=BY_HAND)
                    if kind == PERSON:
                        NameIndex(home).put(number, words)
                    casebook.log.add("finding added", f"{submission.short_id}, {number}", today=today)
                    keep(home, [number], today=today)
                return number
            first = text.value.find(words, end)
    if stands:
        raise ProgramError("these words are a finding already", hint="keep that one, with --as for another kind")
    raise ProgramError(
        "these words do not stand in the tip", hint="copy them from the tip, with the same letters and blanks"
    )


def choose_reading(home: Home, number: int, reading: str, *, today: dt.date) -> None:
    """Say which of its readings a kept place or date means, as which of two towns of one name.

    Raises:
        ProgramError: no such finding, it is not kept, or it has no such reading.
    """
    finding = home.casebook.findings.find(number)
    if finding.state is not FindingState.KEPT or reading not in home.casebook.finding_readings.of(number):
        raise ProgramError(
            f"finding {number} must be kept, and have this reading",
            hint="tipline-review findings list HOME TIP --json",
        )
    with home.casebook.changing():
        home.casebook.finding_readings.put(number, [reading])
        home.casebook.log.add("reading chosen", f"{number}", today=today)


def all_like_it(home: Home, number: int) -> list[int]:
    """The new findings with the first reading or the name of this one.

    Raises:
        ProgramError: no such finding, or it has no reading.
    """
    finding = home.casebook.findings.find(number)
    if finding.kind == PERSON:
        return new_with_name(home.casebook, finding, most=MOST_AT_ONCE)
    readings = home.casebook.identifiers.of(number)
    if not readings:
        raise ProgramError(
            "this finding has no reading, so no other is like it", hint="name each finding by its number"
        )
    places = home.casebook.identifiers.places(readings[0], most=MOST_AT_ONCE)
    return [other for _submission, other in places if home.casebook.findings.find(other).state is FindingState.NEW]


def _change_kind(home: Home, finding: StoredFinding, kind: str) -> None:
    words = _words_of(home, finding)
    home.casebook.findings.set_kind(finding.number, kind)
    home.casebook.findings.put_keys(finding.number, kind, keys_of(kind, words, home_regions(home)))
    names = NameIndex(home)
    if kind == PERSON:
        names.put(finding.number, words)
    else:
        names.remove(finding.number)


def _words_of(home: Home, finding: StoredFinding) -> str:
    submission = home.casebook.submissions.by_number(finding.submission)
    return words_of(text_by_place(home, submission), finding)


def _require_not_ours(home: Home, words: str) -> None:
    if home.casebook.identifiers.is_marked(stopped_place(words), IdentifierMark.STOPPED):
        raise ProgramError(
            "this place is on the stop list, as one of our own: it is no finding",
            hint="tipline-review findings mark HOME stopped WORDS --place --undo takes it off the list",
        )


def _require_kind(kind: str | None) -> None:
    if kind is not None and kind not in KINDS:
        raise ProgramError(f"a kind must be one of: {', '.join(KINDS)}")
