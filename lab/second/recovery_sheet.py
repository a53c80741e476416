"""A key on paper, from as many of its sheets as it takes, after docs/formats/recovery-sheet.md."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lab.second import slip39
from lab.second.hkdf import hkdf
from lab.second.hybrid import HybridKey
from lab.second.party import NAME
from lab.second.refused import Refused, malformed, newer

LONGEST = 4096
COUNT = 35
CUSTOMIZATION = list(b"shamir_extendable")
PLACES = {word[:length]: place for place, word in enumerate(slip39.WORDS) for length in range(4, len(word) + 1)}
"""Each word whole, and cut after its letter 4 or later."""
KINDS = ROOT, BACKUP = (1, 2)


def words_in(text: str) -> list[int]:
    """The places of all runs of letters, from 0."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    runs = ["".join(letters) for is_word, letters in groupby(folded, str.isalpha) if is_word]
    if any(run not in PLACES for run in runs):
        raise Refused("likely typo")
    return [PLACES[run] for run in runs]


def read_sheet(text: str) -> slip39.Share:
    """One sheet alone."""
    if len(text) > LONGEST:
        raise malformed()
    places = words_in(text)
    if len(places) != COUNT or slip39.remainder(CUSTOMIZATION + places) != 1:
        raise Refused("likely typo")
    share = slip39.share_of(places)
    group = (share.group, share.groups_needed, share.groups)
    if not share.extendable or share.exponent or group != (0, 1, 1) or share.need == 1:
        raise malformed()
    return share


def points_of(sheets: Sequence[slip39.Share]) -> dict[int, bytes]:
    """The value of each sheet by its number, when all are of the set of the first and none comes again."""
    points: dict[int, bytes] = {}
    for sheet in sheets:
        if (sheet.set_number, sheet.need) != (sheets[0].set_number, sheets[0].need):
            raise Refused("not for us")
        if sheet.place in points:
            raise Refused("replayed" if points[sheet.place] == sheet.value else "forked")
        points[sheet.place] = sheet.value
    return points


def sealed_secret(points: dict[int, bytes], need: int) -> bytes:
    """From the first choice of as many sheets as it takes whose digest is right."""
    for choice in combinations(points.items(), need):
        try:
            return slip39.join(dict(choice), need)
        except Refused:
            continue
    raise Refused("no key opens")


def read_set(texts: Sequence[str]) -> tuple[int, bytes]:
    """The kind of the key, and its seed."""
    sheets = [read_sheet(text) for text in texts]
    if not sheets:
        raise Refused("no key opens")
    sealed = sealed_secret(points_of(sheets), sheets[0].need)
    secret = slip39.unseal(sealed, passphrase=b"", share=sheets[0])
    version, kind, seed = secret[0], secret[1], secret[2:]
    if version > 1:
        raise newer()
    if version != 1 or kind not in KINDS:
        raise malformed()
    return kind, seed


@dataclass
class Reviewer:
    """The keys of a reviewer, as far as they follow from its sheets."""

    backup_seed: bytes
    signing_seed: bytes
    transport_seed: bytes

    @property
    def sign(self) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.signing_seed).public_key().public_bytes_raw()

    @property
    def transport(self) -> bytes:
        return HybridKey(self.transport_seed).public


def reviewer_of(kind: int, seed: bytes, name: str) -> Reviewer:
    """The reviewer called so whose sheets hold this."""
    if not NAME.fullmatch(name):
        raise malformed()
    backup = hkdf(seed, b"tipline/v1/casebook-backup/" + name.encode()) if kind == ROOT else seed
    return Reviewer(
        backup, hkdf(backup, b"tipline/v1/reviewer/signing"), hkdf(backup, b"tipline/v1/reviewer/transport")
    )
