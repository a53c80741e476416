"""Templates and views speak the language of the page: sentences from its catalogue, numbers in its own digits."""

from typing import Any

from babel.support import NullTranslations
from flask import Flask
from flask_babel import Babel, Domain

from tipline.instance.site_texts import SiteText, Slot
from tipline.languages.language import Direction
from tipline.pages.views import number_format
from tipline.pages.views.display_settings import page_language
from tipline.pages.views.services import services


class PageDomain(Domain):  # type: ignore[misc]  # flask-babel has no types
    """Flask-Babel's source of sentences: the catalogue of the page's language, which is in memory already."""

    def get_translations(self) -> NullTranslations:
        return page_language().translations

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        return counted(singular, plural, num) % {"num": number_format.number(num), **variables}


def init_babel(site: Flask) -> None:
    """Before the first request. Afterwards ``_()``, ``ngettext()`` and the filters work in every template."""
    babel = Babel(site, locale_selector=lambda: page_language().language.locale)
    babel.domain_instance = PageDomain()
    site.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of its i18n extension
        gettext=_spoken,
        ngettext=counted,
        newstyle=True,
    )
    site.jinja_env.filters.update(
        size=number_format.size,
        numberformat=number_format.number,
        dateformat=number_format.day,
        digits=number_format.localize_digits,
        isolated=isolated,
        country=number_format.country,
    )
    site.jinja_env.globals["operator_words"] = _operator_words


def _operator_words(slot: str) -> SiteText | None:
    return services().words.find(Slot(slot), page_language().tag)


def isolated(text: str) -> str:
    """``text`` for the middle of a sentence that runs from right to left: neither turns the other around."""
    if page_language().language.direction is Direction.LEFT_TO_RIGHT:
        return text
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def _spoken(sentence: str) -> str:
    return str(page_language().translations.ugettext(sentence))


def counted(singular: str, plural: str, num: int) -> str:
    """The form for this number, with the number written into it: Jinja would write it in Latin digits."""
    form = str(page_language().translations.ungettext(singular, plural, num))
    return form.replace("%(num)s", number_format.number(num))
