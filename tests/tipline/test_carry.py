"""Bundles out to the reviewers and back in, with real keys on both sides."""

import datetime as dt
import errno
import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from crypto.bundle import (
    BundleWriter,
    Expected,
    ItemEntry,
    ItemType,
    Statement,
    StreamPlace,
    read_bundle,
    sign_statement,
)
from crypto.bundle_file import BundleFileWriter, read_bundle_file
from crypto.errors import Replayed
from crypto.keys import PartyVerifyKey, SourceSecretKey
from crypto.mailbox import MailboxAddress, MailboxId
from crypto.party import PartyKeys
from crypto.reply import ReplyRow, seal_reply
from crypto.statements import Receipt, WeekClosed, Withdrawal
from crypto.week import Week
from tests.organisation import TODAY, Organisation
from tests.server import Server
from tipline.carry import CarriedIn, Import, NewStreamOf, carry_out
from tipline.errors import CarryRefused


class Reviewer:
    """Reads what a server exports, and answers it."""

    def __init__(self, keys: PartyKeys, server: Server) -> None:
        self.keys = keys
        self.server = server.keys.party()
        self.progress: dict[PartyVerifyKey, StreamPlace] = {}
        self.submissions: dict[bytes, bytes] = {}
        self.tombstones: list[bytes] = []
        self.closed: list[WeekClosed] = []
        self.last: Statement | None = None

    def read(self, exported: bytes) -> None:
        for sealed in read_bundle_file(io.BytesIO(exported)):
            expect = Expected(senders=[self.server.verify_key], own=self.keys.signing.verify_key())
            try:
                bundle = read_bundle(sealed, keys=[self.keys.transport], expect=expect, progress=self.progress)
            except Replayed:
                continue
            for entry, item in bundle:
                if entry.type is ItemType.SUBMISSION:
                    self.submissions[entry.sha256] = item.read()
                else:
                    self.closed.append(WeekClosed.parse(item.read()))
            self.tombstones += [entry.sha256 for entry in bundle.tombstones]
            self.progress[bundle.statement.sender] = bundle.place

    def outbox(self, *items: tuple[ItemType, bytes]) -> bytes:
        entries = [ItemEntry.of(item_type, payload) for item_type, payload in items]
        sender, receivers = self.keys.signing.verify_key(), [self.server.verify_key]
        if self.last is None:
            self.last = Statement.first(sender=sender, receivers=receivers, items=entries)
        else:
            self.last = self.last.follow(receivers=receivers, items=entries)
        return self.seal([self.last], [payload for _type, payload in items])

    def seal(self, statements: Sequence[Statement], payloads: Sequence[bytes]) -> bytes:
        sink = io.BytesIO()
        file = BundleFileWriter(sink.write)
        for statement in statements:
            with file.bundle() as bundle_sink:
                writer = BundleWriter(
                    bundle_sink,
                    to=[self.server.transport_key],
                    statement_bytes=statement.to_bytes(),
                    signature=sign_statement(statement, key=self.keys.signing),
                )
                for entry, payload in zip(statement.items, payloads, strict=True):
                    writer.item(entry, [payload])
                writer.finish()
        file.finish()
        return sink.getvalue()

    def receipt(self) -> bytes:
        return self.outbox((ItemType.RECEIPT, Receipt(tuple(self.submissions)).to_bytes()))


def export(server: Server, from_number: int | None = None, *, without_damaged: bool = False) -> bytes:
    sink = io.BytesIO()
    carry_out(
        sink.write,
        store=server.store,
        folder=server.folder,
        standing=server.standing,
        clock=server.clock,
        from_number=from_number,
        without_damaged=without_damaged,
    )
    return sink.getvalue()


def take_in(server: Server, untrusted: bytes, accept: NewStreamOf | None = None) -> CarriedIn:
    importer = Import(store=server.store, folder=server.folder, standing=server.standing, clock=server.clock)
    return importer.carry_in(io.BytesIO(untrusted), accept=accept)


def a_reply() -> ReplyRow:
    somebody = MailboxAddress(MailboxId(os.urandom(32)), SourceSecretKey.generate().public_key())
    return seal_reply("we read it", to=somebody, day=TODAY)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, Organisation(reviewers=2))
    made.organisation.issue(made.keys.party())
    made.adopt()
    yield made
    made.store.close()


@pytest.fixture
def reviewers(server: Server) -> list[Reviewer]:
    return [Reviewer(keys, server) for keys in server.organisation.reviewers]


def test_what_was_stored_arrives_bit_by_bit_at_every_reviewer(server: Server, reviewers: list[Reviewer]) -> None:
    sealed = [os.urandom(size) for size in (1, 71_866, 5_000_001)]
    for each in sealed:
        server.keep(each)
    exported = export(server)
    for reviewer in reviewers:
        reviewer.read(exported)
        assert sorted(reviewer.submissions.values()) == sorted(sealed)


