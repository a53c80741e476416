"""Vectors of ``docs/formats/recovery-sheet.md``, split by SLIP-39's reference code with bytes of no secret."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import shamir_mnemonic.shamir as slip39
from shamir_mnemonic import EncryptedMasterSecret, Share, rs1024
from shamir_mnemonic.wordlist import WORDLIST

from tests.vectors.book import (
    FORKED,
    LIKELY_TYPO,
    MALFORMED,
    NEWER,
    NO_KEY_OPENS,
    NOT_FOR_US,
    OPENS,
    REPLAYED,
    VectorBook,
)

SEED = bytes(range(32))
ROOT = b"\x01\x01" + SEED


def _bytes_that_are_no_secret(label: str) -> Callable[[int], bytes]:
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{label}/{count}".encode()).digest(size)

    return draw


def split(
    secret: bytes = ROOT,
    *,
    need: int = 3,
    of: int = 5,
    number: int = 4711,
    extendable: bool = True,
    exponent: int = 0,
) -> list[Share]:
    drawn, slip39.RANDOM_BYTES = (
        slip39.RANDOM_BYTES,
        _bytes_that_are_no_secret(f"{secret.hex()}/{need}/{of}/{number}"),
    )
    try:
        sealed = EncryptedMasterSecret.from_master_secret(secret, b"", number, extendable, exponent)
        return slip39.split_ems(1, [(need, of)], sealed)[0]
    finally:
        slip39.RANDOM_BYTES = drawn


def texts(*shares: Share) -> list[str]:
    return [share.mnemonic() for share in shares]


def _places(share: Share) -> list[int]:
    return [WORDLIST.index(word) for word in share.words()]


def _written(places: list[int]) -> str:
    return " ".join(WORDLIST[place] for place in places)


def _summed(places: list[int]) -> str:
    """With a right checksum in the place of the old one."""
    return _written([*places[:-3], *rs1024.create_checksum(places[:-3], b"shamir_extendable")])


def _changed(share: Share, at: int, by: int = 1) -> str:
    places = _places(share)
    places[at] ^= by
    return _written(places)


def _padded(share: Share) -> str:
    places = _places(share)
    places[4] |= 512
    return _summed(places)


def _without_the_flag(share: Share) -> str:
    places = _places(share)
    places[1] &= ~16
    return _summed(places)


def fill() -> None:
    book = VectorBook("recovery_sheet")
    sheets = split()
    words = sheets[0].words()
    numbered = "\n".join(f"{number:2}. {word.upper()}" for number, word in enumerate(words, start=1))
    swapped = [*words[:7], words[8], words[7], *words[9:]]
    also_false = replace(sheets[3], value=bytes([sheets[3].value[0] ^ 1]) + sheets[3].value[1:])
    sign = "\N{AEGEAN NUMBER ONE}"  # no letter and no digit: category No
    false = replace(sheets[2], value=bytes([sheets[2].value[0] ^ 1]) + sheets[2].value[1:])
    for name, outcome, given in (
        ("set_first_three", OPENS, texts(*sheets[:3])),
        ("set_last_three_backwards", OPENS, texts(sheets[4], sheets[3], sheets[2])),
        ("set_all_five", OPENS, texts(*sheets)),
        ("set_two_of_two", OPENS, texts(*split(need=2, of=2))),
        ("set_sixteen_of_sixteen", OPENS, texts(*split(need=16, of=16))),
        ("set_of_a_reviewer_who_joined", OPENS, texts(*split(b"\x01\x02" + SEED)[:3])),
        ("words_numbered_and_in_capitals", OPENS, [numbered, *texts(*sheets[1:3])]),
        ("words_cut_after_four_letters", OPENS, [" ".join(word[:4] for word in words), *texts(*sheets[1:3])]),
        ("words_full_width", OPENS, ["".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in " ".join(words)),
                                     *texts(*sheets[1:3])]),
        ("set_four_of_which_one_is_false", OPENS, texts(sheets[0], sheets[1], false, sheets[3])),
        ("set_five_of_which_the_first_two_are_false", OPENS,
         texts(false, also_false, sheets[0], sheets[1], sheets[4])),
        ("words_parted_by_signs_that_count", OPENS, [sign.join(words), *texts(*sheets[1:3])]),
        ("words_beside_a_letter_of_another_script", LIKELY_TYPO, [" ".join(["é", *words])]),
        ("words_under_a_remark", LIKELY_TYPO, [f"# sheet\n{' '.join(words)}"]),
        ("sheet_repeated_before_a_typo", LIKELY_TYPO, [*texts(sheets[0], sheets[0]), _changed(sheets[1], 17)]),
        ("sheet_repeated_before_one_of_another_set", REPLAYED,
         texts(sheets[0], sheets[0], split(number=4712)[2])),
        ("sheet_of_another_set_before_one_repeated", NOT_FOR_US,
         texts(sheets[0], split(number=4712)[2], sheets[0])),
        ("set_empty", NO_KEY_OPENS, []),
        ("set_one_short", NO_KEY_OPENS, texts(*sheets[:2])),
        ("set_three_of_which_one_is_false", NO_KEY_OPENS, texts(sheets[0], sheets[1], false)),
        ("sheet_repeated", REPLAYED, texts(sheets[0], sheets[1], sheets[0])),
        ("sheet_with_the_number_of_another", FORKED, texts(sheets[2], sheets[1], false)),
        ("sheet_of_another_set", NOT_FOR_US, texts(sheets[0], sheets[1], split(number=4712)[2])),
        ("sheet_of_another_threshold", NOT_FOR_US, texts(sheets[0], sheets[1], split(need=4)[2])),
        ("word_not_in_the_list", LIKELY_TYPO, [" ".join([*words[:9], "zebra", *words[10:]])]),
        ("word_cut_after_three_letters", LIKELY_TYPO, [" ".join([words[0][:3], *words[1:]])]),
        ("word_longer_than_in_the_list", LIKELY_TYPO, [" ".join([words[0] + "s", *words[1:]])]),
        ("word_changed_first", LIKELY_TYPO, [_changed(sheets[0], 0)]),
        ("word_changed_in_the_middle", LIKELY_TYPO, [_changed(sheets[0], 17, by=1023)]),
        ("word_changed_last", LIKELY_TYPO, [_changed(sheets[0], 34)]),
        ("words_swapped", LIKELY_TYPO, [" ".join(swapped)]),
        ("words_34", LIKELY_TYPO, [" ".join(words[:-1])]),
        ("words_36", LIKELY_TYPO, [" ".join([*words, "acid"])]),
        ("words_none", LIKELY_TYPO, [""]),
        ("text_of_4097_characters", MALFORMED, [" ".join(words).ljust(4097)]),
        ("text_of_4096_characters", OPENS, [" ".join(words).ljust(4096), *texts(*sheets[1:3])]),
        ("text_of_4096_characters_that_grow", OPENS,
         [" ".join(words).ljust(4096, "…"), *texts(*sheets[1:3])]),
        ("flag_not_extendable", MALFORMED, [_without_the_flag(sheets[0])]),
        ("flag_not_extendable_and_summed_so", LIKELY_TYPO, texts(split(extendable=False)[0])),
        ("exponent_1", MALFORMED, texts(split(exponent=1)[0])),
        ("exponent_15", MALFORMED, texts(replace(sheets[0], iteration_exponent=15))),
        ("group_index_1_of_2", MALFORMED, texts(replace(sheets[0], group_index=1, group_count=2))),
        ("group_threshold_2", MALFORMED, texts(replace(sheets[0], group_threshold=2, group_count=2))),
        ("group_count_2", MALFORMED, texts(replace(sheets[0], group_count=2))),
        ("group_threshold_above_count", MALFORMED, texts(replace(sheets[0], group_threshold=2))),
        ("threshold_1", MALFORMED, texts(split(need=1, of=1)[0])),
        ("padding_not_zero", MALFORMED, [_padded(sheets[0])]),
        ("secret_version_0", MALFORMED, texts(*split(b"\x00" + ROOT[1:])[:3])),
        ("secret_version_2", NEWER, texts(*split(b"\x02" + ROOT[1:])[:3])),
        ("secret_kind_0", MALFORMED, texts(*split(b"\x01\x00" + SEED)[:3])),
        ("secret_kind_3", MALFORMED, texts(*split(b"\x01\x03" + SEED)[:3])),
        ("secret_of_32_bytes", LIKELY_TYPO, texts(*split(SEED)[:3])),
    ):  # fmt: skip
        kind = 2 if "joined" in name else 1
        told = {"kind": kind, "seed": SEED.hex()} if outcome == OPENS else {}
        book.add_fixed(name, outcome, {"sheets": given, **told})
    book.save()
