"""Keys by role, how they print, and what the three libraries behind them must not let through."""

import copy
import hashlib
import pickle
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import BadSignature, CryptoError, Malformed, NoKeyOpens
from crypto.keys.keys import (
    HybridPublicKey,
    HybridSecretKey,
    IntakeSecretKey,
    PartySigningKey,
    RootSigningKey,
    RootVerifyKey,
    SealedSecretKey,
    SourceSecretKey,
    TransportSecretKey,
    VerifyKey,
)
from crypto.primitives import _hybrid, _sodium, bech32

HYBRID_ROLES = [IntakeSecretKey, SealedSecretKey, TransportSecretKey, SourceSecretKey]
SECRET_ROLES = [*HYBRID_ROLES, HybridSecretKey, RootSigningKey, PartySigningKey]
SEED = bytes(range(32))


def test_the_identity_in_the_age_specification_gives_the_recipient_that_stands_there() -> None:
    identity = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
    key = HybridSecretKey.parse(identity)
    recipient = str(key.public_key())
    assert recipient.startswith("age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95paef6")
    assert recipient.endswith("h6gjtqmwze9pyyzk3tlhl53k2ykx3qheyty7saeq0d3fzv49zc0k")
    assert len(recipient) == 1959
    assert key.reveal() == identity


def test_the_first_signature_of_rfc_8032_comes_out() -> None:
    key = PartySigningKey(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert str(key.verify_key()) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )


@pytest.mark.parametrize("role", SECRET_ROLES)
def test_a_secret_key_prints_nothing_and_is_never_pickled_or_copied(role: type[HybridSecretKey]) -> None:
    key = role(SEED)
    assert repr(key) == str(key) == f"<{role.__name__}>"
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(key)


@pytest.mark.parametrize("role", SECRET_ROLES)
@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_secret_key_of_another_length_is_malformed(role: type[HybridSecretKey], length: int) -> None:
    with pytest.raises(Malformed):
        role(bytes(length))


@pytest.mark.parametrize("role", HYBRID_ROLES)
def test_a_role_keeps_to_itself(role: type[HybridSecretKey]) -> None:
    public = role(SEED).public_key()
    assert type(public) is role.public_role
    assert public == role.public_role(public.to_bytes())
    assert public != HybridPublicKey(public.to_bytes())
    assert role.parse(role(SEED).reveal()).seed() == SEED
    assert role.public_role.parse(str(public)) == public


@pytest.mark.parametrize("length", [0, 1215, 1217])
def test_a_public_key_of_another_length_is_malformed(length: int) -> None:
    with pytest.raises(Malformed):
        HybridPublicKey(bytes(length))


def test_a_public_key_outside_the_lattice_is_malformed() -> None:
    raw = HybridSecretKey(SEED).public_key().to_bytes()
    with pytest.raises(Malformed):
        HybridPublicKey(b"\xff" * 1152 + raw[1152:])


def _kelvin(text: str) -> str:
    return text.replace("K", "\N{KELVIN SIGN}", 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text + "Q",
        lambda text: text[:30] + ("Q" if text[30] != "Q" else "P") + text[31:],
        lambda text: text[:30] + text[31] + text[30] + text[32:],
        lambda text: text[:30] + "B" + text[31:],
        lambda text: text[:30] + text[30:].lower(),
        lambda text: text.replace("-PQ-", "-"),
        lambda text: " " + text,
        lambda text: text + "\n",
        lambda _text: "",
        lambda _text: "1",
        lambda text: text * 100,
        _kelvin,
    ],
    ids=[
        "cut",
        "longer",
        "one letter",
        "two letters swapped",
        "a letter that is not used",
        "mixed case",
        "another prefix",
        "blank before",
        "line feed after",
        "empty",
        "only the separator",
        "very long",
        "kelvin sign",
    ],
)
def test_an_identity_that_was_changed_is_malformed_and_not_quoted(change: Callable[[str], str]) -> None:
    text = HybridSecretKey(b"\x5b" * 32).reveal()
    changed = change(text)
    assert changed != text
    with pytest.raises(Malformed) as caught:
        HybridSecretKey.parse(changed)
    assert text[25:40] not in str(caught.value)


@given(st.binary(max_size=80))
def test_bech32_gives_back_what_it_was_given(payload: bytes) -> None:
    text = bech32.encode("age1pq", payload)
    assert bech32.decode("age1pq", text) == payload
    assert bech32.decode("age1pq", text.upper()) == payload


@given(st.one_of(st.text(max_size=100), st.text("qpzry9x8gf2tvdw0s3jn54khce6mua7l1", max_size=60)))
def test_arbitrary_text_raises_a_crypto_error_and_nothing_else(untrusted_text: str) -> None:
    for parse in (HybridPublicKey.parse, HybridSecretKey.parse, VerifyKey.parse):
        for text in (untrusted_text, f"age1pq1{untrusted_text}"):
            with pytest.raises(CryptoError):
                parse(text)


@pytest.mark.parametrize("prefix", ["A", "a12uel5l", ""])
def test_bech32_of_another_prefix_is_refused(prefix: str) -> None:
    with pytest.raises(Malformed):
        bech32.decode("age1pq", bech32.encode(prefix.lower() or "x", b"payload"))