def test_an_export_writes_again_what_not_every_reviewer_has_receipted(
    server: Server, reviewers: list[Reviewer]
) -> None:
    first, second = reviewers
    server.keep(b"sealed one")
    first.read(export(server))
    take_in(server, first.receipt())
    server.keep(b"sealed two")
    exported = export(server)
    first.read(exported)
    second.read(exported)
    assert set(second.submissions.values()) == {b"sealed one", b"sealed two"}
    assert set(first.submissions.values()) == {b"sealed one", b"sealed two"}


def test_nothing_is_written_when_all_have_receipted_all(server: Server, reviewers: list[Reviewer]) -> None:
    server.keep(b"sealed")
    exported = export(server)
    for reviewer in reviewers:
        reviewer.read(exported)
        take_in(server, reviewer.receipt())
    assert list(read_bundle_file(io.BytesIO(export(server)))) == []


def test_a_submission_is_deleted_when_all_reviewers_of_its_manifest_have_receipted_it(
    server: Server, reviewers: list[Reviewer]
) -> None:
    server.keep(b"sealed")
    exported = export(server)
    for reviewer in reviewers:
        reviewer.read(exported)
    assert take_in(server, reviewers[0].receipt()).deleted == 0
    assert len(server.store.submissions.waiting()) == 1
    assert take_in(server, reviewers[1].receipt()).deleted == 1
    assert server.store.submissions.waiting() == []
    assert server.store._bulk.row("SELECT count(*) FROM pieces") == (0,)


def test_one_receipt_deletes_after_thirty_days_and_not_before(server: Server, reviewers: list[Reviewer]) -> None:
    server.keep(b"sealed")
    reviewers[0].read(export(server))
    take_in(server, reviewers[0].receipt())
    server.clock.day = TODAY + dt.timedelta(days=29)
    assert take_in(server, reviewers[0].outbox()).deleted == 0
    server.clock.day = TODAY + dt.timedelta(days=30)
    assert take_in(server, reviewers[0].outbox()).deleted == 1


def test_a_receipt_for_other_bytes_deletes_nothing(server: Server, reviewers: list[Reviewer]) -> None:
    server.keep(b"sealed")
    export(server)
    for reviewer in reviewers:
        reviewer.submissions[os.urandom(32)] = b"something else"
        assert take_in(server, reviewer.receipt()).receipts == 0
    assert len(server.store.submissions.waiting()) == 1


def test_a_late_reviewer_finds_a_tombstone_where_a_submission_was_deleted(
    server: Server, reviewers: list[Reviewer]
) -> None:
    first, second = reviewers
    server.keep(b"sealed one")
    first.read(export(server))
    take_in(server, first.receipt())
    server.clock.day = TODAY + dt.timedelta(days=30)
    take_in(server, first.outbox())
    second.read(export(server))
    assert second.submissions == {}
    assert len(second.tombstones) == 1


def test_from_writes_receipted_bundles_again(server: Server, reviewers: list[Reviewer]) -> None:
    server.keep(b"sealed one")
    export(server)
    server.keep(b"sealed two")
    exported = export(server)
    for reviewer in reviewers:
        reviewer.read(exported)
        reviewer.submissions = {
            digest: sealed for digest, sealed in reviewer.submissions.items() if sealed.endswith(b"two")
        }
        take_in(server, reviewer.receipt())
    again = Reviewer(reviewers[0].keys, server)
    again.read(export(server, from_number=1))
    assert set(again.submissions.values()) == {b"sealed one"}
    assert len(again.tombstones) == 1


def test_a_week_is_signed_closed_after_its_last_day_and_takes_nothing_then(
    server: Server, reviewers: list[Reviewer]
) -> None:
    week = Week.of(TODAY)
    server.keep(b"sealed")
    export(server)
    server.clock.day = week.last_day
    reviewers[0].read(export(server))
    assert reviewers[0].closed == []
    server.clock.day = week.last_day + dt.timedelta(days=1)
    reviewers[0].read(export(server))
    assert [closed.week for closed in reviewers[0].closed] == [week]
    assert reviewers[0].closed[0].bundle_number == 2
    assert server.store.submissions.is_closed(str(week))


def test_a_week_stays_open_while_an_upload_of_it_is_under_way(server: Server, reviewers: list[Reviewer]) -> None:
    intake = server.standing.intake()
    server.clock.day = intake.week.last_day + dt.timedelta(days=1)
    with server.folder.hold_for_serving():
        arrival = server.store.submissions.receive(str(intake.week), intake.manifest_sha256)
        arrival.write(b"sealed in time")
        reviewers[0].read(export(server))
        assert reviewers[0].closed == []
        arrival.complete()
        reviewers[0].read(export(server))
    assert [closed.week for closed in reviewers[0].closed] == [intake.week]
    assert list(reviewers[0].submissions.values()) == [b"sealed in time"]


