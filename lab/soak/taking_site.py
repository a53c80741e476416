"""A server that is given every faulty bundle, and receipts."""

import contextlib
import hashlib
import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from crypto.bundles.bundle import ItemEntry, ItemType, Statement
from crypto.bundles.bundle_items import DeliveryReceipt
from crypto.keys.minisign import public_key_file
from lab.soak.line import tipline
from lab.soak.losses import want
from lab.soak.spoilt_bundles import Fault, file_of, own_keys, read_before, sealed_content, sender_keys, taken_back
from system.clock import SYSTEM_CLOCK
from tests.organisation import Organisation
from tests.tipline.serving import TIPLINE
from tests.vectors.book import (
    BAD_SIGNATURE,
    FORKED,
    MALFORMED,
    NEW_STREAM,
    NEWER,
    NOT_FOR_US,
    OUT_OF_ORDER,
    REPLAYED,
    ROLLED_BACK,
)
from tests.vectors.make_bundle import inside, written_items
from tipline.bundles.manifest_update import adopt_run
from tipline.instance.identity import Identity
from tipline.instance.open_site import OpenSite, open_site
from tipline.store.events import Event

_DAY: Final = SYSTEM_CLOCK.today()
_HEARTBEAT: Final = "heartbeat"
_COPY_AGAIN: Final = "copy the file again"
_SAYS: Final = {
    MALFORMED: (r"file of bundles is refused: .*\b(must|expected|field)\b", _COPY_AGAIN),
    NEWER: (
        r"file of bundles is refused: .* is of a (newer version than (\d|age v1)$|version that this program d)",
        "update this program",
    ),
    BAD_SIGNATURE: (r"file of bundles is refused: signature does not fit", _COPY_AGAIN),
    OUT_OF_ORDER: (r"file of bundles is refused: bundle \d+ must come before bundle \d+", "outbox --from N"),
    FORKED: (
        r"file of bundles is refused: (another bundle \d+ of this stream|bundle \d+ must follow .*) was read here$",
        "that reviewer's machine was copied or restored",
    ),
    ROLLED_BACK: (r"file of bundles is refused: .* a stream that was ended$", "ask the reviewer for a new outbox"),
    NEW_STREAM: (r"reviewer-1 has begun a new stream of bundles$", "--accept-stream reviewer-1:"),
    NOT_FOR_US: (r"nothing in this file is for this server$", "is it the outbox of its reviewers?"),
}
"""Reason and hint by outcome; no two outcomes share both."""

_NOT_FROM_REVIEWERS: Final = (r"reviewers send no item of the type submission$", "ask that reviewer which program")
_SEEN_BY_ITS_TYPE: Final = frozenset(
    (
        *("presence_missing", "item_changed", "item_changed_at_the_end", "item_cut", "item_longer_than_stated"),
        *("item_shorter_than_stated", "items_swapped", "item_more_than_stated", "end_followed_by_a_zero"),
    )
)
"""Vectors with submissions in them: a server refuses these before it comes to their fault."""


