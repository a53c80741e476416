"""``numbers``, ``publish``, ``publisher``, ``releases``: figures, for the team and for others."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from reviewer.cases.shown_code import NOT_SHOWN, require_shown, shown_code
from reviewer.commands.at_home import JSON, LEAVING_CODE, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today
from system.errors import ProgramError

_LINE_LETTERS: Final = 4096

if TYPE_CHECKING:
    from reviewer.publication.open_tables import OpenShare, TableBeside
    from reviewer.publication.release_record import Release
    from reviewer.publication.whole_record import InQuestion


@click.command(epilog="Example: tipline-review numbers ~/review", short_help="Show figures for the team.")
@at_home
@JSON
def numbers(home: Home, as_json: bool) -> None:
    """Show conversations by month, language, form, danger, status and time to the first answer.

    The figures are for the team that has this casebook. A small count can identify a person. `publish` makes
    tables for others.
    """
    from reviewer.cases.team_numbers import team_numbers

    found = team_numbers(home)
    home.casebook.log.add("numbers", "for the team", today=today())
    if as_json:
        output(json.dumps(found.to_json(), indent=2))
        return
    output(f"{found.conversations} conversations")
    for title, table in found.tables.items():
        output(f"{title}:")
        for name, count in table.items():
            output(f"  {name:<26} {count:>6}")
    notice("hint", "these figures are for the team; for others: tipline-review publish")


@click.command(
    epilog="Example: tipline-review open-tables ~/review --indicators",
    short_help="Show open tables of others beside our own pattern.",
)
@at_home
@click.option("--indicators", is_flag=True, help="Count the indicators of the ILO too; reads each tip with a form.")
@JSON
def open_tables(home: Home, indicators: bool, as_json: bool) -> None:
    """Show the regions and countries of tips beside open tables of others.

    These tables describe no individual, and are joined to none. Bring one with `lists import --kind table`. Our own
    numbers are rounded to 5, and those below 11 left out. The figures are for the team.
    """
    from reviewer.publication.open_tables import SOURCES, beside_us

    found = beside_us(home, with_indicators=indicators, today=today())
    home.casebook.log.add("open tables", "for the team", today=today())
    if as_json:
        output(json.dumps(found.to_json(), indent=2))
        return
    output(f"conversations that began by {found.until.isoformat()}")
    output("persons and mailboxes: 11 or more, rounded to 5")
    for title, lines in (
        ("exploited in", found.exploited),
        ("recruited in; tables: citizenship", found.recruited),
        ("indicators", found.indicators),
    ):
        output(f"{title}:")
        for line in lines:
            own = "too few" if line.own.number is None else f"{line.own.number}, {_of_100(line.own.share)}"
            output(f"  {line.own.label:<40} {own}{_beside(line.shares, found.tables)}")
    for one in (*found.countries, *found.too_few):
        output(f"{one.name}: {'too few' if one.mailboxes is None else one.mailboxes} mailboxes")
        output(f"  goods with child labour   {one.with_child_labour}")
        output(f"  goods with forced labour  {one.with_forced_labour}  {', '.join(one.examples)}")
        if beside := _beside(one.shares, found.tables):
            output(f"  exploited in {beside}")
    for table in found.tables:
        origin = table.watched.table
        told = (origin.publisher, origin.version, origin.licence, origin.day.isoformat(), origin.sha256.hex())
        output(f"source: {table.watched.name}, {', '.join(map(plain_line, told))}")
    for source in SOURCES:
        where = "shipped" if source.is_shipped else "NOT shipped"
        output(f"source: {source.name}, {source.publisher}, {source.edition}, {source.licence} ({where})")
    notice("hint", "these figures are for the team; for others: tipline-review publish")


@click.command(
    epilog="Example: tipline-review publish ~/review language --quarter 2026-Q3", short_help="Publish a table."
)
@at_home
@click.argument("table")
@click.option("--quarter", metavar="YEAR-QN", required=True, help="A quarter that is over, such as 2026-Q3.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Publish: record the release and write it to this file."
)
@click.option("--because", default="", help="The reason of a correction; it stands in the file.")
@LEAVING_CODE
@JSON
def publish(home: Home, table: str, quarter: str, out: Path | None, because: str, code: str, as_json: bool) -> None:
    """Show a table as others would read it; with --out and the code of this preview publish it.

    A number is left out if fewer than 11 people are behind it, or if it would reveal such a number. Without
    --out nothing is recorded and nothing leaves.
    """
    from reviewer.publication.register import registered
    from reviewer.publication.releases import propose, quarter_named
    from reviewer.publication.releases import publish as record
    from reviewer.publication.written import TOO_FEW, write_csv

    proposal = propose(home, registered(table), quarter_named(quarter), today=today())
    if out is not None:
        if out.exists():
            raise click.UsageError(f"{out} exists; name a new file")
        done = record(home, proposal, because=because, code=code, today=today())
        try:
            write_csv(done, out)
        except ProgramError as error:
            raise ProgramError(
                f"the release is on record, and its file could not be written: {error}",
                hint=f"tipline-review releases HOME --write {done.release_id[:8]}",
            ) from error
    never = proposal.counted.never_shown()
    numbers = [
        (place, number) for place, number in sorted(proposal.published.numbers.items()) if place not in never
    ]
    if as_json:
        by_label = {proposal.counted.label(place): number for place, number in numbers}
        told = {"table": table, "quarter": str(proposal.quarter), "numbers": by_label, "code": proposal.code}
        output(json.dumps(told))
        return
    output(f"{proposal.registered.title}, {proposal.quarter}")
    for place, number in numbers:
        if number is not None:
            shown = str(number)
        elif proposal.is_small(place):
            shown = f"{TOO_FEW} ({proposal.counts_said(place)})"
        else:
            why = "as before, or changed by few" if proposal.was_left_out(place) else "it would tell another number"
            shown = f"{TOO_FEW} ({why}; {proposal.counts_said(place)})"
        output(f"  {proposal.counted.label(place):<44} {shown:>8}")
    if out is None:
        notice("hint", "the counts in brackets stay here; nothing was published")
        notice("hint", f"to publish exactly this: --out FILE --code {proposal.code}")


@click.command(epilog="Example: tipline-review publisher ~/review --to anna", short_help="Name the publisher.")
@at_home
@click.option("--to", "name", metavar="NAME", help="Make this reviewer the publisher.")
@JSON
def publisher(home: Home, name: str | None, as_json: bool) -> None:
    """Show the reviewer who publishes for the organisation, or name one.

    Only one reviewer publishes. Two laptops could publish different tables, and two tables together can reveal
    what neither reveals alone.
    """
    from reviewer.publication.next_publisher import name_publisher
    from reviewer.publication.publisher import publisher as named

    if name is not None:
        name_publisher(home, name, today=today())
    found = named(home)
    output(json.dumps({"publisher": found}) if as_json else f"publisher        {found or 'none was named'}")


@click.command(epilog="Example: tipline-review releases ~/review", short_help="List what was published.")
@at_home
@click.option("--write", "release_id", metavar="ID", help="Show this release; with --out and --code write it.")
@click.option("--out", type=click.Path(path_type=Path), help="A new file.")
@LEAVING_CODE
@click.option("--last", type=int, metavar="NUMBER", help="The last table that left; 0 for none.")
@click.option("--lost", "are_lost", is_flag=True, help="Those that are missing are lost for good.")
@click.option("--never-left", "never_left", metavar="ID", help="A release in question that never left.")
@click.option("--signed-by", metavar="NAME", default="", help="With --never-left: who signed it.")
@JSON
def releases(
    home: Home,
    release_id: str | None,
    out: Path | None,
    code: str,
    last: int | None,
    are_lost: bool,
    never_left: str | None,
    signed_by: str,
    as_json: bool,
) -> None:
    """List the tables that were published, by any reviewer, with their corrections.

    With --write ID one of them is shown as it left. Its code writes it to a file once more.

    After a restore, or where another laptop published before, nothing is published until --last says the number in
    the last line of the last file that left. With --lost no table of a quarter that is over is published any more.

    A release in question stops all others: its table is not known here, or its number is far too high. If you know
    that it never left, say so with --never-left and the name of its signer.
    """
    from reviewer.publication.release_record import releases as recorded
    from reviewer.publication.whole_record import confirm_last, in_question, say_never_left

    if are_lost and last is None:
        raise click.UsageError("--lost belongs to --last NUMBER")
    if last is not None:
        confirm_last(home, last, are_lost=are_lost, today=today())
    if never_left is not None:
        say_never_left(home, never_left, signed_by=signed_by, today=today())
    found = recorded(home)
    if release_id is not None:
        chosen = [one for one in found if one.release_id.startswith(release_id.lower())] if release_id else []
        if len(chosen) != 1:
            raise click.UsageError("--write needs the first digits of the id of one release")
        _write_again(home, chosen[0], out, code)
        return
    if out is not None or code != NOT_SHOWN:
        raise click.UsageError("--out and --code belong to --write ID")
    asked = in_question(home)
    if as_json:
        output(json.dumps([*map(_release_json, found), *map(_question_json, asked)]))
        return
    for one in found:
        corrected = "  corrected since" if one.is_corrected else ""
        output(
            f"{one.number:>4}  {one.release_id[:8]}  {one.day.isoformat()}  {one.quarter}  {plain_line(one.table)}"
            f"  by {plain_line(one.reviewer)}{corrected}"
        )
    for unknown in asked:
        output(
            f"   ?  {unknown.release_id[:8]}  {unknown.day.isoformat()}  {plain_line(unknown.name)}"
            f"  by {plain_line(unknown.reviewer)}  in question"
        )


def _release_json(one: "Release") -> dict[str, object]:
    return {
        "id": one.release_id,
        "number": one.number,
        "table": one.table,
        "quarter": str(one.quarter),
        "day": one.day.isoformat(),
        "reviewer": one.reviewer,
        "because": one.because,
        "corrected": one.is_corrected,
    }


def _question_json(one: "InQuestion") -> dict[str, object]:
    told = {"id": one.release_id, "table": one.name, "day": one.day.isoformat(), "reviewer": one.reviewer}
    return told | {"number": None, "in_question": True}


def _write_again(home: Home, release: "Release", out: Path | None, code: str) -> None:
    from reviewer.publication.written import to_csv, write_csv

    text = to_csv(release)
    shown = shown_code([release.release_id, text])
    if out is None:
        for line in text.splitlines():
            output(plain_line(line, limit_letters=_LINE_LETTERS))
        notice("hint", f"to write exactly this: --out FILE --code {shown}")
        return
    require_shown(code, shown)
    write_csv(release, out)
    home.casebook.log.add("release written again", f"{release.table} of {release.quarter}", today=today())


def _of_100(share: int | None) -> str:
    return "" if share is None else f"{share} of 100"


def _beside(shares: "Sequence[OpenShare | None]", tables: "Sequence[TableBeside]") -> str:
    """The figures of the tables, each behind the name of its list."""
    told = zip(tables, shares, strict=True)
    return "".join(f"; {one.watched.name}: {share.said}, {share.share} of 100" for one, share in told if share)
