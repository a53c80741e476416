"""The wishes of a source reach anyone who reads its message: danger first, "no answer", the page's language."""

import pytest

from crypto.submissions.submission import Kind
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk


def test_danger_stands_first_in_the_list_whatever_came_later(desk: Desk) -> None:
    envelopes = [
        desk.server.seal(fields=[("text", "calm")], submission_id=b"1" * 16),
        desk.server.seal(fields=[("text", "help"), ("urgent", "yes")], submission_id=b"2" * 16),
        desk.server.seal(fields=[("text", "calm too"), ("urgent", "no")], submission_id=b"3" * 16),
        desk.server.seal(fields=[("act", "not-safe")], kind=Kind.ACT, submission_id=b"4" * 16),
    ]
    calm, urgent, calm_too, not_safe = desk.take_in(*envelopes)
    listed = desk.submissions()
    assert [one["id"] for one in listed] == [urgent, not_safe, calm, calm_too]
    assert [one["urgent"] for one in listed] == [True, True, False, False]
    lines = desk.do("list", desk.home).splitlines()
    assert [line.split()[0] for line in lines] == [urgent, not_safe, calm, calm_too]
    assert "URGENT  help" in lines[0]
    assert "URGENT  not-safe" in lines[1]
    assert "URGENT" not in lines[2] + lines[3]


def test_show_says_danger_no_answer_and_language_at_its_head_and_not_once_more_as_fields(desk: Desk) -> None:
    fields = [("text", "What I saw."), ("urgent", "yes"), ("answer", "no"), ("language", "ar")]
    (short_id,) = desk.take_in(desk.server.seal(fields=fields))
    shown = desk.do("show", desk.home, short_id)
    head, _, rest = shown.partition("message:")
    assert "URGENT " in head
    assert "none is wanted" in head
    assert "page read in     ar" in head
    assert "urgent:" not in rest
    assert "language:" not in rest
    assert desk.show(short_id)["wants_answer"] is False
    (listed,) = desk.submissions()
    assert (listed["urgent"], listed["wants_answer"], listed["language"]) == (True, False, "ar")
    assert "URGENT  no answer  [ar]  What I saw." in desk.do("list", desk.home)


def test_who_wants_no_answer_gets_none(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "What I saw."), ("answer", "no")]))
    (desk.folder / "reply.txt").write_text("we come", encoding="utf-8")
    assert desk.run("reply", desk.home, short_id, "--text-file", desk.folder / "reply.txt") == 1
    assert "has no mailbox to reply to" in desk.err
    assert "wants no answer" in desk.err


@pytest.mark.parametrize("value", ["\x1b[31mred", "x" * 5000, "\u202eevil", ""])
def test_a_language_that_is_none_harms_nothing(desk: Desk, value: str) -> None:
    fields = [("text", "What I saw."), ("language", value), ("urgent", "\x1b[2J")]
    (short_id,) = desk.take_in(desk.server.seal(fields=fields, mailbox=a_mailbox()))
    for printed in (desk.do("list", desk.home), desk.do("show", desk.home, short_id)):
        assert not set(printed) & {"\x1b", "\u202e"}
        assert "URGENT" not in printed
        assert max(len(line) for line in printed.splitlines()) <= 160
    assert "urgent:" in desk.do("show", desk.home, short_id)
