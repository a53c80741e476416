"""A full disk, a disk that fails, a store that someone holds: told plainly, and over when the cause is.

Nothing acknowledged is lost. On a real small file system, see `disk_trouble.py`.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tipline.site_stage import Stage
from tipline.requests.refusals import Reason, Refused, store_faults
from tipline.store import Store
from tipline.store.arrival import ROW_BYTES
from tipline.store.errors import StoreBroken, StoreError
from tipline.store.events import Event

KEY = bytes(range(32))
HOLDING = """
import sys
from pathlib import Path
from tipline.store import Store
with Store(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])) as store, store._small.transaction():
    print("held", flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).parents[3]
UNSHARE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


def play(*module_and_arguments: str | Path) -> str:
    done = subprocess.run(
        [*UNSHARE, sys.executable, "-m", *module_and_arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_a_submission_of_which_a_row_is_missing_is_never_called_complete(tmp_path: Path) -> None:
    with Store(tmp_path, KEY, create=True, reserve_bytes=0) as store:
        with store.submissions.receive("2026-W48", b"m" * 32) as arrival:
            arrival.write(bytes(ROW_BYTES))
            assert arrival._being_written is not None
            arrival._being_written.result()
            with store._bulk.transaction() as bulk:
                bulk.execute("DELETE FROM pieces")
            arrival.write(b"the end")
            with pytest.raises(StoreError):
                arrival.complete()
        assert store.submissions.waiting() == []
        with store.submissions.receive("2026-W48", b"m" * 32) as arrival:
            arrival.write(b"the next")
            arrival.complete()
        assert len(store.submissions.waiting()) == 1


def test_a_disk_that_cannot_read_the_manifest_version_is_no_rollback_and_closes_nothing(stage: Stage) -> None:
    file = stage.path / "manifest-version"
    kept = file.read_bytes()
    file.unlink()
    file.mkdir()
    with pytest.raises(StoreBroken):
        stage.policy.intake()
    refused = stage.browser.upload("/", [("nonce", "0" * 32), ("text", "while it fails")])
    assert refused.status == 503
    assert "while it fails" in refused.text
    file.rmdir()
    file.write_bytes(kept)
    assert stage.browser.send_tip("after").words


def test_a_store_held_by_another_process_is_named_then_used_again(tmp_path: Path) -> None:
    with Store(tmp_path, KEY, create=True) as store:
        _wait_for_moments_only(store)
        with held(tmp_path, KEY):
            with pytest.raises(Refused) as refused, store_faults():
                store.submissions.receive("2026-W48", b"m" * 32)
            assert refused.value.reason is Reason.STORE_TROUBLE
        store.submissions.receive("2026-W48", b"m" * 32).discard()
        assert store.events.last(Event.STORE_HELD) is not None
        store.beat()
    with Store(tmp_path, KEY) as store:
        assert store.events.last(Event.STORE_HELD) is not None, "kept, once the store took it"


def test_while_the_store_is_held_the_text_comes_back_politely_and_another_press_sends_it(stage: Stage) -> None:
    _wait_for_moments_only(stage.store)
    nonce = stage.browser.get("/").hidden("nonce")
    with held(stage.path, bytes(32)):
        refused = stage.browser.send_tip("from the harbour", nonce=nonce)
    assert refused.status == 503
    assert refused.header("Retry-After") is not None
    assert ">\nfrom the harbour</textarea>" in refused.body.decode()
    assert stage.read_all() == []
    assert stage.browser.send_tip("from the harbour", nonce=nonce).words
    assert stage.read_one().text == "from the harbour"


@contextlib.contextmanager
def held(folder: Path, key: bytes) -> Iterator[None]:
    """Meanwhile another process writes to the store in ``folder``, and does not come to an end."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, folder, key.hex()], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout
        assert holder.stdin
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.stdin.close()


def _wait_for_moments_only(store: Store) -> None:
    """Instead of the many seconds that a store waits for another one."""
    store._small._connection.execute("PRAGMA busy_timeout = 100")
