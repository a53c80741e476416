"""Answers and translations in a real Firefox: nothing sticks out on a narrow screen, and axe finds nothing."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk

pytestmark = pytest.mark.browser

TIP = "أعمل في مطعم السمكة الذهبية في المدينة منذ سنتين.\nأخذوا جوازات سفرنا عندما وصلنا. اسمي ليلى."
ANSWER = "لا تذهبي إلى مطعم السمكة. اتصلي على 07700 900123.\n\n" + "سنكتب لك هنا مرة أخرى عندما نعرف أكثر. " * 40


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def test_an_answer_goes_through_its_preview_and_the_question_and_comes_back(desk: Desk, firefox: Firefox) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TIP), ("language", "ar")], mailbox=a_mailbox()))
    with served(desk.home) as address:
        firefox.open(address)
        assert "reads like: Arabic" in firefox.text("main")
        firefox.open(f"{address.partition('/open/')[0]}/tip/{short_id}")
        assert unfit(firefox) == []
        firefox.fill("#reply", ANSWER)
        firefox.press("form[action$='/reply'] button[name=count]")
        assert "2 answers" in firefox.text("#reply-hint")
        firefox.press("form[action$='/reply'] .buttons button")
        assert firefox.attribute(".source-page", "dir") == "rtl"
        assert firefox.count(".source-page article") == 2
        assert unfit(firefox) == []
        firefox.press("form[action$='/seal'] button")
        assert firefox.text("h1") == "Should this really leave?"
        assert "السمكة" in firefox.text(".findings")
        assert unfit(firefox) == []
        firefox.press("form[action$='/seal'] button:not(.quiet)")
        assert firefox.count(".reply") == 2
        firefox.press("form[action$='/take-back'] button")
        assert firefox.count(".reply") == 0
        assert "was taken back" in firefox.text("main")
        assert unfit(firefox) == []


def test_a_passage_is_chosen_masked_looked_at_and_sealed(desk: Desk, firefox: Firefox) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TIP)], mailbox=a_mailbox()))
    identity, out = desk.folder / "translator.txt", desk.folder / "order.age"
    subprocess.run(["age-keygen", "-o", identity], check=True, capture_output=True)
    key = _public(identity)
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/translators")
        firefox.fill("#name", "Ana")
        firefox.fill("#key", key)
        firefox.press("section:last-child form button")
        assert unfit(firefox) == []
        firefox.fill("#letters-1", key[-16:])
        firefox.press("button[name=compared]")
        assert "was compared" in firefox.text("main")
        firefox.open(f"{site}/tip/{short_id}")
        firefox.press(".translate summary", loads=False)
        assert unfit(firefox) == []
        firefox.press(".translate a")
        firefox.press("input[name=passage]", loads=False)
        firefox.press("input[name=mask]", loads=False)
        firefox.press(".buttons button")
        assert "[#1]" in firefox.text(".source-page")
        assert unfit(firefox) == []
        firefox.fill("#file", str(out))
        firefox.press("button[name=seal]")
        assert "Order 1 is sealed" in firefox.text("main")
        assert unfit(firefox) == []
    assert out.read_bytes().startswith(b"age-encryption.org/v1\n")


def _public(identity: Path) -> str:
    said = subprocess.run(["age-keygen", "-y", identity], check=True, capture_output=True, text=True)
    return said.stdout.strip()
