"""Deletions and holds travel: two homes, by command, and a stolen laptop that deletes everything it has."""

import datetime as dt
from typing import Any

from reviewer.casebook.proposals import MOST_PROPOSALS, SHOWN_DAYS
from reviewer.cases.archive import add_note
from reviewer.cases.bin import let_go_of_due
from reviewer.cases.proposals import show_today, waiting_proposals
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk

DAY = dt.date(2031, 3, 1)


def take_in(desk: Desk, second: Colleague, count: int) -> list[str]:
    """Both import these tips, and a person at the second opens each of them."""
    envelopes = [
        desk.server.seal(submission_id=bytes([number]) * 16, mailbox=a_mailbox(number))
        for number in range(1, count + 1)
    ]
    bundle = desk.server.submissions(*envelopes)
    for one in (desk, second):
        one.do("import", one.home, one.write(bundle))
    ids = [str(one["id"]) for one in second.submissions()]
    with open_home(second.home, entry=SecretEntry(None)) as home:
        for short_id in ids:
            home.casebook.log.add("show", short_id, today=DAY)
    return ids


def carry(sender: Desk, reader: Desk) -> None:
    file = sender.folder / "for-colleagues"
    sender.do("share", "write", sender.home, file)
    reader.do("share", "read", reader.home, file)


def proposals(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.json("proposals", desk.home)["proposals"]
    return found


def work(desk: Desk, days: int) -> None:
    """Play ``days`` days on which a person opens the casebook and is shown the proposals."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for number in range(days):
            show_today(home, waiting_proposals(home), today=DAY + dt.timedelta(days=2 * number))
            let_go_of_due(home, today=DAY + dt.timedelta(days=2 * number))


def test_a_deletion_reaches_the_colleague_with_its_reason_and_needs_a_person_or_fourteen_days(
    desk: Desk, second: Colleague
) -> None:
    first, other, kept = take_in(desk, second, 3)
    for tip, reason in ((first, "asked"), (other, "harm"), (kept, "junk")):
        with open_home(desk.home, entry=SecretEntry(None)) as home:
            add_note(home, home.casebook.submissions.find(tip), "a word about it", today=DAY)
        carry(desk, second)
        desk.do("delete", desk.home, tip, "--because", reason)
    carry(desk, second)
    told = {str(one["envelope_sha256"])[:12]: one for one in proposals(second)}
    assert {tip: (one["reviewer"], one["reason"]) for tip, one in told.items()} == {
        first: ("reviewer", "asked"),
        other: ("reviewer", "harm"),
        kept: ("reviewer", "junk"),
    }
    second.do("proposals", second.home, "--confirm", told[first]["name"])
    second.do("proposals", second.home, "--hold", told[kept]["name"])
    assert [one["id"] for one in second.submissions()] == [other, kept]
    work(second, SHOWN_DAYS)
    assert [one["id"] for one in second.submissions()] == [kept]
    assert second.show(kept)["notes"]
    # Sent again, nothing comes back, and nothing is asked of the one who deleted first.
    carry(second, desk)
    carry(desk, second)
    assert desk.submissions() == proposals(desk) == []
    assert [one["id"] for one in second.submissions()] == [kept]


def test_one_colleague_who_holds_keeps_the_tip_at_every_other_in_any_order(desk: Desk, second: Colleague) -> None:
    (tip,) = take_in(desk, second, 1)
    third = Colleague(desk, "third")
    third.join()
    manifest = desk.issue("--with", third.offer())
    for one in (second, third):
        one.adopt(manifest)
    desk.do("delete", desk.home, tip, "--because", "other")
    carry(desk, second)
    second.do("hold", second.home, tip, "--because", "a hearing")
    work(second, 1)
    carry(second, third)
    carry(desk, third)
    assert [(one["state"], one["held_by"]) for one in proposals(third)] == [("held", "second")]


def test_a_stolen_laptop_that_deletes_everything_takes_ten_tips_of_a_colleague_at_most(
    desk: Desk, second: Colleague
) -> None:
    ids = take_in(desk, second, MOST_PROPOSALS + 5)
    for number, tip in enumerate(ids):
        desk.do("delete", desk.home, tip, "--because", "quarantine" if number % 2 else "junk")
    carry(desk, second)
    with open_home(second.home, entry=SecretEntry(None)) as home:
        assert len(home.casebook.overview.hidden()) == MOST_PROPOSALS // 2
    work(second, 10 * SHOWN_DAYS)
    assert len(second.submissions()) == 5
    assert len(proposals(second)) == 5


def test_a_file_in_quarantine_is_hidden_at_the_colleague_at_once_and_ten_of_one_colleague_at_most(
    desk: Desk, second: Colleague
) -> None:
    count = MOST_PROPOSALS + 3
    files = [(f"{number}.bin", "application/octet-stream", bytes([number]) * 100) for number in range(count)]
    bundle = desk.server.submissions(desk.server.seal(files=files, mailbox=a_mailbox()))
    for one in (desk, second):
        one.do("import", one.home, one.write(bundle))
    (tip,) = [str(one["id"]) for one in desk.submissions()]
    desk.do("quarantine", desk.home, tip, "1")
    carry(desk, second)
    (found,) = second.json("quarantines", "list", second.home)["quarantines"]
    assert (found["found_by"], found["custody"][0]["tip"]) == ("colleague reviewer", tip)
    assert second.run("look", second.home, tip, "1") == 1
    assert "in quarantine" in second.err
    # It is destroyed here by the rule of this casebook, after a report of its own.
    second.do("quarantines", "rule", second.home, "destroy-after-report")
    second.leave("quarantines", "report", second.home, found["sha256"], "--to", second.folder / "report")
    (found,) = second.json("quarantines", "list", second.home)["quarantines"]
    assert found["custody"][0]["destroyed"]
    for number in range(2, count + 1):
        desk.do("quarantine", desk.home, tip, str(number))
    carry(desk, second)
    told = second.do("quarantines", "list", second.home)
    assert told.count("found by colleague reviewer") == MOST_PROPOSALS
    assert "3 files that colleagues put into quarantine are not in quarantine here" in told
    carry(desk, second)
    assert second.do("quarantines", "list", second.home) == told
