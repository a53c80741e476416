"""Bundles out to the reviewers: everything, again until it is receipted, and in no telling order."""

import datetime as dt
import io
import os
import re
import statistics
from collections.abc import Iterator

import pytest

from crypto.bundles.bundle_file import read_bundle_file
from crypto.errors import NoKeyOpens
from crypto.keys.party import PartyKeys
from crypto.primitives.week import Week
from tests.organisation import TODAY
from tests.server import KEY, Server
from tests.tipline.bundles.carried import Reviewer, export, take_in
from tipline.bundles.exporter import carry_out
from tipline.bundles.withheld_items import withheld_items
from tipline.errors import CarryRefused
from tipline.instance.intake_status import IntakePolicy
from tipline.store import Store
from tipline.store.events import Event
from tipline.store.submissions import StoredSubmission


def test_what_was_stored_arrives_bit_by_bit_at_every_reviewer(server: Server, reviewers: list[Reviewer]) -> None:
    sealed = [os.urandom(size) for size in (1, 71_866, 5_000_001)]
    for each in sealed:
        server.keep(each)
    exported = export(server)
    for reviewer in reviewers:
        reviewer.read(exported)
        assert sorted(reviewer.submissions.values()) == sorted(sealed)


def test_whoever_carries_an_export_reads_nothing_of_it(server: Server, reviewers: list[Reviewer]) -> None:
    told = b"a tip that only reviewers may read"
    server.keep(told)
    exported = export(server)
    assert told not in exported
    courier = Reviewer(PartyKeys.generate("courier"), server)
    with pytest.raises(NoKeyOpens):
        courier.read(exported)
    assert courier.submissions == {}
    reviewers[0].read(exported)
    assert list(reviewers[0].submissions.values()) == [told]


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


def test_a_bundle_of_which_each_reviewer_receipted_only_a_part_is_written_again(
    server: Server, reviewers: list[Reviewer]
) -> None:
    for sealed in (b"sealed one", b"sealed two"):
        server.keep(sealed)
    exported = export(server)
    for reviewer, left_out in zip(reviewers, (b"sealed one", b"sealed two"), strict=True):
        reviewer.read(exported)
        reviewer.submissions = {
            digest: sealed for digest, sealed in reviewer.submissions.items() if sealed != left_out
        }
        assert take_in(server, reviewer.receipt()).receipts == 1
    again = Reviewer(reviewers[0].keys, server)
    again.read(export(server))
    assert set(again.submissions.values()) == {b"sealed one", b"sealed two"}


def test_nothing_is_written_when_all_have_receipted_all(server: Server, reviewers: list[Reviewer]) -> None:
    server.keep(b"sealed")
    exported = export(server)
    for reviewer in reviewers:
        reviewer.read(exported)
        take_in(server, reviewer.receipt())
    assert list(read_bundle_file(io.BytesIO(export(server)))) == []


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
    assert len(again.deleted) == 1


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
    intake = server.policy.intake()
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
    intake = server.policy.intake()
    arrival = server.store.submissions.receive(str(intake.week), intake.manifest_sha256)
    server.clock.day = intake.week.last_day + dt.timedelta(days=1)
    reviewers[0].read(export(server))
    assert [closed.week for closed in reviewers[0].closed] == [intake.week]
    arrival.discard()


CORRELATED = 0.6
"""Of 64 that are shuffled, one in some millions comes so near to the order of arrival, or to that turned round."""


def test_the_order_in_a_bundle_says_nothing_of_the_order_of_arrival(
    server: Server, reviewers: list[Reviewer]
) -> None:
    arrived = [bytes([number]) for number in range(64)]
    for sealed in arrived:
        server.keep(sealed)
    reviewers[0].read(export(server))
    assert sorted(reviewers[0].submissions.values()) == arrived
    read = list(reviewers[0].submissions.values())
    assert abs(statistics.correlation([arrived.index(sealed) for sealed in read], range(64))) < CORRELATED


HARMS = pytest.mark.parametrize(
    "harm", ["UPDATE pieces SET sealed = zeroblob(length(sealed))", "DELETE FROM pieces"]
)


def harmed_by(server: Server, harm: str) -> StoredSubmission:
    server.keep(b"a sound envelope")
    server.keep(b"one that the disk harms")
    (harmed,) = (each for each in server.store.submissions.waiting() if each.length == 23)
    with server.store._bulk.transaction() as bulk:
        bulk.execute(f"{harm} WHERE submission = ?", (harmed.submission,))
    return harmed


