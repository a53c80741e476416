"""Consents, withdrawals and referrals as operations, for the other reviewers.

They name an entity by its random id and no tip, so that a withdrawal has its effect also where the first tip of the
entity was deleted. Those about an entity that no colleague can have are kept here only.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Final

from crypto.primitives.canonical_json import Json
from crypto.sharing.operation import MOST_TEXTS
from reviewer.casebook.consents import CONSENT_ID_BYTES, Consent, ConsentKind, Referral
from reviewer.casebook.link_operations import CONSENT, CONSENT_WITHDRAWN, ENTITY, REFERRAL, register
from reviewer.casebook.shared_operations import ONLY_HERE_RUN
from reviewer.home.home import Home
from reviewer.sharing.party import own_run
from reviewer.sharing.record import record_for_all

_KINDS: Final = {ConsentKind.CONSENT: CONSENT, ConsentKind.WITHDRAWN: CONSENT_WITHDRAWN}


def new_consent_id() -> bytes:
    """A random id (16 bytes)."""
    return secrets.token_bytes(CONSENT_ID_BYTES)


def say_consent(home: Home, one: Consent, *, is_only_here: bool, today: dt.date) -> None:
    """Say a consent or a withdrawal. A reason is not said: it is of the one who typed it."""
    content: dict[str, Json] = {
        "consent": one.consent_id.hex(),
        ENTITY: one.entity_id.hex(),
        "said-by": one.said_by,
        "said-on": one.day.isoformat(),
    }
    if one.kind is ConsentKind.CONSENT:
        content |= {
            "receiver": one.receiver,
            "purpose": one.purpose,
            "knows": [each.hex() for each in sorted(one.knows)[:MOST_TEXTS]],
        }
    _say(home, _KINDS[one.kind], content, is_only_here=is_only_here, today=today)


def say_referral(home: Home, one: Referral, *, is_only_here: bool, today: dt.date) -> None:
    """Say that an entity left, and to whom: with the names of properties, and without a value."""
    content: dict[str, Json] = {
        "referral": one.referral_id.hex(),
        ENTITY: one.entity_id.hex(),
        "receiver": one.receiver,
        "left-on": one.day.isoformat(),
        "properties": one.properties,
    }
    _say(home, REFERRAL, content, is_only_here=is_only_here, today=today)


def say_consents_again(home: Home, entity_id: bytes, *, today: dt.date) -> None:
    """Say what was kept here only, of an entity that colleagues can have from now on."""
    for one in home.casebook.consents.of([entity_id]):
        kind = _KINDS.get(one.kind)
        if kind is not None and one.said_by and _is_only_here(home, kind, {"consent": one.consent_id.hex()}):
            say_consent(home, one, is_only_here=False, today=today)
    for left in home.casebook.consents.referrals([entity_id]):
        if _is_only_here(home, REFERRAL, {"referral": left.referral_id.hex()}):
            say_referral(home, left, is_only_here=False, today=today)


def _is_only_here(home: Home, kind: str, content: dict[str, str]) -> bool:
    said = home.casebook.operations.in_register(register(kind, None, content))
    return bool(said) and all(one.run == ONLY_HERE_RUN for one in said)


def _say(home: Home, kind: str, content: Mapping[str, Json], *, is_only_here: bool, today: dt.date) -> None:
    run = ONLY_HERE_RUN if is_only_here else own_run(home)
    record_for_all(home, kind, content, run=run, replaces=(), today=today)
