"""Envelopes and bundles for the fuzzer: sealed again around each input, so that it comes behind the seal.

The file key is a fixed one and its slots are made once, since HPKE is what costs.
"""

import hashlib
import io
from random import Random

from crypto.age.age_header import Header, Stanza, base64_of
from crypto.age.age_stream import ChunkSealer
from crypto.age.envelope import STANZA_TYPE, open_envelope
from crypto.bundles.bundle import Expected, read_bundle
from crypto.bundles.bundle_statement import Statement
from crypto.errors import CryptoError
from crypto.keys.keys import HybridSecretKey, PartySigningKey, TransportSecretKey
from crypto.primitives.byte_source import ExactSource
from lab.fuzz.target import same
from tests.vectors import foreign_primitives as age
from tests.vectors.make_bundle import LABEL, PRESENCE_LABEL, SENDER, VERSION_3, inside, marked
from tests.vectors.make_statement import OWN

_KEY = HybridSecretKey(age.SEEDS[0])
_TRANSPORT = TransportSecretKey(age.SEEDS[0])
_SLOTS = [age.slot(place) for place in (0, 1, 2, 3)]
_STANZAS = tuple(Stanza((STANZA_TYPE, base64_of(encapsulation)), body) for encapsulation, body in _SLOTS)
_HEADER = Header.make(_STANZAS, file_key=age.FILE_KEY).to_bytes()
_SENDER = PartySigningKey(bytes([SENDER]) * 32)
_EXPECT = Expected([_SENDER.verify_key()], PartySigningKey(bytes([OWN]) * 32).verify_key())
_FIT_MAC, _SEAL = 1, 2


def read_header(untrusted_input: bytes) -> None:
    """The grammar of the header alone."""
    source = io.BytesIO(untrusted_input)
    header = Header.read(ExactSource(source)).to_bytes()
    same(untrusted_input[: len(header)], header)


def read_envelope(untrusted_input: bytes) -> None:
    """A whole envelope. First byte: 1 makes the MAC fit, 2 seals what follows the header as the payload."""
    mode, raw = (untrusted_input[0], untrusted_input[1:]) if untrusted_input else (0, b"")
    if mode & (_FIT_MAC | _SEAL):
        raw = _mended(raw, mode)
    source = io.BytesIO(raw)
    while open_envelope(source, keys=[_KEY]).read(4096):
        pass


def _mended(raw: bytes, mode: int) -> bytes:
    source = ExactSource(io.BytesIO(raw))
    try:
        header = Header.read(source)
    except CryptoError:
        return raw
    rest = source.up_to(len(raw))
    if mode & _FIT_MAC:
        header = Header.make(header.stanzas, file_key=age.FILE_KEY)
    return header.to_bytes() + (_payload(rest) if mode & _SEAL else rest)


def _payload(content: bytes) -> bytes:
    pieces: list[bytes] = []
    sealer = ChunkSealer(age.FILE_KEY, pieces.append, nonce=age.NONCE)
    sealer.write(content)
    sealer.finish()
    return age.NONCE + b"".join(pieces)


def envelopes() -> list[bytes]:
    """Sound ones with one and with four slots, beside a foreign slot, empty and not."""
    one = Header.make(_STANZAS[:1], file_key=age.FILE_KEY).to_bytes()
    grease = Header.make((Stanza((b"grease", b"x"), b"abc"), _STANZAS[0]), file_key=age.FILE_KEY).to_bytes()
    return [
        bytes([mode]) + header + (content if mode & _SEAL else age.payload(content))
        for mode in (0, _FIT_MAC, _SEAL, _FIT_MAC | _SEAL)
        for header in (one, grease, _HEADER)
        for content in (b"", b"tip")
    ]


class BundleOpener:
    """Runs inputs; ``deep`` tells whether the statement of the last one was believed, so that items were read."""

    def __init__(self) -> None:
        self.deep = False

    def run(self, untrusted_input: bytes) -> None:
        """First byte: 1 signs the statement that the input brings, and marks of version 3, as the sender would."""
        self.deep = False
        mode, raw = (untrusted_input[0], untrusted_input[1:]) if untrusted_input else (0, b"")
        if mode & 1:
            raw = _signed(raw)
        reader = read_bundle(io.BytesIO(_HEADER + _payload(raw)), keys=[_TRANSPORT], expect=_EXPECT, progress={})
        self.deep = True
        for _entry, item in reader:
            item.whole(limit_bytes=1 << 16)


def _signed(raw: bytes) -> bytes:
    start = 9 + 32 + 64 + 4
    length = int.from_bytes(raw[start - 4 : start], "big")
    if len(raw) < start:
        return raw
    statement = raw[start : start + length]
    raw = raw[: 9 + 32] + _SENDER.sign(LABEL + statement) + raw[start - 4 :]
    if raw[8] != VERSION_3[8]:
        return raw
    return raw[:-64] + _SENDER.sign(_marks_of(statement, raw[start + length :]))


def _marks_of(statement: bytes, behind: bytes) -> bytes:
    """The marks that the sender signs, of the items that are there."""
    signed = PRESENCE_LABEL + hashlib.sha256(statement).digest() + behind[:8]
    try:
        items = Statement.parse(statement).items
    except CryptoError:
        return signed
    at = 8
    for item in items:
        mark = behind[at : at + 1]
        signed += mark
        at += 1 + (item.length if mark == b"\1" else 0)
    return signed


def bundles() -> list[bytes]:
    return [bytes([mode]) + content for mode in (0, 1) for content in (inside(), marked())]


def invent_bundle(rng: Random) -> bytes:
    """A sound one, whose length, items or marks may be off."""
    some = [b"\1an envelope", b"\1a row", b"\0", b"\1a manifest", b"\2", b"\1"]
    rest = b"".join(rng.choice(some) for _ in range(rng.randrange(4)))
    return bytes([1]) + rng.choice((inside(rest=rest), marked(rest)))
