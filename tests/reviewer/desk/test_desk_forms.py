"""Forms of the desk: a second press, a page that is out of date, and text typed into a locked desk."""

import re
from html import unescape
from pathlib import Path

from werkzeug.test import TestResponse

from reviewer.desk.form_fields import PressField
from reviewer.desk.page import TEMPLATES
from reviewer.desk.refill import refill
from reviewer.people.documents import ANSWER
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import OURS, OpenDesk, open_desk, seen
from tests.reviewer.desk.test_desk_linking import added
from tests.reviewer.desk_stage import Desk
from tests.reviewer.home import test_people
from tests.reviewer.home.test_people import FIRST, THIRD, Shared

# Its fixtures are ours as well.
furnish_shared, shared = test_people.furnish_shared, test_people.shared

_PRESS = re.compile(r'<input type="hidden" name="press" value="([^"]+)">')


def press_twice(opened: OpenDesk, page: str, action: str, **fields: str) -> tuple[TestResponse, TestResponse]:
    """Send the same form of one page twice, as a double click does: the page of the first is on its way then."""
    press = unescape(_PRESS.findall(opened.page(page))[0])
    first = opened.post(action, press=press, **fields)
    if first.status_code == 303:
        opened.page(first.headers["Location"])
    return first, opened.post(action, press=press, **fields)


def a_tip(desk: Desk, text: str = "What I saw.") -> str:
    return desk.take_in(desk.server.seal(fields=[("text", text)], mailbox=a_mailbox(1)))[0]


