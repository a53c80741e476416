"""Documents in canonical JSON: manifests, offers, parties, statements, heads of backups."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from crypto.age import envelope
from crypto.bundles import bundle_items, bundle_statement
from crypto.errors import CryptoError
from crypto.keys import party
from crypto.keys.keys import HybridSecretKey
from crypto.manifests import issued_keys, manifest_body, offer
from crypto.primitives import bech32, canonical_json
from crypto.recovery import casebook_backup
from lab.fuzz.marked_keys import with_keys, without_keys
from lab.fuzz.mutation import LONGEST_INPUT_BYTES
from lab.fuzz.seeds import JSON_TOKENS, OURS, again, seeds_of
from lab.fuzz.target import Target, same
from tests.vectors.book import VectorBook, bytes_of


def _json(untrusted_input: bytes) -> None:
    value = canonical_json.parse(untrusted_input, limit_bytes=1 << 16)
    same(canonical_json.to_bytes(value), untrusted_input)


def _statements(untrusted_input: bytes) -> None:
    kinds = (bundle_items.DeliveryReceipt, bundle_items.Withdrawal, bundle_items.WeekClosed)
    mode, raw = (untrusted_input[0] % 3, untrusted_input[1:]) if untrusted_input else (0, b"")
    same(kinds[mode].parse(raw).to_bytes(), raw)


def _documents(parse: Callable[[bytes], Any]) -> Callable[[bytes], None]:
    compare = again(parse)
    return lambda untrusted_input: compare(with_keys(untrusted_input))


def _seedswithout_keys(book: str, part: str) -> list[bytes]:
    raw = [without_keys(bytes_of(vector[part])) for vector in VectorBook(book)]
    return [seed for seed in raw if len(seed) <= LONGEST_INPUT_BYTES]


def _backup_heads() -> Iterator[bytes]:
    """The heads in the envelopes of the vectors, without their length and the files."""
    for vector in VectorBook("casebook_backup"):
        key = HybridSecretKey(bytes.fromhex(vector["key"]))
        try:
            inside = envelope.open_envelope(io.BytesIO(bytes_of(vector["backup"])), keys=[key]).read()
        except CryptoError:
            continue
        yield inside[4 : 4 + int.from_bytes(inside[:4], "big")]


def targets() -> Iterator[Target]:
    yield Target(
        "json",
        _json,
        OURS,
        (canonical_json.parse, canonical_json._check_nesting, canonical_json._number),
        seeds_of("canonical_json", "json"),
        JSON_TOKENS,
    )
    keys = tuple(b'"@%d"' % number for number in range(1, 10))
    yield Target(
        "manifest",
        _documents(manifest_body.Manifest.parse),
        OURS,
        (manifest_body, issued_keys),
        _seedswithout_keys("manifest", "manifest"),
        (*JSON_TOKENS, *keys),
    )
    yield Target(
        "party",
        _documents(party.Party.parse),
        OURS,
        (party.Party.parse, party.Party._take, party.check_name, party.lower_case, bech32.decode),
        [*_seedswithout_keys("party", "party"), *seeds_of("party", "party")],
        (*JSON_TOKENS, *keys),
    )
    yield Target(
        "offer",
        _documents(offer.Offer.parse),
        OURS,
        (offer.Offer.parse, offer.Offer.__post_init__, offer._week_and_key, offer._quarter_and_key),
        [without_keys(bytes_of(vector["offer"])[offer._HEAD_BYTES :]) for vector in VectorBook("offer")],
        (*JSON_TOKENS, *keys),
    )
    yield Target(
        "backup_head",
        again(casebook_backup.BackupHead.parse),
        OURS,
        (casebook_backup.BackupHead.parse,),
        list(_backup_heads()),
        (*JSON_TOKENS, b"casebook.db", b"contents.db"),
    )
    yield Target(
        "statement",
        again(bundle_statement.Statement.parse),
        OURS,
        (
            *(
                bundle_statement.Statement.parse,
                bundle_statement.Statement.__post_init__,
                bundle_statement.Statement.to_bytes,
            ),
            *(bundle_statement.ItemEntry.from_json, bundle_statement.Receiver.from_json),
        ),
        seeds_of("statement", "statement"),
        JSON_TOKENS,
    )
    yield Target(
        "statements",
        _statements,
        OURS,
        (bundle_items,),
        [bytes([mode]) + seed for seed in seeds_of("statements", "payload") for mode in range(3)],
        (*JSON_TOKENS, b"tipline-receipt", b"tipline-withdrawal", b"tipline-week-closed"),
    )
