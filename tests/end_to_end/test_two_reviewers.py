"""Two reviewers and two servers: all four machines write and read each other's real bytes."""

import datetime as dt

from crypto.passphrases.mailbox import reply_tag
from crypto.submissions.reply import ReplyRow, open_reply
from tests.days_served import serve_for
from tests.end_to_end.line import Line
from tests.end_to_end.real_server import RealServer
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk


def _texts(reviewer: Desk) -> list[str]:
    shown = [reviewer.show(row["id"]) for row in reviewer.submissions()]
    return sorted(field["value"] for one in shown for field in one["fields"])


def _reply(reviewer: Desk, text: str) -> None:
    (reviewer.folder / "answer").write_text(text, encoding="utf-8")
    newest = reviewer.submissions()[0]["id"]
    owner = reviewer.json("owner", reviewer.home, newest)["owner"]
    told = ("--instead-of", owner, "--confirm-contents")
    reviewer.do("reply", reviewer.home, newest, "--text-file", reviewer.folder / "answer", *told)


def _replies(server: RealServer) -> dict[str, bytes]:
    """The replies that the source reads there, with the id of each."""
    mailbox = a_mailbox()
    mine = [
        reply_id
        for reply_id, salt, tag in server.store.replies.tags()
        if reply_tag(mailbox.mailbox_id, salt=salt) == tag
    ]
    rows = [ReplyRow(*row) for row in server.store.replies.rows(mine)]
    return {open_reply(row, key=mailbox.source_key).text: row.reply_id for row in rows}


def test_both_open_the_same_tips_both_answer_and_both_receipts_delete(line: Line) -> None:
    for server, text in zip(line.servers, ("to the first server", "to the second server"), strict=True):
        server.receive(text)
    line.carry_out(line.first, line.second)
    for reviewer in (line.first, line.second):
        assert _texts(reviewer) == ["to the first server", "to the second server"]
        _reply(reviewer, f"answer from {reviewer.home.parent.name}")
        reviewer.backup()
    assert [done.deleted for done in line.carry_in(line.first)] == [0, 0]
    assert line.waiting() == [1, 1]
    assert [done.deleted for done in line.carry_in(line.second)] == [1, 1]
    assert line.waiting() == [0, 0]
    for server in line.servers:
        assert len(_replies(server)) == 2


def test_losing_one_reviewer_never_loses_a_tip_when_there_are_two(line: Line) -> None:
    """One laptop dies at every moment of a round: before the import, after it, and before the backup."""
    line.servers[0].receive("before the import")
    line.carry_out(line.second)
    line.servers[1].receive("no one has imported it")
    # The first laptop is lost now, with everything; it had taken in nothing.
    line.carry_out(line.second)
    assert _texts(line.second) == ["before the import", "no one has imported it"]
    line.second.backup()
    assert [done.deleted for done in line.carry_in(line.second)] == [0, 0], "the lost one has not receipted"
    for server in line.servers:
        serve_for(server.store, 30)
    assert [done.deleted for done in line.carry_in(line.second)] == [1, 1]
    # With the root medium the other goes on, alone.
    line.second.do("reviewers", "remove", line.second.home, "reviewer")
    line.adopt(line.second.issue())
    line.servers[0].receive("after the loss")
    line.carry_out(line.second)
    assert "after the loss" in _texts(line.second)
    line.second.backup()
    assert [done.deleted for done in line.carry_in(line.second)] == [1, 0]


def test_whoever_joins_starts_at_the_first_bundle_that_names_it_and_whoever_is_removed_gets_no_more(
    line: Line,
) -> None:
    line.servers[0].receive("before the third came")
    line.carry_out(line.first, line.second)
    third = Colleague(line.first, "third")
    third.join()
    manifest = line.first.issue("--with", third.offer())
    line.adopt(manifest)
    for one in (line.second, third):
        one.adopt(manifest)
    line.servers[0].receive("for three")
    line.carry_out(line.first, line.second, third)
    assert _texts(third) == ["for three"]
    for one in (line.first, line.second):
        assert _texts(one) == ["before the third came", "for three"]
        one.backup()
        line.carry_in(one)
    assert line.waiting() == [1, 0], "what came before the third needs no receipt of it, what came after does"
    third.backup()
    line.carry_in(third)
    assert line.waiting() == [0, 0]

    line.first.do("reviewers", "remove", line.first.home, "third")
    manifest = line.first.issue()
    line.adopt(manifest)
    line.second.adopt(manifest)
    line.servers[0].receive("for two again")
    line.carry_out(line.first, line.second)
    stick = line.first.folder / "stick"
    stick.write_bytes(line.servers[0].export())
    assert third.run("import", third.home, stick) == 1
    assert "not for" in third.err or "no bundle in this file is sealed to this reviewer" in third.err
    assert _texts(third) == ["for three"]
    assert _texts(line.second)[-1] == "for two again"


def test_a_reply_that_the_source_deletes_on_one_server_is_withdrawn_from_the_other_by_whoever_wrote_it(
    line: Line,
) -> None:
    line.servers[0].receive("a tip")
    line.carry_out(line.first, line.second)
    for reviewer, text in ((line.first, "from the first"), (line.second, "from the second")):
        _reply(reviewer, text)
        line.carry_in(reviewer)
    doomed = _replies(line.servers[1])["from the second"]
    line.servers[0].receive_act(("act", "delete"), ("reply", doomed.hex()))
    line.carry_out(line.first, line.second)
    for reviewer in (line.first, line.second):
        line.carry_in(reviewer)
    assert set(_replies(line.servers[1])) == {"from the first"}


def test_a_week_is_retired_by_both_when_both_servers_have_closed_it(line: Line) -> None:
    week = line.servers[0].policy.intake().week
    line.servers[0].receive("a tip")
    line.carry_out(line.first, line.second)
    line.servers[0].clock.day = week.last_day + dt.timedelta(days=1)
    line.carry_out(line.first, line.second)
    for reviewer in (line.first, line.second):
        reviewer.backup()
        assert reviewer.run("keys", "retire", reviewer.home, "--week", str(week)) == 1
        assert f"server other has not signed that week {week} is closed" in reviewer.err
        assert "server server has not signed" not in reviewer.err
    line.servers[1].clock.day = week.last_day + dt.timedelta(days=1)
    line.carry_out(line.first, line.second)
    for reviewer in (line.first, line.second):
        reviewer.do("keys", "retire", reviewer.home, "--week", str(week))
        assert f"destroyed        intake-{week}" in reviewer.out
