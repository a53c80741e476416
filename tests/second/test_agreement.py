"""Both implementations say the same of thousands of things that nobody wrote by hand.

The only file here that knows the program. A case is named by its place in a seeded row, so that it comes again.
What the two were once of different minds about is told in `docs/formats/disagreements.md`.
"""

import base64
import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from crypto import bundle as first_bundle
from crypto import canonical_json as first_json
from crypto import errors, ladder, locked_key, mailbox, manifest, minisign, passphrase, reply, statements
from crypto.age_armor import ArmorReader
from crypto.bundle_file import read_bundle_file
from crypto.container_reader import read_container
from crypto.envelope import open_envelope
from crypto.keys import (
    HybridPublicKey,
    HybridSecretKey,
    PartyVerifyKey,
    RootVerifyKey,
    SourceSecretKey,
    TransportSecretKey,
)
from crypto.manifest_body import Manifest
from crypto.party import Party
from crypto.statement import Statement
from crypto.stream_place import StreamPlace
from tests.second import bundle as second_bundle
from tests.second import bundle_file as second_file
from tests.second import canonical_json as second_json
from tests.second import container as second_container
from tests.second import envelope as second_envelope
from tests.second import ladder as second_ladder
from tests.second import locked_key as second_locked
from tests.second import mailbox as second_mailbox
from tests.second import manifest as second_manifest
from tests.second import minisign as second_minisign
from tests.second import party as second_party
from tests.second import passphrase as second_passphrase
from tests.second import reply as second_reply
from tests.second import seal
from tests.second import statement as second_statement
from tests.second import statements as second_statements
from tests.second.armor import BEGIN, END, unarmored
from tests.second.flow import Flow
from tests.second.hybrid import HybridKey, check_public_key
from tests.second.mutation import canonical, mutated, mutated_document
from tests.second.refused import Refused
from tests.second.vectors import book, whole

KINDS: dict[type[Exception], str] = {
    errors.Malformed: "malformed",
    errors.NewerFormat: "newer",
    errors.NoKeyOpens: "no key opens",
    errors.BadSignature: "bad signature",
    errors.NotForUs: "not for us",
    errors.Replayed: "replayed",
    errors.OutOfOrder: "out of order",
    errors.Forked: "forked",
    errors.RolledBack: "rolled back",
    errors.Expired: "expired",
    errors.LikelyTypo: "likely typo",
    errors.TooEarly: "too early",
    errors.NewStream: "new stream",
}
SEEDS = tuple(bytes([place]) * 32 for place in range(1, 6))
SECOND_KEYS = [HybridKey(seed) for seed in SEEDS]
SENDER, OWN, OTHER = (bytes([place]) * 32 for place in (101, 102, 103))
ROWS = range(8)
Answer = tuple[str, object]


def by_the_first(read: Callable[[], object]) -> Answer:
    try:
        return "opens", read()
    except errors.CryptoError as error:
        return KINDS[type(error)], None


def by_the_second(read: Callable[[], object]) -> Answer:
    try:
        return "opens", read()
    except Refused as refused:
        return refused.outcome, None


def agreed(first: Callable[[], object], second: Callable[[], object], case: object = None) -> str:
    """The outcome; what was read is the same as well."""
    one, other = by_the_first(first), by_the_second(second)
    assert one == other, f"{case!r}"[:2000]
    return one[0]


def sound(name: str, part: str) -> list[bytes]:
    """The bytes of the vectors of a book that open."""
    return [whole(vector[part]) for vector in book(name) if vector["outcome"] == "opens"]


# Envelopes


def first_envelope(raw: bytes, slots: int | None, seeds: tuple[bytes, ...] = SEEDS[:1]) -> bytes:
    return open_envelope(io.BytesIO(raw), keys=[HybridSecretKey(seed) for seed in seeds], slots=slots).read()


def second_opened(raw: bytes, slots: int | None, keys: list[HybridKey] = SECOND_KEYS[:1]) -> bytes:
    return second_envelope.open_envelope(raw, keys=keys, slots=slots).read(1 << 30)


def agreed_envelope(raw: bytes, slots: int | None = None) -> str:
    return agreed(lambda: first_envelope(raw, slots), lambda: second_opened(raw, slots), raw)


SLOTS = [seal.wrap(key.public) for key in SECOND_KEYS[:4]]
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


# Containers


