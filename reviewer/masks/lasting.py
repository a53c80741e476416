"""Keeps masks when the tip goes that called a person harmed, in the transaction in which it goes.

An entity that would lose its mask and is still here keeps it by its random id. Where an entity goes altogether, and
its words stand in another tip, those stretches stay masked. What stands nowhere else is not kept.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.file_pictures import PICTURE, PICTURE_PARTS, FilePicture
from reviewer.casebook.findings import StoredFinding, TextPlace
from reviewer.casebook.folded_text import wanted
from reviewer.casebook.identifier_keys import Identifier
from reviewer.casebook.lasting_masks import MaskedPassage
from reviewer.casebook.link_operations import ENTITY_MASKED, PEOPLE
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.masks.equal_names import equal_names
from reviewer.masks.equal_pictures import OwnedPictures
from reviewer.masks.lasting_pictures import pictures_elsewhere, pictures_to_carry, remove_known_pictures
from reviewer.masks.protection import Protection
from reviewer.masks.word_places import folded_words, places_of_words
from reviewer.matching.name_keys import name_form
from reviewer.sharing.link_record import say_mask

PERSON: Final = "person"
_MOST_PLACES: Final = 10_000
_ENOUGH_PLACES: Final = 100
"""Stretches that are noted for one name or reading. One hides equal words everywhere; the others are here when its
tip goes. So the cost of a page does not grow with a frequent name."""


@dataclass(frozen=True, slots=True)
class MaskedTerms:
    """The names or the readings of one protected entity that are masked."""

    entity: int
    kind: str
    names: Sequence[str] = field(default=(), repr=False)
    identifiers: Sequence[Identifier] = field(default=(), repr=False)
    pictures: Sequence[FilePicture] = field(default=(), repr=False)


@contextmanager
def masks_last(
    home: Home, going: Sequence[StoredFinding], *, tips: Collection[int] = (), today: dt.date
) -> Iterator[None]:
    """Keep each mask that would end by the change that is made inside.

    ``going`` are the findings that go for good, and ``tips`` the submissions in which they stand. It is one
    transaction, or a part of the caller's.
    """
    casebook = home.casebook
    with casebook.changing():
        before = Protection(casebook)
        known = all_known(casebook, before.numbers, going, tips)
        if not before.numbers and not known:
            yield
            return
        kinds = casebook.entities.kinds()
        ids = {number: casebook.entities.id_of(number) for number in before.numbers}
        yield
        # Persons first: what belongs to them only is then masked by itself.
        people = {number for number in before.numbers if kinds.get(number) in PEOPLE}
        for some in (people, before.numbers):
            lost = some - Protection(casebook).numbers
            # One that ended without its tip has its roles from the operations again when it is back.
            staying = lost if tips else lost & casebook.entities.kinds().keys()
            casebook.lasting_masks.keep([id_ for one in sorted(staying) if (id_ := ids[one])], today=today)
        _say_lasting(home, today=today)
        names = _NamesHere(casebook)
        for one in known:
            _keep_elsewhere(casebook, _unknown_now(names, one, before.numbers), before.numbers)


def masks_last_of(home: Home, findings: Sequence[int], *, today: dt.date) -> AbstractContextManager[None]:
    """The same for findings by number; quick where none of them belongs to an entity."""
    if any(home.casebook.findings.find(one).entity is not None for one in findings):
        return masks_last(home, [], today=today)
    return home.casebook.changing()


def _say_lasting(home: Home, *, today: dt.date) -> None:
    """Tell colleagues of masks that last; again, where the tip went with which they were told.

    Again too, where an earlier mask was removed since: that removal is in force, and would end this one.
    """
    entities, operations = home.casebook.entities, home.casebook.operations
    for one in sorted(home.casebook.lasting_masks.entities() - entities.out_of_sight()):
        told = operations.naming(entities.id_of(one) or b"", ENTITY_MASKED)
        if not any(each.content.get("masked") is True for each in told):
            say_mask(home, one, is_masked=True, today=today)


def findings_of_tips(home: Home, submissions: Sequence[Submission]) -> list[StoredFinding]:
    """The findings that go with these tips; those of tips that a colleague's quarantine hides too."""
    return [one for tip in submissions for one in home.casebook.findings.of(tip.number, with_hidden=True)]


def findings_of_file(home: Home, submission: Submission, place: int) -> list[StoredFinding]:
    """The findings that go with one file, and with what was sealed inside."""
    return [
        one
        for one in home.casebook.findings.of(submission.number, with_hidden=True)
        if place in {one.text.sealed_place, one.text.place if one.text.part in {"file", "picture"} else -1}
    ]


