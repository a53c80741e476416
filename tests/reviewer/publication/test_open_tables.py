"""Open tables stand beside our own pattern with their source, and are joined to no one."""

from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import findings, kept, tell
from tests.template_rules import faults


def test_countries_of_kept_places_stand_beside_the_list_of_goods_counted_by_mailbox(desk: Desk) -> None:
    for mailbox in (1, 1, 2):
        tell(desk, "They brought us from Brazil to Hamburg.", mailbox=mailbox)
    places = [one["finding"] for one in findings(desk) if one["kind"] == "place"]
    assert desk.json("open-tables", desk.home)["countries"] == []
    kept(desk, *places)
    told = desk.json("open-tables", desk.home, "--indicators")
    brazil, germany = sorted(told["countries"], key=lambda one: str(one["country"]))
    assert (brazil["country"], brazil["mailboxes"], germany["country"]) == ("BR", 2, "DE")
    assert brazil["goods_with_child_labour"] > brazil["goods_with_forced_labour"] > 0
    assert (germany["goods_with_child_labour"], germany["goods_with_forced_labour"]) == (0, 0)
    assert len(told["indicators"]) == 11
    assert all(one["publisher"] and one["edition"] and one["licence"] for one in told["sources"])
    with open_desk(desk.home) as opened:
        assert "/published/open-tables" in opened.page("/published")
        page = opened.page("/published/open-tables?indicators=1")
        assert "US Department of Labor, ILAB, 2021, public domain in the US. Shipped" in seen(page)
        assert "Brazil" in seen(page)
        assert faults(page, source=False) == []
