"""A whole tip line in a throw-away folder, set up by its own programs.

FOLDER/network    the private Tor network
FOLDER/server     the machine that a seizer takes: site/ is what `tipline serve` works in
FOLDER/courier    the online staff computer
FOLDER/reviewer   the computer without a network: home/ of the reviewer
FOLDER/medium     the organisation's root medium
FOLDER/twin       the second copy of the reviewer's keys
FOLDER/stick      what is carried between courier and reviewer
FOLDER/source     the source's own computer
"""

import json
import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from demo.child import Child
from demo.errors import DemoError
from demo.machine import DemoMachine, program, without_network
from demo.narrator import Narrator

ORGANISATION = "Safe Harbour (demo)"
READY_SECONDS = 90.0
# The private network ends its tors one after the other, and may be in the middle of starting them.
NETWORK_GRACE_SECONDS = 60.0


class Stage:
    """Everything in its place, until it is left: then nothing of it runs any more. The folder stays."""

    def __init__(self, folder: Path, narrator: Narrator) -> None:
        self.folder = folder
        self._narrator = narrator
        self._open = ExitStack()
        # As a person would choose them; typed at each prompt, kept in no file.
        self.operators_passphrase = secrets.token_urlsafe(12)
        self.reviewers_passphrase = secrets.token_urlsafe(12)
        self.address = ""
        self.socks_ports: list[int] = []
        self.network = DemoMachine.make(folder / "network")
        self.source = DemoMachine.make(folder / "source")
        self.server = DemoMachine.make(folder / "server")
        self.courier = DemoMachine.make(folder / "courier")
        cut_off = without_network()
        self.reviewer_is_cut_off = cut_off is not None
        self.reviewer = DemoMachine.make(folder / "reviewer", within=cut_off or ())
        for name in ("medium", "twin", "stick"):
            (folder / name).mkdir(mode=0o700)

    @property
    def site(self) -> Path:
        """The folder of the server."""
        return self.server.folder / "site"

    @property
    def courier_home(self) -> Path:
        """The courier's own folder."""
        return self.courier.folder / "carry"

    @property
    def casebook(self) -> Path:
        """The reviewer's folder."""
        return self.reviewer.folder / "casebook"

    @property
    def medium(self) -> Path:
        """The root medium."""
        return self.folder / "medium"

    @property
    def twin(self) -> Path:
        """The medium with the second copy of the reviewer's keys."""
        return self.folder / "twin"

    @property
    def stick(self) -> Path:
        """The medium between the courier's and the reviewer's computer."""
        return self.folder / "stick"

    @property
    def network_folder(self) -> Path:
        """The folder of the private network."""
        return self.network.folder / "net"

    def __enter__(self) -> Self:
        try:
            self._set_up()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End everything that was started here. May be called twice."""
        self._open.close()

    def run_server(self, *arguments: str | Path) -> str:
        """A command on the server: ``tipline …`` with the operator's passphrase typed at its prompt."""
        return self.server.run(
            program("tipline"), *arguments, "--passphrase-file", "-", said=self.operators_passphrase + "\n"
        )

    def server_status(self) -> dict[str, Any]:
        """The output of ``tipline status --json``."""
        status: dict[str, Any] = json.loads(self.run_server("status", self.site, "--json"))
        return status

    def courier_pulls(self, bundles: Path) -> None:
        """``tipline courier pull``: fetch the waiting bundles into ``bundles``."""
        self.courier.run(program("tipline"), "courier", "pull", self.courier_home, "--out", bundles)

    def courier_pushes(self, outbox: Path) -> str:
        """``tipline courier push``: upload a reviewer's outbox; what the command told."""
        return self.courier.run(program("tipline"), "courier", "push", self.courier_home, outbox)

    def run_reviewer(self, *arguments: str | Path) -> str:
        """A command on the reviewer's computer: ``tipline-review …`` with the reviewer's passphrase."""
        beside = () if self.reviewer_is_cut_off else ("--beside-network",)
        return self.reviewer.run(
            program("tipline-review"),
            *beside,
            *arguments,
            "--passphrase-file",
            "-",
            said=2 * f"{self.reviewers_passphrase}\n",  # taking keys of a twin asks for that of the twin as well
        )

    def require_running(self) -> None:
        """Return while server and network run.

        Raises:
            DemoError: one of them ended by itself.
        """
        for name, child in (("the server", self._serving), ("the private network", self._network)):
            if not child.running():
                raise DemoError(f"{name} ended", hint=child.last_words())

    def server_pids(self) -> list[int]:
        """The programs of the server that run now."""
        return [self._serving.pid] if self._serving.running() else []

    def stop_server(self) -> None:
        """End the server, as an operator would before the machine is carried away."""
        self._serving.end()

    def _set_up(self) -> None:
        say = self._narrator
        if not self.reviewer_is_cut_off:
            say.say("note: this system cannot cut a program off the network; the reviewer runs beside it here")
        self._network = self._start_network()
        with say.step("an organisation has a root key, a reviewer, keys for eight weeks and a server") as step:
            self._make_organisation()
            step.note("the reviewer's programs have no network at all" if self.reviewer_is_cut_off else "")
        with say.step("a private Tor network runs on loopback") as step:
            network_map = self.network_folder / "network.json"
            self._await(self._network, network_map.exists, "the private network does not come up")
            self.socks_ports = json.loads(network_map.read_bytes())["socks_ports"]
            step.note("four relays, and a SOCKS port for the source")
        with say.step("the onion service is published") as step:
            self._serving = self.server.start(
                program("tipline"),
                "serve",
                self.site,
                *("--tor", "private", "--network", self.network_folder, "--passphrase-file", "-"),
                log="serve.log",
                said=self.operators_passphrase + "\n",
            )
            self._open.callback(self._serving.end)
            self.address = self._await_published()
            step.note(self.address)
        with say.step("the courier has a key for its own onion service"):
            self._admit_courier()

    def _start_network(self) -> Child:
        network = self.network.start(
            sys.executable, "-m", "onion.private_network", self.network_folder, "--clients", "1", log="network.log"
        )
        self._open.callback(network.end, grace_seconds=NETWORK_GRACE_SECONDS)
        return network

    def _make_organisation(self) -> None:
        manifest = self.stick / "manifest.json"
        self.run_reviewer("init", self.casebook, "--root", self.medium, "--organisation", ORGANISATION)
        self.run_server("init", self.site, "--root-key", self._on_stick(self.medium / "root.pub"))
        self.server.run(program("tipline"), "doors", "add", self.site, "help", "saw", "voice", "work")
        self.run_reviewer("servers", "add", self.casebook, self._on_stick(self.site / "server.pub"))
        issue = ("keys", "issue", self.casebook, "--root", self.medium, "--twin", self.twin, "--weeks", "8")
        self.run_reviewer(*issue, "--out", manifest)
        self.run_server("manifest", self.site, manifest)

    def _admit_courier(self) -> None:
        tipline, home = program("tipline"), self.courier_home
        self.courier.run(tipline, "courier", "setup", home, "--network", self.network_folder)
        public_key = self._on_stick(home / "courier.pub")
        self.server.run(tipline, "couriers", "add", self.site, public_key)
        listed = json.loads(self.server.run(tipline, "couriers", "list", self.site, "--json"))
        self.courier.run(
            tipline, "courier", "setup", home, "--network", self.network_folder, "--address", listed["address"]
        )

    def _on_stick(self, file: Path) -> Path:
        """Carry a file from one machine to the next."""
        return Path(shutil.copy(file, self.stick / file.name))

    def _await_published(self) -> str:
        self._await(self._serving, lambda: "\nready\n" in self._serving.said(), "the server is not ready")
        address = re.search(r"^address: http://(\S+\.onion)/$", self._serving.said(), re.MULTILINE)
        if address is None:
            raise DemoError("the server does not say where it is", hint=self._serving.last_words())
        return address[1]

    @staticmethod
    def _await(child: Child, holds: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not holds():
            if time.monotonic() > deadline or not child.running():
                raise DemoError(otherwise, hint=child.last_words())
            time.sleep(0.1)
