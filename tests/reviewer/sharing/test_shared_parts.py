"""The deletion of a single file, or of a sent answer, reaches colleagues as a proposal, by the rules of tips."""

import datetime as dt
from typing import Any

from reviewer.casebook.proposals import MOST_PROPOSALS, SHOWN_DAYS
from reviewer.cases.bin import let_go_of_due
from reviewer.cases.part_proposals import show_parts_today, waiting_parts
from reviewer.home.home import open_home
from reviewer.sharing.appliers import DELETION_ANSWER
from reviewer.sharing.record import record_deletion
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk.open_desk import hidden_fields, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.raw_pages import RawCasebook
from tests.reviewer.sharing.test_shared_deletion import DAY, carry

ANSWER = "Zqxwvkjh is the word of the day"


def share_a_tip(desk: Desk, second: Colleague, *, files: int = 2, is_opened: bool = True) -> str:
    """Both have one tip with these files; its id."""
    named = [(f"{number}.bin", "application/octet-stream", bytes([number]) * 100) for number in range(files)]
    bundle = desk.server.submissions(desk.server.seal(files=named, mailbox=a_mailbox()))
    for one in (desk, second):
        one.do("import", one.home, one.write(bundle))
    (tip,) = [str(one["id"]) for one in second.submissions()]
    if is_opened:
        with open_home(second.home, entry=SecretEntry(None)) as home:
            home.casebook.log.add("show", tip, today=DAY)
    return tip


def send_answer(desk: Desk, tip: str) -> None:
    path = desk.folder / "answer.txt"
    path.write_text(ANSWER, encoding="utf-8")
    desk.do("owner", desk.home, tip, "--to", "reviewer")
    desk.do("reply", desk.home, tip, "--text-file", path)
    desk.do("outbox", desk.home, "--out", desk.folder / "out.bundle")


