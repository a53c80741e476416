"""While sources, couriers and the operator do what they do: the server's programs write to the store only."""

import re
import subprocess
import sys
from pathlib import Path

from crypto.passphrases.mailbox import open_mailbox
from crypto.passphrases.passphrase import Passphrase
from lab.forensics.traced import STORE, Trace, strace, traced
from lab.forensics.visitor import Address, Held, Visitor
from tests.tipline.processes import eventually
from tests.tipline.served import ServedFolder, raw
from tests.tipline.site_stage import Upload

TIPLINE = "import sys; from tipline.cli import main; sys.exit(main())"


TEXT = "canary-0c5d11-text"


def test_the_web_process_and_its_watcher_write_to_the_store_only_while_sources_and_couriers_do_all_of_this(
    tmp_path: Path,
) -> None:
    served = ServedFolder(tmp_path / "site")
    courier = tmp_path / "courier"
    with served.web(courier=courier) as web, traced(web, tmp_path / "trace"):
        address = Address("127.0.0.1", web.port or 0)
        visitor = Visitor(address)
        visitor.get("/")
        fields = [("nonce", visitor.hidden("nonce")), ("text", TEXT)]
        visitor.upload("/", fields, [Upload(f"{TEXT}.bin", TEXT.encode() * 400_000)])
        words = visitor.words()
        keys = open_mailbox(Passphrase.parse(" ".join(words)), by=served.organisation.derivation)
        visitor.post("/kept", [("nonce", visitor.hidden("nonce", form="/kept"))])
        outbox = served.outbox((TEXT, keys), ("another", keys))
        head = f"POST /outbox HTTP/1.1\r\nHost: courier\r\nContent-Length: {len(outbox)}\r\n\r\n".encode()
        assert raw(courier, head + outbox).startswith(b"HTTP/1.1 200 ")
        visitor.post("/mailbox", [("passphrase", " ".join(words))])
        assert TEXT in visitor.page
        form = visitor.hidden("nonce", form="/mailbox/write"), visitor.hidden("nonce", form="/mailbox/delete")
        visitor.upload("/mailbox/write", [("nonce", form[0]), ("text", TEXT)])
        visitor.post("/mailbox/delete", [("nonce", form[1]), ("which", "all")])
        visitor.get("/left")
        send_beside(address)
        assert raw(courier, b"GET /bundles HTTP/1.1\r\nHost: courier\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    trace = Trace(tmp_path / "trace")
    site = served.folder.store
    store = {str(site / name) for name in STORE}
    assert trace.written, "the trace saw no write at all"
    assert trace.written <= store
    # The ballast and the lock are made or held, and nothing is written to them.
    assert trace.opened_to_write <= store | {str(site / "ballast"), str(site / "import.lock")}
    assert trace.made == []
    assert not trace.connected
    assert "canary" not in trace.to_files
    assert " ".join(words) not in trace.to_files


def send_beside(address: Address) -> None:
    """From the page for files, whose frame counts in the middle; then its receipt."""
    visitor, frame = Visitor(address), Visitor(address)
    visitor.get("/files")
    found = re.search(r'action="(/files/send\?upload=(\w+))"', visitor.page)
    assert found is not None
    fields = [(name, visitor.hidden(name, form="/files/send")) for name in ("nonce", "handle")]
    upload = Held(visitor, found[1], [*fields, ("text", TEXT)], f"{TEXT}.bin", TEXT.encode() * 50_000, 4)
    try:
        upload.await_middle()
        # Loopback takes what no one has read yet.
        assert eventually(lambda: "MB" in frame.get(f"/files/progress?upload={found[2]}&looks=0"))
    finally:
        upload.end()
    visitor.post("/files/receipt", [("nonce", visitor.hidden("nonce", form="/files/receipt"))])
    assert len(visitor.words()) == 8


def test_the_command_that_takes_in_replies_writes_to_the_store_only(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    keys = open_mailbox(Passphrase.generate(), by=served.organisation.derivation)
    (tmp_path / "outbox").write_bytes(served.outbox((TEXT, keys)))
    command = [sys.executable, "-B", "-c", TIPLINE, "import", served.folder.path, tmp_path / "outbox"]
    subprocess.run(
        [*strace(tmp_path / "trace"), *map(str, command), "--passphrase-file", str(served.passphrase_file)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    trace = Trace(tmp_path / "trace")
    store = {str(served.folder.store / name) for name in STORE}
    assert trace.written, "the trace saw no write at all"
    assert trace.written <= store
    assert trace.opened_to_write <= store | {str(served.folder.store / "import.lock")}
    assert all(" execve(" in call for call in trace.made), "the command itself, and nothing else"
    assert not trace.connected
