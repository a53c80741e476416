"""Every page in every language: visited once in English, and then rendered again from what the view had given."""

from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import HTTPException

from tests.tipline.pages.named_pages import deployed, shown
from tests.tipline.pages.shown_page import Shown
from tipline.languages.language import LANGUAGES
from tipline.languages.site_languages import SiteLanguages
from tipline.pages.views.page import rendered

TAGS = tuple(language.tag for language in LANGUAGES)


class EveryPage:
    """The pages of one site, in any of its languages."""

    def __init__(self, folder: Path, languages: SiteLanguages) -> None:
        self._stage = deployed(folder, languages)
        self.app: Flask = self._stage.site.app
        self._rendered: dict[tuple[str, str], bytes] = {}

    def page(self, name: str, tag: str) -> bytes:
        """As it would be sent, without what it is padded with; rendered once for all tests that read it."""
        if (name, tag) not in self._rendered:
            self._rendered[name, tag] = self._render(name, tag)
        return self._rendered[name, tag]

    def _render(self, name: str, tag: str) -> bytes:
        one = shown(name)
        with self.app.test_request_context(f"{one.path}?lang={tag}", method=one.method):
            request.url_rule, request.view_args = self._route(one)
            return rendered(one.template, **one.context)

    def sent(self, path: str) -> bytes:
        """The answer of the site itself, with what it is padded with."""
        return self._stage.browser.get(path).body

    def close(self) -> None:
        self._stage.close()

    def _route(self, one: Shown) -> tuple[Any, Any]:
        try:
            return self.app.url_map.bind("example.onion").match(one.path, method=one.method, return_rule=True)
        except HTTPException:
            return None, None  # an error page
