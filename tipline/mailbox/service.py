"""The mailbox of a source: opens it, deletes replies, reports wellbeing, gives a new passphrase.

Opening derives, decrypts and forgets within one call; only a session with the mailbox's id and public key stays.
Each button takes equally long, whatever it did (:mod:`tipline.mailbox.timing_padding`). The store has no mailbox
ids: every row's tag is tried, which is the same work with and without replies.
"""

import contextlib
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Protocol

from crypto.errors import CryptoError, Mistyped
from crypto.passphrases.mailbox import MailboxAddress, MailboxKeys, SiteDerivation, open_mailbox, reply_tag
from crypto.passphrases.passphrase import Passphrase
from crypto.submissions.reply import Reply, ReplyRow, dummy_reply, open_reply
from tipline.instance.intake_status import IntakeClosed
from tipline.intake.intake import Intake
from tipline.intake.receipts import Receipt
from tipline.limits import request_scheduler
from tipline.limits.kdf_queue import KdfQueue
from tipline.limits.rate_limit import RateLimit
from tipline.mailbox.sessions import Session, Sessions
from tipline.mailbox.timing_padding import TimingPadding
from tipline.requests.circuit import Circuit
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import Reason, Refused, store_faults
from tipline.threads import resource_exhaustion

_MOST_AT_ONCE: Final = 1000
"""Replies that one act can name, with some room. More in one mailbox are a mistake of staff."""


class Wellbeing(Enum):
    """A source's wellbeing; the value is what staff are told."""

    SAFE = "safe"
    NOT_SAFE = "not-safe"


class ReplyRows(Protocol):
    """Rows of replies, real and dummy alike: the store's ``replies``."""

    def tags(self) -> list[tuple[bytes, bytes, bytes]]: ...
    def rows(self, reply_ids: Sequence[bytes]) -> list[tuple[bytes, bytes, bytes, bytes]]: ...
    def replace(self, rows: Sequence[tuple[bytes, bytes, bytes, bytes]]) -> None: ...


@dataclass(frozen=True, slots=True)
class OpenedMailbox:
    """The result of a log-in: replies, newest first, and the session for what follows."""

    session: Session
    replies: tuple[Reply, ...] = field(repr=False)
    looked_through_at: float
    """When the mailbox's replies were known, for its :class:`TimingPadding`."""


