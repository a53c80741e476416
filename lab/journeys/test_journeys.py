"""Three of the four journeys that the site is built for, as their people make them: in Firefox at "Safest", through
a real onion, down to what staff see of them. The fourth is ``test_witness.py``.

What each takes is printed (``pytest -s``), and is what docs/develop/design-notes.md says.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from demo.staff import Reviewer
from demo.stage import Stage
from lab.journeys.journey import AS_FAST_AS_IT_CAN, Cost, Journey
from tests.slow_line import SlowLine

pytestmark = [pytest.mark.tor, pytest.mark.browser]

NOTES = Path(__file__).parents[2] / "docs" / "develop" / "design-notes.md"
Begin = Callable[..., Journey]


@pytest.fixture
def begin(tip_line: Stage, tmp_path: Path) -> Iterator[Begin]:
    """Starts a journey in a new browser, as Tor Browser forgets everything when it is closed."""
    numbers = itertools.count()
    with ExitStack() as opened:

        def start(name: str, **size: int) -> Journey:
            line = opened.enter_context(SlowLine(tip_line.socks_ports[0], bytes_per_second=AS_FAST_AS_IT_CAN))
            journey = Journey(tmp_path / f"browser-{next(numbers)}", name, line, **size)
            opened.callback(journey.close)
            return journey

        yield start


class Staff:
    """Courier and reviewer, who look at what is new."""

    def __init__(self, stage: Stage) -> None:
        self.reviewer = Reviewer(stage)
        self._stage = stage
        self._rounds = 0
        self._known = {one["id"] for one in self._listed()}

    def next_round(self) -> list[dict[str, Any]]:
        """Fetch, import, and show what is new; what others sent before may be among it."""
        self._rounds += 1
        bundles = self._stage.stick / f"{self._stage.address[:8]}-{id(self)}-{self._rounds}.bundles"
        self._stage.courier_pulls(bundles)
        self._stage.run_reviewer("import", self._stage.casebook, bundles)
        new = [one["id"] for one in self._listed() if one["id"] not in self._known]
        self._known.update(new)
        return [json.loads(self._stage.run_reviewer("show", self._stage.casebook, one, "--json")) for one in new]

    def answer(self, submission: dict[str, Any], text: str) -> None:
        outbox = self._stage.stick / f"{id(self)}.outbox"
        self.reviewer.answer(submission, text)
        self.reviewer.fill_outbox(outbox)
        self._stage.courier_pushes(outbox)

    def shown(self, submission: dict[str, Any]) -> str:
        return self._stage.run_reviewer("show", self._stage.casebook, submission["id"])

    def _listed(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self._stage.run_reviewer("list", self._stage.casebook, "--json"))[
            "submissions"
        ]
        return listed


def assert_as_noted(name: str, cost: Cost) -> None:
    """The row of this journey in docs/develop/design-notes.md has the same counts. Seconds may differ."""
    notes = NOTES.read_text(encoding="utf-8")
    row = re.search(rf"^\| \*{name}\* \| ours \| (\d+) \| (\d+) \| (\d+) \| (\d+) KB", notes, re.MULTILINE)
    assert row, f"no row of {name}"
    presses, pages, requests, kilobytes = map(int, row.groups())
    assert (cost.presses, cost.pages, cost.requests) == (presses, pages, requests)
    assert abs(cost.bytes_on_the_wire / 1000 - kilobytes) <= 0.05 * kilobytes


def text_of(submission: dict[str, Any]) -> str | None:
    return {field["name"]: field["value"] for field in submission["fields"]}.get("text")


def words_of(window: Journey) -> list[str]:
    words = window.text("[data-passphrase]").split()
    assert len(words) == 8
    return words


def test_bathroom_one_page_one_tick_one_press_and_leave(tip_line: Stage, begin: Begin) -> None:
    plea = "أنا محبوسة في غرفة.\nعمري ١٥ سنة. ساعدوني"
    staff = Staff(tip_line)
    window = begin("bathroom", width=360, height=640)
    window.open(f"http://{tip_line.address}/?lang=ar")
    window.picture("first-page")
    assert window.attribute("html", "dir") == "rtl"
    window.fill("#text", plea)
    window.tick("input[name=urgent]")
    window.picture("written")
    window.press("form[enctype] button.send")
    print(f"bathroom: {window.seconds_awaited():.1f} s awaited from the first byte to the receipt")
    window.picture("receipt")
    words_of(window)
    assert "112" in window.text(".danger")
    assert len(re.findall(r"[٠-٩]{4}", window.text("[data-passphrase-digits]"))) == 8
    window.press("a.leave")
    window.picture("left")
    assert plea.split(maxsplit=1)[0] not in window.source()
    cost = window.cost(only=tip_line.address)

    (tip,) = [one for one in staff.next_round() if text_of(one) == plea]
    assert (tip["urgent"], tip["language"], tip["wants_answer"]) == (True, "ar", True)
    assert "URGENT" in tip_line.run_reviewer("list", tip_line.casebook)
    assert_as_noted("bathroom", cost)


def test_auditor_answers_what_fits_and_adds_a_file_from_the_mailbox(
    tip_line: Stage, begin: Begin, tmp_path: Path
) -> None:
    report = tmp_path / "informe ñ.pdf"
    report.write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 800)
    staff = Staff(tip_line)
    window = begin("auditor")
    window.open(f"http://{tip_line.address}/?lang=es")
    window.tick("details.doors summary")
    window.press_into_a_new_window("details.doors a[href^='/form/4']")
    assert not window.is_shown(".s-debt")
    assert not window.is_shown(".s-child")
    window.fill("#text", "Vi niños en el taller.")
    window.fill("#q-company", "Example Garments")
    window.fill("#q-workers", "40")
    window.choose("#q-children", "S")
    assert window.is_shown(".s-child")
    window.fill("#q-child_age", "unos diez años")
    window.tick("[name='q:signs:retention_documents']")
    window.tick("[name='q:signs:debt_bondage']")
    assert window.is_shown(".s-debt")
    window.fill("#q-debt", "Al capataz, por el viaje")
    window.picture("answers")
    window.press("form[enctype] button.send")
    words = words_of(window)
    window.press("form[action^='/kept'] button")
    window.open(f"http://{tip_line.address}/?lang=es")
    window.tick(".ways a[href='#back']")
    window.fill("#passphrase", " ".join(words))
    window.press("form:has(#passphrase) button")
    window.picture("mailbox")
    window.fill("form[action^='/mailbox/write'] textarea", "Aquí está el informe.")
    window.attach("form[action^='/mailbox/write'] [name=files]", [report])
    window.press("form[action^='/mailbox/write'] button")
    window.picture("follow-up")
    cost = window.cost(only=tip_line.address)

    new = staff.next_round()
    (tip,) = [one for one in new if one["answers"]]
    (follow_up,) = [one for one in new if one["mailbox"] == tip["mailbox"] and one["id"] != tip["id"]]
    given = {one["key"]: (one["values"], one["words"]) for one in tip["answers"]["answers"]}
    assert given["children"] == (["yes"], ["Yes"])
    assert given["signs"][0] == ["retention_documents", "debt_bondage"]
    assert given["workers"][0] == ["40"]
    shown = staff.shown(tip)
    for question, in_spanish, answer in (
        ("Which company is it about?", "empresa", "Example Garments"),
        ("Which of these is true?", "", "They work to pay back a debt"),
        ("Who do they owe, and what for?", "", "Al capataz, por el viaje"),
    ):
        asked = shown.index(question)
        assert in_spanish in shown[asked:]
        assert shown.index(answer) > asked
    staff.reviewer.save_and_compare(follow_up, (report,))
    assert_as_noted("auditor", cost)


def test_return_a_slip_is_named_the_answer_read_staff_told_and_all_deleted(tip_line: Stage, begin: Begin) -> None:
    answer = "We can meet you.\nسنأتي يوم الاثنين"
    staff = Staff(tip_line)
    first = begin("before-return", width=360, height=640)
    first.open(f"http://{tip_line.address}/")
    first.fill("#text", "I work in a house.")
    first.press("form[enctype] button.send")
    words = words_of(first)
    (tip,) = [one for one in staff.next_round() if text_of(one) == "I work in a house."]
    staff.answer(tip, answer)

    window = begin("return", width=360, height=640)
    window.open(f"http://{tip_line.address}/")
    window.tick(".ways a[href='#back']")
    slip = words[3] + "q"  # whatever the word is, it is the only one near ("x": fourteen words have a neighbour)
    window.fill("#passphrase", " ".join([*words[:3], slip, *words[4:]]))
    window.press("form:has(#passphrase) button")
    window.picture("slip")
    named = window.text("#problem")
    assert slip in named
    assert f"“{words[3]}”" in re.sub(r"[\u2066-\u2069]", "", named)
    window.fill("#passphrase", " ".join(words).upper())
    window.press("form:has(#passphrase) button")
    window.picture("answer")
    assert window.text(".reply") == answer
    window.press("button[value='not-safe']")
    window.picture("not-safe")
    assert "112" in window.text(".danger")
    window.fill("#passphrase", " ".join(words))
    window.press("form:has(#passphrase) button")
    window.tick("input[name=reply]")
    window.press("button[value=ticked]")
    window.picture("deleted")
    assert answer.splitlines()[0] not in window.source()
    window.press("main a.leave, header a.leave")
    cost = window.cost(only=tip_line.address)

    acts = {one["act"]: one for one in staff.next_round()}
    assert acts.keys() == {"not-safe", "delete"}
    assert acts["not-safe"]["urgent"]
    assert "DELETED" in staff.shown(acts["delete"])
    assert_as_noted("return", cost)