@HARMS
def test_a_damaged_submission_is_withheld_and_does_not_hold_back_the_others(
    server: Server, reviewers: list[Reviewer], harm: str
) -> None:
    harmed = harmed_by(server, harm)
    reviewers[0].read(export(server))
    assert list(reviewers[0].submissions.values()) == [b"a sound envelope"]
    assert (reviewers[0].withheld, reviewers[0].deleted) == ([harmed.sha256], [])
    assert server.store.submissions.by_sha256(harmed.sha256) is not None


@HARMS
def test_a_damaged_submission_is_named_by_status_and_an_event_until_the_disk_gives_it_back(
    server: Server, reviewers: list[Reviewer], harm: str
) -> None:
    harmed = harmed_by(server, harm)
    pieces = server.store._bulk.rows("SELECT id FROM pieces WHERE submission = ?", (harmed.submission,))
    for _ in range(2):
        export(server)
        (named,) = withheld_items(server.store)
        assert (named.bundle, named.sha256) == (1, harmed.sha256)
        assert re.fullmatch(rf"item [12] of bundle 1 \(submission {harmed.sha256.hex()[:12]}\)", str(named))
    assert server.store.events.last(Event.SUBMISSION_WITHHELD) == server.clock.today()
    with server.store._bulk.transaction() as bulk:
        bulk.execute("DELETE FROM pieces WHERE submission = ?", (harmed.submission,))
        bulk.execute(
            "INSERT INTO pieces (id, submission, place, sealed) VALUES (?, ?, 0, ?)",
            (pieces[0][0] if pieces else 7, harmed.submission, b"one that the disk harms"),
        )
    again = Reviewer(reviewers[0].keys, server)
    again.read(export(server))
    assert set(again.submissions.values()) == {b"a sound envelope", b"one that the disk harms"}
    assert withheld_items(server.store) == []


def test_each_export_seals_under_a_higher_number_and_a_store_that_is_opened_again_goes_on(
    server: Server, reviewers: list[Reviewer]
) -> None:
    server.keep(b"sealed")
    sealings = []
    for _ in range(3):
        again = Reviewer(reviewers[0].keys, server)
        again.read(export(server))
        sealings += again.sealings
        server.store.close()
        server.store = Store(server.folder.path, KEY, clock=server.clock, reserve_bytes=0)
        server.policy = IntakePolicy(server.store, server.folder, server.clock)
    assert sealings == sorted(set(sealings))
    assert len(sealings) == 3


def test_what_the_rule_has_deleted_is_signed_as_deleted(server: Server, reviewers: list[Reviewer]) -> None:
    server.keep(b"sealed")
    first, second = reviewers
    exported = export(server)
    for reviewer in reviewers:
        reviewer.read(exported)
    take_in(server, first.receipt())
    assert take_in(server, second.receipt()).deleted == 1
    again = Reviewer(first.keys, server)
    again.read(export(server, from_number=1))
    assert (again.deleted, again.withheld) == (list(first.submissions), [])


def _keep_in_rows(server: Server) -> None:
    intake = server.policy.intake()
    with server.store.submissions.receive(str(intake.week), intake.manifest_sha256) as arrival:
        for _ in range(5):
            arrival.write(os.urandom(1 << 20))
        arrival.complete()


def test_what_is_receipted_while_it_is_written_is_called_that_and_not_damaged(
    server: Server, reviewers: list[Reviewer]
) -> None:
    for _ in range(2):
        _keep_in_rows(server)
    written = io.BytesIO()

    def while_an_import_deletes(piece: bytes) -> None:
        written.write(piece)
        if written.tell() > 1 << 19:
            for each in server.store.submissions.waiting():
                server.store.submissions.delete(each.submission)

    with pytest.raises(CarryRefused, match="receipted and deleted while it was being written") as refused:
        carry_out(
            while_an_import_deletes, store=server.store, folder=server.folder, policy=server.policy,
            clock=server.clock,
        )  # fmt: skip
    assert "damaged" not in f"{refused.value} {refused.value.hint}"
    reviewers[0].read(export(server))
    assert len(reviewers[0].deleted) == 2


def test_what_is_receipted_while_it_is_looked_at_for_damage_is_not_listed_as_damaged(
    server: Server, reviewers: list[Reviewer]
) -> None:
    _keep_in_rows(server)
    submissions = server.store.submissions
    pieces = submissions.pieces

    def while_an_import_deletes(submission: bytes) -> Iterator[bytes]:
        for piece in pieces(submission):
            yield piece
            submissions.delete(submission)

    submissions.pieces = while_an_import_deletes  # type: ignore[method-assign]
    written = io.BytesIO()
    carried = carry_out(
        written.write, store=server.store, folder=server.folder, policy=server.policy, clock=server.clock,
    )  # fmt: skip
    assert (carried.submissions, carried.withheld) == (0, ())
    reviewers[0].read(written.getvalue())
    assert len(reviewers[0].deleted) == 1
