"""Quarantine at the desk: a file is hidden from everyone, listed without its content, and reported."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, request

from reviewer.casebook.quarantine import BY_DIGEST, QuarantineAccess, QuarantinedContent, QuarantinedFile
from reviewer.cases.digest_list import IN_A_LIST, add_list
from reviewer.cases.quarantine import find_file, quarantine_file, waiting_lines
from reviewer.cases.quarantine_lifting import FEWEST_LETTERS, MOST_LETTERS, lift_quarantine
from reviewer.cases.quarantine_report import LAW, QuarantineRule, rule_of, set_rule, write_report
from reviewer.desk.page import absolute, home, page, typed
from reviewer.desk.round_offers import RoundStep, file_offers, remember
from reviewer.desk.views.letting_go import taken_from_members
from reviewer.desk.views.session import to
from reviewer.languages.staff_language import said, said_number
from system.clock import today
from system.errors import ProgramError

REPORT, LIST, RULE, LIFT = "report", "list", "rule", "lift"
views = Blueprint("quarantine", __name__)
views.after_request(taken_from_members)


@dataclass(frozen=True, slots=True)
class ShownQuarantine:
    """One content in quarantine for the page; nothing of the file itself."""

    content: QuarantinedContent
    files: list[QuarantinedFile]
    accesses: list[QuarantineAccess]

    @property
    def is_destroyed(self) -> bool:
        return bool(self.files) and all(file.destroyed_day for file in self.files)

    @property
    def refused(self) -> int:
        """The number of attempts that were refused."""
        return sum(not access.is_permitted for access in self.accesses)


def quarantined_since(sha256: bytes) -> dt.date | None:
    """The day since which a file is in quarantine, for the list of files of a tip."""
    return home().casebook.quarantine.since(sha256)


@views.get("/quarantine", provide_automatic_options=False)
def show() -> Response:
    return _page([])


@views.get("/tip/<short_id>/quarantine/<digest>", provide_automatic_options=False)
def ask(short_id: str, digest: str) -> Response:
    """Ask once more, and say what it means; nothing of the file is shown."""
    submission = home().casebook.submissions.find(short_id)
    one = find_file(home(), submission, digest)
    return page("quarantine_ask.html", submission=submission, one=one, law=LAW)


@views.post("/tip/<short_id>/quarantine/<digest>", provide_automatic_options=False)
def put(short_id: str, digest: str) -> Response:
    submission = home().casebook.submissions.find(short_id)
    quarantine_file(home(), submission, find_file(home(), submission, digest), today=today())
    return to("quarantine.show")


@views.post("/quarantine/<digest>/report", provide_automatic_options=False)
def report(digest: str) -> Response:
    """Write the report to a folder; under the rule "destroy after report" the file goes."""
    folder = typed("folder").strip()

    def write(place: Path) -> list[str]:
        content = home().casebook.quarantine.find(digest)
        told = [said("The report is written: %(place)s.", place=place)]
        if write_report(home(), content, place, today=today()):
            told.append(
                said(
                    "The file is destroyed here. Earlier backups of the casebook still hold it, and its server"
                    " until the next outbox."
                )
            )
        return told

    return _done(write, folder, at=REPORT + digest)


@views.post("/quarantine/<digest>/lift", provide_automatic_options=False)
def lift(digest: str) -> Response:
    """Lift a quarantine that was a mistake, with a typed reason."""
    reason = typed("reason")
    try:
        free = lift_quarantine(home(), home().casebook.quarantine.find(digest), reason, today=today())
    except ProgramError as error:
        return _page([], problem=(LIFT + digest, error), typed_place=reason)
    return _page(
        [
            said_number(
                "The quarantine of %(num)s file is lifted.", "The quarantine of %(num)s files is lifted.", len(free)
            ),
            said("Members who had it before do not have it now: give them the tip again."),
        ]
    )


@views.post("/quarantine/known", provide_automatic_options=False)
def known() -> Response:
    """Add a list of known digests from a medium."""

    def add(place: Path) -> list[str]:
        new, hits = add_list(home(), place, today=today())
        remember(home(), RoundStep.KNOWN_DIGESTS, place)
        told = [said_number("%(num)s new digest.", "%(num)s new digests.", new)]
        if hits:
            told.append(
                said_number("%(num)s file is in quarantine now.", "%(num)s files are in quarantine now.", len(hits))
            )
        return told

    return _done(add, typed("file").strip() or typed("place"), at=LIST)


@views.post("/quarantine/rule", provide_automatic_options=False)
def rule() -> Response:
    try:
        chosen = QuarantineRule(request.form.get("rule", ""))
    except ValueError:
        return _page([], problem=(RULE, ProgramError("choose one of the two")))
    set_rule(home(), chosen, today=today())
    return _page([said("The rule is set.")])


def _done(act: Callable[[Path], list[str]], place: str, *, at: str) -> Response:
    try:
        told = act(absolute(place))
    except ProgramError as error:
        return _page([], problem=(at, error), typed_place=place)
    return _page(told)


def _page(told: list[str], *, problem: tuple[str, ProgramError] | None = None, typed_place: str = "") -> Response:
    quarantine = home().casebook.quarantine
    contents = [
        ShownQuarantine(one, quarantine.files(one.digests.sha256), quarantine.accesses(one.digests.sha256))
        for one in quarantine.all()
    ]
    return page(
        "quarantine.html",
        422 if problem else 200,
        told=[*told, *waiting_lines(home())],
        contents=contents,
        law=LAW,
        rule=rule_of(home()),
        rules=QuarantineRule,
        known=home().casebook.known_digests.counts(),
        problem_at=problem[0] if problem else "",
        problem=problem[1] if problem else None,
        typed_place=typed_place,
        lists=file_offers(
            home(), RoundStep.KNOWN_DIGESTS, IN_A_LIST, chosen=typed_place if problem and problem[0] == LIST else ""
        ),
        lifted=quarantine.lifted(),
        on_a_list=BY_DIGEST,
        fewest_letters=FEWEST_LETTERS,
        most_letters=MOST_LETTERS,
    )
