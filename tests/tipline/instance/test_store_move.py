"""Folders that an earlier program made: their store moves into a folder of its own, whole, at whatever moment a
machine stops."""

import os
from pathlib import Path

import pytest

from tests.tipline.served import ServedFolder, ask, send_tip
from tests.tipline.serving import OFF, serving_process
from tests.tipline.site_stage import Upload
from tipline.cli import main
from tipline.errors import FolderError
from tipline.instance.store_move import give_store_its_own_folder
from tipline.machine.listener import ListenAddress
from tipline.supervisor.web_process import WebProcess, WebProcessFailed
from tipline.web.order import WebOrder

MOVES = 7
"""Renames that the folder below takes: two files and a journal of the store, version, lock, ballast, and folder."""


def laid_out_as_before(served: ServedFolder) -> ServedFolder:
    """Everything of the store beside the keys, as version 0.1 had it."""
    (served.folder.store / "import.lock").touch(mode=0o600)
    (served.folder.store / "ballast").write_bytes(bytes(8))
    for path in list(served.folder.store.iterdir()):
        path.replace(served.folder.path / path.name)
    (served.folder.path / "store").rmdir()
    return served


@pytest.fixture
def older(served: ServedFolder, tmp_path: Path) -> ServedFolder:
    return laid_out_as_before(served.copy_to(tmp_path / "site"))


def kept(served: ServedFolder) -> tuple[bytes | None, list[str], int]:
    with served.store() as store:
        return (
            served.folder.manifest_version.read_bytes(),
            store.damage(),
            len(store.submissions.waiting()),
        )


def test_serve_moves_the_store_of_an_earlier_program_and_a_tip_arrives_there(
    older: ServedFolder, tmp_path: Path
) -> None:
    with serving_process(older, tmp_path / "said", *OFF) as serving:
        port = int(serving.await_said(r"^address: http://127\.0\.0\.1:(\d+)/")[1])
        assert "the store lies in a folder of its own now" in serving.said()
        assert b"data-passphrase" in send_tip(port, "hello", [Upload("a.bin", bytes(2_000_000))])
        assert ask(port, "GET", "/")[0] == 200
        assert serving.end() == 0
    assert older.waiting() == 1
    assert {path.name for path in older.folder.path.iterdir()} >= {"database.key", "serve.lock", "store"}
    assert not list(older.folder.path.glob("*.db*"))


def test_upgrade_moves_it_once_and_commands_work_before_and_after(
    older: ServedFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    passphrase = ("--passphrase-file", str(older.passphrase_file))
    before = kept(older)
    assert main(["status", str(older.folder.path), *passphrase]) == 0
    assert main(["upgrade", str(older.folder.path), *passphrase]) == 0
    assert "folder of its own" in capsys.readouterr().out
    assert older.folder.store == older.folder.path / "store"
    assert kept(older) == before
    assert main(["upgrade", str(older.folder.path), *passphrase]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert main(["status", str(older.folder.path), *passphrase]) == 0


@pytest.mark.parametrize("after", range(MOVES + 1))
def test_a_machine_that_stops_at_any_rename_loses_nothing_and_the_next_start_goes_on(
    older: ServedFolder, after: int, capsys: pytest.CaptureFixture[str]
) -> None:
    before = kept(older)
    process = os.fork()
    if not process:
        left, replace = [after], Path.replace

        def stopped_then(source: Path, target: Path) -> Path:
            if not left[0]:
                os._exit(9)
            left[0] -= 1
            return replace(source, target)

        Path.replace = stopped_then  # type: ignore[method-assign, assignment]
        give_store_its_own_folder(older.folder)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == (9 if after < MOVES else 0)
    if after < MOVES:
        assert main(["status", str(older.folder.path), "--passphrase-file", str(older.passphrase_file)]) == 1
        assert "it goes on where it stopped" in capsys.readouterr().err
    assert give_store_its_own_folder(older.folder) is (after < MOVES)
    assert older.folder.store == older.folder.path / "store"
    assert kept(older) == before
    assert not list(older.folder.path.glob(".store*"))


def test_what_is_in_the_way_is_named_and_nothing_is_moved(older: ServedFolder) -> None:
    (older.folder.path / "store").mkdir()
    (older.folder.path / "store" / "letters").touch()
    before = kept(older)
    with pytest.raises(FolderError, match="in the way"):
        give_store_its_own_folder(older.folder)
    assert kept(older) == before


def test_the_web_process_does_not_work_in_a_folder_that_holds_keys(older: ServedFolder) -> None:
    order = WebOrder(older.folder.path, older.key, ListenAddress(None, 0), None, behind_tor=False)
    with pytest.raises(WebProcessFailed, match="folder of its own") as refused:
        WebProcess(order)
    assert "tipline upgrade" in (refused.value.hint or "")
