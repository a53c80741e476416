"""The headers of every response, errors too: set here and nowhere else.

What a view may add is a short list; anything else that a library puts there is dropped (ETag, Server, Date, Vary).
"""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException

from tipline.requests.guard import InvalidHost, require_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = "Content-Security-Policy"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HOLDS_FRAMES = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
"""For the page for files alone, which holds two frames of this site."""

IN_A_FRAME = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
"""For what is shown in those two frames, and nothing else."""

UNUSED_FEATURES = (
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
    (POLICY, CONTENT_SECURITY_POLICY),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
    ),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex, nofollow, noarchive"),
)
NO_STORE = "no-store"
CACHE_CONTROL = "Cache-Control"
OF_A_VIEW = frozenset(
    {
        "content-type",
        "content-encoding",
        "content-length",
        "location",
        "set-cookie",
        "clear-site-data",
        "allow",
        "retry-after",
    }
)
"""Headers that a response may carry beside the fixed ones.

``Cache-Control`` only as :data:`KEPT_BY_NAME`, and a policy only as :data:`HOLDS_FRAMES` or :data:`IN_A_FRAME`.
"""

KEPT_BY_NAME = "private, max-age=31536000, immutable"
"""For the stylesheet, whose name carries its hash."""


class UniformHeaders:
    """WSGI around the whole site: uniform headers, and a calm page where even the site itself fails."""

    def __init__(self, site: "WSGIApplication", *, bad_request: bytes, our_fault: bytes) -> None:
        """Two whole padded pages, for what fails before or beside every view."""
        self._site = site
        self._bad_request = bad_request
        self._our_fault = our_fault

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(
            status: str,
            headers: list[tuple[str, str]],
            exc_info: tuple[type[BaseException], BaseException, TracebackType]
            | tuple[None, None, None]
            | None = None,
            /,
        ) -> Callable[[bytes], object]:
            return start_response(status, uniform(headers), exc_info)

        try:
            require_host(environ)
            return self._site(environ, start)
        except (HTTPException, InvalidHost):
            # A Host that is none, for example: there is no request to answer then.
            status, page = "400 BAD REQUEST", self._bad_request
        except Exception:  # noqa: BLE001 -- whatever it was: no internals, the same headers, the same length
            status, page = "500 INTERNAL SERVER ERROR", self._our_fault
        start(status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))])
        return [page]


def uniform(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers to send for those that a view has set."""
    own = [(name, value) for name, value in headers if name.lower() in OF_A_VIEW]
    kept = _asked(headers, CACHE_CONTROL) == KEPT_BY_NAME
    policy = _asked(headers, POLICY)
    changed: dict[str, str] = {}
    if policy in {HOLDS_FRAMES, IN_A_FRAME}:
        changed[POLICY] = policy
    if policy == IN_A_FRAME:
        changed["X-Frame-Options"] = "SAMEORIGIN"
    fixed = [(name, changed.get(name, value)) for name, value in FIXED]
    return [*own, (CACHE_CONTROL, KEPT_BY_NAME if kept else NO_STORE), *fixed]


def _asked(headers: list[tuple[str, str]], name: str) -> str:
    """Return the value of a header that the view set once; empty for none, or for several."""
    values = [value for known, value in headers if known.lower() == name.lower()]
    return values[0] if len(values) == 1 else ""


__all__ = ["HOLDS_FRAMES", "IN_A_FRAME", "KEPT_BY_NAME", "POLICY", "UniformHeaders", "uniform"]
