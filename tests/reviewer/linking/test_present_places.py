"""The present place of a harmed person is kept no finer than a region; ours are no finding."""

from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import findings, tell

TEXT = "Nadja sleeps in the Boston farm, in the county of Fensea; Karel too"


def kept_as(desk: Desk, tip: str, words: str, kind: str) -> tuple[str, str]:
    """An entity that is kept by hand, and its finding."""
    told = desk.do("findings", "add", desk.home, tip, words, "--kind", kind)
    number = told.split()[2].rstrip(",")
    return told.split()[-1], number


def relations(desk: Desk, entity: str) -> list[str]:
    return [one["kind"] for one in desk.json("entities", "open", desk.home, entity, "--because", "a")["relations"]]


def test_the_present_place_of_a_harmed_person_is_refused_and_a_region_or_a_past_day_is_not(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    (person, passage), (farm, _) = kept_as(desk, tip, "Nadja", "person"), kept_as(desk, tip, "Boston farm", "place")
    region, _ = kept_as(desk, tip, "county of Fensea", "region")
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    for kind in ("lives-at", "seen-at", "travelled-to"):
        assert desk.run("relate", desk.home, person, kind, farm, "--finding", passage) == 1
        assert "never kept finer than a region" in desk.err
    desk.do("relate", desk.home, person, "lives-at", region, "--finding", passage)
    desk.do("relate", desk.home, person, "seen-at", farm, "--finding", passage, "--until", "2020-01-02")
    assert relations(desk, person) == ["lives-at", "seen-at"]


def test_a_place_noted_before_goes_when_a_tip_calls_the_person_harmed(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    (person, passage), (farm, _) = kept_as(desk, tip, "Nadja", "person"), kept_as(desk, tip, "Boston farm", "place")
    other, other_passage = kept_as(desk, tip, "Karel", "person")
    desk.do("relate", desk.home, person, "lives-at", farm, "--finding", passage)
    desk.do("relate", desk.home, other, "lives-at", farm, "--finding", other_passage)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    assert relations(desk, person) == []
    assert relations(desk, other) == ["lives-at"]
    desk.do("links", "decide", desk.home, person, other, "same", "--because", "one person")
    assert relations(desk, other) == []


def test_a_place_of_our_own_on_the_stop_list_is_no_finding(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    desk.do("findings", "mark", desk.home, "stopped", "the  Boston Farm", "--place")
    assert desk.run("findings", "add", desk.home, tip, "the Boston farm", "--kind", "place") == 1
    assert "is on the stop list" in desk.err
    assert [one["kind"] for one in findings(desk) if one["kind"] == "place"] == []
    desk.do("findings", "mark", desk.home, "stopped", "the Boston farm", "--place", "--undo")
    desk.do("findings", "add", desk.home, tip, "the Boston farm", "--kind", "place")
