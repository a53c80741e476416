"""Lifting a quarantine that was a mistake: with a typed reason, here only, and with a line in the log.

Until then every reading of the file is refused, as :mod:`reviewer.cases.quarantine` does. A file on a list of known
digests stays in quarantine.
"""

import datetime as dt
from typing import Final

from reviewer.casebook.numbered_files import BY_ITSELF, NumberedFile, numbered_files
from reviewer.casebook.quarantine import BY_DIGEST, QuarantinedContent
from reviewer.cases.deleting import SOON_SETTING
from reviewer.cases.marking import plain_name
from reviewer.cases.quarantine import HOLD_REASON
from reviewer.errors import NoSuchSubmission
from reviewer.home.home import Home
from system.errors import ProgramError

FEWEST_LETTERS: Final = 10
MOST_LETTERS: Final = 200


def require_can_lift(home: Home, content: QuarantinedContent) -> None:
    """Return when the quarantine of this content may be lifted here.

    Raises:
        ProgramError: it is on a list of known digests, or nothing of it is left, or a file inside of it is in
            quarantine.
    """
    digests = content.digests
    known = home.casebook.known_digests
    if content.origin == BY_DIGEST or known.is_known(digests.sha256, digests.sha1, digests.md5):
        raise ProgramError(
            "this file is on a list of known digests, so its quarantine is not lifted",
            hint="speak with a lawyer, and with the authority that gave the list",
        )
    files = home.casebook.quarantine.files(digests.sha256)
    if all(file.destroyed_day for file in files):
        raise ProgramError("this file is destroyed, so there is nothing to lift")
    if any(_quarantined_inside(home, one, files_of_tip) for one, files_of_tip in _placed(home, digests.sha256)):
        raise ProgramError(
            "a file inside of this sealed file is in quarantine", hint="lift that one; the sealed file follows it"
        )


def lift_quarantine(home: Home, content: QuarantinedContent, reason: str, *, today: dt.date) -> list[bytes]:
    """Lift the quarantine of a content; the SHA-256 of all that is free again.

    A sealed file follows when no file inside of it is in quarantine any more. A hold that the quarantine put ends
    with it. Colleagues lift theirs themselves.

    Raises:
        ProgramError: as :func:`require_can_lift`; or a reason that is too short or too long.
    """
    words = plain_name(reason, "a reason", MOST_LETTERS)
    if len(words) < FEWEST_LETTERS:
        raise ProgramError(
            f"a reason must have at least {FEWEST_LETTERS} letters", hint="write why it was put there by mistake"
        )
    require_can_lift(home, content)
    sha256, quarantine = content.digests.sha256, home.casebook.quarantine
    free = [sha256]
    with home.casebook.changing():
        quarantine.lift(sha256, reason=words, today=today)
        for one, files in _placed(home, sha256):
            for outer in files:
                is_around = outer.sealed_place == BY_ITSELF and outer.file.place == one.sealed_place
                is_there = quarantine.since(outer.file.sha256) is not None
                if is_around and is_there and not _quarantined_inside(home, outer, files):
                    quarantine.lift(outer.file.sha256, reason=words, today=today)
                    free.append(outer.file.sha256)
        for each in free:
            home.casebook.log.add("quarantine lifted", each.hex(), today=today)
        for number in sorted({file.submission for each in free for file in quarantine.files(each)}):
            _end_hold(home, number, today)
    return free


def _placed(home: Home, sha256: bytes) -> list[tuple[NumberedFile, list[NumberedFile]]]:
    """Each place of a content in a tip that is still here, with all files of the tip."""
    found = []
    for number in sorted({file.submission for file in home.casebook.quarantine.files(sha256)}):
        try:
            submission = home.casebook.submissions.by_number(number)
        except NoSuchSubmission:  # deleted
            continue
        files = list(numbered_files(home.casebook, submission))
        found += [(one, files) for one in files if one.file.sha256 == sha256]
    return found


def _quarantined_inside(home: Home, outer: NumberedFile, files: list[NumberedFile]) -> bool:
    """True if a file that lies in this one is in quarantine."""
    return outer.sealed_place == BY_ITSELF and any(
        one.sealed_place == outer.file.place and home.casebook.quarantine.since(one.file.sha256) is not None
        for one in files
    )


def _end_hold(home: Home, submission: int, today: dt.date) -> None:
    """End the hold that a quarantine put, when no other file of the tip needs it."""
    hold = home.casebook.holds.of(submission)
    if hold is None or hold.reason != HOLD_REASON or home.casebook.quarantine.of_submission(submission):
        return
    home.casebook.holds.lift(submission)
    home.casebook.settings.forget(SOON_SETTING)
    home.casebook.log.add("hold ended", home.casebook.submissions.by_number(submission).short_id, today=today)
