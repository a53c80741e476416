"""``supply``: reports for others, those that left, and corrections."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from reviewer.casebook.company_reports import SentReport
from reviewer.cases.saving_place import require_place_for_file, write_leaving
from reviewer.cases.shown_code import require_shown
from reviewer.commands.at_home import FILE, JSON, LEAVING_CODE, at_home
from reviewer.diligence import releasing, sending
from reviewer.diligence.company_answering import LONGEST_ANSWER
from reviewer.diligence.readers import OUTSIDE, READERS
from reviewer.diligence.report import FacilityReport, report_about
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today

_FACILITY = click.argument("facility", metavar="F-N")
_BECAUSE = click.option("--because", default="", metavar="REASON", help="Why; it stays in this casebook.")
_ON_DISK = click.option("--on-disk", is_flag=True, help="Write there although it is a disk.")


@click.command(
    "report",
    epilog="Example: tipline-review supply report ~/review F-12 --for company --to 'Example Brand' --asked"
    " --out /media/stick/report.html --code CODE",
)
@at_home
@_FACILITY
@click.option("--for", "reader", type=click.Choice(READERS), required=True, help="The kind of reader.")
@click.option("--to", "recipient", default="", metavar="NAME", help="The recipient; a correction goes there, too.")
@click.option("--asked", is_flag=True, help="Confirm that you asked yourself: who could be blamed for it?")
@click.option("--out", type=FILE, help="A new file: .html to print, or .json. Without it, only look.")
@_ON_DISK
@LEAVING_CODE
@JSON
def report(
    home: Home,
    facility: str,
    reader: str,
    recipient: str,
    asked: bool,
    out: Path | None,
    on_disk: bool,
    code: str,
    as_json: bool,
) -> None:
    """Show a report about a facility, what is held back, and a code; with --out and the code, it leaves.

    For a company or an authority it has nothing of a tip, except sentences that `supply tell` released.
    """
    made = report_about(home, facility, reader, today=today())
    if out is None:
        home.casebook.log.add("report looked at", f"{made.facility.name} for {reader}", today=today())
        if as_json:
            held = [{"kind": one.kind, "what": one.what, "why": list(one.why)} for one in made.held_back]
            told = {"would_leave": made.to_json(), "held_back": held, "code": sending.code_of(made)}
            output(json.dumps(told, indent=2))
        else:
            _tell_report(made)
        return
    if reader in OUTSIDE:
        require_shown(code, sending.code_of(made))
    sent = sending.send_report(home, made, recipient, out, is_asked=asked, on_disk=on_disk, today=today())
    if as_json:
        output(json.dumps(sent_json(sent) | {"held_back": len(made.held_back)}, indent=2))
        return
    output(f"report           {sent.name} for {plain_line(sent.recipient)}")
    output(f"written          {out}")
    output(f"held back        {len(made.held_back)}; without --out this command says what and why")


@click.command("reports", epilog="Example: tipline-review supply reports ~/review")
@at_home
@JSON
def reports(home: Home, as_json: bool) -> None:
    """List the reports that left, with their recipients."""
    sent = home.casebook.company_reports.all()
    home.casebook.log.add("reports shown", f"{len(sent)} shown", today=today())
    ended_sentences = {one.number: releasing.no_longer_told(home.casebook, one) for one in sent}
    gone = {one.number: sending.withdrawn_findings(home.casebook, one) for one in sent}
    if as_json:
        rows = [
            sent_json(one) | {"no_longer_told": ended_sentences[one.number], "withdrawn_findings": gone[one.number]}
            for one in sent
        ]
        output(json.dumps({"reports": rows}, indent=2))
        return
    for one in sent:
        ended = f", withdrawn {one.withdrawn_day.isoformat()}" if one.withdrawn_day else ""
        if ended_sentences[one.number] and not ended:
            ended = ", A SENTENCE IN IT MAY NOT BE TOLD ANY MORE: withdraw it with supply correct"
        elif gone[one.number] and not ended:
            ended = f", {gone[one.number][0]} IN IT WAS WITHDRAWN: withdraw it with supply correct"
        about = plain_line(one.content["facility"]["name"])
        output(f"{one.name:<6} {one.day.isoformat()} {one.reader:<10} {plain_line(one.recipient)}: {about}{ended}")
    if not sent:
        output("no report left")


@click.command(
    "correct",
    epilog="Example: tipline-review supply correct ~/review R-3 --because 'a mistake' --out /media/stick/c.html"
    " --code CODE",
)
@at_home
@click.argument("name", metavar="R-N")
@_BECAUSE
@click.option("--out", type=FILE, help="A new file: HTML to print, for the recipient. Without it, only look.")
@_ON_DISK
@LEAVING_CODE
@JSON
def correct(home: Home, name: str, because: str, out: Path | None, on_disk: bool, code: str, as_json: bool) -> None:
    """Show the correction of a report, and a code; with --out and that code, the report is withdrawn.

    The file is for the recipient. The reason stays here.
    """
    shown = sending.correction_of(home, name, today=today())
    if out is None:
        _tell_correction(home, shown, as_json=as_json)
        return
    require_shown(code, shown.code)
    require_place_for_file(out, on_disk=on_disk)
    correction = sending.withdraw_report(home, name, because=because, today=today())
    write_leaving(out, correction.html, on_disk=on_disk)
    if as_json:
        output(json.dumps(sent_json(correction.report), indent=2))
        return
    output(f"withdrawn        {correction.report.name}")
    output(f"written          {out}, for {plain_line(correction.report.recipient)}")


@click.command("again", epilog="Example: tipline-review supply again ~/review R-3 --out /media/stick/report.html")
@at_home
@click.argument("name", metavar="R-N")
@click.option("--out", type=FILE, required=True, help="A new file: .html to print, or .json.")
@_ON_DISK
@JSON
def again(home: Home, name: str, out: Path, on_disk: bool, as_json: bool) -> None:
    """Write the file of a report again, as it left: for a stick that was lost, or a machine that stopped."""
    sent = sending.write_again(home, name, out, on_disk=on_disk, today=today())
    if as_json:
        output(json.dumps(sent_json(sent), indent=2))
        return
    output(f"written          {out}, {sent.name} for {plain_line(sent.recipient)}")


REPORT_COMMANDS = (report, reports, correct, again)


def tell_left(left: Sequence[SentReport]) -> None:
    """Print the reports that left with something that no longer holds."""
    for one in left:
        output(f"left with it     {one.name} to {plain_line(one.recipient)}, {one.day.isoformat()}")
    if left:
        notice("hint", "each needs a correction: tipline-review supply correct HOME R-N shows it, with a code")


def sent_json(one: SentReport) -> dict[str, object]:
    """A report that left, for programs."""
    return {
        "report": one.name,
        "facility": f"F-{one.facility}" if one.facility else None,
        "for": one.reader,
        "to": one.recipient,
        "day": one.day.isoformat(),
        "withdrawn": one.withdrawn_day.isoformat() if one.withdrawn_day else None,
    }


def _tell_report(made: FacilityReport) -> None:
    output(f"report for {made.reader} about {made.facility.name}; nothing has left")
    facility = made.to_json()["facility"]
    for value in (facility["name"], facility["address"], facility["country"], *facility["identifiers"].values()):
        if value:
            output(f"says             {_whole(value)}")
    for finding in made.findings:
        output(f"says             {_whole(finding.sentence)}  [{_whole(finding.source)}, {finding.when}]")
        if finding.indicator:
            output(f"                 {finding.indicator}")
        for day, words in finding.answers:
            output(f"                 answered {day}: {_whole(words)}")
    for day, words in made.answers:
        output(f"says             the company answered {day}: {_whole(words)}")
    for one in made.steps:
        document = f", document: {_whole(one.document)}" if one.document else ""
        output(f"says             step {one.step}: {_whole(one.did)}{document} ({one.when})")
    _tell_subject(made)
    for held in made.held_back:
        output(f"held back        {held.kind} {_whole(held.what)}: {'; '.join(held.why)}")
    if made.reader != "inside":
        notice("hint", "before it leaves: who could be blamed for it, although others spoke?")
        notice("hint", "to write exactly this add --to, --asked, --out and the code:")
        notice("hint", f"--code {sending.code_of(made)}")


def _tell_subject(made: FacilityReport) -> None:
    if made.subject is None:
        return
    for label, some in (
        ("product", made.subject.products),
        ("buys here", made.subject.operators),
        ("stage", made.subject.stages),
    ):
        for one in some:
            words = f": {_whole(one.words)}" if one.words else ""
            output(f"{label:<16} {_whole(one.name)}{words}  [{_whole(one.source)}]")
    for left in made.subject.asked:
        output(f"asked            {left.name} was given to the company")
    for sentence in made.missing:
        output(f"missing          {sentence}")


def _tell_correction(home: Home, shown: sending.Correction, *, as_json: bool) -> None:
    home.casebook.log.add("correction looked at", shown.report.name, today=today())
    others = sending.sharing_reports(home.casebook, shown.report)
    if as_json:
        told = {"says": shown.lines, "others": [sent_json(one) for one in others], "code": shown.code}
        output(json.dumps(sent_json(shown.report) | told, indent=2))
        return
    output(f"correction of {shown.report.name} for {plain_line(shown.report.recipient)}; nothing has left")
    for line in shown.lines:
        output(f"says             {_whole(line)}")
    for one in others:
        output(
            f"others got       {one.name} to {plain_line(one.recipient)}, {one.day.isoformat()}: is it wrong, too?"
        )
    notice("hint", f"to withdraw it and write this add --because and --out to --code {shown.code}")


def _whole(untrusted_text: str) -> str:
    """One line as it would leave: nothing is cut."""
    return plain_line(untrusted_text, limit_letters=LONGEST_ANSWER)
