"""Retention deletes exactly what the dry run named, and never what is on hold."""

import datetime as dt

import pytest

from crypto.questions.answers import FORM_FIELD
from reviewer.cases.archive import add_note, archive
from reviewer.cases.retention import add_rule, delete_listed, dry_run, hold, soon, unhold
from reviewer.home.home import Home, open_home
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from system.errors import ProgramError
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk


def later(days: int) -> dt.date:
    return today() + dt.timedelta(days=days)


def named(home: Home, day: dt.date) -> set[str]:
    return {one.submission.short_id for one in dry_run(home, today=day).tips}


def here(home: Home) -> set[str]:
    return {one.short_id for one in home.casebook.submissions.all()}


def several(desk: Desk) -> list[str]:
    """With a form; without one; two of one mailbox; one more with the form."""
    return desk.take_in(
        desk.server.seal(fields=[("text", "a"), (FORM_FIELD, "work")]),
        desk.server.seal(fields=[("text", "b")], submission_id=b"2" * 16),
        desk.server.seal(fields=[("text", "c")], submission_id=b"3" * 16, mailbox=a_mailbox()),
        desk.server.seal(fields=[("text", "d")], submission_id=b"4" * 16, mailbox=a_mailbox()),
        desk.server.seal(fields=[("text", "e"), (FORM_FIELD, "work")], submission_id=b"5" * 16),
    )


def test_92_exactly_what_the_dry_run_named_goes_and_nothing_on_hold(desk: Desk) -> None:
    form, plain, one_of_two, other_of_two, held = several(desk)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        find = home.casebook.submissions.find
        assert dry_run(home, today=later(9999)).tips == ()
        add_rule(home, questionnaire="work", status=None, days=100, today=today())
        add_rule(home, questionnaire=None, status="archived", days=50, today=today())
        hold(home, find(held), "a hearing", today=today())
        assert named(home, later(99)) == set()
        assert named(home, later(100)) == {form}
        archive(home, find(plain), today=today())
        archive(home, find(one_of_two), today=today())
        assert named(home, later(50)) == {plain}  # half a thread is not archived
        archive(home, find(other_of_two), today=later(10))
        assert named(home, later(59)) == {plain}  # the last thing that happened counts for the thread
        assert named(home, later(60)) == {plain, one_of_two, other_of_two}
        assert soon(home, today=later(46)) == 3
        code = dry_run(home, today=later(60)).code
        # Something happens between looking and deleting: nothing goes.
        add_note(home, find(plain), "we need it", today=later(60))
        with pytest.raises(ProgramError, match="has changed"):
            delete_listed(home, code, today=later(60))
        assert here(home) == {form, plain, one_of_two, other_of_two, held}
        hold(home, find(one_of_two), "a court asked", today=later(60))
        assert named(home, later(200)) == {form, plain}  # the whole thread is held
        run = dry_run(home, today=later(200))
        assert delete_listed(home, run.code, today=later(200)) == 2
        assert here(home) == {one_of_two, other_of_two, held}
        assert {one.reason for one in home.casebook.deletions.all()} == {"kept-long-enough"}
        with pytest.raises(ProgramError, match="no tip is due"):
            delete_listed(home, run.code, today=later(200))
        unhold(home, find(held), today=later(200))
        assert named(home, later(200)) == {held}


def test_the_command_shows_first_and_deletes_by_the_code_of_the_list(desk: Desk) -> None:
    several(desk)
    assert "there is no rule" in desk.do("retention", desk.home)
    assert desk.run("retention", desk.home, "--keep", "29") == 1
    assert "30 to" in desk.err
    desk.do("retention", desk.home, "--keep", "30", "--form", "work")
    assert "no tip is due" in desk.do("retention", desk.home)
    day = later(-40).isoformat()
    desk.tamper(f"UPDATE submissions SET imported_day = '{day}'")  # noqa: S608
    listed = desk.json("retention", desk.home)
    assert len(listed["due"]) == 2
    assert len(desk.submissions()) == 5
    assert desk.run("retention", desk.home, "--delete", "0123456789ab") == 1
    assert "code is not that" in desk.err
    assert "2 tips are deleted" in desk.do("retention", desk.home, "--delete", listed["code"])
    assert len(desk.submissions()) == 3
    desk.do("retention", desk.home, "--remove", "1")
    assert "there is no rule" in desk.do("retention", desk.home)
