"""Entries that journald packed are read in its journals; where they cannot be, that is said."""

import lzma
from pathlib import Path

import pytest

from demo.canary import Canary
from demo.search_terms import SearchTerms
from lab.forensics.journal import search_journal
from lab.forensics.make_journals import CANARY, FOLDER, PACKED
from lab.forensics.places import search_files
from lab.forensics.row import Row
from lab.forensics.run import verdict

# That of a machine, a name space of it, a machine that sends its journal here, and no folder at all.
_FOLDERS = ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef.tipline", "remote", ".")


def _sought() -> SearchTerms:
    return SearchTerms([Canary.of_text("text", CANARY)])


def _journal(place: Path, packed: str = "ZSTD", folder: str = _FOLDERS[0]) -> Path:
    path = place / folder / "system.journal"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lzma.decompress((FOLDER / f"{packed.lower()}.journal.xz").read_bytes()))
    return path


@pytest.mark.parametrize("folder", _FOLDERS)
@pytest.mark.parametrize("packed", PACKED)
def test_a_long_field_is_read_however_journald_packed_it_and_wherever_the_journal_lies(
    tmp_path: Path, packed: str, folder: str
) -> None:
    path = _journal(tmp_path, packed, folder)
    found = search_journal(_sought(), since=0, places=[tmp_path])
    assert f"what journalctl reads in {path.parent}" in found.places["text"]
    assert found.missed == []
    # That needs journalctl: of the file itself only XZ is unpacked.
    assert search_files([tmp_path], _sought()).names() == ({"text"} if packed == "XZ" else set())


def test_what_was_written_before_is_not_unpacked(tmp_path: Path) -> None:
    path = _journal(tmp_path)
    found = search_journal(_sought(), since=4_000_000_000, places=[tmp_path])
    assert (found.names(), found.missed, found.length) == (set(), [], path.stat().st_size)


def test_where_there_is_no_journalctl_long_fields_were_not_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _journal(tmp_path / "journal")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = search_journal(_sought(), since=0, places=[tmp_path / "journal"])
    assert found.missed == [f"long fields in {path.parent}: journalctl: No such file or directory"]
    assert found.length == path.stat().st_size
    assert verdict([Row.of("then", "there", found)], []) == 1


def test_where_journalctl_fails_or_leaves_a_file_out_long_fields_were_not_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _journal(tmp_path / "journal")
    damaged = path.with_name("damaged.journal")
    damaged.write_bytes(b"no journal")
    found = search_journal(_sought(), since=0, places=[tmp_path / "journal"])
    assert found.names() == {"text"}
    (missed,) = found.missed
    assert "damaged.journal" in missed
    damaged.unlink()
    reader = tmp_path / "journalctl"
    reader.write_text("#!/bin/sh\nexit 3\n")
    reader.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = search_journal(_sought(), since=0, places=[tmp_path / "journal"])
    assert found.missed == [f"long fields in {path.parent}: journalctl: ended with 3"]


def test_where_no_journal_lies_none_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "journal").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    found = search_journal(_sought(), since=0, places=[tmp_path / "journal", tmp_path / "none"])
    assert (found.names(), found.missed, found.length) == (set(), [], 0)
