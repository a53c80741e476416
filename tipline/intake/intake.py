"""Receiving: a first message, more files for it, a follow-up, and what is done in a mailbox.

Each is sealed while it arrives, then stored, then answered. The order at the end keeps both promises: the nonce is
claimed, then a passphrase is taken and a receipt prepared, the envelope is closed, the store says that all of it is
on the disk, and only then is the receipt known.
"""

import datetime as dt
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Protocol

from crypto.passphrases.mailbox import MailboxAddress
from crypto.questions.questionnaire import Questionnaire
from crypto.submissions.submission import Kind
from system.clock import Clock
from tipline.instance.intake_status import IntakeClosed, SealingContext
from tipline.instance.site_settings import Limits
from tipline.intake.passphrase_pool import PassphrasePool
from tipline.intake.receipts import Receipt, Receipts, SubmissionResult
from tipline.intake.unfinished_submission import Arriving, UnfinishedSubmission
from tipline.intake.upload import FormKind, Upload, UploadForm
from tipline.limits.rate_limit import RateLimit
from tipline.limits.upload_quota import UploadQuota
from tipline.requests.body import RequestBody
from tipline.requests.circuit import Circuit
from tipline.requests.form_fields import WORDS_FIELD
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import FormInput, Reason, Refused, store_faults
from tipline.requests.tip_options import TIP_CHOICES

HANDLE_FIELD = "handle"
KNOWN_OPEN_SECONDS = 1.0

_HANDLE = frozenset({HANDLE_FIELD})
_MORE_FORM = FormKind(other_fields=_HANDLE)
# What was typed stays in the page around the frame.
_FILES_FORM = FormKind(other_fields=_HANDLE, choices=TIP_CHOICES, gives_back=False)


class SealingContextSource(Protocol):
    """The intake policy, as :mod:`tipline.instance.intake_status` has it."""

    def intake(self) -> SealingContext: ...


class ArrivalSource(Protocol):
    """The beginning of arrivals: the store's ``submissions``."""

    def receive(self, week: str, manifest_sha256: bytes) -> Arriving: ...


