"""Proposals of colleagues to delete: one stolen laptop cannot empty the others' casebooks."""

import datetime as dt
import hashlib

import pytest

from reviewer.casebook.proposals import MOST_PROPOSALS, QUARANTINE, SHOWN_DAYS
from reviewer.cases.proposals import (
    carry_out_due,
    confirm,
    hold_proposal,
    show_today,
    waiting_proposals,
)
from reviewer.cases.reply_to import reply_to
from reviewer.cases.retention import hold
from reviewer.errors import CasebookError, NoSuchSubmission
from reviewer.home.home import Home, open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk

DAY = dt.date(2030, 1, 1)


def after(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def propose(home: Home, short_id: str, *, number: int, reason: str = "junk", day: dt.date = DAY) -> str:
    uuid = hashlib.sha256(str(number).encode()).digest()[:16]
    sha256 = home.casebook.submissions.find(short_id).envelope.sha256
    assert home.casebook.proposals.receive(uuid, sha256, reviewer="second", reason=reason, today=day)
    return uuid.hex()


def open_tip(home: Home, short_id: str) -> None:
    home.casebook.log.add("show", short_id, today=DAY)


def work(home: Home, day: dt.date) -> int:
    """A day on which a colleague opens the casebook, and looks at the proposals twice."""
    for _twice in (1, 2):
        show_today(home, waiting_proposals(home), today=day)
    return carry_out_due(home, today=day)


def here(home: Home) -> int:
    return len(home.casebook.submissions.all())


def test_a_proposal_takes_effect_after_fourteen_days_on_which_it_was_shown(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal())
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        propose(home, short_id, number=1)
        open_tip(home, short_id)
        assert carry_out_due(home, today=after(4000)) == 0  # time alone does nothing
        for number in range(SHOWN_DAYS - 1):
            assert work(home, after(20 * number)) == 0
        assert work(home, after(9000)) == 1
        assert here(home) == 0
        assert waiting_proposals(home) == []
        assert home.casebook.deletions.all()[0].reason == "junk"
        assert home.casebook.proposals.ours() == []  # it is not sent on in our name
        sha256 = home.casebook.deletions.all()[0].envelope_sha256
        home.casebook.proposals.receive(b"u" * 16, sha256, reviewer="third", reason="junk", today=DAY)
        assert waiting_proposals(home) == []


def test_a_tip_with_an_answer_that_was_not_sent_yet_waits_for_a_person(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        propose(home, short_id, number=1)
        open_tip(home, short_id)
        tip = home.casebook.submissions.find(short_id)
        reply_to(home, tip, "Go to the shelter.", despite_two_keys=False, today=DAY)
        assert sum(work(home, after(number)) for number in range(2 * SHOWN_DAYS)) == 0
        (waiting,) = waiting_proposals(home)
        assert waiting.needs_person
        assert "an answer of ours to this tip was not sent yet" in waiting.fate()
        assert home.casebook.replies.waiting() == 1
        home.casebook.replies.mark_out(today=after(50))
        assert work(home, after(51)) == 1  # it was shown for long enough


def test_a_tip_that_no_one_opened_here_waits_for_a_person(desk: Desk) -> None:
    opened, unopened = desk.take_in(desk.server.seal(), desk.server.seal(submission_id=b"2" * 16))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for number, short_id in enumerate((opened, unopened)):
            propose(home, short_id, number=number)
        open_tip(home, opened)
        assert sum(work(home, after(number)) for number in range(50)) == 1
        (left,) = waiting_proposals(home)
        assert "no one has opened this tip here" in left.fate()
        confirm(home, left.proposal, today=after(50))
        assert here(home) == 0


def test_one_that_is_held_stays_whoever_held_it_and_so_does_a_tip_on_hold(desk: Desk) -> None:
    by_us, by_colleague, on_hold = desk.take_in(
        *(desk.server.seal(submission_id=bytes([number]) * 16) for number in (1, 2, 3))
    )
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        names = [propose(home, one, number=number) for number, one in enumerate((by_us, by_colleague, on_hold))]
        for one in (by_us, by_colleague, on_hold):
            open_tip(home, one)
        hold_proposal(home, home.casebook.proposals.find(names[0]), today=DAY)
        home.casebook.proposals.hold(bytes.fromhex(names[1]), by="third")
        propose(home, by_us, number=9, reason="law")  # again, after a person kept it
        hold(home, home.casebook.submissions.find(on_hold), "a hearing", today=DAY)
        assert sum(work(home, after(number)) for number in range(50)) == 0
        assert [one.fate() for one in waiting_proposals(home)] == [
            "reviewer keeps it",
            "third keeps it",
            "the tip is on hold here",
            "reviewer keeps it",
        ]


def test_a_stolen_laptop_that_proposes_everything_deletes_ten_tips_at_most_and_hides_no_more(desk: Desk) -> None:
    ids = desk.take_in(*(desk.server.seal(submission_id=number.to_bytes(16)) for number in range(25)))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for number, short_id in enumerate(ids):
            open_tip(home, short_id)
            propose(
                home, short_id, number=number, reason=QUARANTINE if number % 2 else "junk", day=after(number % 3)
            )
        assert len(home.casebook.proposals.hidden()) == MOST_PROPOSALS // 2
        assert sum(work(home, after(number)) for number in range(200)) == MOST_PROPOSALS
        assert here(home) == 15
        left = waiting_proposals(home)
        assert all(one.needs_person for one in left)
        assert len(home.casebook.overview.hidden()) == 0
        # The next ten of the thief wait as well, until thirty days have passed without one.
        home.casebook.proposals.receive(
            b"x" * 16, left[0].proposal.envelope_sha256, reviewer="second", reason="junk", today=after(29)
        )
        home.casebook.proposals.receive(
            b"y" * 16, left[0].proposal.envelope_sha256, reviewer="third", reason="junk", today=after(2)
        )
        home.casebook.proposals.receive(
            b"z" * 16, left[0].proposal.envelope_sha256, reviewer="second", reason="junk", today=after(60)
        )
        beyond = {one.proposal.uuid[:1]: one.proposal.is_beyond for one in waiting_proposals(home)[-3:]}
        assert beyond == {b"x": True, b"y": False, b"z": False}


def test_a_quarantine_hides_at_once_until_a_person_holds_it(desk: Desk) -> None:
    first, other = desk.take_in(desk.server.seal(), desk.server.seal(submission_id=b"2" * 16))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        name = propose(home, first, number=1, reason=QUARANTINE)
        assert len(home.casebook.overview.hidden()) == 1
        with pytest.raises(NoSuchSubmission, match="no one looks"):
            home.casebook.submissions.find(first)
        assert home.casebook.submissions.find(other)
        hold_proposal(home, home.casebook.proposals.find(name), today=DAY)
        assert home.casebook.submissions.find(first)
        assert home.casebook.overview.hidden() == set()


def test_a_proposal_is_kept_once_and_a_strange_one_is_refused(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal())
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        propose(home, short_id, number=1)
        (one,) = waiting_proposals(home)
        again = home.casebook.proposals.receive(
            one.proposal.uuid, one.proposal.envelope_sha256, reviewer="third", reason="junk", today=DAY
        )
        assert not again
        for uuid, reason in ((b"short", "junk"), (b"u" * 16, "two words"), (b"u" * 16, "")):
            with pytest.raises(CasebookError, match="proposal must have"):
                home.casebook.proposals.receive(uuid, bytes(32), reviewer="second", reason=reason, today=DAY)
