"""The folder of a tip line: made whole or not at all, on a disk of its own too, and owned by its user."""

import os
from pathlib import Path

import pytest

from onion import private_file
from system import atomic_files
from system.errors import ProgramError
from tests.kernel_files import other_machine
from tests.steps import watched_step
from tests.tipline.served import ServedFolder
from tipline.errors import FolderError
from tipline.instance import folder as folder_module
from tipline.instance import forms
from tipline.instance.folder import SiteFolder
from tipline.instance.intake_status import IntakePolicy
from tipline.store.errors import StoreBroken
from tipline.store.events import Event
from tipline.supervisor import serve
from tipline.supervisor.serve import ServeError

USER = 4711
Given = list[tuple[str, int, int]]


def break_off(place: Path) -> None:
    """A making that fails when all is there."""
    with SiteFolder.make(place) as folder:
        fill(folder)
        raise KeyError


def fill(folder: SiteFolder) -> None:
    folder.server_public.write_bytes(b"public")
    folder.database_key.write_bytes(b"key")
    folder.onion.mkdir()
    (folder.onion / "key").write_bytes(b"of the address")


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Root works in folders of another user; whose files it gives to whom."""
    given: Given = []

    def name_of(made: int | Path) -> str:
        return (Path(f"/proc/self/fd/{made}").readlink() if isinstance(made, int) else made).name

    def give(made: Path, user: int, group: int, *, follow_symlinks: bool) -> None:
        assert not follow_symlinks
        given.append((name_of(made), user, group))

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda made, *owner: given.append((name_of(made), *owner)))
    monkeypatch.setattr(os, "chown", give)
    return given


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        break_off(tmp_path / "site")
    assert list(tmp_path.iterdir()) == []
    with SiteFolder.make(tmp_path / "site") as folder:
        fill(folder)
    assert SiteFolder.open(tmp_path / "site").database_key.read_bytes() == b"key"


def test_what_a_making_that_was_killed_left_goes_with_the_next(tmp_path: Path) -> None:
    left = tmp_path / f".site.{2**22 + 1}.part"  # no process has this number
    left.mkdir()
    (left / "hs_ed25519_secret_key").write_bytes(b"of the address")
    with SiteFolder.make(tmp_path / "site") as folder:
        fill(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_disk_that_is_mounted_at_its_place_is_filled_on_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "site"
    (disk / "lost+found").mkdir(parents=True)
    with pytest.raises(FolderError, match="not empty"), SiteFolder.make(disk):
        raise AssertionError
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == disk)
    with pytest.raises(KeyError):
        break_off(disk)
    assert [path.name for path in disk.iterdir()] == ["lost+found"]
    with SiteFolder.make(disk) as folder:
        assert folder.path.parent == disk
        fill(folder)
    assert sorted(path.name for path in disk.iterdir()) == [
        "database.key",
        "lost+found",
        "onion",
        "server.pub",
        "store",
    ]
    assert (disk / "onion" / "key").read_bytes() == b"of the address"
    assert disk.stat().st_mode & 0o777 == 0o700
    with pytest.raises(FolderError, match="not empty"), SiteFolder.make(disk):
        raise AssertionError


def test_what_root_writes_in_the_folder_of_another_user_is_that_users(tmp_path: Path, as_root: Given) -> None:
    mine = (tmp_path.stat().st_uid, tmp_path.stat().st_gid)
    atomic_files.write_whole(tmp_path / "manifest-version", b"3\n")
    private_file.write_private(tmp_path / "courier.auth", b"key")
    forms.add_shipped(tmp_path / "doors", [])
    private_file.private_folder(tmp_path / "onion" / "couriers")
    with SiteFolder(tmp_path).hold_for_import():
        pass
    names = [name.strip(".").split(".")[0] for name, *_ in as_root]
    assert names == ["manifest-version", "courier", "doors", "onion", "couriers", "import"]
    assert {(user, group) for _name, user, group in as_root} == {mine}


def test_root_gives_nothing_away_that_a_lock_s_name_leads_to(tmp_path: Path, as_root: Given) -> None:
    site, theirs = tmp_path / "site", tmp_path / "shadow"
    site.mkdir()
    theirs.write_bytes(b"root's")
    for target in (theirs, tmp_path / "not there"):
        (site / "import.lock").symlink_to(target)
        with pytest.raises(OSError, match="symbolic links"), SiteFolder(site).hold_for_import():
            raise AssertionError
        (site / "import.lock").unlink()
    assert as_root == []
    assert not (tmp_path / "not there").exists()
    (site / "import.lock").hardlink_to(theirs)
    with SiteFolder(site).hold_for_import():
        pass
    assert as_root == []


MOVES = 5  # the folder of the store, the list of what is moved, then what :func:`fill` makes


@pytest.mark.parametrize("after", range(MOVES + 1))
def test_a_making_on_a_disk_that_was_killed_at_any_move_leaves_nothing_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    disk = tmp_path / "site"
    (disk / "lost+found").mkdir(parents=True)
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == disk)
    left = [after]
    replace = Path.replace

    def killed_then(source: Path, target: Path) -> Path:
        if not left[0]:
            os._exit(9)
        left[0] -= 1
        return replace(source, target)

    process = os.fork()
    if not process:
        Path.replace = killed_then  # type: ignore[method-assign, assignment]
        with SiteFolder.make(disk) as folder:
            fill(folder)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == (9 if after < MOVES else 0)
    if after == MOVES:
        assert SiteFolder.open(disk).database_key.read_bytes() == b"key"
        return
    with SiteFolder.make(disk) as folder:
        assert [path.name for path in disk.iterdir() if path.name[0] != "."] == ["lost+found"]
        fill(folder)
    assert sorted(path.name for path in disk.iterdir()) == [
        "database.key",
        "lost+found",
        "onion",
        "server.pub",
        "store",
    ]


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty one, mounted at a place of its own beside other folders."""
    disk = tmp_path / "mnt" / "site"
    disk.mkdir(parents=True)
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == disk)
    return disk


