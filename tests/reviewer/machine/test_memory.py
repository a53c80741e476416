"""A machine that writes memory to a disk is named whenever a command begins, and no command is refused for it."""

import errno
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.errors import DiskSwapOn
from reviewer.machine.swap_warning import require_no_disk_swap, warn_of_swap
from system.memory import POWER, SWAPS, disk_swaps, hibernates
from tests.kernel_files import other_machine
from tests.reviewer.desk_stage import Desk
from tipline.machine import no_plaintext

NO_SWAP = "Filename\tType\tSize\tUsed\tPriority\n"
ON_A_DISK = NO_SWAP + "/dev/sda2 partition 100 0 -2\n"


def _machine(
    folder: Path, *, swaps: str, state: str = "freeze mem disk\n", disk: str = "[platform] shutdown\n"
) -> Path:
    (folder / "swaps").write_text(swaps)
    (folder / "state").write_text(state)
    (folder / "disk").write_text(disk)
    return folder


def _warned(machine: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    warn_of_swap(swaps=machine / "swaps", power=machine)
    return capsys.readouterr().err


def test_swap_on_a_disk_is_named_with_what_it_means_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = _warned(_machine(tmp_path, swaps=ON_A_DISK), capsys)
    assert said.count("\n") == 1
    for part in (
        "/dev/sda2",
        "stay there when keys are retired",
        "swapoff -a",
        "/etc/fstab",
        "switch this machine off",
    ):
        assert part in said


@pytest.mark.parametrize(
    "power",
    [{"state": "freeze mem\n"}, {"disk": "[disabled]\n"}, {"disk": ""}],
    ids=["no state", "disabled", "none"],
)
def test_hibernation_is_spoken_of_only_where_it_is_possible(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], power: dict[str, str]
) -> None:
    machine = _machine(tmp_path, swaps=ON_A_DISK, **power)
    assert not hibernates(machine)
    said = _warned(machine, capsys)
    assert "swapoff -a" in said
    assert "hibernate" not in said


def test_a_machine_without_swap_on_a_disk_is_told_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _warned(_machine(tmp_path, swaps=NO_SWAP), capsys) == ""


def test_a_machine_that_cannot_be_looked_at_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "cannot tell whether swap is on" in _warned(tmp_path, capsys)


@pytest.mark.parametrize(
    "swaps", [NO_SWAP, ON_A_DISK, NO_SWAP + "/swapfile file 100 0 -2\n/dev/zram77 partition 100 0 100\n", ""]
)
def test_reviewer_and_server_take_the_same_for_swap_on_a_disk(tmp_path: Path, swaps: str) -> None:
    place = tmp_path / "swaps"
    place.write_text(swaps)
    assert disk_swaps(place) == no_plaintext.disk_swaps(place)


def test_a_command_that_opens_a_home_says_it_and_works(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = _machine(desk.folder, swaps=ON_A_DISK)

    def no_port(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")

    monkeypatch.setattr(socket, "create_server", no_port)
    with other_machine(
        {SWAPS: machine / "swaps", POWER / "disk": machine / "disk", POWER / "state": machine / "state"}
    ):
        desk.do("list", desk.home)
        assert "tipline-review: warning: swap is on (/dev/sda2)" in desk.err
        assert desk.run("desk", desk.home) == 1
        assert "tipline-review: warning: swap is on (/dev/sda2)" in desk.err


def test_no_program_of_the_same_user_looks_into_its_memory() -> None:
    asked = "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    done = subprocess.run(
        [sys.executable, "-c", f"from reviewer.cli import main; main(['--help']); {asked}"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.endswith(b"\n0\n")


@pytest.mark.parametrize(
    "swaps",
    [ON_A_DISK, NO_SWAP + "/dev/dm-1 partition 100 0 -2\n", NO_SWAP + "/swapfile file 100 0 -2\n", None],
    ids=["partition", "encrypted", "file", "unreadable"],
)
def test_a_file_is_not_looked_at_while_memory_can_reach_a_disk(tmp_path: Path, swaps: str | None) -> None:
    machine = _machine(tmp_path, swaps=swaps) if swaps else tmp_path
    with pytest.raises(DiskSwapOn, match="swap"):
        require_no_disk_swap(swaps=machine / "swaps")
    require_no_disk_swap(swaps=_machine(tmp_path, swaps=NO_SWAP) / "swaps")
