"""The effect of consents, withdrawals and referrals of all reviewers: rows that are only added.

A withdrawal that came after its entity went with its tips for good leaves the bare mark, without a word. A consent
or a referral of such an entity leaves nothing.
"""

import datetime as dt
from typing import Final

from crypto.sharing.operation import Operation
from reviewer.casebook.consents import Consent, ConsentKind, Referral
from reviewer.casebook.link_operations import CONSENT, CONSENT_WITHDRAWN, ENTITY, REFERRAL, id_by_author, id_of
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.sharing.link_appliers import NAME_LETTERS, REASON_LETTERS, LinkApplier
from reviewer.sharing.party import ReviewerNames
from reviewer.terminal.plain_text import plain_line

RECEIVER_LETTERS: Final = 200
_PROPERTIES_LETTERS: Final = 500


def put_consent(home: Home, operation: Operation, _tip: Submission | None, _today: dt.date) -> None:
    """Write a consent, unless it is of no form that one can have."""
    consent, entity, day = _ids_and_day(operation, "consent", "said-on")
    knows = operation.content.get("knows")
    ids = [id_of(one) if isinstance(one, str) else None for one in knows] if isinstance(knows, list) else [None]
    words = [
        _words(operation.text("said-by"), NAME_LETTERS),
        _words(operation.text("receiver"), RECEIVER_LETTERS),
        _words(operation.text("purpose"), REASON_LETTERS),
    ]
    if consent is None or entity is None or day is None or None in ids or not all(words):
        return
    if _has_ended(home, operation, entity):
        return
    said_by, receiver, purpose = words
    known = frozenset(one for one in ids if one is not None)
    home.casebook.consents.add(
        Consent(
            consent, entity, ConsentKind.CONSENT, said_by, receiver, purpose, day, _author(home, operation), known
        )
    )


def put_withdrawal(home: Home, operation: Operation, _tip: Submission | None, _today: dt.date) -> None:
    """Write a withdrawal: its ids are enough, as one that is not understood must not let a person leave."""
    consent, entity, day = _ids_and_day(operation, "consent", "said-on")
    if consent is None or entity is None:
        return
    said_by, reviewer = _words(operation.text("said-by"), NAME_LETTERS) or "not said", _author(home, operation)
    if _has_ended(home, operation, entity):
        said_by, reviewer = "", ""
    home.casebook.consents.add(
        Consent(consent, entity, ConsentKind.WITHDRAWN, said_by, "", "", day or operation.day, reviewer)
    )


def put_referral(home: Home, operation: Operation, _tip: Submission | None, _today: dt.date) -> None:
    """Write who received an entity."""
    referral, entity, day = _ids_and_day(operation, "referral", "left-on")
    receiver = _words(operation.text("receiver"), RECEIVER_LETTERS)
    if referral is None or entity is None or day is None or not receiver or _has_ended(home, operation, entity):
        return
    properties = _words(operation.text("properties"), _PROPERTIES_LETTERS)
    home.casebook.consents.add_referral(
        Referral(referral, entity, day, receiver, properties, _author(home, operation))
    )


def _has_ended(home: Home, operation: Operation, entity: bytes) -> bool:
    """True if the entity went for good; then the content of the operation goes too."""
    if not home.casebook.consents.has_ended(entity):
        return False
    home.casebook.operations.erase(operation.sha256)
    return True


def _ids_and_day(operation: Operation, name: str, day: str) -> tuple[bytes | None, bytes | None, dt.date | None]:
    try:
        said_on = dt.date.fromisoformat(operation.text(day))
    except ValueError:
        said_on = None
    said_id = id_of(operation.text(name))
    own_id = None if said_id is None else id_by_author(operation.author, said_id)
    return own_id, id_of(operation.text(ENTITY)), said_on


def _words(untrusted_text: str, letters: int) -> str:
    return plain_line(" ".join(untrusted_text.split()), limit_letters=letters)


def _author(home: Home, operation: Operation) -> str:
    return ReviewerNames(home).of(operation.author.to_bytes())


CONSENT_APPLIERS: Final[dict[str, LinkApplier]] = {
    CONSENT: put_consent,
    CONSENT_WITHDRAWN: put_withdrawal,
    REFERRAL: put_referral,
}
