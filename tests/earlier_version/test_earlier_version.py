"""The program reads the store, the casebook, the backups and the bundles that the version before it wrote."""

import datetime as dt
import io
import json
import shutil
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import reviewer.cli
from crypto.keys.at_rest import RestKey
from reviewer.casebook.database import CasebookDatabase, _connect
from reviewer.casebook.schema import _STEPS
from reviewer.desk.session import DeskSession
from reviewer.home.home import open_home
from reviewer.home.keyring import CASEBOOK_KEY, ENVELOPES_KEY
from reviewer.terminal.secret_entry import SecretEntry
from system.errors import ProgramError
from tests.organisation import FixedClock
from tipline.bundles.exporter import carry_out
from tipline.cli import main
from tipline.instance.open_site import open_site

WRITTEN = Path(__file__).parent / "written.tar.xz"
PASSPHRASE = "correct horse battery staple\n"
TEXT = "a tip of the version before"
_COUNTED = {"sqlite_sequence"}


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


def opened_database(home: Path, name: str) -> CasebookDatabase:
    """A file of the casebook as it lies there: opened without any step to a newer version."""
    copy = home.with_name(f"{home.name} for its keys")
    shutil.copytree(home, copy, dirs_exist_ok=True)
    with open_home(copy, entry=SecretEntry(None)) as opened:
        secret = opened.keyring.secret(ENVELOPES_KEY if name == "envelopes.db" else CASEBOOK_KEY)
    shutil.rmtree(copy)
    return _connect(home / name, RestKey(secret))


def rows_of(home: Path, name: str, columns: Mapping[str, Sequence[str]] | None = None) -> dict[str, list[Any]]:
    """All rows of a file, by table; of ``columns`` only, where some are named."""
    database = opened_database(home, name)
    try:
        tables = [
            row[0]
            for row in database.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search_%'"
                " AND sql NOT LIKE 'CREATE VIRTUAL%'"
            )
        ]
        shown = columns if columns is not None else dict.fromkeys(tables, ("*",))
        return {
            table: sorted(map(repr, database.rows(f"SELECT {', '.join(names)} FROM {table}")))  # noqa: S608
            for table, names in shown.items()
        }
    finally:
        database.close()


def columns_of(home: Path, name: str) -> dict[str, list[str]]:
    database = opened_database(home, name)
    try:
        found: dict[str, list[str]] = {}
        for table in rows_of(home, name):
            found[table] = [row[1] for row in database.rows(f"PRAGMA table_info({table})")]
        return found
    finally:
        database.close()


def version_of(home: Path, name: str) -> int:
    database = opened_database(home, name)
    try:
        return int(database.rows("PRAGMA user_version")[0][0])
    finally:
        database.close()


def test_99_an_older_casebook_is_upgraded_once_and_keeps_every_row(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = written / "home"
    older = {name: version_of(home, name) for name in _STEPS if (home / name).exists()}
    assert older["casebook.db"] < len(_STEPS["casebook.db"])
    columns = {name: columns_of(home, name) for name in older}
    before = {name: rows_of(home, name, columns[name]) for name in older}
    assert texts(home, capsys) == [TEXT]
    for name, rows in before.items():
        assert version_of(home, name) == len(_STEPS[name])
        after = rows_of(home, name, columns[name])
        for table, kept in rows.items():
            # Opening it is logged, and counts up; nothing that was there is changed or gone.
            assert set(kept) <= set(after[table]) or table in _COUNTED, (name, table)
            assert len(kept) <= len(after[table]), (name, table)
    once = rows_of(home, "casebook.db")
    with open_home(home, entry=SecretEntry(None)):
        pass
    assert rows_of(home, "casebook.db") == once
    assert review("log", "verify", home) == 0


@pytest.mark.parametrize("name", ["casebook.db", "contents.db", "envelopes.db"])
def test_99_a_newer_casebook_is_refused_by_name_and_left_alone(
    written: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    home = written / "home"
    assert review("list", home) == 0
    database = opened_database(home, name)
    database.run("PRAGMA user_version = 99")
    database.close()
    before = {path.name: path.read_bytes() for path in home.glob("*.db")}
    capsys.readouterr()
    assert review("list", home) == 1
    assert f"{name} was written by a newer version of this program: its version is 99" in capsys.readouterr().err
    with pytest.raises(ProgramError, match="newer version"):
        DeskSession(home, entry=SecretEntry(None), idle_seconds=1, clock=lambda: 0.0)
    assert {path.name: path.read_bytes() for path in home.glob("*.db")} == before


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