def shown_after_forgetting(home: Home, cluster: Collection[int]) -> list[int]:
    """The entities that are masked now, and will not be once these are forgotten."""
    gone = frozenset(cluster)
    before, after = Protection(home.casebook), Protection(home.casebook, without=gone)
    here = home.casebook.entities.kinds().keys() - home.casebook.entities.out_of_sight()
    return sorted((before.numbers - after.numbers - gone) & here)


def carry_masks(home: Home, submission: Submission) -> None:
    """Mask the words of others in a tip that goes into the bin: their tips may be gone when it is back."""
    casebook = home.casebook
    protected = Protection(casebook).numbers
    if not protected:
        return
    findings = casebook.findings.of(submission.number, with_hidden=True)
    for one in findings:
        if one.entity is None:
            keys = casebook.identifiers.of(one.number)
            owners = {number for key in keys for number in casebook.identifiers.entities(key, with_hidden=True)}
            if owners and owners <= protected:
                keep_stretch(casebook, one.submission, one.text, (one.first, one.length), one.kind, min(owners))
    for file, owner in pictures_to_carry(casebook, submission.number, protected):
        keep_stretch(casebook, submission.number, file.text, (0, 1), PICTURE, owner)
    here, kinds = _NamesHere(casebook), casebook.entities.kinds()
    by_name = {
        name: number
        for number in sorted(protected, reverse=True)
        if kinds.get(number) in PEOPLE
        for name in here.of(number)
    }
    keep_names(casebook, by_name, [submission.number])


def tidy_after_return(home: Home, submission: Submission, *, today: dt.date) -> None:
    """After a tip came back from the bin: a mask that its roles give again need not last by itself."""
    casebook = home.casebook
    here = casebook.entities.kinds()
    again = Protection(casebook, with_lasting=False).numbers
    lasting = casebook.lasting_masks.entities()
    casebook.lasting_masks.remove(lasting & again)
    for one in sorted((lasting & again) - casebook.entities.out_of_sight()):
        say_mask(home, one, is_masked=False, today=today)
    _remove_known(casebook, again & here.keys())
    now = Protection(casebook, with_passages=False).numbers
    over = {some.entity for some in casebook.lasting_masks.passages() if some.submission == submission.number}
    # A person removed the mask while the tip lay in the bin.
    casebook.lasting_masks.remove_passages_of_tip(submission.number, (over & here.keys()) - now)


def all_known(
    casebook: Casebook, protected: Collection[int], going: Sequence[StoredFinding], tips: Collection[int]
) -> list[MaskedTerms]:
    """The names and readings that are masked in the findings and the tips that go."""
    known = [_known(casebook, one) for one in going if one.entity in protected]
    called = casebook.entities.called()
    known += [
        MaskedTerms(one, PERSON, (called[one][0],))
        for one in dict.fromkeys(each.entity for each in known)
        if casebook.entities.kind_of(one) in PEOPLE and called[one][0]
    ]
    # Masks of entities that are gone already, which these tips carried until now.
    over = {one.entity for one in casebook.lasting_masks.passages() if one.submission in tips}
    if over:
        words = casebook.lasting_masks.words(PEOPLE)
        known += [MaskedTerms(one.entity, PERSON, (text,)) for one, text in words if one.entity in over]
        keys = casebook.lasting_masks.identifiers()
        known += [MaskedTerms(one, key.kind, (), (key,)) for key, one in keys.items() if one in over]
        known += [
            MaskedTerms(one.entity, PICTURE, pictures=(one.picture,))
            for one in OwnedPictures(casebook).masked
            if one.entity in over
        ]
    return known


def _known(casebook: Casebook, one: StoredFinding) -> MaskedTerms:
    entity = one.entity or 0
    if one.kind in PEOPLE:
        words = casebook.names.words([one.number]).get(one.number, "")
        return MaskedTerms(entity, one.kind, (words,) if words.strip() else ())
    if one.text.part in PICTURE_PARTS:
        picture = OwnedPictures(casebook).at(one.submission, one.text)
        return MaskedTerms(entity, PICTURE, pictures=(picture,) if picture is not None else ())
    return MaskedTerms(entity, one.kind, (), casebook.identifiers.of(one.number))


