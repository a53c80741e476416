"""The unit in a real systemd: the server works in it, and can do no more than is promised."""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.tipline.booted_system import NUMBER, PRIVATE, SEEN_OUTSIDE, SITE, USER, BootedSystem, may_boot
from tests.tipline.served import OPERATOR, ServedFolder, status_of
from tests.tipline.site_stage import BOUNDARY, multipart
from tipline.instance.folder import SiteFolder
from tipline.machine.units import UNIT_NAME, unit_text
from tipline.supervisor.serve import public_address

pytestmark = pytest.mark.skipif(not may_boot(), reason="only root may boot a systemd, where namespaces can be made")

TORS_LINE = b"PROXY TCP6 fc00:dead:beef:4dad::0:26 ::1 38 80\r\n"
IN_MEMORY = {"cgroup2", "devpts", "fusectl", "hugetlbfs", "mqueue", "proc", "sysfs", "tmpfs"}
CAPABILITIES = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> ServedFolder:
    return ServedFolder(tmp_path_factory.mktemp("made") / "site")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, served: ServedFolder) -> Iterator[BootedSystem]:
    """The unit as `setup` writes it, started by systemd and unlocked as its runbook says."""
    folder = tmp_path_factory.mktemp("booted")
    (folder / UNIT_NAME).write_text(unit_text(user=USER, folder=SITE, program=PRIVATE / "bin/tipline"))
    with BootedSystem(folder / "system", folder / UNIT_NAME, served.folder.path) as booted:
        passphrase = booted.path("/run/passphrase")
        booted.eventually(lambda: "serve" in booted.processes(UNIT_NAME))
        passphrase.write_text(OPERATOR + "\n")
        passphrase.chmod(0o644)
        unlock = (PRIVATE / "bin/tipline", "unlock", SITE, "--passphrase-file", "/run/passphrase")
        booted.eventually(lambda: booted.do(*unlock, user=True).returncode == 0)
        booted.eventually(lambda: set(booted.processes(UNIT_NAME)) == {"serve", "web", "worker", "tor"})
        yield booted