class TakingSite:
    """A server with the keys of the vectors, whose one reviewer is their sender."""

    @staticmethod
    def items() -> tuple[ItemType, Sequence[bytes]]:
        return ItemType.RECEIPT, [_receipt_for(sealed) for sealed in (b"sealed", b"more", b"and more")]

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._path = folder / "site"
        self._reviewer = sender_keys("reviewer-1")
        self._organisation = Organisation()
        self._organisation.reviewers = [self._reviewer]
        self._keys = own_keys("server-1")
        (folder / "root.pub").write_bytes(public_key_file(self._organisation.root.verify_key()))
        subprocess.run(
            [*TIPLINE, "init", str(self._path), "--root-key", str(folder / "root.pub")],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
        self._organisation.issue(self._keys.party(), today=_DAY)
        with self._opened() as site:
            Identity(self._keys, self._organisation.root.verify_key()).keep(site.store)
        with self._opened() as site:
            adopt_run(
                self._organisation.run(),
                store=site.store,
                folder=site.folder,
                policy=site.policy,
                clock=SYSTEM_CLOCK,
            )
        self._keep(b"sealed")

    @contextlib.contextmanager
    def at(self, place: dict[str, Any] | None) -> Iterator[None]:
        if place is None:
            yield
            return
        sender = self._reviewer.signing.verify_key().to_bytes()
        with taken_back(self._path):
            with self._opened() as site:
                for stream, number, digest in read_before(place):
                    if site.store.incoming.place(sender) is not None:
                        site.store.incoming.begin_stream(sender, stream)
                    site.store.incoming.finish(
                        sender=sender, stream=stream, number=number, sha256=digest, receipted=[]
                    )
                site.store.incoming.begin_stream(sender, bytes.fromhex(place["stream"]))
                site.store.events.note(Event.OUTBOX_CAME)
                site.store.events.keep()
            yield

    def judges(self, fault: Fault) -> bool:
        """A server reads on in no stream that has ended."""
        return not fault.is_read_on

    def take(self, sound: bytes) -> None:
        """Take in the rest of a fault's bundle where nothing is wrong; afterwards all is as before."""
        with taken_back(self._path):
            code, said = self._import(sound)
            want(code == 0, f"a sound bundle is refused: {said}")
            want(self._waiting() == 0, "a receipt in a sound bundle does not let its bytes go")

    def give(self, fault: Fault) -> None:
        before = self._state()
        code, said = self._import(fault.file)
        if fault.outcome == REPLAYED:
            want(code == 0, f"{fault.name}: a repetition is not passed over: {said}")
        else:
            want(code == 1, f"{fault.name} is taken: {said}")
            named = _NOT_FROM_REVIEWERS if fault.name in _SEEN_BY_ITS_TYPE else _SAYS[fault.kind]
            want(_is_said(*named, said), f"{fault.name} is not refused as {fault.kind}: {said}")
        want(self._state() == before, f"{fault.name} changed the store")

    def give_receipts(self) -> None:
        """Only a receipt for exactly the bytes that are here lets them go; repeated, it lets nothing else go."""
        first = Statement.first(
            sender=self._reviewer.signing.verify_key(),
            receivers=[self._keys.signing.verify_key()],
            items=[_receipt(b"sealed otherwise")],
        )
        second = first.follow(receivers=[self._keys.signing.verify_key()], items=[_receipt(b"sealed")])
        for other in (self._signed(first, b"sealed otherwise"), self._signed(first, b"sealed otherwise")):
            want(self._import(other)[0] == 0, "a receipt is refused")
            want(self._waiting() == 1, "a receipt for other bytes let a submission go")
        want(self._import(self._signed(second, b"sealed"))[0] == 0, "a receipt is refused")
        want(self._waiting() == 0, "a receipt for exactly these bytes does not let them go")
        self._keep(b"sealed later")
        want(self._import(self._signed(second, b"sealed"))[0] == 0, "a repeated receipt is no harmless one")
        want(self._waiting() == 1, "a repeated receipt let another submission go")

    def _signed(self, statement: Statement, receipted: bytes) -> bytes:
        return file_of(sealed_content(inside(statement.to_bytes(), rest=written_items([_receipt_for(receipted)]))))

    def _import(self, file: bytes) -> tuple[int, str]:
        outbox = self._folder / "outbox"
        outbox.write_bytes(file)
        return tipline("import", self._path, outbox)

    def _keep(self, sealed: bytes) -> None:
        with self._opened() as site:
            intake = site.policy.intake()
            with site.store.submissions.receive(str(intake.week), intake.manifest_sha256) as arrival:
                arrival.write(sealed)
                arrival.complete()
        # Before a bundle had it no one can have read it, and no receipt counts.
        code, said = tipline("export", self._path, "--out", self._folder / "tips.bundles")
        want(code == 0, f"an export is refused: {said}")

    def _waiting(self) -> int:
        with self._opened() as site:
            return len(site.store.submissions.waiting())

    def _state(self) -> str:
        """All that the store lists, holds back, has read and has sent; not the noise that it writes."""
        with self._opened() as site:
            small = site.store._small
            tables = [name for (name,) in small.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {
                name: sorted(map(repr, small.rows(f"SELECT * FROM {name}")))  # noqa: S608
                for name in sorted(tables)
                if name != _HEARTBEAT
            }
        return json.dumps(rows)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[OpenSite]:
        with open_site(self._path, None) as site:
            yield site


def _is_said(reason: str, hint: str, said: str) -> bool:
    return bool(re.search(rf"^tipline: error: {reason}.*\ntipline: hint: .*{re.escape(hint)}", said, re.MULTILINE))


def _receipt_for(receipted: bytes) -> bytes:
    return DeliveryReceipt((hashlib.sha256(receipted).digest(),)).to_bytes()


def _receipt(receipted: bytes) -> ItemEntry:
    return ItemEntry.of(ItemType.RECEIPT, _receipt_for(receipted))
