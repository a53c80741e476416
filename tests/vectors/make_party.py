"""Vectors of ``docs/formats/party.md``."""

import json

from nacl.signing import SigningKey

from crypto.primitives import _hybrid, bech32
from tests.vectors.book import MALFORMED, NEWER, OPENS, VectorBook, edited, plain, text


def sign_text(place: int) -> str:
    """The signature key of a test party in hex."""
    return SigningKey(bytes([place]) * 32).verify_key.encode().hex()


def hybrid_text(place: int) -> str:
    """A hybrid test key as age prints it; seeds are 32 times the same byte."""
    return bech32.encode("age1pq", _hybrid.public_key(bytes([place]) * 32))


def entry(name: str, place: int) -> dict[str, str]:
    """A party as it stands in a manifest."""
    return {"name": name, "sign": sign_text(place), "transport": hybrid_text(place)}


def written(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fill() -> None:
    book = VectorBook("party")
    sound = written({"format": "tipline-party", "format_version": 1, **entry("server-1", 1)})
    sign, transport = sign_text(1).encode(), hybrid_text(1).encode()
    book.add("party_sound", OPENS, lambda: {"party": [text(sound)], "party_name": "server-1"})
    for name, outcome, old, new in (
        ("name_of_one_digit", OPENS, b"server-1", b"7"),
        ("name_of_32_letters", OPENS, b"server-1", b"x" * 32),
        ("name_of_33_letters", MALFORMED, b"server-1", b"x" * 33),
        ("name_empty", MALFORMED, b"server-1", b""),
        ("name_with_capital", MALFORMED, b"server-1", b"Server-1"),
        ("name_with_blank", MALFORMED, b"server-1", b"server 1"),
        ("name_with_hyphen_first", MALFORMED, b"server-1", b"-server"),
        ("name_with_slash", MALFORMED, b"server-1", b"../1"),
        ("name_with_line_feed", MALFORMED, b"server-1", rb"server-1\n"),
        ("name_in_another_script", MALFORMED, b"server-1", "\N{CYRILLIC SMALL LETTER ES}erver".encode()),
        ("name_missing", MALFORMED, b'"name":"server-1",', b""),
        ("format_of_another_document", MALFORMED, b"tipline-party", b"tipline-manifest"),
        ("format_version_2", NEWER, b'"format_version":1', b'"format_version":2'),
        ("format_version_2_with_a_new_field", NEWER, b'"format_version":1', b'"format_version":2,"has":1'),
        ("format_version_0", MALFORMED, b'"format_version":1', b'"format_version":0'),
        ("format_version_missing", MALFORMED, b'"format_version":1,', b""),
        ("field_unknown", MALFORMED, b'"name":', b'"more":1,"name":'),
        ("sign_short", MALFORMED, sign, sign[:-2]),
        ("sign_in_capitals", MALFORMED, sign, sign.upper()),
        ("sign_is_a_number", MALFORMED, b'"' + sign + b'"', b"1"),
        ("transport_in_capitals", MALFORMED, transport, transport.upper()),
        ("transport_with_a_letter_changed", MALFORMED, transport, transport[:-1] + b"q"),
        ("transport_cut", MALFORMED, transport, transport[:-10]),
        ("transport_of_classical_age", MALFORMED, transport, bech32.encode("age", bytes(32)).encode()),
        (
            "transport_is_a_secret_key",
            MALFORMED,
            transport,
            bech32.encode("age-secret-key-pq-", bytes(32)).encode(),
        ),
        ("transport_empty", MALFORMED, transport, b""),
    ):
        raw = edited(sound, old, new)
        told = json.loads(raw).get("name") if outcome == OPENS else None
        book.add(name, outcome, lambda raw=raw, told=told: {"party": [text(raw)], "party_name": told})
    book.add("file_empty", MALFORMED, lambda: {"party": []})
    book.add("file_over_8192_bytes", MALFORMED, lambda: {"party": [text(sound), plain(b" ", 8192)]})
    book.add("file_followed_by_line_feed", MALFORMED, lambda: {"party": [text(sound + b"\n")]})
    book.save()
