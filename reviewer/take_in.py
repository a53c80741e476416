"""Taking in a FILE of bundles: verify, open, and keep, one bundle at a time and each as a whole.

A refused bundle leaves the casebook as it was before it. Bundles for somebody else are passed over; bundles that
were read before are harmless. An envelope that does not open is kept and listed: it never holds up the others.
"""

import datetime as dt
import os
import secrets
from collections.abc import Callable, Sequence
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
from reviewer.casebook.submissions import Envelope
from reviewer.errors import BundleRefused
from reviewer.home import Home
from reviewer.refusals import kind_of, refusal
from reviewer.withdrawals import note_deletions

_RAW_BLOCK_BYTES = 1 << 20


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

    def read(self, file: BinaryIO) -> Intake:
        """Take in what is for this reviewer.

        Bundles that are refused are listed in the answer, with the casebook as it was before each; the others of
        the same FILE are taken in all the same.

        Raises:
            BundleRefused: the FILE itself is none, is cut, or holds nothing for this reviewer.
        """
        whole = Intake()
        try:
            for sealed in read_bundle_file(_Counted(file, self._progress)):
                self._one_bundle(sealed, whole)
        except CryptoError as error:
            whole.refusals.append(refusal(error))
        if whole.for_others and not (whole.bundles or whole.repeated or whole.refusals):
            raise BundleRefused(
                "not for us",
                "no bundle in this file is sealed to this reviewer",
                hint="servers seal to the reviewers of their manifest: was it issued here, and taken in there?",
            )
        return whole

    def _one_bundle(self, sealed: SealedBundle, whole: Intake) -> None:
        try:
            reader = read_bundle(
                sealed,
                keys=self._transport_keys,
                expect=self._expected,
                progress=self._casebook.servers.progress(),
            )
            brought = self._keep_bundle(reader)
        except NoKeyOpens:
            whole.for_others += 1
        except Replayed:
            whole.repeated += 1
        except CryptoError as error:
            whole.refusals.append(refusal(error))
        else:
            whole.bundles += 1
            whole.add(brought)

    def _keep_bundle(self, reader: BundleReader) -> Intake:
        server = self._servers[reader.statement.sender]
        brought = Intake()
        files: list[Path] = []
        try:
            with self._casebook.changing():
                for entry, item in reader:
                    self._one_item(server, reader, entry, item, brought, files)
                for tombstone in reader.tombstones:
                    is_unread = tombstone.type is ItemType.SUBMISSION and not self._is_known(tombstone)
                    brought.deleted_unread += is_unread
                self._casebook.servers.advance(server, reader.place)
        except BaseException:
            for path in files:
                path.unlink(missing_ok=True)
            raise
        return brought

    def _one_item(
        self,
        server: str,
        reader: BundleReader,
        entry: ItemEntry,
        item: ItemSource,
        brought: Intake,
        files: list[Path],
    ) -> None:
        if entry.type is ItemType.SUBMISSION:
            if self._is_known(entry):
                brought.known += 1
            else:
                self._one_submission(server, entry, item, brought, files)
        elif entry.type is ItemType.WEEK_CLOSED:
            if entry.length > LONGEST_BYTES:
                raise Malformed(f"statement must have at most {LONGEST_BYTES} bytes")
            closed = WeekClosed.parse(item.read())
            self._casebook.servers.note_week_closed(server, closed, stream=reader.statement.stream)
            brought.weeks_closed.append(closed.week)
        else:
            raise Malformed(f"a server must not send an item of the type {entry.type}")

    def _one_submission(
        self, server: str, entry: ItemEntry, item: ItemSource, brought: Intake, files: list[Path]
    ) -> None:
        raw = self._home.envelopes / f"{secrets.token_hex(16)}.age"
        files.append(raw)
        envelope = Envelope(entry.sha256, entry.length, raw.name, server)
        arrival = self._casebook.submissions.arrival()

        def expect(head: Head) -> None:
            if not self._casebook.manifests.knows(head.manifest_sha256):
                raise Malformed("submission must name a manifest of this organisation")

        refused: CryptoError | None = None
        try:
            with _Copied(item, raw) as source:
                try:
                    opened = open_submission(source, keys=self._keys, into=arrival, expect=expect)
                    self._require_its_week(opened)
                except CryptoError as error:
                    source.require_sound()
                    source.drain()
                    refused = error
            if refused is not None:
                arrival.content.discard()
                self._keep_unopenable(refused, raw, envelope, brought)
                return
            kept = self._casebook.submissions.keep(arrival, opened, envelope=envelope, today=self._today)
        finally:
            arrival.content.stop()
        self._casebook.servers.note_manifest_version(server, opened.head.manifest_version)
        note_deletions(self._casebook, arrival.fields, opened, today=self._today)
        self._try_first(opened.opened_by)
        brought.opened.append(kept.short_id)

    def _keep_unopenable(self, error: CryptoError, raw: Path, envelope: Envelope, brought: Intake) -> None:
        kept = self._casebook.submissions.keep_unopenable(
            kind_of(error), week=self._week_of(raw), envelope=envelope, today=self._today
        )
        brought.unopenable.append(kept.short_id)

    def _week_of(self, raw: Path) -> Week | None:
        """The week whose key opens the header, whatever is wrong behind it: its retirement waits for this one."""
        try:
            with raw.open("rb") as source:
                return self._weeks[open_envelope(source, keys=self._keys).opened_by]
        except CryptoError:
            return None

    def _require_its_week(self, opened: Opened) -> None:
        if self._weeks[opened.opened_by] != opened.head.week:
            raise Malformed("submission must be sealed to the keys of the week that it names")

    def _try_first(self, key: IntakeSecretKey) -> None:
        """Most envelopes of a bundle are of one week; each wrong key costs four trials."""
        if self._keys[0] is not key:
            self._keys.remove(key)
            self._keys.insert(0, key)

    def _is_known(self, entry: ItemEntry) -> bool:
        return self._casebook.submissions.is_known(entry.sha256)


class _Counted:
    """Tells how far a file was read."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], object]) -> None:
        self._file = file
        self._progress = progress

    def read(self, size: int, /) -> bytes:
        piece = self._file.read(size)
        self._progress(len(piece))
        return piece


class _Copied:
    """The bytes of an item, written to a file of their own on the way, durably when the block ends."""

    def __init__(self, item: ItemSource, path: Path) -> None:
        self._item = item
        self._path = path
        self._failure: CryptoError | None = None

    def __enter__(self) -> "_Copied":
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb", buffering=_RAW_BLOCK_BYTES)
        return self

    def read(self, size: int, /) -> bytes:
        try:
            piece = self._item.read(size)
        except CryptoError as error:
            self._failure = error
            raise
        self._file.write(piece)
        return piece

    def require_sound(self) -> None:
        """Raise what was wrong with the bundle, when it was the bundle and not the envelope in it."""
        if self._failure is not None:
            raise self._failure

    def drain(self) -> None:
        while self.read(_RAW_BLOCK_BYTES):
            pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())
        finally:
            self._file.close()
