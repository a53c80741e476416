"""The doctor names what is wrong, says what to do, and ends with 1 when a source or a tip is in danger."""

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from system.clock import SYSTEM_CLOCK
from tests.tipline.commands.test_commands_carry import Site
from tests.tipline.served import ServedFolder
from tipline.cli import main
from tipline.instance.intake_status import IntakePolicy
from tipline.machine.disk_encryption import DiskEncryption
from tipline.machine.units import UNIT_NAME, unit_text
from tipline.operations.check_result import CheckResult, Severity
from tipline.operations.doctor import examine
from tipline.operations.machine_health import MachineHealth
from tipline.operations.network_health import NetworkHealth
from tipline.store.events import TROUBLES, Event


@pytest.fixture
def served(tmp_path: Path) -> ServedFolder:
    return ServedFolder(tmp_path / "site")


@pytest.fixture
def machine(tmp_path: Path, served: ServedFolder) -> MachineHealth:
    """One on which nothing is wrong."""
    place = tmp_path / "machine"
    place.mkdir()
    (place / "swaps").write_text("Filename\tType\tSize\tUsed\tPriority\n")
    (place / "core_pattern").write_text("core\n")
    (place / "power").write_text("[disabled]\n")
    (place / "cmdline").write_text("quiet init_on_free=1\n")
    unit = unit_text(user="tipline", folder=served.folder.path, program=Path("/usr/bin/tipline"))
    (place / UNIT_NAME).write_text(unit)
    return MachineHealth(
        place / "swaps",
        place / "core_pattern",
        place / "power",
        place / "cmdline",
        place,
        below=lambda _folder: DiskEncryption.WHOLE,
        network=NetworkHealth(place / "root"),
        filters_calls=lambda: True,
        landlock=lambda: 2,
    )


def findings(served: ServedFolder, machine: MachineHealth) -> dict[str, CheckResult]:
    return {finding.about: finding for finding in examine(served.folder.path, str(served.passphrase_file), machine)}


def levels(found: dict[str, CheckResult], level: Severity) -> set[str]:
    return {about for about, finding in found.items() if finding.severity is level}


def test_on_a_sound_machine_nothing_is_in_danger(served: ServedFolder, machine: MachineHealth) -> None:
    found = findings(served, machine)
    assert levels(found, Severity.CRITICAL) == set()
    assert levels(found, Severity.WARNING) == {
        "serving",
        "backup",
        "keys",
        "firewall",
        "security updates",
        "time source",
        "first page",
    }  # not served, no backup, three weeks of keys, nothing chosen, nothing of test_network_health.py
    assert {"swap", "rights", "disk", "unit", "tor", "pages", "clock", "intake", "couriers"} <= levels(
        found, Severity.OK
    )
    assert all(finding.cure for finding in found.values() if finding.severity is not Severity.OK)


@pytest.mark.parametrize(
    ("said", "level", "named"),
    [
        ("", Severity.WARNING, "who_we_are and tells_others"),
        ('who_we_are = "helpline"', Severity.WARNING, "choose tells_others in"),
        ('tells_others = "must-report"\nnot_the_police = true', Severity.WARNING, "choose who_we_are in"),
        ('who_we_are = "helpline"\ntells_others = "only-if-you-agree"', Severity.OK, ""),
        ('who_we_are = "police"', Severity.CRITICAL, "correct site.toml"),
    ],
)
def test_a_first_page_that_does_not_say_who_reads_and_whom_they_tell_is_named(
    served: ServedFolder, machine: MachineHealth, said: str, level: Severity, named: str
) -> None:
    served.folder.site_settings.write_text(said)
    finding = findings(served, machine)["first page"]
    assert finding.severity is level
    assert named in finding.cure


def test_a_folder_of_corrections_is_named_until_it_is_gone(served: ServedFolder, machine: MachineHealth) -> None:
    assert "languages" not in findings(served, machine)
    served.folder.languages.mkdir()
    finding = findings(served, machine)["languages"]
    assert finding.severity is Severity.WARNING
    assert "is not read any more" in finding.says
    assert "as a patch" in finding.cure
    served.folder.languages.rmdir()
    assert "languages" not in findings(served, machine)


