"""Vectors of ``docs/formats/passphrase.md``."""

import hashlib
from pathlib import Path
from typing import Any

from tests.vectors.book import LIKELY_TYPO, MALFORMED, OPENS, VectorBook

WORDS = (Path(__file__).parents[2] / "crypto" / "primitives" / "eff_long_7772.txt").read_text().split()
PLACES = (1, 7772, 2, 4000, 1234, 999, 5005)


def check_place(places: tuple[int, ...]) -> int:
    hashed = b"tipline/v1/check" + b"".join(place.to_bytes(2, "big") for place in places)
    return int(hashlib.sha256(hashed).hexdigest(), 16) % 7772 + 1


ALL = (*PLACES, check_place(PLACES))


def words(places: tuple[int, ...] = ALL) -> list[str]:
    return [WORDS[place - 1] for place in places]


def digits(places: tuple[int, ...] = ALL, zero: str = "0") -> list[str]:
    return ["".join(chr(ord(zero) + int(digit)) for digit in f"{place:04d}") for place in places]


def fill() -> None:
    book = VectorBook("passphrase")
    for name, text in _opening():
        _add(book, name, OPENS, text, places=ALL)
    for seed in range(4):
        drawn = tuple(
            int.from_bytes(hashlib.sha256(bytes([seed, place])).digest(), "big") % 7772 + 1 for place in range(7)
        )
        _add(book, f"words_of_draw_{seed}", OPENS, " ".join(words(p := (*drawn, check_place(drawn)))), places=p)
    for name, text in _typos():
        _add(book, name, LIKELY_TYPO, text)
    _add(book, "text_of_513_characters", MALFORMED, " ".join(words()).ljust(513))
    _add(book, "text_of_512_characters", OPENS, " ".join(words()).ljust(512), places=ALL)
    _add(book, "text_of_two_thousand_letters", MALFORMED, "a" * 2000)
    book.save()


def _add(book: VectorBook, name: str, outcome: str, text: str, *, places: tuple[int, ...] = ()) -> None:
    def make() -> dict[str, Any]:
        told: dict[str, Any] = {"text": text}
        if outcome == OPENS:
            told |= {"words": words(places), "digits": digits(places)}
            told["secret"] = b"".join(place.to_bytes(2, "big") for place in places[:7]).hex()
        return told

    book.add(name, outcome, make)


