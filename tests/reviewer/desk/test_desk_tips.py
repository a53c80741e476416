"""Tips at the desk: what belongs together is on one page, hostile text is only text, and each step is logged."""

import hashlib
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from crypto.keys.keys import SealedSecretKey
from crypto.questions.answers import answers_of_form
from crypto.questions.builtin_questionnaires import read_questionnaire
from crypto.submissions.submission import Kind
from reviewer.cases.ready_answers import COULD_NOT_OPEN
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_answers import OWN, SAW
from tests.reviewer.cases.test_sealed_files import age_file, container, taken_in
from tests.reviewer.cases.test_show_and_save import HOSTILE_FILES
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import OpenDesk, form_fields, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.template_rules import faults

HOSTILE = (
    "<script>document.title = 'owned'</script><img src=x onerror=alert(1)>{{ 7 * 7 }}\n"
    "\x1b]0;owned\x07\x1b[2J\u202egpj.exe\u2066\u200bzero\x00\n" + "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301"
)
NAMED = ["U+001B", "U+0007", "U+202E", "U+2066", "U+200B", "U+0000", "U+0301 × 3"]
OBEYED = set("\x1b\x07\x00\x9b\u202e\u2066\u200b")


@pytest.fixture
def opened(desk: Desk) -> Iterator[OpenDesk]:
    with open_desk(desk.home) as opened:
        yield opened


def logged(opened: OpenDesk) -> list[tuple[str, str]]:
    return [(act, subject) for _number, _day, act, subject in opened.desk_session.home.casebook.log.lines()]


def sealed(opened: OpenDesk, short_id: str, text: str) -> TestResponse:
    """The answer of the desk to the press that seals."""
    shown = opened.post(f"/tip/{short_id}/reply", text=text)
    return opened.post(f"/tip/{short_id}/reply/seal", **form_fields(shown.text))


def test_a_hostile_tip_is_text_in_the_list_in_the_search_where_it_is_saved_and_on_its_own_page(desk: Desk) -> None:
    fields = [("text", HOSTILE), ("name<b>\x1b", HOSTILE), ("q:x", HOSTILE), ("language", "\u202e<i>")]
    (short_id,) = desk.take_in(desk.server.seal(fields=fields, files=HOSTILE_FILES, mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        tip = opened.page(f"/tip/{short_id}")
        pages = [
            opened.page("/"),
            tip,
            opened.post("/search", words="owned").text,
            opened.post("/search", words="passwd").text,
            opened.post(
                f"/tip/{short_id}/save", folder=str(desk.folder / "case"), on_disk=str(desk.folder / "case")
            ).text,
        ]
    for page in pages:
        assert not OBEYED & set(page)
        assert not faults(page.replace("&lt;", "").replace("&#39;", ""), source=False)
        assert "&lt;script" in page or "passwd" in page
    assert "alert(1)&gt;{{ 7 * 7 }}" in tip
    for name in NAMED:
        assert name in seen(tip)
    for name, _type, content in HOSTILE_FILES:
        assert hashlib.sha256(content).hexdigest() in tip, name


def test_the_longest_line_that_can_come_is_shown_in_parts_and_all_of_it(desk: Desk) -> None:
    text = "".join(f"{number:08}" for number in range(32_768))
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", text)]))
    with open_desk(desk.home) as opened:
        pages = [opened.page(f"/tip/{short_id}?part={part}") for part in range(1, 17)]
        assert "Part 1 of 16" in seen(pages[0])
        assert max(map(len, pages)) < 16_384 + 10_000
        for number, page in enumerate(pages):
            # Compared outside of the assertion: pytest would explain at great length.
            is_there = text[number * 16_384 : (number + 1) * 16_384] in page
            assert is_there, f"part {number + 1}"
        assert len(opened.page("/")) < 10_000


def test_a_long_field_that_belongs_to_no_question_is_read_on_to_its_end(desk: Desk) -> None:
    text = "".join(f"{number:08}" for number in range(4_096))
    form = [("door", "of-another-version"), ("q:more", text)]
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "short"), *form], mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        assert "Part 1 of 2" in seen(opened.page(f"/tip/{short_id}"))
        is_there = text[16_384:] in opened.page(f"/tip/{short_id}?part=2")
        assert is_there


