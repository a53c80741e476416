"""A folder that `tipline serve` can serve, with keys that are good today, and ways to talk to what serves it."""

import copy
import datetime as dt
import http.client
import re
import secrets
import shutil
import socket
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Self

from crypto.bundles.bundle import BundleWriter, ItemEntry, ItemType, Sealing, Statement, sign_statement
from crypto.bundles.bundle_file import BundleFileWriter
from crypto.bundles.bundle_items import DeliveryReceipt
from crypto.keys.party import PartyKeys
from crypto.passphrases.locked_key import KEY_BYTES, lock_key
from crypto.passphrases.mailbox import MailboxKeys
from crypto.submissions.reply import seal_reply
from system.atomic_files import write_whole
from system.clock import SYSTEM_CLOCK
from tests.organisation import Organisation
from tests.tipline.site_stage import BOUNDARY, Upload, multipart
from tipline.bundles.manifest_update import adopt_run
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakePolicy
from tipline.machine.listener import ListenAddress
from tipline.store import Store
from tipline.supervisor.web_process import WebProcess
from tipline.web.connection_slots import FULL_CAPACITY, Capacity
from tipline.web.order import WebOrder

FEW_PASSPHRASES = 1
"""A full pool would keep a processor busy for seconds beside each test, as every passphrase is derived."""
OPERATOR = "operator's passphrase for tests"


@cache
def _locked_key() -> tuple[bytes, bytes]:
    """A database key, and as it lies in the folder of every server of a run: to lock one takes its time."""
    key = secrets.token_bytes(KEY_BYTES)
    return key, lock_key(key, OPERATOR)


class ServedFolder:
    """Made as `init` and `manifest` would, but that all of a run have one database key; ``passphrase_file`` opens
    it."""

    def __init__(self, path: Path, *, reviewers: int = 1, issued_days_ago: int = 0) -> None:
        path.mkdir(mode=0o700)
        (path / "store").mkdir(mode=0o700)
        self.organisation = Organisation(reviewers)
        self.keys = PartyKeys.generate("server-1")
        self.folder = SiteFolder(path)
        self.passphrase_file = path.with_name(path.name + ".passphrase")
        self.passphrase_file.write_text(OPERATOR + "\n")
        self.key, locked = _locked_key()
        write_whole(self.folder.database_key, locked)
        self._last: Statement | None = None
        self._replies = 0
        with Store(self.folder.store, self.key, create=True, reserve_bytes=0) as store:
            Identity(self.keys, self.organisation.root.verify_key()).keep(store)
            policy = IntakePolicy(store, self.folder)
            issued = SYSTEM_CLOCK.today() - dt.timedelta(days=issued_days_ago)
            self.organisation.issue(self.keys.party(), today=issued)
            adopt_run(
                self.organisation.run(),
                store=store,
                folder=self.folder,
                policy=policy,
                clock=SYSTEM_CLOCK,
            )

    def copy_to(self, path: Path) -> Self:
        """The same server as it is now, with the same keys, in another folder."""
        other = copy.copy(self)
        other.folder = SiteFolder(Path(shutil.copytree(self.folder.path, path)))
        other.passphrase_file = path.with_name(path.name + ".passphrase")
        shutil.copyfile(self.passphrase_file, other.passphrase_file)
        return other

    def store(self) -> Store:
        return Store(self.folder.store, self.key)

    def waiting(self) -> int:
        """How many submissions have not been carried yet."""
        with self.store() as store:
            return len(store.submissions.waiting())

    def rows(self) -> int:
        """Rows of submissions in any state and of sealed bytes, not carried or not."""
        with self.store() as store:
            small = store.submissions._small.rows("SELECT id FROM submissions")
            return len(small) + len(store.submissions._bulk.rows("SELECT id FROM pieces"))

    def outbox(self, *replies: tuple[str, MailboxKeys], receipted: Sequence[bytes] = ()) -> bytes:
        """The reviewer's next FILE for this server, with these replies, and a receipt for these digests."""
        reviewer, server = self.organisation.reviewers[0], self.keys.party()
        items = []
        for text, keys in replies:
            self._replies += 1
            row = seal_reply(text, to=keys.address(), day=SYSTEM_CLOCK.today(), number=self._replies)
            items.append((ItemType.REPLY, row.to_bytes()))
        if receipted:
            items.append((ItemType.RECEIPT, DeliveryReceipt(tuple(receipted)).to_bytes()))
        entries = [ItemEntry.of(kind, payload) for kind, payload in items]
        sender, receivers = reviewer.signing.verify_key(), [server.verify_key]
        if self._last is None:
            self._last = Statement.first(sender=sender, receivers=receivers, items=entries)
        else:
            self._last = self._last.follow(receivers=receivers, items=entries)
        pieces: list[bytes] = []
        file = BundleFileWriter(pieces.append)
        with file.bundle() as sink:
            writer = BundleWriter(
                sink,
                to=[server.transport_key],
                statement_bytes=self._last.to_bytes(),
                signature=sign_statement(self._last, key=reviewer.signing),
                sealing=Sealing(reviewer.signing, self._last.number),
            )
            for entry, (_kind, payload) in zip(entries, items, strict=True):
                writer.item(entry, [payload])
            writer.finish()
        file.finish()
        return b"".join(pieces)

    def web(
        self,
        *,
        courier: Path | None = None,
        relays: Path | None = None,
        behind_tor: bool = False,
        public: ListenAddress | None = None,
        room: Capacity = FULL_CAPACITY,
    ) -> WebProcess:
        return WebProcess(
            WebOrder(
                self.folder.path,
                self.key,
                public or ListenAddress(None, 0),
                ListenAddress(courier, None) if courier else None,
                behind_tor,
                room=replace(room, ready_passphrases=FEW_PASSPHRASES),
                relays=ListenAddress(relays, None) if relays else None,
            )
        )


def ask(
    port: int, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own: status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def raw(address: int | Path, sent: bytes, *, seconds: float = 60) -> bytes:
    """All that comes back for these bytes."""
    family = socket.AF_INET if isinstance(address, int) else socket.AF_UNIX
    with socket.socket(family) as connection:
        connection.settimeout(seconds)
        connection.connect(("127.0.0.1", address) if isinstance(address, int) else str(address))
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def send_tip(port: int, text: str, files: list[Upload] | None = None) -> bytes:
    """The page that answers a tip."""
    _status, _headers, page = ask(port, "GET", "/")
    found = re.search(rb'name="nonce" value="([^"]*)"', page)
    assert found
    body = multipart([("nonce", found[1].decode()), ("text", text)], files or [])
    return ask(
        port,
        "POST",
        "/",
        body,
        Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
        Sec_Fetch_Site="same-origin",
    )[2]
