"""Why a request is not done: each reason has a status of its own, and its words stand in ``templates/site``.

A reason travels with what the source had typed, so that the answer can give it back. It is never logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from tipline.errors import TiplineError


class Reason(Enum):
    """Name in the templates, and HTTP status."""

    NOTHING_SENT = ("nothing-sent", 422)
    TEXT_TOO_LONG = ("text-too-long", 422)
    WORDS_IN_TEXT = ("words-in-text", 422)
    TOO_MANY_FILES = ("too-many-files", 422)
    FILE_TOO_BIG = ("file-too-big", 413)
    REQUEST_TOO_BIG = ("request-too-big", 413)
    FORM_TOO_BIG = ("form-too-big", 413)
    BROKEN = ("broken", 400)
    LENGTH_MISSING = ("length-missing", 411)
    CROSS_SITE = ("cross-site", 403)
    STRANGE_PROXY = ("strange-proxy", 403)
    SESSION_OVER = ("session-over", 403)
    HANDLE_OVER = ("handle-over", 403)
    WORDS_MISSING = ("words-missing", 422)
    WORDS_TYPO = ("words-typo", 422)
    WORDS_TOO_LONG = ("words-too-long", 422)
    TOO_MANY_TRIES = ("too-many-tries", 429)
    BUSY = ("busy", 503)
    CLOSED = ("closed", 503)
    NO_ROOM = ("no-room", 503)
    STORE_TROUBLE = ("store-trouble", 503)

    def __init__(self, label: str, status: int) -> None:
        self.label = label
        self.status = status


@dataclass(frozen=True, slots=True)
class Typed:
    """What the source had typed; it goes back into the form. Prints nothing."""

    text: str = ""
    had_files: bool = False
    other: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "<Typed>"


class Refused(TiplineError):
    """The request is not done, and nothing of it is kept."""

    def __init__(self, reason: Reason, *, typed: Typed | None = None) -> None:
        super().__init__(reason.label)
        self.reason = reason
        self.typed = typed

    def with_typed(self, typed: Typed) -> "Refused":
        """The same refusal, with what can be given back."""
        return Refused(self.reason, typed=typed)