def test_an_answer_that_no_eye_sees_is_refused_before_its_preview(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        for text in ("\u202e", " \u200b\n\u2060\u3164 \u200d"):
            answer = opened.post(f"/tip/{short_id}/reply", text=text)
            assert answer.status_code == 422
            assert "a letter that can be seen" in seen(answer.text)
        assert opened.try_to_answer(short_id, "\u202eWe read it.").status_code == 303


def test_what_came_from_one_mailbox_is_one_thread_with_our_replies(desk: Desk) -> None:
    first, later, act, other = desk.take_in(
        desk.server.seal(fields=[("text", "the first word")], mailbox=a_mailbox()),
        desk.server.seal(fields=[("text", "word " * 1000)], mailbox=a_mailbox(), submission_id=b"2" * 16),
        desk.server.seal(fields=[("act", "not-safe")], kind=Kind.ACT, mailbox=a_mailbox(), submission_id=b"3" * 16),
        desk.server.seal(fields=[("text", "of someone else")], mailbox=a_mailbox(2), submission_id=b"4" * 16),
    )
    with open_desk(desk.home) as opened:
        page = opened.answer(act, "we read it\r\nall")
        assert "the first word" in page
        assert "NOT SAFE" in page
        assert "we read it\nall" in page
        assert "waits for the next outbox" in page
        assert "of someone else" not in page
        assert "All of it" in page
        assert "All of it" not in opened.page(f"/tip/{later}")
        assert ("show", f"{first} {later} {act}") in logged(opened)
        assert "the first word" not in opened.page(f"/tip/{other}")
        # Four letters name a tip as well as all of its id, so they must not be the first four of one of these.
        begun = {name[:4] for name in (first, later, act, other)}
        no_tip = next(name for name in ("ffff", "eeee", "dddd", "cccc", "bbbb") if name not in begun)
        assert opened.get(f"/tip/{no_tip}").status_code == 422


def test_answers_stand_under_their_questions_in_both_languages_and_what_no_form_offers_is_named(desk: Desk) -> None:
    own = read_questionnaire(OWN)
    known, unknown = desk.take_in(
        desk.server.seal(fields=[("language", "es"), *answers_of_form(own, {"q:ship": "Aurora <b>"})]),
        desk.server.seal(
            fields=[*answers_of_form(SAW, {"q:people": "12"}), ("q:still", "\u202emaybe")], submission_id=b"2" * 16
        ),
    )
    with open_desk(desk.home) as opened:
        assert "whose questions are not known here" in seen(opened.page(f"/tip/{known}"))
        desk_file = desk.folder / "harbour.toml"
        desk_file.write_bytes(OWN)
        opened.desk_session.lock()
        desk.do("questionnaires", "add", desk.home, desk_file)
        page = seen(opened.done("/unlock") and opened.page(f"/tip/{known}"))
        assert page.index("Which ship?") < page.index("¿Qué barco?") < page.index("Aurora &lt;b&gt;")
        page = seen(opened.page(f"/tip/{unknown}"))
        assert "How many people seem to need help? 12" in page
        assert "NOT AN ANSWER THAT THE FORM OFFERS" in page
        assert "U+202E maybe" in page


def test_what_came_sealed_is_shown_and_found_and_what_did_not_open_has_a_ready_answer(desk: Desk) -> None:
    inside = container(
        desk, f"{HOSTILE} near the lighthouse", files=[("plan\u202e.pdf", "application/pdf", b"%PDF")]
    )
    short_id = taken_in(desk, inside, age_file(b"x", SealedSecretKey.generate().public_key()))
    with open_desk(desk.home) as opened:
        page = opened.page(f"/tip/{short_id}")
        assert "near the lighthouse" in page
        assert "planU+202E.pdf" in seen(page).replace(" ", "")
        assert not OBEYED & set(page)
        assert "not opened" in seen(page)
        assert "There is a ready answer for this below" in page
        assert "1 found" in seen(opened.post("/search", words="lighthouse").text)


def test_however_much_a_source_has_sealed_a_page_shows_as_much_as_a_browser_bears(desk: Desk) -> None:
    files = [("\u202e\u202d" * 150, "x\u202e" * 60, b"")] * 300
    most = container(desk, "\u202e\u202d" * 8192, files=files, more=[("\u202e" * 20, "\u202e\u202d" * 8192)] * 2)
    (short_id, other) = desk.take_in(
        desk.server.seal(files=[("a.age", "sealed", most)] * 2, mailbox=a_mailbox()),
        desk.server.seal(mailbox=a_mailbox(), submission_id=b"2" * 16),
    )
    with open_desk(desk.home) as opened:
        page = opened.page(f"/tip/{short_id}")
        assert len(page) < 10_000_000
        assert "more inside are not on this page" in seen(page)
        assert len(opened.page(f"/tip/{other}")) < 1_000_000


def test_the_same_from_two_mailboxes_is_shown_as_a_pair(desk: Desk) -> None:
    same = {"fields": [("text", "I saw a van"), ("language", "en")], "files": [("a", "b", b"c")]}
    one, two, third, again = desk.take_in(
        desk.server.seal(**same, mailbox=a_mailbox(1)),  # type: ignore[arg-type]
        desk.server.seal(**same, mailbox=a_mailbox(2), submission_id=b"2" * 16),  # type: ignore[arg-type]
        desk.server.seal(fields=[("text", "I saw a van")], mailbox=a_mailbox(3), submission_id=b"3" * 16),
        desk.server.seal(**same, mailbox=a_mailbox(1), submission_id=b"4" * 16),  # type: ignore[arg-type]
    )
    with open_desk(desk.home) as opened:
        for short_id, others in ((one, 1), (two, 2), (third, 0), (again, 1)):
            assert opened.page(f"/tip/{short_id}").count("under another mailbox") == others
        assert f"/tip/{two}" in opened.page(f"/tip/{one}")


def test_nobody_can_be_answered_whose_words_may_be_known_or_who_wants_none(desk: Desk) -> None:
    known = [("act", "words-known"), ("mailbox", a_mailbox(9).address().to_bytes().hex())]
    tip, act, silent = desk.take_in(
        desk.server.seal(mailbox=a_mailbox()),
        desk.server.seal(fields=known, kind=Kind.ACT, mailbox=a_mailbox(), submission_id=b"2" * 16),
        desk.server.seal(fields=[("text", "no answer"), ("answer", "no")], submission_id=b"3" * 16),
    )
    with open_desk(desk.home) as opened:
        for short_id, word in (
            (tip, "may have the words"),
            (act, "may have the words"),
            (silent, "wants no answer"),
        ):
            page = opened.page(f"/tip/{short_id}")
            assert word in seen(page)
            assert f"/tip/{short_id}/reply" not in page
            assert opened.post(f"/tip/{short_id}/reply", text="we come").status_code == 422


def test_an_answer_that_is_too_long_is_refused_filled_in_and_a_ready_one_is_put_in_first(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        answer = opened.post(f"/tip/{short_id}/reply", text="é" * 1025)
        assert answer.status_code == 422
        assert "é" * 1025 in answer.text
        assert "at most 2048 bytes" in answer.text
        ready = opened.post(f"/tip/{short_id}/reply", text="Dear friend", ready="could-not-open")
        assert ready.status_code == 200
        assert "Dear friend" in ready.text
        assert COULD_NOT_OPEN.text()[:40] in ready.text
        assert opened.desk_session.home.casebook.replies.waiting() == 0
        assert opened.post(f"/tip/{short_id}/reply", text=" ").status_code == 422


def test_notes_are_kept_found_and_destroyed(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        assert "ask the harbour office" in opened.done(f"/tip/{short_id}/note", text="ask the harbour office")
        assert "1 found" in seen(opened.post("/search", words="harbour").text)
        assert "harbour" not in opened.done(f"/tip/{short_id}/note/1/destroy")
        assert "Nothing found" in opened.post("/search", words="harbour").text
        assert opened.post(f"/tip/{short_id}/note", text="x" * 16_385).status_code == 422
        assert opened.post(f"/tip/{short_id}/note/7/destroy").status_code == 422
        assert [act for act, _subject in logged(opened) if act.startswith("note")] == ["note", "note destroyed"]
    assert desk.show(short_id)["notes"] == []


def test_what_was_set_aside_leaves_the_list_and_comes_back(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "help"), ("urgent", "yes")]))
    with open_desk(desk.home) as opened:
        assert short_id in opened.page("/")
        assert short_id not in opened.done(f"/tip/{short_id}/aside")
        assert short_id in opened.page("/?which=aside")
        assert short_id in opened.page("/?which=all")
        assert ">Archive<" in opened.done(f"/tip/{short_id}/aside", undo="yes")
        assert short_id in opened.page("/")


