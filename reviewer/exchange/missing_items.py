"""Items that a bundle lists and this home lacks: which to import, and which to await."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from crypto.bundles.bundle import BundleReader, ItemEntry, ItemType, Mark, Statement
from reviewer.casebook.awaited import AwaitedItem
from reviewer.casebook.casebook import Casebook
from reviewer.home.home import Home
from system.errors import ProgramError


class MissingItems:
    """Decides on and records the missing items of each bundle during one import."""

    def __init__(self, casebook: Casebook, *, today: dt.date) -> None:
        self._casebook = casebook
        self._today = today

    def is_here(self, submission: ItemEntry, server: str) -> bool:
        """True if the submission, or the item of a colleague, needs nothing more from this server."""
        if self._casebook.colleagues.is_known(server, submission.sha256):
            return True
        return self._casebook.submissions.is_known(submission.sha256) and not self._casebook.unopened.is_wanted(
            submission.sha256
        )

    def has_ended(self, statement: Statement, server: str) -> bool:
        """True if the bundle's stream was replaced by another one of its server."""
        present = self._casebook.servers.stream(server)
        return present is not None and present != statement.stream

    def any_of(self, statement: Statement, server: str) -> bool:
        """True if a bundle that was read before still has items for this home.

        This includes items marked as deleted: an older program trusted such marks and kept nothing.
        """
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
        """True if it is here, or useless: of an ended stream only submissions count. Announcements come again."""
        if entry.type is ItemType.SUBMISSION:
            return self.is_here(entry, server)
        if entry.type is ItemType.ANNOUNCEMENT or self.has_ended(statement, server):
            return True
        heard = self._casebook.servers.weeks_closed_in(statement.stream, statement.number)
        return any(hashlib.sha256(closed.to_bytes()).digest() == entry.sha256 for closed in heard)


GIVEN_UP_ACT = "item given up"


def give_up(home: Home, names: Sequence[str], *, today: dt.date) -> list[AwaitedItem]:
    """Stop awaiting these items (named ``STREAM:BUNDLE:ITEM``, as ``import`` prints them); each is logged.

    Raises:
        ProgramError: one of them is not awaited; none was given up.
    """
    awaited = {one.name: one for one in home.casebook.awaited.all()}
    unknown = [name for name in names if name not in awaited]
    if unknown:
        raise ProgramError(
            f"nothing named {unknown[0]} is awaited", hint="tipline-review keys status HOME names what is"
        )
    given_up = [awaited[name] for name in dict.fromkeys(names)]
    with home.casebook.changing():
        for one in given_up:
            home.casebook.awaited.give_up(one, today=today)
            home.casebook.log.add(GIVEN_UP_ACT, f"{one.name} of {one.server}, {one.sha256.hex()}", today=today)
    return given_up
