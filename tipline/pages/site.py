"""Builds the web side over an open store, for the web process, after any fork."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from flask import Response

from crypto.passphrases.mailbox import MailboxAddress, open_mailbox
from crypto.passphrases.passphrase import Passphrase
from system.clock import SYSTEM_CLOCK, Clock
from tipline.instance.forms import Forms
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakePolicy
from tipline.instance.recipient_file import RecipientFileSource
from tipline.instance.site_settings import SiteSettings
from tipline.instance.site_texts import SiteTexts
from tipline.instance.turning_day import TurningDay
from tipline.intake.intake import Intake
from tipline.intake.passphrase_pool import READY, PassphrasePool
from tipline.intake.receipts import Receipts
from tipline.languages.site_languages import SiteLanguages
from tipline.limits.kdf_queue import KdfQueue
from tipline.limits.rate_limit import RateLimit
from tipline.limits.request_scheduler import WorkSlot
from tipline.limits.upload_quota import SHORT_REQUEST_BYTES, UploadQuota
from tipline.mailbox.service import MailboxService
from tipline.mailbox.sessions import Sessions
from tipline.mailbox.timing_padding import TimingPadding
from tipline.pages.app import create_app
from tipline.pages.padding import require_one_length
from tipline.pages.views.about import path
from tipline.pages.views.files import files_page
from tipline.pages.views.page_cache import Stylesheet
from tipline.pages.views.services import Services
from tipline.pages.views.start import form_page
from tipline.requests.progress import Progress
from tipline.store import Store
from tipline.threads.periodic import Sweeper

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Site:
    """The WSGI application, and all that one web process keeps in memory for it.

    There must be one such process only: nonces, ready passphrases, sessions and queues are nowhere else.
    """

    def __init__(
        self,
        store: Store,
        policy: IntakePolicy,
        *,
        settings: SiteSettings,
        clock: Clock = SYSTEM_CLOCK,
        languages: SiteLanguages | None = None,
        forms: Forms | None = None,
        texts: SiteTexts | None = None,
        address: str = "",
        line: RateLimit | None = None,
        seconds: Callable[[], float] = time.monotonic,
        padding: TimingPadding | None = None,
        ready_passphrases: int = READY,
    ) -> None:
        """``seconds``: the clock of all that is remembered for a while, and of the day that visitors see."""
        derivations = KdfQueue(seconds=seconds)
        self.slot = WorkSlot(seconds=seconds)
        self.sessions = Sessions(seconds=seconds)
        self.receipts = Receipts(seconds=seconds)
        self.pool = PassphrasePool(derivations, self._derive, ready=ready_passphrases, seconds=seconds)
        self._policy = policy
        self.progress = Progress(seconds=seconds)
        line = line or RateLimit(seconds=seconds)
        shown = TurningDay(clock, seconds=seconds)
        self.quota = UploadQuota(
            limits=settings.limits,
            room_bytes=store.room_bytes,
            kept_bytes=store.submissions.kept_bytes,
            clock=shown,
            seconds=seconds,
        )
        intake = Intake(
            submissions=store.submissions,
            policy=policy,
            quota=self.quota,
            pool=self.pool,
            receipts=self.receipts,
            line=line,
            clock=clock,
            limits=settings.limits,
            seconds=seconds,
        )
        mailboxes = MailboxService(
            replies=store.replies,
            derivation=policy.derivation,
            derivations=derivations,
            sessions=self.sessions,
            intake=intake,
            line=line,
            padding=padding or TimingPadding(),
        )
        self._sweeper = Sweeper(
            [
                self.sessions.sweep,
                self.receipts.sweep,
                self.progress.sweep,
                self.pool.sweep,
                derivations.sweep,
                self.quota.sweep,
                line.sweep,
                self.slot.sweep,
                self.quota.look,  # last: it may wait for the store
            ]
        )
        self._forms = forms = forms or Forms()
        self._languages = languages or SiteLanguages.load()
        self.app = create_app(
            Services(
                intake=intake,
                receipts=self.receipts,
                mailboxes=mailboxes,
                recipients=RecipientFileSource(policy, Identity.load(store).root, shown),
                quota=self.quota,
                progress=self.progress,
                settings=settings,
                languages=self._languages,
                forms=forms,
                texts=texts or SiteTexts(),
                stylesheet=Stylesheet.read(forms.style()),
                addresses=((address, *settings.addresses) if address else ()),
            )
        )

    def require_one_length(self) -> None:
        """Check that every page with texts of the operator keeps the one length of all, in every language.

        Raises:
            PageTooLong: for the first that does not fit.
        """
        pages: dict[str, Callable[[], Response]] = {
            "/": form_page,
            "/way": path,
            "/files": partial(files_page, "", SHORT_REQUEST_BYTES),
            **{f"/form/{form.number}": partial(form_page, door=form) for form in self._forms},
        }
        require_one_length(self.app, self._languages, pages)

    def start(self) -> None:
        """Begin to fill the pool and to forget in time. Once, after any fork."""
        self.quota.look()
        self.pool.start()
        self._sweeper.start()

    def stop(self) -> None:
        """End both threads; nothing that was in memory is needed afterwards."""
        self._sweeper.stop()
        self.pool.stop()

    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The public site."""
        return self.app(environ, start_response)

    def _derive(self, words: Passphrase) -> MailboxAddress:
        return open_mailbox(words, by=self._policy.derivation()).address()
