"""A server that came back from its backup: it adopts nothing on its own, and deletes nothing on old receipts."""

import contextlib
import itertools
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.line import Line
from tests.end_to_end.put_back import asked_to_accept, confirm, put_back, save
from tests.end_to_end.real_server import RealServer
from tests.end_to_end.test_two_reviewers import _replies, _reply, _texts
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk
from tipline.bundles.importer import BundleImporter
from tipline.bundles.manifest_update import read_run
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.errors import CarryRefused
from tipline.instance.identity import Identity
from tipline.instance.intake_status import ClosedReason, IntakeClosed
from tipline.instance.recipient_file import RecipientFileSource


def closed_because(server: RealServer) -> ClosedReason:
    with pytest.raises(IntakeClosed) as closed:
        server.policy.intake()
    return closed.value.reason


def outbox(desk: Desk, name: str) -> Path:
    """The current outbox of this reviewer, kept under a name."""
    out = desk.folder / name
    desk.do("outbox", desk.home, "--out", out)
    return out


class Removed:
    """The second reviewer is removed after the backup; a courier keeps every outbox from in between."""

    def __init__(self, line: Line) -> None:
        self.server, self.first, self.second = line.servers[0], line.first, line.second
        self.backup = self.first.folder / "server.backup"
        for desk in (self.first, self.second):
            line.carry_in(desk)
        save(self.server, self.backup)
        self.second.adopt(self.first.issue("--with", self.second.offer()))
        self.kept = [outbox(self.first, "kept-1")]
        for server in line.servers:
            server.take_in(self.kept[0])
        self.first.do("reviewers", "remove", self.first.home, "second")
        self.newest = self.first.issue()
        line.adopt(self.newest)

    def restore(self, name: str = "again") -> None:
        put_back(self.server, self.backup, self.first.folder / name)


def test_a_restored_server_adopts_no_manifest_from_an_outbox_and_seals_nothing_to_who_was_removed(
    line: Line,
) -> None:
    removed = Removed(line)
    server, first, second = removed.server, removed.first, removed.second
    kept = [*removed.kept, outbox(first, "kept-2")]  # the manifest of the backup's morrow, and the newest
    for place, order in enumerate(itertools.permutations(kept)):
        removed.restore(f"again-{place}")
        before = server.policy.manifest().version
        for one in order:
            with contextlib.suppress(CarryRefused):  # out of order
                done = server.take_in(one)
                assert done.manifest_version is None
                assert "a person must adopt the newest" in (done.manifest_refused or "")
            assert closed_because(server) is ClosedReason.ROLLED_BACK
            assert server.policy.manifest().version == before
        with pytest.raises(CarryRefused, match="was restored"):
            server.export()
        root = Identity.load(server.store).root
        assert RecipientFileSource(server.policy, root, server.clock).current_recipient_file() is None
    server.adopt(read_run(removed.newest))
    newest = server.policy.intake().manifest_version
    for one in kept:
        server.take_in(one)
        assert server.policy.intake().manifest_version == newest
    server.receive("written after the second was removed")
    stick = first.folder / "stick"
    stick.write_bytes(server.export())
    assert second.run("import", second.home, stick) == 1
    first.do("import", first.home, stick)
    assert _texts(first) == ["written after the second was removed"]


def test_replies_wait_for_a_person_and_come_only_from_reviewers_whom_that_manifest_lists(line: Line) -> None:
    server, other = line.servers
    server.receive("a tip")
    line.carry_out(line.first, line.second)
    removed = Removed(line)
    for desk, text in ((line.first, "stays"), (line.first, "withdrawn"), (line.second, "of who was removed")):
        _reply(desk, text)
    kept = [outbox(line.first, "replies"), outbox(line.second, "replies-too")]
    for live in line.servers:
        live.take_in(kept[0])
        with pytest.raises(CarryRefused, match="nothing in this file is for this server"):
            live.take_in(kept[1])
    doomed = _replies(other)["withdrawn"]
    other.receive_act(("act", "delete"), ("reply", doomed.hex()))
    line.carry_out(line.first)
    kept.append(outbox(line.first, "withdrawal"))
    removed.restore()
    waits = [server.take_in(one).replies_wait for one in (*removed.kept, *kept)]
    assert waits.count(True) >= 2
    assert server.replies_to(a_mailbox()) == []
    server.take_in(kept[-1])
    assert server.replies_to(a_mailbox()) == [], "what is brought again shows nothing either"
    server.adopt(read_run(removed.newest))
    assert server.replies_to(a_mailbox()) == ["stays"]


