"""Taking in: a tip, more files for it, a follow-up, an act. Each is sealed while it arrives, stored, then answered.

The order at the end of a request is what keeps both promises: the nonce is claimed, only then is a passphrase
taken, the envelope is closed, the store says that all of it is on the disk, and only then is there a receipt.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from crypto.mailbox import MailboxAddress
from crypto.passphrase import Passphrase
from crypto.submission import Kind
from tipline.body import RequestBody
from tipline.clock import Clock
from tipline.draft import Arriving, Draft
from tipline.nonce import Nonce
from tipline.pasted_words import holds_a_passphrase
from tipline.pool import PassphrasePool
from tipline.receipts import Receipt, Receipts
from tipline.receive import UploadForm, UploadRules, receive
from tipline.refusals import Reason, Refused
from tipline.site_settings import Limits
from tipline.standing import IntakeClosed, OpenIntake
from tipline.store_faults import store_faults

HANDLE_FIELD = "handle"


class IntakeStanding(Protocol):
    """Whether something may be accepted now, and to which keys: ``tipline.standing.Standing``."""

    def intake(self) -> OpenIntake: ...


class ArrivalDesk(Protocol):
    """Where arrivals begin: the store's ``submissions``."""

    def receive(self, week: str, manifest_sha256: bytes) -> Arriving: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """One completed request: its receipt, and how much came."""

    nonce: Nonce
    receipt: Receipt
    files: int
    bytes_in: int


class Intake:
    """What the site can take in."""

    def __init__(
        self,
        *,
        submissions: ArrivalDesk,
        standing: IntakeStanding,
        room_bytes: Callable[[], int],
        pool: PassphrasePool,
        receipts: Receipts,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._submissions = submissions
        self._standing = standing
        self._room_bytes = room_bytes
        self._pool = pool
        self._receipts = receipts
        self._clock = clock
        self._digest_key = secrets.token_bytes(64)
        self.limits = limits

    def require_open(self) -> None:
        """Return when a tip could be accepted now.

        Raises:
            Refused: intake is closed.
        """
        self._open()

    def take_tip(self, body: RequestBody) -> Taken:
        """A first message: a fresh passphrase, unless this nonce has one already.

        Raises:
            Refused: nothing of it is kept.
        """
        form, draft = receive(body, self._rules(_stop_at_a_passphrase))
        with draft:
            return self._complete(form.nonce, draft, self._fresh_mailbox)

    def take_more(self, body: RequestBody) -> Taken:
        """More files for a receipt, named by its handle.

        Raises:
            Refused: nothing of it is kept.
        """
        mailboxes: list[MailboxAddress] = []
        handles: list[str] = []

        def check(form: UploadForm) -> None:
            handles.append(form.other[HANDLE_FIELD])
            mailboxes.append(self._receipts.mailbox_of(handles[0]))
            _stop_at_a_passphrase(form)

        form, draft = receive(body, self._rules(check, HANDLE_FIELD))
        with draft:
            taken = self._complete(form.nonce, draft, lambda: (mailboxes[0], None), handle=handles[0])
        self._receipts.prolong(handles[0])
        return taken

    def take_follow_up(
        self, body: RequestBody, mailbox_of: Callable[[UploadForm], MailboxAddress], *, fields: Sequence[str] = ()
    ) -> Taken:
        """A further message of a mailbox, which ``mailbox_of`` finds from the fields before any file is read.

        Raises:
            Refused: nothing of it is kept.
        """
        mailboxes: list[MailboxAddress] = []

        def check(form: UploadForm) -> None:
            _stop_at_a_passphrase(form)
            mailboxes.append(mailbox_of(form))

        form, draft = receive(body, self._rules(check, *fields))
        with draft:
            return self._complete(form.nonce, draft, lambda: (mailboxes[0], None))

    def record_act(self, nonce: Nonce, mailbox: MailboxAddress, fields: Sequence[tuple[str, str]]) -> None:
        """Something done in a mailbox, told to staff in an envelope of the smallest size.

        Raises:
            Refused: intake is closed, or the store cannot take it.
        """
        with self._begin(Kind.ACT, 0) as draft:
            for name, value in fields:
                draft.field(name, value)
            self._complete(nonce, draft, lambda: (mailbox, None))

    def give_new_words(
        self, nonce: Nonce, mailbox: MailboxAddress, fields: Callable[[MailboxAddress], Sequence[tuple[str, str]]]
    ) -> Receipt:
        """Fresh words for the source of ``mailbox``; ``fields`` tell staff, under the old mailbox, about the new
        one.

        Raises:
            Refused: as :meth:`record_act`; then no words are given out.
        """
        with self._receipts.claim(nonce) as claim:
            known = claim.receipt()
            if known is not None:
                return known
            with self._begin(Kind.ACT, 0) as draft:
                fresh = self._pool.take()
                for name, value in fields(fresh.mailbox):
                    draft.field(name, value)
                draft.finish(mailbox)
                return claim.remember(fresh.mailbox, fresh.words, sent=draft.sent)

    def forget_words(self, nonce: Nonce) -> None:
        """The source has kept the words of this receipt: from now on they are in no memory of ours."""
        self._receipts.forget_words(nonce)

    def _fresh_mailbox(self) -> tuple[MailboxAddress, Passphrase | None]:
        ready = self._pool.take()
        return ready.mailbox, ready.words

    def _complete(
        self,
        nonce: Nonce,
        draft: Draft,
        choose: Callable[[], tuple[MailboxAddress, Passphrase | None]],
        *,
        handle: str | None = None,
    ) -> Taken:
        sent = draft.sent
        with self._receipts.claim(nonce) as claim:
            known = claim.receipt()
            if known is not None and sent in known.sent:
                draft.discard()
                return Taken(nonce, known, draft.files, draft.bytes_in)
            mailbox, words = (known.mailbox, None) if known is not None else choose()
            draft.finish(mailbox)
            receipt = claim.remember(mailbox, words, sent=sent, handle=handle)
        return Taken(nonce, receipt, draft.files, draft.bytes_in)

    def _rules(self, check: Callable[[UploadForm], None], *other_fields: str) -> UploadRules:
        return UploadRules(
            limits=self.limits,
            check=check,
            begin=lambda announced_bytes: self._begin(Kind.SUBMISSION, announced_bytes),
            other_fields=frozenset(other_fields),
        )

    def _begin(self, kind: Kind, announced_bytes: int) -> Draft:
        intake = self._open()
        if announced_bytes > self._room_bytes():
            raise Refused(Reason.NO_ROOM)
        with store_faults():
            arrival = self._submissions.receive(str(intake.week), intake.manifest_sha256)
        return Draft(arrival, intake=intake, kind=kind, clock=self._clock, digest_key=self._digest_key)

    def _open(self) -> OpenIntake:
        try:
            with store_faults():
                return self._standing.intake()
        except IntakeClosed as error:
            raise Refused(Reason.CLOSED) from error


def _stop_at_a_passphrase(form: UploadForm) -> None:
    if not form.meant and holds_a_passphrase(form.text):
        raise Refused(Reason.WORDS_IN_TEXT)
