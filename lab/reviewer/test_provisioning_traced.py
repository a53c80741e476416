"""Calls of the system while a button is provisioned: the seed goes into the cable, into no file and no socket."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.beacon.places import add_place
from system.clock import today
from tests.reviewer.beacon.beacon_home import PLACE, unlocked
from tests.reviewer.desk_stage import PROGRAM, Desk

CALLS = "trace=%network,write,writev,pwrite64,openat,open,creat,memfd_create"
SHOWN_BYTES = "4096"


@pytest.fixture
def provisioned(desk: Desk, tmp_path: Path) -> tuple[bytes, str]:
    """The record on the cable, and all calls of the command, in hex digits."""
    with unlocked(desk) as home:
        add_place(home, PLACE, today=today())
    desk.do("beacon", "new", desk.home, "--place", "1")
    trace = tmp_path / "trace"
    reading, writing = os.pipe()
    command = [sys.executable, "-c", PROGRAM, "--beside-network", "beacon", "provision", str(desk.home), "1"]
    traced = ["strace", "-f", "-xx", "-s", SHOWN_BYTES, "-e", CALLS, "-o", str(trace)]
    done = subprocess.run(
        [*traced, *command, "--to-descriptor", str(writing)],
        pass_fds=[writing],
        capture_output=True,
        timeout=120,
        check=False,
    )
    os.close(writing)
    with os.fdopen(reading, "rb") as cable:
        record = cable.read()
    assert done.returncode == 0, done.stderr
    assert record.hex().encode() not in done.stdout + done.stderr
    return record, trace.read_text(encoding="ascii").replace("\\x", "")


def test_the_seed_is_in_one_write_into_the_cable_and_no_socket_of_a_network_is_made(
    desk: Desk, provisioned: tuple[bytes, str]
) -> None:
    record, calls = provisioned
    assert len(record) == 68
    having = [line for line in calls.splitlines() if record[:32].hex() in line]
    assert len(having) == 1
    assert re.search(r"\bwrite\(\d+, ", having[0])
    assert not re.search(r"AF_(?!UNIX)[A-Z0-9]+", calls)
    opened = re.findall(r'openat\([^,]+, "([0-9a-f]+)", ([A-Z_|]+)', calls)
    written = {bytes.fromhex(path).decode() for path, how in opened if re.search("WRONLY|RDWR|CREAT", how)}
    assert any(path.startswith(str(desk.home)) for path in written)
    assert {path for path in written if not path.startswith(str(desk.home))} <= {"/dev/null", "/dev/tty"}
