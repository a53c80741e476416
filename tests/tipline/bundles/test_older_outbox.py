"""An outbox that an older program wrote: version 1, in which no one signs what is not there."""

from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import DeliveryReceipt
from tests.end_to_end.fellow import Fellow
from tests.server import Server
from tests.tipline.bundles.carried import Reviewer, a_reply, export, take_in


def _version_1(server: Server, outbox: bytes) -> bytes:
    older = Fellow(server.keys.transport, [server.keys.party().transport_key])
    return older.as_version_1(outbox, lambda entry: entry.type is ItemType.WITHDRAWAL)


def test_it_is_taken_in_as_ever(server: Server, reviewers: list[Reviewer]) -> None:
    server.keep(b"sealed")
    exported = export(server)
    first, second = reviewers
    for reviewer in reviewers:
        reviewer.read(exported)
    reply = a_reply()
    outbox = first.outbox(
        (ItemType.REPLY, reply.to_bytes()), (ItemType.RECEIPT, DeliveryReceipt(tuple(first.submissions)).to_bytes())
    )
    done = take_in(server, _version_1(server, outbox))
    assert (done.bundles, done.replies, done.receipts, done.deleted) == (1, 1, 1, 0)
    assert [reply_id for reply_id, _salt, _tag in server.store.replies.tags()] == [reply.reply_id]
    # The same in the version of today is the same bundle, and the stream goes on in either.
    assert take_in(server, outbox).repeated == 1
    assert take_in(server, second.receipt()).deleted == 1
    assert take_in(server, first.receipt()).bundles == 1