class Events:
    """What a container holds, in the form of the vectors."""

    def __init__(self) -> None:
        self.listed: list[list[object]] = []
        self._length = 0

    def field(self, name: str, value: str) -> None:
        self.listed.append(["field", name, value])

    def begin_file(self, name: str, media_type: str) -> None:
        self.listed.append(["file", name, media_type])
        self._length = 0

    def data(self, piece: bytes) -> None:
        self._length += len(piece)

    def end_file(self, sha256: bytes) -> None:
        self.listed[-1] += [self._length, sha256.hex()]


def first_container(raw: bytes) -> object:
    events = Events()
    found = read_container(io.BytesIO(raw), into=events, expect=lambda _head: None)
    head, address = found.head, found.mailbox
    return (
        (head.kind.value, head.submission_id, head.manifest_sha256, head.manifest_version),
        ((head.week.year, head.week.number), head.day),
        events.listed,
        (address.mailbox_id.to_bytes(), address.source_key.to_bytes()) if address else None,
        (found.fields, found.files, found.content_bytes),
    )


def second_read(raw: bytes) -> object:
    found = second_container.read_container(Flow([raw]))
    head = found.head
    return (
        (head.kind, head.identity, head.manifest_sha256, head.manifest_version),
        (head.week, head.day),
        found.events,
        found.mailbox,
        (found.fields, found.files, found.content_bytes),
    )


def agreed_container(raw: bytes) -> str:
    return agreed(lambda: first_container(raw), lambda: second_read(raw), raw[:300])


def head_of(random: Random) -> bytes:
    kind = random.choice((1, 1, 2, 3))
    day = dt.date(random.choice((2000, 2026, 2999)), 1, 1) + dt.timedelta(random.randrange(365))
    year, week, _ = day.isocalendar()
    reply_head = kind == 3 and random.random() < 0.8
    return b"".join(
        (
            b"TIPLINE\x1a\1" + bytes([kind]) + random.randbytes(16),
            bytes(36) if reply_head else random.randbytes(32) + random.choice((b"\0\0\0\1", b"\xff" * 4, bytes(4))),
            (year + random.choice((0, 0, 0, 1))).to_bytes(2, "big") + bytes([week]),
            day.year.to_bytes(2, "big") + bytes([day.month, day.day]),
        )
    )


def container_of(random: Random) -> bytes:
    """A container of random frames; mostly sound."""
    raw, fields, files, content = head_of(random), 0, 0, 0
    for _ in range(random.randrange(4)):
        if random.random() < 0.5:
            name, value = b"text"[: random.choice((4, 4, 0))], "é".encode()[: random.choice((2, 2, 1, 0))]
            raw += b"F" + bytes([len(name)]) + len(value).to_bytes(4, "big") + name + value
            fields, content = fields + 1, content + len(value)
            continue
        length = random.choice((0, 1, 262_144, 262_145))
        data = bytes(length)
        raw += b"B" + b"\0\1" + b"\1" + b"nt"
        for at in range(0, length, 262_144):
            piece = data[at : at + 262_144]
            raw += b"D" + len(piece).to_bytes(4, "big") + piece
        raw += b"E" + length.to_bytes(8, "big") + hashlib.sha256(data).digest()
        files, content = files + 1, content + length
    raw += b"Z" + fields.to_bytes(4, "big") + files.to_bytes(4, "big") + content.to_bytes(8, "big")
    there = random.choice((0, 0, 1))
    return raw + bytes([there]) + (bytes(32) + SECOND_KEYS[0].public) * there


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_containers_both_say_the_same(row: int) -> None:
    random = Random(f"container {row}")
    outcomes = set()
    for _ in range(60):
        raw = container_of(random)
        if random.random() < 0.7:
            raw = mutated(random, raw, (b"F", b"B", b"D", b"E", b"Z", b"\0\0\0\0", b"\xff"))
        padding = second_ladder.padded_length(len(raw)) - len(raw)
        raw += bytes(padding) + random.choice((b"", b"", b"", b"\0"))
        outcomes.add(agreed_container(raw))
    assert {"opens", "malformed"} <= outcomes


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_heads_both_say_the_same(row: int) -> None:
    random = Random(f"head {row}")
    for _ in range(150):
        head = mutated(random, head_of(random)) if random.random() < 0.7 else head_of(random)
        raw = head + b"Z" + bytes(17)
        agreed_container(raw + bytes(65_536 - len(raw)))


def test_the_ladder_is_the_same_for_both() -> None:
    random = Random("ladder")
    for _ in range(3000):
        length = random.randrange(1 << random.randrange(1, 45))
        for near in (length, second_ladder.padded_length(length), second_ladder.padded_length(length) + 1):
            assert ladder.padded_length(near) == second_ladder.padded_length(near)


