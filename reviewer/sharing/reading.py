"""Reads shared items: keeps the operations of colleagues, and what each of them holds."""

import datetime as dt
from dataclasses import dataclass

from crypto.errors import Malformed
from crypto.primitives.week import Week
from crypto.sharing.shared_item import SharedItem
from reviewer.home.home import Home
from reviewer.sharing.party import ReviewerNames, may_be_author, own_key, reviewers
from reviewer.sharing.record import apply_waiting


@dataclass(frozen=True, slots=True)
class ReadItem:
    """The result of one item; ``sender`` is None where no reviewer of the newest manifest sent it.

    ``is_own`` also for one that was read here before, from elsewhere.
    """

    sender: str | None
    is_own: bool
    new_operations: int


def take_in_item(
    home: Home, item: SharedItem, *, opened_by_week: Week, server: str, envelope_sha256: bytes, today: dt.date
) -> ReadItem:
    """Keep what an item says, in the caller's transaction or its own.

    An item whose sender is no reviewer now is passed over: it may be of a colleague who was removed while it was
    under way.

    Raises:
        Malformed: it names another week than that of the key that opened it.
    """
    if item.week != opened_by_week:
        raise Malformed("shared item must be sealed to the keys of the week that it names")
    with home.casebook.changing():
        home.casebook.colleagues.note(item, server=server, envelope_sha256=envelope_sha256, today=today)
        if all(party.verify_key != item.sender for party in reviewers(home)):
            return ReadItem(None, is_own=False, new_operations=0)
        authors = {signed.operation.author for signed in item.operations}
        known = {author for author in authors if may_be_author(home, author)}
        new = sum(
            home.casebook.operations.keep(signed) for signed in item.operations if signed.operation.author in known
        )
        for erased in item.erased:
            home.casebook.operations.keep_erased(item.sender, erased)
        apply_waiting(home, today=today)
        is_own = item.sender == own_key(home)
        return ReadItem(ReviewerNames(home).of(item.sender.to_bytes()), is_own, new)
