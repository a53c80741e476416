"""SIGTERM, and SIGHUP when a terminal is closed: commands that write a file leave it whole, or nothing at all."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sealer.test_sealer import Table
from tests.tipline.processes import ended_after, eventually

pytestmark = pytest.mark.usefixtures("signals_end")

SEAL = "import sys; from sealer.command import main; sys.exit(main())"
IGNORES_HANG_UP = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); {SEAL}"


@pytest.fixture
def table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Table:
    return Table(tmp_path, capsys)


def _sealing(table: Table, program: str, *, length_bytes: int) -> "subprocess.Popen[str]":
    """A file of nothing, which is read without a disk."""
    with open(table.film, "wb") as file:
        file.truncate(length_bytes)
    given = ["--to", table.recipients, "--root-key", table.root, "--out", table.out, table.film]
    return subprocess.Popen([sys.executable, "-c", program, *given], stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_sealer_that_is_ended_leaves_no_half_of_a_file(table: Table, number: int) -> None:
    with ended_after(_sealing(table, SEAL, length_bytes=1 << 40)) as process:
        assert eventually(lambda: bool(table.left()))
        assert table.out.name not in table.left()
        process.send_signal(number)
        assert process.stderr is not None
        assert process.stderr.read().strip() == "tipline-seal: error: interrupted"
        assert process.wait() == 1
    assert not table.left()


def test_a_sealer_under_nohup_goes_on_when_the_terminal_is_closed(table: Table) -> None:
    with ended_after(_sealing(table, IGNORES_HANG_UP, length_bytes=64 << 20)) as process:
        assert eventually(lambda: bool(table.left()))
        process.send_signal(signal.SIGHUP)
        assert process.wait() == 0
    assert table.left() == {table.out.name}
