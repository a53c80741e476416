"""Tips set aside go out of the way, danger or not; nothing is lost, each step is in the log."""

from crypto.submissions.submission import Kind
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk


def test_what_was_set_aside_stands_last_until_it_is_brought_back(desk: Desk) -> None:
    urgent, calm = desk.take_in(
        desk.server.seal(fields=[("text", "help"), ("urgent", "yes")], mailbox=a_mailbox()),
        desk.server.seal(fields=[("text", "calm")], submission_id=b"2" * 16),
    )
    assert [one["id"] for one in desk.submissions()] == [urgent, calm]
    desk.do("archive", desk.home, urgent)
    assert [one["id"] for one in desk.submissions()] == [calm, urgent]
    assert "archived  URGENT  help" in desk.do("list", desk.home)
    # What comes from the same mailbox later is news, and stands first again.
    (not_safe,) = desk.take_in(
        desk.server.seal(fields=[("act", "not-safe")], kind=Kind.ACT, mailbox=a_mailbox(), submission_id=b"3" * 16)
    )
    assert [one["id"] for one in desk.submissions()] == [not_safe, calm, urgent]
    desk.do("handled", desk.home, urgent, "--undo")  # the earlier name of the command
    assert [one["id"] for one in desk.submissions()] == [urgent, not_safe, calm]
    acts = [line["act"] for line in desk.json("log", "show", desk.home)]
    assert acts.count("set aside") == acts.count("brought back") == 1
