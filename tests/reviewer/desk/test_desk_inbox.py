"""The inbox at the desk: read and unread, marks, filters, the way through a list, cases, and calls."""

import datetime as dt
import re
from pathlib import Path

import pytest

from crypto.submissions.submission import Kind
from reviewer.errors import HomeError
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import OpenDesk, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.template_rules import faults

LATE = (today() - dt.timedelta(days=3)).isoformat()
MARKS = {"status": "open", "reason": "", "due": "", "labels": ""}


def three(desk: Desk) -> list[str]:
    """Two mailboxes; the first one wrote twice. The list has them as second, first, third."""
    return desk.take_in(
        desk.server.seal(fields=[("text", "the farm"), ("language", "en")], mailbox=a_mailbox(1)),
        desk.server.seal(
            fields=[("text", "a ship"), ("urgent", "yes"), ("language", "\x1b<i>")],
            mailbox=a_mailbox(2),
            submission_id=b"2" * 16,
        ),
        desk.server.seal(
            fields=[("text", "more"), ("language", "en")], mailbox=a_mailbox(1), submission_id=b"3" * 16
        ),
    )


def ids(page: str) -> list[str]:
    """Ids of the tips on a page of the list, in order."""
    return list(dict.fromkeys(re.findall(r'href="/tip/([0-9a-f]{12})', page)))


def acts(opened: OpenDesk) -> list[tuple[str, str]]:
    return [(act, subject) for _number, _day, act, subject in opened.desk_session.home.casebook.log.lines()]


def test_a_tip_is_bold_until_it_was_opened_and_can_be_marked_unread(desk: Desk) -> None:
    first, second, third = three(desk)
    with open_desk(desk.home) as opened:
        assert opened.page("/").count(' unread"') == 3
        opened.page(f"/tip/{second}")
        assert ids(opened.page("/?which=unread")) == [first, third]
        # Both messages of the first mailbox are on one page, so both were read.
        opened.page(f"/tip/{third}")
        assert ids(opened.page("/?which=unread")) == []
        assert ids(opened.done(f"/tip/{third}/unread?which=unread")) == [third]
        assert ("marked unread", third) in acts(opened)
    assert [one["unread"] for one in desk.submissions()] == [False, False, True]
    desk.do("mark", desk.home, third, "--read")
    assert desk.json("list", desk.home, "--unread")["submissions"] == []


def test_a_thread_waits_for_us_until_we_answer_and_for_the_source_until_it_writes(desk: Desk) -> None:
    first, _second, third = three(desk)
    came = desk.submissions()[1]["day"]
    assert {one["waits_for_us_since"] for one in desk.submissions()} == {came}
    with open_desk(desk.home) as opened:
        assert f"waits for us since {came}" in seen(opened.page(f"/tip/{first}"))
        page = seen(opened.answer(first, "we read it"))
        assert f"waits for the source since {today().isoformat()}" in page
        assert first not in ids(opened.page("/?which=waits"))
    answered = {one["id"]: one["answered"] for one in desk.submissions()}
    assert answered[first] is answered[third] is True
    desk.take_in(
        desk.server.seal(fields=[("act", "safe")], kind=Kind.ACT, mailbox=a_mailbox(1), submission_id=b"4" * 16)
    )
    state = desk.show(first)["state"]
    assert (state["waits_for_us_since"], state["waits_for_source_since"], state["answered"]) == (None, None, True)
    # A later message waits for us on the day of our answer as well.
    desk.take_in(desk.server.seal(mailbox=a_mailbox(1), submission_id=b"5" * 16))
    assert desk.show(first)["state"]["waits_for_us_since"] == came
    assert desk.show(first)["state"]["answered"] is False


def test_marks_count_for_the_whole_thread_and_leave_no_word_of_theirs_in_the_log(desk: Desk) -> None:
    first, second, third = three(desk)
    with open_desk(desk.home) as opened:
        page = opened.done(
            f"/tip/{third}/marks",
            **MARKS | {"status": "in work", "due": LATE, "labels": "farm, papers,", "starred": "yes"},
        )
        for word in ("reviewer", "in work", f"overdue since {LATE}", "farm", "papers", "star"):
            assert word in seen(page), word
        row = opened.page("/").partition(f"/tip/{first}")[2].partition("</li>")[0]
        assert "papers" in row
        before = len(acts(opened))
        opened.done(
            f"/tip/{third}/marks",
            **MARKS | {"status": "in work", "due": LATE, "labels": "farm", "starred": "yes"},
        )
        # Only what differs is changed.
        assert [act for act, _ in acts(opened)[before:]] == ["label removed", "show"]
        assert not [line for line in acts(opened) if {"papers", "farm"} & set(" ".join(line).split())]
        for field, value, reason in (
            ("status", "lost", "must be one of"),
            ("due", "tomorrow", "a day must be written as"),
            ("labels", "x" * 61, "at most 60 letters"),
            ("labels", "fa\u202erm", "visible letters"),
            ("labels", ",".join(map(str, range(21))), "at most 20 labels"),
            ("status", "closed", "needs a reason"),
        ):
            answer = opened.post(f"/tip/{third}/marks", **MARKS | {field: value, "starred": "yes"})
            assert answer.status_code == 422, field
            assert reason in seen(answer.text), (field, seen(answer.text))
    shown = desk.show(first)["state"]
    assert (shown["owner"], shown["labels"], shown["due"], shown["starred"]) == ("reviewer", ["farm"], LATE, True)
    assert desk.show(second)["state"]["labels"] == []


