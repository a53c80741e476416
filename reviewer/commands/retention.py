"""``retention``, ``hold`` and ``unhold``: how long tips are kept, and which are kept in any case."""

import json

import click

from reviewer.cases.retention import (
    HOLD_REASON_BYTES,
    STATUSES,
    DryRun,
    add_rule,
    delete_listed,
    dry_run,
    hold,
    remove_rule,
    unhold,
)
from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today


@click.command(epilog="Example: tipline-review retention ~/review --keep 730 --status archived")
@at_home
@click.option("--delete", "code", metavar="CODE", help="Delete the list with this code, and nothing else.")
@click.option(
    "--keep", "days", type=int, metavar="DAYS", help="Add a rule: keep tips so long after anything happened."
)
@click.option("--status", type=click.Choice(STATUSES), help="With --keep: only threads with this status.")
@click.option(
    "--form", metavar="NAME", help="With --keep: only threads with this form; '' for those without a form."
)
@click.option("--remove", type=int, metavar="NUMBER", help="Remove a rule.")
@JSON
def command(
    home: Home,
    code: str | None,
    days: int | None,
    status: str | None,
    form: str | None,
    remove: int | None,
    as_json: bool,
) -> None:
    """Show the rules and the tips that are due by them. Nothing is deleted without the code of that list."""
    if sum(one is not None for one in (code, days, remove)) > 1:
        raise click.UsageError("give one of --delete, --keep and --remove")
    if days is None and (status is not None or form is not None):
        raise click.UsageError("--status and --form belong to --keep")
    if code is not None:
        output(f"{delete_listed(home, code, today=today())} tips are deleted")
        return
    if days is not None:
        rule = add_rule(home, questionnaire=form, status=status, days=days, today=today())
        output(f"rule {rule.number}: {plain_line(str(rule))}")
    if remove is not None:
        remove_rule(home, remove, today=today())
        output(f"rule {remove} is removed")
    if days is None and remove is None:
        _list(home, dry_run(home, today=today()), as_json=as_json)


def _list(home: Home, due: DryRun, *, as_json: bool) -> None:
    rules = home.casebook.retention_rules.all()
    if as_json:
        output(
            json.dumps(
                {
                    "rules": [
                        {"number": one.number, "form": one.questionnaire, "status": one.status, "days": one.days}
                        for one in rules
                    ],
                    "due": [
                        {
                            "id": one.submission.short_id,
                            "envelope_sha256": one.submission.envelope.sha256.hex(),
                            "rule": one.rule.number,
                            "last": one.last_day.isoformat(),
                        }
                        for one in due.tips
                    ],
                    "code": due.code if due.tips else None,
                },
                indent=2,
            )
        )
        return
    for rule in rules:
        output(f"rule {rule.number}: {plain_line(str(rule))}")
    if not rules:
        output("there is no rule: tips are kept until a person deletes them")
    for one in due.tips:
        output(f"due: {one.submission.short_id}  rule {one.rule.number}  last {one.last_day.isoformat()}")
    if due.tips:
        notice("hint", f"nothing was deleted; --delete {due.code} deletes these {len(due.tips)} tips, and no other")
    elif rules:
        output("no tip is due")


@click.command(
    name="hold", epilog="Example: tipline-review hold ~/review 3f9a1c02 --because 'court hearing in May'"
)
@at_home
@click.argument("submission_id", metavar="ID")
@click.option(
    "--because",
    required=True,
    metavar="TEXT",
    help=f"For people at this home, at most {HOLD_REASON_BYTES} bytes. It is kept with the tip, not in the log.",
)
def hold_command(home: Home, submission_id: str, because: str) -> None:
    """Keep a tip: no press, rule or proposal of a colleague deletes it until unhold."""
    submission = home.casebook.submissions.find(submission_id)
    hold(home, submission, because, today=today())
    output(f"{submission.short_id} is on hold")


@click.command(name="unhold", epilog="Example: tipline-review unhold ~/review 3f9a1c02")
@at_home
@click.argument("submission_id", metavar="ID")
def unhold_command(home: Home, submission_id: str) -> None:
    """End the hold on a tip."""
    submission = home.casebook.submissions.find(submission_id)
    unhold(home, submission, today=today())
    output(f"{submission.short_id} is no longer on hold")
