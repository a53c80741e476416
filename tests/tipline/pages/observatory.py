"""The grade of the HTTP Observatory for an answer, by its published rules (developer.mozilla.org, "Tests &
Scoring", and the table of the program itself, src/grader/charts.js in mdn/mdn-http-observatory 1.6.3, August 2026).

Left out are the two tests about TLS, which an onion service does not have: Strict-Transport-Security and
redirection to https. A bonus for scripts cannot be had by a site that has none. The cookie of an open mailbox costs
20, as it has no ``Secure``: docs/adr/0042-the-cookie-has-no-secure.md says why.
"""

from tests.tipline.site_stage import Answer

FULL_MARKS = {
    "content security policy": 10,
    "cookies": 0,
    "cross-origin embedder policy": 10,
    "cross-origin opener policy": 10,
    "cross-origin resource sharing": 0,
    "cross-origin resource policy": 10,
    "referrer policy": 5,
    "subresource integrity": 0,
    "content type options": 0,
    "frame options": 5,
}
"""The most that each test gives to a site without scripts, for an answer without a cookie."""

WITHOUT_SECURE = -20
"""For a cookie that is right but for ``Secure``."""

_PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
_BROAD = {"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "ftp:", "*"}


def marks(answer: Answer) -> dict[str, int]:
    """By test; less than :data:`FULL_MARKS` is a penalty, or a bonus that was missed."""
    policy = _directives(answer.header("Content-Security-Policy") or "")
    return {
        "content security policy": _policy(policy),
        "cookies": min((_cookie(value) for name, value in answer.headers if name == "Set-Cookie"), default=0),
        "cross-origin embedder policy": {"require-corp": 10, "credentialless": 10, None: 0, "unsafe-none": 0}.get(
            answer.header("Cross-Origin-Embedder-Policy"), -5
        ),
        "cross-origin opener policy": {
            "same-origin": 10,
            "same-origin-allow-popups": 10,
            None: 0,
            "unsafe-none": 0,
        }.get(answer.header("Cross-Origin-Opener-Policy"), -5),
        "cross-origin resource sharing": -50 if answer.header("Access-Control-Allow-Origin") else 0,
        "cross-origin resource policy": {"same-origin": 10, "same-site": 10, None: 0, "cross-origin": 0}.get(
            answer.header("Cross-Origin-Resource-Policy"), -5
        ),
        "referrer policy": 5 if answer.header("Referrer-Policy") in _PRIVATE else -5,
        "subresource integrity": -50 if b"<script" in answer.body.lower() else 0,
        "content type options": 0 if answer.header("X-Content-Type-Options") == "nosniff" else -5,
        "frame options": _frames(policy, answer.header("X-Frame-Options") or ""),
    }


def _directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split(";") if part.strip())}


def _policy(policy: dict[str, list[str]]) -> int:
    if not policy:
        return -25
    fallback = policy.get("default-src", ["*"])
    active = [policy.get(name, fallback) for name in ("script-src", "object-src")]
    if any(_BROAD & set(sources) for sources in active):
        return -20
    if _BROAD & set(policy.get("style-src", fallback)):
        return 0
    strict_forms = policy.get("form-action") in (["'self'"], ["'none'"])
    return 10 if fallback == ["'none'"] and strict_forms else 5


def _cookie(value: str) -> int:
    flags = {part.strip().lower() for part in value.split(";")[1:]}
    if "httponly" not in flags:
        return -30
    if "secure" not in flags:
        return WITHOUT_SECURE
    return 5 if flags & {"samesite=strict", "samesite=lax"} else 0


def _frames(policy: dict[str, list[str]], old: str) -> int:
    if policy.get("frame-ancestors") in (["'none'"], ["'self'"]):
        return 5
    return 0 if old.upper() in {"DENY", "SAMEORIGIN"} else -20
