"""Reasons for which a request is refused; the words of each stand in ``templates/site``.

A reason travels with what the source had typed, so that the answer can give it back. It is never logged.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType

from system.errors import ProgramError
from tipline.requests.tip_options import TipOptions
from tipline.store.errors import StoreError, StoreFull, WeekIsClosed
from tipline.threads import resource_exhaustion

USUAL_WAIT_SECONDS = 60
"""What somebody is told who should come again."""

_EVENTS = logging.getLogger("tipline.events")


class Reason(Enum):
    """Reasons; the value is the name in the templates. ``pages/statuses.py`` has the HTTP status of each."""

    NOTHING_SENT = "nothing-sent"
    TEXT_TOO_LONG = "text-too-long"
    WORDS_IN_TEXT = "words-in-text"
    WRONG_ANSWER = "wrong-answer"
    TOO_MANY_FILES = "too-many-files"
    FILE_TOO_BIG = "file-too-big"
    REQUEST_TOO_BIG = "request-too-big"
    FORM_TOO_BIG = "form-too-big"
    SEALED_FOR_OTHERS = "sealed-for-others"
    SEALED_IN_LETTERS = "sealed-in-letters"
    SEALED_BROKEN = "sealed-broken"
    BROKEN = "broken"
    LENGTH_MISSING = "length-missing"
    CROSS_SITE = "cross-site"
    UNKNOWN_SITE = "unknown-site"
    STRANGE_PROXY = "strange-proxy"
    SESSION_OVER = "session-over"
    HANDLE_OVER = "handle-over"
    RECEIPT_OVER = "receipt-over"
    WORDS_MISSING = "words-missing"
    WORDS_TYPO = "words-typo"
    WORDS_TOO_LONG = "words-too-long"
    TOO_MANY_TRIES = "too-many-tries"
    BUSY = "busy"
    WAIT_A_LITTLE = "wait-a-little"
    CLOSED = "closed"
    NO_ROOM = "no-room"
    NO_ROOM_FOR_FILES = "no-room-for-files"
    STORE_TROUBLE = "store-trouble"
    OUR_FAULT = "our-fault"

    @property
    def label(self) -> str:
        """The name in the templates."""
        return self.value


@dataclass(frozen=True, slots=True)
class FormInput:
    """What the source had typed; it goes back into the form, in the language and look that ``shown`` names, and
    with the nonce that came, so that it is still the same form. Prints nothing."""

    text: str = ""
    had_files: bool = False
    choices: TipOptions = field(default_factory=TipOptions)
    other: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    untrusted_nonce: str = ""

    def __repr__(self) -> str:
        return "<Typed>"


class Refused(ProgramError):
    """The request is not done, and nothing of it is kept."""

    def __init__(
        self, reason: Reason, *, typed: FormInput | None = None, wait_seconds: int = USUAL_WAIT_SECONDS
    ) -> None:
        super().__init__(reason.label)
        self.reason = reason
        self.typed = typed
        self.wait_seconds = wait_seconds

    def with_typed(self, typed: FormInput) -> "Refused":
        """The same refusal, with what can be given back."""
        return Refused(self.reason, typed=typed, wait_seconds=self.wait_seconds)


class UntrustedProxy(ProgramError):
    """A proxy stands between the browser and us. The answer is a warning and nothing else: with a :class:`Refused`
    the form comes back, so this is none."""

    def __init__(self) -> None:
        super().__init__(Reason.STRANGE_PROXY.label)


def redisplay_on_error(typed: Callable[[], FormInput | None]) -> "_RedisplayOnError":
    """Whatever goes wrong inside, what was typed goes back with the refusal: a browser keeps nothing of a page that
    must not be stored, so what we do not give back is lost.

    Raises:
        Refused: with what was typed; for a fault of ours as ``OUR_FAULT``, and without memory as ``BUSY``.
        StrangeProxy: as it came: nothing is given back to a stranger.
    """
    return _RedisplayOnError(typed)


class _RedisplayOnError:
    """No generator: from Python 3.13 on, the frames of one that turns an error into another hold each other, and so
    all that was sent, until the collector comes."""

    def __init__(self, typed: Callable[[], FormInput | None]) -> None:
        self._typed = typed

    def __enter__(self) -> None:
        return

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, Refused):
            known = error.typed or self._typed()
            if known is not None and known is not error.typed:
                raise error.with_typed(known) from error
        elif isinstance(error, MemoryError):
            resource_exhaustion.note()
            raise Refused(Reason.BUSY, typed=self._typed()) from error
        elif isinstance(error, Exception) and not isinstance(error, UntrustedProxy):
            _EVENTS.error("request failed: %s", type(error).__name__)
            raise Refused(Reason.OUR_FAULT, typed=self._typed()) from error


def store_faults() -> AbstractContextManager[None]:
    """Turn what the store raises inside into :class:`Refused`."""
    return _StoreFaults()


class _StoreFaults:
    """No generator, for the reason that :class:`_RedisplayOnError` gives."""

    def __enter__(self) -> None:
        return

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, WeekIsClosed):
            raise Refused(Reason.CLOSED) from error
        if isinstance(error, StoreFull):
            raise Refused(Reason.NO_ROOM) from error
        if isinstance(error, StoreError):
            raise Refused(Reason.STORE_TROUBLE) from error
