"""All that a reviewer has on one disk: what is done there, and what must hold once it was said to be done."""

import datetime as dt
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.bundles.bundle_file import read_bundle_file
from crypto.keys import minisign
from crypto.keys.party import PartyKeys
from lab.soak.home import Reviewer
from lab.soak.ledger import Content, Ledger
from lab.soak.losses import Lost, want
from lab.soak.lossy_disk import write_durably
from tests.end_to_end.real_server import RealServer
from tests.tipline.site_stage import Upload
from tipline.bundles.manifest_update import read_run
from tipline.errors import CarryRefused

_WEEKS: Final = "12"
_MOST_RETIRED: Final = 6
_FILE_NAME: Final = "доклад.pdf"


@dataclass(frozen=True, slots=True)
class Act:
    """A command, where what it makes lies (None for nothing), and what is done with that.

    ``is_done`` tells after a cut whether it need not be done again; most commands find that out themselves.
    """

    command: str
    arguments: tuple[str | Path, ...]
    product: Path | None
    use: Callable[[Path], object]
    is_done: Callable[[], bool] = lambda: False


class Office:
    """All that a reviewer has, on one disk; beside it a server, which keeps its power."""

    def __init__(self, folder: Path, place: Path, rng: random.Random) -> None:
        """``place`` is on the disk whose power fails, ``folder`` on another."""
        self._rng = rng
        self._place = place
        self._away = folder
        self._ledger = Ledger()
        self.reviewer = Reviewer(place / "home")
        self._root, self._twin = place / "root", place / "twin"
        self._written = 0
        self.is_repetition = False
        """True if the command that is used now was cut short before, and done again."""
        self._answers = 0
        self._answered: list[str] = []
        self._retired: list[str] = []
        self.reviewer.do("init", "--root", self._root, "--organisation", "Example Watch")
        root = minisign.parse_public_key_file((self._root / "root.pub").read_bytes())
        (folder / "site").mkdir()
        keys = PartyKeys.generate("server")
        self.server = RealServer(folder / "site", root, keys)
        (folder / "server.pub").write_bytes(keys.party().to_bytes())
        self.reviewer.do("servers add", folder / "server.pub")

    def acts(self) -> dict[str, Callable[[], Act]]:
        return {
            "issue": self._issue,
            "import": self._import,
            "reply": self._reply,
            "backup": self._backup,
            "outbox": self._outbox,
            "retire": self._retire,
        }

    def require_all(self) -> None:
        """Everything that was sent is there."""
        self._ledger.require_all()

    def close(self) -> None:
        self.server.store.close()

    def require_usable(self) -> None:
        """Home, log, what came in and what was answered are as they were told."""
        self.reviewer.do("keys status")
        self.reviewer.do("log verify")
        self._ledger.take(self.reviewer.read_new())
        self._answers_are_there()

    def _out(self, name: str) -> Path:
        folder = self._place / "stick"
        folder.mkdir(exist_ok=True)
        return folder / name

    def _issue(self) -> Act:
        out = self._out("manifest.json")
        arguments = ("--root", self._root, "--twin", self._twin, "--weeks", _WEEKS, "--out", out)
        return Act("keys issue", arguments, out, lambda manifest: self.server.adopt(read_run(manifest)))

    def _import(self) -> Act:
        for _ in range(self._rng.randint(1, 4)):
            self._put()
        tips = self._out("tips.bundles")
        write_durably(tips, self.server.export())
        return Act("import", (tips,), None, lambda _: self._all_is_there())

    def _all_is_there(self) -> None:
        self._ledger.take(self.reviewer.read_new())
        self._ledger.require_all()

    def _put(self) -> None:
        self._written += 1
        upload = Upload(_FILE_NAME, self._rng.randbytes(self._rng.choice((0, 100, 65_537, 3_000_000))))
        content = Content.of(f"number {self._written}", [upload])
        self._ledger.sending(content)
        self.server.receive(content.text, upload.content)
        self._ledger.was_promised(content)

    def _reply(self) -> Act:
        with self.reviewer.opened() as home:
            newest = home.casebook.submissions.all()[-1].short_id
        self._answers += 1
        note, text = self._out("reply.txt"), f"answer {self._answers}"
        write_durably(note, text.encode())
        return Act(
            "reply",
            (newest, "--text-file", note),
            None,
            lambda _: self._is_answered(text),
            # Staff would look as well: an answer that is written again comes twice.
            is_done=lambda: text in self.reviewer.replies(),
        )

    def _is_answered(self, text: str) -> None:
        self._answered.append(text)
        self._answers_are_there()

    def _answers_are_there(self) -> None:
        """Each that was told as sealed, once."""
        there = self.reviewer.replies()
        wrong = {text: there[text] for text in self._answered if there[text] != 1}
        want(not wrong, f"answers of which there must be one each: {wrong}")

    def _backup(self) -> Act:
        out = self._out("casebook.age")
        return Act("backup", ("--to", out), out, self._restores)

    def _restores(self, backup: Path) -> None:
        """On another machine; it has all that was in the casebook."""
        elsewhere = Reviewer(self._away / "restored")
        (identity,) = self._root.glob("casebook-backup-*.key")
        elsewhere.do("restore", "--from", backup, "--identity", identity)
        elsewhere.do("keys restore", "--twin", self._twin)
        # Not by the reviewer of this run, who reads only what is new.
        there, here = (_all_of(one) for one in (elsewhere, Reviewer(self.reviewer.home)))
        shutil.rmtree(elsewhere.home)
        want(
            there == here,
            f"a backup lacks {list(here - there)} of the casebook, and has {list(there - here)} beside",
        )

    def _outbox(self) -> Act:
        out = self._out("outbox")
        return Act("outbox", ("--out", out), out, self._taken)

    def _taken(self, outbox: Path) -> None:
        with outbox.open("rb") as file:
            want(sum(1 for _ in read_bundle_file(file)) > 0, "an outbox has no bundle in it")
        try:
            self.server.take_in(outbox)
        except CarryRefused as refused:
            missing = re.search(r"bundle (\d+) must come before", str(refused))
            if missing is None or not self.is_repetition:
                raise Lost(f"an outbox is refused: {refused}") from refused
            # The first one was complete when the power went, and was written over before anyone carried it.
            self.reviewer.do("outbox", "--from", missing[1], "--out", outbox)
            self.server.take_in(outbox)

    def _retire(self) -> Act:
        """The week of today ends on the server; its keys may go."""
        if len(self._retired) >= _MOST_RETIRED:
            return self._backup()
        week = self.server.policy.intake().week
        self._put()
        self.server.clock.day = week.last_day + dt.timedelta(days=1)
        tips = self._out("tips.bundles")
        write_durably(tips, self.server.export())
        self.reviewer.do("import", tips)
        self.reviewer.do("backup", "--to", self._out("casebook.age"))
        self._retired.append(str(week))
        return Act("keys retire", ("--week", str(week), "--twin", self._twin), None, lambda _: self._are_gone())

    def _are_gone(self) -> None:
        for medium in (self.reviewer.home, self._twin):
            names = [path.name for path in (medium / "keys").iterdir()]
            left = [name for name in names if any(week in name for week in self._retired)]
            want(not left, f"keys of retired weeks are back on {medium.name}: {left}")


def _all_of(reviewer: Reviewer) -> Counter[str]:
    """Each submission with its files, read byte by byte, and each answer."""
    return Counter(map(repr, reviewer.read_new())) + reviewer.replies()
