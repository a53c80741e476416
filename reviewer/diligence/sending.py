"""Reports on their way out: the question before, recipients, and corrections."""

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.filters import do_striptags

from crypto.primitives.week import Quarter
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.company_reports import SentReport
from reviewer.cases.saving_place import require_place_for_file, write_leaving
from reviewer.cases.shown_code import shown_code
from reviewer.diligence.readers import OUTSIDE, STEPS
from reviewer.diligence.releasing import no_longer_told
from reviewer.diligence.report import FacilityReport
from reviewer.facilities.accepting import required_reason
from reviewer.facilities.places import ever_place
from reviewer.home.home import Home
from reviewer.terminal.plain_text import plain_line
from system.atomic_files import whole_file
from system.errors import ProgramError

_LONGEST_NAME: Final = 200
_LETTERS: Final = 4_000
_OF_STAFF: Final = re.compile("(?:finding|document)/(S-[0-9]+)/.*")
_TEMPLATES: Final = Path(__file__).parent.parent.parent / "templates" / "reports"


@dataclass(frozen=True, slots=True)
class Correction:
    """The page for the recipient of a report that no longer holds."""

    report: SentReport
    html: str

    @property
    def code(self) -> str:
        """The code of what it says, and for which report."""
        return shown_code([self.report.name, self.html])

    @property
    def lines(self) -> list[str]:
        """Its text, line by line."""
        rows = self.html.partition("<body>")[2].splitlines()
        plain = (do_striptags(row) for row in rows)
        return [line for line in plain if line]


def code_of(report: FacilityReport) -> str:
    """The code of all that would leave, for a command or a page that showed it."""
    return shown_code([report.facility.name, report.to_json()])


def require_seen(report: FacilityReport, code: str) -> None:
    """Return if the report is still the one that a page showed.

    Raises:
        ProgramError: something of it has changed since.
    """
    if code_of(report) != code:
        raise ProgramError(
            "the report has changed since this page was shown, and nothing left",
            hint="it stands here as it is now: read it again",
        )


def send_report(
    home: Home, report: FacilityReport, recipient: str, out: Path, *, is_asked: bool, on_disk: bool, today: dt.date
) -> SentReport:
    """Write a report to a new file and put it on record: both, or neither.

    ``is_asked``: a person answered "who could be blamed?". The answer is kept nowhere: it may describe a source.
    Where the machine stops between the two, the report is on record, and :func:`write_again` writes its file.

    Raises:
        ProgramError: the report is for the team, no recipient is named, the question is not answered, or the file
            cannot be written.
    """
    if report.reader not in OUTSIDE:
        raise ProgramError("a report for the team is read here, and leaves for no recipient")
    recipient = " ".join(recipient.split())
    if not 1 <= len(recipient) <= _LONGEST_NAME:
        raise ProgramError(
            f"a recipient must have a name of 1 to {_LONGEST_NAME} letters",
            hint="a correction goes to the same one",
        )
    if not is_asked:
        raise ProgramError(
            "first ask yourself: who could be blamed for this report, although others spoke?",
            hint="--asked confirms it; no answer is kept",
        )
    require_place_for_file(out, on_disk=on_disk)
    form = _form_of(out)
    # All of the file lies beside its place, on its medium, before the record counts; then it gets its name.
    with whole_file(out) as sink, home.casebook.changing():
        sent = SentReport(0, report.facility.number, report.reader, recipient, report.to_json(), today)
        number = home.casebook.company_reports.add(sent)
        sent = replace(sent, number=number)
        sink.write(form(sent.content, sent.name).encode("utf-8"))
        sink.flush()
        os.fsync(sink.fileno())
        act = f"R-{number}, {report.facility.name}, for {report.reader}; asked who could be blamed"
        home.casebook.log.add("report left", act, today=today)
    return sent


