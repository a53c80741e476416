"""Settings of one reviewer are in the other's lists after one file: owner, status, labels, due day."""

import hashlib
from typing import Any

import pytest

from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk

Written = tuple[str, bytes]
"""The id of a tip, and the bundle that it comes in."""


class Both:
    """Two reviewers who hold the first tip of a mailbox, and what its source writes later."""

    def __init__(self, desk: Desk, second: Colleague) -> None:
        self.desk, self.second = desk, second
        self._written = 0
        self.tip = self.write_to(desk, second)

    def write_to(self, *desks: Desk) -> str:
        """The source writes once more, and these import it; its id."""
        return self.bring(self.written(), *desks)

    def written(self) -> Written:
        """The source writes once more; who imports it is said later. Bundles are imported in their order."""
        self._written += 1
        envelope = self.desk.server.seal(mailbox=a_mailbox(), submission_id=bytes([self._written]) * 16)
        return hashlib.sha256(envelope).hexdigest()[:12], self.desk.server.submissions(envelope)

    def bring(self, written: Written, *desks: Desk) -> str:
        short_id, bundle = written
        for one in desks:
            one.do("import", one.home, self.desk.write(bundle))
        return short_id

    def carry(self, sender: Desk, reader: Desk) -> str:
        """A file from laptop to laptop; what the sender said of it."""
        file = self.desk.folder / "for-colleagues"
        told = sender.do("share", "write", sender.home, file)
        reader.do("share", "read", reader.home, file)
        return told


@pytest.fixture
def both(desk: Desk, second: Colleague) -> Both:
    return Both(desk, second)


def listed(desk: Desk, *options: str) -> list[str]:
    return [str(one["id"]) for one in desk.json("list", desk.home, *options)["submissions"]]


def state(desk: Desk, tip: str) -> dict[str, Any]:
    shown: dict[str, Any] = desk.show(tip)["state"]
    return shown


def test_every_thread_has_one_owner_in_lists_and_before_an_answer_and_mark_is_owner(both: Both) -> None:
    desk, second, tip = both.desk, both.second, both.tip
    computed = desk.json("owner", desk.home, tip)["owner"]
    assert listed(desk, "--owner", computed) == listed(second, "--owner", computed) == [tip]
    other = "second" if computed == "reviewer" else "reviewer"
    assert listed(desk, "--owner", other) == []
    desk.do("mark", desk.home, tip, "--owner", other)
    both.carry(desk, second)
    for one in (desk, second):
        assert one.json("owner", one.home, tip) == {"owner": other, "assigned": True, "conflict": []}
        assert listed(one, "--owner", other) == [tip]
        assert state(one, tip)["owner"] == other
    for name, reason in (("third", "no reviewer has this name"), ("", "no reviewer has this name")):
        assert desk.run("mark", desk.home, tip, "--owner", name) == 1
        assert reason in desk.err


def test_marks_of_one_are_those_of_the_other_and_a_conflict_is_shown_until_one_changes_it(both: Both) -> None:
    desk, second, tip = both.desk, both.second, both.tip
    desk.do(
        "mark", desk.home, tip, "--status", "waiting", "--reason", "for the police", "--label", "farm", "--star"
    )
    desk.do("mark", desk.home, tip, "--due", "2031-05-01", "--label", "papers", "--no-label", "farm")
    both.carry(desk, second)
    assert state(second, tip) == state(desk, tip)
    assert state(second, tip)["labels"] == ["papers"]
    assert (state(second, tip)["status_reason"], state(second, tip)["set_by"]) == ("for the police", "reviewer")
    second.do("mark", second.home, tip, "--status", "in work", "--label", "ship")
    desk.do("mark", desk.home, tip, "--status", "open", "--label", "harbour")
    both.carry(desk, second)
    both.carry(second, desk)
    assert state(second, tip) == state(desk, tip)
    assert state(desk, tip)["labels"] == ["harbour", "papers", "ship"], "nothing of both is lost"
    for one in (desk, second):
        assert "changed by several reviewers at once" in one.do("show", one.home, tip).casefold()
    desk.do("mark", desk.home, tip, "--status", "in work")
    both.carry(desk, second)
    for one in (desk, second):
        assert "at once" not in one.do("show", one.home, tip)


def test_a_closed_thread_opens_at_both_for_a_message_that_its_closer_had_not_seen(both: Both) -> None:
    desk, second = both.desk, both.second
    late = both.written()
    both.bring(late, desk)
    desk.do("mark", desk.home, both.tip, "--status", "closed", "--reason", "passed on")
    both.carry(desk, second)
    assert listed(second, "--box", "archived") == [both.tip]
    seen = both.bring(late, second)
    assert sorted(listed(second, "--box", "archived")) == sorted([both.tip, seen])
    assert state(second, seen)["status"] == "closed"
    unseen = both.written()
    both.bring(unseen, second)
    assert state(second, seen)["status"] == "open"
    second.do("mark", second.home, both.tip, "--label", "farm")
    both.carry(second, desk)
    new = both.bring(unseen, desk)
    for one in (desk, second):
        assert listed(one, "--box", "open") == [new]
        assert state(one, new)["status"] == "open"


def test_a_report_by_telephone_belongs_to_its_casebook_and_nothing_about_it_is_sent(both: Both) -> None:
    desk, second = both.desk, both.second
    file = desk.folder / "call"
    file.write_text("A hotel by the ring road", encoding="utf-8")
    desk.do("telephone", desk.home, "--text-file", file)
    call = next(one["id"] for one in desk.submissions() if one["id"] != both.tip)
    desk.do("mark", desk.home, call, "--status", "in work", "--label", "hotel", "--star")
    desk.do("mark", desk.home, call, "--owner", "reviewer")
    assert desk.run("mark", desk.home, call, "--owner", "second") == 1
    assert "in this casebook only" in desk.err
    assert (state(desk, call)["owner"], state(desk, call)["labels"]) == ("reviewer", ["hotel"])
    desk.do("delete", desk.home, call, "--because", "asked")
    assert " 0 changes" in both.carry(desk, second)
    assert second.json("share", "status", second.home)["without_tip"] == 0


def test_marks_of_a_thread_stay_at_both_when_the_tip_that_they_were_set_on_is_deleted(both: Both) -> None:
    desk, second = both.desk, both.second
    later = both.write_to(desk, second)
    desk.do("mark", desk.home, both.tip, "--status", "waiting", "--label", "farm", "--star", "--due", "2031-05-01")
    desk.do("mark", desk.home, both.tip, "--owner", "second")
    before = state(desk, later)
    both.carry(desk, second)
    desk.do("delete", desk.home, both.tip, "--because", "asked")
    both.carry(desk, second)
    for one in (desk, second):
        assert {**state(one, later), "waits_for_us_since": None} == {**before, "waits_for_us_since": None}
