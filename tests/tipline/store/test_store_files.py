"""The files on the disk: for a thief of them, after a crash, and with a wrong key."""

import hashlib
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlcipher3 import dbapi2 as sqlcipher

from tests.organisation import TODAY, FixedClock
from tests.steps import failing_step
from tipline.store import Store
from tipline.store.arrival import ROW_BYTES
from tipline.store.database import _BUSY_SECONDS
from tipline.store.errors import NewerStore, StoreError, StoreFull, WrongDatabaseKey

KEY = bytes(range(32))
MANIFEST = b"m" * 32

# Receives for ever, and says after each receipt which digest it has promised.
RECEIVING = """
import hashlib, os, sys
from pathlib import Path
from tipline.store import Store
store = Store(Path(sys.argv[1]), bytes(range(32)), reserve_bytes=0)
while True:
    sealed = os.urandom(3 << 20)
    arrival = store.submissions.receive("2026-W48", b"m" * 32)
    for start in range(0, len(sealed), 65536):
        arrival.write(sealed[start : start + 65536])
    arrival.complete()
    print(hashlib.sha256(sealed).hexdigest(), flush=True)
"""


def keep(store: Store, sealed: bytes) -> None:
    with store.submissions.receive("2026-W48", MANIFEST) as arrival:
        arrival.write(sealed)
        arrival.complete()


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_neither_sealed_bytes_nor_tags_nor_names_lie_readable_on_the_disk(tmp_path: Path) -> None:
    canary, tag = os.urandom(48), os.urandom(32)
    with Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=0) as store:
        keep(store, canary * 200_000)
        store.replies.put(b"r" * 16, b"s" * 16, tag, canary * 1400, TODAY)
        store.settings.put("server-seeds", canary)
        while_open = bytes_on_disk(tmp_path)
    for seen in (while_open, bytes_on_disk(tmp_path)):
        assert len(seen) > 9_000_000
        for secret in (
            canary,
            tag,
            b"2026-W48",
            MANIFEST,
            b"CREATE TABLE",
            b"SQLite format",
            KEY,
            KEY.hex().encode(),
        ):
            assert secret not in seen


def test_the_same_search_finds_them_in_a_file_that_is_not_encrypted(tmp_path: Path) -> None:
    canary = os.urandom(48)
    plain = sqlcipher.connect(str(tmp_path / "plain.db"))
    plain.execute("CREATE TABLE pieces (sealed BLOB)")
    plain.execute("INSERT INTO pieces VALUES (?)", (canary,))
    plain.commit()
    plain.close()
    assert canary in bytes_on_disk(tmp_path)
    assert b"CREATE TABLE" in bytes_on_disk(tmp_path)


def decrypted(path: Path, page_bytes: int) -> bytes:
    """Every page of a SQLCipher file in the clear, free ones too, as a thief who has the key can see them.

    AES-256-CBC page by page; the last 48 bytes of each are its IV and its HMAC, the first 16 of the file a salt.
    """
    raw = path.read_bytes()
    assert len(raw) % page_bytes == 0
    clear = []
    for start in range(0, len(raw), page_bytes):
        page = raw[start : start + page_bytes]
        sealed, iv = page[16 * (start == 0) : -48], page[-48:-32]
        opener = Cipher(algorithms.AES(KEY), modes.CBC(iv)).decryptor()
        clear.append(opener.update(sealed) + opener.finalize())
    return b"".join(clear)


