"""Imports a FILE of bundles: verify, open and keep, one bundle at a time, each atomically.

A refused bundle leaves the casebook unchanged. Bundles for other receivers are skipped. A bundle that was read
before is read again only for items that are not here: awaited ones, and envelopes whose bytes were lost since. An
envelope that does not open is kept and listed; it never blocks the others.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from crypto.bundles.announcement import LONGEST_BYTES as ANNOUNCEMENT_BYTES
from crypto.bundles.announcement import verify_announcement
from crypto.bundles.bundle import BundleReader, Expected, ItemEntry, ItemSource, ItemType, read_bundle
from crypto.bundles.bundle_file import SealedBundle, read_bundle_file
from crypto.bundles.bundle_items import LONGEST_BYTES, WeekClosed
from crypto.errors import CryptoError, Malformed, NoKeyOpens, NotForUs, Replayed
from crypto.keys.keys import TransportSecretKey
from reviewer.casebook.submission import Envelope, Submission
from reviewer.cases.quarantine import screen
from reviewer.errors import BundleRefused
from reviewer.exchange.import_result import ImportReport
from reviewer.exchange.missing_items import MissingItems
from reviewer.exchange.second_reading import SecondReading
from reviewer.home.home import Home
from reviewer.opening.envelope_opening import EnvelopeOpener, Unopenable
from reviewer.opening.version_watch import VersionWatch
from reviewer.refusals import NO_KEY_OPENS, refusal
from reviewer.sharing.reading import ReadItem
from reviewer.sharing.record import apply_waiting
from reviewer.twin.key_import import try_what_may_open_now
from system.errors import ProgramError, system_reason
from system.given_files import open_given

_AGAIN = "what was told was taken in; import the same FILE again"


class FileImporter:
    """One import; ``progress`` receives the number of bytes read since its last call."""

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
        self._missing = MissingItems(home.casebook, today=today)

    def read(self, path: Path) -> ImportReport:
        """Take in what is for this reviewer.

        Bundles that are refused are listed in the answer, with the casebook as it was before each; the others of
        the same FILE are taken in all the same.

        Raises:
            BundleRefused: the FILE holds nothing for this reviewer.
        """
        whole = ImportReport()
        self._casebook.sweep()
        with open_given(path) as file:
            try:
                for place, sealed in enumerate(read_bundle_file(_Counted(file, self._progress))):
                    self._one_bundle(path, place, sealed, whole)
            except CryptoError as error:
                whole.refusals.append(refusal(error))
            except ProgramError as error:
                whole.broken_off = error
            except OSError as error:
                whole.broken_off = ProgramError(f"reading {path} broke off: {_reason(error)}", hint=_AGAIN)
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

    def _try_again(self, whole: ImportReport) -> None:
        tried = try_what_may_open_now(self._home, today=self._today)
        whole.opened_now = [*tried.opened, *tried.sealed_opened]
        for short_id in whole.opened_now:
            whole.quarantined += self._screen(self._casebook.submissions.find(short_id))
        whole.still_sealed += tried.still_sealed
        whole.lost = tried.lost
        whole.operations += tried.operations
        whole.fallen += tried.fallen
        whole.still_wait = tried.refused
        whole.not_tried = tried.failures

    def _screen(self, submission: Submission) -> int:
        """Compare its files with the known digests; how many contents of it went into quarantine."""
        before = len(self._casebook.quarantine.of_submission(submission.number))
        screen(self._home, submission, today=self._today)
        return len(self._casebook.quarantine.of_submission(submission.number)) - before

    def _one_bundle(self, path: Path, place: int, sealed: SealedBundle, whole: ImportReport) -> None:
        brought = ImportReport()
        try:
            with self._casebook.changing(), SecondReading(path, place, read=self._read_bundle) as second:
                reader = self._reader(sealed)
                failures = self._keep_bundle(reader, brought)
                apply_waiting(self._home, today=self._today)
                if failures:
                    self._keep_unopenable(second, reader, failures, brought)
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
        reader = self._read_bundle(sealed)
        if reader.is_repeated and not self._missing.any_of(
            reader.statement, self._servers[reader.statement.sender]
        ):
            raise Replayed(f"bundle {reader.statement.number} was already read here")
        return reader

    def _read_bundle(self, sealed: SealedBundle) -> BundleReader:
        return read_bundle(
            sealed,
            keys=self._transport_keys,
            expect=self._expected,
            progress=self._casebook.servers.progress(),
            again=True,
        )

    def _keep_bundle(self, reader: BundleReader, brought: ImportReport) -> dict[bytes, str]:
        """Keep every item; the digests of envelopes that did not open, and why not."""
        server = self._servers[reader.statement.sender]
        failures: dict[bytes, str] = {}
        watch = VersionWatch(self._casebook, root=self._home.root_key, server=server)
        has_ended = self._missing.has_ended(reader.statement, server)
        for entry, item in reader:
            if entry.type is ItemType.SUBMISSION:
                self._casebook.awaited.came(reader.statement, entry.sha256)
                if self._missing.is_here(entry, server):
                    brought.known += 1
                    continue
                try:
                    kept = self._opener.open(Envelope(entry.sha256, entry.length, server), item, watch)
                except Unopenable as unopenable:
                    failures[entry.sha256] = unopenable.kind
                    continue
                if isinstance(kept, ReadItem):
                    brought.note_shared(kept)
                    continue
                brought.opened.append(kept.submission.short_id)
                brought.quarantined += self._screen(kept.submission)
                if kept.is_still_sealed:
                    brought.still_sealed.append(kept.submission.short_id)
            else:
                self._keep_small(reader, entry, item, brought)
        brought.deleted_unread += self._missing.note(reader, server)
        if not has_ended:  # else it was sealed before its server was restored, which is no news
            brought.fallen += watch.fallen()
        return failures

    def _keep_small(self, reader: BundleReader, entry: ItemEntry, item: ItemSource, brought: ImportReport) -> None:
        """Keep an item that is no submission. Of an ended stream it counts for nothing."""
        server = self._servers[reader.statement.sender]
        has_ended = self._missing.has_ended(reader.statement, server)
        if entry.type is ItemType.WEEK_CLOSED:
            closed = WeekClosed.parse(item.whole(limit_bytes=LONGEST_BYTES))
            self._casebook.awaited.came(reader.statement, entry.sha256)
            if not has_ended and self._casebook.servers.note_week_closed(
                server, closed, stream=reader.statement.stream
            ):
                brought.weeks_closed.append(closed.week)
        elif entry.type is ItemType.ANNOUNCEMENT:
            announced = verify_announcement(item.whole(limit_bytes=ANNOUNCEMENT_BYTES), root=self._home.root_key)
            if not (has_ended or reader.is_repeated):
                self._casebook.servers.note_announcement(announced, today=self._today)
        else:
            raise Malformed(f"a server must not send an item of the type {entry.type}")

    def _keep_unopenable(
        self, second: SecondReading, reader: BundleReader, failures: dict[bytes, str], brought: ImportReport
    ) -> None:
        for entry, copy in second.copy(reader, failures.keys(), folder=self._home.unopened):
            reason = failures[entry.sha256]
            kept = self._casebook.submissions.keep_unopenable(
                reason,
                week=self._opener.week_of(copy),
                file_name=copy.name,
                envelope=Envelope(entry.sha256, entry.length, self._servers[reader.statement.sender]),
                today=self._today,
            )
            (brought.without_slot if reason == NO_KEY_OPENS else brought.unopenable).append(kept.short_id)


def is_for_others(home: Home, path: Path) -> bool:
    """True if the first bundle in a FILE is sealed to other receivers only.

    An outbox that was written here is such a FILE. False for all else: its faults are told at its import.
    """
    own = home.party_keys()
    senders = {server.verify_key for server in home.casebook.servers.all()}
    try:
        with open_given(path) as file:
            for sealed in read_bundle_file(file):
                read_bundle(
                    sealed,
                    keys=[own.transport],
                    expect=Expected(senders=senders, own=own.signing.verify_key()),
                    progress=home.casebook.servers.progress(),
                    again=True,
                )
                return False
    except (NoKeyOpens, NotForUs):
        return True
    except (CryptoError, OSError):
        return False
    return False


def _reason(error: OSError) -> str:
    return system_reason(error)


class _Counted:
    """Tells how far a file was read."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], object]) -> None:
        self._file = file
        self._progress = progress

    def read(self, size: int, /) -> bytes:
        piece = self._file.read(size)
        self._progress(len(piece))
        return piece
