"""The doctor notices when firewall, security updates, safe remote access or a time source are missing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tipline.operations.check_result import CheckResult, Severity
from tipline.operations.network_health import NetworkHealth

RUNBOOK = Path(__file__).parents[3] / "docs/operate/install-server.md"
SOCKETS = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
LOOPBACK, LOOPBACK_6 = "0100007F", "00000000000000000000000001000000"
EVERYWHERE, MAPPED_LOOPBACK = "00000000", "0000000000000000FFFF00000100007F"


def text_of_runbook(first_line: str) -> str:
    """A block of the page, from its first line on."""
    found = re.search(rf"```text\n({re.escape(first_line)}\n.*?)```", RUNBOOK.read_text(), re.DOTALL)
    assert found
    return found[1]


def write(root: Path, name: str, text: str = "") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def sockets(root: Path, table: str, *local: tuple[str, int, str]) -> None:
    lines = (
        f"   0: {address}:{port:04X} 00000000:0000 {state} 0:0 0:0 0 0 0 1\n" for address, port, state in local
    )
    write(root, f"proc/net/{table}", SOCKETS + "".join(lines))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine that was set up by the page."""
    write(tmp_path, "etc/nftables.conf", text_of_runbook("#!/usr/sbin/nft -f"))
    write(tmp_path, "etc/systemd/system/sysinit.target.wants/nftables.service")
    write(tmp_path, "etc/systemd/system/multi-user.target.wants/chrony.service")
    write(tmp_path, "usr/bin/unattended-upgrade")
    write(tmp_path, "etc/apt/apt.conf.d/20auto-upgrades", 'APT::Periodic::Unattended-Upgrade "1";\n')
    write(tmp_path, "usr/sbin/sshd")
    write(tmp_path, "etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication yes\n")
    write(tmp_path, "etc/ssh/sshd_config.d/tipline.conf", text_of_runbook("ListenAddress 127.0.0.1"))
    write(tmp_path, "etc/chrony/chrony.conf", text_of_runbook("server ptbtime1.ptb.de iburst nts"))
    return tmp_path


def found(root: Path) -> dict[str, CheckResult]:
    return {finding.about: finding for finding in NetworkHealth(root).check()}


def test_a_machine_that_was_set_up_by_the_page_lacks_nothing(root: Path) -> None:
    findings = found(root)
    assert set(findings) == {"firewall", "security updates", "remote access", "time source"}
    assert {finding.severity for finding in findings.values()} == {Severity.OK}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda root: (root / "etc/systemd/system/sysinit.target.wants/nftables.service").unlink(),
        lambda root: (root / "etc/nftables.conf").unlink(),
        lambda root: write(root, "etc/nftables.conf", "# hook input policy drop\ntable inet filter {}\n"),
        lambda root: write(
            root,
            "etc/nftables.conf",
            "chain input { type filter hook input priority 0; policy accept; }\n"
            "chain forward { type filter hook forward priority 0; policy drop; }\n",
        ),
    ],
    ids=["not started", "no rules", "a comment", "accepts"],
)
def test_a_firewall_that_does_not_drop_what_comes_in_is_named_with_the_open_ports(
    root: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(root)
    sockets(root, "tcp", (LOOPBACK, 80, "0A"), (EVERYWHERE, 22, "0A"), (EVERYWHERE, 4000, "01"))
    sockets(root, "tcp6", (LOOPBACK_6, 81, "0A"), (MAPPED_LOOPBACK, 82, "0A"), ("0" * 32, 8080, "0A"))
    sockets(root, "udp", (EVERYWHERE, 5353, "07"), (EVERYWHERE, 68, "07"), (EVERYWHERE, 40_000, "01"))
    finding = found(root)["firewall"]
    assert finding.severity is Severity.WARNING
    assert finding.says.endswith("ports 22, 5353, 8080")
    assert "install-server.md" in finding.cure


def test_updates_that_are_off_not_installed_or_wait_for_a_restart_are_named(root: Path) -> None:
    write(root, "run/reboot-required")
    assert "waits for a restart" in found(root)["security updates"].says
    write(root, "etc/apt/apt.conf.d/20auto-upgrades", 'APT::Periodic::Unattended-Upgrade "0";\n')
    assert found(root)["security updates"].says == "are not installed by themselves"
    write(root, "etc/apt/apt.conf.d/20auto-upgrades", 'APT::Periodic::Unattended-Upgrade "1";\n')
    (root / "usr/bin/unattended-upgrade").unlink()
    assert found(root)["security updates"].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("ListenAddress 127.0.0.1\n", "sshd takes passwords"),
        ("PasswordAuthentication no\n", "sshd listens on the network"),
        (
            "PasswordAuthentication no\nListenAddress ::1\nListenAddress 192.0.2.7:22\n",
            "sshd listens on the network",
        ),
        ("", "sshd takes passwords and listens on the network"),
        (
            "Match User x\nPasswordAuthentication no\nListenAddress ::1\n",
            "sshd takes passwords and listens on the network",
        ),
        ("#PasswordAuthentication no\n#ListenAddress ::1\n", "sshd takes passwords and listens on the network"),
    ],
)
def test_an_sshd_that_takes_passwords_or_listens_on_the_network_is_named(
    root: Path, settings: str, says: str
) -> None:
    write(root, "etc/ssh/sshd_config.d/tipline.conf", settings)
    finding = found(root)["remote access"]
    assert (finding.severity, finding.says) == (Severity.WARNING, says)


def test_without_sshd_there_is_no_remote_access_to_speak_of(root: Path) -> None:
    (root / "usr/sbin/sshd").unlink()
    write(root, "etc/ssh/sshd_config.d/tipline.conf")
    assert found(root)["remote access"].severity is Severity.OK


def test_a_time_source_that_is_missing_or_proves_nothing_is_named(root: Path) -> None:
    write(root, "etc/chrony/sources.d/local.sources", "server 192.0.2.1 iburst\n")
    assert "anyone on the way" in found(root)["time source"].says
    wanted = root / "etc/systemd/system/multi-user.target.wants/chrony.service"
    wanted.rename(wanted.with_name("systemd-timesyncd.service"))
    assert found(root)["time source"].says.startswith("systemd-timesyncd believes")
    wanted.with_name("systemd-timesyncd.service").unlink()
    assert found(root)["time source"].says.startswith("none")
    assert found(root)["time source"].severity is Severity.WARNING
