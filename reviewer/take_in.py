"""Taking in a FILE of bundles: verify, open, and keep, one bundle at a time and each as a whole.

A refused bundle leaves the casebook as it was before it. Bundles for somebody else are passed over; bundles that
were read before are harmless, and read again only for envelopes whose bytes were lost since. An envelope that does
not open is kept and listed: it never holds up the others.
"""

import datetime as dt
import itertools
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from crypto.bundle import BundleReader, Expected, ItemEntry, ItemType, read_bundle
from crypto.bundle_file import SealedBundle, read_bundle_file
from crypto.errors import CryptoError, Malformed, NoKeyOpens, Replayed
from crypto.keys import TransportSecretKey
from crypto.statements import LONGEST_BYTES, WeekClosed
from crypto.week import Week
from reviewer.casebook.submission import Envelope
from reviewer.envelope_opening import EnvelopeOpener, Unopenable
from reviewer.errors import BundleRefused, ReviewerError, each_once
from reviewer.home import Home
from reviewer.late_keys import try_what_may_open_now
from reviewer.refusals import NO_KEY_OPENS, refusal
from reviewer.version_watch import Fallen, VersionWatch
from reviewer.whole_file import whole_file

_COPIED_BYTES = 1 << 20
_AGAIN = "what was told was taken in; import the same FILE again"


@dataclass
class Intake:
    """What one FILE brought."""

    bundles: int = 0
    repeated: int = 0
    for_others: int = 0
    opened: list[str] = field(default_factory=list)
    unopenable: list[str] = field(default_factory=list)
    without_slot: list[str] = field(default_factory=list)
    """Envelopes in which no slot is for this reviewer."""
    still_sealed: list[str] = field(default_factory=list)
    """Submissions with a file that its source sealed, and that no key here opens."""
    known: int = 0
    deleted_unread: int = 0
    weeks_closed: list[Week] = field(default_factory=list)
    fallen: list[Fallen] = field(default_factory=list)
    refusals: list[BundleRefused] = field(default_factory=list)
    broken_off: ReviewerError | None = None
    """Why the rest of the FILE was not read; what is told was taken in before."""
    opened_now: list[str] = field(default_factory=list)
    """Came before, and did not open then."""
    still_wait: list[BundleRefused] = field(default_factory=list)
    """Why others of those do not open yet, as they name a manifest that is not here."""
    not_tried: list[ReviewerError] = field(default_factory=list)
    """Why others of those could not be tried."""
    lost: list[str] = field(default_factory=list)
    """Of those, what is gone from this disk or changed: it must come again."""

    def troubles(self) -> list[ReviewerError]:
        """What staff must see to, each once: bundles that were refused, and what of before could not be tried."""
        return each_once([*([self.broken_off] if self.broken_off else []), *self.refusals, *self.not_tried])

    def add(self, other: "Intake") -> None:
        self.opened += other.opened
        self.unopenable += other.unopenable
        self.without_slot += other.without_slot
        self.still_sealed += other.still_sealed
        self.known += other.known
        self.deleted_unread += other.deleted_unread
        self.weeks_closed += other.weeks_closed
        self.fallen += other.fallen