def write_again(home: Home, name: str, out: Path, *, on_disk: bool, today: dt.date) -> SentReport:
    """Write the file of a report again, as it left.

    Raises:
        ProgramError: there is no such report, it was withdrawn, a sentence in it may not be told any more, a
            finding in it was withdrawn, or the file cannot be written.
    """
    report = find_report(home.casebook, name)
    if report.withdrawn_day is not None:
        raise ProgramError(f"{report.name} was withdrawn", hint="its recipient gets the correction")
    if no_longer_told(home.casebook, report):
        raise ProgramError(
            f"a sentence in {report.name} may not be told any more",
            hint=f"withdraw it: tipline-review supply correct HOME {report.name}",
        )
    if gone := withdrawn_findings(home.casebook, report):
        raise ProgramError(
            f"{gone[0]} stands in {report.name} and was withdrawn",
            hint=f"withdraw the report, too: tipline-review supply correct HOME {report.name}",
        )
    form = _form_of(out)
    require_place_for_file(out, on_disk=on_disk)
    home.casebook.log.add("report written again", report.name, today=today)
    write_leaving(out, form(report.content, report.name), on_disk=on_disk)
    return report


def withdraw_report(home: Home, name: str, *, because: str, today: dt.date) -> Correction:
    """A report no longer holds; the correction for its recipient.

    The reason stays inside, and the correction names no finding: both could tell who asked for it.

    Raises:
        ProgramError: there is no such report, or the reason is missing.
    """
    because = required_reason(because)
    with home.casebook.changing():
        report = find_report(home.casebook, name)
        if report.withdrawn_day is None:
            home.casebook.company_reports.withdraw(report, because=because, today=today)
            home.casebook.log.add("report withdrawn", report.name, today=today)
    return correction_of(home, name, today=today)


def correction_of(home: Home, name: str, *, today: dt.date) -> Correction:
    """The correction for the recipient of a report, as often as it is needed; it withdraws nothing.

    Raises:
        ProgramError: there is no such report.
    """
    report = find_report(home.casebook, name)
    html = _rendered(
        "correction.html",
        report=report,
        facility=report.content["facility"],
        sent=str(Quarter.of(report.day)),
        corrected=str(Quarter.of(report.withdrawn_day or today)),
    )
    return Correction(report, html)


def sharing_reports(casebook: Casebook, report: SentReport) -> list[SentReport]:
    """Other reports about this place with a finding in common, that were not withdrawn."""
    place = ever_place(casebook, [report.facility]) if report.facility is not None else frozenset()
    keys = {one["key"] for one in report.content["findings"]}
    return [
        one
        for one in casebook.company_reports.all()
        if one.number != report.number
        and one.withdrawn_day is None
        and (one.facility in place or one.content["facility"] == report.content["facility"])
        and any(finding["key"] in keys for finding in one.content["findings"])
    ]


def reports_with_finding(casebook: Casebook, name: str) -> list[SentReport]:
    """The reports that left with a finding of staff, as ``S-3``, and were not withdrawn."""
    return [one for one in casebook.company_reports.all() if one.withdrawn_day is None and name in _names_in(one)]


def withdrawn_findings(casebook: Casebook, report: SentReport) -> list[str]:
    """The findings of staff in a report, as ``S-3``, that were withdrawn since."""
    found = (casebook.facility_evidence.finding(int(name[2:])) for name in _names_in(report))
    return [one.name for one in found if one is not None and one.withdrawn_day is not None]


def _names_in(report: SentReport) -> list[str]:
    # The key of a finding of staff has its name in the second place (reviewer/diligence/report.py).
    found = (_OF_STAFF.fullmatch(one["key"]) for one in report.content["findings"])
    return [one[1] for one in found if one]


def find_report(casebook: Casebook, name: str) -> SentReport:
    """The report with a name as ``R-3``.

    Raises:
        ProgramError: there is none.
    """
    digits = name[2:] if name[:2].upper() == "R-" else ""
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
    found = casebook.company_reports.find(int(digits)) if is_number else None
    if found is None:
        raise ProgramError("there is no such report", hint="tipline-review supply reports HOME shows R-1, R-2, …")
    return found


def as_html(content: Mapping[str, Any], name: str = "") -> str:
    """A report as one file to print: no style, script or address."""
    return _rendered("facility_report.html", report=content, name=name, steps=STEPS)


def as_json(content: Mapping[str, Any], name: str = "") -> str:
    """A report for programs, in ASCII: no control character and no direction mark is in it as it is."""
    return json.dumps({"report": name, **content}, indent=2) + "\n"


def _form_of(out: Path) -> Callable[[Mapping[str, Any], str], str]:
    forms = {".html": as_html, ".json": as_json}
    if out.suffix not in forms:
        raise ProgramError("the file of a report must end in .html or .json")
    return forms[out.suffix]


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["line"] = lambda text: plain_line(str(text), limit_letters=_LETTERS)
    return made


def _rendered(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)
