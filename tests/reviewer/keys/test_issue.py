"""Issuing keys: one run of manifests, the same salt, four slots a week, and files that minisign checks."""

import datetime as dt
import subprocess
from pathlib import Path

import pytest

from crypto.keys import minisign
from crypto.manifests.manifest import VerifiedManifest, adopt, verify_manifest
from crypto.primitives.week import Quarter
from reviewer.casebook.registers import PendingReviewers
from reviewer.home.home import open_home
from reviewer.keys.intake_keys import issue_keys
from reviewer.media.root_medium import RootMedium
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from system.errors import ProgramError
from tests.fakes_server import FakeServer
from tests.reviewer.desk_stage import Desk
from tests.steps import failing_step


def _verified(manifest: Path, root_pub: Path) -> VerifiedManifest:
    root = minisign.parse_public_key_file(root_pub.read_bytes())
    signature = manifest.with_name(manifest.name + ".minisig").read_bytes()
    return verify_manifest(manifest.read_bytes(), signature, root=root)


def test_minisign_checks_what_was_issued(desk: Desk) -> None:
    done = subprocess.run(
        ["minisign", "-V", "-p", desk.root / "root.pub", "-m", desk.folder / "manifest.json"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_root_key_is_made_once(desk: Desk) -> None:
    before = (desk.root / "root.key").read_bytes()
    other = desk.folder / "other-home"
    assert desk.run("init", other, "--root", desk.root, "--organisation", "Example Watch") == 1
    assert "never overwritten" in desk.err
    assert (desk.root / "root.key").read_bytes() == before
    assert not other.exists()


def test_the_root_key_is_never_made_in_the_home(bare_desk: Desk) -> None:
    inside = bare_desk.home / "root"
    assert bare_desk.run("init", bare_desk.home, "--root", inside, "--organisation", "Example") == 1
    assert "must not lie in the home" in bare_desk.err
    assert not bare_desk.home.exists()


def test_init_refuses_a_home_that_exists(desk: Desk) -> None:
    assert desk.run("init", desk.home, "--root", desk.folder / "root2", "--organisation", "Example") == 1
    assert "not empty" in desk.err
    assert not (desk.folder / "root2" / "root.key").exists()


def test_init_prints_the_root_key_as_servers_show_it(bare_desk: Desk) -> None:
    bare_desk.found()
    key = minisign.parse_public_key_file((bare_desk.root / "root.pub").read_bytes())
    assert f"{minisign.key_id(key)[::-1].hex().upper()}  {key}" in bare_desk.out
    assert (bare_desk.home.stat().st_mode & 0o777) == 0o700


def test_keys_once_issued_stay_in_every_later_manifest(desk: Desk) -> None:
    first = desk.server.manifest
    second = _verified(desk.issue("--weeks", "12"), desk.root / "root.pub")
    assert first is not None
    assert second.manifest.intake[:8] == first.manifest.intake
    assert len(second.manifest.intake) == 12
    assert second.manifest.derivation == first.manifest.derivation
    assert second.manifest.sealed[: len(first.manifest.sealed)] == first.manifest.sealed


def test_one_reviewer_is_not_seen_among_the_four_keys_of_a_week(desk: Desk) -> None:
    assert desk.server.manifest is not None
    for entry in desk.server.manifest.manifest.intake:
        assert len(set(entry.keys)) == 4


def test_the_chain_leads_a_server_from_any_manifest_to_the_newest(desk: Desk) -> None:
    for _ in range(2):
        newest = _verified(desk.issue(), desk.root / "root.pub")
    chain = sorted((desk.folder / "manifest.json.chain").glob("*.json"))
    run = [_verified(path, desk.root / "root.pub") for path in chain]
    assert [one.version for one in run] == [1, 2]
    assert adopt(run[0], [*run, newest], highest_seen=1, today=today()).version == 3


def test_the_chain_begins_at_the_first_manifest_though_every_server_has_shown_a_later_one(desk: Desk) -> None:
    """A server may be restored to a day before, and a reviewer may have been away for longer than all of them."""
    desk.issue()
    desk.take_in(desk.server.seal())
    desk.issue()
    names = sorted(path.name for path in (desk.folder / "manifest.json.chain").glob("*.json"))
    assert names == ["00000001.json", "00000002.json"]


def test_a_medium_that_is_behind_is_refused(desk: Desk) -> None:
    desk.issue()
    for path in (desk.root / "manifests").glob("00000002*"):
        path.unlink()
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "new.json") == 1
    assert "does not hold manifest 2" in desk.err
    assert not (desk.folder / "new.json").exists()


def test_a_gap_in_the_run_is_refused(desk: Desk) -> None:
    desk.issue()
    for path in (desk.root / "manifests").glob("00000001*"):
        path.unlink()
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "new.json") == 1
    assert "gap" in desk.err


