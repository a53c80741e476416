"""What a source does with its mailbox: opens it, deletes, says how it is, gets new words.

Opening derives, decrypts and forgets within one call; all that stays is a session with the mailbox's id and public
key. The store has no mailbox ids: every row's tag is tried, which is the same work whether anything is there or
not.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from crypto.errors import CryptoError, LikelyTypo
from crypto.mailbox import MailboxAddress, MailboxKeys, SiteDerivation, open_mailbox, reply_tag
from crypto.passphrase import Passphrase
from crypto.reply import Reply, dummy_reply, open_reply
from tipline.circuit import Circuit
from tipline.derivations import Derivations
from tipline.intake import Intake
from tipline.nonce import Nonce
from tipline.receipts import Receipt
from tipline.refusals import Reason, Refused
from tipline.sessions import Session, Sessions
from tipline.standing import IntakeClosed
from tipline.store_faults import store_faults


class Wellbeing(Enum):
    """How a source says it is; the value is what staff are told."""

    SAFE = "safe"
    NOT_SAFE = "not-safe"


class ReplyRows(Protocol):
    """Rows of replies, real and dummy alike: the store's ``replies``."""

    def tags(self) -> list[tuple[bytes, bytes, bytes]]: ...
    def envelopes(self, reply_ids: Sequence[bytes]) -> list[bytes]: ...
    def replace(self, reply_id: bytes, salt: bytes, tag: bytes, envelope: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class OpenedMailbox:
    """What one log-in shows: replies, newest first, and the session for what follows."""

    session: Session
    replies: tuple[Reply, ...] = field(repr=False)


class Mailroom:
    """The mailboxes of this server; none of them is written down anywhere."""

    def __init__(
        self,
        *,
        replies: ReplyRows,
        derivation: Callable[[], SiteDerivation],
        derivations: Derivations,
        sessions: Sessions,
        intake: Intake,
    ) -> None:
        self._replies = replies
        self._derivation = derivation
        self._derivations = derivations
        self._sessions = sessions
        self._intake = intake

    def open(self, untrusted_words: str, *, circuit: Circuit) -> OpenedMailbox:
        """Open the mailbox of these words; any well-formed words open one, which may be empty.

        Raises:
            Refused: no words, a likely typo (nothing was derived then), or too many log-ins at once.
        """
        keys = self._derive(untrusted_words, circuit)
        replies = tuple(self._opened(keys))
        return OpenedMailbox(self._sessions.open(keys.address()), replies)

    def mailbox_of(self, untrusted_words: str, *, circuit: Circuit) -> MailboxAddress:
        """Where a message goes that is sent with its words, without opening anything.

        Raises:
            Refused: as :meth:`open`.
        """
        return self._derive(untrusted_words, circuit).address()

    def session(self, untrusted_handle: str | None) -> Session:
        """The session of a cookie.

        Raises:
            Refused: it is over.
        """
        return self._sessions.find(untrusted_handle)

    def leave(self, untrusted_handle: str | None) -> None:
        """End a session, if there is one."""
        self._sessions.end(untrusted_handle)

    def delete(self, session: Session, nonce: Nonce, untrusted_reply_ids: Iterable[str]) -> bool:
        """Delete the replies named, so far as they are this mailbox's; staff are told which.

        Returns whether staff could be told: while intake is closed, deleting works all the same.
        """
        asked = set(untrusted_reply_ids)
        mine = [reply_id for reply_id in self._waiting_for(session.mailbox) if reply_id.hex() in asked]
        self._make_dummies(mine)
        fields = [("act", "delete"), *(("reply", reply_id.hex()) for reply_id in mine)]
        return self._told(session, nonce, fields)

    def delete_all(self, session: Session, nonce: Nonce) -> bool:
        """Delete every reply that waits; otherwise as :meth:`delete`."""
        self._make_dummies(self._waiting_for(session.mailbox))
        return self._told(session, nonce, [("act", "delete-all")])

    def say(self, session: Session, nonce: Nonce, wellbeing: Wellbeing) -> None:
        """Tell staff how the source is.

        Raises:
            Refused: it could not be taken in.
        """
        self._intake.record_act(nonce, session.mailbox, [("act", wellbeing.value)])

    def give_new_words(self, session: Session, nonce: Nonce) -> Receipt:
        """For a source whose words somebody may have: new words, and nothing left under the old ones.

        Raises:
            Refused: it could not be taken in; the old words stay as they are.
        """
        receipt = self._intake.give_new_words(
            nonce,
            session.mailbox,
            lambda fresh: [("act", "words-known"), ("mailbox", fresh.to_bytes().hex())],
        )
        self._make_dummies(self._waiting_for(session.mailbox))
        return receipt

    def _derive(self, untrusted_words: str, circuit: Circuit) -> MailboxKeys:
        words = parse_words(untrusted_words)
        try:
            with store_faults():
                by = self._derivation()
        except IntakeClosed as error:
            raise Refused(Reason.CLOSED) from error
        with self._derivations.for_login(circuit):
            return open_mailbox(words, by=by)

    def _opened(self, keys: MailboxKeys) -> Iterable[Reply]:
        with store_faults():
            envelopes = self._replies.envelopes(self._waiting_for(keys.address()))
        for envelope in envelopes:
            try:
                yield open_reply(envelope, key=keys.source_key)
            except CryptoError:
                # A reviewer's mistake, or bytes that the disk has lost: the others are still shown.
                continue

    def _waiting_for(self, mailbox: MailboxAddress) -> list[bytes]:
        with store_faults():
            rows = self._replies.tags()
        return [reply_id for reply_id, salt, tag in rows if reply_tag(mailbox.mailbox_id, salt=salt) == tag]

    def _make_dummies(self, reply_ids: Collection[bytes]) -> None:
        with store_faults():
            for reply_id in reply_ids:
                dummy = dummy_reply()
                self._replies.replace(reply_id, dummy.salt, dummy.tag, dummy.envelope)

    def _told(self, session: Session, nonce: Nonce, fields: Sequence[tuple[str, str]]) -> bool:
        try:
            self._intake.record_act(nonce, session.mailbox, fields)
        except Refused:
            return False
        return True


def parse_words(untrusted_words: str) -> Passphrase:
    """The passphrase in what was typed, checked by its check word; nothing is derived here.

    Raises:
        Refused: nothing typed, far too much, or a likely typo.
    """
    if not untrusted_words.strip():
        raise Refused(Reason.WORDS_MISSING)
    try:
        return Passphrase.parse(untrusted_words)
    except LikelyTypo as error:
        raise Refused(Reason.WORDS_TYPO) from error
    except CryptoError as error:
        raise Refused(Reason.WORDS_TOO_LONG) from error