# Replies


def first_reply(envelope: bytes) -> object:
    found = reply.open_reply(envelope, key=SourceSecretKey(SEEDS[0]))
    return found.text, found.day, found.reply_id


def reply_content(random: Random) -> bytes:
    text = "é" * random.choice((0, 1, 1024, 1025)) + random.choice(("", "a"))
    raw = text.encode()
    name = random.choice((b"text", b"text", b"text", b"Text", b"act"))
    frame = b"F" + bytes([len(name)]) + len(raw).to_bytes(4, "big") + name + raw
    count = random.choice((1, 1, 1, 1, 0, 2))
    head = b"TIPLINE\x1a\1\3" + random.randbytes(16) + bytes(36) + (2026).to_bytes(2, "big") + b"\x30"
    head += (2026).to_bytes(2, "big") + b"\x0b\x19"
    end = b"Z" + count.to_bytes(4, "big") + bytes(4) + (count * len(raw)).to_bytes(8, "big")
    there = random.choice((0, 0, 0, 1))
    whole = head + frame * count + end + bytes([there]) + (bytes(32) + SECOND_KEYS[0].public) * there
    return whole + bytes(65_536 - len(whole))


@pytest.mark.parametrize("row", ROWS)
def test_of_replies_with_anything_inside_both_say_the_same(row: int) -> None:
    random = Random(f"reply {row}")
    header = seal.header(SLOTS[0])
    for _ in range(40):
        content = reply_content(random)
        if random.random() < 0.5:
            content = mutated(random, content[:200], (b"F", b"Z", b"B")) + content[200:]
            content = (content + bytes(65_536))[:65_536]
        raw = header + seal.payload(content)
        agreed(lambda raw=raw: first_reply(raw), lambda raw=raw: second_reply.open_reply(raw, keys=SECOND_KEYS[:1]))


# Passphrases and mailboxes


SIGNS = (
    "-",
    " ",
    "1",
    "1. ",
    "\u0301",
    "\u00ad",
    "ı",
    "İ",
    "٣",
    "𝟜",
    "ａ",
    "Ⅳ",
    "②",
    "½",
    "ß",
    "ﬁ",
    "я",
    "ͅ",
    "漢",
    "\ud800",
)


def agreed_passphrase(text: str) -> str:
    def first() -> object:
        read = passphrase.Passphrase.parse(text)
        return list(read.digits), list(read.words), read.secret()

    def second() -> object:
        places = second_passphrase.read_passphrase(text)
        words = [second_passphrase.WORDS[place - 1] for place in places]
        return [f"{place:04}" for place in places], words, second_passphrase.secret_of(places)

    return agreed(first, second, text)


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_passphrases_both_say_the_same(row: int) -> None:
    random = Random(f"passphrase {row}")
    outcomes = set()
    for _ in range(400):
        places = [random.randrange(1, 7773) for _ in range(7)]
        check = hashlib.sha256(b"tipline/v1/check" + second_passphrase.secret_of(places)).digest()
        places.append(int.from_bytes(check, "big") % 7772 + 1)
        words = [second_passphrase.WORDS[place - 1] for place in places]
        digits = [f"{place:04}" for place in places]
        form = random.randrange(5)
        groups = [words, digits, [random.choice(pair) for pair in zip(words, digits, strict=True)], words + digits][
            form % 4
        ]
        if form == 4:
            groups = [f"{number}. {word}" for number, word in enumerate(words, start=1)]
        text = random.choice((" ", "", "-", "\n")).join(groups)
        for _ in range(random.choice((0, 1, 2, 3))):
            at = random.randrange(len(text))
            text = (
                text[:at]
                + random.choice((*SIGNS, chr(random.randrange(0x110000))))
                + text[at + random.randrange(2) :]
            )
        outcomes.add(agreed_passphrase(random.choice((text, text, text, text.upper(), text * 20))))
    assert {"opens", "likely typo", "malformed"} <= outcomes


def test_every_sign_of_unicode_is_kept_or_dropped_by_both() -> None:
    for start in range(0, 0x110000, 64):
        text = "".join(map(chr, range(start, start + 64)))
        assert passphrase._plain(text) == second_passphrase.fold(text), hex(start)


