"""The machines of the count: each command is a process of its own, which may be killed at a random moment."""

import contextlib
import io
import json
import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from crypto.sharing.shared_item import ENVELOPE_BYTES
from lab.soak.home import Reviewer
from lab.soak.ledger import Ledger
from lab.soak.line import Ended, run_for, tipline
from lab.soak.losses import want
from lab.soak.submitter import content
from lab.soak.submitter import main as submit
from tests.tipline.served import OPERATOR
from tests.tipline.serving import TIPLINE
from tipline.instance.open_site import open_site

_KILLED: Final = 0.25


class Machine:
    """Commands of one machine, any of which may be killed at a random moment."""

    def __init__(self, rng: random.Random, done: Counter[str]) -> None:
        self.rng = rng
        self.done = done

    def run_for(self, seconds: float, command: Sequence[str]) -> Ended:
        """A process of its own, killed after so long, and counted where it was."""
        code, said = run_for(seconds, command)
        self.done["killed"] += code is None
        return code, said

    def sometimes(self, seconds: float) -> float | None:
        """After how long to kill, or never."""
        return self.rng.uniform(0.1, seconds) if self.rng.random() < _KILLED else None


class CountedServer(Machine):
    """A server's folder, and what the courier fetched there."""

    def __init__(
        self, folder: Path, name: str, root: Path, rng: random.Random, done: Counter[str], batch: tuple[int, int]
    ) -> None:
        super().__init__(rng, done)
        self.name = name
        self.site = folder / name
        self.fetched: list[Path] = []
        self._folder = folder
        self._passphrase = folder / "passphrase"
        self._passphrase.write_text(OPERATOR + "\n")
        self.was_restored = False
        self._batch = 0
        self._batch_of = batch
        self.do("init", "--root-key", root / "root.pub", "--name", name)

    def do(self, command: str, *arguments: str | Path) -> None:
        code, said = self._run(None, command, *arguments)
        want(code == 0, f"tipline {command} of {self.name} was refused: {said}")

    def submit(self, ledgers: Sequence[Ledger]) -> None:
        """A batch of sources; where the server is killed only those with a receipt were promised anything."""
        self._batch += 1
        batch, count = f"{self.name} batch {self._batch}", self.rng.randint(*self._batch_of)
        sent = [content(batch, number) for number in range(count)]
        for ledger in ledgers:
            for each in sent:
                ledger.sending(each)
        told = (str(self.site), str(self._passphrase), batch, str(count))
        killed_after = self.sometimes(count / 8)
        if killed_after is None:
            code, said = _printed(lambda: submit(*told))
        else:
            code, said = self.run_for(killed_after + 1, [sys.executable, "-m", "lab.soak.submitter", *told])
        want(code is None or code == 0, f"{self.name} gives no receipts: {said}")
        for number in map(int, re.findall(r"^(\d+)\n", said, re.MULTILINE)):
            for ledger in ledgers:
                ledger.was_promised(sent[number])

    def fetch(self, *more: str) -> None:
        """A new FILE, or none where the fetching broke off, which it does not with ``more`` to say."""
        out = self._folder / f"{self.name}-{len(self.fetched)}.bundles"
        code, said = self._run(None if more else self.sometimes(1.5), "export", "--out", out, *more)
        want(code is None or code == 0, f"an export of {self.name} was refused: {said}")
        if out.exists():
            self.fetched.append(out)

    def take(self, outbox: Path, *, killed_after: float | None = None, accept: str | None = None) -> Ended:
        return self._run(killed_after, "import", outbox, *(("--accept-stream", accept) if accept else ()))

    def backup(self) -> Path:
        out = self._folder / f"{self.name}.backup"
        self.do("backup", "--out", out)
        return out

    def die_and_be_restored(self, backup: Path, manifest: Path) -> None:
        shutil.rmtree(self.site)
        self.do("restore", "--from", backup)
        newest = json.loads(manifest.read_bytes())["version"]  # as a reviewer tells it by telephone
        self.do("manifest", manifest, "--version", str(newest))
        self.was_restored = True
        self.done["server restored"] += 1

    def waiting(self) -> int:
        with open_site(self.site, str(self._passphrase)) as opened:
            want(not (damage := opened.store.damage()), f"the store of {self.name} is damaged: {damage}")
            # What reviewers share comes with each outbox, so that some of it always waits.
            return sum(one.length != ENVELOPE_BYTES for one in opened.store.submissions.waiting())

    def _run(self, killed_after: float | None, command: str, *arguments: str | Path) -> Ended:
        whole = (command, self.site, *arguments, "--passphrase-file", self._passphrase)
        if killed_after is None:
            return tipline(*whole)
        return self.run_for(killed_after, [*TIPLINE, *map(str, whole)])


class CountedReviewer(Machine):
    """A reviewer's home, its outboxes, and what must all be in it in the end."""

    def __init__(self, folder: Path, name: str, rng: random.Random, done: Counter[str]) -> None:
        super().__init__(rng, done)
        self.name = name
        self.tool = Reviewer(folder / name)
        self.ledger = Ledger()
        self.twin = folder / f"{name}-twin"
        self.outboxes: list[Path] = []
        self.identity = Path()
        self._folder = folder
        self._backup = folder / f"{name}.age"

    def take(self, file: Path, *, killed_after: float | None = None) -> Ended:
        code, said = self._run(killed_after, "import", file)
        confirmed = re.search(r"servers confirm HOME NAME ([0-9a-f]{32})", said)
        if code == 1 and confirmed:
            # Staff have asked the operator, who says: yes, restored.
            self.tool.do("servers confirm", file.name.rpartition("-")[0], confirmed[1])
            self.done["new stream confirmed"] += 1
            return self.take(file)
        self.ledger.take(self.tool.read_new())
        return code, said

    def read_anew(self) -> None:
        """All that is there now, whatever was there before."""
        self.ledger.forget_what_was_read()
        self.tool = Reviewer(self.tool.home)
        self.ledger.take(self.tool.read_new())

    def back_up(self) -> None:
        self.tool.do("backup", "--to", self._backup)

    def write_outbox(self, *more: str) -> None:
        out = self._folder / f"{self.name}-outbox-{len(self.outboxes)}"
        code, said = self._run(None if more else self.sometimes(0.6), "outbox", "--out", out, *more)
        want(code is None or code == 0, f"an outbox of {self.name} was refused: {said}")
        if out.exists():
            self.outboxes.append(out)

    def die_and_be_restored(self) -> None:
        """From its newest backup; the twin has the keys of what it has not taken in."""
        shutil.rmtree(self.tool.home)
        self.tool.do("restore", "--from", self._backup, "--identity", self.identity)
        self.tool.do("keys restore", "--twin", self.twin)
        self.outboxes.clear()  # of a stream that has ended
        self.read_anew()
        self.done["reviewer restored"] += 1

    def _run(self, killed_after: float | None, command: str, *arguments: str | Path) -> Ended:
        if killed_after is None:
            return self.tool.attempt(command, *arguments)
        return self.run_for(killed_after, self.tool.command(command, *arguments))


def _printed(act: Callable[[], int]) -> Ended:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = act()
    return code, said.getvalue()
