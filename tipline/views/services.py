"""What views call: found through the running site, so that no view knows how any of it is made."""

from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from tipline.doors import Doors
from tipline.intake import Intake
from tipline.long_answers import LongAnswers
from tipline.mailroom import Mailroom
from tipline.operator_words import OperatorWords
from tipline.progress import Progress
from tipline.recipients import RecipientDesk
from tipline.site_languages import SiteLanguages
from tipline.site_settings import SiteSettings
from tipline.space import Space
from tipline.views.spliced import SplicedPages


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """The one stylesheet; its name carries its hash, so that it may be kept for ever.

    ``gzipped`` is the same: whoever reads along on the wire knows it anyway, so that its length tells nothing.
    """

    content: bytes
    gzipped: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Services:
    """Everything behind the views."""

    intake: Intake
    mailroom: Mailroom
    recipients: RecipientDesk
    space: Space
    progress: Progress
    settings: SiteSettings
    languages: SiteLanguages
    doors: Doors
    words: OperatorWords
    stylesheet: Stylesheet
    addresses: tuple[str, ...]
    spliced_pages: SplicedPages = field(default_factory=SplicedPages)
    long_answers: LongAnswers = field(default_factory=LongAnswers)
    still_pages: dict[tuple[object, ...], bytes] = field(default_factory=dict)


def services() -> Services:
    """Those of the site that is answering."""
    return cast(Services, current_app.extensions["tipline"])
