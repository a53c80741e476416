"""Old cases at the desk, and colleagues who ask to forget: shown first, then a second press."""

import re

from tests.reviewer.cases.test_old_cases import ROWS, spreadsheet
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.test_forgetting_rounds import at_both, carry
from tests.template_rules import faults


def test_a_table_is_shown_checked_and_kept_and_a_line_with_a_fault_is_named(desk: Desk) -> None:
    file = spreadsheet(desk, [*ROWS, ["1.2.2020", "\u202e<b>third</b>", "", "", ""]])
    with open_desk(desk.home) as opened:
        assert "/old-cases" in opened.page("/")
        page = opened.post("/old-cases/look", file=str(file), sheet="1").text
        assert "Columns of the text (3 rows)" in seen(page)
        chosen = {"file": str(file), "sheet": "1", "text": "What", "day": "When", "days": "dmy"}
        page = opened.post("/old-cases/look", **chosen).text
        assert "&lt;b&gt;third&lt;/b&gt;" in page
        assert "\u202e" not in page
        assert faults(page, source=False) == []
        assert opened.post("/old-cases/look", **chosen | {"days": "ymd"}).status_code == 422
        (sha256,) = re.findall(r'name="sha256" value="([0-9a-f]{64})"', page)
        page = opened.post("/old-cases/import", **chosen, sha256=sha256, publisher="our files").text
        assert "3 old cases are kept" in seen(page)
        assert "our files" in seen(page)
        refused = opened.post("/old-cases/import", **chosen, sha256="0" * 64)
        assert "the file has changed since it was shown" in refused.text
    assert len(desk.submissions()) == 3


def test_a_colleague_asks_to_forget_and_a_person_confirms_at_the_desk(desk: Desk, second: Colleague) -> None:
    person = at_both(desk, second)
    carry(desk, second)
    desk.do("forget", desk.home, person)
    carry(desk, second)
    with open_desk(second.home) as opened:
        page = opened.page("/")
        assert f"reviewer asks to forget {person}" in seen(page)
        (address,) = set(re.findall(r'href="(/proposals/forgetting/[0-9a-f]+)"', page))
        page = opened.page(address)
        assert "1 passage is blacked out" in seen(page)
        assert faults(page, source=False) == []
        opened.done(f"{address}/confirm")
        assert "No entity is here" in seen(opened.page("/entities"))
        assert "No colleague proposes a deletion" in seen(opened.page("/proposals"))