def test_a_withdrawal_is_taken_at_once_while_a_person_is_awaited(line: Line) -> None:
    server, other = line.servers
    server.receive("a tip")
    line.carry_out(line.first, line.second)
    _reply(line.first, "deleted elsewhere")
    line.carry_in(line.first)
    server.folder.manifest_version.unlink()
    assert closed_because(server) is ClosedReason.ROLLED_BACK
    doomed = _replies(other)["deleted elsewhere"]
    other.receive_act(("act", "delete"), ("reply", doomed.hex()))
    stick = line.first.folder / "stick"
    stick.write_bytes(other.export())
    line.first.do("import", line.first.home, stick)
    assert server.replies_to(a_mailbox()) == ["deleted elsewhere"]
    server.take_in(outbox(line.first, "withdrawal"))
    assert server.replies_to(a_mailbox()) == []


class TwoDisasters:
    """One reviewer, restored from a backup that lacks a tip; then the server, from before it heard the receipts."""

    def __init__(self, line: Line) -> None:
        self.server, self.first = line.servers[0], line.first
        folder = self.first.folder
        self.first.do("reviewers", "remove", self.first.home, "second")
        self.manifest = self.first.issue()
        line.adopt(self.manifest)
        self.server.receive("one")
        line.carry_out(self.first)
        self.first.backup()
        shutil.copy(folder / "casebook.age", folder / "old.age")
        self.server.receive("two: only in what came later")
        line.carry_out(self.first)
        self.first.backup()
        save(self.server, folder / "server.backup")
        self.kept = outbox(self.first, "kept-by-the-courier")
        self.first.home = folder / "home-again"
        identity = self.first.root / "casebook-backup-reviewer.key"
        self.first.do("restore", self.first.home, "--from", folder / "old.age", "--identity", identity)
        self.server.take_in(outbox(self.first, "of-the-restored"))
        put_back(self.server, folder / "server.backup", folder / "again")
        self.server.adopt(read_run(self.manifest))
        self.server.export()

    def take_in_as_courier(self, name: Path, accept: ConfirmedStream) -> None:
        server = self.server
        importer = BundleImporter(
            store=server.store, folder=server.folder, policy=server.policy, clock=server.clock
        )
        with name.open("rb") as source:
            importer.carry_in(source, accept=accept, is_courier=True)

    def waiting(self) -> int:
        return self.server.tips_waiting()


def test_after_two_restores_an_outbox_that_a_courier_kept_deletes_nothing(line: Line) -> None:
    both = TwoDisasters(line)
    done = both.server.take_in(both.kept)
    assert (done.deleted, both.waiting()) == (0, 2)
    assert done.to_accept is not None
    with pytest.raises(CarryRefused, match="accepted again at the server, not by a courier"):
        both.take_in_as_courier(both.kept, ConfirmedStream.parse(done.to_accept))
    assert both.waiting() == 2
    # The reviewer confirms the server's new stream, and so begins one of its own, which staff accept at the server.
    confirm(both.first, both.server, "server")
    stick = both.first.folder / "stick"
    stick.write_bytes(both.server.export())
    both.first.do("import", both.first.home, stick)
    assert _texts(both.first) == ["one"], "the keys of the other went with the old laptop"
    both.first.backup()
    living = outbox(both.first, "living")
    printed = both.first.out
    with pytest.raises(CarryRefused, match="has begun a new stream") as refused:
        both.server.take_in(living)
    assert both.waiting() == 2
    assert asked_to_accept(refused.value).stream.hex() in printed, "staff compare it by telephone"
    assert ConfirmedStream.parse(done.to_accept).stream.hex() not in printed
    accepted = both.server.take_in(living, accept=asked_to_accept(refused.value))
    assert (accepted.deleted, accepted.to_accept, both.waiting()) == (1, None, 1)


def test_receipts_that_came_before_staff_accepted_their_stream_count_from_then_on(line: Line) -> None:
    server = line.servers[0]
    for one in (line.first, line.second):
        server.take_in(outbox(one, f"known-{one.home.parent.name}"))
    server.receive("a tip")
    line.carry_out(line.first, line.second)
    server.folder.manifest_version.unlink()
    server.adopt(read_run(line.first.folder / "manifest.json"))
    for one in (line.first, line.second):
        one.backup()
        done = server.take_in(outbox(one, "receipt"))
        assert done.to_accept is not None
        assert (done.deleted, server.tips_waiting()) == (0, 1)
        last = server.take_in(outbox(one, "receipt"), accept=ConfirmedStream.parse(done.to_accept))
    assert (last.deleted, server.tips_waiting()) == (3, 0), "the tip, and two items that reviewers share"


def test_no_reviewer_is_accepted_before_a_person_has_adopted_the_newest_manifest(line: Line) -> None:
    removed = Removed(line)
    removed.restore()
    with pytest.raises(CarryRefused, match="before a person has adopted"):
        removed.server.take_in(removed.kept[0], accept=ConfirmedStream("reviewer", bytes(16)))