def parts(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.json("proposals", desk.home)["parts"]
    return found


def work(desk: Desk, days: int) -> None:
    """Play ``days`` days on which a person opens the casebook and is shown the proposals."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for number in range(days):
            day = DAY + dt.timedelta(days=2 * number)
            show_parts_today(home, waiting_parts(home), today=day)
            let_go_of_due(home, today=day)


def names_of_files(desk: Desk, tip: str) -> list[str]:
    return [one["name"] for one in desk.show(tip)["files"]]


def test_a_deleted_file_is_proposed_with_its_reason_and_goes_after_a_press_or_fourteen_shown_days(
    desk: Desk, second: Colleague
) -> None:
    tip = share_a_tip(desk, second, files=4)
    for reason in ("asked", "harm", "duplicate"):
        desk.delete_part(tip, "--file", "1", because=reason)
    carry(desk, second)
    first, waits, held = parts(second)
    assert [(one["part"], one["file"], one["reason"], one["reviewer"]) for one in (first, waits, held)] == [
        ("file", 1, "asked", "reviewer"),
        ("file", 2, "harm", "reviewer"),
        ("file", 3, "duplicate", "reviewer"),
    ]
    second.do("proposals", second.home, "--confirm", first["name"])
    second.do("proposals", second.home, "--hold", held["name"])
    assert names_of_files(second, tip) == ["1.bin", "2.bin", "3.bin"]
    work(second, SHOWN_DAYS - 2)  # it was shown by two commands on another day
    assert names_of_files(second, tip) == ["1.bin", "2.bin", "3.bin"]
    work(second, SHOWN_DAYS)
    assert names_of_files(second, tip) == ["2.bin", "3.bin"]
    # In any further order nothing comes back, and nothing is asked of the one who deleted first.
    carry(second, desk)
    carry(desk, second)
    assert names_of_files(desk, tip) == ["3.bin"]
    assert parts(desk) == []
    assert [(one["state"], one["held_by"]) for one in parts(second)] == [("held", "second")]


def test_a_sent_answer_that_its_author_deletes_is_gone_at_the_colleague_after_a_press(
    desk: Desk, second: Colleague
) -> None:
    tip = share_a_tip(desk, second)
    send_answer(desk, tip)
    carry(desk, second)
    desk.delete_part(tip, "--answer", "1", because="harm")
    carry(desk, second)
    (waits,) = parts(second)
    assert (waits["part"], waits["reason"], waits["needs_a_person"]) == ("answer", "harm", False)
    with open_desk(second.home) as opened:
        assert "asks to delete" in seen(opened.page("/"))
        page = seen(opened.page(f"/proposals/part/{waits['name']}"))
        assert ANSWER in page
        assert "keeping it could harm a person" in page
        assert ANSWER in seen(opened.page(f"/tip/{tip}"))
        opened.done(f"/proposals/part/{waits['name']}/confirm", **hidden_fields(page))
        assert ANSWER not in seen(opened.page(f"/tip/{tip}"))
        assert opened.get(f"/proposals/part/{waits['name']}").status_code == 422
    pages = [page for page in RawCasebook(second.home).pages("casebook.db") if b"Zqxwvkjh" in page]
    assert pages == []
    carry(desk, second)
    assert parts(second) == []


def test_an_answer_that_left_by_a_file_only_is_proposed_though_no_outbox_took_it(
    desk: Desk, second: Colleague
) -> None:
    tip = share_a_tip(desk, second)
    path = desk.folder / "answer.txt"
    path.write_text(ANSWER, encoding="utf-8")
    desk.do("owner", desk.home, tip, "--to", "reviewer")
    desk.do("reply", desk.home, tip, "--text-file", path)
    carry(desk, second)
    desk.delete_part(tip, "--answer", "1", because="harm")
    carry(desk, second)
    assert [one["part"] for one in parts(second)] == ["answer"]


def test_a_colleague_cannot_propose_to_delete_an_answer_of_another(desk: Desk, second: Colleague) -> None:
    tip = share_a_tip(desk, second)
    send_answer(desk, tip)
    carry(desk, second)
    with open_home(second.home, entry=SecretEntry(None)) as home:
        submission = home.casebook.submissions.find(tip)
        (told,) = home.casebook.operations.about([submission.envelope.sha256], "answer")
        for name in (told.text("reply"), "no id", "B1" * 16):
            content = {"proposal": "a5" * 16, "reason": "harm", "reply": name}
            record_deletion(home, DELETION_ANSWER, submission.envelope.sha256, content, today=DAY)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        home.casebook.log.add("show", tip, today=DAY)
    carry(second, desk)
    assert parts(desk) == []
    work(desk, 2 * SHOWN_DAYS)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        submission = home.casebook.submissions.find(tip)
        assert [one.text for one in home.casebook.replies.of(submission.number)] == [ANSWER]


def test_parts_of_an_unopened_tip_and_beyond_ten_of_one_colleague_wait_and_a_hold_keeps_them(
    desk: Desk, second: Colleague
) -> None:
    tip = share_a_tip(desk, second, files=MOST_PROPOSALS + 3, is_opened=False)
    for _number in range(MOST_PROPOSALS + 2):
        desk.delete_part(tip, "--file", "1", because="junk")
    carry(desk, second)
    work(second, 2 * SHOWN_DAYS)
    assert len(names_of_files(second, tip)) == MOST_PROPOSALS + 3  # and now a person has opened it
    path = second.folder / "answer.txt"
    path.write_text("Wait for the shelter.", encoding="utf-8")
    second.do("owner", second.home, tip, "--to", "second")
    second.do("reply", second.home, tip, "--text-file", path)
    work(second, 2)
    assert {one["needs_a_person"] for one in parts(second)} == {True}
    second.do("outbox", second.home, "--out", second.folder / "out.bundle")
    work(second, 2)
    assert len(names_of_files(second, tip)) == 3
    second.do("hold", second.home, tip, "--because", "a hearing")
    work(second, 2 * SHOWN_DAYS)
    assert {(one["state"], one["held_by"]) for one in parts(second)} == {("held", "second")}
    assert second.run("proposals", second.home, "--confirm", parts(second)[0]["name"]) == 1
    assert "is on hold" in second.err


def test_a_file_that_must_not_be_looked_at_is_hidden_at_once_and_no_day_deletes_it(
    desk: Desk, second: Colleague
) -> None:
    tip = share_a_tip(desk, second)
    desk.delete_part(tip, "--file", "2", because="quarantine")
    carry(desk, second)
    assert second.run("look", second.home, tip, "2") == 1
    assert "in quarantine" in second.err
    work(second, 2 * SHOWN_DAYS)
    (waits,) = parts(second)
    assert waits["needs_a_person"]
    assert names_of_files(second, tip) == ["0.bin", "1.bin"]
    second.do("proposals", second.home, "--confirm", waits["name"])
    assert names_of_files(second, tip) == ["0.bin"]


def test_a_proposal_that_comes_before_the_tip_or_after_its_deletion_does_no_harm(
    desk: Desk, second: Colleague
) -> None:
    named = [("0.bin", "", b"0" * 100), ("1.bin", "", b"1" * 100)]
    bundle = desk.server.submissions(desk.server.seal(files=named, mailbox=a_mailbox()))
    desk.do("import", desk.home, desk.write(bundle))
    (tip,) = [str(one["id"]) for one in desk.submissions()]
    desk.delete_part(tip, "--file", "1", because="quarantine")
    carry(desk, second)
    assert parts(second) == []
    second.do("import", second.home, second.write(bundle))
    carry(desk, second)
    assert [one["file"] for one in parts(second)] == [1]
    assert second.run("look", second.home, tip, "1") == 1
    second.do("delete", second.home, tip, "--because", "harm")
    carry(desk, second)
    assert parts(second) == []
    assert second.submissions() == []
