"""From what a reader does to the outcome that a vector names."""

from collections.abc import Callable

from crypto.errors import (
    BadSignature,
    CryptoError,
    Expired,
    Forked,
    Malformed,
    Mistyped,
    NewerFormat,
    NewStream,
    NoKeyOpens,
    NotForUs,
    OutOfOrder,
    Replayed,
    RolledBack,
    TooEarly,
)
from tests.vectors import book

_OUTCOMES: dict[type[CryptoError], str] = {
    Malformed: book.MALFORMED,
    NewerFormat: book.NEWER,
    NoKeyOpens: book.NO_KEY_OPENS,
    BadSignature: book.BAD_SIGNATURE,
    NotForUs: book.NOT_FOR_US,
    Mistyped: book.LIKELY_TYPO,
    Replayed: book.REPLAYED,
    OutOfOrder: book.OUT_OF_ORDER,
    Forked: book.FORKED,
    RolledBack: book.ROLLED_BACK,
    NewStream: book.NEW_STREAM,
    Expired: book.EXPIRED,
    TooEarly: book.TOO_EARLY,
}


def outcome_of(read: Callable[[], object]) -> str:
    """``opens``, or the kind of error by its exact class; anything but a CryptoError goes through."""
    try:
        read()
    except CryptoError as error:
        return _OUTCOMES[type(error)]
    return book.OPENS
