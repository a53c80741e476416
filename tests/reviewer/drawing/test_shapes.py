"""Shapes of drawings: whole numbers, each label on a line of its own, and nothing finer than what was given."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.atlas.outlines import Outlines, outlines
from reviewer.atlas.packed_file import FileState
from reviewer.drawing.graph import draw_graph
from reviewer.drawing.layout import LINE, WIDTH, shown_and_left_out
from reviewer.drawing.map import Spot, draw_map
from reviewer.drawing.timeline import draw_timeline

BERLIN = Spot(52.52, 13.41, 3_400_000)


@pytest.mark.parametrize("neighbours", [0, 1, 2, 7, 60])
def test_in_a_graph_no_two_labels_of_a_side_share_a_line_and_all_lie_inside(neighbours: int) -> None:
    drawn = draw_graph([0, *[1] * neighbours], [(0, place) for place in range(1, neighbours + 1)])
    assert len(drawn.nodes) == neighbours + 1
    for side in ("start", "end"):
        lines = sorted(node.label.y for node in drawn.nodes[1:] if node.label.anchor == side)
        assert all(other - one >= LINE - 1 for one, other in pairwise(lines))
    assert all(0 < node.place.x < WIDTH and 0 < node.place.y < drawn.height for node in drawn.nodes)
    assert draw_graph([0, *[1] * neighbours], []).nodes == drawn.nodes


def test_a_graph_without_a_middle_or_with_a_line_to_nowhere_is_refused() -> None:
    for steps, lines in (([], []), ([1], []), ([0, 0], []), ([0], [(0, 1)])):
        with pytest.raises(ValueError, match="must"):
            draw_graph(steps, lines)


DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1))


@given(st.lists(st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair))), min_size=1, max_size=30))
def test_in_a_timeline_an_earlier_day_never_lies_further_right(spans: list[tuple[dt.date, dt.date]]) -> None:
    drawn = draw_timeline(spans)
    assert len(drawn.marks) <= 11
    for bar in drawn.bars:
        assert drawn.left <= bar.x <= drawn.right
    ordered = sorted(zip((first for first, _ in spans), (bar.x for bar in drawn.bars), strict=True))
    assert all(one[1] <= other[1] for one, other in pairwise(ordered))


def test_a_timeline_needs_spans_that_do_not_end_before_they_begin() -> None:
    for spans in ([], [(dt.date(2025, 2, 1), dt.date(2025, 1, 1))]):
        with pytest.raises(ValueError, match="spans"):
            draw_timeline(spans)


def test_a_ring_is_as_wide_as_its_town_and_a_country_has_an_edge_and_no_ring() -> None:
    drawn = draw_map([BERLIN], ["IT"], outlines())
    (ring,) = drawn.rings
    assert ring.radius >= 6
    assert [one.country for one in drawn.edges if one.is_named] == ["IT"]
    assert draw_map([], ["MT"], outlines()).rings == []
    assert drawn == draw_map([BERLIN], ["IT"], outlines())


def test_a_path_of_a_map_is_made_of_numbers_only() -> None:
    drawn = draw_map([BERLIN, Spot(-33.9, 151.2, 5_000_000)], ["IT", "US", "FJ"], outlines())
    assert len(drawn.edges) > 100
    assert set("".join(one.path for one in drawn.edges)) <= set("MLZ0123456789,-")


def test_without_outlines_a_map_has_rings_only_and_without_anything_there_is_no_map() -> None:
    missing = Outlines("no such file")
    assert missing.state is FileState.MISSING
    drawn = draw_map([BERLIN], ["IT"], missing)
    assert (len(drawn.rings), drawn.edges, drawn.country_labels) == (1, [], {})
    with pytest.raises(ValueError, match="a map needs"):
        draw_map([], ["IT"], missing)


def test_more_than_sixty_are_counted() -> None:
    shown, left_out = shown_and_left_out(list(range(101)))
    assert (len(shown), left_out) == (60, 41)
