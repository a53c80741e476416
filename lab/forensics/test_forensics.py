"""Nothing of what a source or staff wrote is found on a server, and the search that says so is not blind."""

from pathlib import Path

import pytest

from demo.search_terms import SearchTerms
from lab.forensics.control import blind_places, play_control
from lab.forensics.disk_search import SHARED_MEMORY, search_disk, system_folders
from lab.forensics.journey import FAULTS, Journey, Secrets
from lab.forensics.machine import Machine
from lab.forensics.places import search_files
from lab.forensics.row import Row
from lab.forensics.run import verdict
from lab.forensics.streams import inflated

_MEBIBYTES = 16
"""Half of it, which is sent before the search in the middle, is more than SQLite's cache of 6 MiB. A transaction
may have 32, but is committed 50 ms after the last piece that came. `scripts/forensics` sends more."""


def test_the_control_lights_up_in_every_place(tmp_path: Path) -> None:
    control = play_control(tmp_path, elsewhere=_elsewhere(tmp_path))
    searched = [place for place, _found in search_disk(tmp_path, bytes(32), SearchTerms([]), since=float("inf"))]
    assert [row.place for row in control] == ["memory", *searched, str(tmp_path / "log"), str(tmp_path / "temp")]
    assert blind_places(control) == []


def test_the_control_leaves_nothing_outside_of_its_folder_also_where_it_fails(tmp_path: Path) -> None:
    elsewhere = _elsewhere(tmp_path)
    told = Secrets()
    play_control(tmp_path / "whole", told, elsewhere=elsewhere)
    # The site fails once it has left its files outside, and then the search of the control at the same place.
    (tmp_path / "failing" / "careless" / "site" / "tipline.db").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        play_control(tmp_path / "failing", told, elsewhere=elsewhere)
    shared = list(SHARED_MEMORY.glob("careless-*"))  # of others too, who run beside us
    assert [path for place in elsewhere for path in place.iterdir()] == []
    assert search_files(shared, SearchTerms(told.canaries)).names() == set()


def _elsewhere(folder: Path) -> list[Path]:
    places = [folder / "log", folder / "temp"]
    for place in places:
        place.mkdir()
    return places


def test_the_folders_of_the_system_are_those_for_what_is_temporary_and_for_logs() -> None:
    assert {"tmp", "log"} <= {place.name for place in system_folders()}


def test_nothing_is_found_in_any_place_at_any_moment_but_what_the_security_page_names(tmp_path: Path) -> None:
    with Machine(tmp_path / "machine") as machine:
        journey = Journey(machine, mebibytes=_MEBIBYTES, everywhere=False)
        journey.play(whole=False)
    assert [(row.moment, row.place, row.where) for row in journey.rows if row.is_leak] == []
    # It looked: while the upload lasts everything is in the web process, and the words of the receipt after it.
    allowed = {(row.moment, name) for row in journey.rows for name in row.found}
    for name in ("text", "answer", "name", "content"):
        assert ("during the upload", name) in allowed
    assert ("after the upload", "words") in allowed
    assert ("after the words were kept", "words") not in allowed


def test_nothing_is_left_after_an_exception_while_a_form_is_read_words_derived_it_sealed_or_a_page_rendered(
    tmp_path: Path,
) -> None:
    with Machine(tmp_path / "machine") as machine:
        journey = Journey(machine, mebibytes=_MEBIBYTES, everywhere=False)
        journey.play_faults(whole=False)
    assert [(row.moment, row.place, row.where) for row in journey.rows if row.is_leak] == []
    assert "memory: web" in {row.place for row in journey.rows}
    # Each of them was one of ours, and the log says no more of it.
    assert (tmp_path / "machine" / "complained").read_text().count("request failed: AFault\n") == FAULTS


@pytest.mark.parametrize("found", [frozenset[str](), frozenset({"text"})])
def test_one_finding_or_one_blind_place_fails_the_run(found: frozenset[str]) -> None:
    row = Row("then", "there", found, frozenset(), (), 1)
    assert verdict([row], []) == bool(found)
    assert verdict([], [row]) == 1


def test_a_place_that_was_not_searched_fails_the_run() -> None:
    missed = Row("then", "there", frozenset(), frozenset(), (), 1, missed=("it was closed",))
    assert verdict([missed], []) == 1


def test_what_is_compressed_is_read_wherever_it_begins_and_however_it_ends() -> None:
    import gzip
    import io
    import lzma
    import zipfile
    import zlib

    canary = b"canary-91ab " * 20
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("name", canary)
    streams = gzip.compress(canary), zlib.compress(canary, 1), zlib.compress(canary, 9), lzma.compress(canary)
    for stream in (*streams, packed.getvalue()):
        for whole in (b"before" + stream + b"after", b"\x78\x9c" + stream):
            assert any(canary in plain for plain in inflated(whole)), stream[:4]
        for cut in (
            gzip.compress(bytes(range(256)) * 40 + canary)[:-8],
            lzma.compress(bytes(range(256)) * 40 + canary, filters=[{"id": lzma.FILTER_LZMA2, "preset": 9}])[:-30],
        ):
            for after in (b"", b"something else " * 9):
                assert any(canary in plain for plain in inflated(b"x" + cut + after))
