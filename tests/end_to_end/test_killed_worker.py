"""A server that is killed while twenty people write: whoever saw a receipt is read by the reviewer."""

import http.client
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.reviewer.desk import Desk
from tests.tipline.served import OPERATOR, ask, send_tip
from tests.tipline.site_stage import Upload
from tipline.cli import main
from tipline.database_key import ask_database_key
from tipline.folder import SiteFolder
from tipline.listener import Bind
from tipline.web_process import WebOrder, WebProcess

WRITERS = 20
ROUNDS = 2
ENOUGH = 3


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.found()
    return made


class _Site:
    """Made by the programs' own commands, as an operator would."""

    def __init__(self, desk: Desk) -> None:
        self.path = desk.folder / "site"
        self._passphrase = desk.folder / "passphrase"
        self._passphrase.write_text(OPERATOR + "\n")
        self.do("init", "--root-key", str(desk.root / "root.pub"))
        desk.do("servers", "add", desk.home, self.path / "server.pub")
        manifest = desk.folder / "manifest.json"
        desk.do("keys", "issue", desk.home, "--root", desk.root, "--out", manifest)
        self.do("manifest", str(manifest))

    def do(self, command: str, *arguments: str) -> None:
        assert main([command, str(self.path), *arguments, "--passphrase-file", str(self._passphrase)]) == 0

    def web(self) -> WebProcess:
        key = ask_database_key(SiteFolder(self.path), str(self._passphrase))
        return WebProcess(WebOrder(self.path, key, Bind(None, 0), None, behind_tor=False))


@dataclass
class _Round:
    """Twenty who write at once, and what each was told."""

    port: int
    number: int
    receipts: dict[str, bytes] = field(default_factory=dict)  # text to passphrase
    files: dict[str, bytes] = field(default_factory=dict)

    def write(self, writer: int) -> None:
        text = f"round {self.number}, writer {writer}"
        self.files[text] = os.urandom(100_000 if writer % 2 else 6_000_000)
        try:
            page = send_tip(self.port, text, [Upload(f"{writer}.bin", self.files[text])])
        except (OSError, http.client.HTTPException):
            return  # no answer: nothing was promised
        words = re.search(rb"data-passphrase [^>]*>(.*?)</p>", page, re.DOTALL)
        if words:
            self.receipts[text] = b" ".join(re.findall(rb"[a-z]+(?=</span>)", words[1]))


def _write_and_be_killed(web: WebProcess, number: int) -> _Round:
    """Kills the worker when some have their receipts and others are still sending."""
    this = _Round(_port(web), number)
    threads = [threading.Thread(target=this.write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    _await(lambda: len(this.receipts) >= ENOUGH)
    worker = _worker(web)
    os.kill(worker, signal.SIGKILL)
    for thread in threads:
        thread.join()
    assert len(this.receipts) < WRITERS, "it was killed too late to show anything"
    _await(lambda: _worker(web) not in {0, worker})
    _await(lambda: ask(_port(web), "GET", "/")[0] == 200)
    return this


def test_every_receipt_that_was_shown_is_read_by_the_reviewer_though_the_worker_was_killed(desk: Desk) -> None:
    site = _Site(desk)
    receipts: dict[str, bytes] = {}
    files: dict[str, bytes] = {}
    bundles = desk.folder / "tips.bundle"
    with site.web() as web:
        for number in range(ROUNDS):
            this = _write_and_be_killed(web, number)
            receipts |= this.receipts
            files |= this.files
        body = b"passphrase=" + next(iter(receipts.values())).replace(b" ", b"+")
        form = {"Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "same-origin"}
        assert ask(_port(web), "POST", "/mailbox", body, **form)[0] == 200
        site.do("export", "--out", str(bundles))
    desk.do("import", desk.home, bundles)
    desk.do("import", desk.home, bundles)
    read: dict[str, bytes] = {}
    for submission in desk.submissions():
        assert submission["unopenable"] is None
        case = desk.folder / submission["id"]
        desk.do("save", desk.home, submission["id"], "--to", case)
        (content,) = case.glob("*.bin")
        text = (case / "message.txt").read_text()
        assert text not in read, "one submission became two"
        read[text] = content.read_bytes()
    # More may have been stored than was told: an answer can get lost after its submission is safe.
    assert set(receipts) <= set(read)
    assert all(files[text] == content for text, content in read.items())


def _await(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _worker(web: WebProcess) -> int:
    found = Path(f"/proc/{web.process_id}/task/{web.process_id}/children").read_text().split()
    return int(found[0]) if found else 0


def _port(web: WebProcess) -> int:
    assert web.port is not None
    return web.port