def test_each_form_that_changes_the_casebook_names_its_press() -> None:
    for path in sorted(TEMPLATES.rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        with_field = PressField.preprocess(PressField.__new__(PressField), source, path.name)
        for tag, after in re.findall(r'(<form method="post"[^\n]*?}}"[^>]*>)(.{0,33})', with_field):
            assert (after == '<input type="hidden" name="press"') != ("url_for('session." in tag), (path.name, tag)


def test_each_button_of_a_tip_has_a_twin_that_opens_a_new_tab_and_so_loses_no_text_of_another_form() -> None:
    of_a_tip, left = {}, ["tip.html"]
    while left:
        name = left.pop()
        of_a_tip[name] = (TEMPLATES / name).read_text(encoding="utf-8")
        left += [one for one in re.findall(r'"(_\w+\.html)"', of_a_tip[name]) if one not in of_a_tip]
    twins = 0
    for name, source in of_a_tip.items():
        with_twins = PressField.preprocess(PressField.__new__(PressField), source, name)
        buttons = re.findall(r"<button([^>]*)>(.*?)</button>", with_twins, re.DOTALL)
        while buttons:
            (own, words), buttons = buttons[0], buttons[1:]
            if words != "{% trans %}Throw the draft away{% endtrans %}":  # it is there to lose a text
                assert buttons.pop(0) == (f' formtarget="_blank"{own}', words), name
                twins += 1
    assert twins > 20


def test_a_page_that_refuses_a_form_opens_at_the_reason() -> None:
    for path in sorted(TEMPLATES.rglob("*.html")):
        for tag in re.findall(r'<p class="wrong"[^>]*>', path.read_text(encoding="utf-8")):
            # A locked desk begins at the passphrase; a faulty file of ready answers stands on each page of a tip.
            begins = path.name not in ("locked.html", "_answer.html")
            assert ('tabindex="-1" autofocus' in tag) is begins, (path.name, tag)


def test_a_double_press_makes_one_thing_and_two_pages_make_two(desk: Desk) -> None:
    tip = a_tip(desk)
    call = {"text": "A call.", "by": "Amal", "day": "2026-01-02", "language": "en"}
    with open_desk(desk.home) as opened:
        casebook = opened.desk_session.home.casebook
        for page, action, fields, count in (
            (f"/tip/{tip}", f"/tip/{tip}/note", {"text": "ask her"}, lambda: len(casebook.notes.of(1))),
            ("/telephone", "/telephone", call, lambda: len(casebook.submissions.all()) - 1),
            ("/cases", "/cases", {"name": "farm"}, lambda: len(casebook.cases.all())),
            (
                "/retention",
                "/retention/rule",
                {"which": "any", "status": "any", "days": "90"},
                lambda: len(casebook.retention_rules.all()),
            ),
        ):
            first, second = press_twice(opened, page, action, **fields)
            assert (first.status_code, second.status_code) == (303, 303), action
            assert first.headers["Location"] == second.headers["Location"], action
            assert count() == 1, action
            press_twice(opened, page, action, **fields)
            assert count() == 2, action


def test_what_was_refused_may_be_tried_again_with_the_same_press(desk: Desk, tmp_path: Path) -> None:
    a_tip(desk)
    missing = tmp_path / "stick" / "casebook.age"
    with open_desk(desk.home) as opened:
        press = unescape(_PRESS.findall(opened.page("/rounds"))[0])
        assert opened.post("/rounds/backup", press=press, file=str(missing)).status_code == 422
        missing.parent.mkdir()
        assert opened.post("/rounds/backup", press=press, file=str(missing)).status_code == 200
        written = missing.read_bytes()
        assert "are in the backup" in seen(opened.post("/rounds/backup", press=press, file=str(missing)).text)
        assert missing.read_bytes() == written
        opened.desk_session.lock()
        assert not opened.desk_session.presses.has_any()


def test_a_member_s_answer_is_proposed_once(shared: Shared) -> None:
    short_id = shared.take_in(FIRST, "What I saw.", 1)
    shared.add(FIRST, "Noor", THIRD, "member")
    shared.desk.do("people", "give", shared.desk.home, short_id, "Noor", *shared.unlock(FIRST))
    with open_desk(shared.desk.home, passphrase_file=shared.unlock(THIRD)[1]) as opened:
        press_twice(opened, f"/given/{short_id}", f"/given/{short_id}/answer", text="We know a safe house.")
        given = opened.desk_session.given
        assert [one.kind for one in given.said(given.find(short_id))] == [ANSWER]


def test_a_page_that_is_out_of_date_writes_only_what_was_changed_on_it(desk: Desk) -> None:
    tip = a_tip(desk)
    with open_desk(desk.home) as opened:
        threads, marks = opened.desk_session.home.casebook.threads, f"/tip/{tip}/marks"
        stale = form_of(opened.page(f"/tip/{tip}"), marks)
        opened.done(marks, **stale | {"status": "in work", "labels": "farm", "starred": "yes"})
        opened.done(marks, **stale | {"due": "2030-05-01", "labels": "papers"})
        state = threads.of(1)
        assert (state.status, state.is_starred, state.labels) == ("in work", True, ["farm", "papers"])
        assert str(state.due_day) == "2030-05-01"
        # Both changed the status: the form says so, and has what was typed.
        refused = opened.post(marks, **stale | {"status": "closed", "reason": "junk", "labels": "new"})
        assert (refused.status_code, threads.of(1).status) == (422, "in work")
        assert "status changed after this page was opened" in seen(refused.text)
        again = form_of(refused.text, marks)
        assert (again["status"], again["reason"], again["due"]) == ("closed", "junk", "2030-05-01")
        assert again["labels"] == "farm, new, papers"
        opened.done(marks, **again)
        assert (threads.of(1).status, threads.of(1).is_starred) == ("closed", True)


def test_a_case_that_another_page_renamed_is_not_renamed_back_unseen(desk: Desk) -> None:
    desk.do("case", "new", desk.home, "farm", a_tip(desk))
    with open_desk(desk.home) as opened:
        stale = form_of(opened.page("/case/1"), "/case/1/rename")
        opened.done("/case/1/rename", **stale | {"name": "the other farm"})
        assert "the other farm" in opened.done("/case/1/rename", **stale)
        refused = opened.post("/case/1/rename", **stale | {"name": "a ship"})
        assert (refused.status_code, "changed after this page" in seen(refused.text)) == (422, True)
        again = form_of(refused.text, "/case/1/rename")
        assert (again["name"], again["was_name"]) == ("a ship", "the other farm")
        assert "a ship" in opened.done("/case/1/rename", **again)


def test_an_entity_that_another_page_named_is_not_named_over_unseen(desk: Desk) -> None:
    tip = a_tip(desk, "Ana was there.")
    with open_desk(desk.home) as opened:
        action = f"/entity/{added(opened, tip, 'Ana')}"
        stale = form_of(opened.page(action), f"{action}/name")
        opened.done(f"{action}/name", **stale | {"name": "the cook"})
        assert "the cook" in opened.done(f"{action}/name", **stale)
        refused = opened.post(f"{action}/name", **stale | {"name": "the driver"})
        assert (refused.status_code, "changed after this page" in seen(refused.text)) == (422, True)
        again = form_of(refused.text, f"{action}/name")
        assert (again["name"], again["was_name"]) == ("the driver", "the cook")


def test_every_form_keeps_what_was_typed_when_the_desk_had_locked_itself(desk: Desk) -> None:
    tip = a_tip(desk)
    desk.do("case", "new", desk.home, "farm", tip)
    with open_desk(desk.home) as opened:
        for page, action, fields in (
            (f"/tip/{tip}", f"/tip/{tip}/marks", {"status": "closed", "reason": "passed on", "labels": "a, b"}),
            (f"/tip/{tip}", f"/tip/{tip}/hold", {"reason": "a court may ask"}),
            ("/case/1", "/case/1/rename", {"name": "the other farm"}),
            ("/case/1", "/case/1/note", {"text": "two\nlines <b>"}),
            (f"/evidence?tips={tip}", "/evidence/preview", {"receiver": "Office 4", "clean": "yes"}),
            ("/telephone", "/telephone", {"text": "A call.", "by": "Amal", "danger": "yes"}),
            ("/retention", "/retention/rule", {"which": "form", "form": "farm-work", "days": "90"}),
        ):
            whole = form_of(opened.page(page), action) | fields
            opened.desk_session.lock()
            locked = opened.post(action, **whole)
            assert locked.status_code == 403
            assert "What you had typed is kept" in locked.text
            assert not any(value in locked.text for value in fields.values() if len(value) > 6)
            there = opened.post("/unlock")
            assert there.headers["Location"] == page
            back = form_of(opened.page(page), action)
            assert {name: back.get(name) for name in fields} == fields, action
            assert form_of(opened.page(page), action).get(next(iter(fields))) != next(iter(fields.values()))


def test_a_locked_desk_keeps_no_passphrase_and_no_press_without_words(shared: Shared) -> None:
    with open_desk(shared.desk.home, passphrase_file=shared.unlock(FIRST)[1]) as opened:
        opened.desk_session.lock()
        opened.post("/people/passphrase", passphrase="another phrase", again="another phrase")
        opened.post("/cover", undo="yes")
        assert not opened.desk_session.drafts


def test_text_whose_form_is_gone_is_shown_once_above_the_page(desk: Desk) -> None:
    tip = a_tip(desk)
    with open_desk(desk.home) as opened:
        opened.desk_session.lock()
        opened.post(f"/tip/{tip}/no-such-form", text="half a thought")
        opened.post(f"/tip/{tip}/translation", part="no-such-part", text="half <b>", by="Noor")
        page = opened.done("/unlock")
        assert "Its form is not on this page any more" in page
        assert "half &lt;b&gt;" in page
        assert "half &lt;b&gt;" not in opened.page(f"/tip/{tip}")


def test_a_form_is_filled_again_by_its_address_and_hidden_fields() -> None:
    form = (
        '<form action="/a?which=x"><input type="hidden" name="part" value="{}"><input name="by" value="&#34;o">'
        '<textarea name="text"></textarea><input type="password" name="word"><select name="s"><option>one</option>'
        '<option value="2" selected>two</option></select><input type="checkbox" name="t" value="yes" checked>'
        "</form>"
    )
    page = form.format(1) + "<details><summary></summary>" + form.format(2) + "</details>"
    typed = [("part", "2"), ("by", 'a "b" >'), ("text", "</textarea><b>"), ("word", "secret"), ("s", "one")]
    filled = refill(page, "/a", typed)
    assert filled is not None
    before, _, after = filled.partition("<details open>")
    assert before == form.format(1)
    assert 'name="by" value="a &#34;b&#34; &gt;">' in after
    assert "\n&lt;/textarea&gt;&lt;b&gt;</textarea>" in after
    assert "<option selected>one</option>" in after
    assert '<option value="2">' in after
    assert 'value="yes">' in after
    assert "secret" not in after
    assert refill(page, "/a", [("part", "3")]) is None
    assert refill(page, "/b", typed) is None


def form_of(page: str, action: str) -> dict[str, str]:
    """The fields that a browser would send from the form to ``action``, without its button."""
    found = re.search(rf'<form method="post" action="{re.escape(action)}[^"]*"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert found, action
    body, fields = found[1], {}
    for tag in re.findall(r"<input [^>]*>", body):
        given = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if given.get("type") not in ("checkbox", "radio") or re.search(r" checked[ >]", tag):
            fields[given["name"]] = unescape(given.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>', body, re.DOTALL):
        fields[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'<option value="([^"]*)"', options
        )
        fields[name] = unescape(chosen[1]) if chosen else ""
    return fields


def test_a_press_from_another_page_is_refused_before_its_answer_is_looked_for(desk: Desk) -> None:
    tip = a_tip(desk)
    with open_desk(desk.home) as opened:
        press = unescape(_PRESS.findall(opened.page(f"/tip/{tip}"))[0])
        note = f"/tip/{tip}/note"
        assert opened.post(note, press=press, text="x").status_code == 303
        foreign = OURS | {"Sec-Fetch-Site": "cross-site"}
        assert opened.browser.post(note, data={"press": press, "text": "x"}, headers=foreign).status_code == 403
