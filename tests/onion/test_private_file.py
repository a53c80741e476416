"""Folders that only their owner may touch, however one is named."""

import stat
from pathlib import Path

import pytest

from onion.errors import UnsafeKeyFile
from onion.private_file import private_folder, write_private


def test_a_folder_and_its_parents_are_made_where_the_name_leads_whoever_makes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root as well, which follows the links that no one else can have put there."""
    disk = tmp_path / "disk"
    (disk / "there").mkdir(parents=True)
    (tmp_path / "lib").symlink_to(disk)
    (disk / "near").symlink_to("there")
    monkeypatch.chdir(disk)
    for name in (tmp_path / "lib" / "a" / "b", Path("c/d"), Path("near/../e"), Path("near"), Path()):
        assert stat.S_IMODE(private_folder(name).stat().st_mode) == 0o700
    made = sorted(str(path.relative_to(disk)) for path in disk.rglob("*") if not path.is_symlink())
    assert made == ["a", "a/b", "c", "c/d", "e", "there"]
    assert {stat.S_IMODE((disk / name).stat().st_mode) for name in made} == {0o700}


@pytest.mark.parametrize("is_loop", [True, False])
def test_what_is_no_folder_is_named(tmp_path: Path, is_loop: bool) -> None:
    wrong = tmp_path / "wrong"
    if is_loop:
        wrong.symlink_to(wrong)
    else:
        wrong.write_bytes(b"")
    with pytest.raises(UnsafeKeyFile, match=f"on the way to {wrong / 'inner'}: wrong is none"):
        private_folder(wrong / "inner")


def test_what_fails_names_the_whole_path(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        write_private(tmp_path / "nowhere" / "key", b"")
    assert str(missing.value) == f"[Errno 2] No such file or directory: '{tmp_path / 'nowhere' / 'key'}'"
    (tmp_path / "key").mkdir()
    with pytest.raises(IsADirectoryError) as taken:
        write_private(tmp_path / "key", b"")
    assert str(taken.value) == f"[Errno 21] Is a directory: '{tmp_path / 'key'}'"


def descriptors() -> list[str]:
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    before = descriptors()
    write_private(private_folder(tmp_path / "a" / "b") / "key", b"")
    with pytest.raises(UnsafeKeyFile):
        private_folder(tmp_path / "a" / "b" / "key")
    assert descriptors() == before
