"""Bundles back in from the reviewers: replies, manifests, and every file that is not to be believed."""

import errno
import io
from pathlib import Path

import pytest

from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import DeliveryReceipt, Withdrawal
from crypto.keys.party import PartyKeys
from tests.organisation import Organisation
from tests.server import Server
from tests.tipline.bundles.carried import Reviewer, a_reply, export, take_in
from tipline.bundles.importer import BundleImporter
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.errors import CarryRefused


def test_replies_arrive_and_the_same_file_twice_is_harmless(server: Server, reviewers: list[Reviewer]) -> None:
    replies = [a_reply() for _ in range(33)]
    outbox = reviewers[0].outbox(*[(ItemType.REPLY, reply.to_bytes()) for reply in replies])
    assert take_in(server, outbox).replies == 33
    again = take_in(server, outbox)
    assert (again.bundles, again.repeated) == (0, 1)
    assert sorted(server.store.replies.tags()) == sorted((r.reply_id, r.salt, r.tag) for r in replies)
    one = replies[0]
    assert server.store.replies.rows([one.reply_id]) == [(one.reply_id, one.salt, one.tag, one.envelope)]


def test_a_withdrawn_reply_becomes_a_dummy_in_its_place(server: Server, reviewers: list[Reviewer]) -> None:
    reply = a_reply()
    take_in(server, reviewers[0].outbox((ItemType.REPLY, reply.to_bytes())))
    take_in(server, reviewers[0].outbox((ItemType.WITHDRAWAL, Withdrawal((reply.reply_id,)).to_bytes())))
    ((reply_id, _salt, tag),) = server.store.replies.tags()
    assert reply_id == reply.reply_id
    assert tag != reply.tag
    ((*_, envelope),) = server.store.replies.rows([reply_id])
    assert envelope != reply.envelope


def test_a_manifest_in_an_outbox_is_adopted(server: Server, reviewers: list[Reviewer]) -> None:
    issued = server.organisation.issue(server.keys.party())
    outbox = reviewers[0].outbox((ItemType.MANIFEST, issued.signed.to_bytes()))
    assert take_in(server, outbox).manifest_version == 2
    assert server.policy.intake().manifest_version == 2


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
    assert server.policy.intake().manifest_version == 1


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
    importer = BundleImporter(store=server.store, folder=server.folder, policy=server.policy, clock=server.clock)
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


@pytest.mark.parametrize("forged", [ItemType.REPLY, ItemType.WITHDRAWAL, ItemType.RECEIPT, ItemType.MANIFEST])
def test_with_keys_of_its_own_a_courier_forges_no_reply_no_deletion_and_no_key(
    server: Server, reviewers: list[Reviewer], forged: ItemType
) -> None:
    """It knows each public key, and has seen what it carries; the same bytes are taken from a reviewer."""
    server.keep(b"sealed")
    exported, reply = export(server), a_reply()
    take_in(server, reviewers[0].outbox((ItemType.REPLY, reply.to_bytes())))
    for reviewer in reviewers:
        reviewer.read(exported)
    payload = {
        ItemType.REPLY: a_reply().to_bytes(),
        ItemType.WITHDRAWAL: Withdrawal((reply.reply_id,)).to_bytes(),
        ItemType.RECEIPT: DeliveryReceipt(tuple(reviewers[0].submissions)).to_bytes(),
        ItemType.MANIFEST: server.organisation.issue(server.keys.party()).signed.to_bytes(),
    }[forged]
    before = _state(server)
    courier = Reviewer(PartyKeys.generate("courier"), server)
    for _ in "12":
        with pytest.raises(CarryRefused, match="nothing in this file"):
            take_in(server, courier.outbox((forged, payload)))
        assert _state(server) == before
    for reviewer in reviewers:
        take_in(server, reviewer.outbox((forged, payload)))
    assert _state(server) != before


def _state(server: Server) -> tuple[object, ...]:
    waiting = [one.submission for one in server.store.submissions.waiting()]
    return waiting, sorted(server.store.replies.tags()), server.policy.intake().manifest_version


def test_a_restored_reviewer_is_taken_only_after_staff_confirmed(server: Server, reviewers: list[Reviewer]) -> None:
    before = reviewers[0]
    take_in(server, before.outbox())
    restored = Reviewer(before.keys, server)
    files = [restored.outbox((ItemType.REPLY, a_reply().to_bytes())), restored.outbox()]
    with pytest.raises(CarryRefused) as caught:
        take_in(server, files[0])
    assert caught.value.hint is not None
    accept = ConfirmedStream.parse(caught.value.hint.split()[-1])
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
