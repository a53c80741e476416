"""Vectors of ``docs/formats/offer.md``. Fixed keys, so nothing in them is random."""

import json
from typing import Any

from nacl.signing import SigningKey

from tests.vectors.book import BAD_SIGNATURE, MALFORMED, NEWER, NOT_FOR_US, OPENS, VectorBook, plain, text
from tests.vectors.make_party import entry, hybrid_text, sign_text, written

MAGIC = b"TIPLINO\x1a"
LABEL = b"tipline/v1/offer\0"
HEAD, BLANKS = 105, b" " * 262_144
SIGNER, OTHER, ROOT, OTHER_ROOT = 1, 2, 90, 91
WEEKS = ("2026-W48", "2026-W49")
QUARTERS = ("2026-Q4",)


def document(**change: Any) -> dict[str, Any]:
    """A sound one, with fields in place of others; a field that is None is left out."""
    sound = {
        "format": "tipline-offer",
        "format_version": 1,
        "intake": [{"key": hybrid_text(10 + place), "week": week} for place, week in enumerate(WEEKS)],
        "offered": "2026-11-25",
        "reviewer": entry("reviewer-2", SIGNER),
        "root": sign_text(ROOT),
        "sealed": [{"key": hybrid_text(20 + place), "quarter": quarter} for place, quarter in enumerate(QUARTERS)],
    } | change
    return {name: value for name, value in sound.items() if value is not None}


def signed(raw: bytes, *, signer: int = SIGNER, label: bytes = LABEL) -> bytes:
    key = SigningKey(bytes([signer]) * 32)
    signature = key.sign(label + raw).signature
    return MAGIC + b"\1" + key.verify_key.encode() + signature + raw


def offer(**change: Any) -> bytes:
    return signed(written(document(**change)))


def weeks(count: int, *, first: int = 1) -> list[dict[str, str]]:
    return [
        {"key": hybrid_text(30 + place), "week": f"{2026 + place // 52}-W{first + place % 52:02d}"}
        for place in range(count)
    ]


