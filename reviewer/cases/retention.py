"""How long tips are kept: which are due by the rules, and deleting exactly those that were listed.

A thread is kept or goes as a whole: all tips of one mailbox. Its age is counted from the last thing that happened
in it, by this machine's clock: a tip was taken in or archived, a note or an answer was written.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crypto.questions.answers import FORM_FIELD
from reviewer.casebook.retention_rules import ARCHIVED, RetentionRule
from reviewer.casebook.submission import Submission
from reviewer.casebook.thread_marks import Status
from reviewer.cases.deleting import KEPT_LONG_ENOUGH, SOON_SETTING, delete_tips
from reviewer.home.home import Home
from system.errors import ProgramError

REMINDER_DAYS: Final = 14
STATUSES: Final = (*map(str, Status), ARCHIVED)
HOLD_REASON_BYTES: Final = 500
_CODE_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class DueTip:
    """One tip that goes, the rule, and the day of the last thing that happened in its thread."""

    submission: Submission
    rule: RetentionRule
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class DryRun:
    """Exactly the tips that a deletion with this ``code`` deletes."""

    tips: Sequence[DueTip]

    @property
    def code(self) -> str:
        """The beginning of a SHA-256 over the envelopes of all tips in the list."""
        digests = sorted(tip.submission.envelope.sha256 for tip in self.tips)
        return hashlib.sha256(b"".join(digests)).hexdigest()[:_CODE_DIGITS]


def dry_run(home: Home, *, today: dt.date) -> DryRun:
    """The tips that are due on this day; nothing is deleted."""
    rules = home.casebook.retention_rules.all()
    if not rules:
        return DryRun(())
    found = []
    for thread in home.casebook.overview.threads(FORM_FIELD):
        if thread.is_held or thread.is_unopened:
            continue
        days = (today - thread.last_day).days
        for rule in rules:
            if rule.fits(questionnaires=thread.questionnaires, statuses=thread.statuses, days=days):
                found += [(number, rule, thread.last_day) for number in thread.numbers]
                break
    submissions = {
        one.number: one
        for start in range(0, len(found), 1000)
        for one in home.casebook.overview.some([number for number, _rule, _day in found[start : start + 1000]])
    }
    return DryRun([DueTip(submissions[number], rule, day) for number, rule, day in found])


def soon(home: Home, *, today: dt.date) -> int:
    """The number of tips that are due within the next fourteen days, or already.

    It is computed once a day, and after each change of rules, holds and tips by staff: the list of tips shows it.
    """
    settings = home.casebook.settings
    day, _, count = (settings.get(SOON_SETTING) or "").partition(" ")
    if day == today.isoformat():
        return int(count)
    found = len(dry_run(home, today=today + dt.timedelta(days=REMINDER_DAYS)).tips)
    settings.set(SOON_SETTING, f"{today.isoformat()} {found}")
    return found


def delete_listed(home: Home, untrusted_code: str, *, today: dt.date) -> int:
    """Delete what the dry run with this code named; the number of tips.

    Raises:
        ProgramError: another code: what is due has changed since. Nothing was deleted.
    """
    run = dry_run(home, today=today)
    if not run.tips:
        raise ProgramError("no tip is due", hint="tipline-review retention HOME shows the rules")
    if untrusted_code.strip().lower() != run.code:
        raise ProgramError(
            "the code is not that of the present list: what is due has changed since it was shown",
            hint="tipline-review retention HOME shows the list and its code; look at it again",
        )
    delete_tips(home, [tip.submission for tip in run.tips], because=KEPT_LONG_ENOUGH, today=today)
    return len(run.tips)


def add_rule(
    home: Home, *, questionnaire: str | None, status: str | None, days: int, today: dt.date
) -> RetentionRule:
    """Add a rule of retention.

    Raises:
        ProgramError: an unknown status, a form's name that is too long, or too few days.
    """
    if status is not None and status not in STATUSES:
        raise ProgramError(f"a status must be one of: {', '.join(STATUSES)}")
    if questionnaire is not None and len(questionnaire) > 100:
        raise ProgramError("the name of a form must have at most 100 letters")
    with home.casebook.changing():
        rule = home.casebook.retention_rules.add(questionnaire=questionnaire, status=status, days=days)
        home.casebook.settings.forget(SOON_SETTING)
        home.casebook.log.add("retention rule added", f"rule {rule.number}, {days} days", today=today)
    return rule


def remove_rule(home: Home, number: int, *, today: dt.date) -> None:
    """Remove a rule.

    Raises:
        ProgramError: there is none with this number.
    """
    with home.casebook.changing():
        if not home.casebook.retention_rules.remove(number):
            raise ProgramError(f"there is no rule {number}", hint="tipline-review retention HOME shows the rules")
        home.casebook.settings.forget(SOON_SETTING)
        home.casebook.log.add("retention rule removed", f"rule {number}", today=today)


def hold(home: Home, submission: Submission, reason: str, *, today: dt.date) -> None:
    """Keep a tip: nothing deletes it until the hold is ended.

    Raises:
        ProgramError: no reason, or one that is too long.
    """
    if not reason.strip() or len(reason.encode()) > HOLD_REASON_BYTES:
        raise ProgramError(f"the reason of a hold must have 1 to {HOLD_REASON_BYTES} bytes")
    with home.casebook.changing():
        home.casebook.holds.put(submission.number, reason=reason.strip(), today=today)
        home.casebook.settings.forget(SOON_SETTING)
        home.casebook.log.add("hold", submission.short_id, today=today)


def unhold(home: Home, submission: Submission, *, today: dt.date) -> None:
    """End the hold on a tip.

    Raises:
        ProgramError: it is not on hold.
    """
    with home.casebook.changing():
        if not home.casebook.holds.lift(submission.number):
            raise ProgramError(f"{submission.short_id} is not on hold")
        home.casebook.settings.forget(SOON_SETTING)
        home.casebook.log.add("hold ended", submission.short_id, today=today)
