"""Every way in which a manifest can be wrong, as an operator meets it: named, and intake as it must be."""

import dataclasses
import datetime as dt
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crypto.keys.minisign import public_key_file
from crypto.keys.party import Party, PartyKeys
from crypto.manifests.manifest import VerifiedManifest, sign_manifest, verify_manifest
from system.clock import SYSTEM_CLOCK
from tests.organisation import FixedClock, Organisation
from tipline.bundles.manifest_update import adopt_run
from tipline.cli import main
from tipline.errors import ManifestRefused
from tipline.instance.folder import SiteFolder
from tipline.instance.open_site import open_site

Fault = Callable[["Site"], Path]


class Site:
    """A server that goes by manifest 2 of 2, made and asked by the commands."""

    def __init__(self, path: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self._captured = captured
        self.organisation = Organisation()
        (path / "root.pub").write_bytes(public_key_file(self.organisation.root.verify_key()))
        self.folder = path / "site"
        assert main(["init", str(self.folder), "--root-key", str(path / "root.pub")]) == 0
        self.server = Party.parse((self.folder / "server.pub").read_bytes())
        self.issue()
        assert self.adopt(self.write(self.issue(), before=self.organisation.issued[:1])) == 0

    def issue(self, *others: Party, days_ago: int = 0, valid_days: int = 60) -> VerifiedManifest:
        today = SYSTEM_CLOCK.today() - dt.timedelta(days=days_ago)
        return self.organisation.issue(self.server, *others, today=today, valid_days=valid_days)

    def following(self, **change: object) -> VerifiedManifest:
        """A manifest that the root could sign next, with something else in it."""
        newest = self.organisation.issued[-1]
        fields = {"version": newest.version + 1, "previous_sha256": newest.sha256} | change
        manifest = dataclasses.replace(newest.manifest, **fields)  # type: ignore[arg-type]  # fields of Manifest
        root = self.organisation.root
        return verify_manifest(*sign_manifest(manifest, root=root), root=root.verify_key())

    def write(self, verified: VerifiedManifest, before: list[VerifiedManifest] = []) -> Path:  # noqa: B006 -- read only
        file = self.path / "manifest.json"
        (self.path / "manifest.json.chain").mkdir(exist_ok=True)
        named = [(file.with_name("manifest.json.chain") / f"{each.version:08d}.json", each) for each in before]
        for place, each in [*named, (file, verified)]:
            place.write_bytes(each.raw)
            place.with_name(f"{place.name}.minisig").write_bytes(each.signature)
        return file

    def adopt(self, file: Path, *options: str) -> int:
        self._captured.readouterr()
        return main(["manifest", str(self.folder), str(file), *options])

    def told(self) -> str:
        return self._captured.readouterr().err

    def status(self) -> dict[str, object]:
        self._captured.readouterr()
        assert main(["status", str(self.folder), "--json"]) == 0
        found: dict[str, object] = json.loads(self._captured.readouterr().out)
        return found


@pytest.fixture
def site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Site:
    return Site(tmp_path, capsys)


def _missing_version(site: Site) -> Path:
    site.issue()
    return site.write(site.issue())


def _older(site: Site) -> Path:
    return site.write(site.organisation.issued[0])


def _past_its_last_day(site: Site) -> Path:
    return site.write(site.issue(days_ago=30, valid_days=10))


def _from_next_year(site: Site) -> Path:
    return site.write(site.issue(days_ago=-365))


def _another_salt(site: Site) -> Path:
    derivation = dataclasses.replace(site.organisation.derivation, salt=bytes(16))
    return site.write(site.following(derivation=derivation))


def _another_cost(site: Site) -> Path:
    derivation = dataclasses.replace(site.organisation.derivation, passes=9)
    return site.write(site.following(derivation=derivation))


def _changed_after_signing(site: Site) -> Path:
    file = site.write(site.issue())
    file.write_bytes(file.read_bytes().replace(b"Example Watch", b"Example Match"))
    return file


def _of_another_organisation(site: Site) -> Path:
    return site.write(Organisation().issue(site.server, today=SYSTEM_CLOCK.today()))


def _second_of_its_version(site: Site) -> Path:
    newest = site.organisation.issued[-1].manifest
    return site.write(
        site.following(version=newest.version, previous_sha256=newest.previous_sha256, organisation="Example Two")
    )


def _second_of_its_version_then_a_newer_one(site: Site) -> Path:
    """The fork is behind: what names it as the one before it would take this server over."""
    _second_of_its_version(site)
    ours = site.organisation.issued[-1]
    theirs = site.following(
        version=ours.version, previous_sha256=ours.manifest.previous_sha256, organisation="Example Two"
    )
    return site.write(site.following(previous_sha256=theirs.sha256), before=[theirs])


def _that_names_another_before_it(site: Site) -> Path:
    return site.write(site.following(previous_sha256=bytes(32)))


@pytest.mark.parametrize(
    ("fault", "kind", "hint"),
    [
        (_missing_version, "out of order", "NAME.chain"),
        (_missing_version, "out of order", "tipline manifests of another server"),
        (_missing_version, "out of order", "manifests/ on the root medium"),
        (_older, "rolled back", "ask the reviewers for the newest"),
        (_past_its_last_day, "expired", "check the date"),
        (_from_next_year, "too early", "set the date"),
        (_another_salt, "forked", "ask the reviewers"),
        (_another_cost, "forked", "ask the reviewers"),
        (_changed_after_signing, "bad signature", "compare the root fingerprint"),
        (_of_another_organisation, "bad signature", "compare the root fingerprint"),
        (_second_of_its_version, "forked", "two copies of the root medium"),
        (_second_of_its_version_then_a_newer_one, "forked", "two copies of the root medium"),
        (_that_names_another_before_it, "forked", "two copies of the root medium"),
    ],
)
def test_what_is_wrong_is_named_and_the_manifest_before_stays(
    site: Site, fault: Fault, kind: str, hint: str
) -> None:
    file = fault(site)
    before = site.status()
    assert site.adopt(file) == 1
    told = site.told()
    assert f"manifest is refused ({kind})" in told
    assert hint in told
    after = site.status()
    assert (after["manifest_version"], after["intake_open"]) == (before["manifest_version"], True)
    assert any("different manifest" in str(trouble) for trouble in after["troubles"]) == (kind == "forked")  # type: ignore[attr-defined]


def test_several_versions_that_were_missed_are_caught_up_along_the_chain(site: Site) -> None:
    missed = [site.issue() for _ in range(3)]
    assert site.adopt(site.write(missed[-1], before=missed[:-1])) == 0
    assert site.status()["manifest_version"] == 5


def test_the_manifest_that_removes_a_server_closes_its_intake(site: Site) -> None:
    other = PartyKeys.generate("other").party()
    removed = site.organisation.issue(other, today=SYSTEM_CLOCK.today())
    assert site.adopt(site.write(removed)) == 0
    assert "does not list this server" in site.told()
    status = site.status()
    assert (status["intake_open"], status["manifest_version"]) == (False, 3)
    assert "does not list this server" in str(status["intake_closed_because"])


@pytest.mark.parametrize(
    ("days", "because"),
    [(-365, "issued in the future"), (-2, "issued in the future"), (365, "past its last day")],
)
def test_a_clock_that_is_wrong_by_days_or_a_year_closes_intake_and_says_so(
    site: Site, days: int, because: str
) -> None:
    wrong = FixedClock(SYSTEM_CLOCK.today() + dt.timedelta(days=days))
    with open_site(site.folder, None, clock=wrong) as opened:
        with pytest.raises(Exception, match=because):
            opened.policy.intake()
        newest = [site.organisation.issued[-1].signed]
        with pytest.raises(ManifestRefused):
            adopt_run(newest, store=opened.store, folder=opened.folder, policy=opened.policy, clock=wrong)
    assert site.status()["intake_open"] is True


def test_a_store_put_back_to_an_older_manifest_closes_intake_until_the_newest_is_adopted(site: Site) -> None:
    """SQLCipher finds no rollback; the number that is kept outside of it does."""
    before = {path: path.read_bytes() for path in site.folder.joinpath("store").glob("*.db")}
    of_before, newest = site.organisation.issued[-1], site.issue()
    assert site.adopt(site.write(newest)) == 0
    for path, content in before.items():
        path.write_bytes(content)
    status = site.status()
    assert (status["intake_open"], status["manifest_version"]) == (False, 2)
    assert "its store was put back" in str(status["intake_closed_because"])
    assert "tipline manifest DIR FILE --version N" in str(status["intake_hint"])
    assert site.adopt(site.write(of_before), "--version", "2") == 1
    assert "rolled back" in site.told()
    _opens_by_comparison_only(site, site.write(newest), newest.version)


def test_a_restored_server_takes_no_manifest_below_its_backups_and_the_newest_after_a_comparison(
    site: Site,
) -> None:
    below, newest = site.organisation.issued
    SiteFolder(site.folder).manifest_version.unlink()  # a backup has all but this file
    assert site.adopt(site.write(below), "--version", "1") == 1
    assert "rolled back" in site.told()
    _opens_by_comparison_only(site, site.write(newest), 2)
    assert site.adopt(site.write(site.issue())) == 0, "later ones are adopted as ever"


@pytest.mark.parametrize(("typed", "code"), [("2", 0), ("3", 1)])
def test_at_a_terminal_the_version_is_asked_for_before_anything_is_adopted(
    site: Site, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    SiteFolder(site.folder).manifest_version.unlink()
    file = site.write(site.organisation.issued[-1])
    terminal, ours = os.openpty()
    try:
        os.write(terminal, f"{typed}\n".encode())
        with os.fdopen(os.dup(ours), encoding="utf-8") as asked:
            monkeypatch.setattr(sys, "stdin", asked)
            assert site.adopt(file) == code
    finally:
        os.close(terminal)
        os.close(ours)
    assert site.status()["intake_open"] is (code == 0)


def _opens_by_comparison_only(site: Site, file: Path, version: int) -> None:
    assert site.adopt(file) == 1
    assert "hint: call a reviewer, then add --version N" in site.told()
    assert site.adopt(file, "--version", str(version + 1)) == 1
    assert f"this manifest has version {version}, but the reviewer says {version + 1}" in site.told()
    assert site.status()["intake_open"] is False
    assert site.adopt(file, "--version", str(version)) == 0
    status = site.status()
    assert status["intake_open"] is True
    assert status["reviewers_to_accept"] == [
        party.name for party in site.organisation.issued[-1].manifest.reviewers
    ]
