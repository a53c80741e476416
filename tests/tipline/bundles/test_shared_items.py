"""Shared items from one reviewer to the others: one item of one length in an outbox, kept and sent as submissions
are."""

import os

import pytest

from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import DeliveryReceipt
from crypto.primitives.week import Week
from crypto.sharing.carried_item import CarriedItem
from crypto.sharing.shared_item import ENVELOPE_BYTES
from tests.server import Server
from tests.tipline.bundles.carried import Reviewer, export, take_in
from tipline.errors import CarryRefused

Item = tuple[ItemType, bytes]


def shared(server: Server, *, week: Week | None = None, manifest_sha256: bytes | None = None) -> Item:
    """The server can open none, so that any bytes of this length will do."""
    intake = server.policy.intake()
    item = CarriedItem(week or intake.week, manifest_sha256 or intake.manifest_sha256, os.urandom(ENVELOPE_BYTES))
    return ItemType.SHARED, item.to_bytes()


def kept(server: Server) -> list[int]:
    return [one.length for one in server.store.submissions.waiting()]


def test_it_goes_to_all_reviewers_its_author_among_them_and_is_deleted_on_the_receipts_of_all(
    server: Server, reviewers: list[Reviewer]
) -> None:
    first, second = reviewers
    item = shared(server)
    assert take_in(server, first.outbox(item)).shared_left_out == 0
    exported = export(server)
    for reviewer in reviewers:
        reviewer.read(exported)
        assert list(reviewer.submissions.values()) == [item[1][-ENVELOPE_BYTES:]]
    assert take_in(server, first.receipt()).deleted == 0
    assert take_in(server, second.receipt()).deleted == 1
    assert kept(server) == []


@pytest.mark.parametrize("cut", [0, 1, ENVELOPE_BYTES])
def test_two_in_one_outbox_or_one_of_another_length_are_refused_with_all_of_it(
    server: Server, reviewers: list[Reviewer], cut: int
) -> None:
    """Else a reviewer could tell how much it has to say by their number or length."""
    kind, payload = shared(server)
    items = [(kind, payload[:-cut])] if cut else [shared(server), shared(server)]
    with pytest.raises(CarryRefused):
        take_in(server, reviewers[0].outbox(*items, (ItemType.RECEIPT, DeliveryReceipt((bytes(32),)).to_bytes())))
    assert kept(server) == []


def test_the_same_outbox_again_keeps_it_once(server: Server, reviewers: list[Reviewer]) -> None:
    outbox = reviewers[0].outbox(shared(server))
    assert [take_in(server, outbox).repeated for _ in range(2)] == [0, 1]
    assert kept(server) == [ENVELOPE_BYTES]


def test_it_is_left_out_and_the_rest_is_taken_where_the_week_or_the_manifest_is_unknown(
    server: Server, reviewers: list[Reviewer]
) -> None:
    first, _second = reviewers
    for item in (shared(server, manifest_sha256=bytes(32)), shared(server, week=Week(2031, 1))):
        done = take_in(server, first.outbox(item))
        assert (done.bundles, done.shared_left_out) == (1, 1)
    assert kept(server) == []


def test_one_that_comes_after_its_week_was_closed_is_left_out_so_that_no_reviewer_waits_with_the_keys(
    server: Server, reviewers: list[Reviewer]
) -> None:
    week = server.policy.intake().week
    late = reviewers[0].outbox(shared(server, week=week))
    server.clock.day = week.next().next().monday
    reviewers[1].read(export(server))
    assert week in {one.week for one in reviewers[1].closed}
    assert take_in(server, late).shared_left_out == 1
    assert kept(server) == []


def test_a_full_disk_leaves_it_out_and_the_receipts_beside_it_make_room(
    server: Server, reviewers: list[Reviewer]
) -> None:
    server.keep(os.urandom(ENVELOPE_BYTES // 2))
    exported = export(server)
    server.store._reserve_bytes = 1 << 62
    for reviewer in reviewers:
        reviewer.read(exported)
        receipt = DeliveryReceipt(tuple(reviewer.submissions)).to_bytes()
        done = take_in(server, reviewer.outbox(shared(server), (ItemType.RECEIPT, receipt)))
        assert (done.receipts, done.shared_left_out) == (1, 1)
    assert kept(server) == []