def test_every_read_export_and_change_at_the_desk_leaves_a_line_in_the_log_and_none_tells_a_word(
    desk: Desk,
) -> None:
    photo = ("photo.jpg", "image/jpeg", photos.jpeg())
    (short_id,) = desk.take_in(desk.server.seal(files=[photo], mailbox=a_mailbox()))
    stick = desk.write(desk.server.submissions(desk.server.seal(submission_id=b"2" * 16)))
    with open_desk(desk.home) as opened:
        for act, do in {
            "list": lambda: opened.get("/"),
            "show": lambda: opened.get(f"/tip/{short_id}"),
            "search": lambda: opened.post("/search", words="saw"),
            "reply": lambda: sealed(opened, short_id, "secret answer"),
            "note": lambda: opened.post(f"/tip/{short_id}/note", text="secret note"),
            "set aside": lambda: opened.post(f"/tip/{short_id}/aside"),
            "brought back": lambda: opened.post(f"/tip/{short_id}/aside", undo="yes"),
            "save": lambda: opened.post(
                f"/tip/{short_id}/save", folder=str(desk.folder / "case"), on_disk=str(desk.folder / "case")
            ),
            "save clean copies": lambda: opened.post(
                f"/tip/{short_id}/save-clean",
                folder=str(desk.folder / "copies"),
                on_disk=str(desk.folder / "copies"),
            ),
            "import": lambda: opened.post("/rounds/import", file=str(stick)),
            "backup": lambda: opened.post("/rounds/backup", file=str(desk.folder / "casebook.age")),
            "outbox": lambda: opened.post("/rounds/outbox", file=str(desk.folder / "outbox.bundle")),
        }.items():
            before = len(logged(opened))
            assert do().status_code in (200, 303), act
            assert [line[0] for line in logged(opened)[before:]] == [act]
        opened.desk_session.home.casebook.log.verify()
        assert not [subject for _act, subject in logged(opened) if "secret" in subject or "saw" in subject]
    assert (desk.folder / "case" / "message.txt").read_text(encoding="utf-8") == "What I saw."
    kinds = [kind.name for kind, _payload in desk.server.take_outbox((desk.folder / "outbox.bundle").read_bytes())]
    assert kinds.count("REPLY") == 32
    assert "RECEIPT" in kinds


