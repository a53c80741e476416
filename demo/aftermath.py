"""The last act: an attacker seizes the server and searches its disk, and that of a careless site."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.canary import Canary
from demo.errors import DemoError
from demo.naive import play_naive
from demo.narrator import Narrator
from demo.search_terms import SearchTerms
from demo.seizure import Findings, search_folders
from demo.stage import Stage
from demo.watch import watching
from demo.writings import Writings

MIB = 1024 * 1024
# Where programs leave things that belong to no machine of the demo in particular.
SHARED = tuple(map(Path, ("/dev/shm", "/tmp", "/var/tmp", "/var/log", "/run")))  # noqa: S108 -- to be searched
PLAIN_DATABASE = Canary.of_text("a database that opens without a key", "SQLite format 3")


class Aftermath:
    """Searches during the walkthrough and after it, and judges what it finds."""

    def __init__(self, stage: Stage, narrator: Narrator, writings: Writings) -> None:
        self._stage = stage
        self._narrator = narrator
        self._writings = writings
        self._written = writings.canaries
        self._while_it_ran = Findings()

    def watch_for(self, words: tuple[str, ...], digits: tuple[str, ...]) -> None:
        """From now on, look for the passphrase too, in words and in digits."""
        self._written = (*self._written, Canary.of_phrases("the eight words", words, digits))

    @property
    def _canaries(self) -> tuple[Canary, ...]:
        return (*self._written, PLAIN_DATABASE)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Search what changes on the server's disk, again and again, while a source is at it."""
        places = [*self._servers_own(), SHARED[0]]
        # A search that finds nothing must be seen to find: this lies there on purpose, for as long as it lasts.
        planted = Canary.of_text("planted", secrets.token_hex(8))
        with tempfile.NamedTemporaryFile(dir=self._stage.server.folder / "tmp") as plant:
            plant.write(planted.needles[0])
            plant.flush()
            with watching(places, self._stage.server_pids, SearchTerms([*self._canaries, planted])) as findings:
                yield
        if not findings.found(planted):
            raise DemoError("the search does not even find what was planted on the server")
        self._while_it_ran.add(findings)

    def search(self, words: tuple[str, ...], *, since: float) -> None:
        """Switch the server off, search, run the control, and show both.

        Args:
            words: the passphrase, which the control gets too.
            since: in the shared places of this computer, only what was written after this moment is searched.

        Raises:
            DemoError: something was found on the server, or the search missed what must be found.
        """
        with self._narrator.step("the server is switched off, and its disk searched") as now:
            self._stage.stop_server()
            taken = self._search_server(since)
            now.note(f"{taken.files} files, {taken.bytes / MIB:.0f} MiB")
        with self._narrator.step("the same search of a site as it is often written, which was told the same"):
            control = self._search_control(words)
        self._narrator.say()
        self._narrator.table(
            "What a seizer of the server's disk would find",
            ("searched for", "while it ran", "afterwards", "control: a naive site"),
            [
                (one.name, *(_places(where, one) for where in (self._while_it_ran, taken, control)))
                for one in self._canaries
            ],
        )
        self._say_what_lies_there()
        self._judge(taken, control)

    def _search_server(self, since: float) -> Findings:
        others = [place for place in self._stage.folder.iterdir() if place not in self._servers_own()]
        taken = search_folders(self._servers_own(), SearchTerms(self._canaries))
        shared = [*SHARED, Path(tempfile.gettempdir()), Path(os.environ.get("XDG_RUNTIME_DIR", "/run"))]
        taken.add(
            search_folders(sorted(set(shared)), SearchTerms(self._written), changed_since=since, leave_out=others)
        )
        # Here too: this is there, and no secret.
        known = Canary.of_text("the onion address", self._stage.address.removesuffix(".onion"))
        if not search_folders(self._servers_own(), SearchTerms([known])).found(known):
            raise DemoError("the search does not even find the onion address on the server")
        return taken

    def _search_control(self, words: tuple[str, ...]) -> Findings:
        folder = self._stage.folder / "control"
        texts = (self._writings.text, self._writings.follow_up)
        play_naive(folder, texts=texts, files=self._writings.files, words=words, reply=self._writings.reply)
        return search_folders([folder], SearchTerms(self._canaries))

    def _servers_own(self) -> list[Path]:
        return [self._stage.server.folder, self._stage.network_folder / "host"]

    def _say_what_lies_there(self) -> None:
        sizes = {path: path.stat().st_size for path in self._stage.site.rglob("*") if path.is_file()}
        self._narrator.say("What does lie there, unreadable or no secret:")
        for path in sorted(sizes, key=lambda path: -sizes[path])[:8]:
            self._narrator.say(f"  {sizes[path]:>11,} bytes  {path.relative_to(self._stage.site)}")
        self._narrator.say()

    def _judge(self, taken: Findings, control: Findings) -> None:
        taken.add(self._while_it_ran)
        for canary in self._canaries:
            for place in sorted(taken.found(canary)):
                self._narrator.say(f"found: {canary.name} in {place}")
        if leaks := [canary.name for canary in self._canaries if taken.found(canary)]:
            raise DemoError(f"the server's disk shows {', '.join(leaks)}")
        if missed := [canary.name for canary in self._canaries if not control.found(canary)]:
            raise DemoError(f"the search is blind: in the control it misses {', '.join(missed)}")


def _places(findings: Findings, canary: Canary) -> str:
    count = len(findings.found(canary))
    return "nothing" if count == 0 else f"FOUND in {count} place{'s' if count > 1 else ''}"
