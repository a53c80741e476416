"""Vectors of ``docs/formats/place-code.md``. Their check digits are typed, not computed."""

from tests.vectors.book import LIKELY_TYPO, MALFORMED, OPENS, VectorBook


def fill() -> None:
    book = VectorBook("place_code")
    for name, text, code in (
        ("code_of_zeros", "000000", "000000"),
        ("code_sound", "005724", "005724"),
        ("code_with_a_blank", "00572 4", "005724"),
        ("code_with_dashes", "00-572–4", "005724"),
        ("code_in_arabic_digits", "٠٠٥٧٢٤", "005724"),
        ("code_in_persian_digits", "۰۰۵۷۲-۴", "005724"),
        ("code_in_bengali_digits", "০০৫৭২ ৪", "005724"),
        ("code_in_devanagari_digits", "००५७२४", "005724"),
        ("code_between_marks_of_direction", "\u200e005724\u200f", "005724"),
        ("code_with_blanks_to_40_letters", "005724" + " " * 34, "005724"),
    ):
        book.add_fixed(name, OPENS, {"text": text, "code": code})
    for name, text in (
        ("code_with_one_wrong_digit", "005714"),
        ("code_with_neighbours_changed", "007524"),
        ("code_with_another_check_digit", "005725"),
        ("code_of_ones", "111111"),
    ):
        book.add_fixed(name, LIKELY_TYPO, {"text": text})
    for name, text in (
        ("code_empty", ""),
        ("code_of_blanks", "   "),
        ("code_of_5_digits", "00572"),
        ("code_of_7_digits", "0005724"),
        ("code_with_a_letter", "00572O4"),
        ("code_with_a_letter_in_place", "0O5724"),
        ("code_with_a_superscript", "00572\u2074"),
        ("code_on_two_lines", "00572\n4"),
        ("code_of_41_letters", "005724" + " " * 35),
    ):
        book.add_fixed(name, MALFORMED, {"text": text})
    book.save()