def _remove_known(casebook: Casebook, entities: Collection[int]) -> None:
    """Remove the stretches that these entities, which are here, hide by their own words."""
    casebook.lasting_masks.remove_known(entities)
    remove_known_pictures(casebook, entities)
    names = _NamesHere(casebook)
    for one, words in list(casebook.lasting_masks.words(PEOPLE)):
        if one.entity in entities and name_form(words) in map(name_form, names.of(one.entity)):
            casebook.lasting_masks.remove_passages_at(one.submission, one.text, one.first, one.length)


class _NamesHere:
    """The names of entities that are here, by staff and in tips; of each they are read once."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook, self._called = casebook, casebook.entities.called()
        self._names: dict[int, list[str]] = {}

    def of(self, entity: int) -> list[str]:
        """The names of one entity; none if it is not here."""
        if entity not in self._names and entity in self._called:
            kept = [one.number for one in self._casebook.findings.of_entity(entity, with_hidden=True)]
            names = [self._called[entity][0], *self._casebook.names.words(kept).values()]
            self._names[entity] = [one for one in names if one.strip()]
        return self._names.get(entity, [])


def _unknown_now(names: _NamesHere, one: MaskedTerms, protected: Collection[int]) -> MaskedTerms:
    """Without the names that the entity, if it is here, has from other tips too: these are hidden anyway."""
    if one.entity not in protected:
        return one
    here = {folded_words(name) for name in names.of(one.entity)}
    return replace(one, names=[name for name in one.names if folded_words(name) not in here])


def _keep_elsewhere(casebook: Casebook, one: MaskedTerms, protected: Collection[int]) -> None:
    """Mask the other places of a name or an identifier, unless an entity that is here does it."""
    for key in one.identifiers:
        if any(entity in protected for entity in casebook.identifiers.entities(key, with_hidden=True)):
            continue
        places = casebook.identifiers.places(key, most=_MOST_PLACES, with_dismissed=True, with_hidden=True)
        unkept = (casebook.findings.find(number, with_hidden=True) for _submission, number in places)
        for found in islice((each for each in unkept if each.entity is None), _ENOUGH_PLACES):
            keep_stretch(
                casebook, found.submission, found.text, (found.first, found.length), found.kind, one.entity
            )
    for picture in pictures_elsewhere(casebook, one.pictures, protected, most=_ENOUGH_PLACES):
        keep_stretch(casebook, picture.submission, picture.text, (0, 1), PICTURE, one.entity)
    if one.names:
        tips = dict.fromkeys(
            number
            for name in one.names
            if (words := wanted(name)) and '"' not in words
            for number in casebook.search.matching(f'"{words}"', most=_MOST_PLACES)
        )
        keep_names(casebook, dict.fromkeys(one.names, one.entity), list(tips), most=_ENOUGH_PLACES)
        _keep_equal_names(casebook, one)


def keep_names(
    casebook: Casebook, owners: Mapping[str, int], tips: Iterable[int], *, most: int = _MOST_PLACES
) -> None:
    """Mask these names in the texts of tips, but where a person kept them for an entity."""
    stretches = (each for tip in tips for each in _stretches(casebook, owners, tip))
    for tip, place, first, end, owner in islice(stretches, most):
        keep_stretch(casebook, tip, place, (first, end - first), PERSON, owner)


def _stretches(
    casebook: Casebook, owners: Mapping[str, int], tip: int
) -> Iterator[tuple[int, TextPlace, int, int, int]]:
    by_words = {folded_words(name): number for name, number in owners.items()}
    kept = [each for each in casebook.findings.of(tip, with_hidden=True) if each.entity is not None]
    for place, text in casebook.lasting_masks.texts(tip):
        for first, end in places_of_words(text, owners) if owners else ():
            if not any(each.text == place and each.first < end and first < each.end for each in kept):
                owner = by_words.get(folded_words(text[first:end]), min(by_words.values()))
                yield tip, place, first, end, owner


def _keep_equal_names(casebook: Casebook, one: MaskedTerms) -> None:
    """Mask names that no one kept and that sound the same, in another spelling or alphabet."""
    for found, _words in islice(equal_names(casebook, one.names), _ENOUGH_PLACES):
        keep_stretch(casebook, found.submission, found.text, (found.first, found.length), PERSON, one.entity)


def keep_stretch(
    casebook: Casebook, submission: int, text: TextPlace, stretch: tuple[int, int], kind: str, entity: int
) -> None:
    """Mask a stretch, as first letter and length, of a tip: it stays so without the tip of the entity."""
    casebook.lasting_masks.keep_passage(MaskedPassage(submission, text, *stretch, kind, entity))
