"""Below the files: no block of a server's disk holds what anyone wrote, and what these blocks do tell is named."""

import gzip
import os
import zlib

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from lab.forensics.block_search import Told, search_blocks
from lab.forensics.blocks import clear_below
from lab.forensics.control import EVERYTHING
from lab.forensics.places import STORE_PAGES, TRAILER_BYTES, plain_and_compressed


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Told]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount the disk whose blocks are searched")
    return search_blocks(tmp_path_factory.mktemp("blocks"))


def test_nothing_that_anybody_wrote_is_in_any_block_of_the_disk_also_for_whoever_has_the_database_key(
    told: tuple[Told, Told],
) -> None:
    ours, _control = told
    assert (ours.without_key, ours.with_key) == ([], [])


def test_the_search_of_the_blocks_finds_all_that_a_careless_site_leaves_in_both_ways(
    told: tuple[Told, Told],
) -> None:
    _ours, control = told
    assert set(control.without_key) == EVERYTHING
    assert set(control.with_key) == EVERYTHING


def test_the_blocks_tell_what_the_security_page_says_when_each_tip_came_and_rows_as_they_were(
    told: tuple[Told, Told],
) -> None:
    ours, _control = told
    assert len(ours.off_seconds) == 5
    assert max(ours.off_seconds) < 0.5, "tips were more than a second apart"
    assert ours.dummies == 2
    assert ours.seen >= 1


def _locked(page: bytes, key: bytes) -> bytes:
    iv = os.urandom(16)
    locker = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return locker.update(page) + locker.finalize() + iv + os.urandom(32)


@pytest.mark.parametrize("page_bytes", STORE_PAGES.values())
def test_a_page_is_read_in_any_block_from_its_very_first_byte_on_also_where_something_compressed_begins_there(
    page_bytes: int,
) -> None:
    key, length = os.urandom(32), page_bytes - TRAILER_BYTES
    for before in (0, 4096, 3 * 4096):
        plain = b"canary-1" + os.urandom(length - 16) + b"canary-2"
        packed = os.urandom(8) + gzip.compress(os.urandom(3000).hex().encode() + b"canary-3")
        packed += bytes(length - len(packed))
        blocks = os.urandom(before) + _locked(plain, key) + _locked(packed, key) + os.urandom(page_bytes)
        seen = b"".join(each for clear in clear_below(blocks, key) for each in plain_and_compressed(clear))
        assert all(f"canary-{number}".encode() in seen for number in (1, 2, 3))


@pytest.mark.parametrize("page_bytes", STORE_PAGES.values())
def test_what_is_compressed_is_read_from_the_middle_of_a_page_to_the_end_that_cuts_it(page_bytes: int) -> None:
    key, length = os.urandom(32), page_bytes - TRAILER_BYTES
    before = os.urandom(length // 2 + 1000)
    cut = zlib.compress(os.urandom(page_bytes).hex().encode())[: length - len(before)]
    last = zlib.decompressobj().decompress(cut)[-20:]
    for others in (0, 4096):
        blocks = os.urandom(others) + _locked(before + cut, key) + os.urandom(page_bytes)
        assert any(last in plain for clear in clear_below(blocks, key) for plain in plain_and_compressed(clear))
