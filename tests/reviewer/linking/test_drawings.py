"""Graph, timeline and map of one entity, each with its table; files hold no more than was shown."""

import re
from pathlib import Path

import pytest

from reviewer.atlas.outlines import Outlines
from reviewer.linking.drawn_entity import PlaceRow
from reviewer.linking.entity_pictures import map_picture
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import findings, kept_person, tell
from tests.template_rules import faults

TEXT = "Karel took us. On 3 March 2025 we came from Split to Hamburg, in Germany; in London we hid. <b>\u202eX</b>"


def a_person_with_places(desk: Desk) -> tuple[str, str]:
    """A person of whom a tip tells places and a day; the tip and the entity."""
    tip = tell(desk, TEXT)
    person = kept_person(desk, tip, "Karel")
    found = {one["words"]: str(one["finding"]) for one in findings(desk, tip) if one["kind"] in {"place", "date"}}
    said = [found[one] for one in ("3 March 2025", "Hamburg", "Germany", "London")]
    desk.do("findings", "keep", desk.home, *said, "--to", person)
    return tip, person


def knows_one_who_hid(desk: Desk, tip: str, person: str, words: str = "hid") -> str:
    """Another person of the tip, whom this one knows."""
    other = kept_person(desk, tip, words)
    finding = next(one["finding"] for one in findings(desk, tip) if one["entity"] == other)
    desk.do("relate", desk.home, person, "knows", other, "--finding", str(finding))
    return other


def svg_of(page: str) -> str:
    """The drawing of a page."""
    return page[page.index("<svg") : page.index("</svg>")]


def test_a_town_is_a_ring_a_country_its_edge_and_a_name_of_towns_in_several_countries_is_not_drawn(
    desk: Desk,
) -> None:
    _tip, person = a_person_with_places(desk)
    rows = {row[0]: row[1:] for row in desk.json("map", desk.home, person)["rows"]}
    assert rows["Hamburg"] == ["Hamburg, Germany", "a ring as wide as the town"]
    assert rows["Germany"] == ["Germany", "the country's edge"]
    assert rows["London"][1].startswith("not drawn: 2 towns")
    with open_desk(desk.home) as opened:
        page = opened.page(f"/entity/{person[2:]}/map")
    assert page.count('class="ring"') == 1
    assert page.count('class="named"') == 1
    assert faults(page, source=False, may_draw=True) == []
    assert "style=" not in page


def test_each_drawing_is_the_same_twice_and_has_its_table_and_links_at_the_desk(desk: Desk) -> None:
    tip, person = a_person_with_places(desk)
    other = kept_person(desk, tip, "<b>\u202eX")
    with open_desk(desk.home) as opened:
        for what in ("graph", "timeline", "map"):
            page = opened.page(f"/entity/{person[2:]}/{what}")
            assert svg_of(page) == svg_of(opened.page(f"/entity/{person[2:]}/{what}")), what
            assert faults(page, source=False, may_draw=True) == []
            assert "\u202e" not in page
            assert "<b>" not in page
            assert "<table" in page
        assert f'<a href="/entity/{other[2:]}">' in opened.page(f"/entity/{person[2:]}/graph")
        assert f'<a href="/tip/{tip}/findings">' in opened.page(f"/entity/{person[2:]}/timeline")
        assert "stands in one tip with" in seen(opened.page(f"/entity/{person[2:]}/graph"))
        assert "2025-03-03" in seen(opened.page(f"/entity/{person[2:]}/timeline"))


def test_a_file_has_no_tip_no_day_of_arrival_no_name_and_no_metadata(desk: Desk, tmp_path: Path) -> None:
    tip, person = a_person_with_places(desk)
    other = knows_one_who_hid(desk, tip, person)
    withdrawn = knows_one_who_hid(desk, tip, person, "came")
    desk.do("consents", "withdraw", desk.home, withdrawn, "--by", "himself")
    for name in ("graph.svg", "graph.graphml", "graph.csv", "timeline.svg", "timeline.csv", "map.svg", "map.csv"):
        what, out = name.partition(".")[0], tmp_path / name
        shown = desk.do(what, desk.home, person, "--out", str(out), "--dry-run")
        assert not out.exists()
        assert desk.run(what, desk.home, person, "--out", str(out), "--on-disk") == 1
        assert "nothing leaves in one step" in desk.err
        desk.leave(what, desk.home, person, "--out", str(out), "--on-disk")
        content = out.read_text(encoding="utf-8")
        again = tmp_path / f"again-{name}"
        desk.leave(what, desk.home, person, "--out", str(again), "--on-disk")
        assert again.read_text(encoding="utf-8") == content
        assert out.stat().st_mode & 0o777 == 0o600
        for hidden in (tip, "arrived", "Karel", "<!--", "metadata", "href", "tipline", withdrawn, "one tip"):
            assert hidden not in content, name
            assert hidden not in shown.replace("tipline-review", ""), name
    assert other in (tmp_path / "graph.csv").read_text(encoding="utf-8")
    desk.leave("graph", desk.home, person, "--out", str(tmp_path / "n.csv"), "--names", "--on-disk")
    assert "Karel" in (tmp_path / "n.csv").read_text(encoding="utf-8")
    assert desk.run("graph", desk.home, person, "--out", str(tmp_path / "n.csv"), "--on-disk") == 1
    assert desk.run("graph", desk.home, person, "--out", str(tmp_path / "n.png"), "--on-disk") == 1


