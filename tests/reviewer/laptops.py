"""Three reviewers on their laptops, each with a home of its own, who exchange what they say about tips."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from crypto.sharing.shared_item import SharedItem, open_shared
from reviewer.home.home import Home, open_home
from reviewer.sharing.reading import take_in_item
from reviewer.sharing.writing import write_item
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import File, a_mailbox
from tests.reviewer.colleagues import Colleague, a_colleague
from tests.reviewer.desk_stage import Desk

DAY = today()


class Laptops:
    """Open homes of three reviewers, and the items that each has written."""

    def __init__(self, homes: list[Home]) -> None:
        self.homes = homes
        self.written: list[bytes] = []

    def write(self, home: Home) -> bytes:
        with home.casebook.changing():
            written = write_item(home, today=DAY)
        assert written is not None
        self.written.append(written.carried.envelope)
        return self.written[-1]

    def read(self, home: Home, envelope: bytes) -> None:
        item = opened_item(home, envelope)
        digest = hashlib.sha256(envelope).digest()
        take_in_item(home, item, opened_by_week=item.week, server="", envelope_sha256=digest, today=DAY)

    def rounds(self, count: int) -> None:
        """Rounds in which everything arrives."""
        for _ in range(count):
            for sender in self.homes:
                envelope = self.write(sender)
                for home in self.homes:
                    self.read(home, envelope)


@contextmanager
def three_laptops(
    desk: Desk,
    second: Colleague,
    text: str = "tip {n}",
    *,
    files: Sequence[File] = (),
    without: Sequence[int] = (),
) -> Iterator[Laptops]:
    """Three open homes that took in the same three tips, of two mailboxes; each tip has ``files``.

    The third home never gets the tips ``without``, as one that joined later.
    """
    third = a_colleague(desk, "third")
    manifest = desk.folder / "manifest.json"
    second.adopt(manifest)
    envelopes = [
        desk.server.seal(
            fields=[("text", text.format(n=n))],
            files=files,
            mailbox=a_mailbox(min(n, 2)),
            submission_id=bytes([n]) * 16,
        )
        for n in (1, 2, 3)
    ]
    here = [envelope for n, envelope in enumerate(envelopes, start=1) if n not in without]
    file = desk.write(desk.server.submissions(*here))
    for one in (desk, second, third):
        one.do("import", one.home, file)
    if without:
        further = desk.write(desk.server.submissions(*(one for one in envelopes if one not in here)))
        for one in (desk, second):
            one.do("import", one.home, further)
    with ExitStack() as stack:
        yield Laptops(
            [stack.enter_context(open_home(one.home, entry=SecretEntry(None))) for one in (desk, second, third)]
        )


def opened_item(home: Home, envelope: bytes) -> SharedItem:
    keys = [key for week in home.keyring.intake_weeks() for key in home.keyring.intake_keys(week)]
    opened = open_shared(io.BytesIO(envelope), keys=keys)
    assert opened is not None
    return opened.item
