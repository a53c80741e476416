"""``supply``: the due diligence diary of a facility, and how many people work there."""

import json

import click

from reviewer.casebook.due_diligence import DiaryEntry
from reviewer.commands.at_home import JSON, at_home
from reviewer.diligence import diary as diaries
from reviewer.diligence import releasing
from reviewer.diligence.readers import OUTSIDE, STEPS
from reviewer.home.home import Home
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_line, plain_lines
from system.clock import today

_FACILITY = click.argument("facility", metavar="F-N")


@click.group("diary", short_help="The due diligence diary of a facility.")
def diary() -> None:
    """Keep the due diligence diary of a facility, by the OECD's six steps."""


@diary.command("list", epilog="Example: tipline-review supply diary list ~/review F-12")
@at_home
@_FACILITY
@JSON
def diary_list(home: Home, facility: str, as_json: bool) -> None:
    """List the entries by step. Those that are due and not done say so."""
    entries = diaries.diary_of(home, facility)
    home.casebook.log.add("diary shown", facility.upper(), today=today())
    if as_json:
        output(json.dumps({"entries": [_entry_json(one) for one in entries]}, indent=2))
        return
    for step, title in STEPS.items():
        output(f"{step}. {title}")
        for one in entries:
            if one.step == step:
                _tell_entry(one)


@diary.command(
    "add",
    epilog="Example: tipline-review supply diary add ~/review F-12 --step 2 --did 'asked for wage slips'",
)
@at_home
@_FACILITY
@click.option("--step", type=click.IntRange(1, 6), required=True, help="One of the six steps.")
@click.option("--did", required=True, metavar="WORDS", help="The deed, done or planned.")
@click.option("--person", default="", metavar="NAME", help="The person; no report has it.")
@click.option("--document", default="", metavar="WORDS", help="The document that shows it.")
@click.option("--due", default="", metavar="DAY", help="A day on which it is due; it is not done yet.")
@click.option("--show", "readers", type=click.Choice(OUTSIDE), multiple=True, help="A reader who may read it.")
@JSON
def diary_add(
    home: Home,
    facility: str,
    step: int,
    did: str,
    person: str,
    document: str,
    due: str,
    readers: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write an entry. It stays inside unless --show names a reader. Write no word of a tip into it."""
    entry = diaries.write_entry(
        *(home, facility),
        step=step,
        did=did,
        person=person,
        document=document,
        due=due,
        readers=readers,
        today=today(),
    )
    _tell_written(entry, as_json=as_json)


@diary.command("done", epilog="Example: tipline-review supply diary done ~/review Y-4")
@at_home
@click.argument("name", metavar="Y-N")
@JSON
def diary_done(home: Home, name: str, as_json: bool) -> None:
    """Mark an entry as done today."""
    _tell_written(diaries.finish_entry(home, name, today=today()), as_json=as_json)


@diary.command("delete", epilog="Example: tipline-review supply diary delete ~/review Y-4")
@at_home
@click.argument("name", metavar="Y-N")
@JSON
def diary_delete(home: Home, name: str, as_json: bool) -> None:
    """Delete an entry."""
    gone = diaries.delete_entry(home, name, today=today())
    if as_json:
        output(json.dumps(_entry_json(gone), indent=2))
        return
    output(f"deleted          {gone.name}")


@click.command("workers", epilog="Example: tipline-review supply workers ~/review F-12 240 --source 'list L-2'")
@at_home
@_FACILITY
@click.argument("workers", type=click.IntRange(1, releasing.MOST_WORKERS))
@click.option("--source", default="", metavar="WORDS", help="The source of the number, and never a tip.")
@JSON
def workers_command(home: Home, facility: str, workers: int, source: str, as_json: bool) -> None:
    """Keep the number of people who work at a facility; a sentence from tips needs 50."""
    known = releasing.know_workers(home, facility, workers, source=source, today=today())
    if as_json:
        told = {"facility": f"F-{known.facility}", "workers": known.workers, "source": known.source}
        output(json.dumps(told | {"day": known.day.isoformat()}, indent=2))
        return
    output(f"workers          F-{known.facility} {known.workers:,}")


DIARY_COMMANDS = (diary, workers_command)


def _tell_written(entry: DiaryEntry, *, as_json: bool) -> None:
    if as_json:
        output(json.dumps(_entry_json(entry), indent=2))
    else:
        _tell_entry(entry)


def _tell_entry(entry: DiaryEntry) -> None:
    state = f"done {entry.done_day.isoformat()}" if entry.done_day else f"due {entry.due_day}"
    person = f", {plain_line(entry.person)}" if entry.person else ""
    readers = f", for {', '.join(sorted(entry.readers))}" if entry.readers else ""
    output(f"{entry.name:<6} step {entry.step}, {state}{person}{readers}")
    for line in plain_lines(entry.did):
        output(f"    {line}")


def _entry_json(entry: DiaryEntry) -> dict[str, object]:
    return {
        "entry": entry.name,
        "facility": f"F-{entry.facility}",
        "step": entry.step,
        "did": entry.did,
        "person": entry.person,
        "document": entry.document,
        "readers": sorted(entry.readers),
        "day": entry.day.isoformat(),
        "due": entry.due_day.isoformat() if entry.due_day else None,
        "done": entry.done_day.isoformat() if entry.done_day else None,
    }
