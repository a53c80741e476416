"""Coming back and leaving: the words open the mailbox, however they are written, and an empty one tells nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crypto.mailbox import MailboxKeys
from crypto.passphrase import Passphrase
from crypto.reply import Reply
from tests.tipline.mailbox_page import acts, press
from tests.tipline.site_stage import KNOWN_WORDS, Answer, Stage, well_formed_words
from tipline import turns
from tipline.mailroom import Mailroom
from tipline.opening_time import OPENING_SECONDS, even_out
from tipline.padding import PAGE_BYTES
from tipline.views import mailbox


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


class Clock:
    """One that stands still but for what is said to take time."""

    def __init__(self, place: turns.Line) -> None:
        self.now = 0.0
        self.rests: list[tuple[float, bool]] = []
        """How long, and whether the turn was free meanwhile."""
        self._place = place

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.rests.append((round(seconds, 6), self._place.is_free))


def test_a_page_with_answers_rests_for_less_so_that_all_are_sent_at_the_same_moment_and_nobody_waits_for_that(
    stage: Stage, words: str, place: turns.Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, open_replies, pad = Clock(place), Mailroom._opened, mailbox.padded

    def slowly_opened(mailroom: Mailroom, keys: MailboxKeys) -> list[Reply]:
        assert not place.is_free
        replies = list(open_replies(mailroom, keys))
        clock.now += 0.005 * len(replies)
        return replies

    def slowly_padded(page: bytes) -> bytes:
        clock.now += 0.001 * (1 + (b"an answer" in page))
        return pad(page)

    monkeypatch.setattr(Mailroom, "_opened", slowly_opened)
    monkeypatch.setattr(mailbox, "padded", slowly_padded)
    for module in ("mailroom", "opening_time"):
        monkeypatch.setattr(f"tipline.{module}.time", clock)
    with turns.turn():
        assert "an answer" in stage.browser.open_mailbox(words).text
    with turns.turn():
        stage.other_browser().open_mailbox(well_formed_words())
    assert clock.rests == [(OPENING_SECONDS - 0.007, True), (OPENING_SECONDS - 0.001, True)]


def test_a_page_that_took_longer_than_all_rests_not_at_all(
    place: turns.Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(place)
    monkeypatch.setattr("tipline.opening_time.time", clock)
    even_out(-1.0)
    assert clock.rests == [(0.0, True)]


def test_whoever_has_answers_waits_for_others_as_often_as_whoever_has_none(
    stage: Stage, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, waiting = [0], turns.waiting

    @contextmanager
    def counted() -> Iterator[None]:
        waits[0] += 1
        with waiting():
            yield

    def waits_of(words: str) -> tuple[int, int]:
        before = waits[0]
        page = stage.other_browser().open_mailbox(words)
        return page.text.count("<article>"), waits[0] - before

    unknown = well_formed_words()
    mailbox_of_one = stage.read_one().mailbox
    monkeypatch.setattr(turns, "waiting", counted)
    none, one = waits_of(unknown), waits_of(words)
    for text in "abcd":
        stage.reply(text, mailbox_of_one)
    five = waits_of(words)
    assert [shown for shown, _ in (none, one, five)] == [0, 1, 5]
    assert len({often for _, often in (none, one, five)}) == 1


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
    assert "probably a typing mistake" in answer.text
    assert typed in answer.text
    assert stage.browser.cookies == {}
    assert stage.standing.asked == 0


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda words: [*words[:2], "bootng", *words[3:]], "Word 3, “bootng”, is not one of our words."),
        (lambda words: ["<b>", *words[1:7], "y"], "Word 8, “y”, is not one of our words.</p>"),
        (lambda words: ["z" * 90, *words[1:]], f"Word 1, “{'z' * 30}”, is not"),
        (lambda words: ["слово", *words[1:]], "Word 1, “слово”, is not"),
    ],
)
def test_a_word_that_is_in_no_list_is_named_with_its_number(stage: Stage, damage: object, named: str) -> None:
    assert callable(damage)
    assert named in stage.browser.open_mailbox(" ".join(damage(KNOWN_WORDS.split()))).text
    assert "is not one of our words" not in stage.browser.open_mailbox(KNOWN_WORDS.replace(" ", "")[1:]).text


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
    assert stage.standing.asked == 0
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
