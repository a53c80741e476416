"""Vectors of the statement in ``docs/formats/bundle.md``."""

import hashlib
from collections.abc import Sequence
from typing import Any

from tests.vectors.book import MALFORMED, NEWER, OPENS, VectorBook, edited, plain, text
from tests.vectors.make_party import sign_text, written

SENDER, OWN, OTHER = 1, 2, 3
"""Places of the test keys, see ``make_party``."""
STREAM = "5f" * 16
PAYLOADS = (b"an envelope", b"a row", b"a manifest")
TYPES = ("submission", "reply", "manifest")


def items(payloads: Sequence[bytes] = PAYLOADS, types: Sequence[str] = TYPES) -> list[list[Any]]:
    return [
        [kind, hashlib.sha256(payload).hexdigest(), len(payload)]
        for kind, payload in zip(types, payloads, strict=True)
    ]


def receivers(*places: int, since: int = 1) -> list[list[Any]]:
    return [[key, since] for key in sorted(map(sign_text, places))]


def statement(**changed: Any) -> bytes:
    return written(
        {
            "format": "tipline-bundle",
            "format_version": 1,
            "items": items(),
            "number": 1,
            "previous": None,
            "receivers": receivers(OWN, OTHER),
            "sender": sign_text(SENDER),
            "stream": STREAM,
            **changed,
        }
    )


def fill() -> None:
    book = VectorBook("statement")
    sound = statement()
    for name, outcome, changed in _changes():
        raw = statement(**changed)
        book.add(name, outcome, lambda raw=raw: {"statement": [text(raw)]})
    for name, outcome, old, new in (
        ("format_of_another_document", MALFORMED, b"tipline-bundle", b"tipline-party"),
        ("format_version_2", NEWER, b'"format_version":1', b'"format_version":2'),
        ("format_version_2_with_a_new_field", NEWER, b'"format_version":1', b'"format_version":2,"has":1'),
        ("field_unknown", MALFORMED, b'"number":1', b'"more":1,"number":1'),
        ("blank_between_tokens", MALFORMED, b'"number":1', b'"number": 1'),
        ("number_missing", MALFORMED, b'"number":1,', b""),
        ("previous_missing", MALFORMED, b'"previous":null,', b""),
        ("stream_missing", MALFORMED, b',"stream":"' + STREAM.encode() + b'"', b""),
    ):
        raw = edited(sound, old, new)
        book.add(name, outcome, lambda raw=raw: {"statement": [text(raw)]})
    head, tail = sound.split(written(items()))
    one = written(items()[0])
    for name, outcome, count in (("items_16384", OPENS, 16384), ("items_16385", MALFORMED, 16385)):
        pieces = [text(head + b"[" + one), plain(b"," + one, count - 1), text(b"]" + tail)]
        book.add(name, outcome, lambda pieces=pieces: {"statement": pieces})
    book.add("size_over_4_mib", MALFORMED, lambda: {"statement": [text(sound), plain(b" " * 1024, 4096)]})
    book.save()


def _changes() -> list[tuple[str, str, dict[str, Any]]]:
    previous = "ab" * 32
    third = receivers(OWN, OTHER)
    one = items()[0]
    return [
        ("statement_first", OPENS, {}),
        ("statement_later", OPENS, {"number": 7, "previous": previous}),
        ("statement_without_items", OPENS, {"items": []}),
        ("number_0", MALFORMED, {"number": 0, "previous": previous}),
        ("number_of_32_bits", MALFORMED, {"number": 2**31, "previous": previous}),
        ("number_is_a_text", MALFORMED, {"number": "1"}),
        ("previous_in_number_1", MALFORMED, {"previous": previous}),
        ("previous_null_in_number_2", MALFORMED, {"number": 2}),
        ("previous_short", MALFORMED, {"number": 2, "previous": "ab"}),
        ("previous_in_capitals", MALFORMED, {"number": 2, "previous": previous.upper()}),
        ("stream_of_15_bytes", MALFORMED, {"stream": "5f" * 15}),
        ("stream_is_null", MALFORMED, {"stream": None}),
        ("sender_short", MALFORMED, {"sender": sign_text(SENDER)[:-2]}),
        ("sender_among_the_receivers", MALFORMED, {"receivers": receivers(SENDER, OWN)}),
        ("receivers_one", OPENS, {"receivers": receivers(OWN)}),
        ("receivers_four", OPENS, {"receivers": receivers(OWN, OTHER, 4, 5)}),
        ("receivers_none", MALFORMED, {"receivers": []}),
        ("receivers_five", MALFORMED, {"receivers": receivers(OWN, OTHER, 4, 5, 6)}),
        ("receivers_in_another_order", MALFORMED, {"receivers": third[::-1]}),
        ("receivers_same_twice", MALFORMED, {"receivers": [third[0], third[0]]}),
        ("receivers_entry_without_since", MALFORMED, {"receivers": [[third[0][0]], third[1]]}),
        ("receivers_entry_with_more", MALFORMED, {"receivers": [[*third[0], 1], third[1]]}),
        ("receivers_entry_is_a_text", MALFORMED, {"receivers": [third[0][0], third[1]]}),
        ("since_0", MALFORMED, {"receivers": receivers(OWN, since=0)}),
        ("since_after_the_number", MALFORMED, {"receivers": receivers(OWN, since=2)}),
        ("since_this_number", OPENS, {"number": 2, "previous": previous, "receivers": receivers(OWN, since=2)}),
        ("since_is_true", MALFORMED, {"receivers": [[sign_text(OWN), True]]}),
        ("items_of_every_type", OPENS, {"items": [[kind, *one[1:]] for kind in (*TYPES, *_OTHER_TYPES)]}),
        ("item_type_unknown", MALFORMED, {"items": [["letter", *one[1:]]]}),
        ("item_type_in_capitals", MALFORMED, {"items": [["Reply", *one[1:]]]}),
        ("item_type_is_null", MALFORMED, {"items": [[None, *one[1:]]]}),
        ("item_digest_short", MALFORMED, {"items": [[one[0], one[1][:-2], one[2]]]}),
        ("item_digest_in_capitals", MALFORMED, {"items": [[one[0], one[1].upper(), one[2]]]}),
        ("item_shared", OPENS, {"format_version": 3, "items": [["shared", *one[1:]]]}),
        ("item_shared_in_format_version_1", MALFORMED, {"items": [["shared", *one[1:]]]}),
        ("item_shared_missing_in_format_version_3", MALFORMED, {"format_version": 3}),
        ("item_announcement", OPENS, {"format_version": 3, "items": [["announcement", *one[1:]]]}),
        ("item_announcement_in_format_version_1", MALFORMED, {"items": [["announcement", *one[1:]]]}),
        ("format_version_4", NEWER, {"format_version": 4}),
        ("item_length_0", MALFORMED, {"items": [[*one[:2], 0]]}),
        ("item_length_1_tib", OPENS, {"items": [[*one[:2], 2**40]]}),
        ("item_length_over_1_tib", MALFORMED, {"items": [[*one[:2], 2**40 + 1]]}),
        ("item_length_is_true", MALFORMED, {"items": [[*one[:2], True]]}),
        ("item_with_more", MALFORMED, {"items": [[*one, "extra"]]}),
        ("item_is_an_object", MALFORMED, {"items": [{"type": "reply"}]}),
        ("item_is_a_text", MALFORMED, {"items": ["reply"]}),
    ]


_OTHER_TYPES = ("receipt", "withdrawal", "week-closed")
