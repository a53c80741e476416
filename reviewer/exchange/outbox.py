"""The outbox: one signed bundle to each server.

It holds replies, delivery receipts, withdrawals, newer manifests, one item for the other reviewers, and what this
program announces.

The casebook records the content of a bundle before the FILE is written. If the FILE cannot be completed, the next
outbox writes it again. The other order could sign two different bundles under one number.
"""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crypto.bundles.announcement import sign_announcement
from crypto.bundles.bundle import BundleWriter, Mark, Sealing
from crypto.bundles.bundle_file import MAGIC, BundleFileWriter
from crypto.bundles.bundle_items import MOST_HASHES, MOST_REPLY_IDS, DeliveryReceipt, Withdrawal
from crypto.bundles.bundle_statement import ItemEntry, ItemType, Statement, sign_statement
from crypto.keys.party import Party, PartyKeys
from crypto.manifests.manifest import SignedManifest
from crypto.manifests.manifest_chain import MOST_BEFORE
from reviewer.casebook.outgoing import Carried, OutgoingBundle
from reviewer.files.overwrite_guard import require_replaceable
from reviewer.home.home import Home
from reviewer.sharing.crossing import crossing_answers
from reviewer.sharing.writing import WrittenItem, write_item
from system.atomic_files import whole_file
from system.errors import ProgramError

REPLIES_MULTIPLE = 32
LIFE_DAYS = 60

Item = tuple[ItemType, bytes]


@dataclass
class WrittenOutbox:
    """The content of one outbox, for all servers together.

    ``bundles`` holds, for each server, the number and stream of its signed bundle.
    """

    bundles: list[tuple[str, int, bytes]] = field(default_factory=list)
    replies: int = 0
    held: int = 0
    """Answers that do not leave, since a colleague's answer crosses them."""
    receipts: int = 0
    withheld_receipts: int = 0
    manifests: int = 0
    operations: int = 0
    """For the other reviewers."""
    operations_left: int = 0
    """Those that had no room, and wait for the next outbox."""


def write_outbox(home: Home, out: Path, *, from_number: int | None, today: dt.date) -> WrittenOutbox:
    """Sign the next bundle for each server and write them to ``out``; ``from_number`` adds old ones.

    Raises:
        ProgramError: no server is known, something else is at the place of the FILE, or it cannot be written (the
            next outbox then writes it all).
    """
    require_replaceable(out, beginning=MAGIC, kind="outbox")
    servers = home.casebook.servers.all()
    if not servers:
        raise ProgramError("no server is known here", hint="tipline-review servers add HOME server.pub")
    sent = WrittenOutbox()
    with home.casebook.changing():
        sealing = Sealing(home.party_keys().signing, home.casebook.outgoing.next_sealing())
        held = [one.reply_id for one in crossing_answers(home)]
        home.casebook.replies.fill_up(multiple=REPLIES_MULTIPLE, today=today, but=held)
        withdrawn = home.casebook.replies.take_withdrawals(today=today)
        own = home.party_keys()
        shared = write_item(home, today=today)
        if shared:
            sent.operations, sent.operations_left = len(shared.digests), shared.left
        for server in servers:
            _sign_next(home, server, own, withdrawn, shared, held, sent, today)
        home.casebook.replies.mark_out(today=today, but=held)
        sent.held = len(held)
        last_day = today - dt.timedelta(days=LIFE_DAYS)
        home.casebook.replies.drop_dummies(before=last_day)
        home.casebook.outgoing.drop_payloads(before=last_day)
        home.casebook.log.add(
            "outbox", ", ".join(f"{name} {number}" for name, number, _stream in sent.bundles), today=today
        )
    _write_file(home, servers, out, from_number, sealing)
    return sent


