"""Whatever comes in: a page that a frightened person understands, a way on from it, and nothing half done."""

import datetime as dt
import re
import time
from collections.abc import Iterator

import pytest

from tests.tipline.intake.test_site_submitting import FORM, left_in_the_store, nothing_kept
from tests.tipline.outline import Outline
from tests.tipline.pages.named_pages import act
from tests.tipline.site_stage import BOUNDARY, KNOWN_WORDS, Answer, Stage, Upload, multipart
from tipline.pages.padding import PAGE_BYTES
from tipline.requests.nonce import Nonce

URLENCODED = "application/x-www-form-urlencoded"
SCRIPTS = {
    "arabic": "أنا في خطر. ساعدوني",
    "hebrew": "אני בסכנה",
    "hindi": "मुझे मदद चाहिए",
    "bengali": "আমাকে সাহায্য করুন",
    "thai": "ช่วยด้วย ฉันอยู่ที่นี่",
    "chinese": "请帮帮我",
    "korean": "도와주세요",
    "russian": "Помогите мне",
    "amharic": "እርዱኝ",
    "burmese": "ကျွန်မကို ကူညီပါ",
    "tibetan": "རོགས་གནང་རོགས།",
    "emoji": "🆘👩‍👩‍👧‍👦🏳️‍🌈",
    "old letters": "𐎀𐎁𐎂",
    "marks upon marks": "e" + "\u0301" * 200,
    "directions": "\u202eevil\u202c \u2066a\u2069 \u200f",
    "nothing to see": "\u200b\u2060\ufeff",
    "NUL": "a\x00b",
    "controls": "\x01\x1b[2J\x07\x7f",
    "line ends": "a\rb\nc\u2028d\x0be",
    "not a character": "\ufffe\uffff",
    "markup": "<script>alert(1)</script></textarea><!-- {{ 7*7 }} {% raw %} %(num)s %s ${x}",
}
BROKEN = "Only part of your message arrived."
MACHINE = re.compile(r"Traceback|Werkzeug|werkzeug|flask|sqlite|Error\b|\bNone\b|\{\{|%\(|undefined")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One site for all that is refused: each test looks whether it is as it was before."""
    made = Stage(tmp_path_factory.mktemp("site"))
    yield made
    made.close()


@pytest.fixture
def untouched(site: Stage) -> Iterator[Stage]:
    """The same, and nothing may be kept on it."""
    yield site
    assert left_in_the_store(site) == (0, 0)
    assert site.policy.asked == 0, "nothing was derived"


def assert_a_page_for_people(answer: Answer, *, status: int) -> None:
    """It has a heading, the way out, a way on, and nothing of a machine; and it has the length of all."""
    assert answer.status == status
    assert len(answer.body) == PAGE_BYTES
    in_a_frame = 'class="framed"' in answer.text
    assert answer.heading or in_a_frame
    assert not MACHINE.search(answer.text.split("<main>")[1].split("<textarea")[0])
    outline = Outline(answer.body.decode())
    ways_on = [one for one in outline.all("a") if one.get("class") != "leave"] + outline.all("form")
    assert ways_on or in_a_frame, "around a frame stands the form"


def test_a_message_in_any_script_arrives_as_it_was_typed(stage: Stage) -> None:
    for text in SCRIPTS.values():
        fields = [("nonce", Nonce.generate().digits()), ("text", text), ("answer", "no")]
        assert stage.browser.upload("/", fields).status == 200
    assert {read.text for read in stage.read_all()} == {text.replace("\r\n", "\n") for text in SCRIPTS.values()}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_message_in_any_script_comes_back_from_a_refused_form_as_typed(untouched: Stage, text: str) -> None:
    answer = untouched.browser.send_tip(f"{text} {KNOWN_WORDS}")
    assert answer.status == 422
    given_back = answer.body.decode().split("<textarea", 1)[1].split(">\n", 1)[1].split("</textarea>", 1)[0]
    assert "<" not in given_back
    assert f"{text} {KNOWN_WORDS}" in answer.text


@pytest.mark.parametrize("typed", SCRIPTS.values(), ids=SCRIPTS)
def test_words_in_any_script_are_a_typing_mistake_and_no_fault(untouched: Stage, typed: str) -> None:
    answer = untouched.browser.open_mailbox(typed)
    assert_a_page_for_people(answer, status=422)
    assert "<script" not in answer.body.decode()


def test_a_file_of_any_name_and_any_type_arrives_with_as_much_of_them_as_there_is_room_for(stage: Stage) -> None:
    names = [*SCRIPTS.values(), "../../etc/passwd", "CON", "x" * 5000, "a/b\\c", ".", " "]
    types = ["", "image/jpeg", "x" * 5000, "text/html; charset=\x00", "<b>", "a\tb"]
    files = [Upload(name, b"content") for name in names] + [Upload("x", b"content", kind) for kind in types]
    assert stage.browser.send_tip("", files).status == 200
    read = stage.read_one()
    assert [content for _name, _type, content in read.files] == [b"content"] * len(files)
    assert all(len(name.encode()) <= 1024 and len(kind.encode()) <= 255 for name, kind, _content in read.files)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"text=help"),
        ("application/json", b'{"text": "help"}'),
        ("", b"text=help"),
        ("multipart/form-data", b"text=help"),
        ("multipart/form-data; boundary=", b"text=help"),
        ("multipart/form-data; boundary=" + "x" * 71, b"text=help"),
        ("multipart/form-data; boundary=\x00", b"text=help"),
        ("multipart/mixed; boundary=" + BOUNDARY, multipart([("text", "help")])),
        (FORM, b"\x00" * 50_000),
        (FORM, b""),
    ],
)
def test_a_body_that_is_no_form_is_answered_plainly(untouched: Stage, content_type: str, body: bytes) -> None:
    answer = untouched.browser.ask("POST", "/", body, content_type=content_type)
    assert_a_page_for_people(answer, status=400)
    assert BROKEN in answer.text


@pytest.mark.parametrize("path", ["/", "/mailbox", "/kept", "/mailbox/delete", "/mailbox/write"])
def test_a_million_fields_are_refused_before_they_are_read_one_by_one(untouched: Stage, path: str) -> None:
    whole = b"&".join(b"text=a" for _ in range(1_000_000))
    answer = untouched.browser.ask("POST", path, whole, content_type=URLENCODED)
    assert answer.status in {400, 403, 413, 422}
    assert_a_page_for_people(answer, status=answer.status)


def test_ten_thousand_parts_are_refused(untouched: Stage) -> None:
    answer = untouched.browser.upload("/", [("nonce", "0" * 32), *((f"f{number}", "") for number in range(10_000))])
    assert_a_page_for_people(answer, status=400)


def test_names_with_brackets_and_tricks_are_no_field_of_ours(stage: Stage) -> None:
    names = ["text[]", "text[a][b]", "[" * 2000, "text.text", "__proto__", "text\x00", "%74ext"]
    tricks = [(name, "canary") for name in names]
    assert_a_page_for_people(stage.browser.upload("/", [("nonce", "0" * 32), *tricks]), status=422)
    assert stage.browser.upload("/", [("nonce", "0" * 32), *tricks, ("text", "help")]).status == 200
    assert stage.read_one().fields == [("text", "help")]


@pytest.mark.parametrize(
    ("path", "field", "at_limit"),
    [
        ("/mailbox/write", "passphrase", 4 * 1024),
        ("/more", "handle", 4 * 1024),
        ("/", "urgent", 4 * 1024),
        ("/", "language", 4 * 1024),
        ("/", "nothing-of-ours", 4 * 1024),
    ],
)
def test_a_small_field_over_its_limit_is_refused_whole_and_at_its_limit_is_not(
    stage: Stage, path: str, field: str, at_limit: int
) -> None:
    def send(length: int) -> Answer:
        return stage.browser.upload(path, [("nonce", "0" * 32), ("text", "help"), (field, "x" * length)])

    over = send(at_limit + 1)
    assert_a_page_for_people(over, status=400)
    assert BROKEN in over.text
    assert nothing_kept(stage)
    assert BROKEN not in send(at_limit).text


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("/mailbox/how", [("how", "canary")]),
        ("/mailbox/how", [("how", "safe"), ("how", "not-safe")]),
        ("/mailbox/how", []),
        ("/mailbox/delete", [("which", "all"), ("which", "ticked")]),
        ("/mailbox/new-words", [("nonce", "1" * 32)]),
    ],
)
def test_an_act_that_contradicts_itself_does_nothing(
    stage: Stage, action: str, fields: list[tuple[str, str]]
) -> None:
    answer = act(stage, action, *fields)
    assert_a_page_for_people(answer, status=400)
    assert len(stage.read_all()) == 1, "the first message, and nothing else"


def test_ticks_that_are_no_reply_of_this_mailbox_delete_nothing(stage: Stage) -> None:
    words = stage.browser.send_tip("hello").words
    stage.reply("an answer", stage.read_one().mailbox)
    page = stage.browser.open_mailbox(words)
    ticks = [("reply", one) for one in ("", "zz", "0" * 32, "\x00", "<b>", "a" * 5000)]
    fields = [("nonce", page.form_nonce("/mailbox/delete")), ("which", "ticked"), *ticks]
    assert stage.browser.post("/mailbox/delete", fields).status == 200
    assert "an answer" in stage.browser.open_mailbox(words).text


def test_a_form_that_lay_open_for_days_is_still_taken(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    days, now = 5, time.monotonic
    with monkeypatch.context() as before:
        before.setattr(time, "monotonic", lambda: now() - days * 86_400)
        nonce = stage.browser.get("/").hidden("nonce")
    stage.clock.day += dt.timedelta(days=days)
    assert Nonce.parse(nonce).age_seconds(time.monotonic()) is None
    assert stage.browser.send_tip("late", nonce=nonce).words
    assert stage.read_one().text == "late"


def test_a_form_of_another_site_is_refused_with_a_way_back_and_nothing_done(stage: Stage) -> None:
    stage.browser.open_mailbox(stage.browser.send_tip("hello").words)
    before = left_in_the_store(stage)
    fields = [("nonce", "0" * 32), ("text", "forged"), ("which", "all"), ("how", "safe")]
    foreign = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "null"}
    for rule in stage.site.app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and not rule.arguments:
            answer = stage.browser.upload(rule.rule, fields, headers=foreign, own_site=False)
            assert_a_page_for_people(answer, status=403)
            assert "did not come from our own page" in answer.text
    assert left_in_the_store(stage) == before


@pytest.mark.parametrize(
    "path", ["/%00", "/..%2f", "/" + "x" * 4000, "/?" + "a" * 4000, "//", "/mailbox/", "/KEPT"]
)
def test_a_strange_address_leads_to_a_page_of_ours(untouched: Stage, path: str) -> None:
    answer = untouched.browser.get(path)
    assert answer.status in {200, 404}
    assert_a_page_for_people(answer, status=answer.status)


@pytest.mark.parametrize(
    "query", ["lang=%00", "lang=" + "x" * 3000, "look[]=dark", "lang=en&lang=ar", "look=%E2%80%AE", "look=\xe2\x80"]
)
def test_a_strange_choice_is_none(untouched: Stage, query: str) -> None:
    assert_a_page_for_people(untouched.browser.get(f"/?{query}"), status=200)
