"""A passphrase in a text is found wherever it stands; ordinary texts pass."""

import pytest

from crypto.passphrases.passphrase import Passphrase
from tests.tipline.site_stage import KNOWN_WORDS
from tipline.intake.pasted_passphrase import MOST_LOOKED_AT, holds_a_passphrase

WORDS = KNOWN_WORDS
PASSPHRASE = Passphrase.parse(WORDS)


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        WORDS.upper(),
        WORDS.replace(" ", "\n"),
        WORDS.replace(" ", "-"),
        ", ".join(PASSPHRASE.words),
        f"my words are {WORDS}.",
        f"abacus abdomen {WORDS} abacus",
        f"1 {WORDS} 2",
        " ".join(PASSPHRASE.digits),
        "".join(PASSPHRASE.digits),
        f"call 555 {' '.join(PASSPHRASE.digits)} now",
        " ".join(PASSPHRASE.digits).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        "".join(PASSPHRASE.digits).translate(str.maketrans("0123456789", "०१२३४५६७८९")),
        f"{'9999' * 8}{''.join(PASSPHRASE.digits)}",
        f"{'ΐ ' * 20_000}{WORDS}{' ace' * 10_000}",
        f"{'1234 ' * 9_000}{WORDS}",
    ],
)
def test_a_passphrase_is_found(text: str) -> None:
    assert holds_a_passphrase(text)


def test_a_text_with_more_eights_than_are_looked_at_counts_as_one_that_holds_a_passphrase() -> None:
    groups = [f"{place:04d}" for place in range(751, 751 + MOST_LOOKED_AT + 8)]  # of which no eight belong together
    assert not holds_a_passphrase(" ".join(groups[:-1]))
    assert holds_a_passphrase(" ".join(groups))
    assert not holds_a_passphrase("1234 " * 10_000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The doors are locked at night. There are nine of us.",
        " ".join(PASSPHRASE.words[:7]),
        " ".join([*PASSPHRASE.words[:4], "and", *PASSPHRASE.words[4:]]),
        " ".join(reversed(PASSPHRASE.words)),
        "0000 " * 20,
        "2026 2025 2024 2023",
        "صباح الخير " * 10,
        "\x00" * 50,
    ],
)
def test_other_texts_pass(text: str) -> None:
    assert not holds_a_passphrase(text)
