"""A tor that is not ours and would not hide the server: `serve` refuses it, and `doctor` finds it by the unit."""

from pathlib import Path

import pytest

from tests.onion.tor_alone import SINGLE_HOP, Alone
from tests.tipline.served import ServedFolder
from tests.tipline.serving import tipline
from tipline.machine.units import UNIT_NAME, unit_text
from tipline.operations.check_result import CheckResult, Severity
from tipline.operations.doctor import examine
from tipline.operations.machine_health import MachineHealth

pytestmark = pytest.mark.tor


@pytest.fixture
def machine(tmp_path: Path, served: ServedFolder) -> MachineHealth:
    """With our own unit for this folder, and no other."""
    (tmp_path / "units").mkdir()
    unit = unit_text(user="tipline", folder=served.folder.path, program=Path("/usr/bin/tipline"))
    (tmp_path / "units" / UNIT_NAME).write_text(unit)
    return MachineHealth(units=tmp_path / "units", packaged_units=tmp_path / "none")


def _attach(machine: MachineHealth, words: str) -> None:
    unit = machine.units / UNIT_NAME
    unit.write_text(unit.read_text().replace("--wait-for-unlock", f"--wait-for-unlock {words}"))


def _of_tor(served: ServedFolder, machine: MachineHealth, *, control: str | None = None) -> CheckResult:
    found = examine(served.folder.path, None, machine, control=control)
    return next(one for one in found if one.about == "tor settings")


def test_serve_refuses_a_tor_in_single_hop_mode_with_1_and_names_no_address(
    served: ServedFolder, alone: Alone
) -> None:
    place = f"unix:{alone.run / 'c'}"
    with alone.tor(*SINGLE_HOP) as tor:
        serve = ("serve", served.folder.path, "--passphrase-file", served.passphrase_file, "--control", place)
        command = tipline(*serve)
        assert tor.control.send("GETCONF HiddenServiceOptions") == ["HiddenServiceOptions"]
    assert command.returncode == 1
    assert "this tor hides no service's place" in command.stderr
    assert "tipline: hint: take HiddenServiceSingleHopMode" in command.stderr
    assert ".onion" not in command.stdout


@pytest.mark.parametrize("between", [" ", "="])
def test_the_doctor_calls_a_tor_in_single_hop_mode_a_danger(
    served: ServedFolder, machine: MachineHealth, alone: Alone, between: str
) -> None:
    _attach(machine, f"--control{between}unix:{alone.run / 'c'}")
    with alone.tor(*SINGLE_HOP):
        finding = _of_tor(served, machine)
    assert finding.severity is Severity.CRITICAL
    assert "HiddenServiceSingleHopMode" in finding.says
    assert finding.cure


def test_the_doctor_names_settings_of_an_attached_tor_that_keep_what_passes_through(
    served: ServedFolder, machine: MachineHealth, alone: Alone
) -> None:
    _attach(machine, f"--control unix:{alone.run / 'c'}")
    with alone.tor("SafeLogging 0", "Log debug file /dev/null"):
        finding = _of_tor(served, machine)
    assert finding.severity is Severity.WARNING
    assert "SafeLogging 0: " in finding.says
    assert "Log debug: " in finding.says
    with alone.tor():
        assert _of_tor(served, machine).severity is Severity.OK


def test_the_doctor_asks_the_tor_that_it_is_told_of(
    served: ServedFolder, machine: MachineHealth, alone: Alone
) -> None:
    with alone.tor(*SINGLE_HOP):
        assert _of_tor(served, machine, control=f"unix:{alone.run / 'c'}").severity is Severity.CRITICAL


@pytest.mark.parametrize("place", ["unix:/nonexistent/control", "127.0.0.1:1", "nowhere", '"'])
def test_the_doctor_goes_on_where_the_tor_that_is_named_does_not_answer(
    served: ServedFolder, machine: MachineHealth, place: str
) -> None:
    _attach(machine, f"--control {place}")
    assert _of_tor(served, machine).severity is (Severity.OK if place == '"' else Severity.SKIPPED)


def test_a_tor_of_our_own_needs_no_look(served: ServedFolder, machine: MachineHealth) -> None:
    assert _of_tor(served, machine).severity is Severity.OK


def test_a_unit_that_serves_another_folder_says_nothing_of_this_one(
    served: ServedFolder, machine: MachineHealth, tmp_path: Path
) -> None:
    unit = machine.units / UNIT_NAME
    other = unit.read_text().replace(str(served.folder.path), str(tmp_path / "other"))
    (machine.units / "another.service").write_text(
        other.replace("--wait-for-unlock", "--control unix:/nonexistent")
    )
    assert _of_tor(served, machine).severity is Severity.OK
