"""Taking in: a tip, more files for it, a follow-up, an act. Each is sealed while it arrives, stored, then answered.

The order at the end of a request is what keeps both promises: the nonce is claimed, only then is a passphrase
taken and a receipt prepared, the envelope is closed, the store says that all of it is on the disk, and only then is
the receipt known.

Past 300 lines because every way in goes through the same last steps, which are read side by side here.
"""

import datetime as dt
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Protocol

from crypto.passphrases.mailbox import MailboxAddress
from crypto.passphrases.passphrase import Passphrase
from crypto.questions.answers import form_names
from crypto.questions.questionnaire import Questionnaire
from crypto.submissions.submission import Kind
from system.clock import Clock
from tipline.instance.intake_status import IntakeClosed, SealingContext
from tipline.instance.site_settings import Limits
from tipline.intake.draft import Draft
from tipline.intake.passphrase_pool import PassphrasePool
from tipline.intake.pasted_words import holds_a_passphrase
from tipline.intake.receipts import Receipt, Receipts
from tipline.intake.receive import UploadForm, UploadRules, receive
from tipline.intake.taken import Taken
from tipline.limits.rate_limit import RateLimit
from tipline.limits.upload_quota import Arriving, UploadQuota
from tipline.requests.body import RequestBody
from tipline.requests.circuit import Circuit
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import Reason, Refused, giving_back
from tipline.requests.store_faults import store_faults
from tipline.requests.tip_options import LATER_CHOICES, TIP_CHOICES, Choices

HANDLE_FIELD = "handle"
KNOWN_OPEN_SECONDS = 1.0


class IntakeStanding(Protocol):
    """Whether something may be accepted now, and to which keys: ``tipline.instance.intake_status.IntakePolicy``."""

    def intake(self) -> SealingContext: ...


class ArrivalDesk(Protocol):
    """Where arrivals begin: the store's ``submissions``."""

    def receive(self, week: str, manifest_sha256: bytes) -> Arriving: ...


