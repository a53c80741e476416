"""Manifests as reviewers adopt them and see them in envelopes: each fault by its name, and staff are told."""

import dataclasses
import datetime as dt
import shutil
from pathlib import Path

import pytest

from crypto.manifests.manifest import Manifest, VerifiedManifest, sign_manifest, verify_manifest
from reviewer.errors import ManifestRejected
from reviewer.home.home import open_home
from reviewer.keys.manifest_update import adopt_files
from reviewer.media.root_medium import RootMedium
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import FakeServer
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk


def _signed(desk: Desk, manifest: Manifest) -> VerifiedManifest:
    medium = RootMedium.open_existing(desk.root)
    return verify_manifest(*sign_manifest(manifest, root=medium.signing_key), root=medium.verify_key)


def _next(desk: Desk, **change: object) -> VerifiedManifest:
    """A manifest that the root could sign next, with something else in it."""
    newest = RootMedium.open_existing(desk.root).run[-1]
    following = {"version": newest.version + 1, "previous_sha256": newest.sha256} | change
    return _signed(desk, dataclasses.replace(newest.manifest, **following))  # type: ignore[arg-type]  # its fields


def _write(folder: Path, verified: VerifiedManifest) -> Path:
    path = folder / "given.json"
    path.write_bytes(verified.raw)
    path.with_name("given.json.minisig").write_bytes(verified.signature)
    return path


def _refused(one: Desk, file: Path, kind: str) -> str:
    """The refusal that staff are told; the manifest before stays."""
    before = _version(one)
    assert one.run("manifest", one.home, file) == 1
    assert f"manifest refused ({kind})" in one.err
    assert _version(one) == before
    return one.err


def _version(one: Desk) -> int:
    with open_home(one.home, entry=SecretEntry(None)) as home:
        newest = home.casebook.manifests.newest(root=home.root_key)
        return newest.version if newest else 0


def test_several_versions_that_were_missed_are_caught_up_along_the_chain(desk: Desk, second: Colleague) -> None:
    for weeks in ("9", "10", "11"):
        manifest = desk.issue("--weeks", weeks)
    second.adopt(manifest)
    assert "version 5" in second.out
    third = Colleague(desk, "third")
    third.join()
    third.adopt(desk.issue("--with", third.offer()))


def test_a_reviewer_who_was_away_catches_up_though_every_server_has_shown_what_it_missed(
    desk: Desk, second: Colleague
) -> None:
    for weeks in ("9", "10"):
        desk.issue("--weeks", weeks)
    desk.take_in(desk.server.seal())
    second.adopt(desk.issue("--weeks", "11"))
    assert "version 5" in second.out


def test_a_version_that_is_missing_is_out_of_order_and_the_hint_names_all_ways_out(
    desk: Desk, second: Colleague
) -> None:
    desk.issue("--weeks", "9")
    manifest = desk.issue("--weeks", "10")
    shutil.move(desk.folder / "manifest.json.chain", desk.folder / "left-behind")
    told = _refused(second, manifest, "out of order")
    for way in ("NAME.chain", "tipline manifests", "manifests/ on the root medium"):
        assert way in told


def test_the_run_on_a_root_medium_is_read_from_there(desk: Desk, second: Colleague) -> None:
    for weeks in ("9", "10"):
        desk.issue("--weeks", weeks)
    second.adopt(desk.root / "manifests" / "00000004.json")
    assert "version 4" in second.out


def test_an_older_one_is_rolled_back(desk: Desk, second: Colleague) -> None:
    _refused(second, desk.root / "manifests" / "00000001.json", "rolled back")


def test_the_same_one_again_is_harmless(desk: Desk, second: Colleague) -> None:
    second.adopt(desk.folder / "manifest.json")
    second.adopt(desk.folder / "manifest.json")
    desk.do("manifest", desk.home, desk.folder / "manifest.json")


def test_a_forged_one_has_a_bad_signature(desk: Desk, second: Colleague) -> None:
    file = _write(desk.folder, _next(desk))
    file.write_bytes(file.read_bytes().replace(b"Example Watch", b"Example Match"))
    _refused(second, file, "bad signature")


def test_one_of_another_organisation_has_a_bad_signature(desk: Desk, second: Colleague, tmp_path: Path) -> None:
    other = desk.beside(tmp_path / "other")
    other.found()
    other.know_server()
    _refused(second, other.issue(), "bad signature")


def test_two_good_ones_of_one_version_are_a_fork_and_both_issuers_hear_of_it(desk: Desk, second: Colleague) -> None:
    copy = desk.folder / "copy"
    shutil.copytree(desk.root, copy)
    ours = desk.issue("--weeks", "9")
    theirs = second.folder / "theirs.json"
    second.do("keys", "issue", second.home, "--root", copy, "--weeks", "9", "--out", theirs)
    told = _refused(second, ours, "forked")
    assert "two copies of the root medium were used, or a stranger has the root key" in told
    _refused(desk, theirs, "forked")
    assert desk.run("keys", "issue", desk.home, "--root", copy, "--out", desk.folder / "new.json") == 1
    assert "does not hold manifest 3" in desk.err