@pytest.mark.parametrize(
    ("below", "level"),
    [
        (DiskEncryption.NONE, Severity.WARNING),
        (DiskEncryption.UNKNOWN, Severity.WARNING),
        (DiskEncryption.IN_MEMORY, Severity.CRITICAL),
        (DiskEncryption.WHOLE, Severity.OK),
    ],
)
def test_a_folder_that_is_not_on_an_encrypted_disk_is_named(
    served: ServedFolder, machine: MachineHealth, below: DiskEncryption, level: Severity
) -> None:
    finding = findings(served, replace(machine, below=lambda _folder: below))["disk encryption"]
    assert finding.severity is level
    assert ("cryptsetup" in finding.cure) is (level is not Severity.OK)


@pytest.mark.parametrize("options", ["quiet", "init_on_free=0", "no_init_on_free=1", None])
def test_memory_that_the_kernel_gives_on_without_overwriting_it_is_named(
    served: ServedFolder, machine: MachineHealth, options: str | None
) -> None:
    if options is None:
        machine.kernel_options.unlink()
    else:
        machine.kernel_options.write_text(options + "\n")
    finding = findings(served, machine)["freed memory"]
    assert finding.severity is Severity.WARNING
    assert "init_on_free=1" in finding.cure


def _swap_on(served: ServedFolder, machine: MachineHealth) -> None:
    with machine.swaps.open("a") as swaps:
        swaps.write("/dev/sda2 partition 1000 0 -2\n")


def _open_folder(served: ServedFolder, machine: MachineHealth) -> None:
    served.folder.path.chmod(0o755)


def _open_key(served: ServedFolder, machine: MachineHealth) -> None:
    served.folder.database_key.chmod(0o644)


def _weak_unit(served: ServedFolder, machine: MachineHealth) -> None:
    path = machine.units / UNIT_NAME
    path.write_text(path.read_text().replace("LogNamespace=tipline\n", ""))


def _unit_of_before(served: ServedFolder, machine: MachineHealth) -> None:
    path = machine.units / UNIT_NAME
    path.write_text(path.read_text().replace("TemporaryFileSystem=/tmp:ro /var/tmp:ro\n", "PrivateTmp=yes\n"))


def _damaged_page(served: ServedFolder, machine: MachineHealth) -> None:
    with served.store() as store:
        store.replies.put(b"r" * 16, b"s" * 16, b"t" * 32, os.urandom(67_195), SYSTEM_CLOCK.today())
    path = served.folder.store / "tipline.db"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 20_000)
        file.write(b"damage")


def _rolled_back(served: ServedFolder, machine: MachineHealth) -> None:
    served.folder.manifest_version.write_text("9\n")


def _clock_behind(served: ServedFolder, machine: MachineHealth) -> None:
    later = dt.datetime.now(dt.UTC).timestamp() + 10 * 86_400
    os.utime(served.folder.store / "tipline.db", (later, later))


def _silent_while_served(served: ServedFolder, machine: MachineHealth) -> None:
    before = dt.datetime.now(dt.UTC).timestamp() - 7200
    for name in ("tipline.db", "bulk.db"):
        os.utime(served.folder.store / name, (before, before))


def test_what_the_kernel_lacks_to_confine_the_web_process_is_named(
    served: ServedFolder, machine: MachineHealth
) -> None:
    assert findings(served, machine)["confinement"].severity is Severity.OK
    without = findings(served, replace(machine, landlock=lambda: 0))["confinement"]
    assert without.severity is Severity.WARNING
    assert "Landlock" in without.says
    unfiltered = findings(served, replace(machine, filters_calls=lambda: False))["confinement"]
    assert unfiltered.severity is Severity.CRITICAL
    assert "does not start" in unfiltered.says


