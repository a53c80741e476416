"""Quarantine of suspected abuse pictures of children: shown to no one, each access counted.

:func:`require_not_quarantined` is the one place that every reading of a file of a source asks first: saving, clean
copies, looking, evidence. It compares the file with the lists of known digests before anything of it is shown.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.known_digests import ContentDigests
from reviewer.casebook.numbered_files import BY_ITSELF, NumberedFile, numbered_files
from reviewer.casebook.proposals import MOST_PROPOSALS, WITHIN_DAYS
from reviewer.casebook.quarantine import BY_DIGEST, BY_STAFF, QuarantineAccess
from reviewer.casebook.submission import Submission
from reviewer.cases.deleting import SOON_SETTING
from reviewer.errors import CasebookError, NoSuchSubmission, Quarantined
from reviewer.home.home import Home
from reviewer.sharing.appliers import QUARANTINE
from reviewer.sharing.record import record

SAVE, CLEAN_COPY, LOOK, ENVELOPE, FINGERPRINT = "save", "clean copy", "look", "envelope", "fingerprint"
"""The purposes of a reading, in the count of accesses."""

HOLD_REASON: Final = "a file of it is in quarantine"
_FEWEST_DIGITS: Final = 4
_HINT: Final = "it is shown to no one; tipline-review quarantines list HOME, and docs/review/quarantine.md"


def find_file(home: Home, submission: Submission, untrusted_name: str) -> NumberedFile:
    """The file with this number, or whose SHA-256 begins with these hex digits, four or more.

    Raises:
        NoSuchSubmission: the submission has no such file, or several.
    """
    wanted = untrusted_name.strip().lower()
    files = list(numbered_files(home.casebook, submission))
    found = [one for one in files if one.number == wanted]
    if not found and len(wanted) >= _FEWEST_DIGITS:
        alike = {one.file.sha256: one for one in files if one.file.sha256.hex().startswith(wanted)}
        found = list(alike.values())
    if len(found) != 1:
        raise NoSuchSubmission(
            "this tip has no such file",
            hint="name it by its number from 1 (3.1 inside of the sealed file 3), or by the start of its SHA-256",
        )
    return found[0]


def require_not_quarantined(
    home: Home,
    submission: Submission,
    file: StoredFile,
    read: Callable[[], Iterator[bytes]],
    *,
    act: str,
    today: dt.date,
) -> None:
    """Return if this file may be read. It is compared with the known digests first.

    Args:
        home: the open home.
        submission: that the file came with.
        file: the file, or one inside of a sealed file.
        read: gives its bytes; called only if a list holds MD5 or SHA-1.
        act: what the reading is for, such as :data:`LOOK`, for the count.
        today: for the count and the log.

    Raises:
        Quarantined: it is in quarantine, or is put there now. The attempt was counted.
        CasebookError: it is not what was taken in.
    """
    quarantine = home.casebook.quarantine
    if quarantine.since(file.sha256) is None and _is_known(home, file, read):
        screen(home, submission, today=today)
    since = quarantine.since(file.sha256)
    if since is None:
        return
    _count(home, submission, file.sha256, act, is_permitted=False, today=today)
    raise Quarantined(
        f"this file is in quarantine since {since.isoformat()} (SHA-256 {file.sha256.hex()[:12]}…)", hint=_HINT
    )


def require_envelope_allowed(home: Home, submission: Submission, *, for_authority: bool, today: dt.date) -> None:
    """Return if the sealed original of a submission may be written; counts it for quarantined files.

    Raises:
        Quarantined: a file is in quarantine, and the envelope is not for an authority.
    """
    contents = sorted(home.casebook.quarantine.of_submission(submission.number))
    for sha256 in contents:
        _count(home, submission, sha256, ENVELOPE, is_permitted=for_authority, today=today)
    if contents and not for_authority:
        raise Quarantined(
            "a file of this tip is in quarantine, so its envelope is written for an authority only",
            hint="ask a lawyer first; then: tipline-review raw HOME ID --out FILE --for-authority",
        )


def count_fingerprint(home: Home, submission: Submission, sha256: bytes, *, today: dt.date) -> None:
    """Count that a sandboxed process makes the fingerprint of a quarantined picture. No one is shown it."""
    _count(home, submission, sha256, FINGERPRINT, is_permitted=True, today=today)


def quarantine_file(home: Home, submission: Submission, one: NumberedFile, *, today: dt.date) -> list[bytes]:
    """Put a file into quarantine, with everything sealed inside it; the SHA-256 of what is new there.

    One that lies in a sealed file takes the sealed file along, which is its original.

    Raises:
        CasebookError: a file is not what was taken in; nothing is changed.
    """
    return _put(home, submission, [one.file.sha256, *_bound_to(home, submission, one)], BY_STAFF, today)


def waiting_lines(home: Home) -> list[str]:
    """How many files colleagues hid that are not hidden here yet, in words."""
    waits = home.casebook.operations.count_waiting(QUARANTINE)
    if not waits:
        return []
    told = f"{waits} files that colleagues put into quarantine are not in quarantine here."
    why = (
        f"Their tips did not come yet, or one colleague hid more than {MOST_PROPOSALS} files in {WITHIN_DAYS} days."
    )
    return [told, f"{why} Telephone."]


def screen(home: Home, submission: Submission, *, today: dt.date) -> list[bytes]:
    """Compare every file of a submission with the known digests; the SHA-256 of what is new in quarantine.

    A file whose content is in quarantine through another tip is noted as well.

    Raises:
        CasebookError: a file is not what was taken in.
    """
    hits = []
    for one in numbered_files(home.casebook, submission):
        is_there = home.casebook.quarantine.since(one.file.sha256) is not None
        if is_there or _is_known(home, one.file, one.read):
            hits += [one.file.sha256, *_bound_to(home, submission, one)]
    return _put(home, submission, hits, BY_DIGEST, today) if hits else []


def _bound_to(home: Home, submission: Submission, one: NumberedFile) -> list[bytes]:
    """The sealed file in which it lies; or all files that lie in it."""
    files = list(numbered_files(home.casebook, submission))
    if one.sealed_place != BY_ITSELF:
        return [
            other.file.sha256
            for other in files
            if other.sealed_place == BY_ITSELF and other.file.place == one.sealed_place
        ]
    return [other.file.sha256 for other in files if other.sealed_place == one.file.place]


def _put(home: Home, submission: Submission, contents: list[bytes], origin: str, today: dt.date) -> list[bytes]:
    new = []
    quarantine = home.casebook.quarantine
    with home.casebook.changing():
        for one in numbered_files(home.casebook, submission):
            if one.file.sha256 not in contents:
                continue
            if quarantine.since(one.file.sha256) is None:
                quarantine.add(_digests(one.file, one.read), origin=origin, today=today)
                new.append(one.file.sha256)
                told = {"sha256": one.file.sha256.hex()}
                record(home, QUARANTINE, submission, told, today=today)
            if quarantine.add_place(
                one.file.sha256, submission, sealed_place=one.sealed_place, place=one.file.place
            ):
                subject = f"{submission.short_id}, file {one.number}, {one.file.sha256.hex()}, {origin}"
                home.casebook.log.add("quarantine", subject, today=today)
            _hold(home, submission, today)
    return new


def _hold(home: Home, submission: Submission, today: dt.date) -> None:
    """Hold a tip of which the sealed original must stay: no press, no rule and no colleague deletes it."""
    if home.casebook.holds.of(submission.number) is None:
        home.casebook.holds.put(submission.number, reason=HOLD_REASON, today=today)
        home.casebook.settings.forget(SOON_SETTING)
        home.casebook.log.add("hold", submission.short_id, today=today)


def _is_known(home: Home, file: StoredFile, read: Callable[[], Iterator[bytes]]) -> bool:
    known = home.casebook.known_digests
    if known.is_known(file.sha256):
        return True
    if not known.needs_other_digests():
        return False
    others = known.compared(file.sha256)
    if others is None:
        digests = _digests(file, read)
        known.keep_compared(digests)
        others = digests.sha1, digests.md5
    return known.is_known(*others)


def _digests(file: StoredFile, read: Callable[[], Iterator[bytes]]) -> ContentDigests:
    digests = ContentDigests.of(read())
    if digests.sha256 != file.sha256:
        raise CasebookError("a file is not what was taken in", hint="restore the casebook from a backup")
    return digests


def _count(
    home: Home, submission: Submission, sha256: bytes, act: str, *, is_permitted: bool, today: dt.date
) -> None:
    reviewer = home.casebook.settings.require("name")
    access = QuarantineAccess(today, submission.short_id, act, is_permitted, reviewer)
    outcome = "permitted" if is_permitted else "refused"
    with home.casebook.changing():
        home.casebook.quarantine.count(sha256, access)
        subject = f"{submission.short_id}, {sha256.hex()}, {act}, {outcome}"
        home.casebook.log.add("quarantine access", subject, today=today)
