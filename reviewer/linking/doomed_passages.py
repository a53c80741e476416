"""Everything that a forgetting reaches: findings, equal names, and the same words beside them.

A stretch without a finding gets one that is not stored. Its number is made of its place, so that a person can
choose for it.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from reviewer.casebook.file_pictures import PICTURE_PARTS
from reviewer.casebook.finding_readings import SAID_KINDS
from reviewer.casebook.findings import BY_HAND, FindingState, StoredFinding, TextPlace
from reviewer.casebook.folded_text import folded
from reviewer.casebook.identifier_keys import Identifier
from reviewer.casebook.staff_texts import ENTITY, FACILITY, TIP, StaffText
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.linking.masking import Masks
from reviewer.linking.name_questions import PERSON
from reviewer.linking.tip_reading import IDENTIFIERS, forgotten_name
from reviewer.linking.tip_texts import text_by_place
from reviewer.masks.equal_names import equal_names
from reviewer.masks.word_places import has_words, places_of_words
from reviewer.matching.name_keys import name_form

_MOST_PLACES: Final = 10_000
_UNSTORED: Final = 1 << 31
"""Numbers from here on are of stretches without a finding."""


def doomed_findings(home: Home, cluster: Collection[int]) -> list[StoredFinding]:
    """The findings and stretches that go with these entities, in the order of tips and texts."""
    casebook = home.casebook
    found = {one.number: one for entity in cluster for one in casebook.findings.of_entity(entity, with_hidden=True)}
    for identifier in identifiers_of(home, list(found.values())):
        for _submission, other in casebook.identifiers.places(
            identifier, most=_MOST_PLACES, with_dismissed=True, with_hidden=True
        ):
            one = casebook.findings.find(other, with_hidden=True)
            if one.entity is None or one.entity in cluster:
                found.setdefault(other, one)
    found |= {one.number: one for one in _equal_names(home, list(found.values()))}
    found |= {one.number: one for one in _beside(home, list(found.values()))}
    return sorted(found.values(), key=lambda one: (one.submission, one.text, one.first))


def identifiers_of(home: Home, findings: Sequence[StoredFinding]) -> list[Identifier]:
    """The readings of these findings, each once; no name and no place."""
    found = {key: None for one in findings for key in home.casebook.identifiers.of(one.number)}
    return [one for one in found if one.kind in IDENTIFIERS]


def words_to_look_for(home: Home, findings: Sequence[StoredFinding]) -> dict[str, str]:
    """The words of names and identifiers, each with its kind; no place, no day and no picture."""
    wanted = {
        one.number: one.kind
        for one in findings
        if one.kind not in SAID_KINDS and one.text.part not in PICTURE_PARTS and one.number < _UNSTORED
    }
    cut = home.casebook.names.words(wanted)
    return {words: wanted[number] for number, words in cut.items() if not _is_plain_word(wanted[number], words)}


def _is_plain_word(kind: str, words: str) -> bool:
    """True for an account such as @karel: without its sign it is a word that may mean anything."""
    return kind in IDENTIFIERS and folded(words).strip().isalpha()


def staff_places(home: Home, words: Collection[str], cluster: Collection[int], masks: Masks) -> list[str]:
    """Names of the texts of staff that have these words and stay, such as "the label of tip 3f9a1c02".

    Texts of tips that a colleague's quarantine hides are left out, and those that go with the entities.
    """
    hidden = home.casebook.overview.hidden()
    told: dict[str, None] = {}
    for one in home.casebook.staff_texts.all():
        if (one.of == ENTITY and one.number in cluster) or (one.of == TIP and one.number in hidden):
            continue
        if not has_words(one.text, words):
            continue
        told[_staff_place(home, one, masks)] = None
    return list(told)


def _staff_place(home: Home, one: StaffText, masks: Masks) -> str:
    what = said(one.what)
    if not one.number:
        return said("the %(what)s of a %(thing)s", what=what, thing=said(one.of))
    if one.of == TIP:
        tip = home.casebook.submissions.by_number(one.number).short_id
        return said("the %(what)s of tip %(tip)s", what=what, tip=tip)
    if one.of == ENTITY:
        return said("the %(what)s of %(name)s", what=what, name=masks.name(one.number))
    if one.of == FACILITY:
        return said("the %(what)s of %(name)s", what=what, name=said("facility %(name)s", name=f"F-{one.number}"))
    return said("the %(what)s of %(name)s", what=what, name=f"{said(one.of)} {one.number}")


def kept_by_others(
    home: Home, findings: Sequence[StoredFinding], cluster: Collection[int], masks: Masks
) -> list[str]:
    """Passages of these tips with the same words that were kept for another entity, and stay."""
    words = list(words_to_look_for(home, findings))
    told: dict[str, None] = {}
    for number in dict.fromkeys(one.submission for one in findings):
        others = {
            one.number: one for one in home.casebook.findings.of(number) if one.entity not in {None, *cluster}
        }
        for other, text in home.casebook.names.words(others).items():
            entity = others[other].entity
            if entity is not None and has_words(text, words):
                short_id = home.casebook.submissions.by_number(number).short_id
                sentence = said(
                    "finding %(number)s of tip %(tip)s, kept for %(name)s",
                    number=other,
                    tip=short_id,
                    name=masks.name(entity),
                )
                told[sentence] = None
    return list(told)


def lists_with_them(home: Home, findings: Sequence[StoredFinding]) -> list[str]:
    """The lists on which an equal number or an equal name stands: a list stays when a person is forgotten."""
    casebook = home.casebook
    lists = {one.number: one for one in casebook.listed.all()}
    words = home.casebook.names.words([one.number for one in findings if one.number < _UNSTORED])
    told: dict[str, None] = {}
    for match in casebook.list_matches.of_findings(words):
        entry = casebook.listed.entity(match.listed)
        form = name_form(words[match.finding])
        if entry is not None and (match.is_hit or any(name_form(one) == form for one in entry.names)):
            name = lists[entry.watched_list].name
            told[said("list %(list)s, line %(line)s", list=name, line=entry.line)] = None
    return list(told)


def _equal_names(home: Home, findings: Sequence[StoredFinding]) -> Iterator[StoredFinding]:
    """Names that no one kept, and that no later reading would find again."""
    names = [one for one in findings if one.kind == PERSON]
    words = home.casebook.names.words([one.number for one in names])
    by_number = home.casebook.submissions.by_number
    forms = {forgotten_name(words[one.number], by_number(one.submission)) for one in names if words.get(one.number)}
    for one, text in equal_names(home.casebook, words.values()):
        if forgotten_name(text, by_number(one.submission)) in forms:  # a single word is equal in its own tip only
            yield one


def _beside(home: Home, findings: Sequence[StoredFinding]) -> Iterator[StoredFinding]:
    """Stretches of the same tips with the same words that no finding of this forgetting covers."""
    found = words_to_look_for(home, findings)
    words = {one: kind for one, kind in found.items() if kind not in IDENTIFIERS}  # of these each is a finding
    if not words:
        return
    kind = PERSON if PERSON in words.values() else next(iter(words.values()))
    for number in dict.fromkeys(one.submission for one in findings):
        tip = home.casebook.submissions.by_number(number)
        taken = [one for one in findings if one.submission == number]
        taken += [one for one in home.casebook.findings.of(number) if one.entity is not None]
        for place, text in text_by_place(home, tip).items():
            if place.part in PICTURE_PARTS:
                continue
            behind = 0
            for first, end in places_of_words(text, words):
                covered = any(one.text == place and one.first < end and first < one.end for one in taken)
                if not covered and first >= behind:
                    behind = end
                    yield _stretch(number, place, first, end - first, kind)


def _stretch(submission: int, place: TextPlace, first: int, length: int, kind: str) -> StoredFinding:
    at = f"{submission}\n{place.part}\n{place.sealed_place}\n{place.place}\n{first}\n{length}"
    number = _UNSTORED + int.from_bytes(hashlib.blake2b(at.encode(), digest_size=4).digest())
    return StoredFinding(number, submission, place, first, length, kind, BY_HAND, FindingState.NEW, None)