@pytest.mark.parametrize(
    ("harm", "about"),
    [
        (_open_folder, "rights"),
        (_open_key, "rights"),
        (_weak_unit, "unit"),
        (_unit_of_before, "unit"),
        (_damaged_page, "pages"),
        (_rolled_back, "intake"),
        (_clock_behind, "clock"),
    ],
)
def test_each_danger_is_named_with_its_cure(
    served: ServedFolder, machine: MachineHealth, harm: Callable[[ServedFolder, MachineHealth], None], about: str
) -> None:
    harm(served, machine)
    found = findings(served, machine)
    assert about in levels(found, Severity.CRITICAL)
    assert found[about].cure


def test_after_a_restore_each_reviewer_who_is_not_accepted_yet_is_named(
    served: ServedFolder, machine: MachineHealth
) -> None:
    assert "reviewers" not in findings(served, machine)
    with served.store() as store:
        (party,) = IntakePolicy(store, served.folder).manifest().manifest.reviewers
        store.incoming.await_acceptance([party.verify_key.to_bytes()])
    found = findings(served, machine)["reviewers"]
    assert (found.severity, party.name in found.says) == (Severity.WARNING, True)
    assert found.cure
    with served.store() as store:
        store.incoming.begin_stream(party.verify_key.to_bytes(), bytes(16))
    assert "reviewers" not in findings(served, machine)


def test_swap_on_a_disk_is_never_fine(served: ServedFolder, machine: MachineHealth) -> None:
    _swap_on(served, machine)
    assert findings(served, machine)["swap"].severity in {
        Severity.WARNING,
        Severity.CRITICAL,
    }  # by whether memory can be locked


def test_a_served_store_that_nobody_wrote_for_long_is_in_danger(
    served: ServedFolder, machine: MachineHealth
) -> None:
    _silent_while_served(served, machine)
    with served.folder.hold_for_serving():
        assert findings(served, machine)["heartbeat"].severity is Severity.CRITICAL


def test_couriers_that_do_not_come_are_missed_before_it_is_too_late(
    served: ServedFolder, machine: MachineHealth
) -> None:
    today = SYSTEM_CLOCK.today()
    with served.store() as store, store.submissions.receive("2026-W48", b"m" * 32) as arrival:
        arrival.write(b"sealed")
        arrival.complete()
    for days, level in ((0, Severity.OK), (5, Severity.WARNING), (20, Severity.CRITICAL)):
        with served.store() as store:
            day = (today - dt.timedelta(days=days)).isoformat().encode()
            store.settings.put("event bundles_fetched", day)
        assert findings(served, machine)["couriers"].severity is level


def test_each_trouble_of_the_last_week_is_told_with_a_cure(served: ServedFolder, machine: MachineHealth) -> None:
    with served.store() as store:
        store.events.note(Event.DISK_FULL)
    found = findings(served, machine)["events"]
    assert (found.severity, found.says) == (Severity.WARNING, f"the disk was full on {SYSTEM_CLOCK.today()}")
    with served.store() as store:
        for event in TROUBLES:
            store.events.note(event)
    told = [
        one for one in examine(served.folder.path, str(served.passphrase_file), machine) if one.about == "events"
    ]
    assert [one.says.partition(" on 2")[0] for one in told] == [event.value for event in TROUBLES]
    assert all(one.cure for one in told)


def test_the_command_ends_with_1_in_danger_and_says_so_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(tmp_path)  # its database key is unprotected
    site.adopt()
    capsys.readouterr()
    assert main(["doctor", str(site.folder), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["danger"] is True
    assert {"about", "level", "says", "cure"} == set(told["findings"][0])
    assert main(["doctor", str(site.folder)]) == 1
    assert "danger         database key  lies UNPROTECTED" in capsys.readouterr().out


def test_without_the_passphrase_what_is_outside_of_the_store_is_told(
    served: ServedFolder, machine: MachineHealth
) -> None:
    found = {finding.about: finding for finding in examine(served.folder.path, None, machine)}
    assert found["store"].severity is Severity.SKIPPED
    assert found["swap"].severity is Severity.OK
    assert "pages" not in found
