"""Errors for bytes from outside, one class for each case that callers treat differently.

No message quotes a key, a passphrase or anything that a source wrote.
"""


class CryptoError(Exception):
    """These bytes are of no use to this program."""


class Malformed(CryptoError):
    """They do not follow the format."""


class NewerFormat(CryptoError):
    """They follow a version that this program does not know."""


class NoKeyOpens(CryptoError):
    """They follow the format, but none of the keys given opens them."""


class BadSignature(CryptoError):
    """The signature is not by the key that should have made it, or not over these bytes."""


class NotForUs(CryptoError):
    """They are sound, but made for, or by, another party."""


class Replayed(CryptoError):
    """This number of the stream was imported before; the same bytes are harmless."""


class OutOfOrder(CryptoError):
    """An earlier number of the stream is missing."""


class Forked(CryptoError):
    """Two different items claim the same position in a chain: the sender was copied or restored."""


class RolledBack(CryptoError):
    """This is older than what was already accepted."""


class Expired(CryptoError):
    """It was valid, and its time is over."""


class Mistyped(CryptoError):
    """The typed words or digits do not belong together; nothing was derived from them.

    ``numbers`` are those of the words to look at again, from 1, where that is known.
    """

    def __init__(self, message: str, *, numbers: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.numbers = numbers


class TooLong(CryptoError, ValueError):
    """The content exceeds the limit of its format; the message names the limit."""


class TooEarly(CryptoError):
    """It is not valid yet: this machine's clock, or its maker's clock, is wrong."""


class NewStream(CryptoError):
    """The sender began a new stream of bundles: it was added or restored. Staff confirm it once.

    ``stream`` (16 bytes) is what they confirm.
    """

    def __init__(self, message: str, *, stream: bytes) -> None:
        super().__init__(message)
        self.stream = stream