@pytest.mark.parametrize(("passes", "lanes"), [(1, 1), (3, 1), (16, 1), (1, 2), (2, 4)])
def test_a_mailbox_is_the_same_for_both(passes: int, lanes: int) -> None:
    random = Random(f"mailbox {passes} {lanes}")
    for _ in range(20):
        words = passphrase.Passphrase.generate()
        salt, memory_kib = random.randbytes(16), random.choice((8 * lanes, 37 + 8 * lanes, 256))
        by = mailbox.SiteDerivation(salt, memory_kib=memory_kib, passes=passes, lanes=lanes)
        one = mailbox.open_mailbox(words, by=by)
        other = second_mailbox.open_mailbox(
            [int(group) for group in words.digits], salt=salt, memory_kib=memory_kib, passes=passes, lanes=lanes
        )
        assert (one.mailbox_id.to_bytes(), one.source_key.seed()) == (other.identity, other.source_seed)
        assert one.source_key.public_key().to_bytes() == HybridKey(other.source_seed).public
        tag = mailbox.reply_tag(one.mailbox_id, salt=salt)
        assert tag == second_mailbox.reply_tag(other.identity, salt)


# Canonical documents


def agreed_json(raw: bytes) -> str:
    return agreed(
        lambda: first_json.parse(raw, limit_bytes=1000), lambda: second_json.read_object(raw, limit=1000), raw
    )


JSON_WORDS = (
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b",",
    b":",
    b"\\u001f",
    b"\\n",
    b"\\",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e3",
)


def value_of(random: Random, depth: int) -> object:
    kind = random.randrange(8 if depth < 9 else 5)
    if kind < 2:
        return random.choice((0, 1, -1, 2**53 - 1, 1 - 2**53, 2**53, 0.5, None, True, False))
    if kind < 5:
        return "".join(random.choice('aé"\\\n\x00\x1f\x7f\u2028\U0001f389ÿ/[{') for _ in range(random.randrange(5)))
    if kind == 5:
        return [value_of(random, depth + 1) for _ in range(random.randrange(4))]
    keys = ["a", "B", "", "é", "\U0001f389", "\uffff", '"', "\n"]
    return {random.choice(keys): value_of(random, depth + 1) for _ in range(random.randrange(4))}


@pytest.mark.parametrize("row", ROWS)
def test_of_any_json_both_say_the_same(row: int) -> None:
    random = Random(f"json {row}")
    outcomes = set()
    for _ in range(600):
        document = {"a": value_of(random, 1), "b": value_of(random, 1)}
        raw = canonical(document)
        if random.random() < 0.2:
            raw = json.dumps(document, ensure_ascii=random.random() < 0.5, separators=(",", ":")).encode()
        if random.random() < 0.6:
            raw = mutated(random, raw, JSON_WORDS)
        outcomes.add(agreed_json(raw))
    assert outcomes == {"opens", "malformed"}


def changed(random: Random, raw: bytes) -> bytes:
    """A document changed in its values or in its bytes."""
    return mutated_document(random, raw) if random.random() < 0.8 else mutated(random, raw, JSON_WORDS)


def first_party(found: Party) -> object:
    return found.name, found.verify_key.to_bytes(), found.transport_key.to_bytes()


def second_party_of(found: second_party.Party) -> object:
    return found.name, found.sign, found.transport


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_parties_both_say_the_same(row: int) -> None:
    random = Random(f"party {row}")
    for _ in range(60):
        raw = changed(random, random.choice(sound("party", "party")))
        agreed(
            lambda raw=raw: first_party(Party.parse(raw)),
            lambda raw=raw: second_party_of(second_party.read_party(raw)),
            raw,
        )


