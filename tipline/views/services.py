"""What views call: found through the running site, so that no view knows how any of it is made."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from tipline.intake import Intake
from tipline.languages import Language
from tipline.mailroom import Mailroom
from tipline.site_settings import SiteSettings


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """The one stylesheet; its name carries its hash, so that it may be kept for ever."""

    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Services:
    """Everything behind the views."""

    intake: Intake
    mailroom: Mailroom
    settings: SiteSettings
    language: Language
    stylesheet: Stylesheet


def services() -> Services:
    """Those of the site that is answering."""
    return cast(Services, current_app.extensions["tipline"])
