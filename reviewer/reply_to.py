"""Answering a submission: sealed to its mailbox at once, waiting for the next outbox."""

import datetime as dt

from crypto.errors import CryptoError
from crypto.reply import seal_reply
from crypto.submission import Kind
from reviewer.casebook.submission import Submission
from reviewer.errors import ReviewerError
from reviewer.home import Home


def reply_to(home: Home, submission: Submission, text: str, *, today: dt.date) -> bytes:
    """Seal a reply and keep it with the case; its id.

    Raises:
        ReviewerError: no mailbox to answer, words that somebody else may have, a text that is empty or too long.
    """
    mailbox = submission.mailbox
    if mailbox is None:
        raise ReviewerError(
            "this submission names no mailbox, so nobody can be answered",
            hint="what was sealed beforehand, or could not be opened, has none",
        )
    if _words_may_be_known(home, submission):
        raise ReviewerError(
            "somebody else may have the words of this mailbox: an answer could reach the wrong hands",
            hint="answer the new mailbox that the act names, once something arrives from it",
        )
    if not text.strip():
        raise ReviewerError("a reply must not be empty")
    try:
        row = seal_reply(text, to=mailbox, day=today)
    except CryptoError as error:
        raise ReviewerError(str(error), hint="send it as several replies; all of them are shown") from error
    with home.casebook.changing():
        home.casebook.replies.add(row, text, submission=submission.number, today=today)
        home.casebook.log.add("reply", submission.short_id, today=today)
    return row.reply_id


def _words_may_be_known(home: Home, submission: Submission) -> bool:
    acts = home.casebook.submissions.field_values("act")
    return any(
        other.kind is Kind.ACT
        and other.mailbox_id == submission.mailbox_id
        and acts.get(other.number) == "words-known"
        for other in home.casebook.submissions.all()
    )
