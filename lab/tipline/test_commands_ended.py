"""Commands of the server that are ended at any step."""

import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.tipline.served import ServedFolder
from tests.tipline.serving import TIPLINE

pytestmark = pytest.mark.usefixtures("signals_end")


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
