"""A folder that `tipline serve` can serve, with keys that are good today, and ways to talk to what serves it."""

import http.client
import re
import socket
from pathlib import Path

from crypto.party import PartyKeys
from tests.organisation import Organisation
from tests.tipline.site_stage import BOUNDARY, Upload, multipart
from tipline.adoption import adopt_run
from tipline.clock import SYSTEM_CLOCK
from tipline.database_key import ask_database_key, make_database_key
from tipline.folder import SiteFolder
from tipline.identity import Identity
from tipline.listener import Bind
from tipline.standing import Standing
from tipline.store import Store
from tipline.web_process import WebOrder, WebProcess

OPERATOR = "operator's passphrase for tests"


class ServedFolder:
    """Made as `init` and `manifest` would. ``passphrase_file`` opens its database key."""

    def __init__(self, path: Path) -> None:
        path.mkdir(mode=0o700)
        self.organisation = Organisation()
        self.keys = PartyKeys.generate("server-1")
        self.folder = SiteFolder(path)
        self.passphrase_file = path.with_name(path.name + ".passphrase")
        self.passphrase_file.write_text(OPERATOR + "\n")
        self.key = make_database_key(self.folder, str(self.passphrase_file))
        with Store(path, self.key, create=True, reserve_bytes=0) as store:
            Identity(self.keys, self.organisation.root.verify_key()).keep(store)
            standing = Standing(store, self.folder)
            self.organisation.issue(self.keys.party(), today=SYSTEM_CLOCK.today())
            adopt_run(
                self.organisation.run(),
                store=store,
                folder=self.folder,
                standing=standing,
                clock=SYSTEM_CLOCK,
            )

    def store(self) -> Store:
        return Store(self.folder.path, ask_database_key(self.folder, str(self.passphrase_file)))

    def web(
        self, *, courier: Path | None = None, behind_tor: bool = False, public: Bind | None = None
    ) -> WebProcess:
        return WebProcess(
            WebOrder(
                self.folder.path,
                self.key,
                public or Bind(None, 0),
                Bind(courier, None) if courier else None,
                behind_tor,
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
