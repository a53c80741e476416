"""export, import and status, as an operator calls them."""

import dataclasses
import json
import os
import re
from pathlib import Path

import pytest

from crypto.bundles.bundle_file import read_bundle_file
from crypto.bundles.bundle_statement import Statement
from crypto.keys.minisign import public_key_file
from crypto.keys.party import Party
from crypto.primitives.week import Quarter
from onion.service_key import ServiceKey
from outreach.public_site import Number, PublicSite
from system.clock import SYSTEM_CLOCK
from tests.organisation import Organisation
from tipline.cli import main
from tipline.instance.folder import SiteFolder
from tipline.instance.open_site import open_site
from tipline.operations.site_status import SiteStatus


class Site:
    """Made and opened by the commands themselves, with an unprotected key."""

    def __init__(self, path: Path, *, weeks: int = 8, signs_recipients: bool = True) -> None:
        self.organisation = Organisation()
        self.organisation.signs_recipients = signs_recipients
        self.root_key = path / "root.pub"
        self.root_key.write_bytes(public_key_file(self.organisation.root.verify_key()))
        self.folder = path / "site"
        assert main(["init", str(self.folder), "--root-key", str(self.root_key)]) == 0
        server = Party.parse((self.folder / "server.pub").read_bytes())
        issued = self.organisation.issue(server, today=SYSTEM_CLOCK.today(), weeks=weeks)
        self.manifest = path / "manifest.json"
        self.manifest.write_bytes(issued.raw)
        (path / "manifest.json.minisig").write_bytes(issued.signature)

    def adopt(self) -> None:
        assert main(["manifest", str(self.folder), str(self.manifest)]) == 0

    def keep(self, sealed: bytes) -> None:
        with open_site(self.folder, None) as opened:
            intake = opened.policy.intake()
            with opened.store.submissions.receive(str(intake.week), intake.manifest_sha256) as arrival:
                arrival.write(sealed)
                arrival.complete()

    def status(self, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
        capsys.readouterr()
        assert main(["status", str(self.folder), "--json"]) == 0
        told: dict[str, object] = json.loads(capsys.readouterr().out)
        return told


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_export_writes_one_bundle_and_says_so(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.adopt()
    site.keep(os.urandom(71_866))
    out = tmp_path / "tips.bundles"
    assert main(["export", str(site.folder), "--out", str(out)]) == 0
    assert "1 bundle" in capsys.readouterr().out
    with out.open("rb") as source:
        assert sum(1 for _sealed in read_bundle_file(source)) == 1
    assert out.stat().st_mode & 0o077 == 0


def test_export_and_status_name_the_stream_that_reviewers_confirm(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.adopt()
    assert site.status(capsys)["stream"] is None
    site.keep(b"sealed")
    assert main(["export", str(site.folder), "--out", str(tmp_path / "tips.bundles")]) == 0
    told = re.search(r"^stream of bundles ([0-9a-f]{32})$", capsys.readouterr().out, re.MULTILINE)
    assert told is not None
    with open_site(site.folder, None) as opened:
        (number,) = opened.store.outgoing.numbers()
        signed = opened.store.outgoing.statement(number)
    assert Statement.parse(signed.statement).stream.hex() == told[1]
    assert site.status(capsys)["stream"] == told[1]
    assert main(["status", str(site.folder)]) == 0
    assert f"stream           {told[1]}" in capsys.readouterr().out


@pytest.mark.parametrize("options", [[], ["--without-damaged"]], ids=["plain", "as older scripts call it"])
def test_export_leaves_out_what_the_disk_has_harmed_and_names_it_here_and_in_the_status(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    site.adopt()
    site.keep(os.urandom(71_866))
    with open_site(site.folder, None) as opened, opened.store._bulk.transaction() as bulk:
        bulk.execute("UPDATE pieces SET sealed = zeroblob(length(sealed))")
    assert main(["export", str(site.folder), "--out", str(tmp_path / "tips.bundles"), *options]) == 0
    told = capsys.readouterr()
    assert "1 bundle" in told.out
    assert "warning: item 1 of bundle 1 (submission " in told.err
    (named,) = site.status(capsys)["withheld"]  # type: ignore[misc]
    assert named.startswith("item 1 of bundle 1 (submission ")


def test_export_replaces_a_file_only_by_a_whole_one(site: Site, tmp_path: Path) -> None:
    out = tmp_path / "tips.bundles"
    out.write_text("before")
    assert main(["export", str(site.folder), "--out", str(out)]) == 1  # no manifest yet: no one to seal to
    assert out.read_text() == "before"
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_export_into_a_folder_that_is_not_there_is_refused(site: Site, tmp_path: Path) -> None:
    site.adopt()
    assert main(["export", str(site.folder), "--out", str(tmp_path / "nowhere" / "tips.bundles")]) == 1


def test_a_device_or_pipe_is_never_replaced_by_an_export(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.adopt()
    os.mkfifo(tmp_path / "pipe")
    assert main(["export", str(site.folder), "--out", str(tmp_path / "pipe")]) == 1
    assert "is there, and is no file" in capsys.readouterr().err
    assert (tmp_path / "pipe").is_fifo()


def test_import_of_something_else_is_refused_with_a_hint(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.adopt()
    (tmp_path / "outbox").write_bytes(b"not a file of bundles")
    assert main(["import", str(site.folder), str(tmp_path / "outbox")]) == 1
    told = capsys.readouterr().err
    assert "tipline: error: file of bundles is refused" in told
    assert "tipline: hint: " in told


def test_import_while_another_import_runs_is_refused(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.adopt()
    (tmp_path / "outbox").write_bytes(b"")
    with open_site(site.folder, None) as opened, opened.folder.hold_for_import():
        assert main(["import", str(site.folder), str(tmp_path / "outbox")]) == 1
    assert "another process imports" in capsys.readouterr().err


def test_a_file_that_cannot_be_used_is_a_reason_and_no_traceback(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.adopt()
    (tmp_path / "outbox").write_bytes(b"")
    (site.folder / "store" / "import.lock").mkdir()
    assert main(["import", str(site.folder), str(tmp_path / "outbox")]) == 1
    assert "tipline: error: a file cannot be read or written: is a directory" in capsys.readouterr().err


def test_status_warns_before_the_disk_or_the_keys_run_out(site: Site) -> None:
    site.adopt()
    with open_site(site.folder, None) as opened:
        status = dataclasses.replace(SiteStatus.of(opened), database_key_protected=True, room_mib=10_000)
    assert status.warnings() == []
    (full,) = dataclasses.replace(status, room_mib=100).warnings()
    assert "the disk is nearly full" in full
    (ending,) = dataclasses.replace(status, weeks_left=1).warnings()
    assert ending == "keys last for 1 week: ask for a new manifest"


def test_status_says_that_intake_is_closed_and_why(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    told = site.status(capsys)
    assert told["intake_open"] is False
    assert told["intake_closed_because"] == "no manifest was adopted yet"
    assert told["manifest_version"] is None


def test_status_says_that_intake_is_open_and_how_long_keys_last(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.adopt()
    told = site.status(capsys)
    assert (told["intake_open"], told["intake_closed_because"]) == (True, None)
    assert (told["weeks_left"], told["manifest_version"]) == (8, 1)
    assert told["root_key"] == str(site.organisation.root.verify_key())
    assert told["organisation"] == "Example Watch"
    assert told["served"] is False


def test_status_says_until_when_sources_can_lock_files_by_themselves(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert site.status(capsys)["recipient_file_until"] is None
    site.adopt()
    last_day = Quarter.of(SYSTEM_CLOCK.today()).last_day.isoformat()
    assert site.status(capsys)["recipient_file_until"] == last_day
    assert main(["status", str(site.folder)]) == 0
    told = capsys.readouterr()
    assert f"recipient file   until {last_day}" in told.out
    assert "recipient file" not in told.err


def test_status_warns_when_no_recipient_file_is_signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = Site(tmp_path, signs_recipients=False)
    site.adopt()
    capsys.readouterr()
    assert main(["status", str(site.folder)]) == 0
    told = capsys.readouterr()
    assert "recipient file   not there" in told.out
    assert "warning: there is no recipient file for today" in told.err


def test_status_counts_only_in_classes(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.adopt()
    assert site.status(capsys)["waiting"] == "none"
    for _ in range(3):
        site.keep(os.urandom(100))
    assert site.status(capsys)["waiting"] == "1-9"


def test_status_warns_of_keys_that_run_out_and_of_an_unprotected_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(tmp_path, weeks=2)
    site.adopt()
    capsys.readouterr()
    assert main(["status", str(site.folder)]) == 0
    told = capsys.readouterr()
    assert "intake           open" in told.out
    assert "keys last for 2 weeks" in told.err
    assert "UNPROTECTED" in told.err


def test_status_tells_the_onion_address_once_there_is_a_key(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert site.status(capsys)["onion_address"] is None
    key = ServiceKey.load_or_make(SiteFolder(site.folder).onion / "public")
    assert site.status(capsys)["onion_address"] == key.address


def test_status_tells_what_cards_and_the_clear_page_need(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    ServiceKey.load_or_make(SiteFolder(site.folder).onion / "public")
    settings = 'leave_url = "https://example.org/"\n[[emergency_numbers]]\nplace = "Here"\nnumber = "117"\n'
    (site.folder / "site.toml").write_text(settings, encoding="utf-8")
    told = PublicSite.parse(site.status(capsys))
    assert told.address.endswith(".onion")
    assert told.numbers == (Number("Here", "117"),)
    assert told.leave_url == "https://example.org/"


def test_a_process_that_only_holds_the_folder_is_not_said_to_serve(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_site(site.folder, None) as opened, opened.folder.hold_for_serving():
        told = site.status(capsys)
    assert (told["served"], told["serving"]) == (False, "no: it is being started")


def test_a_folder_that_is_none_is_a_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", str(tmp_path)]) == 1
    assert "is not the folder of a tip line" in capsys.readouterr().err


def test_status_says_which_languages_a_native_speaker_has_read(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert site.status(capsys)["languages"]["en"] == {"own_name": "English", "reviewed": "2026-11-25"}
    assert main(["status", str(site.folder)]) == 0
    told = capsys.readouterr().out
    assert "reviewed by a native speaker: en\n" in told
    assert "not reviewed: es, fr, pt, ro, ru, uk, ar, fa, ur, hi, bn, zh-Hans, th, vi, tl" in told
