"""Items that a bundle lists and this home does not have: what is taken in when it comes, and what is awaited."""

import datetime as dt
import hashlib

from crypto.bundles.bundle import BundleReader, ItemEntry, ItemType, Mark, Statement
from reviewer.casebook.casebook import Casebook


class MissingItems:
    """What one import asks about the items of each bundle, and keeps of them."""

    def __init__(self, casebook: Casebook, *, today: dt.date) -> None:
        self._casebook = casebook
        self._today = today

    def is_here(self, submission: ItemEntry) -> bool:
        """Whether nothing is to be done about a submission any more."""
        return self._casebook.submissions.is_known(submission.sha256) and not self._casebook.unopened.is_wanted(
            submission.sha256
        )

    def has_ended(self, statement: Statement, server: str) -> bool:
        """Whether the bundle is of a stream that another one of this server has replaced."""
        present = self._casebook.servers.stream(server)
        return present is not None and present != statement.stream

    def any_of(self, statement: Statement, server: str) -> bool:
        """Whether the bundle, which was read before, has something for this home: also what was marked as deleted,
        and what an older program, which believed such marks, kept nothing of."""
        if self._casebook.awaited.any_of(statement):
            return True
        return not all(self._is_done(entry, statement, server) for entry in statement.items)

    def note(self, reader: BundleReader, server: str) -> int:
        """Wait for what was not in the bundle, unless the server signed that it deleted it.

        Returns:
            How many submissions are told as deleted for the first time, and were never read here.
        """
        deleted = 0
        for absent in reader.absent:
            if self._is_done(absent.entry, reader.statement, server):
                continue
            is_news = self._casebook.awaited.note(
                server, reader.statement, absent, sealing=reader.sealing, today=self._today
            )
            if absent.mark is Mark.DELETED and absent.entry.type is ItemType.SUBMISSION:
                self._casebook.unopened.note_deleted(absent.entry.sha256)
                deleted += is_news
        return deleted

    def _is_done(self, entry: ItemEntry, statement: Statement, server: str) -> bool:
        """Whether it is here, or of no use: of a stream that has ended only submissions count."""
        if entry.type is ItemType.SUBMISSION:
            return self.is_here(entry)
        if self.has_ended(statement, server):
            return True
        heard = self._casebook.servers.weeks_closed_in(statement.stream, statement.number)
        return any(hashlib.sha256(closed.to_bytes()).digest() == entry.sha256 for closed in heard)
