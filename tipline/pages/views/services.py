"""What views call: found through the running site, so that no view knows how any of it is made."""

from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from tipline.instance.forms import Forms
from tipline.instance.recipient_file import RecipientFileSource
from tipline.instance.site_settings import SiteSettings
from tipline.instance.site_texts import SiteTexts
from tipline.intake.intake import Intake
from tipline.intake.receipts import Receipts
from tipline.languages.site_languages import SiteLanguages
from tipline.limits.upload_quota import UploadQuota
from tipline.mailbox.service import MailboxService
from tipline.pages.answer_memory import AnswerCache
from tipline.pages.stylesheet import Stylesheet
from tipline.pages.views.page_cache import SplicedPages
from tipline.requests.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything behind the views."""

    intake: Intake
    receipts: Receipts
    mailroom: MailboxService
    recipients: RecipientFileSource
    space: UploadQuota
    progress: Progress
    settings: SiteSettings
    languages: SiteLanguages
    doors: Forms
    words: SiteTexts
    stylesheet: Stylesheet
    addresses: tuple[str, ...]
    """Onion addresses of the site, its own one first; empty when it has none."""
    spliced_pages: SplicedPages = field(default_factory=SplicedPages)
    long_answers: AnswerCache = field(default_factory=AnswerCache)
    still_pages: dict[tuple[object, ...], bytes] = field(default_factory=dict)


def services() -> Services:
    """Those of the site that is answering."""
    return cast(Services, current_app.extensions["tipline"])