def test_a_closed_tip_goes_into_the_archive_and_is_open_when_its_source_writes(desk: Desk) -> None:
    first, second, third = three(desk)
    assert desk.run("mark", desk.home, first, "--status", "closed") == 1
    assert "needs a reason" in desk.err
    desk.do("mark", desk.home, first, "--status", "closed", "--reason", "passed on")
    assert [one["id"] for one in desk.json("list", desk.home, "--box", "archived")["submissions"]] == [first, third]
    (later,) = desk.take_in(desk.server.seal(mailbox=a_mailbox(1), submission_id=b"6" * 16))
    listed = desk.json("list", desk.home, "--box", "open")["submissions"]
    assert [(one["id"], one["status"]) for one in listed] == [(second, "open"), (later, "open")]
    desk.do("mark", desk.home, first, "--status", "closed", "--reason", "junk")
    desk.do("mark", desk.home, first, "--status", "open")
    assert len(desk.json("list", desk.home, "--box", "open")["submissions"]) == 4


def test_a_typed_filter_is_a_list_with_next_and_previous_and_no_address_tells_its_words(desk: Desk) -> None:
    first, second, third = three(desk)
    desk.do("mark", desk.home, second, "--label", "harbour")
    desk.do("mark", desk.home, first, "--label", "harbour")
    with open_desk(desk.home) as opened:
        address = opened.post("/filter", label="harbour", sort="oldest", box="all").headers["Location"]
        assert address == "/?which=f1"
        page = opened.page(address)
        assert ids(page) == [first, second, third]
        assert "3 tips in this list" in seen(page)
        assert not faults(page, source=False)
        tip = opened.page(f"/tip/{second}?which=f1")
        assert f'accesskey="p" href="/tip/{first}?which=f1"' in tip
        assert f'accesskey="n" href="/tip/{third}?which=f1"' in tip
        keys = re.findall(r'accesskey="(\w)"', re.sub(r"<button formtarget[^>]*>", "", tip))
        assert sorted(keys) == sorted(set(keys)) == list("ailnpsu")
        # An act on the tip stays in the list.
        assert "which=f1" in opened.post(f"/tip/{second}/note?which=f1", text="ask").headers["Location"]
        assert opened.post(f"/tip/{second}/aside?which=f1").headers["Location"] == "/?which=f1"
        assert opened.done("/views", which="f1", name="The harbour").count("The harbour") > 0
        assert opened.post("/filter", sort="sideways").status_code == 422
        opened.desk_session.lock()
        opened.post("/unlock", passphrase="")
        assert ids(opened.page("/?which=v1")) == [first, third, second]
        assert "no longer known" in opened.page("/?which=f9")
    shown = desk.json("view", "list", desk.home)["views"]
    assert [(one["name"], one["tips"]) for one in shown] == [("The harbour", 3)]
    assert len(desk.json("list", desk.home, "--view", "The harbour", "--danger")["submissions"]) == 1
    desk.do("view", "remove", desk.home, "The harbour")
    assert desk.run("list", desk.home, "--view", "The harbour") == 1


def test_cases_join_threads_and_merging_and_splitting_are_undone(desk: Desk) -> None:
    first, second, third = three(desk)
    desk.do("case", "new", desk.home, "The farm", first)
    with open_desk(desk.home) as opened:
        assert "Case 1: The farm" in seen(opened.page(f"/tip/{third}"))
        assert "case 2: The ship" in seen(opened.done(f"/tip/{second}/case", name="The ship"))
        opened.done("/case/2/note", text="ask the harbour office")
        assert "The ship" in opened.post("/search", words="harbour").text
        merged = opened.done("/case/2/merge", into="1")
        assert ids(merged) == [first, third, second]
        assert "ask the harbour office" in merged
        assert opened.post("/case/1/merge", into="2").status_code == 422
        opened.done("/case/2/undo")
        assert ids(opened.page("/case/1")) == [first, third]
        assert "ask the harbour office" not in opened.page("/case/1")
        opened.done("/case/2/merge", into="1")
        thread = re.findall(r'name="thread" value="(\d+)"', opened.page("/case/1"))[-1]
        split = opened.post("/case/1/split", name="The other", thread=thread).headers["Location"]
        assert split == "/case/3"
        assert ids(opened.done("/case/3/undo")) == [first, third, second]
        opened.done("/case/2/undo")
        assert ids(opened.page("/case/2")) == [second]
        opened.done(f"/tip/{second}/case", leave="2")
        assert ids(opened.page("/case/2")) == []
        assert opened.post("/case/1/split", name="x", thread="999").status_code == 422
        assert not [line for line in acts(opened) if "farm" in line[1] or "harbour" in line[1]]
        assert [act for act, _ in acts(opened)].count("case merge undone") == 2
    assert [one["threads"] for one in desk.json("case", "list", desk.home)["cases"]] == [0, 1]
    assert [one["id"] for one in desk.json("case", "show", desk.home, "1")["submissions"]] == [first, third]
    assert desk.json("case", "show", desk.home, "2")["notes"][0]["text"] == "ask the harbour office"
    assert len(desk.json("list", desk.home, "--case", "1")["submissions"]) == 2
    assert desk.json("search", desk.home, "harbour")["cases"] == [{"number": 2, "name": "The ship"}]


