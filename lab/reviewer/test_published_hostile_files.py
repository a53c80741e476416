"""Damaged and hostile files that other projects publish are shown or refused, and change nothing."""

from collections import Counter
from pathlib import Path

import pytest

from lab.corpora.fetch import HOSTILE, archives
from lab.corpora.members import published
from lab.reviewer.look_outcomes import outcome_of, snapshot
from reviewer.clean_copy.children import Children

_DESCRIPTORS = Path("/proc/self/fd")
_PARTS = 5
"""Parts of an archive: one takes less than the ten minutes of a test, also on a busy machine."""


@pytest.fixture(scope="module")
def files() -> dict[str, list[tuple[str, bytes]]]:
    """The files by archive. Where an archive is missing, ``scripts/corpora`` fetches it."""
    by_archive: dict[str, list[tuple[str, bytes]]] = {}
    for name, content in published():
        by_archive.setdefault(name.partition(":")[0], []).append((name, content))
    return by_archive


@pytest.mark.parametrize("part", range(_PARTS))
@pytest.mark.parametrize("archive", [one.name for one in archives(HOSTILE)])
def test_published_files_are_shown_or_refused_and_nothing_stays_behind(
    files: dict[str, list[tuple[str, bytes]]], archive: str, part: int, tmp_path: Path
) -> None:
    before, open_files = snapshot(tmp_path), len(list(_DESCRIPTORS.iterdir()))
    children = Children()
    outcomes = Counter(outcome_of(content, children) for _name, content in files[archive][part::_PARTS])
    assert set(outcomes) <= {"shown", "refused"}
    assert sum(outcomes.values()) >= 20 // _PARTS
    assert children.process_ids() == []
    assert snapshot(tmp_path) == before
    assert len(list(_DESCRIPTORS.iterdir())) == open_files
