"""Text in a box when another button is pressed: it comes back in a box, and only Send sends it."""

from collections.abc import Callable
from html import unescape

import pytest

from tests.organisation import TODAY
from tests.tipline.outline import Outline
from tests.tipline.pages.files.files_page import FilesPage, send
from tests.tipline.site_stage import Answer, Stage, Upload
from tipline.instance.site_settings import Limits, SiteSettings
from tipline.pages.padding import PAGE_BYTES
from tipline.requests.form_fields import KEPT_TEXT_BYTES

PLEA = "Please help. <b>Née</b>\n\nالآن & more"
Fields = list[tuple[str, str]]
SHOWN = "the answer that the page shows"
ACTS: dict[str, tuple[str, Fields]] = {
    "delete ticked": ("/mailbox/delete", [("which", "ticked"), ("reply", SHOWN), ("reply", "1" * 32)]),
    "nothing ticked": ("/mailbox/delete", [("which", "ticked")]),
    "delete all": ("/mailbox/delete", [("which", "all")]),
    "safe": ("/mailbox/how", [("how", "safe")]),
    "not safe": ("/mailbox/how", [("how", "not-safe")]),
}
EVERY_BUTTON = {**ACTS, "new words": ("/mailbox/new-words", []), "files": ("/files", [])}


def _mailbox(stage: Stage) -> Answer:
    """One with an answer."""
    before = {read.mailbox for read in stage.read_all()}
    words = stage.browser.send_tip("hello").words
    (mailbox,) = {read.mailbox for read in stage.read_all()} - before
    stage.reply("an answer", mailbox)
    return stage.browser.open_mailbox(words)


def _press(stage: Stage, page: Answer, button: str, text: str = PLEA, *more: tuple[str, str]) -> Answer:
    """As a browser sends it: the short form, the ticks first, then what stands in the page's one form."""
    action, named = EVERY_BUTTON[button]
    fields = [(name, page.hidden("reply") if value is SHOWN else value) for name, value in named]
    typed = [("nonce", page.hidden("nonce")), ("language", "en"), ("text", text.replace("\n", "\r\n"))]
    return stage.browser.post(action, [*fields, *typed, *(more or [("files", "")])])


def _box(answer: Answer) -> str:
    box = answer.body.decode().split('<textarea id="text"', 1)[1].split(">", 1)[1].removeprefix("\n")
    return unescape(box.split("</textarea>", 1)[0])


def _texts(stage: Stage) -> list[str]:
    return sorted(read.text for read in stage.read_all() if read.text)


def _send_on(stage: Stage, page: Answer, action: str, *files: Upload) -> Answer:
    """Send, in the form that holds the box."""
    form = next(one for one in Outline(page.body.decode()).all("form") if one.get("id") == "write")
    assert form["action"] == action
    assert form["enctype"] == "multipart/form-data"
    fields = [("nonce", page.hidden("nonce")), ("text", _box(page))]
    return stage.browser.upload(
        action, [*fields, *([("handle", page.hidden("handle"))] if action == "/more" else [])], files
    )


def test_every_button_of_a_mailbox_takes_the_text_along(stage: Stage) -> None:
    page = _mailbox(stage)
    stage.reply("an answer", stage.read_one().mailbox)
    page = stage.browser.open_mailbox(stage.browser.send_tip("again").words)
    outline = Outline(page.body.decode())
    (form,) = outline.all("form")
    assert form["id"] == "write"
    buttons = [one for one in outline.all("button") if "disabled" not in one and one["class"] != "send"]
    assert {one["form"] for one in buttons} == {"write"}
    assert {one["formenctype"] for one in buttons} == {"application/x-www-form-urlencoded"}
    assert {one["formaction"] for one in buttons} <= {action for action, _ in EVERY_BUTTON.values()}


@pytest.mark.parametrize("button", ACTS)
def test_the_text_comes_back_in_its_box_nothing_of_it_is_kept_and_send_sends_it(stage: Stage, button: str) -> None:
    page = _mailbox(stage)
    answer = _press(stage, page, button)
    assert answer.status == 200
    assert _box(answer) == PLEA
    assert "Your message was not sent yet" in answer.text
    assert "Please choose your files again" not in answer.text
    assert _texts(stage) == ["hello"]
    assert [one for one in stage.read_all() if ("language", "en") in one.fields] == []
    sent = _send_on(stage, answer, "/mailbox/write", Upload("x", b"1"))
    assert "Your message has arrived" in sent.text
    assert _texts(stage) == sorted(["hello", PLEA])
    assert len({read.mailbox for read in stage.read_all()}) == 1


