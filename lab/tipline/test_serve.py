"""`tipline serve` without Tor: closed intake, an end while it waits, a web process or a terminal that is gone."""

import os
import signal
import subprocess
from pathlib import Path

from tests.tipline.processes import children_of, eventually, is_gone
from tests.tipline.served import ServedFolder
from tests.tipline.serving import OFF, TIPLINE, serving_process
from tipline.store.events import Event


def test_a_site_that_takes_nothing_in_is_served_and_says_so(tmp_path: Path) -> None:
    closed = ServedFolder(tmp_path / "site")
    closed.folder.manifest_version.write_text("99\n")
    with serving_process(closed, tmp_path, *OFF) as serving:
        serving.await_said("^ready$")
        assert (
            "warning: intake is closed: this server was restored from a backup, or its store was put back"
            in serving.said()
        )
        assert serving.end() == 0


def test_a_server_that_waits_ends_at_once_when_it_is_told_to(served: ServedFolder, tmp_path: Path) -> None:
    with serving_process(served, tmp_path, *OFF, "--wait-for-unlock", passphrase=False) as serving:
        serving.await_said("^waiting for the passphrase")
        assert serving.end() == 0
    assert not (served.folder.path / "unlock.socket").exists()


def test_a_server_whose_terminal_is_gone_goes_on_and_starts_its_web_process_again(served: ServedFolder) -> None:
    command = [*TIPLINE, "serve", str(served.folder.path), "--passphrase-file", str(served.passphrase_file), *OFF]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        try:
            assert any(line == "ready\n" for line in process.stdout)
            process.stdout.close()
            (web,) = children_of(process.pid)
            os.kill(web, signal.SIGKILL)
            assert eventually(lambda: children_of(process.pid) not in ([], [web]), seconds=60)
            assert process.poll() is None
        finally:
            process.terminate()
        assert process.wait(30) == 0


def test_a_web_process_that_dies_is_started_again(served: ServedFolder, tmp_path: Path) -> None:
    with serving_process(served, tmp_path, *OFF) as serving:
        serving.await_said("^ready$")
        (web,) = serving.children()
        workers = children_of(web)
        os.kill(web, signal.SIGKILL)
        serving.await_said("the web process died; starting it again")
        assert eventually(lambda: serving.children() not in ([], [web]))
        assert eventually(lambda: all(map(is_gone, workers)))
        assert serving.end() == 0
    with served.store() as store:
        assert {Event.SERVED, Event.WEB_PROCESS_DIED} <= set(store.events.days())
