"""Below the files: no block of a server's disk holds what anybody wrote, and what these blocks do tell is named."""

import os

import pytest

from tests.forensics.block_search import Told, search_blocks
from tests.forensics.control import EVERYTHING


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
