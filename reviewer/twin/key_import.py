"""Imports keys from a twin medium into a restored home, and tries them on unopened envelopes.

After a restore without the twin, a home continues with new keys, and envelopes for the old ones are kept unopened.
An old key is kept beside the new one of its week, for envelopes that are still to come. The order: a key is on the
disk before it is tried. A note that keys are pending is written before the first one is kept, and blocks every
retirement. An interrupted import is therefore finished by repeating it.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from crypto.bundles.bundle import ItemEntry, ItemSource, ItemType
from crypto.errors import CryptoError
from crypto.primitives.byte_source import ExactSource
from reviewer.casebook.submission import Submission
from reviewer.errors import BundleRefused, HomeError
from reviewer.home.home import Home
from reviewer.home.keyring import Keyring, first_name
from reviewer.opening.envelope_opening import EnvelopeOpener, Unopenable
from reviewer.opening.sealed_opening import SealedOpener
from reviewer.opening.version_watch import VersionDrop, VersionWatch
from reviewer.refusals import CURABLE, NEWER, WAITING
from reviewer.sharing.reading import ReadItem
from reviewer.twin.open_twin import OpenTwin
from reviewer.twin.sole_copies import retired_names
from reviewer.twin.twin import note_all_taken
from system.errors import ProgramError, system_reason
from system.given_files import open_given

_UNTRIED_SETTING = "late_keys_untried"
_RESTORED_SETTING = "restored"


@dataclass
class ImportedKeys:
    """The imported keys by their ``names`` here, and the names on the twin that were not imported."""

    names: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


@dataclass
class RetryResult:
    """Opened and unopened submissions, by short id; ``refused`` says why some may open later."""

    opened: list[str] = field(default_factory=list)
    still_sealed: list[str] = field(default_factory=list)
    """Among those: with a file that its source sealed, and that did not open."""
    sealed_opened: list[str] = field(default_factory=list)
    """Opened before, with a file that opened only now."""
    closed: int = 0
    operations: int = 0
    """Of colleagues, in items that did not open before."""
    lost: list[str] = field(default_factory=list)
    """Gone or changed on the disk since they came: they must come again."""
    refused: list[BundleRefused] = field(default_factory=list)
    fallen: list[VersionDrop] = field(default_factory=list)
    failures: list[ProgramError] = field(default_factory=list)
    """Errors that kept others from being tried."""


def take_keys(home: Home, twin: OpenTwin, *, today: dt.date) -> ImportedKeys:
    """Copy intake and sealed keys from a twin, except those of retired weeks and quarters.

    Raises:
        HomeError, MediumError: it is the twin of another reviewer, or that cannot be told; nothing was taken.
    """
    twin.require_of(home)
    ring = twin.ring
    taken = ImportedKeys()
    retired = retired_names(home)
    names = [name for name in ring.names() if name.startswith(("intake-", "sealed-"))]
    home.casebook.settings.set(_UNTRIED_SETTING, "1")
    for name in names:
        if first_name(name) in retired:
            taken.retired.append(name)
        else:
            _take_one(home, ring, name, taken)
    if taken.names:
        home.casebook.log.add("keys restored", ", ".join(taken.names), today=today)
    if not taken.damaged:
        note_all_taken(home, twin.folder)
    return taken


def try_unopened(home: Home, *, today: dt.date) -> RetryResult:
    """Try all keys on all unopened envelopes and files, and keep what opens as an import does."""
    tried = _try(home, None, CURABLE, today=today)
    if not tried.failures:
        forget_pending_keys(home)
    return tried


def try_what_may_open_now(home: Home, *, today: dt.date) -> RetryResult:
    """Try again envelopes of a newer version, and those that waited for a manifest.

    The program may have been updated since they came.
    """
    return _try(home, WAITING, [NEWER], today=today)


def _try(
    home: Home, kinds: Collection[str] | None, kinds_of_sealed: Sequence[str], *, today: dt.date
) -> RetryResult:
    """Try all unopened envelopes, or those that did not open for a reason of these ``kinds``.

    A failure is recorded, and the others are still tried.
    """
    tried = RetryResult()
    with _noted(tried.failures):
        here = home.casebook.unopened.here()
        _try_envelopes(home, [one for one in here if kinds is None or one.unopenable in kinds], tried, today=today)
    with _noted(tried.failures):
        _try_sealed_files(home, kinds_of_sealed, tried)
    return tried


def _try_envelopes(home: Home, submissions: Sequence[Submission], tried: RetryResult, *, today: dt.date) -> None:
    opener = EnvelopeOpener(home, today=today)
    watches: dict[str, VersionWatch] = {}
    for submission in submissions:
        server = submission.envelope.server
        watch = watches.setdefault(server, VersionWatch(home.casebook, root=home.root_key, server=server))
        with _noted(tried.failures):
            _try_one(home, submission, opener, watch, tried, today)
    for watch in watches.values():
        tried.fallen += watch.fallen()


def _try_sealed_files(home: Home, kinds: Sequence[str], tried: RetryResult) -> None:
    sealed = SealedOpener(home)
    for submission in (one for kind in kinds for one in home.casebook.sealed_files.not_opened(kind)):
        with _noted(tried.failures), home.casebook.changing():
            if sealed.open_again(submission):
                tried.sealed_opened.append(submission.short_id)


@contextmanager
def _noted(failures: list[ProgramError]) -> Iterator[None]:
    """Record a failure; the other envelopes are still tried."""
    try:
        yield
    except ProgramError as error:
        failures.append(error)
    except OSError as error:
        why = system_reason(error)
        failures.append(HomeError(f"cannot read or keep what came before: {why}", hint="do it again"))


def has_pending_keys(home: Home) -> bool:
    """True if keys were imported and trying them was interrupted."""
    return home.casebook.settings.get(_UNTRIED_SETTING) is not None


def begin_without_keys(home: Home) -> None:
    """In a restored home: earlier keys may turn up, and there is nothing to try them on yet."""
    forget_pending_keys(home)
    home.casebook.settings.set(_RESTORED_SETTING, "1")


def may_lack_keys(home: Home) -> bool:
    """True if this home was restored, so that current keys may be on a twin or an old disk."""
    return home.casebook.settings.get(_RESTORED_SETTING) is not None


def forget_pending_keys(home: Home) -> None:
    """Record that no key is left to try; a restored home has no keys at all."""
    home.casebook.settings.forget(_UNTRIED_SETTING)


def _take_one(home: Home, ring: Keyring, name: str, taken: ImportedKeys) -> None:
    try:
        secret = ring.secret(name)
    except HomeError:
        taken.damaged.append(name)
        return
    kept = home.keyring.keep_further(name, secret)
    if kept is None:
        taken.known.append(name)
    else:
        taken.names.append(kept)


def _try_one(
    home: Home,
    submission: Submission,
    opener: EnvelopeOpener,
    watch: VersionWatch,
    tried: RetryResult,
    today: dt.date,
) -> None:
    envelope = submission.envelope
    path = home.unopened / (submission.unopened_file or "")
    try:
        with open_given(path) as file, home.casebook.changing():
            item = ItemSource(
                ExactSource(file), ItemEntry(ItemType.SUBMISSION, envelope.sha256, envelope.length_bytes)
            )
            kept = opener.open(envelope, item, watch)
            if isinstance(kept, ReadItem):
                home.casebook.unopened.forget(submission)
    except (Unopenable, BundleRefused) as error:
        # The week is noted, so that its retirement waits.
        home.casebook.submissions.keep_unopenable(
            error.kind, week=opener.week_of(path), file_name=path.name, envelope=envelope, today=today
        )
        tried.closed += 1
        if isinstance(error, BundleRefused):
            tried.refused.append(error)
    except (FileNotFoundError, CryptoError):
        # Gone or changed on this disk: from now on it is wanted again.
        home.casebook.submissions.forget_envelope(submission)
        path.unlink(missing_ok=True)
        tried.lost.append(submission.short_id)
    except OSError as error:
        # Not read now says nothing about tomorrow, and its server may have deleted it: the copy stays.
        raise HomeError(
            f"cannot read {path}: {system_reason(error)}",
            hint="do it again; if its disk is damaged for good, remove that file: its server is asked for it then",
        ) from error
    else:
        path.unlink(missing_ok=True)
        if isinstance(kept, ReadItem):
            tried.operations += kept.new_operations
            return
        tried.opened.append(kept.submission.short_id)
        if kept.is_still_sealed:
            tried.still_sealed.append(kept.submission.short_id)
