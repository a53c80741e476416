"""Opens one envelope of a source with this home's intake keys, and keeps its content."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crypto.age.envelope import open_envelope
from crypto.errors import CryptoError
from crypto.keys.keys import IntakeSecretKey
from crypto.primitives.byte_source import ByteSource, ExactSource
from crypto.primitives.week import Week
from crypto.sharing.shared_item import ENVELOPE_BYTES, open_shared
from crypto.submissions.submission import Kind, Opened, open_submission
from reviewer.casebook.arrival import Field
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.submission import Envelope, Submission
from reviewer.home.home import Home
from reviewer.opening.read_ahead import ReadAhead
from reviewer.opening.sealed_opening import SealedOpener
from reviewer.opening.version_watch import VersionWatch
from reviewer.refusals import kind_of
from reviewer.sharing.reading import ReadItem, take_in_item


class Unopenable(Exception):
    """The bytes are those that the server signed, and do not open; ``kind`` says why."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Kept:
    """The result for one envelope; ``is_still_sealed`` if a file sealed by its source did not open."""

    submission: Submission
    is_still_sealed: bool


class EnvelopeOpener:
    """Knows all keys of weeks that are not retired, from when it is made on."""

    def __init__(self, home: Home, *, today: dt.date) -> None:
        self._home = home
        self._casebook = home.casebook
        self._today = today
        retired = set(home.casebook.retired.all())  # a key of these may be there in part
        here = [week for week in home.keyring.intake_weeks() if week not in retired]
        self._weeks = {key: week for week in here for key in home.keyring.intake_keys(week)}
        self._keys = list(self._weeks)
        self._sealed = SealedOpener(home)

    def open(self, envelope: Envelope, item: ByteSource, watch: VersionWatch) -> Kept | ReadItem:
        """Open and keep it in the caller's transaction. ``item`` raises if it is not what the server signed.

        What a colleague sent comes the same way, and in one length only.

        Raises:
            Unopenable: it does not open; nothing was kept.
            BundleRefused: it names a manifest that is newer than those known here.
        """
        if envelope.length_bytes == ENVELOPE_BYTES:
            whole = ExactSource(item).up_to(ENVELOPE_BYTES)
            read = self._open_shared(envelope, whole)
            if read is not None:
                return read
            item = io.BytesIO(whole)
        arrival = self._casebook.submissions.arrival()
        try:
            with ReadAhead(item) as source:
                try:
                    opened = open_submission(source, keys=self._keys, into=arrival, expect=watch.expect)
                    opened.head.require_week(self._weeks[opened.opened_by])
                except CryptoError as error:
                    source.require_sound()
                    arrival.content.discard()
                    raise Unopenable(kind_of(error)) from error
            kept = self._casebook.submissions.keep(arrival, opened, envelope=envelope, today=self._today)
        finally:
            arrival.content.stop()
        watch.note(opened.head)
        self._casebook.servers.note_manifest_version(envelope.server, opened.head.manifest_version)
        note_deletions(self._casebook, arrival.fields, opened, today=self._today)
        self._try_first(opened.opened_by)
        return Kept(kept, bool(self._sealed.open_all(kept)))

    def _open_shared(self, envelope: Envelope, whole: bytes) -> ReadItem | None:
        """Read an item of a colleague; None if the envelope is no such item.

        Raises:
            Unopenable: it does not open, or is not sound.
        """
        if self._casebook.colleagues.came_back(envelope.server, envelope.sha256):
            return ReadItem(None, is_own=True, new_operations=0)
        try:
            opened = open_shared(io.BytesIO(whole), keys=self._keys)
            if opened is None:
                return None
            return take_in_item(
                self._home,
                opened.item,
                opened_by_week=self._weeks[opened.opened_by],
                server=envelope.server,
                envelope_sha256=envelope.sha256,
                today=self._today,
            )
        except CryptoError as error:
            raise Unopenable(kind_of(error)) from error

    def week_of(self, envelope: Path) -> Week | None:
        """The week whose key opens the header, even if the rest is damaged; its retirement waits for this."""
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


_DELETIONS = frozenset({"delete", "words-known"})


def note_deletions(casebook: Casebook, fields: Sequence[Field], opened: Opened, *, today: dt.date) -> None:
    """Mark the replies that an act deletes: only those to the act's own mailbox."""
    if opened.head.kind is not Kind.ACT or opened.mailbox is None:
        return
    acts = {one.value for one in fields if one.name == "act"}
    if not acts & _DELETIONS:
        return
    named = None
    if acts == {"delete"}:
        named = frozenset(_reply_id(one.value) for one in fields if one.name == "reply")
    casebook.replies.mark_deleted(opened.mailbox, named, today=today)


def _reply_id(untrusted_value: str) -> bytes:
    try:
        return bytes.fromhex(untrusted_value)
    except ValueError:
        return b""  # names no reply
