"""The first day: all of it or nothing, and rehearsed before anyone relies on it."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from crypto.keys import minisign
from crypto.keys.fingerprint import root_words
from crypto.keys.keys import RootVerifyKey
from reviewer.errors import MediumError
from reviewer.recovery.key_ceremony import create_organisation
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk_stage import PROGRAM, Desk

MADE_BY_INIT = {"casebook-backup-reviewer.key", "manifests", "root.key", "root.pub"}


@pytest.fixture
def second(bare_desk: Desk) -> Path:
    return bare_desk.folder / "second"


def _root_key(medium: Path) -> RootVerifyKey:
    return minisign.parse_public_key_file((medium / "root.pub").read_bytes())


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_two_media_hold_the_same_key_and_each_issues_manifests(bare_desk: Desk, second: Path) -> None:
    bare_desk.found("--root-copy", second)
    assert _names(bare_desk.root) == _names(second) == MADE_BY_INIT
    for name in MADE_BY_INIT - {"manifests"}:
        assert (bare_desk.root / name).read_bytes() == (second / name).read_bytes()
    assert "ONE ROOT MEDIUM" not in bare_desk.err
    bare_desk.root = second
    bare_desk.issue()


def test_one_medium_is_warned_of_at_init_and_in_keys_status_until_there_are_two(
    bare_desk: Desk, second: Path
) -> None:
    bare_desk.found()
    assert "ONE ROOT MEDIUM" in bare_desk.err
    assert bare_desk.json("keys", "status", bare_desk.home)["root_media"] == 1
    assert "ONE ROOT MEDIUM" in bare_desk.err
    bare_desk.issue("--root-copy", second)
    assert bare_desk.json("keys", "status", bare_desk.home)["root_media"] == 2
    assert "ONE ROOT MEDIUM" not in bare_desk.err


def test_a_lost_medium_is_not_the_end(bare_desk: Desk, second: Path) -> None:
    bare_desk.found("--root-copy", second)
    bare_desk.issue("--root-copy", second)
    salt = bare_desk.server.manifest.manifest.derivation
    for path in sorted(bare_desk.root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    bare_desk.root, third = second, bare_desk.folder / "third"
    bare_desk.issue("--root-copy", third)
    assert bare_desk.server.manifest.version == 2
    assert bare_desk.server.manifest.manifest.derivation == salt
    bare_desk.root = third
    bare_desk.issue()
    assert bare_desk.server.manifest.version == 3


def test_every_key_is_rehearsed_and_what_passed_is_said(bare_desk: Desk, second: Path) -> None:
    bare_desk.found("--root-copy", second)
    said = [line for line in bare_desk.out.splitlines() if line.startswith("rehearsal ")]
    assert said[-1].split() == ["rehearsal", "PASSED"]
    for medium in (bare_desk.root, second):
        assert sum(str(medium) in line and "read again" in line for line in said) == 2
    assert any("own keys" in line for line in said)


def test_init_prints_the_words_that_follow_from_the_key_on_the_medium(bare_desk: Desk) -> None:
    bare_desk.found()
    assert f"root key words   {root_words(_root_key(bare_desk.root))}" in bare_desk.out


@pytest.mark.parametrize("damage", ["root.key", "casebook-backup-reviewer.key"])
def test_a_failing_rehearsal_leaves_nothing(bare_desk: Desk, second: Path, damage: str) -> None:
    """The second medium gives back something else than what was written on it: a sound key, but another one."""
    other = bare_desk.beside(bare_desk.folder / "other")
    other.found()

    def told(line: str) -> None:
        if line.startswith("root key made"):
            (second / damage).chmod(0o600)
            (second / damage).write_bytes((other.root / damage).read_bytes())

    with pytest.raises(MediumError, match=r"the rehearsal failed: .* on .*/second"):
        create_organisation(
            bare_desk.home, root=bare_desk.root, second=second, organisation="Example Watch", name="reviewer",
            entry=SecretEntry(None), today=dt.date(2026, 11, 25), told=told,
        )  # fmt: skip
    assert not bare_desk.home.exists()
    assert not bare_desk.root.exists()
    assert not second.exists()


def test_what_else_lies_on_a_medium_stays(bare_desk: Desk, second: Path) -> None:
    second.mkdir()
    (second / "letter.txt").write_text("not ours", encoding="utf-8")
    (bare_desk.root / "manifests").mkdir(parents=True)
    assert bare_desk.run("init", bare_desk.home, "--root", bare_desk.root, "--root-copy", second,
                         "--organisation", "Example Watch") == 1  # fmt: skip
    assert "already, which is never overwritten" in bare_desk.err
    assert _names(second) == {"letter.txt"}
    assert not bare_desk.home.exists()


@pytest.mark.parametrize("option", ["--root", "--root-copy"])
@pytest.mark.parametrize("whose", ["second", "reviewer", "second.2"])
def test_a_medium_with_somebodys_key_for_backups_is_refused_and_the_key_stays(
    bare_desk: Desk, second: Path, option: str, whose: str
) -> None:
    """A reviewer who joined keeps it on a stick, and it opens all backups of that reviewer."""
    key = {"--root": bare_desk.root, "--root-copy": second}[option] / f"casebook-backup-{whose}.key"
    key.parent.mkdir()
    key.write_text("AGE-SECRET-KEY-PQ-1OTHERS\n", encoding="ascii")
    assert bare_desk.run("init", bare_desk.home, "--root", bare_desk.root, "--root-copy", second,
                         "--organisation", "Example Watch") == 1  # fmt: skip
    assert f"holds {key.name}, which opens other casebook backups, and is never overwritten" in bare_desk.err
    assert key.read_text(encoding="ascii") == "AGE-SECRET-KEY-PQ-1OTHERS\n"
    assert _names(key.parent) == {key.name}
    assert not bare_desk.home.exists()


def test_a_failing_rehearsal_destroys_only_what_this_run_wrote(bare_desk: Desk, second: Path) -> None:
    other = second / "casebook-backup-second.key"

    def told(line: str) -> None:
        if line.startswith("root key made"):
            other.write_text("AGE-SECRET-KEY-PQ-1OTHERS\n", encoding="ascii")  # brought meanwhile
            (second / "root.key").unlink()

    with pytest.raises(MediumError):
        create_organisation(
            bare_desk.home, root=bare_desk.root, second=second, organisation="Example Watch", name="reviewer",
            entry=SecretEntry(None), today=dt.date(2026, 11, 25), told=told,
        )  # fmt: skip
    assert _names(second) == {other.name}
    assert other.read_text(encoding="ascii") == "AGE-SECRET-KEY-PQ-1OTHERS\n"


def test_an_interrupted_run_leaves_its_own_key_for_backups_to_the_next_under_whatever_name_and_no_others(
    bare_desk: Desk, second: Path
) -> None:
    others = second / "casebook-backup-second.key"
    for moment in ("rename:signal=KILL:when=13", "unlink:signal=KILL:when=5"):
        assert _init(bare_desk, second, moment).returncode < 0
        assert (second / "casebook-backup-reviewer.key").exists()
        again = ("init", bare_desk.home, "--root", bare_desk.root, "--root-copy", second,
                 "--organisation", "Example Watch", "--name", "berlin")  # fmt: skip
        others.write_text("AGE-SECRET-KEY-PQ-1OTHERS\n", encoding="ascii")
        assert bare_desk.run(*again) == 1
        assert f"{second} holds {others.name}" in bare_desk.err
        assert others.read_text(encoding="ascii") == "AGE-SECRET-KEY-PQ-1OTHERS\n"
        others.unlink()
        bare_desk.do(*again)
        expected = MADE_BY_INIT - {"casebook-backup-reviewer.key"} | {"casebook-backup-berlin.key"}
        assert _names(bare_desk.root) == _names(second) == expected
        for folder in (bare_desk.home, bare_desk.root, second):
            _remove(folder)


def test_what_an_earlier_program_left_unfinished_goes_too(bare_desk: Desk, second: Path) -> None:
    """Its mark names no files; but they follow from the root key beside them."""
    bare_desk.found("--root-copy", second)
    for folder in (bare_desk.home, bare_desk.root, second):
        (folder / "unfinished").write_text(f"{_root_key(second)}\n", encoding="ascii")
    bare_desk.found("--root-copy", second, "--name", "berlin")
    assert _names(second) == MADE_BY_INIT - {"casebook-backup-reviewer.key"} | {"casebook-backup-berlin.key"}


def test_the_same_folder_is_no_second_medium(bare_desk: Desk) -> None:
    assert bare_desk.run("init", bare_desk.home, "--root", bare_desk.root, "--root-copy", bare_desk.root,
                         "--organisation", "Example Watch") == 1  # fmt: skip
    assert "the same folder" in bare_desk.err
    assert not bare_desk.home.exists()


def _init(desk: Desk, second: Path, *faults: str) -> subprocess.CompletedProcess[str]:
    """``init`` under strace, with faults at certain system calls."""
    return subprocess.run(
        [
            *("strace", "-o", desk.folder / "trace", "-e", "trace=rename,unlink"),
            *(f"--inject={fault}" for fault in faults),
            *(sys.executable, "-B", "-c", PROGRAM, "--beside-network", "init", desk.home, "--root", desk.root),
            *("--root-copy", second, "--organisation", "Example Watch"),
        ],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )


def test_nothing_opens_a_medium_that_was_never_finished(desk: Desk) -> None:
    (desk.root / "unfinished").write_text("\n", encoding="ascii")
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "m.json") == 1
    assert "was never finished" in desk.err


def test_a_key_that_signed_is_never_taken_for_an_abandoned_one(desk: Desk) -> None:
    """A home that was cut short names its key; but a medium with manifests was in use all the same."""
    key = (desk.root / "root.key").read_bytes()
    home = desk.folder / "new"
    home.mkdir()
    (home / "unfinished").write_text(f"{_root_key(desk.root)}\n", encoding="ascii")
    assert desk.run("init", home, "--root", desk.root, "--organisation", "Example Watch") == 1
    assert "never overwritten" in desk.err
    assert (desk.root / "root.key").read_bytes() == key


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
