"""What a visitor has chosen: a language and light or dark. It stands in each address, never in a cookie.

Beside a form the choice is a button of that form, so that what was typed comes along; its answer then says it.
"""

from collections.abc import Mapping
from typing import Any, cast

from flask import g, has_request_context, request

from tipline.choices import SHOWN_LANGUAGE_FIELD, SHOWN_LOOK_FIELD
from tipline.site_languages import SpokenLanguage
from tipline.views.services import services

LANGUAGE, LOOK = SHOWN_LANGUAGE_FIELD, SHOWN_LOOK_FIELD
LOOKS = frozenset({"dark", "light"})
_SAME_FOR_ALL = frozenset({"plain.style", "plain.robots"})


def choose(untrusted_shown: Mapping[str, str]) -> None:
    """By a button that was pressed: from here on this answer is as ``untrusted_shown`` names it, its links too.
    What is no language or look of the site changes nothing."""
    if services().languages.get(untrusted_shown.get(LANGUAGE, "")) or untrusted_shown.get(LOOK, "") in LOOKS:
        g.pressed = dict(untrusted_shown)
        g.pop("language", None)


def page_language() -> SpokenLanguage:
    """The one that was chosen by a link; else the one that the browser asks for; else the site's first."""
    if "language" not in g:
        accepted = request.headers.get("Accept-Language", "")
        g.language = _chosen_language() or services().languages.likely(accepted)
    return cast(SpokenLanguage, g.language)


def page_look() -> str:
    """``dark`` or ``light`` where it was chosen, else empty."""
    looks = [look for look in (_pressed(LOOK), request.args.get(LOOK, "")) if look in LOOKS]
    return looks[0] if looks else ""


def keep_choice(endpoint: str, values: dict[str, Any]) -> None:
    """For ``url_defaults``: every link and every form leads to an address with the same choice, and a link from a
    page to itself leads to the same door."""
    if endpoint in _SAME_FOR_ALL or not has_request_context():
        return
    if request.view_args and endpoint.rpartition(".")[0] == request.blueprint:
        for name, value in request.view_args.items():
            values.setdefault(name, value)
    if (chosen := _chosen_language()) is not None:
        values.setdefault(LANGUAGE, chosen.tag)
    if look := page_look():
        values.setdefault(LOOK, look)


def choice_key() -> tuple[str, bool, str]:
    """All of the visitor's choice that a page can depend on: language, whether by a link, and look."""
    return page_language().tag, _chosen_language() is not None, page_look()


def addressed_endpoint() -> str:
    """The page of this request by its endpoint, where its address alone shows it again; empty for all others."""
    endpoint = request.endpoint or ""
    return endpoint if request.method in {"GET", "HEAD"} and endpoint not in _SAME_FOR_ALL else ""


def _chosen_language() -> SpokenLanguage | None:
    languages = services().languages
    return languages.get(_pressed(LANGUAGE)) or languages.get(request.args.get(LANGUAGE, ""))


def _pressed(name: str) -> str:
    return str(g.get("pressed", {}).get(name, ""))