NOT_DONE = [
    ("/rounds/import", {"file": "tips.bundle"}, "named from the root on"),
    ("/rounds/import", {"file": "/nowhere/tips.bundle"}, "cannot be read"),
    ("/rounds/import", {"file": "/dev/null"}, "Not done"),
    ("/rounds/outbox", {"file": "/nowhere/outbox"}, "cannot write"),
    ("/rounds/outbox", {"file": "/media/\0"}, "named from the root on"),
    ("/rounds/backup", {"file": ""}, "named from the root on"),
    ("/search", {"words": "a"}, "at least two letters"),
    ("/search", {"words": "saw", "page": "7"}, "no page 7"),
    ("/search", {"words": ""}, "at least two letters"),
]


def test_what_cannot_be_done_is_said_and_what_was_typed_stays(opened: OpenDesk) -> None:
    for path, fields, reason in NOT_DONE:
        answer = opened.post(path, **fields)
        assert answer.status_code == 422, (path, fields)
        assert reason in seen(answer.text), (path, fields)
        assert all(value in answer.text for value in fields.values() if len(value) > 1), (path, fields)


def test_what_goes_wrong_here_is_told_without_its_words_and_logged_nowhere(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    desk.tamper("UPDATE submissions SET day = 'secret words'")
    capsys.readouterr()
    with open_desk(desk.home) as opened:
        opened.app.testing = False
        answer = opened.get(f"/tip/{short_id}")
    assert answer.status_code == 500
    assert "secret words" not in answer.text
    assert "secret words" not in "".join(capsys.readouterr())


def test_saving_overwrites_nothing_and_says_so_beside_the_field(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a", "b", b"c")]))
    (desk.folder / "case").mkdir()
    (desk.folder / "case" / "mine").touch()
    with open_desk(desk.home) as opened:
        for folder, reason in ((str(desk.folder / "case"), "is not empty"), ("case", "from the root on")):
            answer = opened.post(f"/tip/{short_id}/save", folder=folder, on_disk=folder)
            assert answer.status_code == 422
            assert reason in seen(answer.text)
            assert f'value="{folder}"' in answer.text


def test_an_envelope_that_was_not_opened_is_shown_as_such(desk: Desk) -> None:
    (short_id,) = desk.take_in(b"not an envelope")
    with open_desk(desk.home) as opened:
        assert "could not be opened" in opened.page("/")
        assert "could not be opened" in seen(opened.page(f"/tip/{short_id}"))


def test_clean_copies_are_saved_from_the_page_and_what_cannot_be_copied_is_named_there(desk: Desk) -> None:
    files = [("ours.jpg", "image/jpeg", photos.jpeg()), ("<b>clip.mp4", "video/mp4", b"\0\0\0\x18ftypmp42")]
    (short_id,) = desk.take_in(desk.server.seal(files=files, mailbox=a_mailbox()))
    case = desk.folder / "case"
    with open_desk(desk.home) as opened:
        assert "Save clean copies" in opened.page(f"/tip/{short_id}")
        before = logged(opened)
        refused = opened.post(f"/tip/{short_id}/save-clean", folder=str(case), on_disk=str(case))
        assert refused.status_code == 422
        assert "no clean copy can be made of 1 of 2 files" in seen(refused.text)
        assert "&lt;b&gt;clip.mp4" in refused.text
        assert "it is a video" in refused.text
        assert f'value="{case}"' in refused.text
        assert not case.exists()
        assert logged(opened)[len(before) :] == [("show", short_id)]

        done = opened.post(f"/tip/{short_id}/save-clean", folder=str(case), on_disk=str(case), leave_out="yes")
        assert done.status_code == 200
        assert "taken off: place, time, device" in seen(done.text)
        assert "&lt;b&gt;clip.mp4" in done.text
        assert not faults(refused.text + done.text, source=False)
        assert logged(opened)[-1] == ("save clean copies", short_id)

        again = opened.post(f"/tip/{short_id}/save-clean", folder=str(case), on_disk=str(case), leave_out="yes")
        assert again.status_code == 422
        assert 'name="leave_out" value="yes" checked' in again.text
    assert [path.name for path in case.iterdir()] == ["picture-1.jpg"]
    assert not photos.words_in((case / "picture-1.jpg").read_bytes())


def test_thousands_of_files_that_cannot_be_copied_do_not_make_a_page_that_no_browser_bears(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[(f"file {n}", "", b"%PDF") for n in range(1200)]))
    with open_desk(desk.home) as opened:
        page = opened.post(
            f"/tip/{short_id}/save-clean",
            folder=str(desk.folder / "case"),
            on_disk=str(desk.folder / "case"),
            leave_out="yes",
        ).text
    assert "1,000 more are not on this page" in page
    assert page.count("it is a PDF") == 200


def test_a_tip_without_files_offers_no_clean_copies(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal())
    with open_desk(desk.home) as opened:
        page = opened.page(f"/tip/{short_id}")
    assert "Save to a folder" in page
    assert "Save clean copies" not in page


def test_a_text_of_line_ends_comes_in_parts_of_a_thousand_lines(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "first" + "\n" * 3000 + "\r" * 999 + "last")]))
    with open_desk(desk.home) as opened:
        page = opened.page(f"/tip/{short_id}")
        assert "Part 1 of 4" in page
        assert "last" not in page.partition("</article>")[0].partition("<article")[2]
        assert "last" in opened.page(f"/tip/{short_id}?part=4").partition("</article>")[0]
        assert opened.page(f"/tip/{short_id}?part=99999999999999999999")
