"""Signatures and the files of minisign: both implementations say the same."""

import hashlib
from random import Random

import pytest

from crypto.keys import minisign
from crypto.keys.keys import PartyVerifyKey, RootSigningKey, RootVerifyKey
from lab.second import minisign as second_minisign
from lab.second import seal
from lab.second.agreement import OWN, ROOT, ROWS, SENDER, agreed
from lab.second.mutation import mutated

SIGNATURE_WORDS = (b"\n", b"\r", b"\t", b"\x0b", b"\xc2\x85", b"=", b"untrusted comment: ", b"trusted comment: ")


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_signature_and_key_files_both_say_the_same(row: int) -> None:
    random = Random(f"minisign {row}")
    for _ in range(200):
        comment = random.choice((b"", b"a\tb", "é".encode(), b"x" * random.choice((1, 3800, 3900))))
        raw = mutated(random, seal.signature_file(SENDER, b"message", comment), SIGNATURE_WORDS)
        agreed(
            lambda raw=raw: minisign.verify(b"message", untrusted_signature=raw, key=RootVerifyKey(ROOT)),
            lambda raw=raw: second_minisign.verify(b"message", raw, root=ROOT),
            raw,
        )
        file = mutated(random, minisign.public_key_file(RootVerifyKey(ROOT)), SIGNATURE_WORDS)
        agreed(
            lambda file=file: minisign.parse_public_key_file(file).to_bytes(),
            lambda file=file: second_minisign.read_public_key(file),
            file,
        )
        secret = mutated(random, minisign.secret_key_file(RootSigningKey(SENDER)), SIGNATURE_WORDS)
        agreed(
            lambda secret=secret: minisign.parse_secret_key_file(secret).seed(),
            lambda secret=secret: second_minisign.read_secret_key(secret)[0],
            secret,
        )


ORDER = 2**252 + 27742317777372353535851937790883648493
SMALL_ORDER_KEYS = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
]


def scalar_of(seed: bytes) -> int:
    number = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return number & (1 << 254) - 8 | 1 << 254


def challenge(point: bytes, key: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(point + key + message).digest(), "little") % ORDER


def agreed_signature(key: bytes, signature: bytes, message: bytes) -> str:
    return agreed(
        lambda: PartyVerifyKey(key).verify(message, signature=signature),
        lambda: second_minisign.verify_ed25519(key, signature, message),
        (key.hex(), signature.hex(), message),
    )


@pytest.mark.parametrize("small", SMALL_ORDER_KEYS)
def test_signatures_that_only_some_verifiers_take_are_bad_for_both(small: str) -> None:
    # Their owner can make them such that verifiers of other libraries take them, some of them for any message.
    weak, point = bytes.fromhex(small), seal.verify_key(OWN)
    alone = (scalar_of(OWN) % ORDER).to_bytes(32, "little")
    for number in range(32):
        message = bytes([number])
        assert agreed_signature(weak, point + alone, message) == "bad signature"
        answer = challenge(weak, seal.verify_key(SENDER), message) * scalar_of(SENDER) % ORDER
        signature = weak + answer.to_bytes(32, "little")
        assert agreed_signature(seal.verify_key(SENDER), signature, message) == "bad signature"


def test_of_changed_signatures_both_say_the_same() -> None:
    random = Random("signature")
    key = seal.verify_key(SENDER)
    for _ in range(300):
        message = random.randbytes(10)
        signature = seal.sign(SENDER, message)
        assert agreed_signature(key, signature, message) == "opens"
        large = int.from_bytes(signature[32:], "little") + ORDER
        assert agreed_signature(key, signature[:32] + large.to_bytes(32, "little"), message) == "bad signature"
        agreed_signature(mutated(random, key)[:32].ljust(32, b"\0"), signature, message)
        agreed_signature(key, mutated(random, signature)[:64].ljust(64, b"\0"), message)
