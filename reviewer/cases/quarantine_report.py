"""The report of a file in quarantine, for an authority: digests, custody and accesses.

After it the file stays sealed, or is destroyed: the operator sets which.
"""

import datetime as dt
import json
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.file_pictures import picture_place
from reviewer.casebook.numbered_files import BY_ITSELF
from reviewer.casebook.proposals import QUARANTINE
from reviewer.casebook.quarantine import QuarantinedContent, QuarantinedFile
from reviewer.casebook.submission import Submission
from reviewer.cases.deleting import delete_file, finish, require_no_hold
from reviewer.cases.quarantine import HOLD_REASON
from reviewer.cases.retention import unhold
from reviewer.home.home import Home
from reviewer.masks.lasting import masks_last
from system.atomic_files import whole_folder

LAW: Final = (
    "Countries differ on whether such a file must be reported, to whom, and whether it may be kept at all. Ask a"
    " lawyer before anything else."
)
_RULE_SETTING: Final = "quarantine_rule"
_MODE: Final = 0o600


class QuarantineRule(StrEnum):
    """How a file in quarantine is kept."""

    KEEP_SEALED = "keep-sealed"
    DESTROY_AFTER_REPORT = "destroy-after-report"


def rule_of(home: Home) -> QuarantineRule:
    """The rule that was set; without one, files stay sealed."""
    return QuarantineRule(home.casebook.settings.get(_RULE_SETTING) or QuarantineRule.KEEP_SEALED)


def set_rule(home: Home, rule: QuarantineRule, *, today: dt.date) -> None:
    """Set the rule for all files in quarantine."""
    with home.casebook.changing():
        home.casebook.settings.set(_RULE_SETTING, rule.value)
        home.casebook.log.add("quarantine rule", rule.value, today=today)


def report_json(home: Home, content: QuarantinedContent, *, today: dt.date) -> dict[str, Json]:
    """The report for programs."""
    digests, quarantine = content.digests, home.casebook.quarantine
    return {
        "report_day": today.isoformat(),
        "organisation": home.organisation,
        "md5": digests.md5.hex(),
        "sha1": digests.sha1.hex(),
        "sha256": digests.sha256.hex(),
        "bytes": digests.length_bytes,
        "quarantined_on": content.day.isoformat(),
        "found_by": content.origin,
        "rule": rule_of(home).value,
        "custody": [
            {
                "tip": file.tip,
                "server": file.server,
                "arrived_at_server": file.arrived_day.isoformat() if file.arrived_day else None,
                "taken_into_casebook": file.imported_day.isoformat(),
                "inside_a_sealed_file": file.sealed_place != BY_ITSELF,
                "destroyed": file.destroyed_day.isoformat() if file.destroyed_day else None,
            }
            for file in quarantine.files(digests.sha256)
        ],
        "accesses_counted_by": home.casebook.settings.require("name"),
        "accesses": [
            {
                "day": one.day.isoformat(),
                "tip": one.tip,
                "act": one.act,
                "permitted": one.is_permitted,
                "reviewer": one.reviewer,
            }
            for one in quarantine.accesses(digests.sha256)
        ],
    }


def report_lines(home: Home, content: QuarantinedContent, *, today: dt.date) -> list[str]:
    """The report for people; it holds no word of the source."""
    digests, quarantine = content.digests, home.casebook.quarantine
    lines = [
        "Report of a file in quarantine",
        "",
        f"organisation     {home.organisation}",
        f"report of        {today.isoformat()}",
        f"MD5              {digests.md5.hex()}",
        f"SHA-1            {digests.sha1.hex()}",
        f"SHA-256          {digests.sha256.hex()}",
        f"size             {digests.length_bytes:,} bytes",
        f"in quarantine    since {content.day.isoformat()}, found by {content.origin}",
        f"rule             {rule_of(home).value}",
        "",
        "Custody. Days are those of the machines; no hour is kept.",
        *(_custody_line(file) for file in quarantine.files(digests.sha256)),
        "",
        f"Accesses, counted by the casebook of the reviewer {home.casebook.settings.require('name')}.",
    ]
    accesses = quarantine.accesses(digests.sha256)
    lines += [
        f"{one.day.isoformat()}  {'PERMITTED' if one.is_permitted else 'refused'}  {one.act} of tip {one.tip},"
        f" by {one.reviewer}"
        for one in accesses
    ]
    return [*lines, *([] if accesses else ["none"])]


