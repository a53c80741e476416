"""``docs/evidence/guessing.md`` is arithmetic over the code's own figures: it is reckoned here again."""

import math
import re
from pathlib import Path

import pytest

from crypto.passphrases.mailbox import LANES, MEMORY_KIB, PASSES
from crypto.passphrases.passphrase import RANDOM_WORDS, drawn_bits
from crypto.primitives import wordlist
from tipline.limits.kdf_queue import MOST_WAITING, MOST_WAITING_A_CIRCUIT, SLOTS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "evidence" / "guessing.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())
SPACE = 2 ** drawn_bits()
SECONDS_A_YEAR = 365.25 * 86400
BYTES_A_GUESS = (3 * PASSES - 1) * MEMORY_KIB * 1024
DEVICES = 1_000_000
ONLINE_A_SECOND = 22


def rows(first_cell: str) -> list[list[str]]:
    """Cells of the rows under the table head that begins so."""
    after = PAGE.split(f"\n| {first_cell} |", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in after.splitlines()[2:]]


def number(cell: str) -> int:
    found = re.match(r"[\d,]+", cell)
    assert found is not None, cell
    return int(found[0].replace(",", ""))


def two_digits(value: float) -> int:
    return int(float(f"{value:.1e}"))


def test_the_page_says_what_the_words_and_the_costs_are() -> None:
    may_be_drawn = len(wordlist.DRAWN_PLACES)
    assert f"{RANDOM_WORDS} × log2 {may_be_drawn} + log2 ({may_be_drawn} / {wordlist.WORDS})" in WORDS
    assert f"**{math.log2(SPACE):.2f} bits**: {SPACE / 1e27:.2f} × 10^27" in WORDS
    assert (MEMORY_KIB, PASSES, LANES) == (64 * 1024, 3, 1)
    assert "64 MiB of memory, 3 passes, one lane" in WORDS
    assert f"3 t − 1 = {3 * PASSES - 1} movements" in WORDS
    assert f"**{BYTES_A_GUESS >> 20} MiB for one guess**" in WORDS


def test_the_tables_count_with_the_time_of_a_guess_that_the_decision_gives() -> None:
    (decision,) = (ROOT / "docs" / "adr").glob("0021-*.md")
    told = " ".join(decision.read_text(encoding="utf-8").split())
    found = re.search(r"takes (\d\.\d\d) s of processor time where argon2-cffi takes", told)
    assert found is not None
    assert f"count with {found[1]} s of processor time a guess" in WORDS
    assert f"so with {ONLINE_A_SECOND} guesses a second on two threads" in WORDS
    assert round(2 / float(found[1])) == ONLINE_A_SECOND


def test_a_card_guesses_no_faster_than_its_memory_moves() -> None:
    cards = rows("card")
    assert len(cards) == 3
    for _card, bandwidth, at_most, measured in cards:
        bound = number(bandwidth) * 10**9 // BYTES_A_GUESS
        assert number(at_most) == bound
        assert not measured or number(measured) < bound
    _card, _bandwidth, at_most, measured = cards[0]
    assert f"What was measured is {100 * number(measured) / number(at_most):.0f} % of it" in WORDS


@pytest.mark.parametrize("row", rows("device"), ids=lambda row: row[0])
def test_the_years_of_a_farm_are_reckoned_right(row: list[str]) -> None:
    _device, each, *years = row
    for mailboxes, written in zip((1, 10_000, 1_000_000), years, strict=True):
        expected = SPACE / ((mailboxes + 1) * number(each) * DEVICES) / SECONDS_A_YEAR
        assert number(written) == two_digits(expected)


def test_one_salt_for_n_mailboxes_costs_log2_n_bits() -> None:
    for mailboxes, called in ((10_000, "10,000 mailboxes"), (1_000_000, "a million")):
        assert f"with {called} {math.log2(mailboxes):.1f}" in WORDS


def test_online_guessing_is_reckoned_right() -> None:
    in_a_year = ONLINE_A_SECOND * SECONDS_A_YEAR
    assert f"{ONLINE_A_SECOND} guesses a second, from any number of circuits" in WORDS
    assert f"{in_a_year / 1e6:.0f} million in a year" in WORDS
    assert f"{in_a_year * 10_000 / SPACE * 1e15:.1f} × 10^-15" in WORDS
    (chosen, first_of_many) = rows("mailboxes with a waiting reply")
    assert chosen[1] == f"{SPACE / 2 / in_a_year / 1e18:.1f} × 10^18"
    assert first_of_many[1] == f"{SPACE / 10_001 / in_a_year / 1e14:.1f} × 10^14"


def test_the_queue_of_log_ins_is_the_one_that_the_page_tells_of() -> None:
    assert f"{MOST_WAITING} wait, {MOST_WAITING_A_CIRCUIT} of them on one circuit" in WORDS
    assert SLOTS == 2


def test_our_margin_is_seven_times_the_best_card() -> None:
    best = max(number(cells[2]) for cells in rows("card"))
    assert round(100_000 / best) == 7
