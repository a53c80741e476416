"""Mailboxes: ``docs/formats/mailbox.md``."""

import copy
import hashlib
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import Malformed
from crypto.keys.keys import SourceSecretKey
from crypto.passphrases.mailbox import MailboxAddress, MailboxId, SiteDerivation, open_mailbox, reply_tag
from crypto.passphrases.passphrase import Passphrase
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import VectorBook

VECTORS = list(VectorBook("mailbox"))
CHEAP = SiteDerivation(bytes(16), memory_kib=8, passes=1)


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 25


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_ends_as_it_says_and_a_second_implementation_derives_the_same_mailbox(
    vector: dict[str, Any],
) -> None:
    def read() -> None:
        passphrase = Passphrase.parse(" ".join(vector["digits"]))
        costs = {name: vector[name] for name in ("memory_kib", "passes", "lanes") if name in vector}
        keys = open_mailbox(passphrase, by=SiteDerivation(bytes.fromhex(vector["salt"]), **costs))
        public = keys.source_key.public_key().to_bytes()
        assert keys.mailbox_id.to_bytes().hex() == vector["mailbox_id"]
        assert keys.source_key.seed().hex() == vector["source_seed"]
        assert hashlib.sha256(public).hexdigest() == vector["source_public_key_sha256"]
        assert reply_tag(keys.mailbox_id, salt=bytes.fromhex(vector["reply_salt"])).hex() == vector["reply_tag"]

    assert outcome_of(read) == vector["outcome"]


def test_words_and_digits_open_the_same_mailbox() -> None:
    passphrase = Passphrase.generate()
    by_words = open_mailbox(Passphrase.parse("-".join(passphrase.words).upper()), by=CHEAP)
    by_digits = open_mailbox(Passphrase.parse("".join(passphrase.digits)), by=CHEAP)
    assert by_words.address() == by_digits.address()


def test_another_salt_or_cost_opens_another_mailbox() -> None:
    passphrase = Passphrase.generate()
    sites = [
        CHEAP,
        SiteDerivation(bytes([1]) * 16, memory_kib=8, passes=1),
        SiteDerivation(bytes(16), memory_kib=16, passes=1),
        SiteDerivation(bytes(16), memory_kib=8, passes=2),
        SiteDerivation(bytes(16), memory_kib=16, passes=1, lanes=2),
    ]
    assert len({open_mailbox(passphrase, by=site).mailbox_id for site in sites}) == len(sites)


def test_today_a_new_site_costs_sixty_four_mebibytes_and_three_passes() -> None:
    one, other = SiteDerivation.generate(), SiteDerivation.generate()
    assert (one.memory_kib, one.passes, one.lanes) == (65536, 3, 1)
    assert one.salt != other.salt


@pytest.mark.parametrize(
    ("salt_bytes", "memory_kib", "passes", "lanes"),
    [
        (15, 8, 1, 1),
        (32, 8, 1, 1),
        (16, 7, 1, 1),
        (16, 15, 1, 2),
        (16, 2**20 + 1, 1, 1),
        (16, 8, 0, 1),
        (16, 8, 17, 1),
        (16, 8, 1, 0),
        (16, 64, 1, 5),
        (16, -1, -1, -1),
    ],
)
def test_costs_out_of_bounds_are_refused_before_any_derivation(
    salt_bytes: int, memory_kib: int, passes: int, lanes: int
) -> None:
    with pytest.raises(Malformed):
        SiteDerivation(bytes(salt_bytes), memory_kib=memory_kib, passes=passes, lanes=lanes)


def test_an_address_is_read_back_from_its_bytes() -> None:
    address = open_mailbox(Passphrase.generate(), by=CHEAP).address()
    assert len(address.to_bytes()) == 1248
    assert MailboxAddress.parse(address.to_bytes()) == address


@settings(max_examples=50)
@given(st.binary(max_size=1300) | st.binary(min_size=1248, max_size=1248))
def test_arbitrary_bytes_are_an_address_or_malformed(raw: bytes) -> None:
    try:
        address = MailboxAddress.parse(raw)
    except Malformed:
        return
    assert address.to_bytes() == raw


def test_a_tag_fits_its_mailbox_and_its_salt_only() -> None:
    one, other = MailboxId(bytes(32)), MailboxId(bytes(31) + b"\1")
    tags = {reply_tag(box, salt=bytes([salt]) * 16) for box in (one, other) for salt in range(2)}
    assert len(tags) == 4
    assert reply_tag(one, salt=bytes(16)) in tags


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_a_salt_of_another_length_has_no_tag(length: int) -> None:
    with pytest.raises(Malformed):
        reply_tag(MailboxId(bytes(32)), salt=bytes(length))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_an_id_of_another_length_is_malformed(length: int) -> None:
    with pytest.raises(Malformed):
        MailboxId(bytes(length))


def test_a_mailbox_does_not_show_itself() -> None:
    keys = open_mailbox(Passphrase.generate(), by=CHEAP)
    shown = repr(keys) + repr(keys.address()) + str(keys.mailbox_id)
    assert keys.mailbox_id.to_bytes().hex() not in shown
    assert repr(keys.mailbox_id.to_bytes()) not in shown
    assert keys.source_key.seed().hex() not in shown
    for secret in (keys.mailbox_id, keys.source_key):
        for keep in (pickle.dumps, copy.copy):
            with pytest.raises(TypeError):
                keep(secret)


def test_the_source_key_is_the_one_that_replies_are_sealed_to() -> None:
    keys = open_mailbox(Passphrase.generate(), by=CHEAP)
    assert SourceSecretKey(keys.source_key.seed()).public_key() == keys.address().source_key