def test_another_organisations_medium_is_refused(desk: Desk, tmp_path: Path) -> None:
    other = desk.beside(tmp_path / "other")
    other.found()
    assert desk.run("keys", "issue", desk.home, "--root", other.root, "--out", desk.folder / "new.json") == 1
    assert "not the one that this home pins" in desk.err


def test_a_second_medium_can_issue_the_next_manifest(desk: Desk) -> None:
    second = desk.folder / "second"
    desk.issue("--second-medium", second)
    desk.root = second
    manifest = _verified(desk.issue(), second / "root.pub")
    assert manifest.version == 3


def test_a_second_medium_is_brought_up_to_date_again_and_again_by_who_is_not_root(desk: Desk) -> None:
    """Its keys may be read only: they are replaced, never written over."""
    second = desk.folder / "second"
    desk.issue("--second-medium", second)
    (key,) = second.glob("casebook-backup-*.key")
    aside = desk.folder / "aside"
    aside.hardlink_to(key)
    before = aside.read_bytes()
    key_at_home = desk.root / key.name
    key_at_home.chmod(0o600)
    key_at_home.write_bytes(before + b"\n")
    desk.issue("--second-medium", second)
    assert key.read_bytes() == before + b"\n"
    assert aside.read_bytes() == before
    assert key.stat().st_mode & 0o777 == 0o400


def test_the_next_manifest_lists_a_server_that_was_added(desk: Desk) -> None:
    desk.know_server(FakeServer("another"))
    manifest = _verified(desk.issue(), desk.root / "root.pub")
    assert [server.name for server in manifest.manifest.servers] == ["another", "server"]


def test_a_server_of_a_known_name_is_refused(desk: Desk) -> None:
    assert desk.run("servers", "add", desk.home, FakeServer().write_party(desk.folder)) == 1
    assert "known already" in desk.err


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff" * 100_000])
def test_a_file_that_is_no_servers_is_refused(desk: Desk, content: bytes) -> None:
    (desk.folder / "no.pub").write_bytes(content)
    assert desk.run("servers", "add", desk.home, desk.folder / "no.pub") == 1
    assert "is no server's public file" in desk.err


def test_a_single_reviewer_without_a_twin_is_warned_at_every_issue_and_in_status(desk: Desk) -> None:
    desk.issue()
    assert "there is no twin medium" in desk.err
    desk.do("keys", "status", desk.home)
    assert "there is no twin medium" in desk.err
    desk.issue("--twin", desk.folder / "twin")
    assert "there is no twin medium" not in desk.err


def test_a_twin_that_misses_new_keys_is_told(desk: Desk) -> None:
    desk.issue("--twin", desk.folder / "twin")
    desk.issue("--weeks", "9")
    assert "does not have the new keys" in desk.err


def test_a_link_on_the_twin_goes_and_what_it_leads_to_stays(desk: Desk) -> None:
    """Anyone who had the medium in hand for a minute must not destroy a key of the home with it."""
    desk.issue("--twin", desk.folder / "twin")
    own = {path: path.read_bytes() for path in (desk.home / "keys").iterdir()}
    link = desk.folder / "twin" / "keys" / "intake-2020-W01.key"
    link.symlink_to(next(path for path in own if path.name.startswith("intake-")))
    desk.issue("--twin", desk.folder / "twin")
    assert not link.is_symlink()
    assert {path: path.read_bytes() for path in own} == own


