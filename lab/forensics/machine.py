"""A server as an operator runs it, in a folder of its own, with every place in which it could leave something."""

import copy
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Self

from sqlcipher3 import dbapi2 as sqlcipher

from crypto.passphrases.mailbox import MailboxKeys, open_mailbox
from crypto.passphrases.passphrase import Passphrase
from crypto.questions.builtin_questionnaires import builtin_files
from lab.forensics.core_dumps import allowed_core_dumps
from lab.forensics.places import STORE_PAGES, below
from lab.forensics.visitor import Address, Visitor
from lab.forensics.web_with_faults import MadeToFail
from tests.tipline.processes import eventually
from tests.tipline.served import ServedFolder

_TIPLINE: Final = [sys.executable, "-c", "import sys; from tipline.cli import main; sys.exit(main())"]
_START_SECONDS: Final = 120.0
_LOOKS_FOR_REST: Final = 4


class Machine:
    """``site`` is the server's folder; ``tmp`` is its TMPDIR, HOME and working folder; ``said`` and ``complained``
    are what it wrote to standard output and error."""

    def __init__(
        self, folder: Path, *, network: Path | None = None, socks_port: int = 0, served: ServedFolder | None = None
    ) -> None:
        """``network`` is the folder of a running private Tor network, ``socks_port`` a client's in it; without them
        there is no tor. ``served`` is ``site`` in that folder where it is there already."""
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.served = served or ServedFolder(folder / "site")
        self.site = self.served.folder.path
        doors = self.site / "doors"
        doors.mkdir()
        (doors / "1.toml").write_bytes(builtin_files()["work"])
        self.tmp = folder / "tmp"
        self.tmp.mkdir()
        self.said = folder / "said"
        self._network = network
        self._socks_port = socks_port
        self._faults: MadeToFail | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.address = Address("", 0)

    def twin(self, folder: Path) -> Self:
        """The same server, which does not run, as it is now: another copy of all its files and keys."""
        other = copy.copy(self)
        folder.mkdir()
        other.folder = folder
        other.served = self.served.copy_to(folder / "site")
        other.site = other.served.folder.path
        other.tmp = folder / "tmp"
        other.tmp.mkdir()
        other.said = folder / "said"
        return other

    @property
    def faults(self) -> MadeToFail:
        """From the next start on its web process is one in which a step can be made to fail."""
        if self._faults is None:
            self._faults = MadeToFail(self.folder)
        return self._faults

    def start(self) -> None:
        """Serve, and wait until it answers."""
        tor = ["--tor", "off", "--bind", "127.0.0.1:0"]
        if self._network is not None:
            tor = ["--tor", "private", "--network", str(self._network)]
        before = len(self._said_so_far())
        complaints = self.folder / "complained"
        with self.said.open("ab") as said, complaints.open("ab") as complained, allowed_core_dumps():
            self._process = subprocess.Popen(
                [
                    *(self._faults.front() if self._faults else _TIPLINE),
                    "serve",
                    self.site,
                    "--passphrase-file",
                    self.served.passphrase_file,
                    *tor,
                ],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=complained,
                cwd=self.tmp,
                env={**os.environ, "TMPDIR": str(self.tmp), "HOME": str(self.tmp)},
            )
        deadline = time.monotonic() + _START_SECONDS
        while "ready" not in self._said_so_far()[before:].splitlines():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {self._said_so_far()[before:]}")
            time.sleep(0.05)
        found = re.search(r"^address: http://([a-z0-9.]+)(?::(\d+))?/$", self._said_so_far()[before:], re.MULTILINE)
        if found is None:
            raise RuntimeError(f"the server tells no address: {self._said_so_far()[before:]}")
        self.address = Address(found[1], int(found[2] or 80), self._socks_port)

    def is_running(self) -> bool:
        return self._process is not None

    def processes(self) -> dict[str, list[int]]:
        """The running processes, by the names under which they are reported."""
        front = self._running().pid
        found: dict[str, list[int]] = {"front": [front], "web": [], "tor": []}
        for each in below(front):
            with suppress(FileNotFoundError, ProcessLookupError):  # one that has ended since
                name = Path(f"/proc/{each}/comm").read_text().strip()
                found["tor" if name == "tor" else "web"].append(each)
        return found

    def await_rest(self, seconds: float) -> None:
        """Until no thread of what runs wants a processor, a few times in a row; or so many seconds. A looker
        sooner sees the passphrase that is made ready for the next source: 64 MiB of noise, each time another."""
        if self.is_running():
            everything = [one for process_ids in self.processes().values() for one in process_ids]
            eventually(lambda: not any(map(_is_at_work, everything * _LOOKS_FOR_REST)), seconds=seconds)

    def worker(self) -> int:
        """The process that receives: started by one that the front started. Their numbers may be any."""
        return self.processes()["web"][-1]

    def await_other_worker(self, gone: int) -> None:
        """Until a new one answers."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            web = self.processes()["web"]
            if gone not in web and len(web) >= 2 and self._answers():
                return
            time.sleep(0.05)
        raise TimeoutError("no new worker")

    def kill(self, process_id: int, number: signal.Signals = signal.SIGKILL) -> None:
        os.kill(process_id, number)

    def kill_front(self) -> None:
        """And wait until all that it had started is gone too."""
        everything = [self._running().pid, *below(self._running().pid)]
        self._running().kill()
        self._running().wait()
        while any(Path(f"/proc/{each}").exists() for each in everything):
            time.sleep(0.05)
        self._process = None

    def stop(self) -> None:
        """And wait until it has ended.

        Raises:
            subprocess.TimeoutExpired: it did not within a minute, and was killed with all that it had started.
        """
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill_front()
            raise
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever runs is stopped."""
        self.stop()

    def carry_in(self, *replies: tuple[str, MailboxKeys], receipted: Sequence[bytes] = ()) -> None:
        """An outbox of the reviewer, taken in by the command."""
        outbox = self.folder / "outbox"
        outbox.write_bytes(self.served.outbox(*replies, receipted=receipted))
        self._command("import", str(outbox))

    def carry_out(self) -> bytes:
        """All bundles that reviewers should get, as the command writes them."""
        bundles = self.folder / "bundles"
        self._command("export", "--out", str(bundles))
        return bundles.read_bytes()

    def _command(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [*_TIPLINE, name, self.site, *arguments, "--passphrase-file", self.served.passphrase_file],
            check=True,
            capture_output=True,
            cwd=self.tmp,
            env={**os.environ, "TMPDIR": str(self.tmp), "HOME": str(self.tmp)},
        )

    def mailbox(self, words: Sequence[str]) -> MailboxKeys:
        return open_mailbox(Passphrase.parse(" ".join(words)), by=self.served.organisation.derivation)

    @contextmanager
    def fault(self, file: str, begin: str, end: str) -> Iterator[None]:
        """Something is wrong in the store while the block lasts: SQL of another program that has the key."""
        self._run(file, begin)
        try:
            yield
        finally:
            self._run(file, end)

    def _run(self, file: str, statement: str) -> None:
        connection = sqlcipher.connect(str(self.site / "store" / file), isolation_level=None, timeout=30)
        try:
            connection.execute(f"PRAGMA key = \"x'{self.served.key.hex()}'\"")
            connection.execute(f"PRAGMA cipher_page_size = {STORE_PAGES[file]}")
            connection.execute("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA legacy_alter_table = ON")
            connection.execute(statement)
        finally:
            connection.close()

    def _answers(self) -> bool:
        visitor = Visitor(self.address)
        try:
            visitor.get("/left")
        except (OSError, http.client.HTTPException):
            return False
        return visitor.status == 200

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            raise RuntimeError("nothing is running")
        return self._process

    def _said_so_far(self) -> str:
        return self.said.read_text() if self.said.exists() else ""


def _is_at_work(process_id: int) -> bool:
    """True if one of its threads runs, or waits for a processor only."""
    time.sleep(0.02)
    states = []
    for path in Path(f"/proc/{process_id}/task").glob("*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended since
            states.append(path.read_text().rpartition(") ")[2][0])
    return "R" in states
