"""Coming back and leaving: the words open the mailbox, however they are written, and an empty one tells nothing."""

import pytest

from crypto.passphrases.passphrase import Passphrase
from tests.tipline.mailbox.mailbox_page import acts, press
from tests.tipline.site_stage import KNOWN_WORDS, Answer, Stage, well_formed_words
from tipline.pages.padding import PAGE_BYTES


@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        str.title,
        lambda words: words.replace(" ", "-"),
        lambda words: f"  {words.replace(' ', '   ')} \r\n",
        lambda words: ". ".join(words.split()) + ".",
        lambda words: " ".join(Passphrase.parse(words).digits),
        lambda words: "".join(Passphrase.parse(words).digits),
    ],
)
def test_the_words_open_however_a_phone_or_a_hand_writes_them(stage: Stage, words: str, typed: object) -> None:
    assert callable(typed)
    assert "an answer" in stage.browser.open_mailbox(typed(words)).text


def test_unknown_empty_and_emptied_mailboxes_give_the_same_page_status_and_headers(
    stage: Stage, words: str
) -> None:
    page = stage.browser.open_mailbox(words)
    press(stage, page, "/mailbox/delete", ("which", "all"))
    emptied = stage.other_browser().open_mailbox(words)
    empty = stage.other_browser().open_mailbox(stage.other_browser().send_tip("x").words)
    unknown = stage.other_browser().open_mailbox(well_formed_words())

    def without_chance(answer: Answer) -> str:
        for name in ("/mailbox/write", "/mailbox/how", "/mailbox/new-words"):
            answer.body = answer.body.replace(answer.form_nonce(name).encode(), b"")
        return answer.text

    def shape(answer: Answer) -> list[tuple[str, object]]:
        return [(name, value if name != "Set-Cookie" else len(value)) for name, value in answer.headers]

    assert {answer.status for answer in (emptied, empty, unknown)} == {200}
    assert shape(emptied) == shape(empty) == shape(unknown)
    assert without_chance(emptied) == without_chance(empty) == without_chance(unknown)


@pytest.mark.parametrize(
    "damage",
    [
        lambda words: [*words[:3], "zebra" if words[3] != "zebra" else "abacus", *words[4:]],
        lambda words: [words[1], words[0], *words[2:]],
        lambda words: words[:7],
        lambda words: [*words, words[0]],
        lambda words: [*words[:7], "nosuchword"],
        lambda words: words[:1] * 8,
    ],
)
def test_mistyped_words_are_called_a_likely_typo_and_nothing_is_derived(stage: Stage, damage: object) -> None:
    assert callable(damage)
    typed = " ".join(damage(KNOWN_WORDS.split()))
    answer = stage.browser.open_mailbox(typed)
    assert answer.status == 422
    assert "may be a typing mistake" in answer.text
    assert typed in answer.text
    assert stage.browser.cookies == {}
    assert stage.policy.asked == 0


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda words: [*words[:2], "bootng", *words[3:]], "Word 3: we do not use “bootng”. Is it “"),
        (lambda words: ["<b>", *words[1:7], "y"], "Word 8: we do not use “y”.</p>"),
        (lambda words: ["z" * 90, *words[1:]], f"Word 1: we do not use “{'z' * 30}”.</p>"),
        (lambda words: ["слово", *words[1:]], "Word 1: we do not use “слово”.</p>"),
    ],
)
def test_a_word_that_is_in_no_list_is_named_with_its_number(stage: Stage, damage: object, named: str) -> None:
    assert callable(damage)
    assert named in stage.browser.open_mailbox(" ".join(damage(KNOWN_WORDS.split()))).text
    assert "we do not use" not in stage.browser.open_mailbox(KNOWN_WORDS.replace(" ", "")[1:]).text


@pytest.mark.parametrize("slip", ["setle", "settlle", "sxttle", "settel", "ssettle"])
def test_a_single_slip_is_answered_with_the_word_that_was_meant(stage: Stage, slip: str) -> None:
    assert "Is it “settle”?" in stage.browser.open_mailbox(KNOWN_WORDS.replace("settle", slip)).text


@pytest.mark.parametrize(
    ("typed", "status"),
    [("abacus " * 100, 422), ("abacus " * 1_500_000, 413), ("\x00" * 600, 422), ("é" * 600, 422)],
)
def test_far_too_long_words_never_reach_the_derivation(stage: Stage, typed: str, status: int) -> None:
    answer = stage.browser.open_mailbox(typed)
    assert answer.status == status
    assert "much longer than eight words" in answer.text
    assert stage.policy.asked == 0
    assert len(answer.body) == PAGE_BYTES


def test_an_empty_field_is_named(stage: Stage) -> None:
    answer = stage.browser.open_mailbox(" \n")
    assert answer.status == 422
    assert "The field was empty" in answer.text


def test_the_cookie_is_a_random_handle_that_ends_with_the_browser(stage: Stage, words: str) -> None:
    opened = stage.browser.open_mailbox(words)
    cookie = opened.header("Set-Cookie")
    assert cookie is not None
    handle, *attributes = cookie.split("; ")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Strict"]
    first = handle.removeprefix("s=")
    assert len(first) >= 40
    stage.browser.open_mailbox(words)
    assert stage.browser.cookies["s"] != first
    with pytest.raises(Exception, match="session-over"):
        stage.site.sessions.find(first)


def test_leaving_makes_the_cookie_worthless_at_once(stage: Stage, words: str) -> None:
    page = stage.browser.open_mailbox(words)
    kept = dict(stage.browser.cookies)
    left = stage.browser.get("/left")
    assert left.header("Clear-Site-Data") == '"cache", "cookies", "storage"'
    assert stage.browser.cookies == {}
    stage.browser.cookies = kept
    answer = press(stage, page, "/mailbox/how", ("how", "safe"))
    assert answer.status == 403
    assert "The buttons on your page have stopped working." in answer.text
    assert "was closed" not in answer.text, "it may still stand on a screen"
    assert acts(stage) == []
