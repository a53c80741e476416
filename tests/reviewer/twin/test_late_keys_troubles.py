"""Troubles of late keys: envelopes harmed on the disk, a manifest not known here, the passphrase of another
home."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer.casebook.submission import Envelope
from reviewer.opening.envelope_opening import EnvelopeOpener
from tests.reviewer.desk.open_desk import open_desk
from tests.reviewer.desk_stage import Desk
from tests.reviewer.weeks import close_week, first_week
from tests.steps import failing_step


@pytest.fixture
def twin(desk: Desk) -> Path:
    """Of a home that died: the desk goes on with one that was restored without it."""
    twin = desk.folder / "twin"
    desk.issue("--twin", twin)
    backup = desk.backup()
    desk.issue("--twin", twin, "--weeks", "9")  # which the backup does not know
    restored = desk.folder / "restored"
    identity = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", restored, "--from", backup, "--identity", identity)
    desk.home = restored
    return twin


def _reason(desk: Desk) -> str | None:
    (row,) = desk.submissions()
    reason: str | None = row["unopenable"]
    return reason


@pytest.mark.parametrize("by_keys", [True, False], ids=["keys restore", "import"])
def test_a_tip_under_a_manifest_that_is_not_known_here_waits_for_it_and_its_week_stays(
    desk: Desk, twin: Path, *, by_keys: bool
) -> None:
    desk.take_in(desk.server.seal())
    assert _reason(desk) == "no key opens"
    bring = ("keys", "restore", desk.home, "--twin", twin)
    assert desk.run(*bring) == 1
    assert "newer manifest" in desk.err
    assert "0 that could not be opened before; 1 stay closed" in desk.out
    assert _reason(desk) == "newer manifest"
    week = first_week(desk)
    close_week(desk, week)
    assert desk.run("keys", "retire", desk.home, "--week", str(week), "--twin", twin) == 1
    assert f"1 envelopes of week {week} could not be opened" in desk.err
    desk.do("import", desk.home, desk.folder / "tips.bundle")
    assert "of what came before, some still waits: server server seals under manifest 3, and this home" in desk.err
    assert "If none of you issued one, a stranger has the root key" in desk.err
    assert "bundle refused" not in desk.err
    desk.do("manifest", desk.home, desk.root / "manifests" / "00000003.json")
    desk.do(*(bring if by_keys else ("import", desk.home, desk.folder / "tips.bundle")))
    assert _reason(desk) is None


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_an_envelope_that_was_harmed_on_the_disk_is_not_believed_and_taken_in_again(
    desk: Desk, twin: Path, harm: str
) -> None:
    desk.do("manifest", desk.home, desk.root / "manifests" / "00000003.json")
    (short_id,) = desk.take_in(desk.server.seal())
    (path,) = (desk.home / "unopened").iterdir()
    raw = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(raw[:-1] if harm == "cut" else raw[:-1] + bytes([raw[-1] ^ 1]))
    desk.do("keys", "restore", desk.home, "--twin", twin)
    assert f"{short_id} is gone from this disk, or was changed" in desk.err
    assert list((desk.home / "unopened").iterdir()) == []
    desk.do("import", desk.home, desk.folder / "tips.bundle")
    assert _reason(desk) is None


def test_an_envelope_that_cannot_be_read_at_the_moment_stays_and_the_command_is_finished_by_the_next(
    desk: Desk, twin: Path
) -> None:
    """Another reviewer may have receipted it: this copy may be the last."""
    desk.do("manifest", desk.home, desk.root / "manifests" / "00000003.json")
    desk.take_in(desk.server.seal())
    (path,) = (desk.home / "unopened").iterdir()
    with failing_step(EnvelopeOpener, "open", OSError(errno.EMFILE, "Too many open files")):
        assert desk.run("keys", "restore", desk.home, "--twin", twin) == 1
    assert "too many open files" in desk.err
    assert path.exists()
    desk.do("keys", "status", desk.home)
    assert "keys restore was cut short" in desk.err
    desk.do("keys", "restore", desk.home, "--twin", twin)
    assert _reason(desk) is None


@pytest.fixture
def two_wait(desk: Desk, twin: Path) -> Iterator[None]:
    """Two tips that may open now; the copy of one cannot be read."""
    harmed, _other = desk.take_in(desk.server.seal(), desk.server.seal(submission_id=bytes(16)))
    assert desk.run("keys", "restore", desk.home, "--twin", twin) == 1
    desk.do("manifest", desk.home, desk.root / "manifests" / "00000003.json")

    def is_harmed(_opener: EnvelopeOpener, envelope: Envelope, *_rest: Any) -> bool:
        return envelope.sha256.hex().startswith(harmed)

    bad_sector = OSError(errno.EIO, "Input/output error")
    with failing_step(EnvelopeOpener, "open", bad_sector, when=is_harmed):
        yield


@pytest.mark.usefixtures("two_wait")
def test_one_of_before_that_cannot_be_read_hides_nothing_of_what_an_import_brings_and_holds_up_no_other(
    desk: Desk,
) -> None:
    file = desk.write(desk.server.submissions(desk.server.seal(submission_id=bytes([1] * 16))))
    assert desk.run("import", desk.home, file) == 1
    assert "submissions      1 new" in desk.out
    assert desk.out.count("could not be opened before, and is open now") == 1
    assert "input/output error" in desk.err
    assert sorted(row["unopenable"] or "" for row in desk.submissions()) == ["", "", "newer manifest"]


@pytest.mark.usefixtures("two_wait")
def test_keys_restore_tells_every_trouble_with_what_to_do_and_how_many_were_not_tried(
    desk: Desk, twin: Path
) -> None:
    key = next((twin / "keys").glob("intake-*"))
    key.write_bytes(key.read_bytes()[:-1])
    assert desk.run("keys", "restore", desk.home, "--twin", twin) == 1
    assert "not tried        1 that could not be read" in desk.out
    assert "input/output error" in desk.err
    assert "its server is asked for it then" in desk.err
    assert "are damaged, and were not taken" in desk.err


@pytest.mark.usefixtures("two_wait")
def test_at_the_desk_too_all_of_an_import_is_told_though_one_of_before_cannot_be_read(desk: Desk) -> None:
    file = desk.write(desk.server.submissions(desk.server.seal(submission_id=bytes([1] * 16))))
    with open_desk(desk.home) as opened:
        page = opened.post("/rounds/import", file=str(file)).text
    assert "1 new submissions" in page
    assert "1 could not be opened before, and are open now." in page
    assert "input/output error" in page


def test_at_the_desk_what_still_waits_for_a_manifest_is_told_with_what_it_may_mean(desk: Desk, twin: Path) -> None:
    desk.take_in(desk.server.seal())
    assert desk.run("keys", "restore", desk.home, "--twin", twin) == 1
    with open_desk(desk.home) as opened:
        page = opened.post("/rounds/import", file=str(desk.folder / "tips.bundle")).text
    assert "some still waits: server server seals under manifest 3" in page
    assert "a stranger has the root key" in page


def test_a_home_that_was_restored_waits_for_no_keys_of_the_one_before(desk: Desk) -> None:
    """They are in no backup; without any twin the retirement of all its weeks would wait for ever."""
    desk.tamper("INSERT INTO settings VALUES ('late_keys_untried', '1')")
    desk.do("keys", "status", desk.home)
    assert "keys restore was cut short" in desk.err
    identity = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", desk.folder / "restored", "--from", desk.backup(), "--identity", identity)
    desk.do("keys", "status", desk.folder / "restored")
    assert "cut short" not in desk.err


def test_a_twin_is_opened_by_the_passphrase_of_the_home_that_wrote_it(bare_desk: Desk) -> None:
    desk, twin = bare_desk, bare_desk.folder / "twin"
    for name in ("right", "wrong"):
        (desk.folder / name).write_text(f"the {name} passphrase\n", encoding="utf-8")
    right = ("--passphrase-file", desk.folder / "right")
    desk.found(*right)
    desk.issue("--twin", twin, *right)
    backup = desk.folder / "casebook.age"
    desk.do("backup", desk.home, "--to", backup, *right)
    identity = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", desk.folder / "restored", "--from", backup, "--identity", identity)
    bring = ("keys", "restore", desk.folder / "restored", "--twin", twin, "--twin-passphrase-file")
    assert desk.run(*bring, desk.folder / "wrong") == 1
    assert f"does not unlock the home that wrote {twin}" in desk.err
    desk.do(*bring, desk.folder / "right")
    assert f" {desk.keys_issued()} new, 0 known" in desk.out
