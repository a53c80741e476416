"""A whole tip line in a folder of its own, for as long as a measurement lasts.

The real programs, started as staff start them; ``--tor off`` on a loopback port: what is
measured is this program, not Tor.
"""

import contextlib
import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tipline.instance.database_key import ask_database_key
from tipline.instance.folder import SiteFolder
from tipline.intake.passphrase_pool import LOW, QUIET_SECONDS, READY, REST_SECONDS
from tipline.machine.listener import ListenAddress
from tipline.supervisor.web_process import WebProcess
from tipline.web.order import WebOrder

PROGRAMS = Path(sys.executable).parent
TIPLINE = PROGRAMS / "tipline"
PASSPHRASE = "for measurements only"  # noqa: S105 -- it guards a folder that lives for minutes
START_LIMIT_SECONDS = 60
_READY_WORDS_SECONDS = REST_SECONDS + 0.25  # for each; a tenth of a second on a machine that does nothing else
POOL_FILL_SECONDS = READY * _READY_WORDS_SECONDS
"""Until all ready passphrases are there after a start: else one is derived beside what is measured."""
REFILL_SECONDS = QUIET_SECONDS + (READY - LOW) * _READY_WORDS_SECONDS
"""Until they are all there again after a crowd."""


class RunningServer:
    """A running server: its place, and the weight of its processes."""

    def __init__(self, folder: Path, port: int, first_process: int) -> None:
        self.folder = folder
        self.port = port
        self._first_process = first_process

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def data(self) -> Path:
        return self.folder / "server"

    @property
    def socket(self) -> Path:
        """The socket at which :func:`running_web` listens."""
        return self.folder / "s"

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)

    def processes(self) -> list[int]:
        """The first one and all that it started."""
        found = [self._first_process]
        for pid in found:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            found.extend(int(child) for child in children)
        return found

    def resident_bytes(self) -> int:
        """Resident memory of all processes together."""
        total = 0
        for pid in self.processes():
            with contextlib.suppress(FileNotFoundError):
                fields = Path(f"/proc/{pid}/statm").read_text().split()
                total += int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
        return total

    def at_rest_bytes(self) -> int:
        """The same without the memory of a derivation, which comes and goes: the least of two seconds."""
        looks = []
        for _ in range(40):
            looks.append(self.resident_bytes())
            time.sleep(0.05)
        return min(looks)

    def processor_seconds(self) -> float:
        """Processor time of all processes together so far: what a busy machine changes least."""
        total = 0
        for pid in self.processes():
            with contextlib.suppress(FileNotFoundError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def lost(self, marks: Sequence[str]) -> list[str]:
        """The first words of accepted messages that no reviewer finds.

        All is carried over, opened and listed.
        """
        bundle, secret = self.folder / "bundle", ("--passphrase-file", self.folder / "passphrase")
        self.tool("tipline", "export", self.data, "--out", bundle, *secret)
        self.tool("tipline-review", "--beside-network", "import", self.home, bundle, *secret)
        listed = self.tool("tipline-review", "--beside-network", "list", self.home, "--all", *secret).split()
        return sorted(set(marks) - set(listed))

    def tool(self, *words: str | Path) -> str:
        """Run one of the project's programs to its end and give its standard output."""
        return _run(*words)


@contextlib.contextmanager
def running_server(folder: Path, *, tipline: Sequence[str | Path] = (TIPLINE,)) -> Iterator[RunningServer]:
    """Set up organisation, reviewer, keys and server in ``folder``, serve, and end it all.

    The server is the command ``tipline`` or one in its place.
    """
    passphrase_file = _set_up(folder)
    port = _free_port()
    front = subprocess.Popen(
        [
            *(*tipline, "serve", folder / "server", "--tor", "off"),
            *("--bind", f"127.0.0.1:{port}", "--passphrase-file", passphrase_file),
        ],
        stderr=(folder / "serve.log").open("wb"),
    )
    try:
        server = RunningServer(folder, port, front.pid)
        _wait_until_it_answers(server, front)
        yield server
    finally:
        front.terminate()
        try:
            front.wait(30)
        except subprocess.TimeoutExpired:
            front.kill()  # the kernel ends what it started
            front.wait()
            raise


@contextlib.contextmanager
def running_web(folder: Path) -> Iterator[RunningServer]:
    """The same without its front: the real web process on a unix socket, with circuits as tor names them."""
    key = ask_database_key(SiteFolder(folder / "server"), str(_set_up(folder)))
    with WebProcess(
        WebOrder(folder / "server", key, ListenAddress(folder / "s", None), None, behind_tor=True)
    ) as web:
        yield RunningServer(folder, 0, web.process_id)


def _set_up(folder: Path) -> Path:
    """Organisation, reviewer, keys and server, by the real programs; returns the passphrase's file."""
    folder.mkdir(parents=True, exist_ok=True)
    passphrase_file = folder / "passphrase"
    passphrase_file.write_text(PASSPHRASE + "\n")
    passphrase_file.chmod(0o600)
    home, medium, data, manifest = (folder / name for name in ("home", "medium", "server", "manifest.json"))
    review = ("tipline-review", "--beside-network")
    secret = ("--passphrase-file", passphrase_file)
    _run(*review, "init", home, "--root", medium, "--organisation", "Measurement", *secret)
    _run("tipline", "init", data, "--root-key", medium / "root.pub", *secret)
    _run(*review, "servers", "add", home, data / "server.pub", *secret)
    _run(*review, "keys", "issue", home, "--root", medium, "--weeks", "8", "--out", manifest, *secret)
    _run("tipline", "manifest", data, manifest, *secret)
    return passphrase_file


def post_submission(
    connection: http.client.HTTPConnection,
    *,
    nonce: str,
    text: str,
    file: Path | None = None,
    path: str = "/",
    wants_answer: bool = True,
) -> str:
    """Post the form as a browser does; returns the page that answers."""
    edge = "----" + secrets.token_hex(12)
    parts = [_field(edge, "nonce", nonce), _field(edge, "text", text)]
    if not wants_answer:
        parts.append(_field(edge, "answer", "no"))
    tail = f"--{edge}--\r\n".encode()
    head = b"".join(parts)
    if file is not None:
        head += (
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        tail = b"\r\n" + tail
    length = len(head) + (file.stat().st_size if file else 0) + len(tail)
    connection.putrequest("POST", path)
    connection.putheader("Content-Type", f"multipart/form-data; boundary={edge}")
    connection.putheader("Content-Length", str(length))
    connection.putheader("Sec-Fetch-Site", "same-origin")
    connection.endheaders(head)
    if file is not None:
        with file.open("rb") as source:
            while piece := source.read(1 << 20):
                connection.send(piece)
    connection.send(tail)
    answer = connection.getresponse()
    page = answer.read().decode()
    if answer.status != http.client.OK:
        raise RuntimeError(f"the server answered {answer.status} to a submission")
    return page


def form_nonce(connection: http.client.HTTPConnection) -> str:
    """The nonce of a fresh form."""
    connection.request("GET", "/")
    page = connection.getresponse().read().decode()
    return page.split('name="nonce" value="', 1)[1].split('"', 1)[0]


def _field(edge: str, name: str, value: str) -> bytes:
    return f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def _run(*words: str | Path) -> str:
    program, *rest = (str(word) for word in words)
    done = subprocess.run([PROGRAMS / program, *rest], check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{program} {rest[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(server: RunningServer, front: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < until:
        if front.poll() is not None:
            raise RuntimeError(f"serve ended: {(server.folder / 'serve.log').read_text()}")
        with contextlib.suppress(OSError):
            connection = server.connection()
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.2)
    raise RuntimeError("the server did not answer within a minute")