def test_an_unprotected_home_is_told_loudly_each_time(desk: Desk) -> None:
    desk.do("keys", "status", desk.home)
    assert "NOT PROTECTED by a passphrase" in desk.err


def test_status_says_what_can_be_opened(desk: Desk) -> None:
    status = desk.json("keys", "status", desk.home)
    assert status["manifest_version"] == 1
    assert len(status["weeks"]) == 8
    assert status["without_key"] == []
    assert status["days_left"] > 50
    assert status["protected"] is False


def test_a_week_whose_key_is_on_no_disk_is_told(desk: Desk) -> None:
    week = desk.json("keys", "status", desk.home)["weeks"][3]["week"]
    (desk.home / "keys" / f"intake-{week}.key").unlink()
    assert desk.json("keys", "status", desk.home)["without_key"] == [week]


@pytest.mark.parametrize("days", [-40, 400])
def test_a_clock_that_is_hardly_right_is_named_and_nothing_is_issued(desk: Desk, days: int) -> None:
    wrong = today() + dt.timedelta(days=days)
    with (
        open_home(desk.home, entry=SecretEntry(None)) as home,
        pytest.raises(ProgramError, match=f"this machine says it is {wrong.isoformat()}") as caught,
    ):
        issue_keys(home, RootMedium.open_existing(desk.root), weeks=8, twin=None, today=wrong)
    assert "--date-is-right" in (caught.value.hint or "")
    assert len(list((desk.root / "manifests").glob("*.json"))) == 1


def test_a_manifest_from_a_clock_far_ahead_does_not_stand_in_the_way_of_the_next(desk: Desk) -> None:
    ahead = today() + dt.timedelta(days=400)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        medium = RootMedium.open_existing(desk.root)
        issue_keys(home, medium, weeks=8, twin=None, date_is_right=True, today=ahead)
    desk.issue("--date-is-right")
    assert desk.server.manifest is not None
    assert desk.server.manifest.version == 3
    assert len(desk.server.manifest.manifest.intake) == 8
    desk.server.manifest.check_day(today())


def test_a_manifest_ends_where_weeks_with_keys_end_though_a_clock_ahead_has_listed_later_ones(desk: Desk) -> None:
    """Else no one would be warned before the gap, in which intake is closed."""
    ahead = today() + dt.timedelta(days=200)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        medium = RootMedium.open_existing(desk.root)
        issue_keys(home, medium, weeks=8, twin=None, date_is_right=True, today=ahead)
    desk.issue("--date-is-right")
    assert desk.server.manifest is not None
    manifest = desk.server.manifest.manifest
    assert len(manifest.intake) == 16
    assert manifest.expires == manifest.intake[7].week.last_day
    assert desk.json("keys", "status", desk.home)["days_left"] < 70


def test_a_manifest_that_could_not_be_written_out_is_written_later_and_not_signed_again(desk: Desk) -> None:
    issue = ("keys", "issue", desk.home, "--root", desk.root)
    assert desk.run(*issue, "--out", desk.folder / "nowhere" / "manifest.json") == 1
    assert "manifest 2 is signed and lies on the root medium, but then: cannot write" in desk.err
    assert "--again" in desk.err
    out = desk.folder / "again" / "manifest.json"
    out.parent.mkdir()
    second = desk.folder / "second"
    desk.do(*issue, "--out", out, "--again", "--root-copy", second)
    on_medium = desk.root / "manifests" / "00000002.json"
    assert out.read_bytes() == on_medium.read_bytes()
    assert (out.parent / "manifest.json.minisig").exists()
    assert [path.name for path in sorted((out.parent / "manifest.json.chain").glob("*.json"))] == ["00000001.json"]
    assert len(list((desk.root / "manifests").glob("*.json"))) == 2
    assert len(list((second / "manifests").glob("*.json"))) == 2
    assert desk.run(*issue, "--out", out, "--again", "--twin", desk.folder / "twin") == 2


