"""Plays a disk that is full at each write while bundles are carried out and in, and while a manifest is taken.

`python -m tests.tipline.store.full_at_each_carrying FOLDER`, started by `unshare`. See `full_at_each_write`.
"""

import os
from collections.abc import Callable
from pathlib import Path

from crypto.bundles.bundle import ItemType, Statement
from crypto.bundles.bundle_items import DeliveryReceipt
from system.errors import ProgramError
from tests.organisation import Organisation
from tests.server import KEY, Server
from tests.tipline.bundles.carried import Reviewer, a_reply, export, take_in
from tests.tipline.store.full_at_each_write import NO_RESERVE_BYTES, Others, Played, on_a_small_disk, through_all
from tipline.store import Store
from tipline.store.errors import StoreError, StoreFull


class Carrying:
    """A server on the disk with two reviewers, and what must be there in the end."""

    def __init__(self, place: Path) -> None:
        self.server = Server(place, Organisation(reviewers=2), reserve_bytes=NO_RESERVE_BYTES)
        self.issue()
        self.server.adopt()
        self.first, self.second = (Reviewer(keys, self.server) for keys in self.server.organisation.reviewers)
        self.kept: set[bytes] = set()
        self.replies: set[bytes] = set()
        self.outbox = b""

    def keep(self) -> None:
        sealed = os.urandom(64)
        self.server.keep(sealed)
        self.kept.add(sealed)

    def carry_out(self) -> None:
        export(self.server)

    def export_again(self) -> None:
        """With room. Everything is listed once, every reviewer has read it, and there is something new to sign."""
        exported = export(self.server)
        for reviewer in (self.first, self.second):
            reviewer.read(exported)
            assert set(reviewer.submissions.values()) == self.kept
            assert reviewer.deleted == []
        outgoing = self.server.store.outgoing
        signed = [Statement.parse(outgoing.statement(number).statement) for number in outgoing.numbers()]
        assert sum(len(statement.items) for statement in signed) == len(self.kept)
        self.keep()

    def pack(self) -> None:
        """An outbox with an answer, a manifest, and the second receipt for all that is kept; one more is kept since
        the export that it answers."""
        exported, reply, manifest = export(self.server), a_reply(), self.issue()
        for reviewer in (self.first, self.second):
            reviewer.read(exported)
            assert self.kept <= set(reviewer.submissions.values())
        take_in(self.server, self.first.receipt())
        self.replies.add(reply.reply_id)
        self.outbox = self.second.outbox(
            (ItemType.REPLY, reply.to_bytes()),
            (ItemType.MANIFEST, manifest),
            (ItemType.RECEIPT, DeliveryReceipt(tuple(self.second.submissions)).to_bytes()),
        )
        self.kept.clear()
        self.keep()

    def carry_in(self) -> None:
        done = take_in(self.server, self.outbox)
        assert done.bundles + done.repeated == 1

    def import_again(self) -> None:
        """With room. All of the outbox counts once, and nothing else is deleted."""
        self.carry_in()
        self.check()
        self.pack()

    def issue(self) -> bytes:
        return self.server.organisation.issue(self.server.keys.party(), weeks=1).signed.to_bytes()

    def adopt(self) -> None:
        self.server.adopt(first=-1)

    def adopt_again(self) -> None:
        """With room; before that, intake went on under one of the two."""
        assert len(self.server.organisation.issued) - self.server.policy.intake().manifest_version <= 1
        self.adopt()
        self.check()
        self.issue()

    def check(self) -> None:
        """Check that the server has what it must have."""
        store = self.server.store
        waiting = store.submissions.waiting()
        assert {b"".join(store.submissions.pieces(each.submission)) for each in waiting} == self.kept
        assert store._bulk.row("SELECT count(DISTINCT submission) FROM pieces") == (len(self.kept),)
        assert {reply_id for reply_id, _salt, _tag in store.replies.tags()} == self.replies
        assert self.server.policy.intake().manifest_version == len(self.server.organisation.issued)


def told_as_full(act: Callable[[], None]) -> Callable[[], None]:
    """The number of the manifest lies in a file beside the store, and is refused in words of its own."""

    def told() -> None:
        try:
            act()
        except StoreError:
            raise
        except ProgramError as error:
            if "no space left on device" not in str(error):
                raise
            raise StoreFull(str(error)) from error

    return told


def play(place: Path) -> Played:
    played, others, carrying = Played(), Others(place), Carrying(place)
    server = carrying.server
    carrying.keep()
    through_all(others, played, carrying.carry_out, carrying.export_again, step=2)
    carrying.pack()
    through_all(others, played, told_as_full(carrying.carry_in), carrying.import_again, step=2)
    carrying.carry_in()  # the last one packed, or its manifest would be missing before the next
    carrying.issue()
    through_all(others, played, told_as_full(carrying.adopt), carrying.adopt_again)
    others.close()
    server.store.close()
    with Store(place, KEY) as store:
        assert store.damage() == []
    return played


if __name__ == "__main__":
    on_a_small_disk(play)
