"""Form drafts: forms sent to a locked desk, sealed to the home until it is unlocked."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import CryptoError
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


class KeptDrafts:
    """The drafts that wait for their pages. While the home is closed, all of them are sealed to its key."""

    def __init__(self, key: HybridPublicKey | None = None, sealed: Sequence[bytes] = ()) -> None:
        self._key = key
        self._sealed = list(sealed)
        self._open: list[FormDraft] = []

    def __bool__(self) -> bool:
        return bool(self._open or self._sealed)

    @property
    def key(self) -> HybridPublicKey:
        """The key that drafts are sealed to.

        Raises:
            RuntimeError: no home was open yet.
        """
        if self._key is None:
            raise RuntimeError("no home was open yet")
        return self._key

    @property
    def newest(self) -> FormDraft | None:
        """The newest waiting draft; None while the desk is locked."""
        return self._open[-1] if self._open else None

    def keep(self, draft: FormDraft) -> None:
        """Keep the text of a form from a locked desk; only the open home can read it."""
        self._sealed.append(seal_draft(draft, to=self.key))

    def on(self, path: str) -> list[FormDraft]:
        """The drafts for forms of the page at this path."""
        return [draft for draft in self._open if draft.page.partition("?")[0] == path]

    def forget(self, draft: FormDraft) -> None:
        """Delete a draft that is on its page again."""
        self._open.remove(draft)

    def forget_below(self, path: str) -> None:
        """Delete the drafts of a page, and of the pages below it, that is gone for good."""
        self._open = [draft for draft in self._open if not draft.stands_on(path)]

    def all_sealed(self) -> list[bytes]:
        """All drafts, each sealed; nothing changes here."""
        return self._sealed + [seal_draft(draft, to=self.key) for draft in self._open]

    def lock(self) -> None:
        """Seal all of them."""
        self._sealed = self.all_sealed()
        self._open.clear()

    def unlock(self, key: HybridSecretKey) -> None:
        """Open those that are sealed to ``key``, the key of the home that is open from now on."""
        self._key = key.public_key()
        waiting, self._sealed = self._sealed, []
        for sealed in waiting:
            try:
                draft = open_draft(sealed, key=key)
                if draft not in self._open:  # pressed twice
                    self._open.append(draft)
            except CryptoError:  # of another person, who finds it after the next unlocking
                self._sealed.append(sealed)
