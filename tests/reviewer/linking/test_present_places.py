"""The present place of a harmed person goes with the word that she was harmed; ours are no finding."""

from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import entities, findings, tell

TEXT = "Nadja sleeps in the old mill; Karel too"


def kept_as(desk: Desk, tip: str, words: str, kind: str) -> tuple[str, str]:
    """An entity that is kept by hand, and its finding."""
    told = desk.do("findings", "add", desk.home, tip, words, "--kind", kind)
    return told.split()[-1], told.split()[2].rstrip(",")


def relations(desk: Desk, entity: str) -> list[str]:
    return [one["kind"] for one in desk.json("entities", "open", desk.home, entity, "--because", "a")["relations"]]


def test_a_place_noted_before_goes_when_a_tip_or_a_decision_says_that_the_person_was_harmed(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    person, passage = kept_as(desk, tip, "Nadja", "person")
    mill, _ = kept_as(desk, tip, "old mill", "place")
    other, other_passage = kept_as(desk, tip, "Karel", "person")
    desk.do("relate", desk.home, person, "lives-at", mill, "--finding", passage)
    desk.do("relate", desk.home, other, "lives-at", mill, "--finding", other_passage)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    assert relations(desk, person) == []
    assert relations(desk, other) == ["lives-at"]
    desk.do("links", "decide", desk.home, person, other, "same", "--because", "one person")
    assert relations(desk, other) == []
    assert {one["entity"]: one["name"] for one in entities(desk)}[mill.replace("E", "P")] is None
    assert desk.run("relate", desk.home, other, "lives-at", mill, "--finding", other_passage) == 1
    assert "not recorded finer than a region" in desk.err


def test_a_place_of_our_own_on_the_stop_list_is_no_finding(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    desk.do("findings", "mark", desk.home, "stopped", "the  Old Mill", "--place")
    assert desk.run("findings", "add", desk.home, tip, "the old mill", "--kind", "place") == 1
    assert "is on the stop list" in desk.err
    assert [one["kind"] for one in findings(desk) if one["kind"] == "place"] == []
    desk.do("findings", "mark", desk.home, "stopped", "the old mill", "--place", "--undo")
    desk.do("findings", "add", desk.home, tip, "the old mill", "--kind", "place")
