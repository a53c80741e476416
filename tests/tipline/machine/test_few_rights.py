"""The processes of `tipline serve`, looked at from outside: what each of them may do, holds and was told."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tipline.processes import children_of
from tests.tipline.served import ServedFolder, send_tip
from tests.tipline.serving import OFF, Serving, serving_process, tipline
from tipline.machine.no_plaintext import may_lock_memory
from tipline.machine.privileges import ExcessPrivileges, require_private

CANARY = "canary-in-the-environment"
TOLD = {"GLIBC_TUNABLES", "LANG", "LD_BIND_NOW", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONMALLOC", "TMPDIR"}
"""All that the web process and its worker find in their environment."""


@pytest.fixture(scope="module")
def serving(served: ServedFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Started by hand as no unit would: every right, and a full environment."""
    folder = tmp_path_factory.mktemp("said")
    before = os.umask(0o022)
    os.environ["TIPLINE_TESTS_CANARY"] = CANARY
    try:
        with serving_process(served, folder, *OFF) as started:
            os.umask(before)
            port = int(started.await_said(r"^address: http://127\.0\.0\.1:(\d+)/$")[1])
            started.await_said("^ready$")
            assert b"data-passphrase" in send_tip(port, "hello")
            yield started
    finally:
        os.umask(before)
        del os.environ["TIPLINE_TESTS_CANARY"]


def processes(serving: Serving) -> list[int]:
    """The front, the web process, and its worker."""
    (web,) = serving.children()
    (worker,) = children_of(web)
    return [serving.process.pid, web, worker]


def status(process: int) -> dict[str, str]:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_no_process_gains_privileges_and_what_each_makes_is_for_its_user_only(serving: Serving) -> None:
    for process in processes(serving):
        assert status(process)["NoNewPrivs"] == "1"
        assert status(process)["Umask"] == "0077"


def test_no_process_may_leave_a_core_dump(serving: Serving) -> None:
    for process in processes(serving):
        limits = Path(f"/proc/{process}/limits").read_text().splitlines()
        (core,) = [line.split() for line in limits if line.startswith("Max core file size")]
        assert core[4:6] == ["0", "0"]


def test_memory_is_locked_where_the_system_allows_it(serving: Serving) -> None:
    for process in processes(serving):
        assert (int(status(process)["VmLck"].split()[0]) > 10_000) is may_lock_memory()


def test_the_web_process_is_told_nothing_by_its_environment(serving: Serving) -> None:
    front, *below = processes(serving)
    assert CANARY.encode() in Path(f"/proc/{front}/environ").read_bytes()
    for process in below:
        told = Path(f"/proc/{process}/environ").read_bytes().rstrip(b"\0").split(b"\0")
        assert {entry.partition(b"=")[0].decode() for entry in told} == TOLD
        assert CANARY.encode() not in b"".join(told)


def test_nobody_else_may_look_into_the_folder_or_at_any_file_in_it(serving: Serving, served: ServedFolder) -> None:
    assert serving.process.poll() is None
    for path in (served.folder.path, *served.folder.path.rglob("*")):
        assert not stat.S_IMODE(path.lstat().st_mode) & 0o077, path


def test_being_root_is_said(serving: Serving) -> None:
    assert ("this runs AS ROOT" in serving.said()) is (os.geteuid() == 0)


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o755, 0o777])
def test_a_folder_that_others_may_look_into_is_refused(tmp_path: Path, mode: int) -> None:
    require_private(tmp_path)
    tmp_path.chmod(mode)
    with pytest.raises(ExcessPrivileges, match="others on this machine may look into") as caught:
        require_private(tmp_path)
    assert caught.value.hint == f"chmod 700 {tmp_path}"


def test_serve_refuses_such_a_folder_before_it_asks_for_a_passphrase(tmp_path: Path) -> None:
    opened = ServedFolder(tmp_path / "site")
    opened.folder.path.chmod(0o755)
    refused = tipline("serve", opened.folder.path, *OFF)
    assert refused.returncode == 1
    assert "others on this machine may look into" in refused.stderr
