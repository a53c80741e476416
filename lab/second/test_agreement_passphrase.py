"""Passphrases however they are typed, and mailboxes: both implementations say the same."""

import hashlib
from random import Random

import pytest

from crypto.passphrases import mailbox, passphrase
from lab.second import mailbox as second_mailbox
from lab.second import passphrase as second_passphrase
from lab.second.agreement import ROWS, agreed
from lab.second.hybrid import HybridKey

SIGNS = (
    "-",
    " ",
    "1",
    "1. ",
    "\u0301",
    "\u00ad",
    "ı",
    "İ",
    "٣",
    "𝟜",
    "ａ",
    "Ⅳ",
    "②",
    "½",
    "ß",
    "ﬁ",
    "я",
    "ͅ",
    "漢",
    "\ud800",
)


def agreed_passphrase(text: str) -> str:
    def first() -> object:
        read = passphrase.Passphrase.parse(text)
        return list(read.digits), list(read.words), read.secret()

    def second() -> object:
        places = second_passphrase.read_passphrase(text)
        words = [second_passphrase.WORDS[place - 1] for place in places]
        return [f"{place:04}" for place in places], words, second_passphrase.secret_of(places)

    return agreed(first, second, text)


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_passphrases_both_say_the_same(row: int) -> None:
    random = Random(f"passphrase {row}")
    outcomes = set()
    for _ in range(400):
        places = [random.randrange(1, 7773) for _ in range(7)]
        check = hashlib.sha256(b"tipline/v1/check" + second_passphrase.secret_of(places)).digest()
        places.append(int.from_bytes(check, "big") % 7772 + 1)
        words = [second_passphrase.WORDS[place - 1] for place in places]
        digits = [f"{place:04}" for place in places]
        form = random.randrange(5)
        groups = [words, digits, [random.choice(pair) for pair in zip(words, digits, strict=True)], words + digits][
            form % 4
        ]
        if form == 4:
            groups = [f"{number}. {word}" for number, word in enumerate(words, start=1)]
        text = random.choice((" ", "", "-", "\n")).join(groups)
        for _ in range(random.choice((0, 1, 2, 3))):
            at = random.randrange(len(text))
            text = (
                text[:at]
                + random.choice((*SIGNS, chr(random.randrange(0x110000))))
                + text[at + random.randrange(2) :]
            )
        outcomes.add(agreed_passphrase(random.choice((text, text, text, text.upper(), text * 20))))
    assert {"opens", "likely typo", "malformed"} <= outcomes


def test_every_sign_of_unicode_is_kept_or_dropped_by_both() -> None:
    for start in range(0, 0x110000, 64):
        text = "".join(map(chr, range(start, start + 64)))
        assert passphrase._plain(text) == second_passphrase.fold(text), hex(start)


@pytest.mark.parametrize(("passes", "lanes"), [(1, 1), (3, 1), (16, 1), (1, 2), (2, 4)])
def test_a_mailbox_is_the_same_for_both(passes: int, lanes: int) -> None:
    random = Random(f"mailbox {passes} {lanes}")
    for _ in range(20):
        words = passphrase.Passphrase.generate()
        salt, memory_kib = random.randbytes(16), random.choice((8 * lanes, 37 + 8 * lanes, 256))
        by = mailbox.SiteDerivation(salt, memory_kib=memory_kib, passes=passes, lanes=lanes)
        one = mailbox.open_mailbox(words, by=by)
        other = second_mailbox.open_mailbox(
            [int(group) for group in words.digits], salt=salt, memory_kib=memory_kib, passes=passes, lanes=lanes
        )
        assert (one.mailbox_id.to_bytes(), one.source_key.seed()) == (other.identity, other.source_seed)
        assert one.source_key.public_key().to_bytes() == HybridKey(other.source_seed).public
        tag = mailbox.reply_tag(one.mailbox_id, salt=salt)
        assert tag == second_mailbox.reply_tag(other.identity, salt)


@pytest.mark.parametrize("row", ROWS)
def test_of_parameters_at_and_beyond_their_bounds_both_say_the_same(row: int) -> None:
    random = Random(f"parameters of a mailbox {row}")
    words = passphrase.Passphrase.generate()
    places = [int(group) for group in words.digits]
    outcomes = set()
    for _ in range(40):
        salt, lanes, passes = bytes(16), random.choice((1, 2, 4)), random.choice((1, 2, 16))
        memory_kib = random.choice((8 * lanes, 8 * lanes + 1, 64))
        match random.randrange(6):
            case 0:
                salt = bytes(random.choice((0, 8, 15, 17, 32)))
            case 1:
                lanes = random.choice((0, 5, -1))
            case 2:
                passes = random.choice((0, 17, -1))
            case 3:
                memory_kib = random.choice((8 * lanes - 1, 8, 0, 7, -8, 2**20 + 1, 2**32))
        costs = {"memory_kib": memory_kib, "passes": passes, "lanes": lanes}

        def first(salt: bytes = salt, costs: dict[str, int] = costs) -> object:
            found = mailbox.open_mailbox(words, by=mailbox.SiteDerivation(salt, **costs))
            return found.mailbox_id.to_bytes(), found.source_key.seed()

        def second(salt: bytes = salt, costs: dict[str, int] = costs) -> object:
            found = second_mailbox.open_mailbox(places, salt=salt, **costs)
            return found.identity, found.source_seed

        outcomes.add(agreed(first, second, (salt, costs)))
    assert outcomes == {"opens", "malformed"}