class TakeIn:
    """One import; ``progress`` is called with the number of bytes of the FILE read since the last call."""

    def __init__(self, home: Home, *, today: dt.date, progress: Callable[[int], object]) -> None:
        self._home = home
        self._casebook = home.casebook
        self._today = today
        self._progress = progress
        self._servers = {server.verify_key: server.name for server in home.casebook.servers.all()}
        own = home.party_keys()
        self._transport_keys: Sequence[TransportSecretKey] = [own.transport]
        self._expected = Expected(senders=self._servers.keys(), own=own.signing.verify_key())
        self._opener = EnvelopeOpener(home, today=today)

    def read(self, path: Path) -> Intake:
        """Take in what is for this reviewer.

        Bundles that are refused are listed in the answer, with the casebook as it was before each; the others of
        the same FILE are taken in all the same.

        Raises:
            BundleRefused: the FILE holds nothing for this reviewer.
        """
        whole = Intake()
        self._casebook.sweep()
        with path.open("rb") as file:
            try:
                for place, sealed in enumerate(read_bundle_file(_Counted(file, self._progress))):
                    self._one_bundle(path, place, sealed, whole)
            except CryptoError as error:
                whole.refusals.append(refusal(error))
            except ReviewerError as error:
                whole.broken_off = error
            except OSError as error:
                whole.broken_off = ReviewerError(f"reading {path} broke off: {_reason(error)}", hint=_AGAIN)
        if whole.broken_off:
            return whole
        if whole.for_others and not (whole.bundles or whole.repeated or whole.refusals):
            raise BundleRefused(
                "not for us",
                "no bundle in this file is sealed to this reviewer",
                hint="servers seal to the reviewers of their manifest: was it issued here, and taken in there?",
            )
        self._try_again(whole)
        return whole

    def _try_again(self, whole: Intake) -> None:
        tried = try_what_may_open_now(self._home, today=self._today)
        whole.opened_now = [*tried.opened, *tried.sealed_opened]
        whole.still_sealed += tried.still_sealed
        whole.lost = tried.lost
        whole.fallen += tried.fallen
        whole.still_wait = tried.refused
        whole.not_tried = tried.failures

    def _one_bundle(self, path: Path, place: int, sealed: SealedBundle, whole: Intake) -> None:
        brought = Intake()
        try:
            with self._casebook.changing(), _removed_on_failure() as unopened:
                reader = self._reader(sealed)
                failures = self._keep_bundle(reader, brought)
                if failures:
                    self._keep_unopenable(path, place, failures, brought, unopened)
                server = self._servers[reader.statement.sender]
                if not reader.is_repeated:
                    self._casebook.servers.advance(server, reader.place)
                subject = f"bundle {reader.statement.number} of {server}, {len(brought.opened)} submissions"
                self._casebook.log.add("import", subject, today=self._today)
        except NoKeyOpens:
            whole.for_others += 1
        except Replayed:
            whole.repeated += 1
        except BundleRefused as refused:
            whole.refusals.append(refused)
        except CryptoError as error:
            whole.refusals.append(refusal(error))
        else:
            whole.repeated += reader.is_repeated
            whole.bundles += not reader.is_repeated
            whole.add(brought)

    def _reader(self, sealed: SealedBundle) -> BundleReader:
        reader = read_bundle(
            sealed,
            keys=self._transport_keys,
            expect=self._expected,
            progress=self._casebook.servers.progress(),
            again=True,
        )
        if reader.is_repeated and not any(map(self._is_wanted, reader.statement.items)):
            raise Replayed(f"bundle {reader.statement.number} was already read here")
        return reader

    def _keep_bundle(self, reader: BundleReader, brought: Intake) -> dict[bytes, str]:
        """Keep every item; the digests of envelopes that did not open, and why not."""
        server = self._servers[reader.statement.sender]
        failures: dict[bytes, str] = {}
        watch = VersionWatch(self._casebook, root=self._home.root_key, server=server)
        for entry, item in reader:
            if entry.type is ItemType.SUBMISSION:
                if self._is_known(entry):
                    brought.known += 1
                    continue
                try:
                    kept = self._opener.open(Envelope(entry.sha256, entry.length, server), item, watch)
                except Unopenable as unopenable:
                    failures[entry.sha256] = unopenable.kind
                    continue
                brought.opened.append(kept.submission.short_id)
                if kept.is_still_sealed:
                    brought.still_sealed.append(kept.submission.short_id)
            elif reader.is_repeated:
                continue
            elif entry.type is ItemType.WEEK_CLOSED:
                closed = WeekClosed.parse(item.whole(limit_bytes=LONGEST_BYTES))
                self._casebook.servers.note_week_closed(server, closed, stream=reader.statement.stream)
                brought.weeks_closed.append(closed.week)
            else:
                raise Malformed(f"a server must not send an item of the type {entry.type}")
        for tombstone in reader.tombstones:
            brought.deleted_unread += tombstone.type is ItemType.SUBMISSION and self._was_awaited(
                tombstone, is_repeated=reader.is_repeated
            )
        brought.fallen += watch.fallen()
        return failures

    def _keep_unopenable(
        self, path: Path, place: int, failures: dict[bytes, str], brought: Intake, unopened: list[Path]
    ) -> None:
        """Read the bundle a second time, for the bytes of the envelopes that did not open."""
        with path.open("rb") as file:
            sealed = next(itertools.islice(read_bundle_file(file), place, None))
            reader = self._reader(sealed)
            server = self._servers[reader.statement.sender]
            for entry, item in reader:
                if entry.sha256 not in failures or self._is_known(entry):
                    continue
                copy = self._home.unopened / f"{secrets.token_hex(16)}.age"
                unopened.append(copy)
                with whole_file(copy) as sink:
                    while piece := item.read(_COPIED_BYTES):
                        sink.write(piece)
                kept = self._casebook.submissions.keep_unopenable(
                    failures[entry.sha256],
                    week=self._opener.week_of(copy),
                    file_name=copy.name,
                    envelope=Envelope(entry.sha256, entry.length, server),
                    today=self._today,
                )
                no_slot = failures[entry.sha256] == NO_KEY_OPENS
                (brought.without_slot if no_slot else brought.unopenable).append(kept.short_id)

    def _is_known(self, entry: ItemEntry) -> bool:
        """Whether nothing is to be done about it any more."""
        return self._casebook.submissions.is_known(entry.sha256) and not self._is_wanted(entry)

    def _was_awaited(self, tombstone: ItemEntry, *, is_repeated: bool) -> bool:
        """Whether it was never read here, and this is told for the first time."""
        if self._casebook.submissions.is_known(tombstone.sha256):
            return self._casebook.unopened.note_deleted(tombstone.sha256)
        return not is_repeated

    def _is_wanted(self, entry: ItemEntry) -> bool:
        return self._casebook.unopened.is_wanted(entry.sha256)


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()


@contextmanager
def _removed_on_failure() -> Iterator[list[Path]]:
    """Files that go again when the block fails."""
    paths: list[Path] = []
    try:
        yield paths
    except BaseException:
        for path in paths:
            path.unlink(missing_ok=True)
        raise


class _Counted:
    """Tells how far a file was read."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], object]) -> None:
        self._file = file
        self._progress = progress

    def read(self, size: int, /) -> bytes:
        piece = self._file.read(size)
        self._progress(len(piece))
        return piece
