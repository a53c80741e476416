"""The doctor's checks of the network: firewall, updates, remote access, time. Reads files only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from tipline.operations.check_result import CheckResult, ok, warning

_CURE: Final = "the runbook install-server.md, section 5, has the lines for it"
_LISTENS: Final = "0A"  # TCP_LISTEN, in the table of sockets
_UNCONNECTED: Final = "07"  # a UDP socket that takes packets from any address
_OF_DHCP: Final = {68, 546}
_MOST_NAMED: Final = 5
_INPUT_IS_DROPPED: Final = re.compile(r"\bhook\s+input\b[^}]*\bpolicy\s+drop\b")
_UPGRADES: Final = re.compile(r'^\s*APT::Periodic::Unattended-Upgrade\s+"[1-9]', re.MULTILINE)
_COMMENT: Final = re.compile(r"#.*")
_TIME_SERVICES: Final = ("chrony", "systemd-timesyncd", "ntpsec", "ntp", "openntpd")


@dataclass(frozen=True, slots=True)
class NetworkHealth:
    """The file system that is checked; tests have a root of their own."""

    root: Path = Path("/")

    def check(self) -> Iterator[CheckResult]:
        yield self._firewall()
        yield self._updates()
        yield self._remote_access()
        yield self._time_source()

    def _firewall(self) -> CheckResult:
        rules = _COMMENT.sub("", _text(self.root / "etc/nftables.conf"))
        if self._is_enabled("nftables") and _INPUT_IS_DROPPED.search(rules):
            return ok("firewall", "is started with the machine and lets nothing in")
        ports = sorted(self._open_ports())
        named = ", ".join(map(str, ports[:_MOST_NAMED])) + (" and more" if len(ports) > _MOST_NAMED else "")
        others = f", and other machines reach {'port' if len(ports) == 1 else 'ports'} {named}" if ports else ""
        return warning("firewall", f"no nftables rules drop what comes in{others}", _CURE)

    def _updates(self) -> CheckResult:
        settings = "\n".join(map(_text, sorted((self.root / "etc/apt/apt.conf.d").glob("*"))))
        if not (self.root / "usr/bin/unattended-upgrade").exists() or not _UPGRADES.search(settings):
            return warning("security updates", "are not installed by themselves", _CURE)
        if (self.root / "run/reboot-required").exists():
            return warning(
                "security updates",
                "are installed, and one of them waits for a restart of the machine",
                "restart it at a time when you can unlock the tip line at once",
            )
        return ok("security updates", "are installed by themselves")

    def _remote_access(self) -> CheckResult:
        if not (self.root / "usr/sbin/sshd").exists():
            return ok("remote access", "no sshd is installed")
        folder = self.root / "etc/ssh"
        included = sorted((folder / "sshd_config.d").glob("*.conf"))
        settings = _sshd_settings("\n".join(map(_text, [*included, folder / "sshd_config"])))
        wrong = []
        if settings.get("passwordauthentication", ["yes"])[0] != "no":
            wrong.append("takes passwords")
        if not all(map(_is_loopback, settings.get("listenaddress", [""]))):
            wrong.append("listens on the network")
        if wrong:
            return warning("remote access", f"sshd {' and '.join(wrong)}", _CURE)
        return ok("remote access", "sshd takes keys only, and listens on this machine only")

    def _time_source(self) -> CheckResult:
        running = next((name for name in _TIME_SERVICES if self._is_enabled(name)), None)
        if running is None:
            return warning("time source", "none: weeks of keys begin and end by this clock", _CURE)
        folder = self.root / "etc/chrony"
        files = [folder / "chrony.conf", *sorted(folder.glob("*.d/*"))]
        servers = re.findall(r"^\s*(?:server|pool)\s.*$", "\n".join(map(_text, files)), re.MULTILINE)
        if running == "chrony" and servers and all(re.search(r"\snts\b", server) for server in servers):
            return ok("time source", "chrony, which asks servers that prove who they are (NTS)")
        return warning("time source", f"{running} believes answers that anyone on the way can change", _CURE)

    def _is_enabled(self, service: str) -> bool:
        wanted = (self.root / "etc/systemd/system").glob(f"*.wants/{service}.service")
        return any(path.is_symlink() or path.exists() for path in wanted)

    def _open_ports(self) -> set[int]:
        """Return the ports on which a program accepts connections of other machines."""
        found = set()
        for name, state in (("tcp", _LISTENS), ("tcp6", _LISTENS), ("udp", _UNCONNECTED), ("udp6", _UNCONNECTED)):
            for line in _text(self.root / "proc/net" / name).splitlines()[1:]:
                _, local, _, is_in, *_ = line.split()
                address, _, port = local.rpartition(":")
                if is_in == state and not _is_loopback_of_kernel(address):
                    found.add(int(port, 16))
        return found - _OF_DHCP


def _text(path: Path) -> str:
    """Empty where there is none that may be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _sshd_settings(text: str) -> dict[str, list[str]]:
    """Return sshd's settings by lower-case name.

    sshd uses the first value of a name; ``Match`` ends the settings that hold for all.
    """
    found: dict[str, list[str]] = {}
    for line in _COMMENT.sub("", text).splitlines():
        name, *values = line.replace("=", " ", 1).split()[:2] or [""]
        if name.lower() == "match":
            break
        if name and values:
            found.setdefault(name.lower(), []).append(values[0].lower())
    return found


def _is_loopback(untrusted_address: str) -> bool:
    host = untrusted_address.rpartition(":")[0] if untrusted_address.count(":") == 1 else untrusted_address
    if host == "localhost":
        return True
    try:
        return ip_address(host.partition("]")[0].lstrip("[")).is_loopback
    except ValueError:
        return False


def _is_loopback_of_kernel(digits: str) -> bool:
    """Parse an address of ``/proc/net``: hexadecimal 32-bit words in the machine's byte order."""
    words = [bytes.fromhex(digits[at : at + 8])[::-1] for at in range(0, len(digits), 8)]
    address = ip_address(b"".join(words))
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
