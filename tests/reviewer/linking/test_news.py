"""After a month in which no one looked, one screen sums up what is new."""

import datetime as dt

from system.clock import today
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, tell


def away_for(desk: Desk, days: int) -> dt.date:
    """No one opened the casebook for this number of days."""
    last = today() - dt.timedelta(days=days)
    desk.tamper("DELETE FROM opened_days", f"INSERT INTO opened_days (day) VALUES ('{last}')")  # noqa: S608
    return last


def test_after_a_month_the_first_page_sums_up_tips_findings_questions_and_colleagues(desk: Desk) -> None:
    tell(desk, f"call {NUMBER}", mailbox=1)
    tell(desk, f"again {NUMBER}, boss@example.org", mailbox=2)
    last = away_for(desk, 31)
    with open_desk(desk.home) as opened:
        page = seen(opened.page("/"))
        for words in (
            f"No one was here for 31 days, since {last.isoformat()}",
            "2 tips came, mailboxes: 2",
            "3 findings are new; of these stood in earlier tips: 1",
            "0 questions are open",
            "0 decisions of colleagues",
            "0 proposals of colleagues to delete or forget",
        ):
            assert words in page
    news = desk.json("news", desk.home)
    assert (news["days"], news["tips"], news["findings"], news["stood_before"]) == (31, 2, 3, 1)
    assert "2, of 2 mailboxes, 0 in danger" in desk.do("news", desk.home)


def test_the_day_after_there_is_no_summary(desk: Desk) -> None:
    tell(desk, f"call {NUMBER}")
    away_for(desk, 1)
    with open_desk(desk.home) as opened:
        assert "No one was here" not in seen(opened.page("/"))
