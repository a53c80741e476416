"""Place codes as people type them, and the mistakes that the check digit notices."""

from itertools import pairwise

import pytest

from crypto.errors import CryptoError, Malformed, Mistyped
from crypto.questions.place_code import CODE_DIGITS, TABLE, check_digit, place_code_of, read_place_code
from tests.vectors.book import LIKELY_TYPO, MALFORMED, OPENS, Vector, VectorBook

KINDS = {LIKELY_TYPO: Mistyped, MALFORMED: Malformed}
NUMBERS = range(0, 100_000, 97)


@pytest.mark.parametrize("vector", list(VectorBook("place_code")), ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: Vector) -> None:
    if vector["outcome"] == OPENS:
        assert read_place_code(vector["text"]) == vector["code"]
    else:
        with pytest.raises(CryptoError) as refused:
            read_place_code(vector["text"])
        assert type(refused.value) is KINDS[vector["outcome"]]


def test_the_table_is_a_quasigroup_without_a_pair_of_neighbours_that_could_change_places() -> None:
    digits = range(10)
    square = [[int(digit) for digit in row] for row in TABLE]
    assert all(sorted(row) == list(digits) for row in square)
    assert all(sorted(column) == list(digits) for column in zip(*square, strict=True))
    assert all(square[one][one] == 0 for one in digits)
    for state in digits:
        for one, other in ((one, other) for one in digits for other in digits if one != other):
            assert square[square[state][one]][other] != square[square[state][other]][one]


def test_each_wrong_digit_and_each_two_neighbours_that_changed_places_are_noticed() -> None:
    for number in NUMBERS:
        code = place_code_of(number)
        assert read_place_code(code) == code
        wrong = {code[:at] + other + code[at + 1 :] for at in range(CODE_DIGITS) for other in "0123456789"}
        changed = {code[:at] + b + a + code[at + 2 :] for at, (a, b) in enumerate(pairwise(code))}
        assert not [one for one in (wrong | changed) - {code} if check_digit(one) == "0"]


def test_a_number_of_six_digits_has_no_code() -> None:
    for number in (-1, 100_000):
        with pytest.raises(ValueError, match="at most 5 digits"):
            place_code_of(number)
