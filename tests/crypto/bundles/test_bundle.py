"""Bundles: ``docs/formats/bundle.md``. Which one may come next is in ``test_stream_place.py``."""

import copy
import hashlib
import io
import tracemalloc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.age.age_header import Header
from crypto.age.envelope import EnvelopeWriter
from crypto.bundles.bundle import AbsentItem, BundleReader, BundleWriter, Expected, Mark, Sealing, read_bundle
from crypto.bundles.bundle_file import BundleFileWriter, read_bundle_file
from crypto.bundles.bundle_statement import ItemEntry, ItemType, Statement, sign_statement
from crypto.bundles.stream_position import StreamPosition
from crypto.errors import BadSignature, CryptoError, Malformed, NoKeyOpens, NotForUs, Replayed
from crypto.keys.keys import PartyVerifyKey, TransportSecretKey
from crypto.keys.party import PartyKeys
from crypto.primitives.byte_source import ExactSource
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("bundle"))
SERVER, ONE, TWO, STRANGER = (PartyKeys.generate(name) for name in ("server", "one", "two", "stranger"))
PAYLOADS = (b"an envelope", b"a row of a reply")
ENTRIES = [
    ItemEntry.of(kind, payload)
    for kind, payload in zip((ItemType.SUBMISSION, ItemType.REPLY), PAYLOADS, strict=True)
]


def key(party: PartyKeys) -> PartyVerifyKey:
    return party.signing.verify_key()


def first(items: Sequence[ItemEntry] = ENTRIES) -> Statement:
    return Statement.first(sender=key(SERVER), receivers=[key(ONE), key(TWO)], items=items)


def sealed(
    statement: Statement,
    payloads: Sequence[bytes | None] = PAYLOADS,
    *,
    to: Sequence[PartyKeys] = (ONE, TWO),
    signature: bytes | None = None,
    number: int = 1,
) -> bytes:
    out: list[bytes] = []
    writer = BundleWriter(
        out.append,
        to=[party.transport.public_key() for party in to],
        statement_bytes=statement.to_bytes(),
        signature=signature or sign_statement(statement, key=SERVER.signing),
        sealing=Sealing(SERVER.signing, number),
    )
    for entry, payload in zip(statement.items, payloads, strict=True):
        writer.item(entry, Mark.DELETED if payload is None else [payload])
    writer.finish()
    return b"".join(out)


def read(
    raw: bytes,
    *,
    by: PartyKeys = ONE,
    progress: Mapping[PartyVerifyKey, StreamPosition] | None = None,
    senders: Sequence[PartyKeys] = (SERVER,),
) -> BundleReader:
    return read_bundle(
        io.BytesIO(raw),
        keys=[by.transport],
        expect=Expected([key(party) for party in senders], key(by)),
        progress=progress or {},
    )


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS) >= 70


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    items: list[str] = []
    sealings: list[int] = []
    absent: dict[int, str] = {}

    def take() -> None:
        reader = read_bundle(
            io.BytesIO(bytes_of(vector["bundle"])),
            keys=[TransportSecretKey(bytes.fromhex(seed)) for seed in vector["keys"]],
            expect=Expected(
                list(map(PartyVerifyKey.parse, vector["senders"])), PartyVerifyKey.parse(vector["own"])
            ),
            progress={},
        )
        items.extend(item.read().hex() for _entry, item in reader)
        sealings.append(reader.sealing)
        absent.update({one.number: one.mark.name.lower() for one in reader.absent})

    assert outcome_of(take) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert items == [item for item in vector["items"] if item is not None]
        assert sealings == [vector.get("sealing", 0)]
        numbers = range(1, len(vector["items"]) + 1)
        unsigned = ["there" if item is not None else "unsigned" for item in vector["items"]]
        assert [absent.get(number, "there") for number in numbers] == vector.get("marks", unsigned)


def test_every_receiver_reads_what_the_sender_wrote() -> None:
    raw = sealed(first())
    for receiver in (ONE, TWO):
        reader = read(raw, by=receiver)
        assert [(entry, item.read()) for entry, item in reader] == list(zip(ENTRIES, PAYLOADS, strict=True))
        assert reader.absent == ()


def test_a_bundle_has_four_slots_whatever_the_number_of_receivers() -> None:
    for to in ([ONE], [ONE, TWO], [ONE, TWO, STRANGER, SERVER]):
        header = Header.read(ExactSource(io.BytesIO(sealed(first(), to=to))))
        assert len(header.stanzas) == 4


def test_it_is_sealed_to_one_to_four_receivers() -> None:
    statement = first()
    for to in ([], [PartyKeys.generate(f"n{number}") for number in range(5)]):
        with pytest.raises(ValueError, match="1 to 4"):
            sealed(statement, to=to)


def test_a_bundle_for_others_says_so_and_nothing_else() -> None:
    with pytest.raises(NoKeyOpens):
        read(sealed(first()), by=STRANGER)


def test_a_slot_without_a_name_in_the_statement_is_not_enough() -> None:
    with pytest.raises(NotForUs):
        read(sealed(first(), to=[STRANGER]), by=STRANGER)


