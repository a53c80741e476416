"""The error for mistyped words: the count, the word or the group, never only that something is wrong."""

import re

import pytest

from tests.tipline.site_stage import KNOWN_WORDS, Stage
from tipline.mailbox.likely_typos import WrongWordCount, likely_typos, wrong_count
from tipline.requests.nonce import Nonce

DIGITS = ["4523", "4641", "0858", "5896", "5677", "6494", "6308", "6341"]
"""Well formed, whatever they open."""


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        (KNOWN_WORDS.rsplit(" ", 1)[0], WrongWordCount(words=7)),
        (f"{KNOWN_WORDS} spyglass", WrongWordCount(words=9)),
        (
            " ".join(f"{number}. {word}" for number, word in enumerate(KNOWN_WORDS.split()[:7], 1)),
            WrongWordCount(words=7),
        ),
        (" ".join(DIGITS[:7]), WrongWordCount(groups=7)),
        (" ".join([*DIGITS, "0001"]), WrongWordCount(groups=9)),
        (KNOWN_WORDS, WrongWordCount()),
        (" ".join(DIGITS), WrongWordCount()),
        ("".join(DIGITS), WrongWordCount()),
        (KNOWN_WORDS.replace(" ", ""), WrongWordCount()),
        ("", WrongWordCount()),
        ("word " * 21, WrongWordCount()),
    ],
)
def test_how_many_there_are_is_told_where_they_stand_apart(typed: str, count: WrongWordCount) -> None:
    assert wrong_count(typed) == count


@pytest.mark.parametrize(("place", "wrong"), [(0, "9999"), (3, "0000"), (7, "634"), (5, "64944"), (2, "٩٩٩٩")])
def test_a_group_that_this_site_never_gives_out_is_named_with_its_number(place: int, wrong: str) -> None:
    typed = [*DIGITS[:place], wrong, *DIGITS[place + 1 :]]
    (typo,) = likely_typos(" ".join(typed))
    assert (typo.number, typo.word, typo.is_group) == (place + 1, wrong, True)
    numbered = " ".join(f"{number}. {group}" for number, group in enumerate(typed, start=1))
    assert likely_typos(numbered) == (typo,)


def test_the_page_says_both_and_gives_back_what_was_typed(stage: Stage) -> None:
    page = stage.browser.open_mailbox(" ".join(DIGITS[:6]))
    assert page.status == 422
    assert "You typed 6 numbers. There must be eight, each with four digits." in page.text
    assert " ".join(DIGITS[:6]) in page.text
    page = stage.browser.open_mailbox("one two three")
    assert "You typed 3 words. There must be eight." in page.text
    page = stage.browser.open_mailbox(" ".join([*DIGITS[:7], "9999"]))
    assert re.search("Number 8, “.*9999.*”, is not one of ours. Each has four digits.", page.text)
    message = [("nonce", Nonce.generate().digits()), ("passphrase", "one two three"), ("text", "more")]
    page = stage.browser.upload("/mailbox/write", message)
    assert (page.status, "You typed 3 words. There must be eight." in page.text) == (422, True)


def test_digits_open_as_the_receipt_numbers_them(stage: Stage) -> None:
    receipt = stage.browser.send_tip("hello")
    groups = receipt.digits
    assert len(groups) == 8
    stage.reply("an answer", stage.read_one().mailbox)
    numbered = "\n".join(f"{number}. {group}" for number, group in enumerate(groups, start=1))
    assert "an answer" in stage.browser.open_mailbox(numbered).text