def _asked(system: BootedSystem, request: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(str(system.path(SITE / "run/public.socket")))
        connection.sendall(TORS_LINE + request)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def _host(system: BootedSystem) -> str:
    return f"Host: {public_address(SiteFolder(system.path(SITE)))}\r\nConnection: close\r\n"


def _get(system: BootedSystem, path: str) -> bytes:
    return _asked(system, f"GET {path} HTTP/1.1\r\n{_host(system)}\r\n".encode())


def _send_tip(system: BootedSystem, text: str) -> bytes:
    form = _get(system, "/")
    nonce = re.search(rb'name="nonce" value="([^"]*)"', form)
    assert nonce, form[:300]
    body = multipart([("nonce", nonce[1].decode()), ("text", text)], [])
    head = (
        f"POST / HTTP/1.1\r\n{_host(system)}Sec-Fetch-Site: same-origin\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return _asked(system, head.encode() + body)


def _status(process: int) -> dict[str, str]:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _all_of_it(system: BootedSystem) -> dict[str, int]:
    """Without a network tor begins again every three minutes, and is away for a moment."""
    system.eventually(lambda: system.processes(UNIT_NAME).keys() == {"serve", "tor", "web", "worker"})
    return system.processes(UNIT_NAME)


def _mounts(process: int) -> Iterator[tuple[str, str, bool]]:
    """Place, kind of file system, and whether it can be written, of all that it sees mounted."""
    for line in Path(f"/proc/{process}/mountinfo").read_text().splitlines():
        parts = line.split()
        kind, _, of_all = parts[parts.index("-") + 1 :][:3]
        yield parts[4], kind, not {"ro"} & {*parts[5].split(","), *of_all.split(",")}


def test_the_server_serves_in_it_and_takes_a_tip(system: BootedSystem) -> None:
    assert b"data-passphrase" in _send_tip(system, "from a source")
    assert system.do("systemctl", "is-active", UNIT_NAME).stdout == "active\n"


def test_of_all_disks_each_process_can_write_to_the_one_folder_only(system: BootedSystem) -> None:
    for name, process in _all_of_it(system).items():
        mounts = list(_mounts(process))
        assert {place for place, kind, can in mounts if can and kind not in IN_MEMORY} == {str(SITE)}, name
    assert any(can and place == "/" for place, _kind, can in _mounts(system.first)), "the same, outside of the unit"


def test_what_tries_to_write_elsewhere_is_refused(system: BootedSystem) -> None:
    worker = system.processes(UNIT_NAME)["worker"]
    disks = ("/", "/tmp", "/var/tmp", "/etc", "/usr", "/var", "/var/log", "/home", "/root", "/srv")  # noqa: S108
    for place in disks:
        assert "Read-only" in system.do("touch", f"{place}/left-behind", of=worker).stderr, "not even root may"
    for place in ("/run", "/dev", "/run/credentials", "/run/user"):
        assert system.do("touch", f"{place}/left-behind", of=worker, user=True).returncode == 1, place
    assert system.do("touch", SITE / "left-behind", of=worker, user=True).returncode == 0, "but in the folder"
    assert system.do("rm", SITE / "left-behind", of=worker).returncode == 0


def test_homes_devices_and_the_processes_of_others_are_not_seen(system: BootedSystem) -> None:
    worker = system.processes(UNIT_NAME)["worker"]
    for file in SEEN_OUTSIDE:
        assert system.do("ls", file).returncode == 0, file
        assert system.do("ls", file, of=worker).returncode == 2, file
    assert "1" in system.do("ls", "/proc", of=worker).stdout.split(), "root does"
    assert "1" not in system.do("ls", "/proc", of=worker, user=True).stdout.split()


def test_no_process_has_a_privilege_gains_one_dumps_core_or_is_anybody_else(system: BootedSystem) -> None:
    for name, process in _all_of_it(system).items():
        status = _status(process)
        assert status["NoNewPrivs"] == "1", name
        assert status["Seccomp"] == "2", name
        assert {int(status[each], 16) for each in CAPABILITIES} == {0}, name
        assert set(status["Uid"].split()) == set(status["Gid"].split()) == {str(NUMBER)}, name
        limits = Path(f"/proc/{process}/limits").read_text()
        assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE), name


def test_tor_starts_in_it_with_its_own_sandbox(system: BootedSystem) -> None:
    said = system.do("journalctl", "--namespace=tipline", "--output=cat", "--no-pager").stdout
    assert "waiting for tor to reach its network" in said
    assert "without its system call sandbox" not in said


def test_the_kernel_confines_the_worker_in_it(system: BootedSystem) -> None:
    assert "Landlock" not in system.do("journalctl", "--namespace=tipline", "--output=cat", "--no-pager").stdout
    processes = _all_of_it(system)
    web, worker = (int(_status(processes[name])["Seccomp_filters"]) for name in ("web", "worker"))
    assert worker == web + 1


def test_what_it_says_is_in_a_journal_in_memory_and_on_no_disk(system: BootedSystem) -> None:
    _send_tip(system, "canary-of-the-unit")
    journals = system.do("find", "/run/log/journal", "-name", "*.journal", "-path", "*.tipline/*").stdout.split()
    assert journals
    assert system.do("find", "/var/log/journal", "-path", "*.tipline/*").stdout == ""
    everything = system.do("journalctl", "--merge", "--namespace=*", "--no-pager").stdout
    assert "Web pages" in everything
    assert "canary-of-the-unit" not in everything


def test_a_worker_that_was_killed_is_replaced_in_it_and_the_unit_goes_on(system: BootedSystem) -> None:
    before = system.processes(UNIT_NAME)
    os.kill(before["worker"], signal.SIGKILL)
    system.eventually(lambda: system.processes(UNIT_NAME).get("worker") not in {None, before["worker"]})
    system.eventually(lambda: _is_up(system))
    assert system.processes(UNIT_NAME)["serve"] == before["serve"]
    assert b"data-passphrase" in _send_tip(system, "once more")


def test_at_its_end_no_process_is_left_and_it_is_not_called_a_failure(system: BootedSystem) -> None:
    begun = time.monotonic()
    assert system.do("systemctl", "stop", UNIT_NAME).returncode == 0
    assert time.monotonic() - begun < 30
    assert system.processes(UNIT_NAME) == {}
    assert system.do("systemctl", "show", "-P", "Result", UNIT_NAME).stdout == "success\n"


def _is_up(system: BootedSystem) -> bool:
    try:
        return status_of(_get(system, "/left")) == 200
    except (OSError, IndexError):
        return False
