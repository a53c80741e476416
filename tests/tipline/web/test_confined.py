"""The kernel confines the worker: asked by libc, in the thread that serves a request, beside a site that works."""

import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from onion.runtime_dir import RuntimeDir
from tests.tipline.processes import ended_after, port_of
from tests.tipline.served import ServedFolder, ask
from tests.tipline.web.libc_attempts import EVERY_USER, Target
from tipline.supervisor.web_process import WebProcess

ROOT = Path(__file__).parents[3]
REFUSED = {errno.EPERM, errno.EACCES, errno.EXDEV}


@pytest.fixture(scope="module")
def target(served: ServedFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Another process of the same user, what must not be read, and where someone listens."""
    folder = served.folder
    tor = folder.onion / "tor"
    public = folder.onion / "public"
    for made in (tor, public, folder.path / "run"):
        made.mkdir(parents=True)
    secrets = (public / "hs_ed25519_secret_key", tor / "control_auth_cookie", folder.database_key)
    for secret in secrets[:2]:
        secret.write_bytes(b"secret")
    outside = tmp_path_factory.mktemp("outside") / "kept"
    outside.write_text("as it was", encoding="ascii")
    # Not below a test's folder: the path of a socket is short.
    control = Path(f"/tmp/tipline-control-{os.getpid()}")  # noqa: S108
    with (
        socket.socket(socket.AF_UNIX) as controlled,
        socket.create_server(("127.0.0.1", 0)) as elsewhere,
        ended_after(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)) as other,
    ):
        controlled.bind(str(control))
        controlled.listen()
        try:
            yield Target(
                other.pid,
                tuple(map(str, secrets)),
                str(control),
                elsewhere.getsockname()[1],
                str(outside),
                str(folder.manifest_version),
            )
        finally:
            control.unlink()


@pytest.fixture(scope="module")
def courier() -> Iterator[Path]:
    """The couriers' socket."""
    with RuntimeDir(Path("/" + "x" * 200)) as folder:
        yield folder.path / "courier"


@pytest.fixture(scope="module")
def probed(served: ServedFolder, courier: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    """The real web process; its worker also says what libc can do in it."""
    program = tmp_path_factory.mktemp("program") / "python"
    program.write_text(f"#!/bin/sh\ncd {ROOT}\nexec {sys.executable} -m tests.tipline.web.probed_web_process\n")
    program.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", str(program))
        web = served.web(courier=courier)
    with web:
        yield web


@pytest.fixture(scope="module")
def outcomes(probed: WebProcess, target: Target) -> dict[str, int]:
    status, _headers, answer = ask(
        port_of(probed), "POST", "/attempts", target.to_json().encode(), Sec_Fetch_Site="same-origin"
    )
    assert status == 200
    told: dict[str, int] = json.loads(answer)
    return told


def test_the_worker_reaches_no_secret_no_process_and_nothing_outside_and_starts_nothing(
    outcomes: dict[str, int],
) -> None:
    assert {name: number for name, number in outcomes.items() if number not in REFUSED | {errno.ENOSYS}} == {}


def test_only_what_the_c_library_has_another_way_for_looks_unknown(outcomes: dict[str, int]) -> None:
    assert [name for name, number in outcomes.items() if number == errno.ENOSYS] == ["a process by clone3"]


def test_a_process_that_nothing_confines_can_do_all_of_it(target: Target, tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.touch()
    inside.touch()
    free = Target(target.process, target.secrets, target.control, target.port, str(outside), str(inside))
    done = subprocess.run(
        [sys.executable, "-m", "tests.tipline.web.libc_attempts", free.to_json()],
        cwd=ROOT,
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    told = json.loads(done.stdout)
    assert EVERY_USER.keys() <= told.keys()
    assert {name: number for name, number in told.items() if number} == {}
