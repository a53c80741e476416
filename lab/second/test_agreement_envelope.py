"""Envelopes and armour: both implementations say the same of thousands that no one wrote by hand."""

import base64
import io
from random import Random

import pytest

from crypto.age.age_armor import ArmorReader
from crypto.age.envelope import open_envelope
from crypto.keys.keys import HybridPublicKey, HybridSecretKey
from lab.second import envelope as second_envelope
from lab.second import seal
from lab.second.agreement import ROWS, SECOND_KEYS, SEEDS, SLOTS, agreed
from lab.second.armor import BEGIN, END, unarmored
from lab.second.hybrid import HybridKey, check_public_key
from lab.second.mutation import mutated


def first_envelope(raw: bytes, slots: int | None, seeds: tuple[bytes, ...] = SEEDS[:1]) -> bytes:
    return open_envelope(io.BytesIO(raw), keys=[HybridSecretKey(seed) for seed in seeds], slots=slots).read()


def second_opened(raw: bytes, slots: int | None, keys: list[HybridKey] = SECOND_KEYS[:1]) -> bytes:
    return second_envelope.open_envelope(raw, keys=keys, slots=slots).read(1 << 30)


def agreed_envelope(raw: bytes, slots: int | None = None) -> str:
    return agreed(lambda: first_envelope(raw, slots), lambda: second_opened(raw, slots), raw)


ALIEN = b"-> X25519 abc\nQUJD\n"
HEADER_WORDS = (
    b"-> ",
    b"---",
    b" ",
    b"\n",
    b"=",
    b"mlkem768x25519",
    b"scrypt",
    ALIEN,
    b"age-encryption.org/v1",
    b"/v2",
)


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_envelopes_both_say_the_same(row: int) -> None:
    random = Random(f"envelope {row}")
    for _ in range(120):
        stanzas = random.sample(SLOTS, random.choice((1, 2, 4))) + [ALIEN] * random.choice((0, 0, 1))
        raw = seal.header(b"".join(stanzas)) + seal.payload(random.randbytes(random.choice((0, 1, 100))))
        agreed_envelope(mutated(random, raw, HEADER_WORDS), random.choice((None, 1, 4)))


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_headers_whose_mac_fits_both_say_the_same(row: int) -> None:
    random = Random(f"header {row}")
    outcomes = set()
    for _ in range(120):
        stanzas = b"".join(random.sample(SLOTS[:2], random.choice((1, 2))))
        stanzas = ALIEN + mutated(random, random.choice((stanzas, ALIEN)), HEADER_WORDS) + SLOTS[0]
        raw = seal.header(stanzas) + seal.payload(b"content")
        outcomes.add(agreed_envelope(raw, random.choice((None, None, 1, 4))))
    assert {"opens", "malformed"} <= outcomes


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_payloads_both_say_the_same(row: int) -> None:
    random = Random(f"payload {row}")
    header = seal.header(SLOTS[0])
    sizes = (0, 1, 65535, 65536)
    for _ in range(20):
        pieces = [random.choice(sizes) for _ in range(random.choice((1, 1, 2, 3)))]
        chunks = [
            seal.chunk(bytes(size), random.choice((at, at, at, 0)), random.choice((at == len(pieces) - 1, 0, 1)))
            for at, size in enumerate(pieces)
        ]
        agreed_envelope(header + seal.NONCE + b"".join(chunks) + random.choice((b"", b"", b"\0")))


LOW_ORDER = [
    bytes(32),
    b"\1" + bytes(31),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    b"\xec" + b"\xff" * 30 + b"\x7f",
    b"\xed" + b"\xff" * 30 + b"\x7f",
    b"\xee" + b"\xff" * 30 + b"\x7f",
    bytes(31) + b"\x80",
]


@pytest.mark.parametrize("point", LOW_ORDER, ids=bytes.hex)
@pytest.mark.parametrize(
    "before",
    [b"", SLOTS[0], SLOTS[1], ALIEN],
    ids=["first", "after ours", "after a foreign one", "after another type"],
)
@pytest.mark.parametrize("after", [b"", SLOTS[0]], ids=["last", "before ours"])
def test_a_point_of_low_order_in_any_slot_is_malformed_for_both(point: bytes, before: bytes, after: bytes) -> None:
    weak = seal.stanza(b"\7" * 1088 + point, bytes(32))
    raw = seal.header(before + weak + after) + seal.payload(b"content")
    assert agreed_envelope(raw) == "malformed"
    public = SECOND_KEYS[0].public[:1184] + point
    read = agreed(lambda: HybridPublicKey(public).to_bytes(), lambda: check_public_key(public))
    assert read == "malformed"


@pytest.mark.parametrize(("length", "outcome"), [(65_536, "opens"), (65_537, "malformed")])
def test_the_longest_header_is_the_same_for_both(length: int, outcome: str) -> None:
    short = seal.header(b"-> a \n".replace(b" \n", b"\n") + b"\n" + SLOTS[0])
    filler = b"-> a" + b"b" * (length - len(short)) + b"\n\n"
    raw = seal.header(filler + SLOTS[0]) + seal.payload(b"content")
    assert agreed_envelope(raw) == outcome


@pytest.mark.parametrize(
    "version", ["v1", "v2", "v1x", "", "v1 ", " v1", "v\x7f", "vé", "v" * 65_000, "v" * 66_000]
)
def test_of_every_version_line_both_say_the_same(version: str) -> None:
    line = b"age-encryption.org/" + version.encode() + b"\n"
    agreed_envelope(seal.header(SLOTS[0], version=line) + seal.payload(b"content"))


def test_keys_are_tried_in_their_order_where_two_slots_open_to_different_file_keys() -> None:
    other = b"another file key"
    slots = seal.wrap(SECOND_KEYS[0].public) + seal.wrap(SECOND_KEYS[1].public, other)
    for fits in (seal.FILE_KEY, other):
        raw = seal.header(slots, fits) + seal.payload(b"content")
        for order in ((0, 1), (1, 0)):
            agreed(
                lambda raw=raw, order=order: first_envelope(raw, None, tuple(SEEDS[place] for place in order)),
                lambda raw=raw, order=order: second_opened(raw, None, [SECOND_KEYS[place] for place in order]),
                (fits, order),
            )


ARMOR_WORDS = (b"\n", b"\r\n", b"\r", b" ", b"=", b"-----", b"A" * 64, b" " * 1020, b"\n" * 1024)


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_armour_both_say_the_same(row: int) -> None:
    random = Random(f"armour {row}")
    outcomes = set()
    for _ in range(250):
        inside = random.randbytes(random.choice((0, 1, 2, 46, 47, 48, 49, 96, 200)))
        letters = base64.b64encode(inside)
        ending = random.choice((b"\n", b"\n", b"\r\n"))
        lines = [BEGIN, *(letters[at : at + 64] for at in range(0, len(letters), 64)), END]
        raw = b"".join(line + ending for line in lines)
        if random.random() < 0.8:
            raw = mutated(random, raw, ARMOR_WORDS)
        outcomes.add(
            agreed(lambda raw=raw: all_of(ArmorReader(io.BytesIO(raw))), lambda raw=raw: unarmored(raw), raw)
        )
    assert outcomes == {"opens", "malformed"}


def all_of(source: ArmorReader) -> bytes:
    return b"".join(iter(lambda: source.read(1000), b""))