def left_on(disk: Path, *moved: str, process: int = 2**22 + 1) -> Path:
    """As a making on ``disk`` leaves it that was killed; no process has that number."""
    left = disk / f".{disk.name}.{process}.part"
    left.mkdir()
    (left / ".moved").write_text("\n".join(moved))
    return left


@pytest.mark.parametrize("moved", [[""], ["."], [".."], ["../other"], ["../../other"], ["/outside"], ["no/key"]])
def test_a_list_on_a_disk_that_names_what_lies_elsewhere_or_nothing_removes_nothing(
    disk: Path, moved: list[str]
) -> None:
    kept = [disk.parent / "other" / "key", disk.parent.parent / "other" / "key", disk / "no" / "key"]
    outside = disk.parent.parent / "outside"
    for file in (*kept, outside):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"someone's")
    left_on(disk, *(name.replace("/outside", str(outside)) for name in moved))
    with pytest.raises(FolderError, match="not empty"), SiteFolder.make(disk):
        raise AssertionError
    assert all(file.read_bytes() == b"someone's" for file in (*kept, outside))


def test_nothing_is_taken_back_in_which_another_disk_is_mounted(disk: Path, tmp_path: Path) -> None:
    deep = disk / "onion" / "a disk"
    deep.mkdir(parents=True)
    (deep / "key").write_bytes(b"someone's")
    (disk / "server.pub").write_bytes(b"someone's")
    left_on(disk, "server.pub", "onion")
    mounts = tmp_path / "mountinfo"
    place = str(deep).replace(" ", "\\040")
    mounts.write_text(f"36 35 8:1 / / rw - ext4 /dev/a rw\n37 36 8:2 / {place} rw - ext4 /dev/b rw\n")
    with other_machine({Path("/proc/self/mountinfo"): mounts}):
        mounted = pytest.raises(ProgramError, match=f"another disk is mounted in {disk}/onion")
        with mounted, SiteFolder.make(disk):
            raise AssertionError
        assert (deep / "key").read_bytes() == (disk / "server.pub").read_bytes() == b"someone's"
        mounts.write_text("36 35 8:1 / / rw - ext4 /dev/a rw\n")
        with SiteFolder.make(disk) as folder:
            fill(folder)
    assert not deep.exists()


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_a_list_on_a_disk_that_is_no_file_is_not_read(disk: Path, kind: str) -> None:
    moved = left_on(disk) / ".moved"
    moved.unlink()
    os.mkfifo(moved) if kind == "pipe" else moved.symlink_to("/dev/zero")
    (disk / "server.pub").write_bytes(b"someone's")
    with pytest.raises(FolderError), SiteFolder.make(disk):
        raise AssertionError
    assert (disk / "server.pub").exists()


def test_what_another_making_that_is_under_way_has_moved_stays(disk: Path) -> None:
    left_on(disk, "server.pub", process=os.getppid())
    (disk / "server.pub").write_bytes(b"public")
    with pytest.raises(FolderError, match="not empty"), SiteFolder.make(disk):
        raise AssertionError
    assert (disk / "server.pub").read_bytes() == b"public"


def test_the_database_key_is_taken_back_before_all_else(disk: Path) -> None:
    removed: list[str] = []
    for name in ("a", "database.key", "onion"):
        (disk / name).write_bytes(b"")
    with watched_step(folder_module, "remove", before=lambda entry: removed.append(entry.name)):
        folder_module._take_back(left_on(disk, "a", "onion", "database.key"), into=disk)
    assert removed[0] == "database.key"
    assert sorted(removed) == ["a", "database.key", "onion"]


def test_a_move_on_a_disk_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = tmp_path / "site"
    disk.mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == disk)
    replace = Path.replace

    def full(source: Path, target: Path) -> Path:
        if source.name == "database.key":
            raise OSError(28, "No space left on device")
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(FolderError, match="no space"), SiteFolder.make(disk) as folder:
        fill(folder)
    assert list(disk.iterdir()) == []


def test_nobody_serves_the_folder_of_another_user(tmp_path: Path) -> None:
    folder = SiteFolder(tmp_path)
    mine = tmp_path.stat().st_uid
    serve.require_owner(folder, user=mine)
    with pytest.raises(ServeError, match="belongs to another user"):
        serve.require_owner(folder, user=mine + 1)


def test_a_version_that_cannot_be_read_is_told_to_staff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = ServedFolder(tmp_path / "site")
    served.folder.manifest_version.unlink()
    served.folder.manifest_version.mkdir()
    with served.store() as store:
        with pytest.raises(StoreBroken):
            IntakePolicy(store, served.folder).intake()
        assert Event.STORE_FAILED in store.events._noted


def test_a_link_to_where_disks_are_mounted_is_taken_away_itself_and_no_reason_to_unmount(tmp_path: Path) -> None:
    link = tmp_path / "onion"
    link.symlink_to("/")
    folder_module.require_no_mount(link)
    folder_module.remove(link)
    assert not link.is_symlink()