@pytest.mark.parametrize("button", [*ACTS, "new words"])
def test_without_a_text_the_answers_are_as_they_were(stage: Stage, button: str) -> None:
    answer = _press(stage, _mailbox(stage), button, "")
    assert "Your message was not sent yet" not in answer.text
    assert ('id="text"' in answer.text) is (button == "not safe"), "who is not safe can say where at once"
    assert len(answer.body) == PAGE_BYTES


@pytest.mark.parametrize("button", EVERY_BUTTON)
def test_files_that_were_chosen_are_to_be_chosen_again_and_no_button_takes_them(stage: Stage, button: str) -> None:
    answer = _press(stage, _mailbox(stage), button, "", ("files", "a.jpg"), ("files", "b.jpg"))
    assert answer.status == 200
    assert "Please choose your files again" in answer.text
    assert "a.jpg" not in answer.text


def test_a_text_beside_new_words_goes_to_their_mailbox_also_after_they_were_kept(stage: Stage) -> None:
    page = _mailbox(stage)
    (first,) = stage.read_all()
    fresh = _press(stage, page, "new words")
    assert fresh.words
    assert _box(fresh) == PLEA
    assert "First save your secret words" in fresh.text
    fields = [("nonce", fresh.form_nonce("/kept")), ("handle", fresh.hidden("handle")), ("text", PLEA)]
    kept = stage.browser.post("/kept", fields)
    assert "Only you have the secret words now" in kept.text
    assert _texts(stage) == ["hello"]
    for shown in (fresh, kept):
        assert _box(shown) == PLEA
        sent = _send_on(stage, shown, "/more")
        assert "Your message has arrived" in sent.text
        assert "Your files" not in sent.text
    assert _texts(stage) == sorted(["hello", PLEA]), "once, however often it was sent"
    (follow_up,) = [read for read in stage.read_all() if read.text == PLEA]
    assert follow_up.mailbox != first.mailbox
    stage.reply("to the new words", follow_up.mailbox)
    assert "to the new words" in stage.browser.open_mailbox(fresh.words).text


def test_new_words_that_were_refused_can_be_asked_for_again_with_the_text_beside_them(stage: Stage) -> None:
    page = _mailbox(stage)
    today = stage.clock.day
    _close(stage)
    refused = _press(stage, page, "new words")
    assert (refused.status, _box(refused)) == (503, PLEA)
    (button,) = [one for one in Outline(refused.body.decode()).all("button") if one.get("form") == "write"]
    assert button["formaction"] == "/mailbox/new-words"
    stage.clock.day = today
    fresh = _press(stage, refused, "new words")
    assert fresh.words
    assert _box(fresh) == PLEA


def test_a_handle_that_is_none_of_ours_is_not_shown_beside_a_text(stage: Stage) -> None:
    kept = stage.browser.post("/kept", [("nonce", "0" * 32), ("handle", "<b>"), ("text", PLEA)])
    assert _box(kept) == PLEA
    assert "readonly" in kept.text
    assert 'name="handle"' not in kept.text


def test_the_page_for_files_takes_the_text_over_into_its_own_box(stage: Stage) -> None:
    page = FilesPage(_press(stage, _mailbox(stage), "files"))
    assert _box(page.answer) == PLEA
    assert _texts(stage) == ["hello"]
    assert send(stage, page, _box(page.answer), Upload("x", b"1")).status == 200
    assert len({read.mailbox for read in stage.read_all()}) == 1


@pytest.mark.parametrize("path", ["/files", "/files/again"])
def test_where_there_is_no_room_for_files_the_text_can_be_copied(stage: Stage, path: str) -> None:
    page = _mailbox(stage)
    stage.site.app.extensions["tipline"].quota._room_bytes = lambda: 0
    answer = stage.browser.post(path, [("nonce", page.hidden("nonce")), ("text", PLEA)])
    assert "no room for files" in answer.text
    assert _box(answer) == PLEA


def _close(stage: Stage) -> None:
    stage.clock.day = TODAY.replace(year=2030)


