"""The headers of every answer of the desk: those of the site, set here and nowhere else.

``reviewer`` cannot import the site, so they are written twice; a test compares the two.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_POLICY_HEADER = "Content-Security-Policy"
_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
SHOWS = "tipline.desk.shows"
"""A view puts a :class:`Shows` here, in the WSGI environment, if its page shows more than words."""


class Shows(Enum):
    """Exceptions from the policy, for the page of one route; the value is added to the policy."""

    PICTURES_AND_SOUND = ("img-src data: 'self'", "media-src 'self'")


_UNUSED_FEATURES = (
    "autoplay",
    "camera",
    "display-capture",
    "fullscreen",
    "geolocation",
    "microphone",
    "payment",
    "usb",
)
FIXED = (
    (_POLICY_HEADER, "; ".join(_POLICY)),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES)),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex, nofollow, noarchive"),
    ("Cache-Control", "no-store"),
)
_OF_A_VIEW = frozenset({"content-type", "content-length", "location", "set-cookie", "clear-site-data", "allow"})


class DeskHeaders:
    """WSGI middleware of the desk; headers of a view outside the short list are dropped."""

    def __init__(self, desk: "WSGIApplication") -> None:
        self._desk = desk

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(
            status: str,
            headers: list[tuple[str, str]],
            exc_info: tuple[type[BaseException], BaseException, TracebackType]
            | tuple[None, None, None]
            | None = None,
            /,
        ) -> Callable[[bytes], object]:
            own = [(name, value) for name, value in headers if name.lower() in _OF_A_VIEW]
            return start_response(status, [*own, *_fixed(environ.get(SHOWS))], exc_info)

        return self._desk(environ, start)


def _fixed(shows: Shows | None) -> Sequence[tuple[str, str]]:
    if shows is None:
        return FIXED
    policy = [part for part in _POLICY if not part.startswith("img-src ")] + list(shows.value)
    return [(name, "; ".join(policy) if name == _POLICY_HEADER else value) for name, value in FIXED]
