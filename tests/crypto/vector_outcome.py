"""From what a reader does to the outcome that a vector names."""

from collections.abc import Callable

from crypto.errors import CryptoError, Malformed, NewerFormat, NoKeyOpens
from tests.vectors.book import MALFORMED, NEWER, NO_KEY_OPENS, OPENS

_OUTCOMES: dict[type[CryptoError], str] = {Malformed: MALFORMED, NewerFormat: NEWER, NoKeyOpens: NO_KEY_OPENS}


def outcome_of(read: Callable[[], object]) -> str:
    """``opens``, or the kind of error by its exact class; anything but a CryptoError goes through."""
    try:
        read()
    except CryptoError as error:
        return _OUTCOMES[type(error)]
    return OPENS