REFUSED: dict[str, Callable[[Stage], None]] = {
    "closed": _close,
    "store": lambda stage: stage.store.close(),
    "session": lambda stage: stage.browser.cookies.clear(),
}


@pytest.mark.parametrize("why", REFUSED)
@pytest.mark.parametrize("button", ["safe", "not safe", "delete all", "new words", "files"])
def test_a_button_that_is_refused_gives_the_text_back_too(stage: Stage, button: str, why: str) -> None:
    page = _mailbox(stage)
    REFUSED[why](stage)
    answer = _press(stage, page, button)
    assert (answer.status >= 400) == ((button, why) != ("delete all", "closed"))  # which works then too
    assert _box(answer) == PLEA
    assert "Type your secret words" in answer.text or 'name="passphrase"' not in answer.text


@pytest.mark.parametrize("button", EVERY_BUTTON)
def test_of_a_text_that_is_longer_than_can_be_held_the_beginning_comes_back_and_nothing_is_done(
    stage: Stage, button: str
) -> None:
    answer = _press(stage, _mailbox(stage), button, "x" * (KEPT_TEXT_BYTES + 1))
    assert answer.status == 422
    assert len(_box(answer)) == KEPT_TEXT_BYTES
    assert len(stage.read_all()) == 1


def test_a_text_as_long_as_a_message_may_be_comes_along_in_every_script(stage: Stage) -> None:
    for letter in ("a", "ক", "\U0001f480"):
        text = letter * SiteSettings(limits=Limits()).limits.text_characters
        assert _box(_press(stage, _mailbox(stage), "safe", text)) == text


@pytest.mark.parametrize("button", EVERY_BUTTON)
def test_what_is_no_sound_form_does_nothing(stage: Stage, button: str) -> None:
    page = _mailbox(stage)
    action, fields = EVERY_BUTTON[button]
    nonce = ("nonce", page.hidden("nonce"))
    wrong: list[tuple[Fields, list[Upload]]] = [
        ([nonce, ("text", "a"), ("text", "b")], []),
        ([nonce, ("text", "a"), ("x", "b" * 70_000)], []),
        ([nonce, ("text", "a")], [Upload("x", b"1")]),
    ]
    for more, files in wrong:
        answer = stage.browser.upload(action, [*more, *fields], files)
        assert answer.status in {400, 413}
    assert len(stage.read_all()) == 1


def test_ticks_beside_a_text_that_is_sent_are_no_part_of_it(stage: Stage) -> None:
    page = _mailbox(stage)
    ticks = [("reply", "0" * 32), ("reply", "1" * 32)]
    fields = [*ticks, ("nonce", page.form_nonce("/mailbox/write")), ("language", "en"), ("text", PLEA)]
    assert stage.browser.upload("/mailbox/write", fields, [Upload("x", b"1")]).status == 200
    (sent,) = [read for read in stage.read_all() if read.text == PLEA]
    assert sent.fields == [("text", PLEA), ("language", "en")]


def test_each_button_of_one_form_can_be_pressed_and_pressed_twice(stage: Stage) -> None:
    page = _mailbox(stage)
    for _ in "12":
        _press(stage, page, "not safe")
    assert _send_on(stage, page, "/mailbox/write").status == 422, "the box of the page itself is empty"
    words = {_press(stage, page, "new words").words for _ in "12"}
    assert len(words) == 1
    assert words != {""}
    acts = [value for read in stage.read_all() for name, value in read.fields if name == "act"]
    assert sorted(acts) == ["not-safe", "words-known"]


def test_what_was_typed_keeps_words_in_a_window_of_their_own(stage: Stage) -> None:
    answer = _press(stage, _mailbox(stage), "not safe")
    assert 'name="passphrase"' not in answer.text, "to open would leave the text behind"
    assert '<a href="/return" target="_blank" rel="noopener">Type your secret words</a>' in answer.text
    assert 'name="passphrase"' in _press(stage, _mailbox(stage), "not safe", "").text


def test_links_beside_the_first_box_open_windows_of_their_own(stage: Stage) -> None:
    page = stage.browser.get("/")
    leading_away = [
        one["href"]
        for one in Outline(page.body.decode()).all("a")
        if one.get("target") != "_blank" and not one["href"].startswith("#")
    ]
    assert leading_away == ["/left"]
