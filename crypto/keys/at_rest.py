"""Encryption at rest for our own machines: short secrets, and long contents in pieces.

No interchange format: only the same machine, or a restore of its backup, opens these bytes.
"""

from crypto.errors import Malformed
from crypto.keys.keys import _Secret
from crypto.primitives import _hybrid, _sodium

_PIECE_PLACES = 2**32


class RestKey(_Secret):
    """Seals secrets that one machine keeps; other keys are derived from it by label."""

    __slots__ = ()

    def derive(self, label: str) -> "RestKey":
        """The key for one use. Keys of two labels tell nothing of each other, nor of this one."""
        return RestKey(self._labelled(label))

    def seal(self, plaintext: bytes, *, label: str) -> bytes:
        """Seal under a random nonce; 40 bytes longer. ``label`` names what it is; opening must name the same."""
        return _sodium.secretbox_seal(plaintext, key=self._labelled(label))

    def open_sealed(self, sealed: bytes, *, label: str) -> bytes:
        """Undo :meth:`seal`.

        Raises:
            NoKeyOpens: another key, another label, or changed bytes.
        """
        return _sodium.secretbox_open(sealed, key=self._labelled(label))

    def _labelled(self, label: str) -> bytes:
        return _hybrid.hkdf_sha256(
            self._seed, salt=None, label=f"tipline/v1/rest/{label}".encode(), length_bytes=_hybrid.SEED_BYTES
        )


class PieceKey(_Secret):
    """Opens the pieces of one content. Made by a :class:`PieceSealer`, which uses each key once."""

    __slots__ = ()

    def open_piece(self, sealed: bytes, *, place: int) -> bytes:
        """The plaintext of the piece at ``place``, counted from 0.

        Raises:
            NoKeyOpens: another content, another place, or changed bytes.
        """
        return _sodium.aead_open(sealed, key=self._seed, nonce=_nonce(place))


class PieceSealer:
    """Seals the pieces of one content in order, under a key used for nothing else.

    Each piece is bound to its position, so swapped pieces do not open. A missing end is not detected here: the
    caller stores the number of pieces.
    """

    __slots__ = ("_next_place", "key")

    def __init__(self) -> None:
        self.key = PieceKey.generate()
        self._next_place = 0

    def seal_next(self, piece: bytes) -> bytes:
        """The next piece, 16 bytes longer."""
        place = self._next_place
        self._next_place += 1
        return _sodium.aead_seal(piece, key=self.key.seed(), nonce=_nonce(place))


def _nonce(place: int) -> bytes:
    if not 0 <= place < _PIECE_PLACES:
        raise Malformed("place of a piece must be from 0 to 4,294,967,295")
    return place.to_bytes(_sodium.AEAD_NONCE_BYTES, "big")
