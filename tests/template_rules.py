"""Rules that each template, stylesheet and rendered page of ours must hold."""

import re

FORBIDDEN: dict[str, re.Pattern[str]] = {
    "a script": re.compile(r"<\s*script\b", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*[\s\"'/]on[a-z]+\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript\s*:", re.IGNORECASE),
    "an inline style": re.compile(r"<\s*style\b|<[^>]*[\s\"'/]style\s*=", re.IGNORECASE),
    "a drawing that Safest does not show": re.compile(r"<\s*(?:svg|math|canvas)\b|image/svg", re.IGNORECASE),
    # Sound is allowed in one form: silent, loaded by nothing but a press.
    "an embedded object": re.compile(
        r"<\s*(?:object|embed|applet|video|portal)\b|<\s*audio\b(?! controls muted preload=\"none\" src=)",
        re.IGNORECASE,
    ),
    "a base address": re.compile(r"<\s*base\b", re.IGNORECASE),
    "a foreign address": re.compile(
        r"(?:href|src|action|formaction|srcset|poster|data|cite|background|manifest)\s*=\s*[\"']?\s*(?:[a-z][a-z0-9+.-]*:)?//"
        r"|url\(\s*[\"']?\s*(?:[a-z][a-z0-9+.-]*:)?//|@import|https?://",
        re.IGNORECASE,
    ),
    "a web font": re.compile(r"@font-face|rel\s*=\s*[\"']?preload", re.IGNORECASE),
    "a hint to fetch ahead": re.compile(
        r"rel\s*=\s*[\"']?(?:prefetch|preconnect|dns-prefetch|prerender)|ping\s*=", re.IGNORECASE
    ),
}
_NOT_DRAWN = re.compile(
    r"<\s*(?:math|canvas|image|use|foreignObject|animate\w*|set|style)\b|image/svg", re.IGNORECASE
)
FORBIDDEN_IN_SOURCES: dict[str, re.Pattern[str]] = {
    "escaping switched off": re.compile(r"\|\s*safe\b|\bautoescape\s+false|\bMarkup\b", re.IGNORECASE),
    "an address that url_for did not make": re.compile(r"(?:href|src|action)\s*=\s*[\"']/", re.IGNORECASE),
}

_JINJA_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


DRAWING = "a drawing that Safest does not show"
DRAWS = "templates/reviewer/_drawing.html"
"""The one template that holds SVG: staff see it at the desk, in a browser without Tor."""


def faults(page: str, *, source: bool, may_draw: bool = False) -> list[str]:
    """The faults of a page, each as ``rule: the place``; ``source`` for a template, not yet rendered.

    ``may_draw`` is for :data:`DRAWS`, and for the pages of the desk that it is part of.
    """
    rules = FORBIDDEN | FORBIDDEN_IN_SOURCES if source else FORBIDDEN
    if may_draw:
        rules = rules | {DRAWING: _NOT_DRAWN}
    text = _JINJA_COMMENT.sub(" ", page)  # an HTML comment is sent to the browser, so it is checked like the rest
    return [
        f"{name}: {text[max(0, found.start() - 20) : found.end() + 20]!r}"
        for name, rule in rules.items()
        for found in rule.finditer(text)
    ]
