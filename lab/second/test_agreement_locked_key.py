"""Locked keys: both implementations say the same."""

from random import Random

from crypto.passphrases import locked_key
from lab.second import locked_key as second_locked
from lab.second.agreement import agreed
from lab.second.mutation import mutated


def test_of_changed_locked_keys_both_say_the_same() -> None:
    random = Random("locked key")
    locked = locked_key.lock_key(bytes(range(32)), "é passphrase")
    outcomes = set()
    for _ in range(400):
        # Parameters that are sound cost a derivation each, so these cases change what is told without one.
        raw = mutated(random, locked, (b"\0\1\0\0", b"\0\0\0\4", locked[:20]))
        words = "" if raw[:32] == locked[:32] else random.choice(("", "x" * 1025))
        outcomes.add(agreed_key(raw, words))
    for place in (24, 27, 31, 40, 60, 80, 119):
        # Up to eight times the work: memory and passes stay small.
        changed_one = locked[:place] + bytes([locked[place] ^ 1]) + locked[place + 1 :]
        outcomes.add(agreed_key(changed_one, "\u00e9 passphrase"))
    assert agreed_key(locked, "e\u0301 passphrase") == "opens"
    assert agreed_key(locked, "\ud800") == "no key opens"
    assert outcomes == {"malformed", "newer", "no key opens"}


def agreed_key(locked: bytes, words: str) -> str:
    return agreed(
        lambda: locked_key.unlock_key(locked, words), lambda: second_locked.open_key(locked, words), (locked, words)
    )