class Intake:
    """What the site can take in."""

    def __init__(
        self,
        *,
        submissions: ArrivalDesk,
        standing: IntakeStanding,
        space: UploadQuota,
        pool: PassphrasePool,
        receipts: Receipts,
        clock: Clock,
        limits: Limits,
        line: RateLimit | None = None,
    ) -> None:
        """``line`` is for whoever has no open mailbox; without one nobody waits."""
        self._submissions = submissions
        self._standing = standing
        self._space = space
        self._pool = pool
        self._receipts = receipts
        self._line = line or RateLimit()
        self._clock = clock
        self._digest_key = secrets.token_bytes(64)
        self._open_on: dt.date | None = None
        self._open_until = 0.0
        self.limits = limits

    def require_open(self) -> None:
        """Return when a tip could be accepted now; that it could is remembered for a second. It is for a page that
        only asks, and must not stand in line at the store behind all who bring something: whatever is brought then
        is asked for anew.

        Raises:
            Refused: intake is closed.
        """
        today, now = self._clock.today(), time.monotonic()
        if today == self._open_on and now < self._open_until:
            return
        self._open()
        self._open_on, self._open_until = today, now + KNOWN_OPEN_SECONDS

    def take_tip(self, body: RequestBody, *, questions: Questionnaire | None = None) -> Taken:
        """A first message: a fresh passphrase, unless this nonce has one already, or no answer is wanted.

        Raises:
            Refused: nothing of it is kept.
        """

        def check(form: UploadForm) -> None:
            self._line.admit(form.nonce, body.circuit)

        rules = self._rules(check, circuit=body.circuit, choices=TIP_CHOICES, questions=questions, shows_again=True)
        form, draft = receive(body, rules)
        with giving_back(lambda: form.typed), draft:
            return replace(self._complete_first(form, draft, body.circuit), typed=form.typed)

    def take_more(self, body: RequestBody) -> Taken:
        """More files for a receipt, named by its handle.

        Raises:
            Refused: nothing of it is kept.
        """
        mailboxes: list[MailboxAddress] = []

        with ExitStack() as until_answered:

            def check(form: UploadForm) -> None:
                mailboxes.append(until_answered.enter_context(self._receipts.kept_open(form.other[HANDLE_FIELD])))

            form, draft = receive(body, self._rules(check, HANDLE_FIELD, circuit=body.circuit))
            with giving_back(lambda: form.typed), draft:
                handle = form.other[HANDLE_FIELD]
                return self._complete(form.nonce, draft, lambda: (mailboxes[0], None), handle=handle)

    def take_files(self, body: RequestBody, *, was_warned: bool) -> Taken:
        """From the page for files: for the mailbox of its handle, or without one a first message. ``was_warned``
        that a passphrase is in the text.

        Raises:
            Refused: nothing of it is kept.
        """
        mailboxes: list[MailboxAddress] = []

        with ExitStack() as until_answered:

            def check(form: UploadForm) -> None:
                if handle := form.other[HANDLE_FIELD]:
                    mailboxes.append(until_answered.enter_context(self._receipts.kept_open(handle)))
                if not mailboxes:
                    self._line.admit(form.nonce, body.circuit)

            # What was typed stays in the page around the frame.
            rules = self._rules(
                check,
                HANDLE_FIELD,
                circuit=body.circuit,
                choices=TIP_CHOICES,
                gives_back=False,
                was_warned=was_warned,
            )
            form, draft = receive(body, rules)
            with draft:
                if mailboxes:
                    handle = form.other[HANDLE_FIELD]
                    return self._complete(form.nonce, draft, lambda: (mailboxes[0], None), handle=handle)
                return self._complete_first(form, draft, body.circuit)

    def open_handle(self, mailbox: MailboxAddress, *, known: str) -> str:
        """A handle for files to an open mailbox: the one that is known already, where it lives."""
        return self._receipts.open_handle(mailbox, known=known)

    def prolong_handle(self, untrusted_handle: str) -> None:
        """Return when files can be sent with this handle, for the next ten minutes.

        Raises:
            Refused: it is over, or there never was such a one.
        """
        self._receipts.prolong(untrusted_handle)

    def receipt(self, nonce: Nonce) -> Receipt:
        """That of a form which was completed within the last ten minutes.

        Raises:
            Refused: there is none, or not any more.
        """
        found = self._receipts.find(nonce)
        if found is None:
            raise Refused(Reason.RECEIPT_OVER)
        return found

    def take_follow_up(
        self,
        body: RequestBody,
        mailbox_of: Callable[[UploadForm], MailboxAddress],
        *,
        fields: Sequence[str] = (),
        unread_fields: frozenset[str] = frozenset(),
    ) -> Taken:
        """A further message of a mailbox, which ``mailbox_of`` finds from the ``fields`` before any file is read.
        ``unread_fields`` are those of other buttons.

        Raises:
            Refused: nothing of it is kept.
        """
        mailboxes: list[MailboxAddress] = []

        def check(form: UploadForm) -> None:
            mailboxes.append(mailbox_of(form))

        rules = self._rules(check, *fields, circuit=body.circuit, unread_fields=unread_fields)
        form, draft = receive(body, rules)
        with giving_back(lambda: form.typed), draft:
            return self._complete(form.nonce, draft, lambda: (mailboxes[0], None))

    def record_act(
        self, nonce: Nonce, mailbox: MailboxAddress, fields: Sequence[tuple[str, str]], *, circuit: Circuit
    ) -> None:
        """Something done in a mailbox, told to staff in an envelope of the smallest size.

        Raises:
            Refused: intake is closed, or the store cannot take it.
        """
        with self._begin(Kind.ACT, 0, circuit) as draft:
            for name, value in fields:
                draft.field(name, value)
            self._complete(nonce, draft, lambda: (mailbox, None))

    def give_new_words(
        self,
        nonce: Nonce,
        mailbox: MailboxAddress,
        fields: Callable[[MailboxAddress, ExitStack], Sequence[tuple[str, str]]],
        *,
        circuit: Circuit,
    ) -> Receipt:
        """Fresh words for the source of ``mailbox``; ``fields`` tell staff, under the old mailbox, about the new
        one, and are asked for last, when only the store can still refuse. The same nonce gets the same words. What
        ``fields`` enter into the stack is left again before another request with this nonce is answered.

        Raises:
            Refused: as :meth:`record_act`, or by ``fields``; then no words are given out.
        """
        with self._receipts.claim(nonce) as claim, ExitStack() as entered:
            known = claim.receipt()
            if known is not None:
                return known
            # They make a further mailbox, so they count as a log-in.
            self._line.admit_log_in(circuit)
            with self._begin(Kind.ACT, 0, circuit) as draft:
                fresh = self._pool.take(circuit)
                prepared = claim.prepare(fresh.mailbox, fresh.words)
                for name, value in fields(fresh.mailbox, entered):
                    draft.field(name, value)
                sent = draft.sent
                draft.finish(mailbox)
                return claim.remember(prepared, sent=sent)

    def forget_words(self, nonce: Nonce) -> None:
        """The source has kept the words of this receipt: from now on they are in no memory of ours."""
        self._receipts.forget_words(nonce)

    def _complete_first(self, form: UploadForm, draft: Draft, circuit: Circuit) -> Taken:
        if not form.choices.wants_answer:
            return self._complete_unanswered(form.nonce, draft, form.choices)

        def fresh_mailbox() -> tuple[MailboxAddress, Passphrase | None]:
            ready = self._pool.take(circuit)
            return ready.mailbox, ready.words

        return self._complete(form.nonce, draft, fresh_mailbox, choices=form.choices)

    def _complete(
        self,
        nonce: Nonce,
        draft: Draft,
        choose: Callable[[], tuple[MailboxAddress, Passphrase | None]],
        *,
        handle: str | None = None,
        choices: Choices | None = None,
    ) -> Taken:
        sent = draft.sent
        choices = choices or Choices()
        with self._receipts.claim(nonce) as claim:
            known = claim.receipt()
            if known is not None and sent in known.sent:
                draft.discard()
                return Taken(nonce, known, draft.files, draft.bytes_in, choices)
            mailbox, words = (known.mailbox, None) if known is not None and known.mailbox else choose()
            prepared = claim.prepare(mailbox, words, handle=handle)
            draft.finish(mailbox)
            receipt = claim.remember(prepared, sent=sent)
        return Taken(nonce, receipt, draft.files, draft.bytes_in, choices)

    def _complete_unanswered(self, nonce: Nonce, draft: Draft, choices: Choices) -> Taken:
        """No words are taken from the pool, and the envelope names no mailbox, whatever this nonce got before."""
        sent = draft.sent
        with self._receipts.claim(nonce) as claim:
            known = claim.receipt()
            if known is None or sent not in known.sent:
                prepared = claim.prepare(None, None)
                draft.finish(None)
                known = claim.remember(prepared, sent=sent)
        return Taken(nonce, known, draft.files, draft.bytes_in, choices)

    def _rules(
        self,
        check: Callable[[UploadForm], None],
        *other_fields: str,
        circuit: Circuit,
        unread_fields: frozenset[str] = frozenset(),
        choices: frozenset[str] = LATER_CHOICES,
        questions: Questionnaire | None = None,
        shows_again: bool = False,
        gives_back: bool = True,
        was_warned: bool = False,
    ) -> UploadRules:
        return UploadRules(
            limits=self.limits,
            check=check,
            look=(lambda _form: None) if was_warned else _stop_at_a_passphrase,
            begin=lambda announced_bytes: self._begin(Kind.SUBMISSION, announced_bytes, circuit),
            other_fields=frozenset(other_fields).union(form_names(questions) if questions else ()),
            unread_fields=unread_fields,
            choices=choices,
            questions=questions,
            shows_again=shows_again,
            gives_back=gives_back,
        )

    def _begin(self, kind: Kind, announced_bytes: int, circuit: Circuit) -> Draft:
        intake = self._open()

        def begin() -> Arriving:
            with store_faults():
                return self._submissions.receive(str(intake.week), intake.manifest_sha256)

        arrival = self._space.take(announced_bytes, begin, circuit=circuit)
        return Draft(arrival, intake=intake, kind=kind, clock=self._clock, digest_key=self._digest_key)

    def _open(self) -> SealingContext:
        try:
            with store_faults():
                return self._standing.intake()
        except IntakeClosed as error:
            raise Refused(Reason.CLOSED) from error


def _stop_at_a_passphrase(form: UploadForm) -> None:
    if not form.meant and holds_a_passphrase(form.text):
        raise Refused(Reason.WORDS_IN_TEXT)
