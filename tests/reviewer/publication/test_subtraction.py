"""A table that tells a cell with a release of any tool is refused, and so is one beside a record with a gap."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.keys.at_rest import RestKey
from crypto.primitives.canonical_json import Json
from reviewer.home.home import Home, open_home
from reviewer.publication.circulation import Circulation
from reviewer.publication.corrections import in_released_lines
from reviewer.publication.counted_table import CountedTable, PublishedTable
from reviewer.publication.drawn_prices import drawn_prices
from reviewer.publication.register import TABLES, Population, registered
from reviewer.publication.release_record import Release, releases
from reviewer.publication.releases import propose, publish
from reviewer.publication.subtraction import WITHIN, refuse_subtraction, size_of, told_by_totals
from reviewer.publication.suppression import places_left_out
from reviewer.publication.whole_record import confirm_last, in_question, next_number, say_never_left
from reviewer.publication.written import to_csv
from reviewer.sharing.appliers import RELEASE
from reviewer.sharing.party import begin_new_run
from reviewer.sharing.record import record_for_all
from reviewer.terminal.secret_entry import SecretEntry
from system.errors import ProgramError
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.publication.test_releases import LATER, QUARTER, full, opened

__all__ = ["full"]
KNOWN: dict[str, Json] = {
    "table": "language", "quarter": "2025-Q1", "number": 1, "rows": ["a"], "columns": [], "numbers": ["20", "20"],
    "because": "",
}  # fmt: skip


def line(*counts: int) -> CountedTable:
    rows = [f"r{row}" for row in range(len(counts))]
    return CountedTable(rows, (), ("one", "other"), {(row, 0): (count, count) for row, count in enumerate(counts)})


def release(name: str, table: CountedTable, *left_out: int) -> Release:
    published = PublishedTable.of(table, frozenset((row, 0) for row in left_out))
    return Release("00", 1, name, QUARTER, published, LATER, "anna", "", is_corrected=False)


def sources(*sizes: int) -> CountedTable:
    """Sources that all ticked both indicators."""
    cells = {(row, column): (size, size) for row, size in enumerate(sizes) for column in (0, 1)}
    rows = [f"r{row}" for row in range(len(sizes))]
    return CountedTable(rows, ("a", "b"), ("one", "other"), cells, has_row_totals=False, row_sizes=sizes)


def test_two_populations_are_disjoint_or_one_lies_within_the_other_or_no_bound_holds() -> None:
    assert {one.population for one in TABLES.values()} == set(Population)
    assert WITHIN == {Population.SOURCES: Population.CONVERSATIONS}
    tables = {one.population: one for one in TABLES.values()}
    published = PublishedTable.of(line(40, 30), frozenset())
    for new in tables.values():
        for other in tables.values():
            if new.population != other.population and {new.population, other.population} != {
                *WITHIN,
                *WITHIN.values(),
            }:
                shared = set(new.dimensions) & set(other.dimensions)
                assert not shared or new.has_row_totals
                refuse_subtraction(new, published, [release(other.name, line(41, 30))])


def test_sources_beside_conversations_are_refused_where_few_conversations_are_no_source() -> None:
    for name, table in (("supply-places", line(20, 17)), ("supply", sources(20, 17))):
        new, published = registered(name), PublishedTable.of(table, table.never_shown())
        for conversations in (line(20, 20), line(20, 18), line(20, 10)):  # the last: 7 began in earlier quarters
            with pytest.raises(ProgramError, match=r"published first-answer of .* the conversations in “total”"):
                refuse_subtraction(new, published, [release("first-answer", conversations)])
        for conversations in (line(30, 20), line(40, 40)):
            refuse_subtraction(new, published, [release("first-answer", conversations)])
    one_column = replace(sources(20, 17), columns=("a",), cells={(0, 0): (20, 20), (1, 0): (17, 17)})
    assert size_of(registered("supply"), PublishedTable.of(one_column, one_column.never_shown())) == (37, 37)
    with pytest.raises(ProgramError, match="that are no source"):
        refuse_subtraction(
            registered("supply"),
            PublishedTable.of(one_column, one_column.never_shown()),
            [release("first-answer", line(30, 17))],
        )
    hidden_in_a = PublishedTable.of(sources(12, 20, 30), frozenset({(0, 0), (1, 0)}))
    lopsided = replace(hidden_in_a, numbers=hidden_in_a.numbers | {(3, 0): 90, (1, 1): None, (3, 1): 45})
    assert size_of(registered("supply"), lopsided) == (88, 139), "at least 58 in two rows of a, and 30"
    first = release("supply-places", line(20, 17))
    with pytest.raises(ProgramError, match="published supply-places"):
        refuse_subtraction(registered("language"), PublishedTable.of(line(20, 20), frozenset()), [first])
    hidden = PublishedTable.of(line(20, 20, 7), frozenset({(1, 0), (2, 0)}))
    assert size_of(registered("language"), hidden) == (43, 47)
    with pytest.raises(ProgramError, match="published supply-places"):
        refuse_subtraction(registered("language"), hidden, [first])  # from 6 to 10
    refuse_subtraction(registered("language"), hidden, [release("supply-places", line(20, 17, 0), 1, 2)])


def test_two_exact_totals_that_differ_by_few_are_not_both_published() -> None:
    new, now = registered("first-answer"), line(30, 14)

    def hidden(before: CountedTable, *left_out: int, behind: tuple[int, ...] = ()) -> frozenset[tuple[int, int]]:
        published = PublishedTable.of(now, frozenset())
        counts = {"total": behind} if behind else {}
        return told_by_totals(lambda _id: counts, new, now, published, [release("language", before, *left_out)])

    assert hidden(line(31, 12)) == {(1, 0)}, "one conversation came in between"
    assert hidden(line(31, 13)) == frozenset()
    assert hidden(line(20, 12)) == {(1, 0)}, "another home published it: no one here knows of how many mailboxes"
    assert hidden(line(20, 12), behind=(32, 32)) == frozenset()
    assert hidden(line(20, 12), behind=(32, 40)) == {(1, 0)}, "twelve conversations, four mailboxes"
    assert hidden(line(31, 12), 0, 1) == frozenset(), "that total is rounded"


def test_a_correction_keeps_the_rows_of_the_release_and_counts_new_ones_as_the_rest() -> None:
    first = PublishedTable.of(replace(line(40, 15), rows=["a", "other"]), frozenset())
    later = replace(line(40, 12, 3, 0), rows=["a", "b", "other", "c"])
    kept = in_released_lines(first, later, rest="other")
    assert [kept.rows, [kept.value((row, 0)) for row in range(3)]] == [["a", "other"], [40, 15, 55]]
    with pytest.raises(ProgramError, match="could tell “b”"):
        in_released_lines(PublishedTable.of(line(40), frozenset()), replace(line(4), rows=["b"]), rest="other")
    wide = sources(20, 17)
    empty = replace(wide, rows=["other"], cells={}, row_sizes=[0])
    assert in_released_lines(PublishedTable.of(wide, frozenset()), empty, rest="other").row_sizes == [0, 0]
    with pytest.raises(ProgramError, match="could tell “r0, a”"):
        in_released_lines(PublishedTable.of(replace(wide, columns=("a", "c")), frozenset()), wide, rest="other")


def test_a_cell_of_sources_cannot_be_more_than_its_row_holds() -> None:
    table = replace(sources(12, 40), cells={(0, 0): (9, 9), (0, 1): (12, 12), (1, 0): (30, 30), (1, 1): (38, 38)})
    left_out = places_left_out(table, (11, 11), drawn_prices(table, RestKey(bytes(32))))
    graph = Circulation(table)
    assert (0, 0) in left_out
    assert graph.width((0, 0), left_out, enough=50) == 12, "0 to 12, which is the whole row"
    free = Circulation(replace(table, row_sizes=()))
    assert free.width((0, 0), left_out, enough=50) > 12


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"table": "by age"}, "by age 2025-Q1"),
        ({"quarter": "2025"}, "language 2025"),
        ({"until": "2025-Q4"}, "language 2025-Q1"),
        ({"columns": ["x"], "numbers": ["20"] * 4}, "language 2025-Q1"),
        ({"number": 0}, "language 2025-Q1"),
        ({"table": "\u202eegaugnal"}, "<U+202E>egaugnal 2025-Q1"),
    ],
)
def test_beside_a_release_that_this_program_does_not_know_nothing_is_published(
    desk: Desk, content: dict[str, Json], named: str
) -> None:
    with opened(desk) as home:
        record_for_all(home, RELEASE, KNOWN | content, replaces=(), today=LATER)
        with pytest.raises(ProgramError) as refused:
            propose(home, registered("language"), QUARTER, today=LATER)
        assert f"the release “{named}” is of a table that this program does not know" in str(refused.value)
        (asked,) = in_question(home)
        assert asked.is_own
        with pytest.raises(ProgramError, match="no release of a colleague"):
            say_never_left(home, asked.release_id, signed_by=asked.reviewer, today=LATER)


def test_beside_a_further_kind_of_release_nothing_is_published(desk: Desk) -> None:
    with opened(desk) as home:
        record_for_all(home, "release-map", KNOWN, replaces=(), today=LATER)
        with pytest.raises(ProgramError, match="“release-map” is of a table"):
            propose(home, registered("language"), QUARTER, today=LATER)


def test_after_a_restore_nothing_is_published_until_the_last_release_is_known(full: Desk, tmp_path: Path) -> None:
    with opened(full) as home:
        propose(home, registered("language"), QUARTER, today=LATER)
    backup, key = full.backup(), full.root / "casebook-backup-reviewer.key"
    with opened(full) as home:
        first = publish(home, propose(home, registered("language"), QUARTER, today=LATER), because="", today=LATER)
    assert to_csv(first).splitlines()[-1] == '"Table 1 of all that were published."'
    with opened(full) as home:
        signed = home.casebook.operations.signed(bytes.fromhex(first.release_id))
    restored = tmp_path / "restored"
    full.do("restore", restored, "--from", backup, "--identity", key)
    assert full.run("publish", restored, "language", "--quarter", "2020-Q1") == 1
    assert "may lack releases" in full.err
    assert full.run("releases", restored, "--last", "1") == 1
    assert "the record lacks these releases: 1" in full.err
    with open_desk(restored) as browser:
        assert "Which table was the last that left?" in seen(browser.page("/published"))
        for given in ("1", "", "-1", "1.0", "９", "99999999"):
            assert browser.post("/published/last", last=given).status_code == 422
        assert "lacks these releases: 1" in seen(browser.post("/published/last", last="1").text)
    assert full.run("releases", restored, "--lost") == 2
    with open_home(restored, entry=SecretEntry(None)) as home:
        home.casebook.operations.keep(signed)  # as the round of a colleague brings it back
    with open_desk(restored) as browser:
        browser.post("/published/last", last="1")
        assert "Which table was the last" not in seen(browser.page("/published"))
    full.do("publish", restored, "language", "--quarter", "2020-Q1")
    assert full.run("releases", restored, "--last", "0") == 1
    assert "release 1 is on record" in full.err
    assert [one["number"] for one in full.json("releases", restored)] == [1]


def test_releases_that_are_lost_close_the_quarters_that_are_over(desk: Desk) -> None:
    with opened(desk) as home:
        begin_new_run(home)
        for last, message in ((-1, "whole number from 0"), (3, "lacks these releases: 1, 2, 3")):
            with pytest.raises(ProgramError, match=message):
                confirm_last(home, last, today=LATER)
        with pytest.raises(ProgramError, match="lacks no release"):
            confirm_last(home, 0, are_lost=True, today=LATER)
        confirm_last(home, 3, are_lost=True, today=LATER)
        assert next_number(home) == 4
        with pytest.raises(ProgramError, match=r"were lost by .*, so no table of"):
            propose(home, registered("language"), QUARTER, today=LATER)
        after = LATER + dt.timedelta(days=200)
        later = type(QUARTER).of(LATER)
        propose(home, registered("language"), later, today=after)
        released_as(home, 6)
        with pytest.raises(ProgramError, match="lacks these releases: 4, 5"):
            propose(home, registered("language"), later, today=after)


def released_as(home: Home, number: int) -> None:
    """A release of a colleague, whose two before it did not come."""
    record_for_all(home, RELEASE, KNOWN | {"number": number}, replaces=(), today=LATER)
    assert releases(home)[-1].number == number
