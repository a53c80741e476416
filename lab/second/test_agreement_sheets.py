"""Sheets of paper as they are typed, and the keys that follow from them: both implementations say the same."""

from random import Random

import pytest

from crypto.keys.keys import HybridSecretKey, RootSigningKey
from crypto.recovery.backup_key import casebook_backup_key, reviewer_keys
from crypto.recovery.recovery_sheet import Sheet, SheetSet
from lab.second import recovery_sheet
from lab.second.agreement import ROWS, agreed
from lab.second.vectors import book

SETS = [
    [str(sheet) for sheet in vector["sheets"]]  # type: ignore[attr-defined]
    for vector in book("recovery_sheet")
    if vector["outcome"] == "opens"
]
SIGNS = (" ", "\n", "-", ", ", "1. ", "\u00a0", "\u200b", "ﬁ", "é", "\N{KELVIN SIGN}", "")


def first(texts: list[str]) -> object:
    collected = SheetSet()
    for text in texts:
        collected.add(Sheet.parse(text))
    secret = collected.open().secret
    return secret.to_bytes()


def second(texts: list[str]) -> object:
    kind, seed = recovery_sheet.read_set(texts)
    return bytes([1, kind]) + seed


def typed(random: Random, text: str) -> str:
    """As a person writes it down, or not quite."""
    words = text.split()
    for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
        at = random.randrange(len(words))
        kind = random.randrange(6)
        if kind == 0:
            words[at] = words[at][: random.randint(2, 5)]
        elif kind == 1:
            words[at] = words[at].upper()
        elif kind == 2:
            words[at] = random.choice(words)
        elif kind == 3:
            del words[at]
        elif kind == 4:
            words[at] += random.choice(SIGNS) + random.choice("aqz1")
        else:
            words.insert(at, random.choice(words))
    return random.choice(SIGNS[:6]).join(words) if random.random() < 0.5 else " ".join(words)


@pytest.mark.parametrize("row", ROWS)
def test_of_typed_sheets_both_say_the_same(row: int) -> None:
    random = Random(f"sheets {row}")
    outcomes = set()
    for _ in range(25):
        sheets = list(random.choice(SETS))
        random.shuffle(sheets)
        if random.random() < 0.2:
            sheets.append(random.choice(random.choice(SETS)))
        if random.random() < 0.2:
            sheets.pop()
        texts = [typed(random, sheet) if random.random() < 0.3 else sheet for sheet in sheets]
        outcomes.add(agreed(lambda texts=texts: first(texts), lambda texts=texts: second(texts), texts))
    assert {"opens", "likely typo"} <= outcomes


def first_keys(kind: int, seed: bytes, name: str) -> object:
    backup_key = casebook_backup_key(RootSigningKey(seed), name=name) if kind == 1 else HybridSecretKey(seed)
    keys = reviewer_keys(backup_key, name=name)
    party = keys.party()
    return backup_key.seed(), keys.seeds(), party.verify_key.to_bytes(), party.transport_key.to_bytes()


def second_keys(kind: int, seed: bytes, name: str) -> object:
    found = recovery_sheet.reviewer_of(kind, seed, name)
    return found.backup_seed, found.signing_seed + found.transport_seed, found.sign, found.transport


@pytest.mark.parametrize("row", ROWS)
def test_of_the_keys_that_follow_from_sheets_both_say_the_same(row: int) -> None:
    random = Random(f"keys of sheets {row}")
    outcomes = set()
    for _ in range(50):
        kind, seed = random.choice((1, 2)), random.randbytes(32)
        name = "".join(random.choice("abz09-") for _ in range(random.randint(0, 34)))
        if random.random() < 0.1:
            name += random.choice("A_/é ")
        case = kind, seed, name
        outcomes.add(agreed(lambda case=case: first_keys(*case), lambda case=case: second_keys(*case), case))
    assert outcomes == {"opens", "malformed"}
