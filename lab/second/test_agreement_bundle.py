"""Statements, bundles, places in a stream and FILEs: both implementations say the same."""

import hashlib
import io
import json
from random import Random

import pytest

from crypto.bundles import bundle as first_bundle
from crypto.bundles.bundle_file import read_bundle_file
from crypto.bundles.bundle_statement import Statement
from crypto.bundles.stream_position import StreamPosition
from crypto.keys.keys import PartyVerifyKey, TransportSecretKey
from lab.second import bundle as second_bundle
from lab.second import bundle_file as second_file
from lab.second import seal
from lab.second import statement as second_statement
from lab.second.agreement import OTHER, OWN, ROWS, SECOND_KEYS, SEEDS, SENDER, SLOTS, agreed, changed
from lab.second.mutation import canonical, mutated


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
    items = [there.get(entry) for entry in reader.statement.items]
    absent = {one.number: one.mark.name.lower() for one in reader.absent}
    marks = [absent.get(number, "there") for number in range(1, len(items) + 1)] if reader.sealing else []
    return first_statement(reader.statement.to_bytes()), items, reader.sealing, marks


def second_bundle_of(raw: bytes) -> object:
    own, senders = seal.verify_key(OWN), [seal.verify_key(SENDER)]
    statement, items, sealing, marks = second_bundle.open_bundle(
        raw, keys=SECOND_KEYS[:1], own=own, senders=senders, place=None
    )
    return second_statement_of(statement), items, sealing, marks


def sealed_items(random: Random, statement: bytes, items: list[bytes], *, is_signed: bool) -> bytes:
    """The items behind the statement, sound or signed by another."""
    marks = random.choices((b"\1", b"\0", b"\2"), (3, 1, is_signed), k=len(items))
    content = b"".join(mark + item if mark == b"\1" else mark for mark, item in zip(marks, items, strict=True))
    if not is_signed:
        return content
    sealing = random.choice((1, 1, 2**40, 2**63 - 1, 0)).to_bytes(8, "big")
    signed = second_bundle.PRESENCE_LABEL + hashlib.sha256(statement).digest() + sealing + b"".join(marks)
    return sealing + content + seal.sign(random.choice((SENDER, SENDER, SENDER, OTHER)), signed)


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
        version = random.choice((b"\1", b"\3", b"\3", b"\2"))
        content = b"TIPLINB\x1a" + version + sender + signature + len(statement).to_bytes(4, "big") + statement
        content += sealed_items(random, statement, items, is_signed=version == b"\3")
        if fault == 1:
            content = mutated(random, content, (b"\0", b"\1", b"\2"))
        sealed = header + seal.payload(content)
        if fault == 2:
            sealed = sealed[: len(header)] + mutated(random, sealed[len(header) :])
        if fault == 3:
            sealed = sealed[: len(header) + 16 + 65_552 * random.choice((0, 1, 2))] + random.choice((b"", b"\0"))
        outcomes.add(agreed(lambda raw=sealed: first_opened(raw), lambda raw=sealed: second_bundle_of(raw), sealed))
    assert {"opens", "malformed", "not for us"} <= outcomes


def test_of_2500_places_in_a_stream_both_say_the_same() -> None:
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
        if random.random() < 0.2:
            document["stream"] = "e5" * 16
        raw = canonical(document)
        stands = random.randrange(9)
        kept = {one: digests[one] for one in range(1, stands + 1) if one == stands or random.random() < 0.8}
        if number in kept and random.random() < 0.5:
            kept[number] = hashlib.sha256(raw).digest()
        ended = [b"\xc3" * 16]
        earlier = {one: digest for one, digest in kept.items() if one != stands}
        on = b"\xe5" * 16
        reads_on = {on: StreamPosition(on, stands, kept.get(stands), earlier)}
        first = StreamPosition(b"\x5f" * 16, stands, kept.get(stands), earlier, frozenset(ended), reads_on)
        second = second_statement.Place(
            b"\x5f" * 16, stands, kept, ended, [second_statement.Place(on, stands, kept)]
        )
        outcomes.add(
            agreed(
                lambda raw=raw, first=first: first.advance(Statement.parse(raw), own=PartyVerifyKey(own)) and None,
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
