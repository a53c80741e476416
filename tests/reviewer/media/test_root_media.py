"""Root media from hand to hand: who issues next knows whose key is whose, and no two manifests have one version."""

import shutil

import pytest

from reviewer.errors import MediumError
from reviewer.home.home import open_home
from reviewer.keys.intake_keys import issue_keys
from reviewer.media.root_medium import RootMedium, held_for_issuing
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.reviewer.colleagues import Colleague, a_colleague, keys_by_week, manifest_of
from tests.reviewer.desk_stage import Desk


def test_whoever_has_the_root_medium_issues_the_next_manifest_and_everybody_keeps_their_keys(
    desk: Desk, second: Colleague
) -> None:
    before = keys_by_week(manifest_of(desk))
    second.issue()
    assert manifest_of(desk).version == 3
    assert keys_by_week(manifest_of(desk)) == before
    assert [party.name for party in manifest_of(desk).manifest.reviewers] == ["reviewer", "second"]
    assert [party.name for party in manifest_of(desk).manifest.servers] == ["server"]
    desk.do("manifest", desk.home, second.folder / "manifest.json")
    desk.issue()
    assert manifest_of(desk).version == 4


def test_a_medium_whose_offers_are_gone_is_refused_by_the_name_that_is_missing(
    desk: Desk, second: Colleague
) -> None:
    shutil.rmtree(desk.root / "offers")
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "new.json") == 1
    assert "holds no offer of reviewer second" in desk.err
    before = keys_by_week(manifest_of(desk))
    desk.issue("--with", second.offer())
    assert keys_by_week(manifest_of(desk)) == before


def test_somebody_whose_offers_are_gone_goes_together_with_all_keys_that_may_be_theirs(desk: Desk) -> None:
    a_colleague(desk)
    before = keys_by_week(manifest_of(desk))
    shutil.rmtree(desk.root / "offers")
    desk.do("reviewers", "remove", desk.home, "second")
    desk.issue()
    after = keys_by_week(manifest_of(desk))
    assert {week: len(before[week] & after[week]) for week in before} == dict.fromkeys(before, 1)


def test_a_second_medium_knows_whose_key_is_whose(desk: Desk) -> None:
    a_colleague(desk)
    before = keys_by_week(manifest_of(desk))
    copy = desk.folder / "copy"
    desk.issue("--second-medium", copy)
    desk.root = copy
    desk.issue()
    assert keys_by_week(manifest_of(desk)) == before


def test_a_second_medium_that_was_used_last_is_named_before_anything_is_signed(desk: Desk) -> None:
    """Else the manifest that servers have would be written over on the only medium that holds it."""
    second = a_colleague(desk)
    copy = desk.folder / "copy"
    desk.issue("--second-medium", copy)
    desk.issue()
    newest = {path: path.read_bytes() for path in (desk.root / "manifests").iterdir()}
    again = ("keys", "issue", second.home, "--weeks", "10", "--out", second.folder / "m.json")
    second.adopt(copy / "manifests" / "00000003.json")
    assert second.run(*again, "--root", copy, "--root-copy", desk.root) == 1
    assert "holds manifest 00000004.json" in second.err
    assert not (second.folder / "m.json").exists()
    second.do(*again, "--root", copy)
    assert second.run(*again, "--root", copy, "--root-copy", desk.root) == 1
    assert "two manifests 00000004.json that differ" in second.err
    assert {path: path.read_bytes() for path in (desk.root / "manifests").iterdir()} == newest


def test_two_who_issue_with_one_medium_at_once_do_not_sign_two_manifests_of_one_version(
    desk: Desk, second: Colleague
) -> None:
    before = RootMedium.open_existing(desk.root)
    with held_for_issuing(desk.root):
        out = second.folder / "m.json"
        assert second.run("keys", "issue", second.home, "--root", desk.root, "--out", out) == 1
        assert "another tipline-review issues keys" in second.err
        assert not out.exists()
    desk.issue("--weeks", "10")
    added = (desk.root / "manifests" / "00000003.json").read_bytes()
    # Where a medium has no locks, anyone who comes second has read the run that was there before.
    with open_home(second.home, entry=SecretEntry(None)) as home, pytest.raises(MediumError, match="meanwhile"):
        issue_keys(home, before, weeks=8, twin=None, today=today())
    assert (desk.root / "manifests" / "00000003.json").read_bytes() == added


def test_a_second_medium_whose_making_is_cut_short_has_no_key_to_sign_with(desk: Desk) -> None:
    copy = desk.folder / "copy"
    (copy / "offers").mkdir(parents=True)
    (copy / "offers").chmod(0o500)
    (copy / "offers").rmdir()
    (copy / "offers").write_bytes(b"in the way")
    out = desk.folder / "manifest.json"
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--root-copy", copy, "--out", out) == 1
    assert not (copy / "root.key").exists()
    (copy / "offers").unlink()
    desk.issue("--root-copy", copy)
    assert (copy / "root.key").read_bytes() == (desk.root / "root.key").read_bytes()


def test_somebodys_key_for_backups_on_a_stick_is_not_written_over_when_that_becomes_the_second_medium(
    desk: Desk,
) -> None:
    copy, out = desk.folder / "copy", desk.folder / "new.json"
    copy.mkdir()
    key = copy / "casebook-backup-reviewer.key"
    key.write_text("AGE-SECRET-KEY-PQ-1OTHERS\n", encoding="ascii")
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--root-copy", copy, "--out", out) == 1
    assert f"{copy} holds another {key.name} than {desk.root}, which is never overwritten" in desk.err
    assert key.read_text(encoding="ascii") == "AGE-SECRET-KEY-PQ-1OTHERS\n"
    assert not out.exists()
    key.rename(copy / "casebook-backup-second.key")
    desk.issue("--root-copy", copy)
    assert (copy / "casebook-backup-second.key").read_text(encoding="ascii") == "AGE-SECRET-KEY-PQ-1OTHERS\n"
