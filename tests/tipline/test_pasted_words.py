"""A passphrase in a text is found wherever it stands; ordinary texts pass."""

import pytest

from crypto.passphrase import Passphrase
from tests.tipline.site_stage import KNOWN_WORDS
from tipline.pasted_words import holds_a_passphrase

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
    ],
)
def test_a_passphrase_is_found(text: str) -> None:
    assert holds_a_passphrase(text)


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
