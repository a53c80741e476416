"""The form of a referral: entities and tips that are offered, what was ticked of them, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import request

from reviewer.casebook.consents import Consent, Referral
from reviewer.casebook.submission import Submission
from reviewer.cases.text_mask import TextMask
from reviewer.cases.translator_keys import LONGEST_KEY
from reviewer.clean_copy.children import Children
from reviewer.desk.page import home, typed
from reviewer.desk.ticks import chosen_tips, still_here, tips_of, typed_masks
from reviewer.leaving.evidence_choice import EvidenceChoice
from reviewer.leaving.leaving_files import LeavingFile, file_ticks, leaving_files
from reviewer.leaving.passages import Passage, passages_of
from reviewer.linking.consent_work import Permissions, veiled_consent
from reviewer.linking.masking import Masks, entity_number
from reviewer.linking.picture_reading import read_before_leaving
from reviewer.linking.referral import HTCDS, MONEY, ReferralChoice
from reviewer.linking.referred_tips import TipsBeside
from reviewer.linking.shown_findings import shown_entity
from system.clock import today
from system.errors import ProgramError

MOST_OFFERED: Final = 60
_MOST_TIPS_OFFERED: Final = 12


@dataclass(frozen=True, slots=True)
class ReferralForm:
    """The fields, as they were typed.

    ``entities`` are offered; of them ``leaving`` and the protected ones in ``ticked`` were ticked. ``heard`` are
    letters of the key as they came by telephone; ``lost`` and ``code`` as in an evidence package.
    """

    entities: tuple[int, ...]
    leaving: frozenset[int] = frozenset()
    ticked: frozenset[int] = frozenset()
    receiver: str = ""
    names: bool = False
    file_format: str = MONEY
    tips: Sequence[Submission] = ()
    passages: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    masks: tuple[str, ...] = ()
    clean: bool = False
    to: str = field(default="", repr=False)
    heard: str = ""
    because: str = ""
    folder: str = ""
    lost: bool = False
    code: str = ""
    exact: frozenset[int] = frozenset()
    """Places of harmed persons that leave as exact as they are kept."""

    @classmethod
    def typed(cls) -> "ReferralForm":
        """The form of this request.

        Raises:
            ProgramError: an entity or a tip that is not here, or too many of them.
        """
        ids = " ".join([request.form.get("tips", ""), *request.form.getlist("add-tip")])
        tips = tips_of(ids) if ids.split() else []
        passages = still_here("passage", (one.tick for tip in tips for one in passages_of(home(), tip)))
        files = still_here("file", (one for tip in tips for one in file_ticks(home(), tip)))
        leaving, ticked = (_numbers(" ".join(request.form.getlist(name))) for name in ("entity", "with"))
        more = _numbers(typed("more").replace(",", " "))
        return cls(
            offered([*_numbers(request.form.get("entities", "")), *leaving, *ticked, *more]),
            frozenset(leaving),
            frozenset(ticked),
            " ".join(typed("receiver").split()),
            "names" in request.form,
            HTCDS if typed("format") == HTCDS else MONEY,
            tips,
            passages.found,
            files.found,
            typed_masks(),
            "clean" in request.form,
            "".join(typed("to").split())[: LONGEST_KEY + 1],
            typed("heard").strip(),
            typed("because").strip(),
            typed("place") or typed("folder").strip(),
            lost=passages.lost or files.lost,
            code=typed("code"),
            exact=frozenset(_numbers(" ".join(request.form.getlist("exact")))),
        )

    def choice(self) -> ReferralChoice:
        """The entities, passages and files that were ticked."""
        chosen = chosen_tips(self.tips, self.passages, self.files)
        # A tip of which nothing is ticked is not in the package, with its days neither.
        beside = EvidenceChoice(
            [one for one in chosen if one.passages or one.files], self.receiver, clean=self.clean, masks=self.masks
        )
        return ReferralChoice(
            *(sorted(self.leaving), self.ticked, self.receiver, self.names, self.file_format),
            exact=self.exact,
            beside=beside,
        )


@dataclass(frozen=True, slots=True)
class EntityOffer:
    """One entity of the form: ``permits`` are consents and reasons for the receiver that was typed."""

    number: int
    name: str
    title: str = field(repr=False)
    kind: str
    is_hidden: bool
    permits: Sequence[Consent]
    is_withdrawn: bool
    received: Sequence[Referral]


@dataclass(frozen=True, slots=True)
class ReferredTipOffer:
    """One tip of the form with everything in it that may be ticked; ``mask`` hides those who do not leave."""

    submission: Submission
    passages: Sequence[Passage]
    files: Sequence[LeavingFile]
    mask: TextMask


@dataclass(frozen=True, slots=True)
class ReferralOffers:
    """All that a form offers; ``more_tips`` are those in which offered entities stand."""

    entities: Sequence[EntityOffer]
    tips: Sequence[ReferredTipOffer]
    more_tips: Sequence[Submission]


def offered(numbers: Sequence[int]) -> tuple[int, ...]:
    """Entities that are here, each once.

    Raises:
        ProgramError: there is no such entity, or there are too many.
    """
    found = tuple(dict.fromkeys(numbers))
    if len(found) > MOST_OFFERED:
        raise ProgramError(f"at most {MOST_OFFERED} entities are offered at once", hint="begin with fewer")
    for number in found:
        home().casebook.entities.find(number)
    return found


def offers_of(form: ReferralForm, *, children: Children) -> ReferralOffers:
    """Read all that a form offers from the casebook."""
    read_before_leaving(home(), form.tips, children=children, today=today())
    masks = Masks(home())
    permissions = Permissions(home(), masks)
    entities = [_entity_offer(number, form.receiver, masks, permissions) for number in form.entities]
    beside = TipsBeside(
        home(), masks, form.receiver, frozenset()
    )  # the form opens no one: the preview does, and says so
    tips = [
        ReferredTipOffer(
            one,
            passages_of(home(), one),
            leaving_files(home(), one, children=children, today=today()),
            TextMask(beside.hidden_words([one])),
        )
        for one in form.tips
    ]
    shown = [one.number for one in entities if not one.is_hidden]
    return ReferralOffers(entities, tips, _more_tips(shown, [one.number for one in form.tips]))


def neighbours(number: int) -> list[int]:
    """The entity and those to which it is related."""
    found = [number]
    for one in home().casebook.entities.relations(number):
        found += [one.entity, one.other]
    return _shown(found)


def entities_in(tips: Sequence[int]) -> list[int]:
    """The entities that stand in tips, by the numbers of these."""
    found = [one.entity for tip in tips for one in home().casebook.findings.of(tip) if one.entity is not None]
    return _shown(found)


def _shown(numbers: Sequence[int]) -> list[int]:
    """Of these entities those that no colleague's quarantine hides, each once."""
    masks = Masks(home())
    return [one for one in dict.fromkeys(numbers) if masks.are_here(one, one)][:MOST_OFFERED]


def _entity_offer(number: int, receiver: str, masks: Masks, permissions: Permissions) -> EntityOffer:
    entity = home().casebook.entities.find(number)
    shown = shown_entity(home(), entity, masks)
    is_withdrawn = permissions.is_withdrawn(number, receiver)
    return EntityOffer(
        number,
        shown.name,
        shown.title,
        entity.kind,
        shown.is_hidden,
        [veiled_consent(one, masks) for one in permissions.permitting(number, receiver)],
        is_withdrawn,
        permissions.referrals(number) if is_withdrawn else [],
    )


def _more_tips(entities: Sequence[int], here: Sequence[int]) -> list[Submission]:
    casebook = home().casebook
    numbers = dict.fromkeys(one.submission for number in entities for one in casebook.findings.of_entity(number))
    return [casebook.submissions.by_number(one) for one in numbers if one not in here][:_MOST_TIPS_OFFERED]


def _numbers(untrusted_names: str) -> list[int]:
    return [entity_number(one if one[0] in "EePp" else f"E-{one}") for one in untrusted_names.split()]
