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
from reviewer.casebook.link_operations import (
    CONSENT,
    CONSENT_WITHDRAWN,
    ENTITY,
    REFERRAL,
    id_by_author,
    register_of,
)
from reviewer.casebook.shared_operations import ONLY_HERE_RUN
from reviewer.home.home import Home
from reviewer.sharing.party import own_key, own_run
from reviewer.sharing.record import record_for_all

_KINDS: Final = {ConsentKind.CONSENT: CONSENT, ConsentKind.WITHDRAWN: CONSENT_WITHDRAWN}


def new_said_id() -> bytes:
    """A random id (16 bytes), as an operation says it."""
    return secrets.token_bytes(CONSENT_ID_BYTES)


def own_id(home: Home, said_id: bytes) -> bytes:
    """The id of what this home says by ``said_id``, as it is at every reviewer."""
    return id_by_author(own_key(home), said_id)


def say_consent(home: Home, one: Consent, said_id: bytes, *, is_only_here: bool, today: dt.date) -> None:
    """Say a consent or a withdrawal. A reason is not said: it is of the one who typed it."""
    content: dict[str, Json] = {
        "consent": said_id.hex(),
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


def say_referral(home: Home, one: Referral, said_id: bytes, *, is_only_here: bool, today: dt.date) -> None:
    """Say that an entity left, and to whom: with the names of properties, and without a value."""
    content: dict[str, Json] = {
        "referral": said_id.hex(),
        ENTITY: one.entity_id.hex(),
        "receiver": one.receiver,
        "left-on": one.day.isoformat(),
        "properties": one.properties,
    }
    _say(home, REFERRAL, content, is_only_here=is_only_here, today=today)


def say_consents_again(home: Home, entity_id: bytes, *, today: dt.date) -> None:
    """Say what was kept here only, of an entity that colleagues can have from now on."""
    operations = home.casebook.operations
    for kind in (CONSENT, CONSENT_WITHDRAWN, REFERRAL):
        said = [one for one in operations.naming(entity_id, kind) if one.author == own_key(home)]
        others = {register_of(one) for one in said if one.run != ONLY_HERE_RUN}
        for one in said:
            if one.run == ONLY_HERE_RUN and register_of(one) not in others:
                record_for_all(home, kind, one.content, replaces=(), today=today)


def _say(home: Home, kind: str, content: Mapping[str, Json], *, is_only_here: bool, today: dt.date) -> None:
    run = ONLY_HERE_RUN if is_only_here else own_run(home)
    record_for_all(home, kind, content, run=run, replaces=(), today=today)
