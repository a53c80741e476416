"""A server is set up in one go, its unit may do little, and all that serving needs is allowed to it."""

import getpass
import os
import shutil
import signal
import stat
import subprocess
import sys
from configparser import ConfigParser
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.keys.minisign import public_key_file
from tests.organisation import Organisation
from tests.tipline.processes import children_of
from tests.tipline.served import OPERATOR, ServedFolder, send_tip
from tipline.cli import main
from tipline.machine.units import CREDENTIAL_FILE, UNIT_NAME, hardening, settings_of, unit_text
from tipline.operations.debian_setup import ServerSetup, SetupRefused

SERVE = [sys.executable, "-c", "import sys; from tipline.cli import main; sys.exit(main())", "serve"]
UNIT = unit_text(user="tipline", folder=Path("/srv/tipline"), program=Path("/usr/bin/true"))
HARDENING = {
    "the database key is not lost where memory is short": {"OOMPolicy": ["continue"]},
    "nothing readable reaches a disk": {
        "LimitCORE": ["0"],
        "LimitMEMLOCK": ["infinity"],
        "MemorySwapMax": ["0"],
        "LogNamespace": ["tipline"],
    },
    "no disk is written but in the one folder, and little else is seen": {
        "UMask": ["0077"],
        "ProtectSystem": ["strict"],
        "ProtectHome": ["yes"],
        "TemporaryFileSystem": ["/tmp:ro /var/tmp:ro"],  # noqa: S108 -- closed, not used
        "PrivateDevices": ["yes"],
        "PrivateMounts": ["yes"],
        "PrivateIPC": ["yes"],
        "ProtectProc": ["invisible"],
        "ProtectClock": ["yes"],
        "ProtectHostname": ["yes"],
        "ProtectControlGroups": ["yes"],
        "ProtectKernelLogs": ["yes"],
        "ProtectKernelModules": ["yes"],
        "ProtectKernelTunables": ["yes"],
    },
    "nothing is gained, and no memory made executable": {
        "NoNewPrivileges": ["yes"],
        "CapabilityBoundingSet": [""],
        "AmbientCapabilities": [""],
        "LockPersonality": ["yes"],
        "MemoryDenyWriteExecute": ["yes"],
        "RemoveIPC": ["yes"],
        "RestrictAddressFamilies": ["AF_UNIX AF_INET AF_INET6"],
        "RestrictNamespaces": ["yes"],
        "RestrictRealtime": ["yes"],
        "RestrictSUIDSGID": ["yes"],
        "SystemCallArchitectures": ["native"],
        "SystemCallFilter": [
            "@system-service",
            "seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self",
        ],
    },
}
"""Each line of the unit against leaks and break-ins, by what docs/threat-model.md promises of it."""