def _sign_next(
    home: Home,
    server: Party,
    own: PartyKeys,
    withdrawn: Sequence[bytes],
    shared: WrittenItem | None,
    held: Sequence[bytes],
    sent: WrittenOutbox,
    today: dt.date,
) -> None:
    casebook = home.casebook
    carried = casebook.outgoing.carried(server.name)
    since = today - dt.timedelta(days=LIFE_DAYS)
    manifests = newest_that_fit(casebook.manifests.signed_after(_known_version(home, server, carried)))
    replies = casebook.replies.after(carried.replies_through, since=since, but=held)
    due, withheld = casebook.submissions.receipts_due(server.name)
    due_shared = casebook.colleagues.receipts_due(server.name)
    if casebook.awaited.holds_receipts(server.name):
        due, withheld, due_shared = [], withheld + len(due), []
    due = due[:MOST_HASHES]
    due_shared = due_shared[: MOST_HASHES - len(due)]
    items: list[Item] = [(ItemType.MANIFEST, signed.to_bytes()) for signed in manifests]
    rows: list[Item] = [(ItemType.REPLY, row.to_bytes()) for row in replies]
    secrets.SystemRandom().shuffle(rows)
    items += rows
    if due or due_shared:
        items.append((ItemType.RECEIPT, DeliveryReceipt((*due, *due_shared)).to_bytes()))
    for start in range(0, len(withdrawn), MOST_REPLY_IDS):
        some = tuple(withdrawn[start : start + MOST_REPLY_IDS])
        items.append((ItemType.WITHDRAWAL, Withdrawal(some).to_bytes()))
    if shared:
        items.append((ItemType.SHARED, shared.carried.to_bytes()))
        items.append((ItemType.ANNOUNCEMENT, sign_announcement(key=own.signing, root=home.root_key)))
    entries = [ItemEntry.of(kind, payload) for kind, payload in items]
    last = casebook.outgoing.last_statement(server.name)
    receivers = [server.verify_key]
    statement = (
        last.follow(receivers=receivers, items=entries)
        if last is not None
        else Statement.first(sender=own.signing.verify_key(), receivers=receivers, items=entries)
    )
    casebook.outgoing.add(
        server.name,
        statement,
        signature=sign_statement(statement, key=own.signing),
        payloads=[payload for _kind, payload in items],
        carried=Carried(casebook.replies.last_number(), _newest_version(home)),
        today=today,
    )
    casebook.submissions.mark_receipted(due, today=today)
    casebook.colleagues.mark_receipted(server.name, due_shared, today=today)
    sent.bundles.append((server.name, statement.number, statement.stream))
    sent.replies = max(sent.replies, len(rows))
    sent.receipts += len(due)
    sent.withheld_receipts += withheld
    sent.manifests = max(sent.manifests, len(manifests))


def _known_version(home: Home, server: Party, carried: Carried) -> int:
    """The manifest version that the server has; unknown at the start of a stream.

    The server may have been restored, and then its earlier envelopes prove nothing.
    """
    if not carried.manifests_through:
        return 0
    return max(carried.manifests_through, home.casebook.servers.manifest_version(server.name))


def _newest_version(home: Home) -> int:
    newest = home.casebook.manifests.newest(root=home.root_key)
    return newest.version if newest else 0


def _write_file(home: Home, servers: Sequence[Party], out: Path, from_number: int | None, sealing: Sealing) -> None:
    outgoing = home.casebook.outgoing
    written: list[OutgoingBundle] = []
    with whole_file(out) as sink:
        file = BundleFileWriter(sink.write)
        for server in servers:
            bundles = {one.number: one for one in outgoing.not_written(server.name)}
            if from_number is not None:
                bundles |= {one.number: one for one in outgoing.since(server.name, from_number)}
            for _number, bundle in sorted(bundles.items()):
                _seal(file, server, bundle, sealing)
                written.append(bundle)
        file.finish()
    with home.casebook.changing():
        outgoing.mark_written(written)


def _seal(file: BundleFileWriter, server: Party, bundle: OutgoingBundle, sealing: Sealing) -> None:
    with file.bundle() as sink:
        writer = BundleWriter(
            sink,
            to=[server.transport_key],
            statement_bytes=bundle.statement,
            signature=bundle.signature,
            sealing=sealing,
        )
        for entry, payload in zip(writer.statement.items, bundle.payloads, strict=True):
            writer.item(entry, Mark.DELETED if payload is None else [payload])
        writer.finish()


MOST_BYTES: Final = 32 << 20
"""Two years of manifests that are issued every other week. A server takes twice as much in one bundle."""


def newest_that_fit(run: Sequence[SignedManifest]) -> list[SignedManifest]:
    """The end of ``run``, oldest first, in at most :data:`MOST_BYTES` and as many files as a reader takes."""
    left_bytes = MOST_BYTES
    carried: list[SignedManifest] = []
    for signed in reversed(run[-MOST_BEFORE:]):
        left_bytes -= len(signed.to_bytes())
        if left_bytes < 0:
            break
        carried.append(signed)
    return carried[::-1]