def test_a_harmed_person_is_drawn_for_a_reason_only_never_finer_than_a_country_and_never_into_a_file(
    desk: Desk, tmp_path: Path
) -> None:
    tip, person = a_person_with_places(desk)
    boss = kept_person(desk, tip, "hid")
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    for what in ("graph", "timeline", "map"):
        assert desk.run(what, desk.home, person) == 1
        assert "protected or closed" in desk.err
        assert desk.run(what, desk.home, person, "--out", str(tmp_path / f"{what}.csv"), "--on-disk") == 1
    rows = {row[0]: row[1:] for row in desk.json("map", desk.home, person, "--because", "her lawyer")["rows"]}
    assert rows == {"Germany": ["Germany", "the country's edge: a harmed person's place is not shown finer"]}
    assert desk.run("graph", desk.home, boss, "--out", str(tmp_path / "boss.csv"), "--on-disk", "--dry-run") == 1
    with open_desk(desk.home) as opened:
        page = opened.page(f"/entity/{person[2:]}/map")
        assert "<svg" not in page
        assert "Hamburg" not in page
        page = opened.post(f"/entity/{person[2:]}/map", because="her lawyer").text
        assert "<svg" in page
        assert 'class="ring"' not in page


def test_at_most_sixty_neighbours_are_drawn_and_the_rest_is_counted(desk: Desk) -> None:
    words = [f"w{number:02d}x" for number in range(65)]
    tip = tell(desk, "Karel and " + " ".join(words))
    person = kept_person(desk, tip, "Karel")
    for one in words:
        desk.do("findings", "add", desk.home, tip, one, "--kind", "organisation")
    told = desk.json("graph", desk.home, person)
    assert told["notes"] == ["and 5 more"]
    with open_desk(desk.home) as opened:
        page = opened.page(f"/entity/{person[2:]}/graph")
    assert page.count('class="node"') == 60
    assert "and 5 more" in page


@pytest.mark.parametrize("what", ["graph", "timeline", "map"])
def test_what_leaves_from_the_desk_is_shown_before_it_is_written(desk: Desk, tmp_path: Path, what: str) -> None:
    tip, person = a_person_with_places(desk)
    knows_one_who_hid(desk, tip, person)
    out = tmp_path / f"{what}.svg"
    with open_desk(desk.home) as opened:
        address = f"/entity/{person[2:]}/{what}/leave"
        shown = opened.post(address)
        assert shown.status_code == 200
        assert "What would leave" in seen(shown.text)
        assert tip not in shown.text
        assert not out.exists()
        code = shown.text.split('name="code" value="')[1].split('"')[0]
        more = {"on-disk": "yes", "write": "yes", "out": str(out)}
        assert opened.post(address, code="0" * len(code), **more).status_code == 422
        assert not out.exists()
        assert opened.post(address, code=code, **more).status_code == 200
    assert out.read_text(encoding="utf-8").startswith("<svg xmlns=")
    assert re.search(r"href|<a ", out.read_text(encoding="utf-8")) is None


def test_a_place_that_may_be_where_a_harmed_person_is_now_is_drawn_as_its_country() -> None:
    drawn = map_picture([PlaceRow("Hamburg", ["geonames:2911298"], "", is_coarse=True)])
    assert [cells[1] for cells, _entity, _tip in drawn.rows] == ["Germany"]
    looks = [shape.look for group in drawn.groups for shape in group.shapes]
    assert looks.count("named") == 1
    assert "ring" not in looks


def test_a_person_says_which_town_of_a_name_is_meant_and_it_is_drawn_then(desk: Desk) -> None:
    tip, person = a_person_with_places(desk)
    london = next(one for one in findings(desk, tip) if one["words"] == "London")
    assert desk.run("findings", "reading", desk.home, str(london["finding"]), "geonames:1") == 1
    with open_desk(desk.home) as opened:
        assert "London, CA" in opened.page(f"/tip/{tip}/findings")
        address = f"/tip/{tip}/findings/{london['finding']}"
        opened.done(address, act="reading", reading="geonames:6058560")
    rows = {row[0]: row[1:] for row in desk.json("map", desk.home, person)["rows"]}
    assert rows["London"] == ["London, Canada", "a ring as wide as the town"]
    desk.do("findings", "list", desk.home, "--again")
    assert desk.json("map", desk.home, person)["rows"][-1][1] in {"London, Canada", "Germany", "Hamburg, Germany"}


def test_without_the_outlines_the_map_says_so_and_has_its_table() -> None:
    rows = [PlaceRow("Hamburg", ["geonames:2911298"], "", is_coarse=False)]
    whole, without = map_picture(rows), map_picture(rows, edges=Outlines("no such file"))
    assert (whole.rows, whole.notes) == (without.rows, [])
    assert without.notes == ["the outlines of countries: file missing"]
    assert len(whole.groups) > len(without.groups) == 1
    only_country = [PlaceRow("Germany", ["country:DE"], "", is_coarse=False)]
    assert map_picture(only_country, edges=Outlines("no such file")).groups == ()
