"""Replies to a submission: sealed to its mailbox at once, sent with the next outbox."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from crypto.errors import CryptoError
from crypto.submissions.reply import seal_reply
from crypto.submissions.submission import Kind
from reviewer.casebook.submission import Submission
from reviewer.cases.submission_text import two_keys_warning
from reviewer.home.home import Home
from reviewer.sharing.appliers import ANSWER
from reviewer.sharing.ownership import owner_of
from reviewer.sharing.record import record
from system.errors import ProgramError


class AnotherOwner(ProgramError):
    """The thread belongs to a colleague; ``name`` must be given to answer it all the same."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"this conversation belongs to {name}: two answers could contradict each other",
            hint=f"ask {name} first; then answer with --instead-of {name}, or take it over: tipline-review owner",
        )
        self.name = name


def reply_to(
    home: Home,
    submission: Submission,
    text: str,
    *,
    despite_two_keys: bool,
    instead_of: str | None = None,
    today: dt.date,
) -> bytes:
    """Seal a reply, keep it with the case and return its id.

    If the same text to the same submission still waits, nothing is added: the button was pressed twice.
    ``instead_of`` names the owner of the thread, where that is another reviewer.

    Raises:
        AnotherOwner: the thread belongs to a colleague, and ``instead_of`` is not that name.
        ProgramError: no mailbox to answer, words that others may have, a text that is empty or too long; or
            another key came under the same mailbox id, and not ``despite_two_keys``.
    """
    mailbox = submission.mailbox
    if mailbox is None:
        raise ProgramError(
            "this submission has no mailbox to reply to",
            hint="who wants no answer has none, nor has an envelope that could not be opened",
        )
    if words_may_be_known(home, submission):
        raise ProgramError(
            "another person may have the words of this mailbox: an answer could reach the wrong hands",
            hint="answer the new mailbox that the act names, once something arrives from it",
        )
    if not despite_two_keys and (others := home.casebook.overview.other_keys(submission)):
        raise ProgramError(two_keys_warning(others), hint="nothing was sealed; compare what both say first")
    if not text.strip():
        raise ProgramError("a reply must not be empty")
    require_owner(home, submission, instead_of=instead_of)
    owner = owner_of(home, submission)
    if (waiting := _waiting(home, submission, text)) is not None:
        return waiting
    number = home.casebook.replies.next_mailbox_number(mailbox)
    try:
        row = seal_reply(text, to=mailbox, day=today, number=number)
    except CryptoError as error:
        raise ProgramError(str(error), hint="send it as several replies; all of them are shown") from error
    with home.casebook.changing():
        home.casebook.replies.add(row, text, mailbox_number=number, submission=submission.number, today=today)
        record(home, ANSWER, submission, {"reply": row.reply_id.hex(), "text": text}, today=today)
        for_whom = "" if owner.is_own else f", instead of {owner.name}"
        home.casebook.log.add("reply", f"{submission.short_id}{for_whom}", today=today)
    return row.reply_id


def require_owner(home: Home, submission: Submission, *, instead_of: str | None) -> None:
    """Return when this reviewer may answer: as the owner, or as one who names the owner.

    Raises:
        AnotherOwner: the conversation belongs to a colleague whom ``instead_of`` does not name.
    """
    owner = owner_of(home, submission)
    if not owner.is_own and instead_of != owner.name:
        raise AnotherOwner(owner.name)


def words_may_be_known(home: Home, submission: Submission) -> bool:
    """True if "someone may have my words" was pressed in the mailbox of this submission."""
    overview = home.casebook.overview
    acts = [other.number for other in overview.of_mailbox(submission) if other.kind is Kind.ACT]
    return "words-known" in overview.values("act", acts).values()


def _waiting(home: Home, submission: Submission, text: str) -> bytes | None:
    for sent in home.casebook.replies.of(submission.number):
        if sent.text == text and sent.out_day is None and sent.deleted_day is None:
            return sent.reply_id
    return None


ANSWERS: Final = Path(__file__).parent.parent.parent / "templates" / "reviewer" / "answers"
ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """``title`` is what staff call it; ``texts`` are by language tag."""

    title: str
    texts: Mapping[str, str]

    def text(self, untrusted_tag: str | None = None) -> str:
        """In this language where there is one, else in English."""
        return self.texts.get(untrusted_tag or ENGLISH, self.texts[ENGLISH])


@cache
def _shipped(name: str) -> ReadyAnswer:
    table = tomllib.loads((ANSWERS / f"{name}.toml").read_text(encoding="utf-8"))
    return ReadyAnswer(table["title"], table["text"])


COULD_NOT_OPEN: Final = _shipped("could-not-open")
READY: Final = {"read": _shipped("read"), "could-not-open": COULD_NOT_OPEN}
"""By a name for forms."""