def fill() -> None:
    book = VectorBook("offer")

    def add(name: str, outcome: str, raw: bytes) -> None:
        pieces = [{"hex": raw[:HEAD].hex()}, *([text(raw[HEAD:])] if raw[HEAD:] else [])]
        if raw.endswith(BLANKS):
            pieces = [pieces[0], text(raw[HEAD : -len(BLANKS)]), plain(b" ", len(BLANKS))]
        told: dict[str, Any] = {"offer": pieces, "root": sign_text(ROOT)}
        if outcome == OPENS:
            found = json.loads(raw[HEAD:])
            told["reviewer"] = found["reviewer"]["name"]
            told["weeks"] = [each["week"] for each in found["intake"]]
            told["quarters"] = [each["quarter"] for each in found["sealed"]]
        book.add_fixed(name, outcome, told)

    sound = offer()
    add("offer_sound", OPENS, sound)
    add("offer_of_one_week_and_no_quarter", OPENS, offer(intake=document()["intake"][:1], sealed=[]))
    add("offer_of_60_weeks", OPENS, offer(intake=weeks(60)))
    add("file_empty", MALFORMED, b"")
    add("file_without_a_document", MALFORMED, sound[:HEAD])
    add("file_cut", BAD_SIGNATURE, sound[:-1])
    add("file_followed_by_line_feed", BAD_SIGNATURE, sound + b"\n")
    add("file_too_long", MALFORMED, signed(written(document()) + BLANKS))
    add("magic_of_a_bundle", MALFORMED, b"TIPLINB\x1a" + sound[8:])
    add("version_0", MALFORMED, sound[:8] + b"\0" + sound[9:])
    add("version_2", NEWER, sound[:8] + b"\2" + sound[9:])
    add("version_2_of_a_file_without_a_document", NEWER, sound[:8] + b"\2" + sound[9:HEAD])
    add("version_missing", MALFORMED, sound[:8])
    add("signature_with_a_bit_flipped", BAD_SIGNATURE, sound[:60] + bytes([sound[60] ^ 1]) + sound[61:])
    add("signature_under_the_label_of_a_bundle", BAD_SIGNATURE,
        signed(written(document()), label=b"tipline/v1/bundle-statement\0"))  # fmt: skip
    add("signature_without_a_label", BAD_SIGNATURE, signed(written(document()), label=b""))
    add("signer_of_small_order", BAD_SIGNATURE, sound[:9] + bytes(31) + b"\1" + sound[41:])
    add("signer_swapped", BAD_SIGNATURE, sound[:9] + bytes.fromhex(sign_text(OTHER)) + sound[41:])
    add("signer_is_not_the_reviewer", MALFORMED, signed(written(document()), signer=OTHER))
    add("root_of_another_organisation", NOT_FOR_US, offer(root=sign_text(OTHER_ROOT)))
    add("signer_is_not_the_reviewer_of_another_root", MALFORMED,
        signed(written(document(root=sign_text(OTHER_ROOT))), signer=OTHER))  # fmt: skip
    add("root_short", MALFORMED, offer(root=sign_text(ROOT)[:-2]))
    add("root_missing", MALFORMED, offer(root=None))
    add("format_of_another_document", MALFORMED, offer(format="tipline-party"))
    add("format_version_2", NEWER, offer(format_version=2))
    add("format_version_2_with_a_new_field", NEWER, offer(format_version=2, more=1))
    add("format_version_0", MALFORMED, offer(format_version=0))
    add("field_unknown", MALFORMED, offer(more=1))
    add("json_not_canonical", MALFORMED, signed(json.dumps(document()).encode()))
    add("offered_no_such_day", MALFORMED, offer(offered="2026-02-30"))
    add("offered_before_2000", MALFORMED, offer(offered="1999-12-31"))
    add("offered_after_2999", MALFORMED, offer(offered="3000-01-01"))
    add("reviewer_name_with_capital", MALFORMED, offer(reviewer=entry("Reviewer", SIGNER)))
    add("reviewer_with_an_unknown_field", MALFORMED, offer(reviewer=entry("r", SIGNER) | {"more": "1"}))
    add("intake_empty", MALFORMED, offer(intake=[]))
    add("intake_of_61_weeks", MALFORMED, offer(intake=weeks(61)))
    add("intake_out_of_order", MALFORMED, offer(intake=document()["intake"][::-1]))
    two = [{"key": hybrid_text(10 + place), "week": "2026-W48"} for place in range(2)]
    add("intake_week_twice", MALFORMED, offer(intake=two))
    add("intake_no_such_week", MALFORMED, offer(intake=[{"key": hybrid_text(10), "week": "2026-W54"}]))
    add("intake_key_twice", MALFORMED, offer(intake=[{"key": hybrid_text(10), "week": week} for week in WEEKS]))
    add("intake_key_of_classical_age", MALFORMED,
        offer(intake=[{"key": "age1" + hybrid_text(10)[6:], "week": "2026-W48"}]))  # fmt: skip
    add("intake_key_in_capitals", MALFORMED, offer(intake=[{"key": hybrid_text(10).upper(), "week": "2026-W48"}]))
    add("intake_with_an_unknown_field", MALFORMED,
        offer(intake=[{"key": hybrid_text(10), "more": 1, "week": "2026-W48"}]))  # fmt: skip
    add("intake_key_is_the_transport_key", MALFORMED,
        offer(intake=[{"key": hybrid_text(SIGNER), "week": "2026-W48"}]))  # fmt: skip
    add("sealed_key_is_an_intake_key", MALFORMED, offer(sealed=[{"key": hybrid_text(10), "quarter": "2026-Q4"}]))
    nine = [{"key": hybrid_text(20 + at), "quarter": f"{2026 + at // 4}-Q{at % 4 + 1}"} for at in range(9)]
    add("sealed_of_8_quarters", OPENS, offer(sealed=nine[:8]))
    add("sealed_of_9_quarters", MALFORMED, offer(sealed=nine))
    add("sealed_no_such_quarter", MALFORMED, offer(sealed=[{"key": hybrid_text(20), "quarter": "2026-Q5"}]))
    add("sealed_out_of_order", MALFORMED, offer(sealed=nine[1::-1]))
    book.save()