def test_what_was_deleted_is_in_no_page_and_no_journal_even_for_a_thief_with_the_key(tmp_path: Path) -> None:
    canary = os.urandom(48)
    with Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=0) as store:
        keep(store, canary * 200_000)
        store.replies.put(b"r" * 16, b"s" * 16, b"t" * 32, canary * 1400, TODAY)
        store.wipe_traces()
        # The search works: while both are there, it finds them.
        assert canary in decrypted(tmp_path / "bulk.db", 65536)
        assert canary in decrypted(tmp_path / "tipline.db", 8192)
        store.replies.replace([(b"r" * 16, b"S" * 16, b"T" * 32, bytes(67_195))])
        (stored,) = store.submissions.waiting()
        store.submissions.delete(stored.submission)
        store.wipe_traces()
        assert (tmp_path / "tipline.db-wal").stat().st_size == 0
        assert (tmp_path / "bulk.db-journal").stat().st_size == 0
        assert canary not in decrypted(tmp_path / "bulk.db", 65536)
        assert canary not in decrypted(tmp_path / "tipline.db", 8192)
        assert b"2026-W48" not in decrypted(tmp_path / "tipline.db", 8192)


def test_neither_deletion_nor_heartbeat_waits_for_a_backup_that_reads_and_the_next_one_empties_the_log(
    tmp_path: Path,
) -> None:
    log = tmp_path / "tipline.db-wal"
    with (
        Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=0) as store,
        Store(tmp_path, KEY, clock=FixedClock(), reserve_bytes=0) as reader,
    ):
        store.replies.put(b"r" * 16, b"s" * 16, b"t" * 32, bytes(67_195), TODAY)
        with reader._small.snapshot() as small:
            small.execute("SELECT count(*) FROM replies").fetchall()
            began = time.monotonic()
            store.replies.replace([(b"r" * 16, b"S" * 16, b"T" * 32, bytes(67_195))])
            store.beat()
            assert time.monotonic() - began < _BUSY_SECONDS / 2
        assert log.stat().st_size
        store.beat()
        assert log.stat().st_size == 0


def test_a_heartbeat_that_the_disk_refuses_empties_the_log_all_the_same(
    tmp_path: Path,
) -> None:
    with Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=0) as store:
        store.replies.put(b"r" * 16, b"s" * 16, b"t" * 32, bytes(67_195), TODAY)
        assert (tmp_path / "tipline.db-wal").stat().st_size
        refused = failing_step(store.submissions, "sweep_left_over", StoreFull("for a test"))
        with refused, pytest.raises(StoreFull):
            store.beat()
        assert (tmp_path / "tipline.db-wal").stat().st_size == 0


@pytest.mark.parametrize("is_refused", [False, True])
def test_after_the_log_was_emptied_in_haste_the_store_waits_for_others_as_before(
    tmp_path: Path, is_refused: bool
) -> None:
    def refuse_to_empty(action: int, name: str | None, *_rest: object) -> int:
        is_asked = action == sqlcipher.SQLITE_PRAGMA and name == "wal_checkpoint"
        return sqlcipher.SQLITE_DENY if is_asked and is_refused else sqlcipher.SQLITE_OK

    with Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=0) as store:
        store._small._connection.set_authorizer(refuse_to_empty)
        store.replies.replace([])
        assert store._small.row("PRAGMA busy_timeout") == (1000 * _BUSY_SECONDS,)


def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    with Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=0) as store:
        keep(store, b"sealed")
        found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert set(found.values()) == {0o600}, found


def test_another_key_is_named_as_the_reason(tmp_path: Path) -> None:
    Store(tmp_path, KEY, create=True).close()
    with pytest.raises(WrongDatabaseKey):
        Store(tmp_path, bytes(32))
    Store(tmp_path, KEY).close()


def test_the_database_library_says_nothing_by_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """It would say at which time of day something went wrong."""
    Store(tmp_path, KEY, create=True).close()
    with pytest.raises(WrongDatabaseKey):
        Store(tmp_path, bytes(32))
    assert capfd.readouterr() == ("", "")


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    with Store(tmp_path, KEY, create=True) as store:
        store._small._connection.execute("PRAGMA user_version = 99")
    before = (tmp_path / "tipline.db").read_bytes()
    with pytest.raises(NewerStore):
        Store(tmp_path, KEY)
    assert (tmp_path / "tipline.db").read_bytes() == before


def test_a_missing_file_is_not_made_anew(tmp_path: Path) -> None:
    Store(tmp_path, KEY, create=True).close()
    (tmp_path / "bulk.db").unlink()
    with pytest.raises(StoreError, match=r"bulk\.db is missing"):
        Store(tmp_path, KEY)
    assert not (tmp_path / "bulk.db").exists()


