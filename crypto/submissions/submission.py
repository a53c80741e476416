"""Submissions: a container in an envelope with four slots: ``docs/formats/container.md``.

There are four slots at any number of reviewers, so that an envelope does not show it; unused slots are throw-away
keys.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.age.envelope_rebuild import EnvelopeFrame, EnvelopeRebuilder
from crypto.errors import Malformed
from crypto.keys.keys import IntakePublicKey, IntakeSecretKey
from crypto.passphrases.mailbox import MailboxAddress
from crypto.primitives.byte_source import ByteSource
from crypto.submissions.container import ContainerWriter, Contents, read_container
from crypto.submissions.container_head import UNDER_NO_MANIFEST, Head, Kind

SLOTS = 4
SMALLEST_BYTES = 71866
"""Length of the envelope of any text."""

__all__ = [
    "SLOTS",
    "SMALLEST_BYTES",
    "Contents",
    "Head",
    "Kind",
    "Opened",
    "SubmissionRebuilder",
    "SubmissionWriter",
    "open_submission",
]


class SubmissionWriter(ContainerWriter):
    """Seals a submission, or an act, while it arrives; ``sink`` gets sealed bytes only.

    Raises:
        ValueError: not exactly four keys, or the head of a reply or of a sealed file.
    """

    def __init__(self, sink: Callable[[bytes], object], *, to: Sequence[IntakePublicKey], head: Head) -> None:
        if len(to) != SLOTS:
            raise ValueError(f"a submission is sealed to exactly {SLOTS} keys")
        if head.kind in UNDER_NO_MANIFEST:
            raise ValueError("a reply or a sealed file is no submission")
        self._envelope = EnvelopeWriter(sink, to=to)
        super().__init__(self._envelope.write, head=head)

    def finish(self, mailbox: MailboxAddress | None) -> None:
        """Pad and close the envelope. Before this, the output does not open."""
        super().finish(mailbox)
        self._envelope.finish()


class SubmissionRebuilder(ContainerWriter):
    """Seals opened content again into its original envelope, byte for byte.

    Everything must be written as it was read, in the same order. The caller compares the SHA-256 of what ``sink``
    was given with that of the envelope, and throws it away when they differ: see
    :mod:`crypto.age.envelope_rebuild`.
    """

    def __init__(self, sink: Callable[[bytes], object], *, frame: EnvelopeFrame, head: Head) -> None:
        self._envelope = EnvelopeRebuilder(sink, frame=frame)
        super().__init__(self._envelope.write, head=head)

    def finish(self, mailbox: MailboxAddress | None) -> None:
        super().finish(mailbox)
        self._envelope.finish()


@dataclass(frozen=True, slots=True)
class Opened:
    """The head of an opened submission, and the key that opened it; ``content_bytes`` without padding."""

    head: Head
    mailbox: MailboxAddress | None
    opened_by: IntakeSecretKey
    fields: int
    files: int
    content_bytes: int
    frame: EnvelopeFrame = field(repr=False)


def open_submission(
    source: ByteSource, *, keys: Sequence[IntakeSecretKey], into: Contents, expect: Callable[[Head], None]
) -> Opened:
    """Open one submission in one pass. ``into`` is valid only when this returns.

    ``expect`` receives the head before any content, and raises to refuse an unknown week or manifest.

    Raises:
        Malformed: anything in it is not as the format says.
        NewerFormat: a later version of age or of the container.
        NoKeyOpens: sealed to other keys.
    """
    reader = open_envelope(source, keys=keys, slots=SLOTS)

    def expect_submission(head: Head) -> None:
        if head.kind in UNDER_NO_MANIFEST:
            raise Malformed("kind of a submission must be submission or act")
        expect(head)

    container = read_container(reader, into=into, expect=expect_submission)
    return Opened(
        container.head,
        container.mailbox,
        reader.opened_by,
        container.fields,
        container.files,
        container.content_bytes,
        reader.frame,
    )
