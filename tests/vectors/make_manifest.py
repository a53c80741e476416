"""Vectors of the fields in ``docs/formats/manifest.md``; signatures and chains have books of their own."""

from typing import Any

from crypto.primitives import bech32
from tests.vectors.book import HERE, MALFORMED, NEWER, OPENS, VectorBook, part_of, plain, text
from tests.vectors.make_party import entry, hybrid_text, sign_text, written

SMALL = "manifest_small.bin"


def keys(first: int) -> list[str]:
    """Four hybrid test keys in the order of their bytes, which is not that of their letters."""
    return sorted_keys(*range(first, first + 4))


def fields(**changed: Any) -> dict[str, Any]:
    return {
        "argon2": {"lanes": 1, "memory_kib": 65536, "passes": 3, "salt": "AAECAwQFBgcICQoLDA0ODw=="},
        "expires": "2027-01-20",
        "format": "tipline-manifest",
        "format_version": 1,
        "intake": [],
        "issued": "2026-11-25",
        "organisation": "Example Watch",
        "previous": None,
        "reviewers": [entry("reviewer-1", 20)],
        "sealed": [],
        "servers": [entry("server-1", 30)],
        "version": 1,
        **changed,
    }


def manifest(**changed: Any) -> bytes:
    return written(fields(**changed))


def fill() -> None:
    book = VectorBook("manifest")
    _whole(book)
    _lists(book)
    small = manifest()
    if not (HERE / SMALL).exists():
        (HERE / SMALL).write_bytes(small)
    for name, outcome, old, new in _EDITS:
        assert small.count(old) == 1
        at = small.index(old)
        pieces = [part_of(SMALL, 0, at), text(new), part_of(SMALL, at + len(old), len(small))]
        book.add(name, outcome, lambda pieces=pieces: {"manifest": pieces})
    _duty(book)
    for name in fields():
        raw = written({key: value for key, value in fields().items() if key != name})
        book.add(f"{name}_missing", MALFORMED, lambda raw=raw: {"manifest": [text(raw)]})
    book.add("size_over_4_mib", MALFORMED, lambda: {"manifest": [text(small), plain(b" " * 1024, 4096)]})
    book.save()


def _whole(book: VectorBook) -> None:
    intake = [{"keys": keys(40), "week": "2026-W48"}, {"keys": keys(44), "week": "2026-W49"}]
    sealed = [{"keys": keys(60), "quarter": "2026-Q4"}]
    raw = manifest(intake=intake, sealed=sealed)
    book.add("manifest_with_weeks_and_a_quarter", OPENS, lambda: {"manifest": [text(raw)]})


def _duty(book: VectorBook) -> None:
    both = sorted_keys(70, 71)
    week, quarter = {"keys": keys(40), "week": "2026-W48"}, {"keys": keys(60), "quarter": "2026-Q4"}
    for name, outcome, changed in (
        ("duty_of_two_machines", OPENS, {"duty": both}),
        ("duty_with_weeks_and_a_quarter", OPENS, {"duty": both, "intake": [week], "sealed": [quarter]}),
        ("duty_missing_in_version_3", MALFORMED, {}),
        ("duty_in_version_1", MALFORMED, {"duty": both, "format_version": 1}),
        ("duty_in_version_2", NEWER, {"duty": both, "format_version": 2}),
        ("duty_in_version_4", NEWER, {"duty": both, "format_version": 4}),
        ("duty_in_version_3_with_an_unknown_field", MALFORMED, {"duty": both, "more": 1}),
        ("duty_of_one_machine", MALFORMED, {"duty": both[:1]}),
        ("duty_of_three_machines", MALFORMED, {"duty": [*both, hybrid_text(72)]}),
        ("duty_of_no_machine", MALFORMED, {"duty": []}),
        ("duty_null", MALFORMED, {"duty": None}),
        ("duty_same_key_twice", MALFORMED, {"duty": [both[0], both[0]]}),
        ("duty_keys_in_another_order", MALFORMED, {"duty": both[::-1]}),
        ("duty_key_in_capitals", MALFORMED, {"duty": [both[0].upper(), both[1]]}),
        ("duty_key_is_a_number", MALFORMED, {"duty": [1, both[1]]}),
        ("duty_key_is_an_intake_key", MALFORMED, {"duty": keys(40)[:2], "intake": [week]}),
        ("duty_key_is_a_transport_key", MALFORMED, {"duty": sorted_keys(30, 70)}),
    ):
        raw = manifest(**{"format_version": 3} | changed)
        book.add(name, outcome, lambda raw=raw: {"manifest": [text(raw)]})


def sorted_keys(*places: int) -> list[str]:
    """Hybrid test keys in the order of their bytes."""
    return sorted(map(hybrid_text, places), key=lambda text: bech32.decode("age1pq", text))