def test_another_salt_or_cost_is_a_fork(desk: Desk, second: Colleague) -> None:
    derivation = RootMedium.open_existing(desk.root).run[-1].manifest.derivation
    for change in ({"salt": bytes(16)}, {"passes": derivation.passes + 1}):
        changed = dataclasses.replace(derivation, **change)  # type: ignore[arg-type]  # fields of SiteDerivation
        told = _refused(second, _write(desk.folder, _next(desk, derivation=changed)), "forked")
        assert "salt and costs of the derivation must never change" in told


def test_an_expired_one_is_named(desk: Desk, second: Colleague) -> None:
    past = today() - dt.timedelta(days=30)
    _refused(second, _write(desk.folder, _next(desk, issued=past, expires=past)), "expired")


def test_a_clock_that_is_set_back_by_a_year_is_named(desk: Desk, second: Colleague) -> None:
    file = _next(desk).signed
    with open_home(second.home, entry=SecretEntry(None)) as home:
        with pytest.raises(ManifestRejected, match=r"too early.*is the clock right"):
            adopt_files(home, [file], today=today() - dt.timedelta(days=365))
        assert adopt_files(home, [file], today=today()).verified.version == 3


def test_a_first_manifest_must_list_whoever_joins(desk: Desk) -> None:
    stranger = Colleague(desk, "stranger")
    stranger.join()
    assert stranger.run("manifest", stranger.home, desk.folder / "manifest.json") == 1
    assert "does not list this reviewer" in stranger.err


def test_a_manifest_without_its_signature_is_refused_with_its_name(desk: Desk, second: Colleague) -> None:
    alone = desk.folder / "alone.json"
    shutil.copy(desk.folder / "manifest.json", alone)
    assert second.run("manifest", second.home, alone) == 1
    assert "NAME.minisig" in second.err


def test_servers_follow_the_manifest(desk: Desk, second: Colleague) -> None:
    another = FakeServer("another")
    desk.know_server(another)
    second.adopt(desk.issue())
    assert "new server       another" in second.out
    names = [row["name"] for row in second.json("servers", "list", second.home)["servers"]]
    assert names == ["another", "server"]
    desk.do("servers", "remove", desk.home, "another")
    second.adopt(desk.issue())
    assert "server another was removed" in second.err
    assert [row["name"] for row in second.json("servers", "list", second.home)["servers"]] == ["server"]
    desk.know_server(another)
    second.adopt(desk.issue())
    assert "new server       another" in second.out


def test_an_envelope_under_a_newer_manifest_waits_for_it_and_says_that_keys_were_issued_elsewhere(
    desk: Desk, second: Colleague
) -> None:
    manifest = desk.issue()
    file = desk.write(desk.server.submissions(desk.server.seal()))
    before = second.fingerprint()
    assert second.run("import", second.home, file) == 1
    assert "bundle refused (newer manifest): server server seals under manifest 3" in second.err
    assert "knows none after 2" in second.err
    assert second.fingerprint()[2:] == before[2:]
    assert second.submissions() == []
    second.adopt(manifest)
    second.do("import", second.home, file)
    assert len(second.submissions()) == 1


def test_an_envelope_under_a_manifest_of_the_run_that_is_not_here_waits_for_it(desk: Desk) -> None:
    older = desk.server.manifest
    assert older is not None
    week = older.manifest.intake[0].week
    desk.issue()
    rows = desk.folder / "manifest.json"
    desk.tamper("DELETE FROM manifests WHERE version = 1")
    desk.server.manifest = older
    file = desk.write(desk.server.submissions(desk.server.seal(week=week)))
    assert desk.run("import", desk.home, file) == 1
    assert "bundle refused (missing manifest): server server seals under manifest 1" in desk.err
    assert "manifest.json.chain" in desk.err
    assert desk.submissions() == []
    desk.do("manifest", desk.home, rows)
    desk.do("import", desk.home, file)
    assert [one["unopenable"] for one in desk.submissions()] == [None]


def test_an_envelope_that_names_no_manifest_of_ours_is_kept_unopened_and_holds_nothing_up(desk: Desk) -> None:
    desk.take_in(desk.server.seal(manifest_sha256=bytes(32)), desk.server.seal())
    assert [one["unopenable"] for one in desk.submissions()].count("malformed") == 1


def test_a_server_that_goes_back_to_an_older_manifest_is_told(desk: Desk) -> None:
    older = desk.server.manifest
    assert older is not None
    week = older.manifest.intake[0].week
    desk.issue()
    desk.take_in(desk.server.seal(week=week))
    assert "rolled back" not in desk.err
    desk.server.manifest = older
    desk.take_in(desk.server.seal(week=week, submission_id=bytes(16)))
    assert "rolled back" not in desk.err, "of one day: an upload ends under the manifest it began under"
    desk.take_in(desk.server.seal(week=week.next(), submission_id=bytes([1] * 16)))
    assert "server server sealed under manifest 1 on" in desk.err
    assert "though it had manifest 2 before: it was rolled back or restored" in desk.err
    (row,) = desk.json("servers", "list", desk.home)["servers"]
    assert (row["manifest_version"], row["sealing_under"]) == (2, 1)
    assert "FELL BACK to manifest 1" in desk.do("servers", "list", desk.home)