def write_report(home: Home, content: QuarantinedContent, folder: Path, *, today: dt.date) -> bool:
    """Write the report to a new folder, as text and JSON; True if the file was destroyed.

    ``folder`` must be missing or empty.     The report is written, and durable, before the file is destroyed.

    Raises:
        ProgramError: the folder cannot be written; the file is kept then.
    """
    name = f"quarantine-{content.digests.sha256.hex()[:12]}"
    text = "".join(f"{line}\n" for line in report_lines(home, content, today=today))
    with whole_folder(folder) as beside:
        _write(beside / f"{name}.txt", text.encode("utf-8"))
        report = report_json(home, content, today=today)
        _write(beside / f"{name}.json", json.dumps(report, indent=2).encode("ascii"))
    with home.casebook.changing():
        home.casebook.quarantine.mark_reported(content.digests.sha256, today=today)
        home.casebook.log.add("quarantine report", content.digests.sha256.hex(), today=today)
    if rule_of(home) is not QuarantineRule.DESTROY_AFTER_REPORT:
        return False
    destroy_content(home, content, today=today)
    return True


def destroy_content(home: Home, content: QuarantinedContent, *, today: dt.date) -> None:
    """Delete the files with this content, of every tip; digest, custody and accesses stay.

    Of a sealed file only what is in quarantine goes, and its original: the others that were inside stay readable.

    Raises:
        ProgramError: a person put a tip on hold, so its file and later ones stay.
    """
    quarantine, submissions = home.casebook.quarantine, home.casebook.submissions
    for doomed in quarantine.files(content.digests.sha256):
        if doomed.destroyed_day is not None:
            continue
        submission = submissions.by_short_id(doomed.tip)
        if submission is not None:
            _end_own_hold(home, submission, today)
            require_no_hold(home, [submission])
            _destroy(home, submission, doomed, today=today)
        with _masked_elsewhere(home, submission, doomed, today):
            quarantine.mark_destroyed(doomed.tip, sealed_place=doomed.sealed_place, place=doomed.place, today=today)
            subject = f"{doomed.tip}, {content.digests.sha256.hex()}"
            home.casebook.log.add("quarantine destroyed", subject, today=today)
    finish(home)


def _masked_elsewhere(
    home: Home, submission: Submission | None, doomed: QuarantinedFile, today: dt.date
) -> AbstractContextManager[None]:
    """A change with which the fingerprint of a file goes: the same picture stays masked in other tips."""
    if submission is None:
        return home.casebook.changing()
    place = picture_place(doomed.sealed_place, doomed.place)
    going = [one for one in home.casebook.findings.of(submission.number, with_hidden=True) if one.text == place]
    return masks_last(home, going, tips=[submission.number], today=today)


def _end_own_hold(home: Home, submission: Submission, today: dt.date) -> None:
    """End the hold that the quarantine put on a tip: the report is written, and the rule destroys."""
    hold = home.casebook.holds.of(submission.number)
    if hold is not None and hold.reason == HOLD_REASON:
        unhold(home, submission, today=today)


def _destroy(home: Home, submission: Submission, doomed: QuarantinedFile, *, today: dt.date) -> None:
    sealed_files, destroyer = home.casebook.sealed_files.of(submission), home.casebook.content_destroyer
    outer = doomed.place if doomed.sealed_place == BY_ITSELF else doomed.sealed_place
    sealed = sealed_files.get(outer)
    for file in home.casebook.submissions.stored_files(submission):
        if file.place != outer:
            continue
        if sealed is None:
            # Each casebook goes by its own rule, and writes a report of its own before.
            delete_file(home, submission, file, because=QUARANTINE, today=today, asks_colleagues=False)
            continue
        with home.casebook.changing():
            for inside in sealed.files:
                if inside.place == doomed.place and doomed.sealed_place != BY_ITSELF:
                    destroyer.destroy_inside(submission, sealed, inside)
            destroyer.destroy(submission, file)
            home.casebook.deletions.note_unfinished()


def _custody_line(file: QuarantinedFile) -> str:
    inside = ", inside of a file that its source had sealed" if file.sealed_place != BY_ITSELF else ""
    arrived = f"arrived at {file.server} on {file.arrived_day.isoformat()}" if file.arrived_day else file.server
    gone = f", destroyed on {file.destroyed_day.isoformat()}" if file.destroyed_day else ", kept sealed"
    return f"tip {file.tip}: {arrived}, taken into the casebook on {file.imported_day.isoformat()}{inside}{gone}"


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as sink:
        path.chmod(_MODE)
        sink.write(content)