def _lists(book: VectorBook) -> None:
    week, quarter = {"keys": keys(40), "week": "2026-W48"}, {"keys": keys(60), "quarter": "2026-Q4"}
    reviewers = [entry(f"reviewer-{place}", 20 + place) for place in range(5)]
    for name, outcome, changed in (
        ("servers_none", OPENS, {"servers": []}),
        ("servers_not_sorted", MALFORMED, {"servers": [entry("b", 30), entry("a", 31)]}),
        ("servers_same_name_twice", MALFORMED, {"servers": [entry("a", 30), entry("a", 31)]}),
        ("servers_named_like_a_reviewer", MALFORMED, {"servers": [entry("reviewer-1", 30)]}),
        ("servers_sign_like_a_reviewer", MALFORMED, {"servers": [{**entry("a", 30), "sign": sign_text(20)}]}),
        (
            "servers_transport_like_a_reviewer",
            MALFORMED,
            {"servers": [entry("a", 30) | {"transport": hybrid_text(20)}]},
        ),
        ("servers_entry_with_unknown_field", MALFORMED, {"servers": [{**entry("a", 30), "more": 1}]}),
        ("servers_entry_is_a_text", MALFORMED, {"servers": ["a"]}),
        ("servers_not_a_list", MALFORMED, {"servers": entry("a", 30)}),
        ("reviewers_none", MALFORMED, {"reviewers": []}),
        ("reviewers_four", OPENS, {"reviewers": reviewers[:4]}),
        ("reviewers_five", MALFORMED, {"reviewers": reviewers}),
        ("intake_three_keys", MALFORMED, {"intake": [{**week, "keys": keys(40)[:3]}]}),
        ("intake_five_keys", MALFORMED, {"intake": [{**week, "keys": [*keys(40), hybrid_text(50)]}]}),
        ("intake_same_key_twice", MALFORMED, {"intake": [{**week, "keys": [*keys(40)[:3], keys(40)[2]]}]}),
        ("intake_keys_in_another_order", MALFORMED, {"intake": [{**week, "keys": keys(40)[::-1]}]}),
        ("intake_key_in_capitals", MALFORMED, {"intake": [{**week, "keys": [keys(40)[0].upper(), *keys(40)[1:]]}]}),
        ("intake_key_is_a_number", MALFORMED, {"intake": [{**week, "keys": [1, *keys(40)[1:]]}]}),
        ("intake_week_54", MALFORMED, {"intake": [{**week, "week": "2026-W54"}]}),
        ("intake_week_is_a_quarter", MALFORMED, {"intake": [{**week, "week": "2026-Q4"}]}),
        ("intake_unknown_field", MALFORMED, {"intake": [{**week, "more": 1}]}),
        ("intake_week_twice", MALFORMED, {"intake": [week, {**week, "keys": keys(44)}]}),
        ("intake_key_of_two_weeks", MALFORMED, {"intake": [week, {**week, "week": "2026-W49"}]}),
        ("intake_weeks_in_another_order", MALFORMED, {"intake": [week, {"week": "2026-W47", "keys": keys(44)}]}),
        ("intake_key_is_a_transport_key", MALFORMED, {"intake": [{**week, "keys": keys(30)}]}),
        ("sealed_key_is_an_intake_key", MALFORMED, {"intake": [week], "sealed": [{**quarter, "keys": keys(40)}]}),
        ("sealed_quarter_5", MALFORMED, {"sealed": [{**quarter, "quarter": "2026-Q5"}]}),
        ("sealed_three_keys", MALFORMED, {"sealed": [{**quarter, "keys": keys(60)[:3]}]}),
        ("sealed_with_signature", OPENS, {"sealed": [{**quarter, "signature": _LINES}]}),
        ("sealed_signature_of_three_lines", MALFORMED, {"sealed": [{**quarter, "signature": _LINES[:3]}]}),
        ("sealed_signature_of_no_lines", MALFORMED, {"sealed": [{**quarter, "signature": []}]}),
        ("sealed_signature_is_a_text", MALFORMED, {"sealed": [{**quarter, "signature": "\n".join(_LINES)}]}),
        ("sealed_signature_is_null", MALFORMED, {"sealed": [{**quarter, "signature": None}]}),
        (
            "sealed_signature_with_a_line_feed",
            MALFORMED,
            {"sealed": [{**quarter, "signature": [*_LINES[:3], "a\nb"]}]},
        ),
        (
            "sealed_signature_line_of_513_letters",
            MALFORMED,
            {"sealed": [{**quarter, "signature": [*_LINES[:3], "x" * 513]}]},
        ),
        ("intake_with_signature", MALFORMED, {"intake": [{**week, "signature": _LINES}]}),
        ("sealed_quarter_twice", MALFORMED, {"sealed": [quarter, {**quarter, "keys": keys(64)}]}),
    ):
        raw = manifest(**changed)
        book.add(name, outcome, lambda raw=raw: {"manifest": [text(raw)]})


