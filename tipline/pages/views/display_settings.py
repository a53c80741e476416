"""What a visitor has chosen: a language and light or dark. It stands in each address, never in a cookie.

Beside a form the choice is a button of that form, so that what was typed comes along; its answer then says it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import g, has_request_context, request

from tipline.languages.site_languages import SpokenLanguage
from tipline.pages.views.services import services
from tipline.requests.tip_options import SHOWN_LANGUAGE_FIELD, SHOWN_LOOK_FIELD

LANGUAGE, LOOK = SHOWN_LANGUAGE_FIELD, SHOWN_LOOK_FIELD
LOOKS = frozenset({"dark", "light"})
_SAME_FOR_ALL = frozenset({"plain.style", "plain.robots"})


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """Of one visitor, for one answer: ``look`` is ``dark``, ``light`` or, where none was chosen, empty."""

    language: SpokenLanguage
    has_chosen_language: bool
    look: str


def choose(untrusted_shown: Mapping[str, str]) -> None:
    """By a button that was pressed: from here on this answer is as ``untrusted_shown`` names it, its links too.
    What is no language or look of the site changes nothing."""
    g.choice = _found([untrusted_shown, request.args])


def page_language() -> SpokenLanguage:
    """The one that was chosen by a link; else the one that the browser asks for; else the site's first."""
    return _choice().language


def page_look() -> str:
    """``dark`` or ``light`` where it was chosen, else empty."""
    return _choice().look


def keep_choice(endpoint: str, values: dict[str, Any]) -> None:
    """For ``url_defaults``: every link and every form leads to an address with the same choice, and a link from a
    page to itself leads to the same door."""
    if endpoint in _SAME_FOR_ALL or not has_request_context():
        return
    if request.view_args and endpoint.rpartition(".")[0] == request.blueprint:
        for name, value in request.view_args.items():
            values.setdefault(name, value)
    choice = _choice()
    if choice.has_chosen_language:
        values.setdefault(LANGUAGE, choice.language.tag)
    if choice.look:
        values.setdefault(LOOK, choice.look)


def choice_key() -> tuple[str, bool, str]:
    """All of the visitor's choice that a page can depend on: language, whether by a link, and look."""
    choice = _choice()
    return choice.language.tag, choice.has_chosen_language, choice.look


def addressed_endpoint() -> str:
    """The page of this request by its endpoint, where its address alone shows it again; empty for all others."""
    endpoint = request.endpoint or ""
    return endpoint if request.method in {"GET", "HEAD"} and endpoint not in _SAME_FOR_ALL else ""


def _choice() -> DisplaySettings:
    if "choice" not in g:
        g.choice = _found([request.args])
    return cast(DisplaySettings, g.choice)


def _found(untrusted: list[Mapping[str, str]]) -> DisplaySettings:
    """The first one of the site that is named, of each."""
    languages = services().languages
    named = [languages.get(one.get(LANGUAGE, "")) for one in untrusted]
    chosen = next((language for language in named if language), None)
    looks = (one.get(LOOK, "") for one in untrusted)
    return DisplaySettings(
        chosen or languages.likely(request.headers.get("Accept-Language", "")),
        chosen is not None,
        next((look for look in looks if look in LOOKS), ""),
    )
