"""Form drafts: forms sent to a locked desk, sealed to the home until it is unlocked."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.keys.keys import HybridPublicKey, HybridSecretKey


@dataclass(frozen=True, slots=True)
class FormDraft:
    """One form as it was typed. Each window may have one.

    ``page`` is the address on which it stands, ``action`` the one to which it is sent. ``fields`` has each name
    with its value, in order.
    """

    page: str
    action: str
    fields: Sequence[tuple[str, str]] = field(repr=False)

    def stands_on(self, path: str) -> bool:
        """True if its page is at this path, or below it."""
        own = self.page.partition("?")[0]
        return own == path or own.startswith(f"{path}/")


def seal_draft(draft: FormDraft, *, to: HybridPublicKey) -> bytes:
    """The draft as an envelope that only the owner of this key opens."""
    pieces: list[bytes] = []
    envelope = EnvelopeWriter(pieces.append, to=[to])
    envelope.write(json.dumps([draft.page, draft.action, list(draft.fields)]).encode("ascii"))
    envelope.finish()
    return b"".join(pieces)


def open_draft(sealed: bytes, *, key: HybridSecretKey) -> FormDraft:
    """Undo :func:`seal_draft`.

    Raises:
        NoKeyOpens, Malformed: sealed to another home, or changed.
    """
    page, action, fields = json.loads(open_envelope(io.BytesIO(sealed), keys=[key], slots=1).read())
    return FormDraft(page, action, tuple((name, value) for name, value in fields))
