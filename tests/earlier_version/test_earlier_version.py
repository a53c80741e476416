"""The program reads the store, the casebook, the backups and the bundles that the version before it wrote."""

import datetime as dt
import io
import json
import tarfile
from pathlib import Path

import pytest

import reviewer.cli
from tests.organisation import FixedClock
from tipline.bundles.exporter import carry_out
from tipline.cli import main
from tipline.instance.open_site import open_site

WRITTEN = Path(__file__).parent / "written.tar.xz"
PASSPHRASE = "correct horse battery staple\n"
TEXT = "a tip of the version before"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    with tarfile.open(WRITTEN) as files:
        files.extractall(tmp_path, filter="data")
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    return tmp_path


def review(*arguments: str | Path) -> int:
    return reviewer.cli.run(["--beside-network", *map(str, arguments)])


def texts(home: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert review("list", home, "--json") == 0
    (tip,) = json.loads(capsys.readouterr().out)["submissions"]
    assert review("show", home, tip["id"], "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    return [field["value"] for field in shown["fields"] if field["name"] == "text"]


def waiting(site: Path, passphrase: Path) -> int:
    with open_site(site, str(passphrase)) as opened:
        return len(opened.store.submissions.waiting())


def test_the_store_of_a_server_is_read_and_exported(written: Path) -> None:
    clock = FixedClock()
    clock.day = dt.date(2026, 11, 29)
    sink = io.BytesIO()
    with open_site(written / "site", str(written / "passphrase"), clock) as opened:
        done = carry_out(
            sink.write, store=opened.store, folder=opened.folder, policy=opened.policy, clock=opened.clock
        )
    assert (done.bundles, done.submissions, done.withheld) == (1, 1, ())


def test_the_backup_of_a_server_is_restored(written: Path) -> None:
    backup, passphrase = written / "server.backup", written / "passphrase"
    assert main(["restore", str(written / "new"), "--from", str(backup), "--passphrase-file", str(passphrase)]) == 0
    assert waiting(written / "new", passphrase) == 1


def test_the_casebook_of_a_reviewer_is_read_with_its_log(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert texts(written / "home", capsys) == [TEXT]
    assert review("log", "verify", written / "home") == 0


def test_the_backup_of_a_casebook_is_restored(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = written / "casebook-backup-reviewer.key"
    assert review("restore", written / "new", "--from", written / "casebook.age", "--identity", key) == 0
    assert texts(written / "new", capsys) == [TEXT]


def test_a_file_of_bundles_is_read(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert review("import", written / "home", written / "tips.bundles") == 0
    assert "0 new, 1 read before" in capsys.readouterr().out
