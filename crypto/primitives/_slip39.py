"""SLIP-39, through shamir-mnemonic: the only module that imports ``shamir_mnemonic``.

One group, no passphrase, the shortest of its key derivations: the secret is a key already, and a passphrase would
be a second thing to lose. That code does not run in constant time: see ``docs/develop/dependencies.md``.
"""

import functools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from shamir_mnemonic import EncryptedMasterSecret, MnemonicError, Share, recover_ems, split_ems
from shamir_mnemonic.rs1024 import create_checksum, verify_checksum
from shamir_mnemonic.shamir import ShareGroup
from shamir_mnemonic.wordlist import WORDLIST

from crypto.errors import Malformed, NoKeyOpens

MOST_SHARES = 16
WORDS: tuple[str, ...] = tuple(WORDLIST)
_CUSTOMIZATION = b"shamir_extendable"
_CHECKSUM_WORDS = 3
_BITS_A_WORD = 10
_BITS_OF_A_SET_NUMBER = 15


@dataclass(frozen=True, slots=True)
class SplitShare:
    """One share, as its words state."""

    words: tuple[str, ...] = field(repr=False)
    set_number: int
    """Common to all shares of one splitting."""
    place: int
    """In that set, from 0."""
    need: int


def split(secret: bytes, *, need: int, of: int) -> list[SplitShare]:
    """``of`` shares, ``need`` of which give ``secret`` (an even number of bytes, 16 or more)."""
    sealed = EncryptedMasterSecret.from_master_secret(
        secret, b"", identifier=secrets.randbits(_BITS_OF_A_SET_NUMBER), extendable=True, iteration_exponent=0
    )
    (group,) = split_ems(1, [(need, of)], sealed)
    return [_split_share(share) for share in group]


def parse(words: Sequence[str]) -> SplitShare:
    """The share that these words of the list are.

    Raises:
        Malformed: a share of another scheme, or none.
    """
    try:
        share = Share.from_mnemonic(" ".join(words))
    except MnemonicError as error:  # its messages quote the first words of the share
        raise Malformed("words must be a share as SLIP-39 writes them") from error
    if not share.extendable or share.iteration_exponent != 0:
        raise Malformed("share must have the shortest key derivation: another program made it")
    if (share.group_index, share.group_threshold, share.group_count) != (0, 1, 1) or share.member_threshold == 1:
        raise Malformed("share must be one of several, without groups: another program made it")
    return _split_share(share)


def combine(shares: Sequence[SplitShare]) -> bytes:
    """The secret of exactly as many shares of one set as it needs.

    Raises:
        NoKeyOpens: they do not fit together: one of them is not what was split.
    """
    group = ShareGroup()
    try:
        for share in shares:
            group.add(Share.from_mnemonic(" ".join(share.words)))
        secret: bytes = recover_ems({0: group}).decrypt(b"")
    except MnemonicError as error:
        raise NoKeyOpens("shares do not fit together: at least one of them is false") from error
    return secret


def is_sound(places: Sequence[int]) -> bool:
    """True if the checksum fits these positions in the word list, counted from 0."""
    return bool(verify_checksum(places, _CUSTOMIZATION))


def likely_wrong(places: Sequence[int]) -> tuple[int, ...]:
    """Positions (from 0) of one wrong word, or of two swapped neighbours; empty if more are wrong.

    The checksum is linear: the trace of one wrong word does not depend on the others. Nothing is corrected, as
    SLIP-39 asks: a person reads the paper again and decides.
    """
    off = _off(places)
    for at, effects in enumerate(_effects(len(places))):
        reached = {0}
        for effect in effects:
            reached |= {other ^ effect for other in reached}
        if off in reached:
            return (at,)
    for at in range(len(places) - 1):
        if is_sound([*places[:at], places[at + 1], places[at], *places[at + 2 :]]):
            return (at, at + 1)
    return ()


@functools.cache
def _effects(length: int) -> tuple[tuple[int, ...], ...]:
    """For each word, the effect of each of its bits on the checksum."""
    nothing = [0] * length
    sound = _off(nothing)
    return tuple(
        tuple(_off([*nothing[:at], 1 << bit, *nothing[at + 1 :]]) ^ sound for bit in range(_BITS_A_WORD))
        for at in range(length)
    )


def _off(places: Sequence[int]) -> int:
    """The difference of the checksum from the correct one, in bits."""
    right = create_checksum(places[:-_CHECKSUM_WORDS], _CUSTOMIZATION)
    bits = 0
    for stands, should in zip(places[-_CHECKSUM_WORDS:], right, strict=True):
        bits = bits << _BITS_A_WORD | (stands ^ should)
    return bits


def _split_share(share: Share) -> SplitShare:
    return SplitShare(tuple(share.words()), share.identifier, share.index, share.member_threshold)
