"""Every area of swap is searched, a device too, and one that was not is never said to hold nothing."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.search_terms import SearchTerms
from lab.forensics.journey import Secrets
from lab.forensics.run import table, verdict
from lab.forensics.swap import search_swap

_AREA_BYTES = 6 << 20
_BETWEEN_PIECES = (4 << 20) - 5


@pytest.fixture
def told() -> Secrets:
    return Secrets()


@pytest.fixture
def area(tmp_path: Path, told: Secrets) -> Path:
    """With the text across the place where one piece of the search ends, and the reply at the end of all."""
    path = tmp_path / "an area"
    raw = bytearray(_AREA_BYTES)
    text, reply = told.written["text"].encode(), told.written["reply"].encode()
    raw[_BETWEEN_PIECES : _BETWEEN_PIECES + len(text)] = text
    raw[-len(reply) :] = reply
    path.write_bytes(raw)
    return path


@pytest.fixture
def device(area: Path) -> Iterator[Path]:
    """The same as a block device."""
    if os.geteuid() != 0:
        pytest.skip("only root may make a block device")
    command = ["losetup", "--find", "--show", "--read-only", str(area)]
    loop = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    yield Path(loop)
    subprocess.run(["losetup", "--detach", loop], check=True)


def _kernels_list(folder: Path, *areas: Path) -> Path:
    """As it stands in /proc/swaps, where the first page of each does not count."""
    path = folder / "swaps"
    lines = [f"{str(area).replace(' ', chr(92) + '040')} file {(_AREA_BYTES >> 10) - 4} 0 -2\n" for area in areas]
    path.write_text("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n" + "".join(lines))
    return path


def test_all_of_a_block_device_that_is_swap_is_searched(tmp_path: Path, told: Secrets, device: Path) -> None:
    (row,) = search_swap(SearchTerms(told.canaries), swaps=_kernels_list(tmp_path, device))
    assert row.found == {"text", "reply"}
    assert (row.length, row.missed) == (_AREA_BYTES, ())
    assert verdict([row], []) == 1


def test_all_of_a_file_that_is_swap_is_searched(tmp_path: Path, told: Secrets, area: Path) -> None:
    (row,) = search_swap(SearchTerms(told.canaries), swaps=_kernels_list(tmp_path, area))
    assert row.found == {"text", "reply"}
    assert (row.length, row.missed) == (_AREA_BYTES, ())


def test_what_is_put_on_a_device_past_the_cache_of_the_kernel_is_searched(
    tmp_path: Path, told: Secrets, area: Path, device: Path
) -> None:
    swaps = _kernels_list(tmp_path, device)
    with device.open("rb"):  # as swap is: the kernel keeps the cache of a device while it is open
        search_swap(SearchTerms(told.canaries), swaps=swaps)
        with area.open("r+b") as below:
            below.seek(1 << 20)
            below.write(told.written["message"].encode())
        (row,) = search_swap(SearchTerms(told.canaries), swaps=swaps)
    assert "message" in row.found


def test_an_area_that_is_gone_or_shorter_than_the_kernel_says_was_not_searched(
    tmp_path: Path, told: Secrets, area: Path
) -> None:
    with area.open("r+b") as short:
        short.truncate(_AREA_BYTES // 2)
    gone = tmp_path / "gone (deleted)"
    rows = search_swap(SearchTerms(told.canaries), swaps=_kernels_list(tmp_path, gone, area))
    assert [len(row.missed) for row in rows] == [1, 1]
    assert verdict(rows, []) == 1
    said = "\n".join(table(rows))
    assert f"NOT SEARCHED: switched off, {rows[0].place}: {gone}: No such file or directory" in said
    assert "switched off   ?  ?" in said


def test_where_the_kernel_lists_no_swap_there_is_nothing_to_search(tmp_path: Path, told: Secrets) -> None:
    assert search_swap(SearchTerms(told.canaries), swaps=_kernels_list(tmp_path)) == []