def test_what_is_written_out_again_is_gone_by_here_too_and_only_of_our_own_root(desk: Desk, tmp_path: Path) -> None:
    """The power fails between medium and casebook: servers would seal under what this home does not know."""
    issue = ("keys", "issue", desk.home, "--out", desk.folder / "manifest.json", "--root")
    with failing_step(PendingReviewers, "settle", ProgramError("the power failed")):
        assert desk.run(*issue, desk.root) == 1
    assert desk.json("keys", "status", desk.home)["manifest_version"] == 1
    desk.do(*issue, desk.root, "--again")
    assert desk.json("keys", "status", desk.home)["manifest_version"] == 2
    other = desk.beside(tmp_path / "other")
    other.found()
    other.issue()
    assert desk.run(*issue, other.root, "--again") == 1
    assert "not the one that this home pins" in desk.err


def test_with_nothing_issued_there_is_nothing_to_write_out_again(bare_desk: Desk) -> None:
    bare_desk.found()
    issue = ("keys", "issue", bare_desk.home, "--root", bare_desk.root, "--out", bare_desk.folder / "manifest.json")
    assert bare_desk.run(*issue, "--again") == 1
    assert "no manifest was issued yet" in bare_desk.err


def _beside_each_other(desk: Desk) -> Desk:
    """Another organisation's desk, whose manifests go into the same folder."""
    other = desk.beside(desk.folder / "other")
    other.found()
    other.know_server()
    return other


def _state(*folders: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("lost", ["nothing", "manifest", "text"])
def test_files_of_another_organisation_in_the_folder_are_never_written_over(desk: Desk, lost: str) -> None:
    other = _beside_each_other(desk)
    issue = ("keys", "issue", other.home, "--root", other.root, "--out")
    recipients = desk.folder / f"recipients-{Quarter.of(today())}.txt"
    match lost:
        case "manifest":
            (desk.folder / "manifest.json.minisig").unlink()
        case "text":
            recipients.unlink()
    kept = _state(desk.folder)
    assert other.run(*issue, desk.folder / "om.json") == 1
    assert f"{recipients}.minisig is signed by another root key" in other.err
    assert "another folder" in other.err
    assert "nothing was issued" in other.err
    assert _state(desk.folder) == kept
    assert RootMedium.open_existing(other.root).newest is None
    other.do(*issue, other.folder / "om.json")
    assert other.run(*issue, desk.folder / "om.json", "--again") == 1
    assert f"{recipients}.minisig is signed by another root key" in other.err


def test_a_manifest_of_another_organisation_is_never_written_over(desk: Desk) -> None:
    other = _beside_each_other(desk)
    for path in desk.folder.glob("recipients-*"):
        path.unlink()
    kept = _state(desk.folder)
    issue = ("keys", "issue", other.home, "--root", other.root, "--out")
    assert other.run(*issue, desk.folder / "manifest.json") == 1
    assert "manifest.json.minisig is signed by another root key" in other.err
    assert _state(desk.folder) == kept
    other.do(*issue, desk.folder / "om.json")


def test_own_files_are_replaced_also_where_the_power_failed_between_two_of_them(desk: Desk) -> None:
    """And what others sealed for quarters that are over does not stand in the way: it is not touched."""
    other = _beside_each_other(desk)
    old = desk.folder / "recipients-2020-Q1.txt.minisig"
    old.write_bytes(minisign.sign(b"", key=RootMedium.open_existing(other.root).signing_key, trusted_comment=""))
    recipients = desk.folder / f"recipients-{Quarter.of(today())}.txt"
    (desk.folder / "manifest.json").write_bytes(b"half of one")
    recipients.write_bytes(b"")
    desk.issue()
    assert recipients.stat().st_size > 0
    recipients.with_name(recipients.name + ".minisig").write_bytes(b"")
    desk.issue()


def test_what_is_no_signature_is_not_written_over_as_one(desk: Desk) -> None:
    signature = desk.folder / f"recipients-{Quarter.of(today())}.txt.minisig"
    signature.write_bytes(b"a letter")
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "manifest.json") == 1
    assert f"{signature} is there, and is no signature" in desk.err
    assert signature.read_bytes() == b"a letter"
