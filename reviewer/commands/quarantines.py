"""``quarantines``: files in quarantine, their reports, and the rule for keeping them."""

import json
from pathlib import Path

import click

from reviewer.cases.quarantine import waiting_lines
from reviewer.cases.quarantine_lifting import lift_quarantine
from reviewer.cases.quarantine_report import (
    LAW,
    QuarantineRule,
    report_json,
    report_lines,
    rule_of,
    set_rule,
    write_report,
)
from reviewer.cases.shown_code import require_shown, shown_code
from reviewer.commands.at_home import FOLDER, JSON, LEAVING_CODE, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today


@click.group(short_help="List and report files in quarantine.")
def command() -> None:
    """Files in quarantine, which no one is shown."""


@command.command(name="list", epilog="Example: tipline-review quarantines list ~/review --json")
@at_home
@JSON
def list_quarantines(home: Home, as_json: bool) -> None:
    """List the files in quarantine: digests, where they came with, and accesses. No name is printed."""
    contents = home.casebook.quarantine.all()
    if as_json:
        files = [report_json(home, one, today=today()) for one in contents]
        lifted = [
            {
                "sha256": one.sha256.hex(),
                "day": one.day.isoformat(),
                "reason": one.reason,
                "again": one.again_day.isoformat() if one.again_day else None,
            }
            for one in home.casebook.quarantine.lifted()
        ]
        told = {"rule": rule_of(home).value, "quarantines": files, "lifted": lifted}
        output(json.dumps(told, indent=2))
        return
    output(f"rule             {rule_of(home).value}")
    for line in waiting_lines(home):
        output(line)
    for one in contents:
        places = home.casebook.quarantine.files(one.digests.sha256)
        accesses = home.casebook.quarantine.accesses(one.digests.sha256)
        permitted = sum(access.is_permitted for access in accesses)
        reported = f"reported {one.reported_day.isoformat()}" if one.reported_day else "not reported"
        kept = "destroyed" if all(place.destroyed_day for place in places) else "kept sealed"
        output(f"{one.digests.sha256.hex()}  since {one.day.isoformat()}, found by {one.origin}")
        output(f"  tips {', '.join(dict.fromkeys(place.tip for place in places))}; {kept}; {reported}")
        output(f"  {len(accesses) - permitted} attempts refused, {permitted} accesses permitted")
    for one_lift in home.casebook.quarantine.lifted():
        again = f", in quarantine again since {one_lift.again_day.isoformat()}" if one_lift.again_day else ""
        output(f"{one_lift.sha256.hex()}  lifted on {one_lift.day.isoformat()}{again}")
        output(f"  because {plain_line(one_lift.reason)}")


@command.command(
    epilog="Example: tipline-review quarantines report ~/review 9c1f22aa --to /media/stick/report --code CODE"
)
@at_home
@click.argument("digest")
@click.option(
    "--to", "folder", type=FOLDER, help="A folder that is empty or does not exist yet. Without it, only a preview."
)
@LEAVING_CODE
def report(home: Home, digest: str, folder: Path | None, code: str) -> None:
    """Show the report of a file in quarantine; with --to and --code write it, as text and JSON.

    DIGEST is the start of its SHA-256. The report holds digests, size, custody and accesses, and nothing of the
    file. Under the rule destroy-after-report the file is destroyed when the report is written.
    """
    content = home.casebook.quarantine.find(digest)
    lines = report_lines(home, content, today=today())
    if folder is None:
        for line in lines:
            output(plain_line(line))
        if rule_of(home) is QuarantineRule.DESTROY_AFTER_REPORT:
            notice("warning", "the rule is to destroy: the file goes when the report is written")
        notice("hint", f"nothing was written; to write exactly this: --to FOLDER --code {shown_code(lines)}")
        return
    require_shown(code, shown_code(lines))
    is_destroyed = write_report(home, content, folder, today=today())
    output(f"report           {folder}")
    output("the file is destroyed" if is_destroyed else "the file stays sealed")
    if is_destroyed:
        notice("warning", "earlier backups of the casebook still hold it, and its server until the next outbox")
    notice("warning", LAW)


@command.command(
    epilog="Example: tipline-review quarantines lift ~/review 9c1f22aa --because 'pressed at the wrong file'"
)
@at_home
@click.argument("digest")
@click.option("--because", "reason", required=True, metavar="REASON", help="Why it was put there by mistake.")
@JSON
def lift(home: Home, digest: str, reason: str, as_json: bool) -> None:
    """Remove a file from quarantine that was put there by mistake. Until then it is shown to no one.

    DIGEST is the start of its SHA-256. A file on a list of known digests stays in quarantine. Colleagues lift
    theirs themselves.
    """
    free = lift_quarantine(home, home.casebook.quarantine.find(digest), reason, today=today())
    if as_json:
        output(json.dumps({"lifted": [sha256.hex() for sha256 in free]}, indent=2))
        return
    for sha256 in free:
        output(f"lifted           {sha256.hex()}")
    notice("hint", "members who had the file before do not have it now: give them the tip again")


@command.command(epilog="Example: tipline-review quarantines rule ~/review keep-sealed")
@at_home
@click.argument("rule", type=click.Choice([one.value for one in QuarantineRule]))
def rule(home: Home, rule: str) -> None:
    """Change how files in quarantine are kept: sealed for ever, or destroyed after the report."""
    set_rule(home, QuarantineRule(rule), today=today())
    output(f"rule             {rule_of(home).value}")
    notice("warning", LAW)