def test_a_call_becomes_a_tip_without_a_mailbox_that_is_listed_found_and_backed_up(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        page = opened.done(
            "/telephone", text="a hotel near the lighthouse", by="Anna", day=LATE, language="es", danger="yes"
        )
        assert f"by telephone, entered by Anna on {today().isoformat()}" in seen(page)
        assert "no mailbox" in seen(page)
        assert "1 found" in seen(opened.post("/search", words="lighthouse").text)
        assert "lighthouse" in opened.page("/")
        refused = opened.post("/telephone", text="kept words", by="", day=LATE)
        assert refused.status_code == 422
        assert "kept words" in refused.text
        tomorrow = (today() + dt.timedelta(days=1)).isoformat()
        assert "after today" in seen(opened.post("/telephone", text="x", by="Anna", day=tomorrow).text)
        # What was typed while the desk locked itself is on the page when it is unlocked.
        opened.desk_session.lock()
        assert opened.post("/telephone", text="a long call", by="Anna", day=LATE).status_code == 403
        assert "a long call" in opened.done("/unlock", passphrase="")
    (one,) = desk.json("list", desk.home, "--kind", "telephone", "--danger")["submissions"]
    assert (one["kind"], one["entered_by"], one["day"], one["mailbox"]) == ("telephone", "Anna", LATE, None)
    assert desk.json("servers", "list", desk.home)["servers"][0]["name"] != "(telephone)"
    desk.backup()
    assert desk.show(one["id"])["backed_up"] is True
    desk.do("outbox", desk.home, "--out", desk.folder / "outbox")
    assert desk.run("raw", desk.home, one["id"], "--out", desk.folder / "raw") != 0
    text = desk.folder / "call.txt"
    text.write_text("another call", encoding="utf-8")
    assert "entered as" in desk.do("telephone", desk.home, "--text-file", text, "--by", "Binta")


def test_a_desk_and_a_command_on_one_casebook_are_told_of_each_other(desk: Desk) -> None:
    three(desk)
    with open_desk(desk.home) as opened:
        with pytest.raises(HomeError, match="another tipline-review is at work in this home"):
            OpenDesk(desk.home)
        assert desk.run("list", desk.home) == 1
        assert "another tipline-review is at work in this home" in desk.err
        opened.desk_session.lock()
        # The home is closed now: the second may work, and the first is told when it comes back.
        with open_desk(desk.home):
            answer = opened.post("/unlock", passphrase="")
            assert answer.status_code == 403
            assert "another tipline-review is at work in this home" in seen(answer.text)


def test_a_casebook_of_the_version_before_knows_what_was_read_and_what_waits(desk: Desk, tmp_path: Path) -> None:
    from tests.reviewer.older_casebook import as_version

    first, second, third = three(desk)
    desk.do("show", desk.home, second)
    desk.do("archive", desk.home, third)
    (tmp_path / "answer").write_text("we read it", encoding="utf-8")
    desk.do("reply", desk.home, first, "--text-file", tmp_path / "answer")
    before = {one["id"]: (one["waits_for_us_since"], one["answered"], one["handled"]) for one in desk.submissions()}
    desk.tamper(*as_version(3))
    after = desk.submissions()
    assert {one["id"]: (one["waits_for_us_since"], one["answered"], one["handled"]) for one in after} == before
    assert {one["id"] for one in after if not one["unread"]} == {second}
    assert [one["id"] for one in after] == [second, first, third]


def test_marks_that_are_refused_change_nothing_and_stay_in_the_form(desk: Desk) -> None:
    (tip,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        marks = {"status": "closed", "reason": "", "due": "2026-12-24", "labels": "farm"}
        refused = opened.post(f"/tip/{tip}/marks", **marks, starred="yes")
        assert refused.status_code == 422
        assert "a closed tip needs a reason" in refused.text
        for kept in ('value="2026-12-24"', 'value="farm"', 'value="closed" selected', "checked"):
            assert kept in refused.text, kept
        shown = opened.page(f"/tip/{tip}")
        assert 'value="farm"' not in shown
        assert 'value="closed" selected' not in shown


def test_a_call_as_long_as_the_page_says_is_kept_in_any_script(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        call = {"by": "ana", "day": "2026-01-01", "language": "ar"}
        assert opened.post("/telephone", text="ب" * 32_768, **call).status_code == 303
        too_long = opened.post("/telephone", text="ب" * 50_000, **call)
        assert too_long.status_code == 413
        assert "too long for one form" in too_long.text
