"""Names of mailboxes for staff, and for sixty days the earlier names that may be on paper.

An older program made the names of the id alone. The day on which a casebook of that program is first opened by this
one is kept in it; the former names are shown from that day on.
"""

import datetime as dt

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.submission import Submission
from reviewer.home.short_name import former_name, short_name

FORMER_DAYS = 60
_SETTING = "mailbox_names_since"
_ALWAYS = "always"


def begin_names(casebook: Casebook) -> None:
    """Record that no mailbox of a new casebook had an earlier name."""
    casebook.settings.set(_SETTING, _ALWAYS)


def keep_first_day(casebook: Casebook, *, today: dt.date) -> None:
    """Record, once, the day from which an older casebook shows former names."""
    if casebook.settings.get(_SETTING) is None:
        casebook.settings.set(_SETTING, today.isoformat())


class MailboxNames:
    """The names as they are shown today."""

    def __init__(self, casebook: Casebook, *, today: dt.date) -> None:
        since = casebook.settings.require(_SETTING)
        self._shows_former = since != _ALWAYS and (today - dt.date.fromisoformat(since)).days < FORMER_DAYS

    def words(self, address: bytes) -> str:
        """The name on one line, and the former one if it is shown."""
        former = self.former(address)
        return f"{short_name(address)} (before: {former})" if former else short_name(address)

    def former(self, address: bytes) -> str | None:
        """The former name while it is shown."""
        return former_name(address) if self._shows_former else None

    def of(self, submission: Submission) -> str | None:
        """The words for the mailbox of a submission; None where it has none."""
        return self.words(submission.mailbox_bytes) if submission.mailbox_bytes else None