class Intake:
    """Everything that the site can receive."""

    def __init__(
        self,
        *,
        submissions: ArrivalSource,
        policy: SealingContextSource,
        quota: UploadQuota,
        pool: PassphrasePool,
        receipts: Receipts,
        clock: Clock,
        limits: Limits,
        line: RateLimit | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """``line`` limits requests without an open mailbox; without one there is no limit.

        ``seconds`` says how long an open intake is remembered.
        """
        self._submissions = submissions
        self._policy = policy
        self._quota = quota
        self._pool = pool
        self._receipts = receipts
        self._line = line or RateLimit()
        self._clock = clock
        self._seconds = seconds
        self._digest_key = secrets.token_bytes(64)
        self._open_on: dt.date | None = None
        self._open_until = 0.0
        self.limits = limits

    def require_open(self) -> None:
        """Return when a message could be accepted now; the answer is remembered for a second.

        A page that only asks does not wait at the store behind all uploads. An upload asks again.

        Raises:
            Refused: intake is closed.
        """
        today, now = self._clock.today(), self._seconds()
        if today == self._open_on and now < self._open_until:
            return
        self._open()
        self._open_on, self._open_until = today, now + KNOWN_OPEN_SECONDS

    def take_tip(
        self,
        body: RequestBody,
        *,
        questions: Questionnaire | None = None,
        mailbox_of: Callable[[str, Nonce], MailboxAddress] | None = None,
    ) -> SubmissionResult | FormInput:
        """A first message; with ``mailbox_of``, a further one where secret words were typed into the form.

        A first one gets a fresh passphrase, unless this nonce has one already, or no answer is wanted. A button
        for another language or look keeps nothing: the result is what was typed.

        Raises:
            Refused: nothing of it is kept.
        """
        others = frozenset({WORDS_FIELD}) if mailbox_of else frozenset[str]()
        kind = FormKind(other_fields=others, choices=TIP_CHOICES, questions=questions, shows_again=True)
        with Upload(body, kind, self.limits) as upload:
            upload.read_fields()
            if upload.is_shown_again:
                return upload.typed() or FormInput()
            form = upload.form()
            mailbox, nonce = None, form.nonce
            if mailbox_of and form.other.get(WORDS_FIELD, "").strip():
                mailbox = mailbox_of(form.other[WORDS_FIELD], nonce)  # limited like a first message
                nonce = nonce.of_button(f"words {mailbox.to_bytes().hex()}")  # not the one it got without them
            else:
                self._line.admit(form.nonce, body.circuit)
            upload.require_something(form)
            with self._begin(Kind.SUBMISSION, body.announced_bytes, body.circuit) as submission:
                form.require_no_passphrase()
                upload.seal(form, submission)
                fresh_for = body.circuit if mailbox is None and form.choices.wants_answer else None
                receipt = self._complete(nonce, submission, mailbox, fresh_for=fresh_for)
                return SubmissionResult(
                    *(form.nonce, receipt, submission.files, submission.bytes_in, form.choices, upload.typed()),
                    is_of_known_words=mailbox is not None,
                )

    def take_more(self, body: RequestBody) -> SubmissionResult:
        """Take more files for a receipt, named by its handle.

        Raises:
            Refused: nothing of it is kept.
        """
        with Upload(body, _MORE_FORM, self.limits) as upload:
            upload.read_fields()
            form = upload.form()
            handle = form.other[HANDLE_FIELD]
            with self._receipts.kept_open(handle) as mailbox:
                upload.require_something(form)
                with self._begin(Kind.SUBMISSION, body.announced_bytes, body.circuit) as submission:
                    form.require_no_passphrase()
                    upload.seal(form, submission)
                    receipt = self._complete(form.nonce, submission, mailbox, handle=handle)
                    return SubmissionResult(form.nonce, receipt, submission.files, submission.bytes_in)

    def take_files(self, body: RequestBody, *, was_warned: bool) -> SubmissionResult:
        """An upload of the page for files: for the mailbox of its handle, or without one a first message.

        ``was_warned``: the source was told that a passphrase is in the text, and sends it all the same.
        Raises Refused: nothing of it is kept.
        """
        with Upload(body, _FILES_FORM, self.limits) as upload, ExitStack() as until_answered:
            upload.read_fields()
            form = upload.form()
            handle = form.other[HANDLE_FIELD]
            if handle:
                mailbox = until_answered.enter_context(self._receipts.kept_open(handle))
            else:
                mailbox = None
                self._line.admit(form.nonce, body.circuit)
            upload.require_something(form)
            with self._begin(Kind.SUBMISSION, body.announced_bytes, body.circuit) as submission:
                if not was_warned:
                    form.require_no_passphrase()
                upload.seal(form, submission)
                if mailbox is not None:
                    receipt = self._complete(form.nonce, submission, mailbox, handle=handle)
                    return SubmissionResult(form.nonce, receipt, submission.files, submission.bytes_in)
                fresh_for = body.circuit if form.choices.wants_answer else None
                receipt = self._complete(form.nonce, submission, None, fresh_for=fresh_for)
                return SubmissionResult(form.nonce, receipt, submission.files, submission.bytes_in, form.choices)

    def take_follow_up(
        self, upload: Upload, form: UploadForm, mailbox: MailboxAddress, circuit: Circuit
    ) -> SubmissionResult:
        """A further message of ``mailbox``, whose caller has read the ``form`` of the ``upload``.

        Raises:
            Refused: nothing of it is kept.
        """
        upload.require_something(form)
        with self._begin(Kind.SUBMISSION, upload.announced_bytes, circuit) as submission:
            form.require_no_passphrase()
            upload.seal(form, submission)
            receipt = self._complete(form.nonce, submission, mailbox)
            return SubmissionResult(form.nonce, receipt, submission.files, submission.bytes_in)

    def record_act(
        self, nonce: Nonce, mailbox: MailboxAddress, fields: Sequence[tuple[str, str]], *, circuit: Circuit
    ) -> None:
        """Tell staff about something done in a mailbox, in an envelope of the smallest size.

        Raises:
            Refused: intake is closed, or the store cannot take it.
        """
        with self._begin(Kind.ACT, 0, circuit) as submission:
            for name, value in fields:
                submission.field(name, value)
            self._complete(nonce, submission, mailbox)

    def give_new_words(
        self,
        nonce: Nonce,
        mailbox: MailboxAddress,
        fields: Callable[[MailboxAddress, ExitStack], Sequence[tuple[str, str]]],
        *,
        circuit: Circuit,
    ) -> Receipt:
        """Fresh words for the source of ``mailbox``; the same nonce gets the same words.

        ``fields`` tell staff, under the old mailbox, about the new one. They are asked for last, when only the
        store can still refuse. What ``fields`` enter into the stack is left before another request with this nonce
        is answered.

        Raises:
            Refused: as :meth:`record_act`, or by ``fields``; then no words are given out.
        """
        with self._receipts.claim(nonce) as claim, ExitStack() as entered:
            known = claim.receipt()
            if known is not None:
                return known
            # They make a further mailbox, so they count as a log-in.
            self._line.admit_log_in(circuit)
            with self._begin(Kind.ACT, 0, circuit) as submission:
                fresh = self._pool.take(circuit)
                prepared = claim.prepare(fresh.mailbox, fresh.words)
                for name, value in fields(fresh.mailbox, entered):
                    submission.field(name, value)
                sent = submission.sent
                submission.finish(mailbox)
                return claim.remember(prepared, sent=sent)

    def _complete(
        self,
        nonce: Nonce,
        submission: UnfinishedSubmission,
        mailbox: MailboxAddress | None,
        *,
        fresh_for: Circuit | None = None,
        handle: str | None = None,
    ) -> Receipt:
        """Store a submission, unless the same one was stored under this nonce.

        It is of the mailbox that this nonce got before, else of ``mailbox``, else of a fresh one, whose words are
        taken for the circuit ``fresh_for``. With neither, no answer is wanted and the envelope names no mailbox.
        """
        wants_answer = mailbox is not None or fresh_for is not None
        sent = submission.sent
        with self._receipts.claim(nonce) as claim:
            known = claim.receipt()
            if known is not None and sent in known.sent:
                submission.discard()
                return known
            words = None
            if wants_answer and known is not None and known.mailbox is not None:
                mailbox = known.mailbox
            elif fresh_for is not None:
                ready = self._pool.take(fresh_for)
                mailbox, words = ready.mailbox, ready.words
            prepared = claim.prepare(mailbox, words, handle=handle)
            submission.finish(mailbox)
            return claim.remember(prepared, sent=sent)

    def _begin(self, kind: Kind, announced_bytes: int, circuit: Circuit) -> UnfinishedSubmission:
        """A submission whose room is reserved.

        Raises:
            Refused: intake is closed, or there is no room.
        """
        intake = self._open()
        reservation = self._quota.reserve(announced_bytes, circuit=circuit)
        try:
            with store_faults():
                arrival = self._submissions.receive(str(intake.week), intake.manifest_sha256)
            return UnfinishedSubmission(
                arrival, reservation, intake=intake, kind=kind, clock=self._clock, digest_key=self._digest_key
            )
        except BaseException:
            reservation.release()
            raise

    def _open(self) -> SealingContext:
        try:
            with store_faults():
                return self._policy.intake()
        except IntakeClosed as error:
            raise Refused(Reason.CLOSED) from error