_LINES = ["untrusted comment: a", "b", "trusted comment: c", "d"]
_HASH = b'"' + b"ab" * 32 + b'"'
_EDITS = (
    ("manifest_small", OPENS, b"Example Watch", b"Example Watch"),
    ("format_of_another_document", MALFORMED, b"tipline-manifest", b"tipline-party"),
    ("format_version_2", NEWER, b'"format_version":1', b'"format_version":2'),
    ("format_version_2_with_new_fields", NEWER, b'"format_version":1', b'"format_version":2,"has":[]'),
    ("format_version_0", MALFORMED, b'"format_version":1', b'"format_version":0'),
    ("field_unknown", MALFORMED, b'"organisation":', b'"more":1,"organisation":'),
    ("blank_between_tokens", MALFORMED, b'"organisation":', b'"organisation": '),
    ("version_0", MALFORMED, b'"version":1', b'"version":0'),
    ("version_negative", MALFORMED, b'"version":1', b'"version":-1'),
    ("version_2_without_previous", MALFORMED, b'"version":1', b'"version":2'),
    ("version_of_32_bits", MALFORMED, b'"version":1', b'"version":2147483648'),
    ("version_is_a_text", MALFORMED, b'"version":1', b'"version":"1"'),
    ("version_is_true", MALFORMED, b'"version":1', b'"version":true'),
    ("previous_in_version_1", MALFORMED, b'"previous":null', b'"previous":' + _HASH),
    ("previous_short", MALFORMED, b'"previous":null', b'"previous":"abab"'),
    ("organisation_in_another_script", OPENS, b"Example Watch", "\N{GREEK CAPITAL LETTER OMEGA}".encode()),
    ("organisation_empty", MALFORMED, b"Example Watch", b""),
    ("organisation_of_201_letters", MALFORMED, b"Example Watch", b"x" * 201),
    ("organisation_with_blank_after", MALFORMED, b"Example Watch", b"Example "),
    ("organisation_with_escape_character", MALFORMED, b"Example Watch", rb"Example\u001b[2J"),
    ("organisation_with_direction_override", MALFORMED, b"Example Watch", "Example\u202e".encode()),
    ("organisation_not_composed", MALFORMED, b"Example Watch", "a\u0308".encode()),
    ("expires_on_the_day_of_issue", OPENS, b"2027-01-20", b"2026-11-25"),
    ("expires_before_the_day_of_issue", MALFORMED, b"2027-01-20", b"2026-11-24"),
    ("expires_after_400_days", OPENS, b"2027-01-20", b"2027-12-30"),
    ("expires_after_401_days", MALFORMED, b"2027-01-20", b"2027-12-31"),
    ("expires_on_no_day", MALFORMED, b"2027-01-20", b"2027-02-29"),
    ("issued_with_a_time", MALFORMED, b"2026-11-25", b"2026-11-25T00:00:00"),
    ("issued_without_hyphens", MALFORMED, b"2026-11-25", b"20261125"),
    ("issued_is_a_number", MALFORMED, b'"2026-11-25"', b"20261125"),
    ("argon2_memory_below_today", MALFORMED, b'"memory_kib":65536', b'"memory_kib":65535'),
    ("argon2_memory_above", OPENS, b'"memory_kib":65536', b'"memory_kib":1048576'),
    ("argon2_memory_over_1_gib", MALFORMED, b'"memory_kib":65536', b'"memory_kib":1048577'),
    ("argon2_passes_2", MALFORMED, b'"passes":3', b'"passes":2'),
    ("argon2_passes_17", MALFORMED, b'"passes":3', b'"passes":17'),
    ("argon2_lanes_0", MALFORMED, b'"lanes":1', b'"lanes":0'),
    ("argon2_lanes_5", MALFORMED, b'"lanes":1', b'"lanes":5'),
    ("argon2_salt_of_15_bytes", MALFORMED, b"AAECAwQFBgcICQoLDA0ODw==", b"AAECAwQFBgcICQoLDA0O"),
    ("argon2_salt_without_padding", MALFORMED, b"AAECAwQFBgcICQoLDA0ODw==", b"AAECAwQFBgcICQoLDA0ODw"),
    ("argon2_salt_not_canonical", MALFORMED, b"AAECAwQFBgcICQoLDA0ODw==", b"AAECAwQFBgcICQoLDA0ODx=="),
    ("argon2_unknown_field", MALFORMED, b'"lanes":1', b'"kind":1,"lanes":1'),
)
