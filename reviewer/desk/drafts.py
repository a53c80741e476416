"""Form drafts: text sent to a locked desk, sealed to the home until it is unlocked."""

import io
import json
from dataclasses import dataclass, field

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.keys.keys import HybridPublicKey, HybridSecretKey


@dataclass(frozen=True, slots=True)
class FormDraft:
    """The text of one form of one submission. Each window may have one."""

    short_id: str
    kind: str
    text: str = field(repr=False)


def seal_draft(draft: FormDraft, *, to: HybridPublicKey) -> bytes:
    pieces: list[bytes] = []
    envelope = EnvelopeWriter(pieces.append, to=[to])
    envelope.write(json.dumps([draft.short_id, draft.kind, draft.text]).encode("ascii"))
    envelope.finish()
    return b"".join(pieces)


def open_draft(sealed: bytes, *, key: HybridSecretKey) -> FormDraft:
    """Undo :func:`seal_draft`.

    Raises:
        NoKeyOpens, Malformed: sealed to another home, or changed.
    """
    return FormDraft(*json.loads(open_envelope(io.BytesIO(sealed), keys=[key], slots=1).read()))