def _opening() -> list[tuple[str, str]]:
    plain, grouped = words(), digits()
    return [
        ("words_with_blanks", " ".join(plain)),
        ("words_with_hyphens", "-".join(plain)),
        ("words_without_anything_between", "".join(plain)),
        ("words_in_capitals", " ".join(plain).upper()),
        ("words_with_capital_first_letters", " ".join(word.title() for word in plain)),
        ("words_with_doubled_and_trailing_blanks", "  " + "   ".join(plain) + " \n"),
        ("words_each_on_a_line", "\r\n".join(plain)),
        ("words_with_commas_and_a_full_stop", ", ".join(plain) + "."),
        ("words_numbered_with_letters_of_circles", " \N{BULLET} ".join(plain)),
        ("words_split_by_autocorrect", " ".join(word[:2] + " " + word[2:] for word in plain)),
        ("words_with_accents_by_autocorrect", " ".join(plain).replace("a", "\N{LATIN SMALL LETTER A WITH ACUTE}")),
        ("words_with_dotless_i", " ".join(plain).replace("i", "\N{LATIN SMALL LETTER DOTLESS I}")),
        ("words_with_dotted_capital_i", " ".join(plain).replace("i", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}")),
        ("words_with_soft_hyphens_and_joiners", "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\u2060".join(" ".join(plain))),
        ("words_in_full_width", "".join(chr(ord(letter) + 0xFEE0) for letter in "".join(plain))),
        ("words_between_quotation_marks", "\N{LEFT DOUBLE QUOTATION MARK}" + " ".join(plain) + '"'),
        ("digits_with_blanks", " ".join(grouped)),
        ("digits_without_anything_between", "".join(grouped)),
        ("digits_with_dots", ".".join(grouped)),
        ("digits_in_pairs", " ".join(f"{group[:2]} {group[2:]}" for group in grouped)),
        ("digits_arabic_indic", " ".join(digits(zero="\N{ARABIC-INDIC DIGIT ZERO}"))),
        ("digits_persian", " ".join(digits(zero="\N{EXTENDED ARABIC-INDIC DIGIT ZERO}"))),
        ("digits_devanagari", " ".join(digits(zero="\N{DEVANAGARI DIGIT ZERO}"))),
        ("digits_bengali", " ".join(digits(zero="\N{BENGALI DIGIT ZERO}"))),
        ("digits_full_width", " ".join(digits(zero="\N{FULLWIDTH DIGIT ZERO}"))),
        (
            "words_with_numbers_in_front",
            "\n".join(f"{number}. {word}" for number, word in enumerate(plain, start=1)),
        ),
        (
            "words_with_two_digit_numbers",
            " ".join(f"{number:02d}){word}" for number, word in enumerate(plain, start=1)),
        ),
        ("words_and_digits_both", " ".join(plain) + "\n" + " ".join(grouped)),
        (
            "words_and_digits_both_in_turns",
            "\n".join(f"{word} {group}" for word, group in zip(plain, grouped, strict=True)),
        ),
        ("digits_with_a_label", "Digits: " + " ".join(grouped)),
        ("digits_beside_words_with_a_mistake", " ".join([*plain[:7], "zzz"]) + " " + " ".join(grouped)),
        (
            "digits_with_numbers_in_front",
            "\n".join(f"{number}. {group}" for number, group in enumerate(grouped, start=1)),
        ),
        ("digits_and_words_mixed", " ".join([*plain[:3], *grouped[3:5], *plain[5:7], grouped[7]])),
        ("digits_and_words_without_anything_between", "".join([grouped[0], *plain[1:4], *grouped[4:]])),
    ]


def _typos() -> list[tuple[str, str]]:
    plain, grouped = words(), digits()
    other = WORDS[ALL[3]]
    cyrillic = plain[0].replace("a", "\N{CYRILLIC SMALL LETTER A}", 1)
    return [
        ("text_empty", ""),
        ("text_of_blanks", " \t\n"),
        ("text_of_punctuation", "-.,!"),
        ("words_seven", " ".join(plain[:7])),
        ("words_nine", " ".join([*plain, plain[0]])),
        ("words_sixty", " ".join(["zoom"] * 60)),
        ("word_replaced_by_another", " ".join([*plain[:3], other, *plain[4:]])),
        ("words_swapped", " ".join([plain[1], plain[0], *plain[2:]])),
        ("word_with_a_letter_missing", " ".join([plain[0][:-1], *plain[1:]])),
        ("word_with_a_letter_doubled", " ".join([*plain[:7], plain[7] + plain[7][-1]])),
        ("word_that_is_not_in_the_list", " ".join([*plain[:4], "yo-yo", *plain[5:]])),
        ("word_with_a_cyrillic_letter", " ".join([cyrillic, *plain[1:]])),
        ("check_word_replaced", " ".join([*plain[:7], WORDS[ALL[7] % 7772]])),
        ("digits_group_0000", " ".join(["0000", *grouped[1:]])),
        ("digits_group_7773", " ".join(["7773", *grouped[1:]])),
        ("digits_group_9999", " ".join([*grouped[:7], "9999"])),
        ("digits_last_group_of_three", " ".join([*grouped[:7], grouped[7][:3]])),
        ("digits_of_nine_groups", " ".join([*grouped, "0001"])),
        ("digits_interrupted_by_a_word", " ".join([grouped[0][:2], plain[1], *grouped[2:]])),
        (
            "words_seven_with_numbers_in_front",
            " ".join(f"{number}. {word}" for number, word in enumerate(plain[:7], 1)),
        ),
        (
            "digits_with_numbers_in_front_from_0",
            " ".join(f"{number}. {group}" for number, group in enumerate(grouped)),
        ),
        ("digits_and_words_both_with_a_mistake", " ".join([*plain[:7], "zzz", *grouped[:7], "0001"])),
        ("digits_roman", "\N{ROMAN NUMERAL EIGHT}"),
    ]