class MailboxService:
    """The mailboxes of this server; none of them is written down anywhere."""

    def __init__(
        self,
        *,
        replies: ReplyRows,
        derivation: Callable[[], SiteDerivation],
        derivations: KdfQueue,
        sessions: Sessions,
        intake: Intake,
        line: RateLimit,
        padding: TimingPadding,
    ) -> None:
        """``line`` is that of the intake."""
        self.padding = padding
        self._replies = replies
        self._derivation = derivation
        self._derivations = derivations
        self._sessions = sessions
        self._intake = intake
        self._line = line

    def open(self, untrusted_words: str, *, circuit: Circuit) -> OpenedMailbox:
        """Open the mailbox of these words; any well-formed words open one, which may be empty.

        Raises:
            Refused: no words, a likely typo (nothing was derived then), or too many log-ins.
        """
        words = parse_words(untrusted_words)
        self._line.admit_log_in(circuit)
        keys = self._derive(words, circuit)
        waiting = self._waiting_for(keys.address())
        looked_through_at = self.padding.now()
        replies = sorted(self._opened(keys, waiting), key=_place_in_mailbox, reverse=True)
        session = self._sessions.open(keys.address(), frozenset(waiting))
        return OpenedMailbox(session, tuple(replies), looked_through_at)

    def mailbox_of(self, untrusted_words: str, nonce: Nonce, *, circuit: Circuit) -> MailboxAddress:
        """Return the mailbox of a message that is sent with its passphrase, without opening the mailbox.

        Its form is rate-limited like that of a first message: any well-formed words make a new sender.

        Raises:
            Refused: as :meth:`open`, or it must wait some seconds.
        """
        words = parse_words(untrusted_words)
        self._line.admit(nonce, circuit)
        return self._derive(words, circuit).address()

    def session(self, untrusted_handle: str | None, nonce: Nonce) -> Session:
        """Return the session of a cookie, if the form with this nonce was given out in it.

        A browser has one cookie, and may have opened another mailbox since, in another window.

        Raises:
            Refused: it is over.
        """
        session = self._sessions.find(untrusted_handle)
        if not nonce.is_of(session.handle):
            raise Refused(Reason.SESSION_OVER)
        return session

    def leave(self, untrusted_handle: str | None) -> None:
        """End a session, if there is one."""
        self._sessions.end(untrusted_handle)

    def delete(self, session: Session, nonce: Nonce, reply_ids: Collection[bytes], *, circuit: Circuit) -> bool:
        """Delete these replies of the session, and tell staff which.

        Staff are told even if they are gone already: an earlier attempt may have deleted them without telling.
        Returns whether staff could be told: while intake is closed, deleting works all the same.
        """
        meant = sorted(session.replies.intersection(reply_ids))[:_MOST_AT_ONCE]
        fields = [("act", "delete"), *(("reply", reply_id.hex()) for reply_id in meant)]
        waiting = self._waiting_for(session.mailbox)
        with self.padding.as_long_as_any_button():
            self._forget(filter(meant.__contains__, waiting))
            try:
                self._intake.record_act(nonce, session.mailbox, fields, circuit=circuit)
            except Refused:
                return False
            return True

    def say(self, session: Session, nonce: Nonce, wellbeing: Wellbeing, *, circuit: Circuit) -> None:
        """Tell staff how the source is.

        Raises:
            Refused: it could not be taken in.
        """
        # As deleting does, with nothing to delete. That this fails is no reason not to tell staff.
        with _though_it_fails():
            self._waiting_for(session.mailbox)
        with self.padding.as_long_as_any_button():
            with _though_it_fails():
                self._forget(())
            self._intake.record_act(nonce, session.mailbox, [("act", wellbeing.value)], circuit=circuit)

    def give_new_words(self, session: Session, nonce: Nonce, *, circuit: Circuit) -> Receipt:
        """Give new words to a source whose words may be known; leave nothing under the old ones.

        Raises:
            Refused: staff were told nothing, and the old words stay; what they opened may be gone.
        """

        def tell(fresh: MailboxAddress, rest: contextlib.ExitStack) -> list[tuple[str, str]]:
            # Before staff are told, as they answer nothing to the old words from then on: after that, only the end
            # of this process can come between the source and its new ones.
            waiting = self._waiting_for(session.mailbox)
            rest.enter_context(self.padding.as_long_as_any_button())
            self._forget(waiting)
            return [("act", "words-known"), ("mailbox", fresh.to_bytes().hex())]

        return self._intake.give_new_words(nonce, session.mailbox, tell, circuit=circuit)

    def _derive(self, words: Passphrase, circuit: Circuit) -> MailboxKeys:
        try:
            with store_faults():
                by = self._derivation()
        except IntakeClosed as error:
            raise Refused(Reason.CLOSED) from error
        try:
            with request_scheduler.yielded(), self._derivations.for_login(circuit):
                return open_mailbox(words, by=by)
        except MemoryError as error:
            resource_exhaustion.note()
            raise Refused(Reason.BUSY) from error

    def _opened(self, keys: MailboxKeys, reply_ids: Sequence[bytes]) -> Iterable[Reply]:
        with store_faults():
            rows = self._replies.rows(reply_ids)
        for row in rows:
            try:
                yield open_reply(ReplyRow(*row), key=keys.source_key)
            except CryptoError:
                # A reviewer's mistake, or bytes that the disk has lost: the others are still shown.
                continue

    def _waiting_for(self, mailbox: MailboxAddress) -> list[bytes]:
        with store_faults():
            rows = self._replies.tags()
        return [reply_id for reply_id, salt, tag in rows if reply_tag(mailbox.mailbox_id, salt=salt) == tag]

    def _forget(self, reply_ids: Iterable[bytes]) -> None:
        """Put dummies in the place of these replies, in one go, and for none as well."""
        dummies = [(reply_id, dummy_reply()) for reply_id in reply_ids]
        with store_faults():
            self._replies.replace([(name, dummy.salt, dummy.tag, dummy.envelope) for name, dummy in dummies])


@contextlib.contextmanager
def _though_it_fails() -> Iterator[None]:
    """For what is done only so that one button takes as long as another."""
    try:
        yield
    except Refused:
        return
    except MemoryError:
        resource_exhaustion.note()


def _place_in_mailbox(reply: Reply) -> tuple[dt.date, int, bytes]:
    """The id decides where several reviewers gave the same number on one day."""
    return reply.day, reply.number, reply.reply_id


def parse_words(untrusted_words: str) -> Passphrase:
    """The passphrase in what was typed, checked by its check word; nothing is derived here.

    Raises:
        Refused: nothing typed, far too much, or a likely typo.
    """
    if not untrusted_words.strip():
        raise Refused(Reason.WORDS_MISSING)
    try:
        return Passphrase.parse(untrusted_words)
    except Mistyped as error:
        raise Refused(Reason.WORDS_TYPO) from error
    except CryptoError as error:
        raise Refused(Reason.WORDS_TOO_LONG) from error