def test_an_upload_that_died_with_its_server_does_not_keep_its_week_open(
    server: Server, reviewers: list[Reviewer]
) -> None:
    intake = server.standing.intake()
    arrival = server.store.submissions.receive(str(intake.week), intake.manifest_sha256)
    server.clock.day = intake.week.last_day + dt.timedelta(days=1)
    reviewers[0].read(export(server))
    assert [closed.week for closed in reviewers[0].closed] == [intake.week]
    arrival.discard()


def test_replies_arrive_and_the_same_file_twice_is_harmless(server: Server, reviewers: list[Reviewer]) -> None:
    replies = [a_reply() for _ in range(33)]
    outbox = reviewers[0].outbox(*[(ItemType.REPLY, reply.to_bytes()) for reply in replies])
    assert take_in(server, outbox).replies == 33
    again = take_in(server, outbox)
    assert (again.bundles, again.repeated) == (0, 1)
    assert sorted(server.store.replies.tags()) == sorted((r.reply_id, r.salt, r.tag) for r in replies)
    assert server.store.replies.envelopes([replies[0].reply_id]) == [replies[0].envelope]


def test_a_withdrawn_reply_becomes_a_dummy_in_its_place(server: Server, reviewers: list[Reviewer]) -> None:
    reply = a_reply()
    take_in(server, reviewers[0].outbox((ItemType.REPLY, reply.to_bytes())))
    take_in(server, reviewers[0].outbox((ItemType.WITHDRAWAL, Withdrawal((reply.reply_id,)).to_bytes())))
    ((reply_id, _salt, tag),) = server.store.replies.tags()
    assert reply_id == reply.reply_id
    assert tag != reply.tag
    assert server.store.replies.envelopes([reply_id]) != [reply.envelope]


def test_replies_live_sixty_days_and_none_goes_by_age_while_intake_is_closed(
    server: Server, reviewers: list[Reviewer]
) -> None:
    take_in(server, reviewers[0].outbox((ItemType.REPLY, a_reply().to_bytes())))
    server.clock.day = TODAY + dt.timedelta(days=61)
    take_in(server, reviewers[0].outbox())
    assert len(server.store.replies.tags()) == 1  # the manifest is past its last day
    server.organisation.issue(server.keys.party(), today=server.clock.day)
    server.adopt(first=1)
    server.clock.day = TODAY + dt.timedelta(days=60)
    take_in(server, reviewers[0].outbox())
    assert len(server.store.replies.tags()) == 1
    server.clock.day = TODAY + dt.timedelta(days=61)
    take_in(server, reviewers[0].outbox())
    assert server.store.replies.tags() == []


def test_a_manifest_in_an_outbox_is_adopted(server: Server, reviewers: list[Reviewer]) -> None:
    issued = server.organisation.issue(server.keys.party())
    outbox = reviewers[0].outbox((ItemType.MANIFEST, issued.signed.to_bytes()))
    assert take_in(server, outbox).manifest_version == 2
    assert server.standing.intake().manifest_version == 2


def test_a_bad_manifest_in_an_outbox_is_told_and_does_not_stop_the_stream(
    server: Server, reviewers: list[Reviewer]
) -> None:
    foreign = Organisation().issue(server.keys.party())
    outbox = reviewers[0].outbox(
        (ItemType.MANIFEST, foreign.signed.to_bytes()), (ItemType.REPLY, a_reply().to_bytes())
    )
    done = take_in(server, outbox)
    assert done.manifest_refused is not None
    assert done.replies == 1
    assert server.standing.intake().manifest_version == 1


@pytest.mark.parametrize("place", [0, 9, 3000, -100, -1])
def test_a_changed_or_cut_file_is_refused_and_nothing_of_its_bundle_is_seen(
    server: Server, reviewers: list[Reviewer], place: int
) -> None:
    outbox = reviewers[0].outbox((ItemType.REPLY, a_reply().to_bytes()), (ItemType.REPLY, a_reply().to_bytes()))
    changed = bytearray(outbox)
    changed[place] ^= 1
    for bad in (bytes(changed), outbox[:place] if place else b""):
        with pytest.raises(CarryRefused):
            take_in(server, bad)
    good_before_the_cut = place == -1
    assert len(server.store.replies.tags()) == (2 if good_before_the_cut else 0)
    done = take_in(server, outbox)
    assert done.bundles + done.repeated == 1
    assert len(server.store.replies.tags()) == 2


