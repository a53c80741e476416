"""A directory authority and relay of a private network; four of them are the whole network."""

import re
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from onion.errors import NetworkNotReady
from onion.private_file import private_folder
from onion.tor_program import TorProgram, find_program

_DUMMY = "dummy orport=1 no-v2 v3ident=" + "0" * 40 + " 127.0.0.1:1 " + "1" * 40
_KEY_SECONDS = 60
# Only this loopback network trusts the identity that this phrase protects.
_GENCERT_INPUT = "a private network on loopback\n"


@dataclass(frozen=True, slots=True)
class Authority:
    nickname: str
    folder: Path  # its DataDirectory
    or_port: int
    dir_port: int
    identity: str  # 40 hex, of the directory authority
    fingerprint: str  # 40 hex, of the relay

    @classmethod
    def make(cls, nickname: str, folder: Path, program: TorProgram) -> "Authority":
        """Makes the keys, or takes those that an earlier network left in `folder`; the ports are fresh."""
        or_port, dir_port = free_ports(2)
        keys = private_folder(private_folder(folder) / "keys")
        certificate = keys / "authority_certificate"
        if not certificate.exists():
            _run(
                [
                    *(find_program("tor-gencert"), "--create-identity-key", "-m", "12"),
                    *("-a", f"127.0.0.1:{dir_port}", "--passphrase-fd", "0"),
                    *("-i", str(keys / "authority_identity_key"), "-s", str(keys / "authority_signing_key")),
                    *("-c", str(certificate)),
                ]
            )
        if not (folder / "fingerprint").exists():
            _run(
                [
                    *(program.path, "--list-fingerprint", "--DataDirectory", str(folder), "--ORPort", str(or_port)),
                    *(
                        "--Nickname",
                        nickname,
                        "-f",
                        "/dev/null",
                        "--ignore-missing-torrc",
                        "--defaults-torrc",
                        "/dev/null",
                    ),
                    *("--DirAuthority", _DUMMY),
                ]
            )
        return cls(
            nickname,
            folder,
            or_port,
            dir_port,
            _found(r"^fingerprint ([0-9A-F]{40})$", certificate),
            _found(r"^\S+ ([0-9A-F]{40})$", folder / "fingerprint"),
        )

    def directory_line(self) -> str:
        """The torrc line by which others know this authority."""
        return (
            f"DirAuthority {self.nickname} orport={self.or_port} no-v2 v3ident={self.identity} "
            f"127.0.0.1:{self.dir_port} {self.fingerprint}"
        )

    def torrc_lines(self) -> list[str]:
        return [
            f"Nickname {self.nickname}",
            "Address 127.0.0.1",
            "AssumeReachable 1",
            f"ORPort 127.0.0.1:{self.or_port} IPv4Only",
            f"DirPort 127.0.0.1:{self.dir_port}",
            "ExitRelay 0",
            "ContactInfo none",
            "AuthoritativeDirectory 1",
            "V3AuthoritativeDirectory 1",
            "TestingV3AuthInitialVotingInterval 5",
            "TestingV3AuthInitialVoteDelay 2",
            "TestingV3AuthInitialDistDelay 2",
            "V3AuthVotingInterval 20",
            "V3AuthVoteDelay 2",
            "V3AuthDistDelay 2",
            # Longer-lived consensuses let hosts and clients drift apart until services are lost.
            "V3AuthNIntervalsValid 3",
            # Otherwise each authority computes the difference of a new consensus to all earlier ones: half a
            # processor after five minutes, more with every vote. No client here asks for an old one.
            "MaxConsensusAgeForDiffs 1 minute",
            "TestingDirAuthVoteGuard *",
            "TestingDirAuthVoteExit *",
            "TestingDirAuthVoteHSDir *",
            "TestingMinExitFlagThreshold 0",
            # On a busy machine some looked slow or new beside the others. With one guard left, which was also the
            # one choice for the second hop of a service, circuits failed for minutes.
            "AuthDirFastGuarantee 1 byte",
            "AuthDirVoteStableGuaranteeMinUptime 0",
            "AuthDirVoteStableGuaranteeMTBF 0",
        ]


def free_ports(count: int) -> list[int]:
    """Ports on 127.0.0.1 that were free a moment ago. Another process may take one: retry then."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _run(command: list[str]) -> None:
    try:
        subprocess.run(
            command, input=_GENCERT_INPUT, capture_output=True, text=True, timeout=_KEY_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NetworkNotReady("expected tor to make an authority's keys") from error


def _found(pattern: str, path: Path) -> str:
    found = re.search(pattern, path.read_text(), flags=re.MULTILINE)
    if found is None:
        raise NetworkNotReady(f"expected a fingerprint in {path}")
    return found.group(1)
