"""Canonical JSON: ``docs/formats/canonical-json.md``."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import CryptoError, Malformed, NewerFormat
from crypto.primitives import canonical_json
from crypto.primitives.canonical_json import LARGEST_NUMBER, Fields
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("canonical_json"))
LIMIT_BYTES = 262_144

NUMBERS = st.integers(-LARGEST_NUMBER, LARGEST_NUMBER)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text()
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=6
)


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 60
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["json"])
    assert outcome_of(lambda: canonical_json.parse(raw, limit_bytes=LIMIT_BYTES)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert canonical_json.to_bytes(canonical_json.parse(raw, limit_bytes=LIMIT_BYTES)) == raw


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    raw = canonical_json.to_bytes(value)
    try:
        assert canonical_json.parse(raw, limit_bytes=LIMIT_BYTES) == value
    except Malformed as error:
        assert "deep" in str(error)  # noqa: PT017 -- values of the strategy may be nested more than eight deep


@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,\\ue019-. \n', max_size=60).map(str.encode))
def test_arbitrary_bytes_are_canonical_or_malformed(raw: bytes) -> None:
    try:
        value = canonical_json.parse(raw, limit_bytes=100)
    except Malformed:
        return
    assert canonical_json.to_bytes(value) == raw


@pytest.mark.parametrize("raw", [b'"' + b"a" * 100, b'"' + b'\\"' * 100, b'"\\' * 100])
def test_a_string_without_an_end_is_passed_over_once_and_not_again_from_each_quote_in_it(raw: bytes) -> None:
    (found,) = canonical_json._STRING_OR_BRACKET.finditer(raw)
    assert found.span() == (0, len(raw))


@pytest.mark.parametrize("value", [{"a": 0.5}, {"a": float("nan")}])
def test_a_fraction_is_never_written_by_us_and_read_by_nobody(value: dict[str, Any]) -> None:
    with pytest.raises((Malformed, ValueError)):
        canonical_json.parse(canonical_json.to_bytes(value), limit_bytes=LIMIT_BYTES)


def document(**fields: Any) -> bytes:
    return canonical_json.to_bytes({"format": "tipline-test", "format_version": 1, **fields})


def fields_of(raw: bytes) -> Fields:
    return Fields.of_document(raw, format_name="tipline-test", version=1, limit_bytes=4096)


def test_a_newer_version_is_told_from_a_malformed_one_whatever_else_it_holds() -> None:
    raw = canonical_json.to_bytes({"format": "tipline-test", "format_version": 2, "new": {}})
    with pytest.raises(NewerFormat):
        fields_of(raw)


@pytest.mark.parametrize(
    "raw",
    [
        canonical_json.to_bytes({"format_version": 1}),
        canonical_json.to_bytes({"format": "tipline-test"}),
        canonical_json.to_bytes({"format": "tipline-other", "format_version": 2}),
        canonical_json.to_bytes({"format": 1, "format_version": 1}),
        canonical_json.to_bytes({"format": "tipline-test", "format_version": 0}),
        canonical_json.to_bytes({"format": "tipline-test", "format_version": "1"}),
        canonical_json.to_bytes({"format": "tipline-test", "format_version": True}),
    ],
)
def test_a_document_of_no_format_or_another_one_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        fields_of(raw)


def test_a_field_that_nobody_took_is_malformed() -> None:
    fields = fields_of(document(known=1, unknown=2))
    fields.number("known", least=1)
    with pytest.raises(Malformed):
        fields.close()


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-30",
        "2026-13-01",
        "2026-1-1",
        "20261125",
        "2026-W48-3",
        "2026-11-25T00:00",
        "0000-01-01",
        "\u0662\u0660\u0662\u0666-11-25",
        20261125,
        None,
        ["2026-11-25"],
    ],
)
def test_what_is_no_day_is_malformed(day: Any) -> None:
    with pytest.raises(Malformed):
        fields_of(document(day=day)).day("day")


def test_fields_come_back_as_what_they_are() -> None:
    fields = fields_of(document(day="2026-11-25", digest="00ff", salt="AAE=", text="\u00e4 b", none=None, many=[1]))
    assert fields.day("day") == dt.date(2026, 11, 25)
    assert fields.hex("digest", length_bytes=2) == b"\x00\xff"
    assert fields.base64("salt", length_bytes=2) == b"\x00\x01"
    assert fields.text("text", longest=3) == "\u00e4 b"
    assert fields.hex_or_null("none", length_bytes=2) is None
    assert fields.array("many", most=1) == [1]
    fields.close()


@pytest.mark.parametrize(
    "text", ["", " a", "a ", "a\n", "a\tb", "a\x00", "a\u200b", "a\u0308", "\u2028", "abcdefghi", 1, None, ["a"]]
)
def test_text_that_is_blank_long_invisible_or_not_composed_is_malformed(text: Any) -> None:
    with pytest.raises(Malformed):
        fields_of(document(text=text)).text("text", longest=8)


@pytest.mark.parametrize("salt", ["", "AAE", "AAF=", "AAE=\n", "AA E=", "AAEC", "-_8=", 1, None])
def test_base64_that_is_not_canonical_is_malformed(salt: Any) -> None:
    with pytest.raises(Malformed):
        fields_of(document(salt=salt)).base64("salt", length_bytes=2)


@pytest.mark.parametrize("digest", ["", "00FF", "0 ff", "00f", "00ff00", "0x0f", "\u0660\u0660ff", 0, None])
def test_hex_digits_in_any_other_form_are_malformed(digest: Any) -> None:
    with pytest.raises(Malformed):
        fields_of(document(digest=digest)).hex("digest", length_bytes=2)


@pytest.mark.parametrize("number", [0, 4, -1, True, "2", 2**53, None, []])
def test_numbers_out_of_bounds_are_malformed(number: Any) -> None:
    with pytest.raises(CryptoError):
        fields_of(document(number=number)).number("number", least=1, most=3)


@pytest.mark.parametrize("many", [[], [1, 2, 3], {}, "ab", None])
def test_lists_out_of_bounds_are_malformed(many: Any) -> None:
    with pytest.raises(Malformed):
        fields_of(document(many=many)).array("many", least=1, most=2)
