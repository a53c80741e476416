"""A submission on its way: sealed while it arrives, and worth nothing before ``finish``."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Protocol

from crypto.passphrases.mailbox import MailboxAddress
from crypto.submissions.submission import Head, Kind, SubmissionWriter
from system.clock import Clock
from tipline.instance.intake_status import SealingContext
from tipline.limits.upload_quota import Reservation
from tipline.requests.refusals import store_faults

_ID_BYTES = 16


class Arriving(Protocol):
    """The destination of sealed bytes: the store's ``Arrival``."""

    @property
    def length(self) -> int:
        """Sealed bytes so far."""
        ...

    def write(self, piece: bytes) -> None: ...
    def complete(self) -> None: ...
    def discard(self) -> None: ...


class UnfinishedSubmission:
    """Seals fields and files as they come; used as a context manager, it leaves nothing unfinished.

    ``sent`` is a keyed digest of all that was given, to recognise a form that was sent twice. The key is random and
    lives as long as the process, so that the digest tells an attacker nothing.
    """

    def __init__(
        self,
        arrival: Arriving,
        reservation: Reservation,
        *,
        intake: SealingContext,
        kind: Kind,
        clock: Clock,
        digest_key: bytes,
    ) -> None:
        """``reservation`` ends with the submission."""
        self._arrival = arrival
        self._reservation = reservation
        self._ended = False
        self._sent = hashlib.blake2b(key=digest_key, digest_size=32)
        try:
            self._writer = SubmissionWriter(
                _into(arrival),
                to=intake.keys,
                head=Head(
                    kind=kind,
                    submission_id=secrets.token_bytes(_ID_BYTES),
                    manifest_sha256=intake.manifest_sha256,
                    manifest_version=intake.manifest_version,
                    week=intake.week,
                    day=clock.today(),
                ),
            )
        except BaseException:
            arrival.discard()
            raise

    def field(self, name: str, value: str) -> None:
        """Seal one field of text."""
        self._writer.field(name, value)
        self._note(b"field", name.encode(), value.encode())

    def file(self, untrusted_name: str, untrusted_media_type: str) -> Callable[[bytes], None]:
        """Begin a file, named as the browser named it; its bytes go to what is returned."""
        self._writer.begin_file(untrusted_name, untrusted_media_type)
        self._note(b"file", untrusted_name.encode(), untrusted_media_type.encode())
        return self._writer.data

    def end_file(self) -> None:
        """The file is whole."""
        self._writer.end_file()
        self._note(b"content", self._writer.last_file_sha256)

    @property
    def files(self) -> int:
        """The number of files that were begun."""
        return self._writer.files

    @property
    def bytes_in(self) -> int:
        """Bytes of text and files so far."""
        return self._writer.bytes_in

    @property
    def sent(self) -> bytes:
        """The keyed digest, 32 bytes."""
        return self._sent.digest()

    def finish(self, mailbox: MailboxAddress | None) -> None:
        """Close the envelope and store it durably; only now does it exist.

        Raises:
            Refused: the store cannot take it, and nothing of it is kept.
        """
        self._writer.finish(mailbox)
        with store_faults():
            self._arrival.complete()
        self._ended = True
        self._reservation.keep(self._arrival.length)

    def discard(self) -> None:
        """Leave nothing; does nothing after ``finish``."""
        if not self._ended:
            self._ended = True
            self._arrival.discard()
            self._reservation.release()

    def __enter__(self) -> "UnfinishedSubmission":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.discard()

    def _note(self, *pieces: bytes) -> None:
        for piece in pieces:
            self._sent.update(len(piece).to_bytes(8, "big"))
            self._sent.update(piece)


def _into(arrival: Arriving) -> Callable[[bytes], None]:
    """Pass sealed bytes on.

    A method would make submission and writer refer to each other, and so keep what was typed.
    """

    def keep(sealed: bytes) -> None:
        with store_faults():
            arrival.write(sealed)

    return keep
