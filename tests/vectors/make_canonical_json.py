"""Vectors of ``docs/formats/canonical-json.md``."""

from tests.vectors.book import MALFORMED, OPENS, Piece, VectorBook, plain

_OPENING = {
    "object_empty": b"{}",
    "keys_sorted": b'{"a":1,"b":[],"c":{}}',
    "keys_upper_case_before_lower_case": b'{"B":1,"a":2}',
    "string_with_letters_as_they_are": '{"a":"\N{CYRILLIC SMALL LETTER ZHE}\N{PARTY POPPER}\u2028\x7f"}'.encode(),
    "string_with_short_escapes": rb'{"a":"\"\\\b\t\n\f\r/"}',
    "string_with_a_control_character": rb'{"a":"\u0000\u001f"}',
    "string_with_brackets": b'{"a":"[[[[[[[[[[{{{{{{"}',
    "string_with_escaped_quotation_mark_and_brackets": rb'{"a":"\"[[[[[[[[[[\\"}',
    "number_zero_and_negative": b'{"a":0,"b":-1}',
    "number_of_53_bits": b'{"a":9007199254740991,"b":-9007199254740991}',
    "words_of_json": b'{"a":null,"b":true,"c":false}',
    "nesting_of_eight": b'{"a":[[[[[[[]]]]]]]}',
}
_MALFORMED = {
    "text_empty": b"",
    "text_of_a_blank": b" ",
    "text_not_json": b"{a}",
    "text_cut": b'{"a":1',
    "text_with_byte_order_mark": b"\xef\xbb\xbf{}",
    "text_in_utf_16": '{"a":1}'.encode("utf-16"),
    "text_not_utf_8": b'{"a":"\xff"}',
    "text_with_overlong_utf_8": b'{"a":"\xc0\x80"}',
    "text_with_surrogate_in_utf_8": b'{"a":"\xed\xa0\x80"}',
    "value_is_an_array": b"[]",
    "value_is_a_string": b'"a"',
    "value_is_a_number": b"1",
    "value_is_null": b"null",
    "blank_before": b" {}",
    "blank_after": b"{} ",
    "line_feed_after": b"{}\n",
    "blank_after_colon": b'{"a": 1}',
    "blank_in_empty_object": b"{ }",
    "second_value_after": b"{}{}",
    "comma_after_the_last": b'{"a":1,}',
    "keys_not_sorted": b'{"b":1,"a":2}',
    "key_twice": b'{"a":1,"a":1}',
    "key_twice_with_other_values": b'{"a":1,"a":2}',
    "key_not_a_string": b'{1:"a"}',
    "string_with_needless_escape": rb'{"a":"\u0041"}',
    "string_with_escaped_slash": rb'{"a":"\/"}',
    "string_with_escaped_umlaut": rb'{"a":"\u00e4"}',
    "string_with_escape_in_capitals": rb'{"a":"\u001F"}',
    "string_with_long_escape_for_line_feed": rb'{"a":"\u000a"}',
    "string_with_half_a_surrogate_pair": rb'{"a":"\ud800"}',
    "string_with_escaped_surrogate_pair": rb'{"a":"\ud83c\udf89"}',
    "string_with_bare_line_feed": b'{"a":"\n"}',
    "string_not_closed": b'{"a":"',
    "string_in_single_quotes": b"{'a':1}",
    "number_with_fraction": b'{"a":1.0}',
    "number_with_exponent": b'{"a":1e3}',
    "number_with_leading_zero": b'{"a":01}',
    "number_with_plus": b'{"a":+1}',
    "number_minus_zero": b'{"a":-0}',
    "number_of_54_bits": b'{"a":9007199254740992}',
    "number_negative_of_54_bits": b'{"a":-9007199254740992}',
    "number_nan": b'{"a":NaN}',
    "number_infinity": b'{"a":-Infinity}',
    "number_in_hex": b'{"a":0x1}',
    "word_in_capitals": b'{"a":True}',
    "nesting_of_nine": b'{"a":[[[[[[[[]]]]]]]]}',
    "comment": b'{"a":1/**/}',
}
_LONG: dict[str, list[Piece]] = {
    "nesting_of_a_hundred_thousand": [plain(b'{"a":'), plain(b"[", 100_000), plain(b"]", 100_000), plain(b"}")],
    "number_of_ten_thousand_digits": [plain(b'{"a":'), plain(b"1", 10_000), plain(b"}")],
    "quotation_marks_escaped_and_never_closed": [plain(b'{"a":"'), plain(b'\\"', 100_000)],
    "size_one_byte_over_the_limit": [plain(b'{"a":"'), plain(b"x", 262_137), plain(b'"}')],
}


def fill() -> None:
    book = VectorBook("canonical_json")
    for name, raw in _OPENING.items():
        book.add(name, OPENS, lambda raw=raw: {"json": [plain(raw)]})
    for name, raw in _MALFORMED.items():
        book.add(name, MALFORMED, lambda raw=raw: {"json": [plain(raw)]})
    for name, pieces in _LONG.items():
        book.add(name, MALFORMED, lambda pieces=pieces: {"json": pieces})
    at_limit = [plain(b'{"a":"'), plain(b"x", 262_136), plain(b'"}')]
    book.add("size_at_the_limit", OPENS, lambda: {"json": at_limit})
    book.save()
