"""The package of a referral: shown before it leaves, sealed to a compared key, and noted."""

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Final

from crypto.age.outside_recipient import Recipient
from reviewer.casebook.consents import Referral
from reviewer.cases.marking import own_name, plain_name
from reviewer.cases.translator_keys import COMPARED_LETTERS
from reviewer.clean_copy.children import Children
from reviewer.home.home import Home
from reviewer.leaving.evidence import Gathered, Written, gather, write_evidence
from reviewer.leaving.evidence_choice import AddedEntities, EvidenceChoice
from reviewer.leaving.evidence_facts import EntityFile
from reviewer.linking import htcds_fields
from reviewer.linking.entity_work import open_entity
from reviewer.linking.masking import Masks
from reviewer.linking.money_lines import FORMAT, PATH
from reviewer.linking.picture_reading import read_before_leaving
from reviewer.linking.referral import HTCDS, ReferralChoice, ReferredEntities, entities_to_refer
from reviewer.sharing.consent_record import new_said_id, own_id, say_referral
from reviewer.sharing.link_appliers import REASON_LETTERS
from reviewer.sharing.link_record import anchor_of
from system.errors import ProgramError

_SAYS: Final = (
    "Each is what staff noted from tips, and nothing of it is proven. Persons whom a tip calls harmed are in it"
    " only where staff ticked each of them. It does not say who did harm."
)


def require_compared(key: Recipient, heard_letters: str) -> None:
    """Return if these are the last 16 letters of the receiver's key, as heard by telephone.

    Raises:
        ProgramError: they are others.
    """
    heard = "".join(heard_letters.split()).lower()
    if len(heard) != COMPARED_LETTERS or not str(key).endswith(heard):
        raise ProgramError(
            f"these are not the last {COMPARED_LETTERS} letters of the receiver's key",
            hint="call a number that you had before, and have them read to you",
        )


def write_referral(
    home: Home,
    choice: ReferralChoice,
    out: Path,
    *,
    to: Recipient | None,
    plain_because: str = "",
    children: Children,
    code: str | None = None,
    today: dt.date,
) -> tuple[ReferredEntities, Written]:
    """Write the package to the new folder ``out``: sealed ``to`` a key, or plain with a typed reason.

    ``code`` is that of a preview in an earlier step.

    Raises:
        ProgramError: as :func:`entities_to_refer`; plain without a reason, or at a place where it may not lie; or
            something has changed since the preview.
    """
    because = plain_name(plain_because, "the reason", REASON_LETTERS)
    if to is None and not because:
        raise ProgramError("a package without a seal needs a typed reason", hint="or the receiver's age key")
    _read(home, choice, children, today)
    referred = entities_to_refer(home, choice, today=today)
    written = write_evidence(
        home,
        evidence_choice(home, choice, referred, because="" if to else because, today=today),
        out,
        to=to,
        confirmed_readable=bool(because),
        children=children,
        code=code,
        today=today,
    )
    return referred, written


def evidence_choice(
    home: Home, choice: ReferralChoice, referred: ReferredEntities, *, because: str = "", today: dt.date
) -> EvidenceChoice:
    """The package with these lines; ``because`` is the reason of one without a seal."""
    path, said = (htcds_fields.PATH, htcds_fields.FORMAT) if choice.file_format == HTCDS else (PATH, FORMAT)
    masks = Masks(home)
    receiver = referred.beside.receiver

    def noted(departure: int) -> None:
        for number, properties in referred.properties.items():
            entity = home.casebook.entities.find(number).entity_id
            said_id = new_said_id()
            left = Referral(own_id(home, said_id), entity, today, receiver, properties, own_name(home))
            home.casebook.consents.note_referral(departure, entity, properties)
            home.casebook.consents.add_referral(left)
            say_referral(home, left, said_id, is_only_here=anchor_of(home, number).is_only_here, today=today)
        if because:
            home.casebook.consents.note_readable(departure, because)
        _note_openings(home, referred, choice.receiver, today=today)

    added = AddedEntities(
        EntityFile(path, said, hashlib.sha256(referred.content).digest(), len(referred.properties), _SAYS),
        referred.content,
        " ".join(masks.name(number) for number in referred.properties),
        noted,
    )
    return replace(referred.beside, entities=added)


def gather_referral(
    home: Home, choice: ReferralChoice, *, children: Children, today: dt.date
) -> tuple[ReferredEntities, Gathered]:
    """The lines and the package as they would leave, for a person to look at. Nothing is written.

    The look at protected words is noted.
    """
    _read(home, choice, children, today)
    referred = entities_to_refer(home, choice, today=today)
    with home.casebook.changing():
        _note_openings(home, referred, choice.receiver, today=today)
        names = " ".join(f"E-{number}" for number in referred.properties)
        home.casebook.log.add("referral preview", names, today=today)
    whole = evidence_choice(home, choice, referred, today=today)
    return referred, gather(home, whole, children=children, today=today)


def _read(home: Home, choice: ReferralChoice, children: Children, today: dt.date) -> None:
    tips = [one.submission for one in choice.beside.tips] if choice.beside else []
    read_before_leaving(home, tips, children=children, today=today)


def _note_openings(home: Home, referred: ReferredEntities, receiver: str, *, today: dt.date) -> None:
    for number in referred.opened:
        open_entity(home, number, f"referral to {receiver}"[:REASON_LETTERS], today=today)
