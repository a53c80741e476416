"""Services of the running site and the body of the request: views find both through Flask.

So no view knows how any of them is made. Each request has one body; one view reads it, and then it is drained.
"""

from dataclasses import dataclass, field
from typing import cast

from flask import Response, current_app, g, request

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
from tipline.pages.views.page_cache import PageCache, Stylesheet
from tipline.requests.body import RequestBody
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
    spliced_pages: PageCache = field(default_factory=PageCache)
    long_answers: AnswerCache = field(default_factory=AnswerCache)
    still_pages: dict[tuple[object, ...], bytes] = field(default_factory=dict)


def services() -> Services:
    """Return the services of the site that is answering."""
    return cast(Services, current_app.extensions["tipline"])


def note_body() -> None:
    """Note the body before every request, also one that no view will answer."""
    g.body = RequestBody(request.environ, addresses=services().addresses)


def drain_when_answered(response: Response) -> Response:
    """Drop the unread rest of a form once its answer is sent.

    A body that another kind of request announces, and may never send, is not waited for.
    """
    if request.method == "POST":
        response.call_on_close(incoming_body().drain)
    return response


def incoming_body() -> RequestBody:
    """Return the body of the request that is being answered."""
    return cast(RequestBody, g.body)
