"""The run that is carried: all of it, or what one bundle and one stick can bear."""

from crypto.manifests.manifest import SignedManifest
from crypto.manifests.manifest_chain import MOST_BEFORE
from reviewer.exchange.outbox import MOST_BYTES, newest_that_fit
from tipline.bundles import small_items

MIB = 1 << 20


def _run(*sizes: int) -> list[SignedManifest]:
    return [SignedManifest(bytes([place % 256]) * size, b"signature") for place, size in enumerate(sizes)]


def test_all_of_it_is_carried_as_long_as_it_fits() -> None:
    run = _run(*[MIB - 100] * 32)
    assert newest_that_fit(run) == run
    assert newest_that_fit([]) == []


def test_of_a_longer_run_the_newest_are_carried_without_a_gap() -> None:
    run = _run(1, *[4 * MIB - 100] * 9)
    assert newest_that_fit(run) == run[-8:]


def test_no_more_files_are_written_than_a_reader_takes() -> None:
    run = _run(*[1] * (MOST_BEFORE + 5))
    assert newest_that_fit(run) == run[5:]


def test_a_server_takes_what_is_carried_and_receipts_and_withdrawals_beside_it() -> None:
    assert 2 * MOST_BYTES <= small_items._SMALL_ITEMS_BYTES
