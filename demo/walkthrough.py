"""The whole journey: message, reply, retirement, and a search after a seizure."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from demo.aftermath import Aftermath
from demo.errors import DemoError
from demo.narrator import Narrator
from demo.retirement import Retirement
from demo.source import Source
from demo.staff import Reviewer
from demo.stage import Stage
from demo.terminal_picture import picture_screens
from demo.writings import Writings


class Walkthrough:
    """Plays all parts on a stage that is set up. Any deviation ends it, with the reason."""

    def __init__(self, stage: Stage, narrator: Narrator, pictures: Path) -> None:
        """``pictures``: an empty folder, which gets a picture of every page and of the reviewer's screen."""
        self._stage = stage
        self._narrator = narrator
        self._pictures = pictures
        self._writings = Writings.make(stage.source.folder)
        self._reviewer = Reviewer(stage)
        self._retirement = Retirement(stage, narrator, self._reviewer)
        self._aftermath = Aftermath(stage, narrator, self._writings)
        self._words: tuple[str, ...] = ()

    def play(self, *, since: float) -> None:
        """Play all of it, in order.

        Args:
            since: when the demo began (seconds since 1970); the last search passes over older files elsewhere.

        Raises:
            DemoError: a step failed; its name was said.
        """
        self._source_writes()
        tip = self._first_round()
        self._source_comes_back()
        self._second_round(tip["id"])
        with self._narrator.step("the reviewer's screen is photographed"):
            folder = self._stage.source.folder
            picture_screens(
                self._reviewer.screens,
                browser_folder=folder / "camera",
                pages=folder / "pages",
                pictures=self._pictures,
            )
        self._retirement.play(tip)
        self._aftermath.search(self._words, since=since)

    def _source_writes(self) -> None:
        step = self._narrator.step
        with ExitStack() as window:
            with step("the source opens the onion address in Firefox, JavaScript off"):
                source = window.enter_context(self._browser("first"))
                source.open_start()
            with self._aftermath.watching(), step("the source sends a text and two files in one form") as now:
                self._words, digits = source.submit(self._writings)
                now.note("5 MiB and a name in Cyrillic; the receipt shows eight words")
            self._aftermath.watch_for(self._words, digits)
            with self._aftermath.watching(), step("the source has kept the words, and the server forgets them"):
                source.keep_words()
            self._expect_only_the_onion(source)

    def _first_round(self) -> dict[str, Any]:
        step, reviewer, stick = self._narrator.step, self._reviewer, self._stage.stick
        with step("the courier fetches the bundle through its own onion service, with its client key"):
            self._stage.courier_pulls(stick / "first.bundles")
        with step("the reviewer imports it and reads it: text and files are what was sent, byte for byte"):
            reviewer.take_in(stick / "first.bundles")
            tips = reviewer.new_ones()
            self._expect(len(tips) == 1, f"the reviewer has {len(tips)} submissions instead of one")
            tip = tips[0]
            reviewer.read(tip, self._writings.text)
            reviewer.save_and_compare(tip, self._writings.files)
        with step("the reviewer answers, backs the casebook up and fills the outbox"):
            reviewer.answer(tip, self._writings.reply)
            reviewer.back_up("first")
            reviewer.fill_outbox(stick / "first.outbox")
        with step("the courier carries the answer to the server, which deletes what the reviewer has receipted"):
            told = " ".join(self._stage.courier_pushes(stick / "first.outbox").split())
            # What reviewers share stays on the server, so that it never holds nothing.
            self._expect("deleted there 1" in told, "the server still keeps it")
        return tip

    def _source_comes_back(self) -> None:
        step, writings = self._narrator.step, self._writings
        with ExitStack() as window, self._aftermath.watching():
            with step("the source returns in a new browser, types the words carelessly and reads the answer"):
                source = window.enter_context(self._browser("second"))
                source.come_back(self._words)
                self._expect(source.replies() == [writings.reply], "the mailbox does not show the answer")
            with step("the source writes again"):
                source.follow_up(writings.follow_up)
            with step("the source deletes the answer; typing the words again shows that it is gone"):
                source.come_back_once_more(self._words)
                source.delete_first_reply()
                source.come_back_once_more(self._words)
                self._expect(source.replies() == [], "the deleted answer is still there")
            with step("the source leaves"):
                source.leave()
            self._expect_only_the_onion(source)

    def _second_round(self, first: str) -> None:
        reviewer, bundles = self._reviewer, self._stage.stick / "second.bundles"
        with self._narrator.step("a second round brings the follow-up and word of the deletion to the reviewer"):
            self._stage.courier_pulls(bundles)
            reviewer.take_in(bundles)
            new = reviewer.new_ones(known=frozenset({first}))
            self._expect(sorted(one["kind"] for one in new) == ["act", "submission"], "one of both did not arrive")
            deletion, follow_up = sorted(new, key=lambda one: str(one["kind"]))
            reviewer.read(follow_up, self._writings.follow_up)
            reviewer.see(deletion)

    def _browser(self, name: str) -> Source:
        return Source(
            self._stage.source.folder / f"browser-{name}",
            address=self._stage.address,
            socks_port=self._stage.socks_ports[0],
            pictures=self._pictures,
        )

    def _expect_only_the_onion(self, source: Source) -> None:
        others = source.hosts_asked() - {self._stage.address, "data"}
        self._expect(not others, f"the pages asked other hosts for something: {', '.join(sorted(others))}")

    @staticmethod
    def _expect(holds: bool, otherwise: str) -> None:
        if not holds:
            raise DemoError(otherwise)