FIRST_ITEMS: dict[str, Callable[[bytes], object]] = {
    "receipt": lambda raw: list(statements.Receipt.parse(raw).hashes),
    "withdrawal": lambda raw: list(statements.Withdrawal.parse(raw).reply_ids),
    "week-closed": lambda raw: (
        (statements.WeekClosed.parse(raw).week.year, statements.WeekClosed.parse(raw).week.number),
        statements.WeekClosed.parse(raw).bundle_number,
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_small_items_both_say_the_same(row: int) -> None:
    random = Random(f"items {row}")
    sound_items = [
        (str(vector["type"]), whole(vector["payload"]))
        for vector in book("statements")
        if vector["outcome"] == "opens"
    ]
    for _ in range(250):
        kind, raw = random.choice(sound_items)
        raw = changed(random, raw)
        agreed(
            lambda kind=kind, raw=raw: FIRST_ITEMS[kind](raw),
            lambda kind=kind, raw=raw: second_statements.READERS[kind](raw),
            raw,
        )


# Manifests


def first_manifest(raw: bytes) -> object:
    found = Manifest.parse(raw)
    derivation = found.derivation
    return (
        (found.version, found.previous_sha256, found.organisation, found.issued, found.expires),
        (derivation.salt, derivation.memory_kib, derivation.passes, derivation.lanes),
        [first_party(party) for party in found.servers],
        [first_party(party) for party in found.reviewers],
        {(entry.week.year, entry.week.number): [key.to_bytes() for key in entry.keys] for entry in found.intake},
        {
            (entry.quarter.year, entry.quarter.number): [key.to_bytes() for key in entry.keys]
            for entry in found.sealed
        },
    )


def second_manifest_of(raw: bytes) -> object:
    found = second_manifest.read_manifest(raw)
    return (
        (found.version, found.previous, found.organisation, found.issued, found.expires),
        found.derivation,
        [second_party_of(party) for party in found.servers],
        [second_party_of(party) for party in found.reviewers],
        found.intake,
        found.sealed,
    )


def agreed_manifest(raw: bytes) -> str:
    return agreed(lambda: first_manifest(raw), lambda: second_manifest_of(raw), raw)


def small_manifest() -> Any:
    return json.loads(next(raw for raw in sound("manifest", "manifest") if len(raw) < 5000))


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_manifests_both_say_the_same(row: int) -> None:
    random = Random(f"manifest {row}")
    big, small = max(sound("manifest", "manifest"), key=len), canonical(small_manifest())
    for place in range(60):
        agreed_manifest(changed(random, big if place % 10 == 0 else small))


@pytest.mark.parametrize(
    ("issued", "expires"),
    [
        ("1999-12-31", "2000-01-01"),
        ("2000-01-01", "2000-01-01"),
        ("2999-12-31", "3000-06-01"),
        ("3000-01-01", "3000-01-02"),
        ("0001-01-01", "0001-01-02"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_of_the_years_of_a_manifest_both_say_the_same(issued: str, expires: str) -> None:
    agreed_manifest(canonical({**small_manifest(), "issued": issued, "expires": expires}))


def test_of_every_sign_in_a_name_both_say_the_same() -> None:
    random = Random("organisation")
    for _ in range(300):
        sign = chr(random.choice((random.randrange(0x3000), random.randrange(0x20000))))
        name = random.choice((f"a{sign}b", f"{sign}b", f"a{sign}", f"e{sign}\u0301"))
        agreed_manifest(canonical({**small_manifest(), "organisation": name}))


ROOT = seal.verify_key(SENDER)


def signed_chain(random: Random) -> list[tuple[bytes, bytes]]:
    """Manifests with their signatures, versions 1 to 6, some of them with a fault in the chain, in any order."""
    base, previous, made = small_manifest(), None, []
    for version in range(1, 7):
        issued = dt.date(2026, 11, 25) + dt.timedelta(version)
        document = {**base, "version": version, "previous": previous, "issued": issued.isoformat()}
        document["expires"] = (issued + dt.timedelta(random.choice((0, 5, 60)))).isoformat()
        if random.random() < 0.06:
            document["argon2"] = {**base["argon2"], "passes": 4}
        raw = canonical(document)
        made.append(raw)
        if random.random() < 0.08:
            made.append(canonical({**document, "organisation": "Another"}))
        previous = hashlib.sha256(raw).hexdigest() if random.random() < 0.93 else "ab" * 32
    return [(raw, seal.signature_file(SENDER, raw)) for raw in made]


def agreed_way(
    random: Random, firsts: list[manifest.VerifiedManifest], seconds: list[second_manifest.Manifest]
) -> str:
    """From one of them, or from none, along some of them in any order."""
    run = random.sample(range(len(firsts)), random.randrange(1, len(firsts) + 1))
    at = random.choice((None, *range(len(firsts))))
    seen = random.choice((0, 0, 3, 7))
    today = dt.date(2026, 11, 25) + dt.timedelta(random.randrange(-1, 14))

    def first() -> object:
        current, newer = None if at is None else firsts[at], [firsts[one] for one in run]
        return manifest.adopt(current, newer, highest_seen=seen, today=today).sha256

    def second() -> object:
        current, newer = None if at is None else seconds[at], [seconds[one] for one in run]
        return second_manifest.adopt(current, newer, highest_seen=seen, today=today).sha256

    return agreed(first, second, (run, at, seen, today))


@pytest.mark.parametrize("row", ROWS)
def test_of_every_way_from_one_manifest_to_another_both_say_the_same(row: int) -> None:
    random = Random(f"adopt {row}")
    outcomes = set()
    for _ in range(12):
        chain = signed_chain(random)
        firsts = [manifest.verify_manifest(raw, by, root=RootVerifyKey(ROOT)) for raw, by in chain]
        seconds = [second_manifest.verify_manifest(raw, by, root=ROOT) for raw, by in chain]
        outcomes |= {agreed_way(random, firsts, seconds) for _ in range(20)}
    assert {"opens", "forked", "rolled back", "out of order"} <= outcomes


def test_the_keys_of_a_day_are_the_same_for_both() -> None:
    raw = max(sound("manifest", "manifest"), key=len)
    by = seal.signature_file(SENDER, raw)
    one = manifest.verify_manifest(raw, by, root=RootVerifyKey(ROOT))
    other = second_manifest.verify_manifest(raw, by, root=ROOT)
    outcomes = set()
    for days in range(-60, 500):
        today = one.manifest.issued + dt.timedelta(days)

        def first(today: dt.date = today) -> object:
            week = one.intake_week(today).week
            return week.year, week.number

        outcomes.add(agreed(first, lambda today=today: second_manifest.intake_week(other, today), today))
    assert outcomes == {"opens", "expired", "too early"}


@pytest.mark.parametrize("row", ROWS)
def test_of_signed_manifests_as_items_both_say_the_same(row: int) -> None:
    random = Random(f"signed {row}")
    raw = canonical(small_manifest())
    item = len(raw).to_bytes(4, "big") + raw + seal.signature_file(SENDER, raw)

    def first(item: bytes) -> object:
        signed = manifest.SignedManifest.parse(item)
        return manifest.verify_manifest(signed.raw, signed.signature, root=RootVerifyKey(ROOT)).sha256

    def second(item: bytes) -> object:
        return second_manifest.verify_item(item, root=ROOT).sha256

    assert agreed(lambda: first(item), lambda: second(item)) == "opens"
    for _ in range(60):
        other = mutated(random, item, (b"\0\0\0\0", b"\0\x41\0\0", b"\n"))
        agreed(lambda other=other: first(other), lambda other=other: second(other), other)


SIGNATURE_WORDS = (b"\n", b"\r", b"\t", b"\x0b", b"\xc2\x85", b"=", b"untrusted comment: ", b"trusted comment: ")


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_signature_and_key_files_both_say_the_same(row: int) -> None:
    random = Random(f"minisign {row}")
    for _ in range(200):
        comment = random.choice((b"", b"a\tb", "é".encode(), b"x" * random.choice((1, 3800, 3900))))
        raw = mutated(random, seal.signature_file(SENDER, b"message", comment), SIGNATURE_WORDS)
        agreed(
            lambda raw=raw: minisign.verify(b"message", untrusted_signature=raw, key=RootVerifyKey(ROOT)),
            lambda raw=raw: second_minisign.verify(b"message", raw, root=ROOT),
            raw,
        )
        file = mutated(random, minisign.public_key_file(RootVerifyKey(ROOT)), SIGNATURE_WORDS)
        agreed(
            lambda file=file: minisign.parse_public_key_file(file).to_bytes(),
            lambda file=file: second_minisign.read_public_key(file),
            file,
        )


ORDER = 2**252 + 27742317777372353535851937790883648493
SMALL_ORDER_KEYS = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
]


def scalar_of(seed: bytes) -> int:
    number = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return number & (1 << 254) - 8 | 1 << 254


def challenge(point: bytes, key: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(point + key + message).digest(), "little") % ORDER


def agreed_signature(key: bytes, signature: bytes, message: bytes) -> str:
    return agreed(
        lambda: PartyVerifyKey(key).verify(message, signature=signature),
        lambda: second_minisign.verify_ed25519(key, signature, message),
        (key.hex(), signature.hex(), message),
    )


@pytest.mark.parametrize("small", SMALL_ORDER_KEYS)
def test_signatures_that_only_some_verifiers_take_are_bad_for_both(small: str) -> None:
    # Their owner can make them such that verifiers of other libraries take them, some of them for any message.
    weak, point = bytes.fromhex(small), seal.verify_key(OWN)
    alone = (scalar_of(OWN) % ORDER).to_bytes(32, "little")
    for number in range(32):
        message = bytes([number])
        assert agreed_signature(weak, point + alone, message) == "bad signature"
        answer = challenge(weak, seal.verify_key(SENDER), message) * scalar_of(SENDER) % ORDER
        signature = weak + answer.to_bytes(32, "little")
        assert agreed_signature(seal.verify_key(SENDER), signature, message) == "bad signature"


def test_of_changed_signatures_both_say_the_same() -> None:
    random = Random("signature")
    key = seal.verify_key(SENDER)
    for _ in range(300):
        message = random.randbytes(10)
        signature = seal.sign(SENDER, message)
        assert agreed_signature(key, signature, message) == "opens"
        large = int.from_bytes(signature[32:], "little") + ORDER
        assert agreed_signature(key, signature[:32] + large.to_bytes(32, "little"), message) == "bad signature"
        agreed_signature(mutated(random, key)[:32].ljust(32, b"\0"), signature, message)
        agreed_signature(key, mutated(random, signature)[:64].ljust(64, b"\0"), message)


# Bundles


def statement_of(random: Random, items: list[bytes], number: int = 1) -> bytes:
    keys = sorted(
        random.sample([seal.verify_key(OWN), seal.verify_key(OTHER), *SEEDS[:2]], random.choice((1, 2, 3)))
    )
    own = seal.verify_key(OWN)
    if own not in keys and random.random() < 0.8:
        keys = sorted([own, *keys])
    listed = [
        [random.choice(second_statement.TYPES), hashlib.sha256(item).hexdigest(), len(item)] for item in items
    ]
    return canonical(
        {
            "format": "tipline-bundle",
            "format_version": 1,
            "sender": seal.verify_key(SENDER).hex(),
            "receivers": [[key.hex(), random.randrange(1, number + 1)] for key in keys],
            "stream": "5f" * 16,
            "number": number,
            "previous": None if number == 1 else "ab" * 32,
            "items": listed,
        }
    )


def first_statement(raw: bytes) -> object:
    found = Statement.parse(raw)
    return (
        (found.sender.to_bytes(), found.stream, found.number, found.previous_sha256, found.sha256),
        {receiver.key.to_bytes(): receiver.since for receiver in found.receivers},
        [(item.type.value, item.sha256, item.length) for item in found.items],
    )


def second_statement_of(found: second_statement.Statement) -> object:
    return (
        (found.sender, found.stream, found.number, found.previous, found.sha256),
        found.receivers,
        found.items,
    )


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_statements_both_say_the_same(row: int) -> None:
    random = Random(f"statement {row}")
    outcomes = set()
    for _ in range(250):
        raw = changed(random, statement_of(random, [b"item", b"other"], random.choice((1, 1, 2, 2**31 - 1))))
        outcomes.add(
            agreed(
                lambda raw=raw: first_statement(raw),
                lambda raw=raw: second_statement_of(second_statement.read_statement(raw)),
                raw,
            )
        )
    assert {"opens", "malformed"} <= outcomes


def first_opened(raw: bytes) -> object:
    expect = first_bundle.Expected([PartyVerifyKey(seal.verify_key(SENDER))], PartyVerifyKey(seal.verify_key(OWN)))
    reader = first_bundle.read_bundle(
        io.BytesIO(raw), keys=[TransportSecretKey(SEEDS[0])], expect=expect, progress={}
    )
    there = {entry: source.read() for entry, source in reader}
    return first_statement(reader.statement.to_bytes()), [there.get(entry) for entry in reader.statement.items]


def second_bundle_of(raw: bytes) -> object:
    own, senders = seal.verify_key(OWN), [seal.verify_key(SENDER)]
    statement, items = second_bundle.open_bundle(raw, keys=SECOND_KEYS[:1], own=own, senders=senders, place=None)
    return second_statement_of(statement), items


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_bundles_both_say_the_same(row: int) -> None:
    random = Random(f"bundle {row}")
    header = seal.header(b"".join(SLOTS))
    outcomes = set()
    for _ in range(70):
        items = [random.randbytes(random.choice((1, 10, 70_000))) for _ in range(random.randrange(4))]
        statement = statement_of(random, items, random.choice((1, 1, 1, 2)))
        fault = random.randrange(5)
        if fault == 0:
            statement = changed(random, statement)
        signature = seal.sign(SENDER, b"tipline/v1/bundle-statement\0" + statement)
        sender = seal.verify_key(random.choice((SENDER, SENDER, SENDER, SENDER, OWN)))
        content = b"TIPLINB\x1a\1" + sender + signature + len(statement).to_bytes(4, "big") + statement
        for item in items:
            content += random.choice((b"\1" + item, b"\1" + item, b"\0"))
        if fault == 1:
            content = mutated(random, content, (b"\0", b"\1", b"\2"))
        sealed = header + seal.payload(content)
        if fault == 2:
            sealed = sealed[: len(header)] + mutated(random, sealed[len(header) :])
        if fault == 3:
            sealed = sealed[: len(header) + 16 + 65_552 * random.choice((0, 1, 2))] + random.choice((b"", b"\0"))
        outcomes.add(agreed(lambda raw=sealed: first_opened(raw), lambda raw=sealed: second_bundle_of(raw), sealed))
    assert {"opens", "malformed", "not for us"} <= outcomes


def test_of_every_place_in_a_stream_both_say_the_same() -> None:
    random = Random("stream")
    outcomes = set()
    digests = {number: bytes([number]) * 32 for number in range(1, 9)}
    own = seal.verify_key(OWN)
    for _ in range(2500):
        number = random.randrange(1, 9)
        document = json.loads(statement_of(random, [], number))
        document["stream"] = random.choice(("5f", "5f", "5f", "5f", "c3", "d4")) * 16
        if number > 1:
            document["previous"] = random.choice((digests[number - 1], digests[number - 1], b"\7" * 32)).hex()
        raw = canonical(document)
        stands = random.randrange(9)
        kept = {one: digests[one] for one in range(1, stands + 1) if one == stands or random.random() < 0.8}
        if number in kept and random.random() < 0.5:
            kept[number] = hashlib.sha256(raw).digest()
        ended = [b"\xc3" * 16]
        earlier = {one: digest for one, digest in kept.items() if one != stands}
        first = StreamPlace(b"\x5f" * 16, stands, kept.get(stands), earlier, frozenset(ended))
        second = second_statement.Place(b"\x5f" * 16, stands, kept, ended)
        outcomes.add(
            agreed(
                lambda raw=raw, first=first: first.after(Statement.parse(raw), own=PartyVerifyKey(own)) and None,
                lambda raw=raw, second=second: second_statement.take_place(
                    second_statement.read_statement(raw), own=own, place=second
                ),
                (raw, first),
            )
        )
    assert outcomes == {"opens", "not for us", "rolled back", "new stream", "replayed", "forked", "out of order"}


def first_bundles(raw: bytes, into: list[bytes]) -> None:
    into.extend(sealed.read() for sealed in read_bundle_file(io.BytesIO(raw)))


def second_bundles(raw: bytes, into: list[bytes]) -> None:
    into.extend(second_file.bundles_of(raw))


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_files_of_bundles_both_say_the_same(row: int) -> None:
    random = Random(f"file {row}")
    for _ in range(300):
        raw = b"TIPLINF\x1a\1"
        for _ in range(random.randrange(4)):
            for _ in range(random.randrange(1, 3)):
                piece = random.randbytes(random.choice((1, 4, 20)))
                raw += len(piece).to_bytes(4, "big") + piece
            raw += bytes(4)
        raw = mutated(random, raw + b"\xff" * 4, (bytes(4), b"\xff" * 4, b"\0\0\0\1"))
        ones: list[bytes] = []
        others: list[bytes] = []
        agreed(
            lambda raw=raw, into=ones: first_bundles(raw, into),
            lambda raw=raw, into=others: second_bundles(raw, into),
        )
        # The bundles before a cut are whole, and both give them out.
        assert ones == others


# Locked keys


def test_of_changed_locked_keys_both_say_the_same() -> None:
    random = Random("locked key")
    locked = locked_key.lock_key(bytes(range(32)), "é passphrase")
    outcomes = set()
    for _ in range(400):
        # Parameters that are sound cost a derivation each, so these cases change what is told without one.
        raw = mutated(random, locked, (b"\0\1\0\0", b"\0\0\0\4", locked[:20]))
        words = "" if raw[:32] == locked[:32] else random.choice(("", "x" * 1025))
        outcomes.add(agreed_key(raw, words))
    for place in (24, 27, 31, 40, 60, 80, 119):
        # Up to eight times the work: memory and passes stay small.
        changed_one = locked[:place] + bytes([locked[place] ^ 1]) + locked[place + 1 :]
        outcomes.add(agreed_key(changed_one, "\u00e9 passphrase"))
    assert agreed_key(locked, "e\u0301 passphrase") == "opens"
    assert agreed_key(locked, "\ud800") == "no key opens"
    assert outcomes == {"malformed", "newer", "no key opens"}


def agreed_key(locked: bytes, words: str) -> str:
    return agreed(
        lambda: locked_key.unlock_key(locked, words), lambda: second_locked.open_key(locked, words), (locked, words)
    )