def test_a_flipped_bit_in_a_stored_page_is_an_error_and_not_other_bytes(tmp_path: Path) -> None:
    with Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=0) as store:
        keep(store, os.urandom(1 << 20))
    raw = bytearray((tmp_path / "bulk.db").read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / "bulk.db").write_bytes(raw)
    with Store(tmp_path, KEY) as store:
        (stored,) = store.submissions.waiting()
        with pytest.raises(StoreError):
            list(store.submissions.pieces(stored.submission))


def test_kill_9_in_the_middle_loses_no_promise_and_leaves_nothing_half_listed(tmp_path: Path) -> None:
    Store(tmp_path, KEY, create=True).close()
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", RECEIVING, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        promised = {child.stdout.readline().strip() for _ in range(2)}
        child.send_signal(signal.SIGKILL)
        promised |= {line.strip() for line in child.stdout.read().splitlines()}
        child.wait()
        child.stdout.close()
        with Store(tmp_path, KEY, reserve_bytes=0) as store:
            store.submissions.sweep_unfinished()
            stored = {each.sha256.hex(): each for each in store.submissions.waiting()}
            assert promised <= set(stored)
            for digest, each in stored.items():
                assert hashlib.sha256(b"".join(store.submissions.pieces(each.submission))).hexdigest() == digest
            assert store._small.row("SELECT count(*) FROM submissions WHERE state != 'complete'") == (0,)
            in_bulk = store._bulk.rows("SELECT DISTINCT submission FROM pieces")
            assert {row[0] for row in in_bulk} == {each.submission for each in stored.values()}


def test_pieces_whose_submission_a_power_failure_forgot_are_swept_and_nothing_else(tmp_path: Path) -> None:
    with Store(tmp_path, KEY, create=True, reserve_bytes=0) as store:
        keep(store, b"sealed")
        arrival = store.submissions.receive("2026-W48", MANIFEST)
        arrival.write(bytes(ROW_BYTES))
        assert arrival._being_written is not None
        arrival._being_written.result()
        with store._small.transaction() as small:  # the row was not durable yet
            small.execute("DELETE FROM submissions WHERE state = 'receiving'")
    with Store(tmp_path, KEY) as store:
        assert store._bulk.row("SELECT count(*) FROM pieces") == (2,)
        store.submissions.sweep_unfinished()
        (kept,) = store.submissions.waiting()
        assert store._bulk.rows("SELECT submission FROM pieces") == [(kept.submission,)]
        assert list(store.submissions.pieces(kept.submission)) == [b"sealed"]


def test_another_process_may_delete_while_this_one_receives(tmp_path: Path) -> None:
    with Store(tmp_path, KEY, create=True, reserve_bytes=0) as here, Store(tmp_path, KEY, reserve_bytes=0) as there:
        for _ in range(3):
            keep(here, os.urandom(5 << 20))
        first = [each.submission for each in there.submissions.waiting()]

        def delete_them() -> None:
            for submission in first:
                there.submissions.delete(submission)

        deleting = threading.Thread(target=delete_them)
        deleting.start()
        for _ in range(3):
            keep(here, os.urandom(5 << 20))
        deleting.join()
        left = here.submissions.waiting()
        assert len(left) == 3
        assert not {each.submission for each in left} & set(first)


def test_the_heartbeat_changes_both_files_and_nothing_in_them_grows(tmp_path: Path) -> None:
    with Store(tmp_path, KEY, create=True, reserve_bytes=0) as store:
        store.beat()
        store.wipe_traces()
        before = [(tmp_path / name).read_bytes() for name in ("tipline.db", "bulk.db")]
        store.beat()
        store.wipe_traces()
        after = [(tmp_path / name).read_bytes() for name in ("tipline.db", "bulk.db")]
    assert all(old != new and len(old) == len(new) for old, new in zip(before, after, strict=True))