def test_bits_left_over_in_bech32_must_be_zero() -> None:
    text = bech32.encode("age1pq", b"\xff")
    assert bech32.decode("age1pq", text) == b"\xff"
    start = len("age1pq1")
    second = bech32._ALPHABET.index(text[start + 1])
    for added in (1, 2, 3):  # 8 bits fill the first letter and three bits of the second
        letters = text[start] + bech32._ALPHABET[second | added]
        with pytest.raises(Malformed, match="padding"):
            bech32.decode("age1pq", summed("age1pq", letters))
    with pytest.raises(Malformed, match="padding"):
        bech32.decode("age1pq", summed("age1pq", letters[:1] + "qq"))


def summed(prefix: str, letters: str) -> str:
    """The letters with a checksum that fits, whatever they say."""
    places = [bech32._ALPHABET.index(letter) for letter in letters]
    checksum = bech32._polymod([*bech32._spread(prefix), *places, *[0] * 6]) ^ 1
    return f"{prefix}1{letters}" + "".join(bech32._ALPHABET[checksum >> 5 * (5 - place) & 31] for place in range(6))


def test_a_signature_is_by_this_key_over_these_bytes_only() -> None:
    key, other = PartySigningKey(SEED), PartySigningKey(b"\x01" * 32)
    signature = key.sign(b"message")
    key.verify_key().verify(b"message", signature=signature)
    for public, message in (
        (key.verify_key(), b"messagf"),
        (key.verify_key(), b""),
        (other.verify_key(), b"message"),
    ):
        with pytest.raises(BadSignature):
            public.verify(message, signature=signature)


def test_no_byte_moves_between_signature_and_message() -> None:
    """libsodium takes both in one piece; only the length of the signature tells them apart."""
    key = PartySigningKey(SEED)
    signature = key.sign(b"message")
    for moved in (1, 4, 64):
        with pytest.raises(BadSignature):
            key.verify_key().verify(signature[-moved:] + b"message", signature=signature[:-moved])
    for moved in (1, 7):
        with pytest.raises(BadSignature):
            key.verify_key().verify(b"message"[moved:], signature=signature + b"message"[:moved])


@given(st.binary(max_size=70), st.binary(max_size=40))
def test_arbitrary_signatures_are_bad_and_nothing_else(signature: bytes, message: bytes) -> None:
    with pytest.raises(BadSignature):
        RootVerifyKey(RootSigningKey(SEED).verify_key().to_bytes()).verify(message, signature=signature)


@pytest.mark.parametrize("text", ["", "00", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 63 + "\n", "٠" * 64])
def test_a_signature_key_is_64_hex_digits_in_lower_case(text: str) -> None:
    with pytest.raises(Malformed):
        VerifyKey.parse(text)


@given(st.binary(max_size=100))
def test_sealed_blocks_that_nobody_made_open_with_no_key(untrusted_bytes: bytes) -> None:
    with pytest.raises(NoKeyOpens):
        _sodium.aead_open(untrusted_bytes, key=SEED, nonce=bytes(12))
    with pytest.raises(NoKeyOpens):
        _sodium.secretbox_open(untrusted_bytes, key=SEED)


@given(st.binary(max_size=200))
def test_sealed_blocks_come_back(plaintext: bytes) -> None:
    sealed = _sodium.aead_seal(plaintext, key=SEED, nonce=bytes(12))
    assert _sodium.aead_open(sealed, key=SEED, nonce=bytes(12)) == plaintext
    box = _sodium.secretbox_seal(plaintext, key=SEED)
    assert _sodium.secretbox_open(box, key=SEED) == plaintext
    assert len(box) == len(plaintext) + 40


def test_equal_compares_lengths_too() -> None:
    assert _sodium.equal(b"", b"")
    assert _sodium.equal(b"same", b"same")
    assert not _sodium.equal(b"same", b"sane")
    assert not _sodium.equal(b"same", b"same!")


def test_a_wrapped_key_opens_with_its_own_seed_among_several_slots() -> None:
    public, other = _hybrid.public_key(SEED), _hybrid.public_key(b"\x01" * 32)
    slots = [_hybrid.wrap(b"1" * 16, to=other), _hybrid.wrap(b"2" * 16, to=public)]
    assert HybridSecretKey(SEED).unwrap(slots) == b"2" * 16
    with pytest.raises(NoKeyOpens):
        HybridSecretKey(b"\x02" * 32).unwrap(slots)
    with pytest.raises(NoKeyOpens):
        HybridSecretKey(SEED).unwrap([])


def test_hkdf_is_that_of_rfc_5869() -> None:
    """Test case 3 of the RFC: no salt, no label."""
    derived = _hybrid.hkdf_sha256(b"\x0b" * 22, salt=None, label=b"", length_bytes=42)
    assert derived.hex() == ("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")


def test_a_seed_is_expanded_as_the_x_wing_draft_says() -> None:
    """SHAKE-256 to 96 bytes; the last 32 are the X25519 key, whose public half ends the public key."""
    expanded = hashlib.shake_256(SEED).digest(96)
    curve = X25519PrivateKey.from_private_bytes(expanded[64:]).public_key().public_bytes_raw()
    assert _hybrid.public_key(SEED)[-32:] == curve
