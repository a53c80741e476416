"""Another language or a darker page in the middle of writing: what was typed comes along, and nothing is sent."""

from html import unescape

import pytest

from tests.tipline.outline import Outline
from tests.tipline.site_stage import KNOWN_WORDS, Answer, Stage, Upload
from tipline.requests.form_fields import KEPT_TEXT_BYTES

PLEA = "Please help. <b>Née</b>\n\nالآن & more"
IN_SPANISH, DARK = ("lang", "es"), ("look", "dark")


def _box(answer: Answer, name: str = "text") -> str:
    box = answer.body.decode().split(f'<textarea id="{name}"', 1)[1].split(">", 1)[1].removeprefix("\n")
    return unescape(box.split("</textarea>", 1)[0])


def _html(answer: Answer) -> dict[str, str]:
    return Outline(answer.body.decode()).all("html")[0]


@pytest.mark.parametrize("path", ["/", "/form/1", "/files/again"])
def test_text_and_ticks_come_along_and_nothing_is_sent(stage: Stage, path: str) -> None:
    fields = [
        ("nonce", "0" * 32),
        ("text", PLEA.replace("\n", "\r\n")),
        ("urgent", "yes"),
        ("answer", "no"),
        ("files", ""),
    ]
    again = stage.browser.post(path, [IN_SPANISH, *fields])
    assert again.status == 200
    assert (_html(again)["lang"], _box(again)) == ("es", PLEA)
    ticked = {one["name"] for one in Outline(again.body.decode()).all("input") if "checked" in one}
    assert ticked == {"urgent", "answer"}
    assert "Please choose" not in again.text
    assert stage.read_all() == []


def test_what_is_sent_from_there_arrives_as_it_was_typed_and_in_its_language(stage: Stage) -> None:
    again = stage.browser.post("/?look=dark", [IN_SPANISH, ("text", PLEA)])
    form = Outline(again.body.decode()).all("form")[0]
    assert form["action"] == "/?lang=es&look=dark"
    fields = [("nonce", again.hidden("nonce")), ("language", again.hidden("language")), ("text", _box(again))]
    receipt = stage.browser.upload("/?lang=es&look=dark", fields)
    assert receipt.words
    assert stage.read_one().fields == [("text", PLEA), ("language", "es")]


def test_text_beside_a_button_of_a_mailbox_comes_back_is_not_kept_and_only_send_sends_it(stage: Stage) -> None:
    page = stage.browser.open_mailbox(stage.browser.send_tip("first").words)
    typed = [
        ("nonce", page.hidden("nonce")),
        ("language", "en"),
        ("text", PLEA.replace("\n", "\r\n")),
        ("files", ""),
    ]
    for action, act in (("/mailbox/how", [("how", "safe")]), ("/mailbox/delete", [("which", "all")])):
        page = stage.browser.post(action, [*act, *typed])
        assert (page.status, _box(page)) == (200, PLEA)
        assert "Your message was not sent yet" in page.text
    assert PLEA not in {read.text for read in stage.read_all()}
    sent = [("nonce", page.hidden("nonce")), ("text", _box(page))]
    assert "Your message has arrived" in stage.browser.upload("/mailbox/write", sent).text
    assert [read.text for read in stage.read_all()].count(PLEA) == 1


def test_words_of_a_passphrase_come_along_too(stage: Stage) -> None:
    again = stage.browser.post("/return", [DARK, ("passphrase", KNOWN_WORDS)])
    assert (again.status, _html(again)["class"], _box(again, "passphrase")) == (200, "dark", KNOWN_WORDS)
    assert stage.policy.asked == 0, "nothing was derived"


def test_files_that_were_chosen_are_named_only_and_the_page_says_to_choose_them_again(stage: Stage) -> None:
    for path in ("/", "/files/again"):
        again = stage.browser.post(path, [DARK, ("text", PLEA), ("files", "a.jpg"), ("files", "b.jpg")])
        assert again.status == 200
        assert "Please choose your files again" in again.text
        assert "a.jpg" not in again.text


def test_a_browser_that_sends_files_by_name_only_is_told_and_loses_no_text(stage: Stage) -> None:
    refused = stage.browser.post("/", [("nonce", "0" * 32), ("text", PLEA), ("files", "a.jpg")])
    assert (refused.status, _box(refused)) == (400, PLEA)
    assert "Only part of your message arrived" in refused.text
    assert stage.read_all() == []


def test_the_buttons_work_in_the_long_form_too_and_no_file_is_read(stage: Stage) -> None:
    again = stage.browser.upload("/", [IN_SPANISH, ("nonce", ""), ("text", PLEA)], [Upload("x", b"1" * 300_000)])
    assert (again.status, _box(again)) == (200, PLEA)
    assert stage.read_all() == []


@pytest.mark.parametrize("letter", ["a", "ক", "\U0001f480"])
def test_a_text_over_the_limit_comes_along_in_every_script(stage: Stage, letter: str) -> None:
    text = letter * 65_000
    assert _box(stage.browser.post("/", [IN_SPANISH, ("text", text)])) == text
    longest = stage.browser.post("/", [IN_SPANISH, ("text", "a" * (KEPT_TEXT_BYTES + 1))])
    assert (longest.status, len(_box(longest))) == (422, KEPT_TEXT_BYTES)
    assert _html(longest)["lang"] == "es"


@pytest.mark.parametrize("choice", [("lang", "xx"), ("lang", ""), ("look", "blue"), ("lang", "x" * 4000)])
def test_what_no_button_of_ours_asks_for_shows_the_same_form(stage: Stage, choice: tuple[str, str]) -> None:
    again = stage.browser.post("/?lang=es", [choice, ("text", PLEA)])
    assert (again.status, _html(again)["lang"], _box(again)) == (200, "es", PLEA)


def test_a_form_with_a_used_nonce_is_not_sent_by_a_button_for_the_language(stage: Stage) -> None:
    nonce = stage.browser.get("/").hidden("nonce")
    stage.browser.send_tip(PLEA, nonce=nonce)
    again = stage.browser.post("/", [IN_SPANISH, ("nonce", nonce), ("text", PLEA)])
    assert not again.words
    assert len(stage.read_all()) == 1


def test_a_follow_up_knows_no_such_button(stage: Stage) -> None:
    page = stage.browser.open_mailbox(stage.browser.send_tip("first").words)
    fields = [("nonce", page.form_nonce("/mailbox/write")), ("text", "more"), IN_SPANISH]
    assert stage.browser.upload("/mailbox/write", fields).status == 200
    assert len(stage.read_all()) == 2


def test_enter_in_a_field_sends_and_changes_no_language(stage: Stage) -> None:
    """Enter presses the first button of a form, in the order of the page."""
    for path in ("/", "/form/1", "/files", "/return"):
        outline = Outline(stage.browser.get(path).body.decode())
        first = next(one for one in outline.all("button") if one.get("form") == "write")
        assert first == {"form": "write", "hidden": ""}
