"""The web side made whole over an open store: for the web process, after any fork."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from crypto.passphrases.mailbox import MailboxAddress, open_mailbox
from crypto.passphrases.passphrase import Passphrase
from system.clock import SYSTEM_CLOCK, Clock
from tipline.instance.forms import Doors
from tipline.instance.identity import Identity
from tipline.instance.intake_status import Standing
from tipline.instance.recipient_file import RecipientDesk
from tipline.instance.site_settings import SiteSettings
from tipline.instance.site_texts import OperatorWords
from tipline.instance.turning_day import TurningDay
from tipline.intake.intake import Intake
from tipline.intake.passphrase_pool import PassphrasePool
from tipline.intake.receipts import Receipts
from tipline.languages.site_languages import SiteLanguages
from tipline.limits import request_scheduler
from tipline.limits.kdf_queue import Derivations
from tipline.limits.rate_limit import WaitingLine
from tipline.limits.upload_quota import Space
from tipline.mailbox.service import Mailroom
from tipline.mailbox.sessions import Sessions
from tipline.pages.app import create_app
from tipline.pages.stylesheet import Stylesheet
from tipline.pages.views.services import Services
from tipline.requests.progress import Progress
from tipline.store import Store
from tipline.threads.sweeper import Sweeper

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Site:
    """All that one web process keeps in memory, and the WSGI application before it.

    There must be one such process only: nonces, ready passphrases, sessions and queues are nowhere else.
    """

    def __init__(
        self,
        store: Store,
        standing: Standing,
        *,
        settings: SiteSettings,
        clock: Clock = SYSTEM_CLOCK,
        languages: SiteLanguages | None = None,
        doors: Doors | None = None,
        words: OperatorWords | None = None,
        address: str = "",
        line: WaitingLine | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """``seconds``: when the day that visitors see turns."""
        derivations = Derivations()
        self.sessions = Sessions()
        self.receipts = Receipts()
        self.pool = PassphrasePool(derivations, self._derive)
        self._standing = standing
        self.progress = Progress()
        line = line or WaitingLine()
        shown = TurningDay(clock, seconds=seconds)
        self.space = Space(
            limits=settings.limits,
            room_bytes=store.room_bytes,
            kept_bytes=store.submissions.kept_bytes,
            clock=shown,
        )
        intake = Intake(
            submissions=store.submissions,
            standing=standing,
            space=self.space,
            pool=self.pool,
            receipts=self.receipts,
            line=line,
            clock=clock,
            limits=settings.limits,
        )
        mailroom = Mailroom(
            replies=store.replies,
            derivation=standing.derivation,
            derivations=derivations,
            sessions=self.sessions,
            intake=intake,
            line=line,
        )
        self._sweeper = Sweeper(
            [
                self.sessions.sweep,
                self.receipts.sweep,
                self.progress.sweep,
                self.pool.sweep,
                derivations.sweep,
                self.space.sweep,
                line.sweep,
                request_scheduler.sweep,
                self.space.look,  # last: it may wait for the store
            ]
        )
        doors = doors or Doors()
        self.app = create_app(
            Services(
                intake=intake,
                receipts=self.receipts,
                mailroom=mailroom,
                recipients=RecipientDesk(standing, Identity.load(store).root, shown),
                space=self.space,
                progress=self.progress,
                settings=settings,
                languages=languages or SiteLanguages.load(),
                doors=doors,
                words=words or OperatorWords(),
                stylesheet=Stylesheet.read(doors.style()),
                addresses=((address, *settings.addresses) if address else ()),
            )
        )

    def start(self) -> None:
        """Begin to fill the pool and to forget in time. Once, after any fork."""
        self.space.look()
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
        return open_mailbox(words, by=self._standing.derivation()).address()
