"""From one schema to the next, and never with a program that does not fit."""

from pathlib import Path

import pytest

from tests.tipline.served import ServedFolder
from tipline.cli import main
from tipline.store import Store
from tipline.store.errors import OlderStore

_BACK_TO_1 = """
    BEGIN;
    CREATE TABLE older (week TEXT PRIMARY KEY, bundle INTEGER NOT NULL REFERENCES statements (number))
        STRICT, WITHOUT ROWID;
    INSERT INTO older SELECT week, bundle FROM closed_weeks;
    DROP TABLE closed_weeks;
    DROP TABLE unaccepted;
    DROP TABLE held_statements;
    DROP TABLE counted_days;
    DROP TABLE receipts;
    CREATE TABLE receipts (sha256 BLOB NOT NULL REFERENCES submissions (sha256) ON DELETE CASCADE,
        reviewer BLOB NOT NULL, day TEXT NOT NULL, PRIMARY KEY (sha256, reviewer)) STRICT, WITHOUT ROWID;
    INSERT INTO submissions (id, state, week, manifest_sha256, day, length, sha256)
        VALUES (zeroblob(16), 'complete', '2026-W40', zeroblob(32), '2026-10-01', 1, zeroblob(32));
    INSERT INTO receipts VALUES (zeroblob(32), zeroblob(32), '2026-10-02');
    ALTER TABLE older RENAME TO closed_weeks;
    PRAGMA user_version = 1;
    COMMIT;
"""


@pytest.fixture
def older(tmp_path: Path) -> ServedFolder:
    """A site as version 1 left it, with a closed week."""
    served = ServedFolder(tmp_path / "site")
    with served.store() as store:
        store._small._connection.execute("INSERT INTO statements VALUES (1, x'00', zeroblob(64))")
        store._small._connection.execute("INSERT INTO closed_weeks VALUES ('2026-W40', 1)")
        store._small._connection.executescript(_BACK_TO_1)
    return served


def command(served: ServedFolder, name: str) -> int:
    return main([name, str(served.folder.path), "--passphrase-file", str(served.passphrase_file)])


def test_an_older_store_is_not_opened_and_the_refusal_says_what_to_do(
    older: ServedFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(OlderStore):
        older.store()
    assert command(older, "status") == 1
    assert "tipline upgrade DIR" in capsys.readouterr().err


def test_an_upgrade_keeps_what_was_there_leaves_no_copy_and_is_done_once(
    older: ServedFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(older, "upgrade") == 0
    out = capsys.readouterr().out
    assert "version 2 now" in out
    assert "version 3 now" in out
    with older.store() as store:
        assert store.submissions.is_closed("2026-W40")
        assert store.outgoing.closed_weeks(1) == ["2026-W40"]
        ((_submission, receipts),) = store.outgoing.receipts()
        assert receipts == {bytes(32): 0}, "its thirty days begin with the upgrade"
        assert store.damage() == []
    assert not list(older.folder.store.glob("*before*"))
    assert command(older, "upgrade") == 0
    assert "nothing to do" in capsys.readouterr().out


def test_an_upgraded_store_has_exactly_the_schema_of_a_new_one(older: ServedFolder, tmp_path: Path) -> None:
    assert command(older, "upgrade") == 0
    (tmp_path / "new").mkdir()
    tables = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    columns = (
        "SELECT t.name, c.* FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY 1, 2"
    )
    with older.store() as upgraded, Store(tmp_path / "new", older.key, create=True) as new:
        assert [row[0] for row in upgraded._small.rows(tables)] == [row[0] for row in new._small.rows(tables)]
        assert upgraded._small.rows(columns) == new._small.rows(columns)


def test_a_server_that_runs_must_be_stopped_first(older: ServedFolder, capsys: pytest.CaptureFixture[str]) -> None:
    with older.folder.hold_for_serving():
        assert command(older, "upgrade") == 1
    assert "stop it first" in capsys.readouterr().err


def test_a_store_of_a_newer_program_is_refused_and_left_alone(
    older: ServedFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(older, "upgrade") == 0
    with older.store() as store:
        store._small._connection.execute("PRAGMA user_version = 99")
    before = (older.folder.store / "tipline.db").read_bytes()
    assert command(older, "upgrade") == 1
    assert "schema version 99" in capsys.readouterr().err
    assert (older.folder.store / "tipline.db").read_bytes() == before