def test_a_sender_that_nobody_knows_is_refused() -> None:
    with pytest.raises(NotForUs):
        read(sealed(first()), senders=[STRANGER])


def test_the_courier_cannot_make_a_bundle_from_public_keys() -> None:
    # It knows every public key, seals perfectly, and has no signature.
    statement = first()
    with pytest.raises(BadSignature):
        sealed(statement, signature=STRANGER.signing.sign(statement.to_bytes()))


def test_a_bundle_is_sealed_anew_with_items_deleted_and_stays_the_same_place() -> None:
    statement = first()
    whole, later = read(sealed(statement)), read(sealed(statement, [None, PAYLOADS[1]]))
    assert [item.read() for _entry, item in whole] == list(PAYLOADS)
    assert [item.read() for _entry, item in later] == [PAYLOADS[1]]
    assert later.absent == (AbsentItem(1, ENTRIES[0], Mark.DELETED),)
    assert later.place == whole.place


def test_the_sender_says_at_each_sealing_what_is_there_and_why_the_rest_is_not() -> None:
    statement, out = first(), []
    writer = BundleWriter(
        out.append,
        to=[ONE.transport.public_key()],
        statement_bytes=statement.to_bytes(),
        signature=sign_statement(statement, key=SERVER.signing),
        sealing=Sealing(SERVER.signing, 41),
    )
    for entry, mark in zip(ENTRIES, (Mark.WITHHELD, Mark.DELETED), strict=True):
        writer.item(entry, mark)
    writer.finish()
    reader = read(b"".join(out))
    assert list(reader) == []
    assert reader.sealing == 41
    assert reader.absent == (AbsentItem(1, ENTRIES[0], Mark.WITHHELD), AbsentItem(2, ENTRIES[1], Mark.DELETED))


def test_a_bundle_is_sealed_by_its_sender_only_and_under_a_number() -> None:
    statement = first()
    for key_of, number in ((STRANGER, 1), (SERVER, 0), (SERVER, 2**63)):
        with pytest.raises(ValueError, match=r"by its sender|numbered from 1"):
            BundleWriter(
                io.BytesIO().write,
                to=[ONE.transport.public_key()],
                statement_bytes=statement.to_bytes(),
                signature=sign_statement(statement, key=SERVER.signing),
                sealing=Sealing(key_of.signing, number),
            )


def test_a_mark_that_stands_for_bytes_or_for_no_signature_is_never_written() -> None:
    statement = first()
    for mark in (Mark.THERE, Mark.UNSIGNED):
        writer = BundleWriter(
            io.BytesIO().write,
            to=[ONE.transport.public_key()],
            statement_bytes=statement.to_bytes(),
            signature=sign_statement(statement, key=SERVER.signing),
            sealing=Sealing(SERVER.signing, 1),
        )
        with pytest.raises(ValueError, match="as deleted or as withheld"):
            writer.item(ENTRIES[0], mark)


def test_the_same_bundle_twice_is_a_replay_before_any_item_is_read() -> None:
    statement = first()
    reader = read(sealed(statement))
    list(reader)
    with pytest.raises(Replayed):
        read(sealed(statement), progress={key(SERVER): reader.place})


def test_a_stream_is_read_bundle_by_bundle() -> None:
    statement, progress = first(), {}
    for number in range(1, 5):
        reader = read(sealed(statement, PAYLOADS if statement.items else []), progress=progress)
        list(reader)
        progress = {key(SERVER): reader.place}
        assert reader.place.number == number
        statement = statement.follow(receivers=[key(ONE), key(TWO)], items=[])


def test_there_is_no_new_place_before_everything_was_read() -> None:
    reader = read(sealed(first()))
    with pytest.raises(RuntimeError):
        _ = reader.place
    for _entry, item in reader:
        item.read(1)
        with pytest.raises(RuntimeError):
            _ = reader.place
        with pytest.raises(RuntimeError):
            _ = reader.absent
    assert reader.place.number == 1
    with pytest.raises(RuntimeError):
        list(reader)


def test_a_bundle_has_no_other_reader() -> None:
    with pytest.raises(RuntimeError):
        BundleReader()
    with pytest.raises(TypeError):
        copy.copy(read(sealed(first())))


def test_an_item_that_is_too_long_for_its_type_is_refused_before_it_is_read() -> None:
    for _entry, item in read(sealed(first())):
        with pytest.raises(Malformed, match="at most 5 bytes"):
            item.whole(limit_bytes=5)
        assert item.whole(limit_bytes=16) in PAYLOADS
        assert item.read() == b""


def test_a_damaged_store_is_noticed_while_writing() -> None:
    statement = first()
    for wrong in (b"an Envelope", b"an envelop", b"an envelope."):
        with pytest.raises(Malformed):
            sealed(statement, [wrong, PAYLOADS[1]])
    changed = statement.to_bytes().replace(b'"number":1', b'"number":2')
    with pytest.raises((BadSignature, Malformed)):
        BundleWriter(
            io.BytesIO().write,
            to=[ONE.transport.public_key()],
            statement_bytes=changed,
            signature=sign_statement(statement, key=SERVER.signing),
            sealing=Sealing(SERVER.signing, 1),
        )


