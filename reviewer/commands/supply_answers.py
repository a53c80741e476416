"""``supply``: what companies answer to reports, and entries of these that were a mistake."""

import json
from pathlib import Path

import click

from reviewer.casebook.company_reports import CompanyAnswer
from reviewer.commands.at_home import FILE, JSON, at_home
from reviewer.commands.supply_reports import sent_json, tell_left
from reviewer.diligence.company_answering import LONGEST_ANSWER, answer_finding, answers_about, withdraw_answer
from reviewer.diligence.diary import day_typed
from reviewer.home.home import Home
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_line
from system.clock import today
from system.errors import ProgramError

_FACILITY = click.argument("facility", metavar="F-N")


@click.command(
    "answered",
    epilog="Example: tipline-review supply answered ~/review F-12 --finding S-3 --day 2026-10-02 --text answer.txt",
)
@at_home
@_FACILITY
@click.option("--finding", default="", metavar="KEY", help="The name of the finding; without it, the whole report.")
@click.option("--day", required=True, metavar="DAY", help="The day of the answer.")
@click.option("--text", "file", type=FILE, required=True, help="A file with the words of the company.")
@click.option("--in-place-of", default="", metavar="A-N", help="An earlier entry that was a mistake.")
@click.option("--because", default="", metavar="REASON", help="Why it was a mistake; it stays in this casebook.")
@JSON
def answered(
    home: Home, facility: str, finding: str, day: str, file: Path, in_place_of: str, because: str, as_json: bool
) -> None:
    """Keep what a company answered. It stands beside the finding in every report from now on.

    An entry is never changed. With --in-place-of an earlier one is withdrawn in the same step.
    """
    try:
        words = file.read_bytes()[: 4 * LONGEST_ANSWER + 1].decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise ProgramError("the answer must be a readable file of UTF-8 text") from None
    kept = answer_finding(
        *(home, facility, finding, words),
        day=day_typed(day),
        today=today(),
        in_place_of=in_place_of,
        because=because,
    )
    if as_json:
        output(json.dumps(_answer_json(kept), indent=2))
        return
    about = kept.finding or "the whole report"
    output(f"answered         {kept.name} F-{kept.facility} {about}, {kept.day.isoformat()}")


@click.command("answers", epilog="Example: tipline-review supply answers ~/review F-12")
@at_home
@_FACILITY
@JSON
def answers(home: Home, facility: str, as_json: bool) -> None:
    """List what a company answered, with the entries that were withdrawn."""
    found = answers_about(home.casebook, facility)
    home.casebook.log.add("answers of a company shown", facility.upper(), today=today())
    if as_json:
        output(json.dumps({"answers": [_answer_json(one) for one in found]}, indent=2))
        return
    for one in found:
        ended = f", withdrawn {one.withdrawn_day.isoformat()}" if one.withdrawn_day else ""
        output(f"{one.name:<6} {one.day.isoformat()} {one.finding or 'the whole report'}{ended}")
        output(f"    {plain_line(one.answer, limit_letters=LONGEST_ANSWER)}")
    if not found:
        output("the company has not answered")


@click.command(
    "unanswer", epilog="Example: tipline-review supply unanswer ~/review A-2 --because 'another company'"
)
@at_home
@click.argument("name", metavar="A-N")
@click.option("--because", default="", metavar="REASON", help="Why; it stays in this casebook.")
@JSON
def unanswer(home: Home, name: str, because: str, as_json: bool) -> None:
    """Withdraw an answer that was kept by mistake, and name the reports that left with it."""
    left = withdraw_answer(home, name, because=because, today=today())
    if as_json:
        output(json.dumps({"answer": name.upper(), "left_with_it": [sent_json(one) for one in left]}, indent=2))
        return
    output(f"withdrawn        {name.upper()}")
    tell_left(left)


ANSWER_COMMANDS = (answered, answers, unanswer)


def _answer_json(one: CompanyAnswer) -> dict[str, object]:
    return {
        "answer": one.name,
        "facility": f"F-{one.facility}",
        "finding": one.finding or None,
        "day": one.day.isoformat(),
        "text": one.answer,
        "withdrawn": one.withdrawn_day.isoformat() if one.withdrawn_day else None,
    }
