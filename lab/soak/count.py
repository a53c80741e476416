"""Thousands of submissions through two servers to two reviewers, while everything goes wrong.

FILEs are written and taken in by the commands on both sides, and carried between them as on a stick: no courier's
program takes part. Commands are killed, FILEs are cut, changed, lost, brought twice and in the wrong order, and
machines are restored from backups. In the end every submission whose receipt was shown is at each reviewer, once.
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lab.soak.line import Ended
from lab.soak.losses import Lost, want
from lab.soak.machines import CountedReviewer, CountedServer
from lab.soak.report import Row, Say

_SPOILT: Final = 0.3
_AGAIN: Final = 0.3
_RESTORED_REVIEWERS: Final = 0.5
_MOST_ROUNDS: Final = 12
_ACTS_BETWEEN_RESTORES: Final = 7
_ASKED_TO_ACCEPT: Final = re.compile(r"--accept-stream (\S+:[0-9a-f]{32})")
_OUT_OF_PLACE: Final = re.compile(r"out of order|rolled back|ended|must come before|was replaced|must follow")
_MOST_MORE_ACTS: Final = 40


class _Play:
    """Two servers, two reviewers, and what is carried between them."""

    def __init__(self, folder: Path, rng: random.Random, batch: tuple[int, int]) -> None:
        self.done: Counter[str] = Counter()
        self._rng = rng
        self._folder = folder
        root = folder / "root"
        self._manifest = folder / "manifest.json"
        self.reviewers = [CountedReviewer(folder, name, rng, self.done) for name in ("first", "second")]
        first, second = self.reviewers
        organisation = ("--organisation", "Example Watch")
        first.tool.do("init", "--root", root, *organisation)
        self.servers = [CountedServer(folder, name, root, rng, self.done, batch) for name in ("north", "south")]
        for server in self.servers:
            first.tool.do("servers add", server.site / "server.pub")
        own = ("--name", "second", "--backup-medium", folder / "second-backup-key")
        second.tool.do("init", "--root-key", root / "root.pub", *organisation, *own)
        second.tool.do("keys offer", "--twin", second.twin, "--out", folder / "offer")
        issue = ("--root", root, "--twin", first.twin, "--with", folder / "offer", "--out", self._manifest)
        first.tool.do("keys issue", *issue)
        second.tool.do("manifest", self._manifest)
        for server in self.servers:
            server.do("manifest", self._manifest)
        (first.identity,) = root.glob("casebook-backup-*.key")
        (second.identity,) = (folder / "second-backup-key").glob("casebook-backup-*.key")
        for each in self.reviewers:
            each.back_up()

    @property
    def is_disturbed(self) -> bool:
        """True if a command was killed, and a FILE spoilt."""
        return self.done["killed"] > 0 and self.done["cut"] + self.done["changed"] > 0

    @property
    def promised(self) -> int:
        return self.reviewers[0].ledger.promised

    def submit(self) -> None:
        self._rng.choice(self.servers).submit([each.ledger for each in self.reviewers])

    def carry_out(self) -> None:
        """A FILE is fetched and taken in, or an old one again, or a spoilt one."""
        server, reviewer = self._rng.choice(self.servers), self._rng.choice(self.reviewers)
        server.fetch()
        if not server.fetched:
            return
        file = self._rng.choice(server.fetched) if self._rng.random() < _AGAIN else server.fetched[-1]
        if self._rng.random() < _SPOILT:
            self._give_spoilt(file, reviewer.take)
            return
        code, complained = reviewer.take(file, killed_after=reviewer.sometimes(1.5))
        self._judge(code, complained)

    def carry_in(self) -> None:
        """A backup, an outbox, and it is brought: to both, or to one, spoilt, late, again, or never."""
        reviewer, server = self._rng.choice(self.reviewers), self._rng.choice(self.servers)
        if self._rng.random() < 1 - _AGAIN:
            reviewer.back_up()
        reviewer.write_outbox()
        if not reviewer.outboxes:
            return
        outbox = self._rng.choice(reviewer.outboxes) if self._rng.random() < _AGAIN else reviewer.outboxes[-1]
        if self._rng.random() < _SPOILT:
            self._give_spoilt(outbox, server.take)
            return
        code, complained = self._bring(server, outbox, killed_after=server.sometimes(1.0))
        self._judge(code, complained)

    def restore_one(self) -> None:
        """A reviewer from its newest backup; or a server, from one that was made before everything was carried."""
        if self._rng.random() < _RESTORED_REVIEWERS:
            self._rng.choice(self.reviewers).die_and_be_restored()
            return
        server = self._rng.choice(self.servers)
        backup = server.backup()
        server.submit([each.ledger for each in self.reviewers])
        self.carry_all_of(server)
        server.die_and_be_restored(backup, self._manifest)
        server.fetched.clear()

    def carry_all_of(self, server: CountedServer) -> None:
        """Both reviewers have all that this server holds, and it is in their backups."""
        self._undisturbed(server.fetch)
        for reviewer in self.reviewers:
            code, complained = reviewer.take(server.fetched[-1])
            if code and server.was_restored and "export --from" in complained:
                # A server that was restored writes envelopes again; earlier receipts can empty such a bundle, so
                # that it is in no FILE any more though no one here has seen it. They ask for it, as they are told.
                self.done["asked for again"] += 1
                server.fetch("--from", "1")
                code, complained = reviewer.take(server.fetched[-1])
            want(code == 0, f"the newest export of {server.name} is refused: {complained}")
            reviewer.back_up()

    def end(self) -> None:
        """Rounds until nothing waits: without faults few are needed."""
        for _ in range(_MOST_ROUNDS):
            for server in self.servers:
                self.carry_all_of(server)
            for reviewer in self.reviewers:
                self._undisturbed(reviewer.write_outbox)
                for server in self.servers:
                    self._bring_until_taken(server, reviewer)
            if not any(server.waiting() for server in self.servers):
                break
        else:
            raise Lost("the servers keep what both reviewers have taken in, round after round")
        for reviewer in self.reviewers:
            reviewer.read_anew()
            reviewer.ledger.require_all()
            reviewer.tool.do("log verify")

    def _bring_until_taken(self, server: CountedServer, reviewer: CountedReviewer) -> None:
        """The newest; where one is missing between, all since the first."""
        code, complained = self._bring(server, reviewer.outboxes[-1])
        if code:
            reviewer.write_outbox("--from", "1")
            code, complained = self._bring(server, reviewer.outboxes[-1])
        want(code == 0, f"{server.name} does not take the outbox of {reviewer.name}: {complained}")
        if asked := _ASKED_TO_ACCEPT.search(complained):
            # The server was restored and counts no receipts yet; this is the reviewer's newest outbox.
            self.done["accepted again"] += 1
            code, complained = server.take(reviewer.outboxes[-1], accept=asked[1])
            want(code == 0, f"{server.name} does not accept {reviewer.name} again: {complained}")

    def _bring(self, server: CountedServer, outbox: Path, *, killed_after: float | None = None) -> Ended:
        code, complained = server.take(outbox, killed_after=killed_after)
        asked = _ASKED_TO_ACCEPT.search(complained)
        if code == 1 and asked:
            self.done["new stream accepted"] += 1
            return server.take(outbox, accept=asked[1])
        return code, complained

    def _judge(self, code: int | None, complained: str) -> None:
        """Require that a whole FILE is taken, or refused for its place among the others."""
        if code:
            want(_OUT_OF_PLACE.search(complained), f"a whole FILE is refused: {complained}")
            self.done["out of order"] += 1

    def _give_spoilt(self, file: Path, take: Callable[[Path], Ended]) -> None:
        """Require that a cut FILE is refused; a changed bit may lie in a bundle that was read before and is passed
        over."""
        spoilt, told = self._spoil(file)
        code, complained = take(spoilt)
        self.done[told] += 1
        want(code == 1 or (told == "changed" and code == 0), f"a FILE that was {told} is taken: {complained}")
        want(code == 0 or "hint: " in complained, f"a FILE that was {told} is refused without a hint: {complained}")

    def _spoil(self, file: Path) -> tuple[Path, str]:
        raw = bytearray(file.read_bytes())
        spoilt = file.with_name(f"{file.name.rpartition('-')[0]}-spoilt")
        place = self._rng.randrange(len(raw))
        if self._rng.random() < 0.5:
            spoilt.write_bytes(raw[:place])
            return spoilt, "cut"
        raw[place] ^= 1 << self._rng.randrange(8)
        spoilt.write_bytes(raw)
        return spoilt, "changed"

    def _undisturbed(self, act: Callable[[], None]) -> None:
        """Until it was not killed."""
        before = -1
        while self.done["killed"] != before:
            before = self.done["killed"]
            act()


def play_count(folder: Path, *, points: int, seed: int, say: Say, batch: tuple[int, int] = (20, 80)) -> list[Row]:
    """Play until this number of receipts were shown, and something went wrong.

    ``batch`` are the fewest and the most sources at a time.

    Raises:
        Lost: one is missing at a reviewer, or there twice; or nothing went wrong, for so long.
    """
    rng = random.Random(f"{seed} count")
    play = _Play(folder, rng, batch)
    acts = (play.submit, play.carry_out, play.carry_out, play.carry_in, play.carry_in)
    number = more = 0
    while play.promised < points or (not play.is_disturbed and more < _MOST_MORE_ACTS):
        number += 1
        more += play.promised >= points
        rng.choice(acts)()
        if number % _ACTS_BETWEEN_RESTORES == 0:
            play.restore_one()
        say(f"{play.promised} of {points} receipts shown; {_told(play.done)}")
    want(play.is_disturbed, f"nothing was killed, or nothing spoilt: this proves nothing; {_told(play.done)}")
    play.end()
    return [
        Row("submissions counted", play.promised, f"each once at both reviewers, none twice; {_told(play.done)}"),
    ]


def _told(done: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(done.items()))
