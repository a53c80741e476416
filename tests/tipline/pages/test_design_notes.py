"""The figures of docs/develop/design-notes.md about our own pages, counted on the site itself.

``lab/journeys/test_journeys.py`` counts those of the four journeys (their names stand between asterisks).
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.tipline.site_stage import Answer, Browser, Stage

NOTES = Path(__file__).parents[3] / "docs" / "develop" / "design-notes.md"
STATUS_AND_END_BYTES = 20


@dataclass
class Counted:
    """The cost of one task."""

    presses: int = 0
    pages: int = 0
    requests: int = 0
    bytes_in: int = 0


@dataclass
class CountingBrowser:
    """Fetches the stylesheet once, as a browser does, and counts presses as the person who makes them does."""

    browser: Browser
    counted: Counted = field(default_factory=Counted)
    has_style: bool = False

    def go(self, path: str) -> Answer:
        """Type an address."""
        return self._page(self.browser.get(path))

    def follow(self, path: str) -> Answer:
        """Press a link."""
        self.counted.presses += 1
        return self.go(path)

    def press(self, path: str, fields: list[tuple[str, str]], *, ticks: int = 0, **more: Any) -> Answer:
        """Tick, then press a button."""
        self.counted.presses += ticks + 1
        return self._page(self.browser.upload(path, fields, **more))

    def _page(self, answer: Answer) -> Answer:
        self.counted.pages += 1
        self._note(answer)
        if not self.has_style:
            self.has_style = True
            href = answer.body.decode().split('rel="stylesheet" href="')[1].split('"')[0]
            self._note(self.browser.ask("GET", href, headers={"HTTP_ACCEPT_ENCODING": "gzip"}))
        return answer

    def _note(self, answer: Answer) -> None:
        self.counted.requests += 1
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers)
        self.counted.bytes_in += len(answer.body) + head + STATUS_AND_END_BYTES


def write(window: CountingBrowser) -> Answer:
    nonce = window.go("/").hidden("nonce")
    return window.press("/", [("nonce", nonce), ("text", "help")])


def come_back(window: CountingBrowser, words: str) -> Answer:
    assert 'href="#back"' in window.go("/").text
    window.counted.presses += 1  # "Been here before?" shows the field on the page that is there
    return window.press("/mailbox", [("passphrase", words)])


def figures(stage: Stage) -> dict[str, Counted]:
    """Each task from the address of the site, with a browser that has seen nothing; what follows, in the same."""
    first = CountingBrowser(stage.other_browser())
    words = write(first).words
    stage.reply("an answer", stage.read_one().mailbox)
    back = CountingBrowser(stage.other_browser())
    page = come_back(back, words)
    tasks = {"write, and hold the receipt": first.counted, "come back, and read the answer": back.counted}

    def then(task: str, action: str, *fields: tuple[str, str], ticks: int = 0) -> None:
        back.counted = tasks[task] = Counted()
        back.press(action, [("nonce", page.form_nonce(action)), *fields], ticks=ticks)

    then("write more from there", "/mailbox/write", ("text", "more"))
    (reply,) = re.findall(r'name="reply" value="(\w+)"', page.text)
    then("delete one answer", "/mailbox/delete", ("which", "ticked"), ("reply", reply), ticks=1)
    back.counted = tasks["leave"] = Counted()
    back.follow("/left")
    return tasks


def test_the_notes_say_what_our_own_pages_take(stage: Stage) -> None:
    rows = re.findall(
        r"^\| ([^|*]+) \| ours \| (\d+) \| (\d+) \| (\d+) \| (\d+) KB",
        NOTES.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    written = {task: tuple(map(int, numbers)) for task, *numbers in rows}
    counted = {
        task: (one.presses, one.pages, one.requests, round(one.bytes_in / 1000))
        for task, one in figures(stage).items()
    }
    assert {task: row[:3] for task, row in written.items()} == {task: row[:3] for task, row in counted.items()}
    for task, row in counted.items():
        assert abs(row[3] - written[task][3]) <= 2, f"{task}: {row[3]} KB"
