"""SIGTERM, and SIGHUP when a terminal is closed: commands that write a file leave it whole, or nothing at all."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.sealer.test_sealer import Table
from tests.tipline.processes import ended_after, eventually
from tests.tipline.served import ServedFolder
from tests.tipline.serving import TIPLINE

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


def _calls(command: Sequence[str | Path], trace: Path) -> Iterator[str]:
    """Each moment at which a whole run makes a file beside its target, brings one to the disk, or renames one."""
    counted: Counter[str] = Counter()
    traced = ["strace", "-f", "-o", trace, "-e", "trace=openat,fsync,rename", *command]
    subprocess.run(traced, check=True, capture_output=True, timeout=60)
    for line in trace.read_text(encoding="utf-8").splitlines():
        call = line.partition("(")[0].split()[-1]
        counted[call] += 1
        if call in ("fsync", "rename") or (call == "openat" and ".part" in line and "O_CREAT" in line):
            yield f"{call}:signal={{name}}:when={counted[call]}"


@pytest.mark.parametrize("name", ["TERM", "HUP"])
@pytest.mark.parametrize("writes", ["backup", "export"])
def test_a_command_of_the_server_that_is_ended_at_any_step_leaves_a_whole_file_or_nothing(
    served: ServedFolder, tmp_path: Path, writes: str, name: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    out = stick / "file"
    unlocked = ["--passphrase-file", served.passphrase_file]
    command = [*TIPLINE, writes, served.folder.path, "--out", out, *unlocked]
    moments = list(_calls(command, tmp_path / "trace"))
    whole_bytes = out.stat().st_size
    assert any(moment.startswith("openat") for moment in moments)
    out.unlink()
    codes = []
    for moment in moments:
        strace = ["strace", "-f", "-o", tmp_path / "trace", "--inject", moment.format(name=name)]
        ended = subprocess.run([*strace, *command], check=False, capture_output=True, timeout=60)
        assert ended.returncode == 0 or b"tipline: error: interrupted" in ended.stderr, (moment, ended)
        codes.append(ended.returncode)
        assert list(stick.iterdir()) in ([], [out]), moment
        if out.exists():
            assert out.stat().st_size >= whole_bytes
            out.unlink()
    assert set(codes) <= {0, 1}
    assert 1 in codes
