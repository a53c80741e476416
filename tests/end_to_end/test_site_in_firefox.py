"""The pages in a real Firefox at "Safest": by keyboard, on a narrow screen, in both directions, and without asking
anyone else for anything."""

import base64
import re
import zlib
from pathlib import Path

import pytest

from crypto.primitives.wordlist import WORD_AT
from demo.firefox import ENTER, TAB, Firefox
from tests.end_to_end.site_in_firefox import site_in_firefox, sticks_out
from tests.tipline.pages.right_to_left import right_to_left
from tipline.languages.site_languages import SiteLanguages

pytestmark = pytest.mark.browser


def is_on_one_line(firefox: Firefox, css: str, word: str) -> bool:
    """True if ``word``, put where ``css`` points, is written without a break."""
    measure = """node => {
        node.textContent = '%s';
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getClientRects().length === 1;
    }"""
    return bool(firefox.page.run(measure % word, firefox.page.find(css)))


@pytest.mark.parametrize("languages", [SiteLanguages.load(), right_to_left()], ids=["ltr", "rtl"])
def test_a_whole_journey_fits_320_pixels_and_asks_nobody_else(
    tmp_path: Path, firefox: Firefox, languages: SiteLanguages
) -> None:
    photo = tmp_path / "a photo with quite a long name that does not break.jpg"
    photo.write_bytes(b"\xff\xd8" * 5000)
    with site_in_firefox(tmp_path, firefox, languages=languages, width=320, height=640) as site:
        firefox.open(f"{site.address}/")
        assert not sticks_out(firefox)
        firefox.fill("#text", "W" * 60)
        firefox.attach("#files", [photo])
        firefox.press("form button[type=submit]")
        assert not sticks_out(firefox)
        words = [firefox.text(f"[data-passphrase] span:nth-of-type({number})") for number in range(1, 9)]
        assert is_on_one_line(firefox, "[data-passphrase] span", max(WORD_AT, key=len))
        firefox.press("form[action^='/kept'] button")
        assert not sticks_out(firefox)
        site.stage.reply("M" * 500, site.stage.read_one().mailbox)
        firefox.open(f"{site.address}/return")
        firefox.fill("#passphrase", " ".join(words[:7]))
        firefox.press("form button[type=submit]")
        assert not sticks_out(firefox)
        firefox.fill("#passphrase", " ".join(words))
        firefox.press("form button[type=submit]")
        assert not sticks_out(firefox)
        assert "M" * 500 in firefox.text(".reply").replace("\n", "")
        firefox.press("input[name=reply]", loads=False)
        firefox.press("button[value=ticked]")
        assert "Deleted" in firefox.text("h1")
        firefox.press("a.leave")
        assert not sticks_out(firefox)
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}


def test_the_keyboard_leaves_at_once_and_goes_through_the_form_in_its_order(
    tmp_path: Path, firefox: Firefox
) -> None:
    with site_in_firefox(tmp_path, firefox) as site:
        firefox.open(f"{site.address}/")
        focused = []
        while "Send" not in focused and len(focused) < 20:
            firefox.press_key(TAB)
            focused.append(firefox.focused())
        assert focused[0] == "Leave now"
        assert focused[1].startswith("Language"), "for those who cannot read this page, by the second Tab"
        in_order = ["Been here before?", "Is this safe for me?"]
        assert [text for text in focused if text in in_order] == in_order
        assert len(focused) == len(["Leave now", "Language", *in_order, "the box", "the tick", "Send"])
        for path in ("/return", "/nothing"):
            firefox.open(f"{site.address}{path}")
            firefox.press_key(TAB)
            assert firefox.focused() == "Leave now"
        firefox.press_key(ENTER, loads=True)
        assert firefox.address() == f"{site.address}/left"


def letters_printed(firefox: Firefox) -> set[str]:
    """Every letter on the paper that the page of ``firefox`` would become, read out of the tables of its fonts."""
    pdf = base64.b64decode(firefox._bidi.call("browsingContext.print", context=firefox.page.context)["data"])
    packed = [found[1] for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)]
    tables = [zlib.decompressobj().decompress(one) for one in packed if one[:1] == b"x"]
    codes = [code for table in tables for code in re.findall(rb"<[0-9a-f]+> <([0-9a-f]{4})>", table)]
    assert any(b"beginbfchar" in table for table in tables) == bool(codes), "a table of another kind"
    return {chr(int(code, 16)) for code in codes}


def test_paper_shows_the_words_and_digits_that_are_open_and_nothing_of_any_other_page(
    tmp_path: Path, firefox: Firefox
) -> None:
    with site_in_firefox(tmp_path, firefox) as site:
        for path in ("/", "/return", "/questions", "/nothing"):
            firefox.open(f"{site.address}{path}")
            assert letters_printed(firefox) == set()
        firefox.open(f"{site.address}/")
        firefox.fill("#text", "hello")
        firefox.press("form[enctype] button[type=submit]")
        words = firefox.text("[data-passphrase]").split()
        assert letters_printed(firefox) == set("".join(words))
        firefox.press("details:has(.digits) summary", loads=False)
        digits = firefox.text("[data-passphrase-digits]").split()
        assert letters_printed(firefox) == set("".join([*words, *digits]))
        site.stage.reply("Where was it?", site.stage.read_one().mailbox)
        firefox.open(f"{site.address}/return")
        firefox.fill("#passphrase", " ".join(words))
        firefox.press("form button[type=submit]")
        assert firefox.text(".reply").strip().endswith("Where was it?")
        assert letters_printed(firefox) == set()


def test_no_link_beside_the_box_takes_the_typed_words_away(tmp_path: Path, firefox: Firefox) -> None:
    with site_in_firefox(tmp_path, firefox) as site:
        firefox.open(f"{site.address}/")
        firefox.fill("#text", "help")
        for number in range(firefox.count("main summary")):
            firefox.page.click(firefox.page.locate("main summary")[number])
        links = "main a:not([href^='#'], #back *)"
        shown = [
            one for one in firefox.page.locate(links) if firefox.page.run("node => node.checkVisibility()", one)
        ]
        assert len(shown) >= 8
        for link in shown:
            firefox.page.click(link)
            firefox._bidi.call("browsingContext.activate", context=firefox.page.context)
        firefox.press("form[enctype] button[type=submit]")
        assert "arrived" in firefox.text("h1")
        assert site.stage.read_one().text == "help"


def test_half_of_the_box_is_seen_at_once_on_the_smallest_telephone(tmp_path: Path, firefox: Firefox) -> None:
    with site_in_firefox(tmp_path, firefox, width=320, height=568) as site:
        firefox.open(f"{site.address}/")
        middle = "node => { const box = node.getBoundingClientRect(); return (box.top + box.bottom) / 2; }"
        top = "node => node.getBoundingClientRect().top"
        assert (
            firefox.page.run(middle, firefox.page.find("#text"))
            <= firefox.page.run(top, firefox.page.find(".bar"))
            < 568
        )


def test_back_from_the_receipt_shows_an_empty_form_and_sends_nothing_twice(
    tmp_path: Path, firefox: Firefox
) -> None:
    with site_in_firefox(tmp_path, firefox) as site:
        firefox.open(f"{site.address}/")
        firefox.fill("#text", "help")
        firefox.press("form[enctype] button[type=submit]")
        with firefox._waiting(loads=True):
            firefox._bidi.call("browsingContext.traverseHistory", context=firefox.page.context, delta=-1)
        assert firefox.text("h1") == "Write to us"
        assert firefox.page.run("node => node.value", firefox.page.find("#text")) == ""
        assert site.stage.read_one().text == "help"
