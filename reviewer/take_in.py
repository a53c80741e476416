"""Taking in a FILE of bundles: verify, open, and keep, one bundle at a time and each as a whole.

A refused bundle leaves the casebook as it was before it. Bundles for somebody else are passed over; bundles that
were read before are harmless. An envelope that does not open is kept and listed: it never holds up the others.
"""

import datetime as dt
import itertools
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from crypto.bundle import BundleReader, Expected, ItemEntry, ItemSource, ItemType, read_bundle
from crypto.bundle_file import SealedBundle, read_bundle_file
from crypto.envelope import open_envelope
from crypto.errors import CryptoError, Malformed, NoKeyOpens, Replayed
from crypto.keys import IntakeSecretKey, TransportSecretKey
from crypto.statements import LONGEST_BYTES, WeekClosed
from crypto.submission import Head, Opened, open_submission
from crypto.week import Week
from reviewer.casebook.submission import Envelope
from reviewer.errors import BundleRefused
from reviewer.home import Home
from reviewer.read_ahead import ReadAhead
from reviewer.refusals import kind_of, refusal
from reviewer.whole_file import whole_file
from reviewer.withdrawals import note_deletions

_COPIED_BYTES = 1 << 20


@dataclass
class Intake:
    """What one FILE brought."""

    bundles: int = 0
    repeated: int = 0
    for_others: int = 0
    opened: list[str] = field(default_factory=list)
    unopenable: list[str] = field(default_factory=list)
    known: int = 0
    deleted_unread: int = 0
    weeks_closed: list[Week] = field(default_factory=list)
    refusals: list[BundleRefused] = field(default_factory=list)

    def add(self, other: "Intake") -> None:
        self.opened += other.opened
        self.unopenable += other.unopenable
        self.known += other.known
        self.deleted_unread += other.deleted_unread
        self.weeks_closed += other.weeks_closed


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
        self._weeks = {home.keyring.intake_key(week): week for week in home.keyring.intake_weeks()}
        self._keys = list(self._weeks)

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
        if whole.for_others and not (whole.bundles or whole.repeated or whole.refusals):
            raise BundleRefused(
                "not for us",
                "no bundle in this file is sealed to this reviewer",
                hint="servers seal to the reviewers of their manifest: was it issued here, and taken in there?",
            )
        return whole

    def _one_bundle(self, path: Path, place: int, sealed: SealedBundle, whole: Intake) -> None:
        brought = Intake()
        try:
            with self._casebook.changing(), _removed_on_failure() as unopened:
                reader = self._reader(sealed)
                failures = self._keep_bundle(reader, brought)
                if failures:
                    self._keep_unopenable(path, place, failures, brought, unopened)
                self._casebook.servers.advance(self._servers[reader.statement.sender], reader.place)
        except NoKeyOpens:
            whole.for_others += 1
        except Replayed:
            whole.repeated += 1
        except CryptoError as error:
            whole.refusals.append(refusal(error))
        else:
            whole.bundles += 1
            whole.add(brought)

    def _reader(self, sealed: SealedBundle) -> BundleReader:
        progress = self._casebook.servers.progress()
        return read_bundle(sealed, keys=self._transport_keys, expect=self._expected, progress=progress)

    def _keep_bundle(self, reader: BundleReader, brought: Intake) -> dict[bytes, str]:
        """Keep every item; the digests of envelopes that did not open, and why not."""
        server = self._servers[reader.statement.sender]
        failures: dict[bytes, str] = {}
        for entry, item in reader:
            if entry.type is ItemType.SUBMISSION:
                if self._is_known(entry):
                    brought.known += 1
                    continue
                try:
                    self._one_submission(Envelope(entry.sha256, entry.length, server), item, brought)
                except _Unopenable as unopenable:
                    failures[entry.sha256] = unopenable.kind
            elif entry.type is ItemType.WEEK_CLOSED:
                closed = WeekClosed.parse(item.whole(limit_bytes=LONGEST_BYTES))
                self._casebook.servers.note_week_closed(server, closed, stream=reader.statement.stream)
                brought.weeks_closed.append(closed.week)
            else:
                raise Malformed(f"a server must not send an item of the type {entry.type}")
        for tombstone in reader.tombstones:
            brought.deleted_unread += tombstone.type is ItemType.SUBMISSION and not self._is_known(tombstone)
        return failures

    def _one_submission(self, envelope: Envelope, item: ItemSource, brought: Intake) -> None:
        arrival = self._casebook.submissions.arrival()
        try:
            with ReadAhead(item) as source:
                try:
                    opened = open_submission(source, keys=self._keys, into=arrival, expect=self._expect)
                    self._require_its_week(opened)
                except CryptoError as error:
                    source.require_sound()
                    arrival.content.discard()
                    raise _Unopenable(kind_of(error)) from error
            kept = self._casebook.submissions.keep(arrival, opened, envelope=envelope, today=self._today)
        finally:
            arrival.content.stop()
        self._casebook.servers.note_manifest_version(envelope.server, opened.head.manifest_version)
        note_deletions(self._casebook, arrival.fields, opened, today=self._today)
        self._try_first(opened.opened_by)
        brought.opened.append(kept.short_id)

    def _expect(self, head: Head) -> None:
        if not self._casebook.manifests.knows(head.manifest_sha256):
            raise Malformed("submission must name a manifest of this organisation")

    def _require_its_week(self, opened: Opened) -> None:
        if self._weeks[opened.opened_by] != opened.head.week:
            raise Malformed("submission must be sealed to the keys of the week that it names")

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
                    week=self._week_of(copy),
                    file_name=copy.name,
                    envelope=Envelope(entry.sha256, entry.length, server),
                    today=self._today,
                )
                brought.unopenable.append(kept.short_id)

    def _week_of(self, envelope: Path) -> Week | None:
        """The week whose key opens the header, whatever is wrong behind it: its retirement waits for this one."""
        try:
            with envelope.open("rb") as source:
                return self._weeks[open_envelope(source, keys=self._keys).opened_by]
        except CryptoError:
            return None

    def _try_first(self, key: IntakeSecretKey) -> None:
        """Most envelopes of a bundle are of one week; each wrong key costs four trials."""
        if self._keys[0] is not key:
            self._keys.remove(key)
            self._keys.insert(0, key)

    def _is_known(self, entry: ItemEntry) -> bool:
        return self._casebook.submissions.is_known(entry.sha256)


class _Unopenable(Exception):
    """An envelope in a sound bundle that does not open; ``kind`` says why."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


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