def test_items_are_written_as_the_statement_lists_them() -> None:
    statement = first()

    def writer() -> BundleWriter:
        return BundleWriter(
            io.BytesIO().write,
            to=[ONE.transport.public_key()],
            statement_bytes=statement.to_bytes(),
            signature=sign_statement(statement, key=SERVER.signing),
            sealing=Sealing(SERVER.signing, 1),
        )

    with pytest.raises(RuntimeError):
        writer().item(ENTRIES[1], [PAYLOADS[1]])
    with pytest.raises(RuntimeError):
        writer().finish()
    full = writer()
    for entry in ENTRIES:
        full.item(entry, Mark.DELETED)
    with pytest.raises(RuntimeError):
        full.item(ENTRIES[0], Mark.DELETED)


SOUND = sealed(first())


@settings(max_examples=80)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_changed_byte_in_any_place_gives_an_error_and_no_new_place(at: int, by: int) -> None:
    at %= len(SOUND)
    with pytest.raises(CryptoError):
        list(read(SOUND[:at] + bytes([SOUND[at] ^ by]) + SOUND[at + 1 :]))


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_a_bundle_cut_in_any_place_gives_an_error(at: int) -> None:
    with pytest.raises(CryptoError):
        list(read(SOUND[: at % len(SOUND)]))


@settings(max_examples=20)
@given(
    payloads=st.lists(st.none() | st.binary(min_size=1, max_size=3000) | st.just(bytes(70_000)), max_size=6),
    size=st.sampled_from([1, 7, 4096, 65536, 1 << 20]),
)
def test_items_come_back_whatever_they_are_and_however_they_are_read(
    payloads: list[bytes | None], size: int
) -> None:
    entries = [ItemEntry.of(ItemType.SUBMISSION, payload or b"deleted") for payload in payloads]
    reader = read(sealed(first(entries), payloads))
    found = []
    for _entry, item in reader:
        step = max(size, 64) if _entry.length > 3000 else size
        found.append(b"".join(iter(lambda: item.read(step), b"")))  # noqa: B023 -- read to its end right here
    assert found == [payload for payload in payloads if payload is not None]
    assert len(reader.absent) == payloads.count(None)


BEGINNINGS = [b"", b"TIPLINB\x1a\1", b"TIPLINB\x1a\3", b"TIPLINB\x1a\3" + key(SERVER).to_bytes()]


@given(st.binary(max_size=400), st.sampled_from(BEGINNINGS))
def test_arbitrary_content_raises_our_errors_and_nothing_else(content: bytes, head: bytes) -> None:
    out: list[bytes] = []
    slots = [ONE, TWO, STRANGER, SERVER]
    envelope = EnvelopeWriter(out.append, to=[party.transport.public_key() for party in slots])
    envelope.write(head + content)
    envelope.finish()
    with pytest.raises(CryptoError):
        list(read(b"".join(out)))


def test_memory_does_not_grow_with_an_item(tmp_path: Path) -> None:
    block, blocks = hashlib.shake_128(b"item").digest(1 << 20), 48
    digest = hashlib.sha256()
    for _ in range(blocks):
        digest.update(block)
    statement = first([ItemEntry(ItemType.SUBMISSION, digest.digest(), blocks << 20)])
    tracemalloc.start()
    try:
        with (tmp_path / "bundle").open("wb") as file:
            writer = BundleWriter(
                file.write,
                to=[ONE.transport.public_key()],
                statement_bytes=statement.to_bytes(),
                signature=sign_statement(statement, key=SERVER.signing),
                sealing=Sealing(SERVER.signing, 1),
            )
            writer.item(statement.items[0], (block for _ in range(blocks)))
            writer.finish()
        with (tmp_path / "bundle").open("rb") as file:
            expect = Expected([key(SERVER)], key(ONE))
            for _entry, item in read_bundle(file, keys=[ONE.transport], expect=expect, progress={}):
                length = sum(map(len, iter(lambda: item.read(1 << 20), b"")))  # noqa: B023 -- read right here
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert length == blocks << 20
    assert peak_bytes < 8 << 20


def test_bundles_of_a_file_are_found_among_those_of_others(tmp_path: Path) -> None:
    path = tmp_path / "FILE"
    with path.open("wb") as file:
        writer = BundleFileWriter(file.write)
        for raw in (sealed(first(), to=[STRANGER]), sealed(first()), sealed(first(), to=[TWO])):
            with writer.bundle() as sink:
                sink(raw)
        writer.finish()
    outcomes = []
    with path.open("rb") as file:
        for source in read_bundle_file(file):
            try:
                reader = read_bundle(
                    source, keys=[ONE.transport], expect=Expected([key(SERVER)], key(ONE)), progress={}
                )
            except NoKeyOpens:
                outcomes.append(None)
            else:
                outcomes.append([item.read() for _entry, item in reader])
    assert outcomes == [None, list(PAYLOADS), None]
