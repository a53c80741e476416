"""Forgetting an entity: each of its passages is blacked out, left, or gone with its whole tip.

Findings, readings, roles, relations, and the reasons of decisions go. A keyed digest of each reading stays, so that
no later reading finds it again.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reviewer.casebook.file_pictures import PICTURE, PICTURE_PARTS
from reviewer.casebook.findings import StoredFinding
from reviewer.casebook.folded_text import folded
from reviewer.casebook.identifier_keys import Identifier
from reviewer.casebook.submission import Submission
from reviewer.cases.deleting import delete_within, finish, require_deletable, require_no_hold
from reviewer.cases.deletion_preview import backup_lines, backups_of
from reviewer.home.home import Home
from reviewer.languages.staff_language import said, said_number
from reviewer.linking.doomed_passages import (
    doomed_findings,
    identifiers_of,
    kept_by_others,
    lists_with_them,
    staff_places,
    words_to_look_for,
)
from reviewer.linking.masking import Masks
from reviewer.linking.name_questions import PERSON
from reviewer.linking.picture_reading import picture_identifier
from reviewer.linking.tip_reading import Forgotten, forgotten_name
from reviewer.linking.tip_texts import TextPassage
from reviewer.linking.veil import Veil
from reviewer.masks.lasting import shown_after_forgetting
from reviewer.people.giving import given_to, take_back
from reviewer.sharing.link_record import propose_forgetting
from system.errors import ProgramError

ASKED: Final = "asked"
"""The reason of the deletion of a tip that goes with an entity."""

MASKED: Final = "protected: give a reason to see the words"
_MOST_WORDS: Final = 20


@dataclass(frozen=True, slots=True)
class DoomedPassage:
    """One passage of the entity. ``passage`` is None where ``hidden`` says why its words are not shown."""

    finding: StoredFinding
    submission: Submission
    passage: TextPassage | None = field(repr=False)
    hidden: str = ""

    def line(self) -> str:
        """For a terminal."""
        shown = f"({self.hidden})" if self.passage is None else self.passage.line()
        return f"{self.finding.number:>6}  {self.submission.short_id}  {shown}"


@dataclass(frozen=True, slots=True)
class Doomed:
    """Everything that goes: an entity, those that are the same as it, and all of their passages."""

    cluster: Sequence[int]
    entities: Sequence[str]
    """The names of these."""
    hidden: Sequence[int]
    """Those whose words need a reason to be shown."""
    passages: Sequence[DoomedPassage]
    elsewhere: Sequence[str]
    """Other tips in which the words stand too."""
    staying: Sequence[str]
    """Texts of staff and passages of other entities that hold the words, and stay."""
    members: Sequence[tuple[str, str]]
    """Tip and member, for each copy that was given to a member."""
    backups: Sequence[tuple[int, dt.date]]
    binned: int
    visible: Sequence[str]
    """Entities that are masked only because of this person, and are shown when the person is forgotten."""

    @property
    def submissions(self) -> list[Submission]:
        """The tips with a passage."""
        return list({one.submission.number: one.submission for one in self.passages}.values())

    def masked(self) -> "Doomed":
        """The same without the words of the passages, for an entity that was not opened with a reason."""
        masked = [replace(one, passage=None, hidden=one.hidden or MASKED) for one in self.passages]
        return replace(self, passages=masked)

    def lines(self) -> list[str]:
        """A list for a terminal and a page, in the language of staff: everything that goes, and that stays."""
        pictures = sum(one.finding.text.part in PICTURE_PARTS for one in self.passages)
        passages = len(self.passages) - pictures
        lines = [
            said(
                "forgotten: %(names)s, with names, readings, fingerprints, roles, relations, reasons",
                names=", ".join(self.entities),
            )
        ]
        if passages:
            tips = said_number("%(num)s tip", "%(num)s tips", len(self.submissions))
            lines += [
                said_number(
                    "%(num)s passage in %(tips)s: blacked out, unless you say otherwise",
                    "%(num)s passages in %(tips)s: blacked out, unless you say otherwise",
                    passages,
                    tips=tips,
                ),
                said("the stored envelopes and the translations of these tips go"),
            ]
        if pictures:
            lines.append(
                said_number(
                    "%(num)s picture: the fingerprint goes, and the file stays",
                    "%(num)s pictures: the fingerprint goes, and the file stays",
                    pictures,
                )
            )
        if self.elsewhere:
            lines.append(
                said(
                    "the same words stand elsewhere in %(tips)s, or in our notes: look there",
                    tips=", ".join(self.elsewhere),
                )
            )
        lines += [said("the same words stay in %(place)s: change it there", place=one) for one in self.staying]
        if self.visible:
            lines.append(
                said(
                    "shown without a mask from then on: %(names)s; forget each that tells of this person",
                    names=", ".join(self.visible),
                )
            )
        lines += [
            said("taken back from %(member)s: the copy of %(tip)s", member=member, tip=tip)
            for tip, member in self.members
        ]
        lines.append(
            said("stays: the files of these tips, the servers' copies until the next rounds, and saved folders")
        )
        return lines + backup_lines(self.backups)


def doomed_of(home: Home, number: int) -> Doomed:
    """Everything that goes with an entity and with those that are the same.

    Raises:
        ProgramError: there is no such entity.
    """
    casebook = home.casebook
    casebook.entities.find(number)
    masks = Masks(home)
    cluster = sorted(masks.clusters.of(number))
    findings = doomed_findings(home, cluster)
    veil = Veil(home, masks, unmask=frozenset(cluster))
    passages = [_passage(home, veil, one) for one in findings]
    tips = {one.submission.number: one.submission for one in passages}
    backups = sorted({backup for one in tips.values() for backup in backups_of(home, one)})
    return Doomed(
        cluster,
        [masks.name(one) for one in cluster],
        [one for one in cluster if masks.hides(one)],
        passages,
        _elsewhere(home, passages, but=set(tips)),
        [
            *kept_by_others(home, findings, cluster, masks),
            *staff_places(home, list(words_to_look_for(home, findings)), cluster, masks),
            *lists_with_them(home, findings),
        ],
        [(one.short_id, member) for one in tips.values() for member in given_to(home, one.short_id)],
        backups,
        len(casebook.bin.all()),
        [masks.name(one) for one in shown_after_forgetting(home, cluster)],
    )


def forget_entity(
    home: Home,
    number: int,
    *,
    leave: Collection[int] = (),
    whole_tips: Collection[int] = (),
    is_proposed: bool = False,
    today: dt.date,
) -> Doomed:
    """Forget an entity and those that are the same, in one step.

    ``leave`` are findings whose words stay in the text; ``whole_tips`` are findings whose whole tip goes.
    Colleagues are asked to forget the same, unless ``is_proposed`` by one of them.

    Raises:
        ProgramError: no such entity; a tip is on hold, which is named; a tip lies in the bin, where nothing is
            blacked out; or a number is of no passage. Nothing was forgotten.
    """
    casebook = home.casebook
    doomed = doomed_of(home, number)
    numbers = {one.finding.number for one in doomed.passages}
    if unknown := sorted((set(leave) | set(whole_tips)) - numbers):
        raise ProgramError(f"finding {unknown[0]} is no passage of E-{number}", hint="--dry-run lists them")
    if doomed.binned:
        raise ProgramError(
            f"{doomed.binned} tips lie in the bin, where nothing can be blacked out",
            hint="put them back or delete them first: tipline-review bin",
        )
    require_no_hold(home, doomed.submissions)
    gone = {one.submission.number: one.submission for one in doomed.passages if one.finding.number in whole_tips}
    require_deletable(home, list(gone.values()))
    for short_id, member in doomed.members:  # they hold the words as well, and can be given again
        take_back(home, short_id, member, today=today)
    entities = [entity for one in doomed.cluster if (entity := casebook.entities.id_of(one))]
    with casebook.changing():
        if not is_proposed:
            propose_forgetting(home, entities, [one.finding for one in doomed.passages], today=today)
        for entity in entities:
            casebook.link_operations.forget(entity)
        casebook.entity_proposals.mark_done(entities)
        identifiers = identifiers_of(home, [one.finding for one in doomed.passages])
        forgotten = Forgotten(home)
        casebook.identifiers.forget([forgotten.digest(one) for one in [*identifiers, *_names(doomed)]])
        _forget_pictures(home, doomed, forgotten)
        casebook.identifiers.remove_marks(identifiers)  # a mark has the number in full, and the digest stops it too
        for one in doomed.passages:
            casebook.findings.remove(one.finding.number)
            place = one.finding
            casebook.lasting_masks.remove_passages_at(place.submission, place.text, place.first, place.length)
        for submission in doomed.submissions:
            if submission.number not in gone:
                _black_out(home, submission, doomed, leave)
        delete_within(home, list(gone.values()), because=ASKED, today=today)
        casebook.deletions.note_unfinished()
        casebook.log.add("forgotten", f"E-{number}, {len(doomed.passages)} passages", today=today)
    finish(home, list(gone.values()))
    return doomed


def _names(doomed: Doomed) -> list[Identifier]:
    """The names of the passages, as a later reading would find them."""
    return [
        Identifier(PERSON, forgotten_name(one.passage.words, one.submission))
        for one in doomed.passages
        if one.finding.kind == PERSON and one.passage and one.passage.words
    ]


def _forget_pictures(home: Home, doomed: Doomed, forgotten: Forgotten) -> None:
    """Remove positions and fingerprints of the pictures, and equal ones of other tips; digests stay."""
    pictures = home.casebook.pictures
    for one in doomed.passages:
        place = one.finding.text
        if place.part not in PICTURE_PARTS:
            continue
        home.casebook.picture_positions.remove(
            one.submission.number, sealed_place=place.sealed_place, place=place.place
        )
        if one.finding.kind != PICTURE:
            continue
        picture = pictures.at(one.submission.number, sealed_place=place.sealed_place, place=place.place)
        if picture is not None:
            home.casebook.identifiers.forget([forgotten.digest(picture_identifier(picture.bits))])
            pictures.forget_equal(picture.bits)
        else:
            pictures.forget_unread(one.submission.number, sealed_place=place.sealed_place, place=place.place)


def _black_out(home: Home, submission: Submission, doomed: Doomed, leave: Collection[int]) -> None:
    stretches = [
        (one.finding.text, one.finding.first, one.finding.end)
        for one in doomed.passages
        if one.submission.number == submission.number
        and one.finding.number not in leave
        and one.finding.text.part not in PICTURE_PARTS
    ]
    if stretches:
        home.casebook.redaction.black_out(submission, stretches)


def _passage(home: Home, veil: Veil, finding: StoredFinding) -> DoomedPassage:
    submission = home.casebook.submissions.by_number(finding.submission)
    if finding.submission in home.casebook.overview.hidden():
        return DoomedPassage(finding, submission, None, "a colleague asks that no one looks at this tip")
    return DoomedPassage(finding, submission, veil.passage(submission, finding))


def _elsewhere(home: Home, passages: Sequence[DoomedPassage], *, but: set[int]) -> list[str]:
    """Tips that the search finds by the words of the passages; the index holds our notes and answers too."""
    words = {
        " ".join(folded(one.passage.words).split())
        for one in passages
        if one.passage and one.finding.text.part not in PICTURE_PARTS
    }
    found: dict[int, None] = {}
    for one in sorted(words)[:_MOST_WORDS]:
        if len(one) > 2 and '"' not in one:
            found |= dict.fromkeys(home.casebook.search.matching(f'"{one}"', most=_MOST_WORDS))
    hidden = home.casebook.overview.hidden()
    return [home.casebook.submissions.by_number(one).short_id for one in found if one not in but | hidden]
