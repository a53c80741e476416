"""Places and dates inside the home: said of an entity, masked and forgotten with it, and never too fine."""

from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, entities, findings, kept, kept_person, tell

TEXT = f"They call her Nadja. On 3 March 2025 they took her from Split to Hamburg. Call {NUMBER}, in Wien, Germany."


def places_of(desk: Desk, tip: str, kind: str = "place") -> dict[str, int]:
    """The findings of this kind by their words."""
    return {one["words"]: one["finding"] for one in findings(desk, tip, "--kind", kind)}


def test_places_and_dates_are_read_with_readings_and_wait_for_no_one(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    listed = {one["words"]: one["readings"] for one in findings(desk, tip) if one["kind"] in {"place", "date"}}
    assert listed["3 March 2025"] == ["2025-03-03/2025-03-03"]
    assert listed["Hamburg"] == ["geonames:2911298"]
    assert listed["Germany"] == ["country:DE"]
    summary = desk.json("findings", "list", desk.home)["new"]
    assert (summary["findings"], summary["tips"]) == (2, 1)  # name and number; places and dates are not counted
    assert desk.json("findings", "list", desk.home, tip)["also_in"] == []


def test_a_place_and_a_date_are_said_of_a_person_and_its_name_stays(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    person = kept_person(desk, tip, "Nadja")
    where = places_of(desk, tip)["Hamburg"]
    when = places_of(desk, tip, "date")["3 March 2025"]
    desk.do("findings", "keep", desk.home, str(where), str(when), "--to", person)
    (one,) = entities(desk)
    assert (one["entity"], one["kind"], one["name"]) == (person, "person", "Nadja")
    told = {each["kind"] for each in desk.json("entities", "show", desk.home, person)["findings"]}
    assert told == {"person", "place", "date"}
    assert "Hamburg, DE" in desk.do("entities", "show", desk.home, person)


def test_where_a_harmed_person_is_now_is_not_recorded_finer_than_a_country(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    person = kept_person(desk, tip, "Nadja")
    found = places_of(desk, tip)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    assert desk.run("findings", "keep", desk.home, str(found["Hamburg"]), "--to", person) == 1
    assert "not recorded finer than a region" in desk.err
    desk.do("findings", "keep", desk.home, str(found["Germany"]), "--to", person)
    (place,) = kept(desk, found["Hamburg"])
    lives = ("relate", desk.home, person, "lives-at", place, "--finding", str(found["Hamburg"]))
    assert desk.run(*lives) == 1
    assert desk.run(*lives, "--until", "2999-01-01") == 1
    desk.do(*lives, "--since", "2020-01-01", "--until", "2021-01-01")
    listed = desk.do("entities", "list", desk.home) + desk.do("findings", "list", desk.home)
    assert "Hamburg" not in listed  # it belongs to her only
    assert "Germany" not in listed


def test_a_place_of_our_own_that_is_stopped_is_no_finding(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    desk.do("findings", "mark", desk.home, "stopped", "in Split, Croatia")
    assert "Split" not in places_of(desk, tip)
    tell(desk, "again in Split", mailbox=2)
    assert "Split" not in desk.do("findings", "list", desk.home)


def test_forgetting_a_person_blacks_out_the_places_that_were_said_of_her(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    person = kept_person(desk, tip, "Nadja")
    desk.do("findings", "keep", desk.home, str(places_of(desk, tip)["Hamburg"]), "--to", person)
    desk.do("forget", desk.home, person)
    shown = desk.do("show", desk.home, tip)
    assert "Hamburg" not in shown
    assert "Nadja" not in shown
    assert "Split" in shown


def test_words_of_a_person_take_the_place_of_one_that_only_the_program_read(desk: Desk) -> None:
    tip = tell(desk, "she is at the Hamburg farm")
    desk.do("findings", "add", desk.home, tip, "the Hamburg farm", "--kind", "place")
    assert list(places_of(desk, tip)) == ["the Hamburg farm"]
    assert desk.run("findings", "add", desk.home, tip, "Hamburg", "--kind", "place") == 1


def test_a_country_that_an_answer_of_the_tip_names_chooses_among_towns_of_one_name(desk: Desk) -> None:
    (tip,) = desk.take_in(desk.server.seal(fields=[("text", "she is in London"), ("country", "Canada")]))
    assert [one["readings"] for one in findings(desk, tip) if one["words"] == "London"] == [["geonames:6058560"]]