class PulledOut(io.BytesIO):
    """A medium that is pulled out half way."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 50_000:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)


def test_a_medium_that_is_pulled_out_is_a_refusal_and_nothing_of_its_bundle_is_seen(
    server: Server, reviewers: list[Reviewer]
) -> None:
    outbox = reviewers[0].outbox(*[(ItemType.REPLY, a_reply().to_bytes()) for _ in range(3)])
    importer = Import(store=server.store, folder=server.folder, standing=server.standing, clock=server.clock)
    with pytest.raises(CarryRefused, match="input/output error"):
        importer.carry_in(PulledOut(outbox))
    assert server.store.replies.tags() == []
    assert take_in(server, outbox).replies == 3


def test_bundles_out_of_order_are_refused(server: Server, reviewers: list[Reviewer]) -> None:
    take_in(server, reviewers[0].outbox())
    skipped, late = reviewers[0].outbox(), reviewers[0].outbox()
    with pytest.raises(CarryRefused, match="must come before") as caught:
        take_in(server, late)
    assert "import the outbox before it first" in (caught.value.hint or "")
    assert take_in(server, skipped).bundles == 1
    assert take_in(server, late).bundles == 1


def test_a_file_for_another_server_is_refused(server: Server, reviewers: list[Reviewer], tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Server(tmp_path / "other", server.organisation, name="server-2")
    try:
        with pytest.raises(CarryRefused, match="nothing in this file"):
            take_in(server, Reviewer(reviewers[0].keys, other).outbox())
    finally:
        other.store.close()


def test_a_file_of_a_stranger_is_refused(server: Server) -> None:
    stranger = Reviewer(PartyKeys.generate("stranger"), server)
    with pytest.raises(CarryRefused, match="nothing in this file"):
        take_in(server, stranger.outbox((ItemType.REPLY, a_reply().to_bytes())))
    assert server.store.replies.tags() == []


def test_a_restored_reviewer_is_taken_only_after_staff_confirmed(server: Server, reviewers: list[Reviewer]) -> None:
    before = reviewers[0]
    take_in(server, before.outbox())
    restored = Reviewer(before.keys, server)
    files = [restored.outbox((ItemType.REPLY, a_reply().to_bytes())), restored.outbox()]
    with pytest.raises(CarryRefused) as caught:
        take_in(server, files[0])
    assert caught.value.hint is not None
    accept = NewStreamOf.parse(caught.value.hint.split()[-1])
    for file in files:
        assert take_in(server, file, accept).bundles == 1
    with pytest.raises(CarryRefused, match="ended"):
        take_in(server, before.outbox())
    assert take_in(server, files[0]).repeated == 1


def test_a_twin_with_the_same_number_is_called_a_fork(server: Server, reviewers: list[Reviewer]) -> None:
    reviewer = reviewers[0]
    take_in(server, reviewer.outbox())
    saved = reviewer.last
    take_in(server, reviewer.outbox((ItemType.REPLY, a_reply().to_bytes())))
    reviewer.last = saved
    twin = reviewer.outbox((ItemType.REPLY, a_reply().to_bytes()))
    with pytest.raises(CarryRefused, match="another bundle"):
        take_in(server, twin)


def test_the_order_in_a_bundle_says_nothing_of_the_order_of_arrival(
    server: Server, reviewers: list[Reviewer]
) -> None:
    arrived = [bytes([number]) for number in range(64)]
    for sealed in arrived:
        server.keep(sealed)
    reviewers[0].read(export(server))
    assert sorted(reviewers[0].submissions.values()) == arrived
    assert list(reviewers[0].submissions.values()) != arrived


@pytest.mark.parametrize("harm", ["UPDATE pieces SET sealed = zeroblob(length(sealed))", "DELETE FROM pieces"])
def test_a_damaged_submission_is_named_and_does_not_hold_back_the_others(
    server: Server, reviewers: list[Reviewer], harm: str
) -> None:
    server.keep(b"a sound envelope")
    server.keep(b"one that the disk harms")
    (harmed,) = (each for each in server.store.submissions.waiting() if each.length == 23)
    with server.store._bulk.transaction() as bulk:
        bulk.execute(f"{harm} WHERE submission = ?", (harmed.submission,))
    with pytest.raises(CarryRefused, match=harmed.sha256.hex()[:12]) as refused:
        export(server)
    assert "--without-damaged" in str(refused.value.hint)
    reviewers[0].read(export(server, without_damaged=True))
    assert list(reviewers[0].submissions.values()) == [b"a sound envelope"]
    assert reviewers[0].tombstones == [harmed.sha256]
    assert server.store.submissions.by_sha256(harmed.sha256) is not None