_REFUSE_EXEC_GAIN = """
import ctypes, os, sys
assert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.fixture
def root_key(tmp_path: Path) -> Path:
    path = tmp_path / "root.pub"
    path.write_bytes(public_key_file(Organisation().root.verify_key()))
    return path


def test_a_dry_run_prints_every_step_and_does_none(
    root_key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--folder", "/srv/nowhere-tipline", "--user", "not-here", "--root-key", str(root_key)]
    assert main(["setup", *arguments, "--dry-run"]) == 0
    told = capsys.readouterr().out
    for step in ("useradd --system", "init /srv/nowhere-tipline", "chown -R not-here:", "cat > /etc/systemd"):
        assert step in told
    assert not Path("/srv/nowhere-tipline").exists()
    commands = "\n".join(line for line in told.splitlines() if not line.startswith("#"))
    assert subprocess.run(["sh", "-n"], input=commands, text=True, check=False).returncode == 0


def test_one_go_makes_the_folder_and_the_unit_and_a_second_leaves_them_alone(
    root_key: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "passphrase").write_text(OPERATOR + "\n")
    arguments = [
        "setup",
        "--folder",
        str(tmp_path / "site"),
        "--user",
        getpass.getuser(),
        "--prefix",
        str(tmp_path),
    ]
    arguments += ["--root-key", str(root_key), "--passphrase-file", str(tmp_path / "passphrase")]
    assert main(arguments) == 0
    assert "tipline unlock" in capfd.readouterr().out
    key = (tmp_path / "site" / "database.key").read_bytes()
    unit = (tmp_path / "etc" / "systemd" / "system" / UNIT_NAME).read_text()
    assert f"ReadWritePaths={tmp_path / 'site'}\n" in unit
    assert stat.S_IMODE((tmp_path / "site").stat().st_mode) == 0o700
    assert main(arguments) == 0
    assert (tmp_path / "site" / "database.key").read_bytes() == key


def test_the_log_of_the_unit_stays_in_memory_and_is_passed_on_to_nobody(root_key: Path, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text(OPERATOR + "\n")
    arguments = ["--folder", str(tmp_path / "site"), "--user", getpass.getuser(), "--prefix", str(tmp_path)]
    arguments += ["--root-key", str(root_key), "--passphrase-file", str(tmp_path / "passphrase")]
    assert main(["setup", *arguments]) == 0
    units = tmp_path / "etc" / "systemd"
    namespace = settings_of((units / "system" / UNIT_NAME).read_text())["LogNamespace"][-1]
    of_namespace = ConfigParser()
    of_namespace.read(units / f"journald@{namespace}.conf")
    journal = of_namespace["Journal"]
    assert journal["Storage"] == "volatile"
    for elsewhere in ("ForwardToSyslog", "ForwardToKMsg", "ForwardToConsole", "ForwardToWall"):
        assert journal[elsewhere] == "no"


@pytest.mark.parametrize(
    "folder", ["srv/tipline", "/home/example/tipline", "/srv/tip line", "/srv/$HOME", "/srv/" + "a" * 71]
)
def test_a_folder_that_the_service_could_not_use_is_refused(folder: str) -> None:
    with pytest.raises(SetupRefused):
        ServerSetup(folder=Path(folder), user="tipline", root_key=Path("/root.pub"))


def test_a_server_may_start_unattended_with_a_credential_that_systemd_keeps(
    root_key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["setup", "--folder", "/srv/nowhere-tipline", "--user", "not-here", "--root-key", str(root_key)]
    assert main([*arguments, "--dry-run", "--unattended"]) == 1
    assert "needs its passphrase in a file once" in capsys.readouterr().err
    assert main([*arguments, "--dry-run", "--unattended", "--passphrase-file", str(tmp_path / "passphrase")]) == 0
    told = capsys.readouterr().out
    assert "systemd-creds encrypt --name=tipline-passphrase" in told
    assert "serve /srv/nowhere-tipline --passphrase-file %d/tipline-passphrase" in told
    assert "tipline unlock" not in told


def test_a_server_that_starts_unattended_no_more_is_said_to_keep_its_passphrase(
    root_key: Path, tmp_path: Path
) -> None:
    machine = tmp_path / "machine"
    kept = machine / CREDENTIAL_FILE.relative_to("/")
    setup = ServerSetup(folder=Path("/srv/nowhere-tipline"), user="not-here", root_key=root_key, prefix=machine)
    assert not any("shred" in line for line in setup.after())
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"sealed to this machine")
    assert any(f"shred -u {kept}" in line for line in setup.after())
    unattended = replace(setup, unattended=True, passphrase_file="/root/passphrase")
    assert "delete /root/passphrase: systemd has the passphrase now" in unattended.after()
    assert not any("delete" in line for line in setup.after())


def test_a_step_that_fails_is_named(root_key: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root_key.write_text("no key")
    arguments = [
        "setup",
        "--folder",
        str(tmp_path / "site"),
        "--user",
        getpass.getuser(),
        "--prefix",
        str(tmp_path),
    ]
    assert main([*arguments, "--root-key", str(root_key)]) == 1
    assert "tipline: error: this step failed: " in capfd.readouterr().err


def test_the_unit_takes_away_what_serving_does_not_need() -> None:
    assert {name: value for group in HARDENING.values() for name, value in group.items()} == hardening()
    assert settings_of(UNIT)["ReadWritePaths"] == ["/srv/tipline"]


@pytest.mark.parametrize(
    ("promise", "name"), [(promise, name) for promise, group in HARDENING.items() for name in group]
)
def test_each_line_that_hardens_the_unit_is_there_whoever_starts_it(promise: str, name: str) -> None:
    for unattended in (False, True):
        unit = unit_text(user="x", folder=Path("/srv/x"), program=Path("/usr/bin/true"), unattended=unattended)
        assert settings_of(unit)[name] == HARDENING[promise][name]


@pytest.mark.parametrize("unattended", [False, True])
def test_systemd_itself_finds_the_unit_sound_and_little_exposed(tmp_path: Path, unattended: bool) -> None:
    unit = unit_text(
        user="tipline", folder=Path("/srv/tipline"), program=Path("/usr/bin/true"), unattended=unattended
    )
    (tmp_path / UNIT_NAME).write_text(unit.replace("User=tipline", "User=root").replace("Group=tipline\n", ""))
    analyze = shutil.which("systemd-analyze")
    assert analyze, "Debian's package systemd brings systemd-analyze"
    verified = subprocess.run(
        [analyze, "verify", tmp_path / UNIT_NAME], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = subprocess.run(
        [analyze, "security", "--offline=yes", "--threshold=25", "--no-pager", tmp_path / UNIT_NAME],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert "Overall exposure level" in judged.stdout
    assert judged.returncode == 0, judged.stdout[-300:]


def _allowed(group: str) -> set[str]:
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True
    )
    names = {line.strip() for line in listed.stdout.splitlines() if line.startswith("    ")}
    below = {name for name in names if name.startswith("@")}
    return (names - below).union(*map(_allowed, below))


def _serve(served: ServedFolder, before: list[str]) -> "subprocess.Popen[str]":
    options = ["--passphrase-file", str(served.passphrase_file), "--tor", "off", "--bind", "127.0.0.1:0"]
    command = [*before, *SERVE[1:], str(served.folder.path), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _address(process: "subprocess.Popen[str]") -> int:
    assert process.stdout
    for line in process.stdout:
        if line.startswith("address: http://127.0.0.1:"):
            return int(line.rstrip("/\n").rpartition(":")[2])
    raise AssertionError("it gave no address")


def test_a_tip_is_taken_with_the_system_calls_that_the_unit_allows_and_no_executable_memory(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-qq", "-o", str(trace), sys.executable]
    with _serve(served, [*strace, "-c", _REFUSE_EXEC_GAIN]) as process:
        try:
            assert b"data-passphrase" in send_tip(_address(process), "hello")
            assert len(children_of(process.pid)) == 1
        finally:
            # strace holds back what is sent to itself.
            for front in children_of(process.pid):
                os.kill(front, signal.SIGTERM)
        assert process.wait(60) == 0
    called = {line.split()[1].partition("(")[0] for line in trace.read_text().splitlines() if "(" in line}
    called = {name for name in called if name.isidentifier()}
    assert {"openat", "accept4", "mlockall"} <= called
    assert called <= _allowed("@system-service") | {"seccomp"}
