"""Deletion by a receipt, and its moment: nothing goes before it is safe elsewhere."""

import datetime as dt
import os
from pathlib import Path

import pytest

from crypto.bundles.bundle import ItemType
from crypto.keys.party import PartyKeys
from tests.days_served import serve_for
from tests.organisation import TODAY, Organisation
from tests.server import KEY, Server
from tests.tipline.bundles.carried import Reviewer, a_reply, export, take_in
from tipline.bundles.retention import drop_old_replies
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.store import Store
from tipline.store.errors import StoreBusy


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
    serve_for(server.store, 40)
    take_in(server, reviewers[0].receipt())
    serve_for(server.store, 29)
    assert take_in(server, reviewers[0].outbox()).deleted == 0
    serve_for(server.store, 1)
    assert take_in(server, reviewers[0].outbox()).deleted == 1


@pytest.mark.parametrize(("days", "weeks"), [(30, 8), (31, 8), (365, 60)])
def test_a_clock_that_jumps_ahead_deletes_nothing_that_one_reviewer_alone_has(
    tmp_path: Path, days: int, weeks: int
) -> None:
    organisation = Organisation(reviewers=2)
    server = Server(tmp_path, organisation)
    organisation.issue(server.keys.party(), weeks=weeks, valid_days=min(7 * weeks, 400))
    server.adopt()
    first, second = (Reviewer(keys, server) for keys in organisation.reviewers)
    server.keep(b"only one has it")
    first.read(export(server))
    take_in(server, first.receipt())
    for ahead in (days, 0, days):
        server.clock.day = TODAY + dt.timedelta(days=ahead)
        assert server.policy.intake(), "the keys reach that far, so that this closes nothing"
        export(server)
        drop_old_replies(server.store, server.policy, server.clock)
        server.store.beat()
        assert take_in(server, first.outbox()).deleted == 0
    server.clock.day = TODAY
    second.read(export(server))
    assert list(second.submissions.values()) == [b"only one has it"]
    server.store.close()


def test_one_receipt_of_somebody_who_was_removed_deletes_nothing_by_age(
    server: Server, reviewers: list[Reviewer]
) -> None:
    server.keep(b"sealed")
    exported = export(server)
    reviewers[1].read(exported)
    take_in(server, reviewers[1].receipt())
    server.organisation.reviewers.pop()
    server.organisation.issue(server.keys.party(), weeks=6)
    server.adopt()
    serve_for(server.store, 30)
    assert take_in(server, reviewers[0].outbox()).deleted == 0
    reviewers[0].read(exported)
    assert take_in(server, reviewers[0].receipt()).deleted == 1


def test_whoever_joined_later_stands_for_nobody_to_whom_a_submission_was_sealed(
    server: Server, reviewers: list[Reviewer]
) -> None:
    server.keep(b"sealed")
    server.organisation.reviewers.append(PartyKeys.generate("reviewer-3"))
    server.organisation.issue(server.keys.party(), weeks=6)
    server.adopt(first=1)
    first, second = reviewers
    joined = Reviewer(server.organisation.reviewers[-1], server)
    exported = export(server)
    for reviewer in (first, second, joined):
        reviewer.read(exported)
    assert take_in(server, joined.receipt()).receipts == 1
    serve_for(server.store, 30)
    assert server.policy.intake(), "what goes by age would go today"
    assert take_in(server, joined.outbox()).deleted == 0
    assert take_in(server, first.receipt()).deleted == 0
    assert len(server.store.submissions.waiting()) == 1
    assert take_in(server, second.receipt()).deleted == 1


def test_no_submission_goes_by_age_while_intake_is_closed_and_none_by_a_receipt_from_before_it_arrived(
    server: Server, reviewers: list[Reviewer]
) -> None:
    server.keep(b"sealed")
    reviewers[0].read(export(server))
    server.clock.day = TODAY - dt.timedelta(days=365)
    take_in(server, reviewers[0].receipt())
    server.clock.day = TODAY
    assert take_in(server, reviewers[0].outbox()).deleted == 0
    serve_for(server.store, 30)
    server.clock.day = TODAY + dt.timedelta(days=365)
    assert take_in(server, reviewers[0].outbox()).deleted == 0
    server.clock.day = TODAY
    assert take_in(server, reviewers[0].outbox()).deleted == 1


def test_a_deletion_that_was_cut_short_goes_on_with_the_next_import(
    server: Server, reviewers: list[Reviewer]
) -> None:
    server.keep(b"sealed")
    exported = export(server)
    for reviewer in reviewers:
        reviewer.read(exported)
    take_in(server, reviewers[0].receipt())
    server.store._bulk._connection.set_busy_timeout(0.05)
    with Store(server.folder.path, KEY) as other, other._bulk.transaction(), pytest.raises(StoreBusy):
        take_in(server, reviewers[1].receipt())
    assert server.store.submissions.waiting() == []
    assert server.store._bulk.row("SELECT count(*) FROM pieces") == (1,)
    take_in(server, reviewers[0].outbox())
    assert server.store._bulk.row("SELECT count(*) FROM pieces") == (0,)
    assert server.store._small.row("SELECT count(*) FROM submissions") == (0,)


def test_a_receipt_for_what_was_never_carried_out_counts_for_nothing(
    server: Server, reviewers: list[Reviewer]
) -> None:
    server.keep(b"sealed")
    (kept,) = server.store.submissions.waiting()
    for reviewer in reviewers:
        reviewer.submissions[kept.sha256] = b"sealed"
        done = take_in(server, reviewer.receipt())
        assert (done.receipts, done.deleted) == (0, 0)
    reviewers[0].submissions.clear()
    reviewers[0].read(export(server))
    assert list(reviewers[0].submissions.values()) == [b"sealed"]


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
    serve_for(server.store, 30)
    take_in(server, first.outbox())
    second.read(export(server))
    assert second.submissions == {}
    assert len(second.deleted) == 1


def test_replies_live_sixty_days_and_none_goes_by_age_while_intake_is_closed(
    server: Server, reviewers: list[Reviewer]
) -> None:
    take_in(server, reviewers[0].outbox((ItemType.REPLY, a_reply().to_bytes())))
    server.clock.day = TODAY + dt.timedelta(days=61)
    take_in(server, reviewers[0].outbox())
    assert len(server.store.replies.tags()) == 1  # the manifest is past its last day
    server.organisation.issue(server.keys.party(), today=TODAY + dt.timedelta(days=60))
    server.adopt(first=1)
    server.clock.day = TODAY + dt.timedelta(days=60)
    assert server.policy.intake(), "what goes by age would go today"
    take_in(server, reviewers[0].outbox())
    assert len(server.store.replies.tags()) == 1
    server.clock.day = TODAY + dt.timedelta(days=61)
    assert server.policy.intake()
    take_in(server, reviewers[0].outbox())
    assert server.store.replies.tags() == []


def test_a_restored_reviewer_is_sent_again_what_it_had_receipted_since_its_backup(
    server: Server, reviewers: list[Reviewer]
) -> None:
    first, second = reviewers
    server.keep(b"sealed one")
    exported = export(server)
    first.read(exported)
    take_in(server, first.receipt())
    restored = Reviewer(first.keys, server)
    confirmed = restored.outbox()
    assert restored.last is not None
    take_in(server, confirmed, ConfirmedStream("reviewer-1", restored.last.stream))
    second.read(exported)
    assert take_in(server, second.receipt()).deleted == 0
    restored.read(export(server))
    assert set(restored.submissions.values()) == {b"sealed one"}
    assert take_in(server, restored.receipt()).deleted == 1
