"""Keys of a home for what leaves it: evidence packages, and cases for another organisation.

They are no keys of the tip line: no server, manifest or bundle knows them.
"""

from crypto.keys.keys import HybridPublicKey, HybridSecretKey, SigningKey, VerifyKey
from crypto.primitives import _hybrid, _sodium


class EvidenceVerifyKey(VerifyKey):
    """A home as the signer of evidence packages."""

    __slots__ = ()


class EvidenceSigningKey(SigningKey):
    """Signs the evidence packages of one home."""

    __slots__ = ()

    def verify_key(self) -> EvidenceVerifyKey:
        return EvidenceVerifyKey(_sodium.ed25519_public_key(self._seed))


class HandOverVerifyKey(VerifyKey):
    """A home as the sender of handed-over cases."""

    __slots__ = ()


class HandOverSigningKey(SigningKey):
    """Signs the cases that one home hands over."""

    __slots__ = ()

    def verify_key(self) -> HandOverVerifyKey:
        return HandOverVerifyKey(_sodium.ed25519_public_key(self._seed))


class HandOverPublicKey(HybridPublicKey):
    """Cases for one home of another organisation are sealed to it."""

    __slots__ = ()


class HandOverSecretKey(HybridSecretKey):
    """Opens the cases that other organisations hand over to one home."""

    __slots__ = ()
    public_role = HandOverPublicKey

    def public_key(self) -> HandOverPublicKey:
        return HandOverPublicKey(_hybrid.public_key(self._seed))
