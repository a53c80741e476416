"""A reviewer's desk: a home, a root medium and a server, driven through the command line."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crypto.keys.at_rest import RestKey
from reviewer.casebook.database import CasebookFiles
from reviewer.cli import run
from reviewer.home.home import open_home
from reviewer.home.keyring import CASEBOOK_KEY, ENVELOPES_KEY
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import FakeServer, file_of

PROGRAM = "import sys; from reviewer.cli import main; sys.exit(main(sys.argv[1:]))"


class Refusal(AssertionError):
    """A command that a test expected to work was refused."""


class Desk:
    """Every command runs as staff run it; only the process is the test's own."""

    def __init__(self, folder: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.root = folder / "root"
        self.out = self.err = ""
        self._captured = captured
        self.server = FakeServer()

    def beside(self, folder: Path) -> "Desk":
        """Another organisation's desk."""
        folder.mkdir()
        return Desk(folder, self._captured)

    def run(self, *arguments: str | Path) -> int:
        """One command; what it printed lies in ``out`` and ``err``."""
        self._captured.readouterr()
        code = run(["--beside-network", *map(str, arguments)])
        self.out, self.err = self._captured.readouterr()
        return code

    def do(self, *arguments: str | Path) -> str:
        """One command that must work; its standard output."""
        if self.run(*arguments) != 0:
            raise Refusal(self.err)
        return self.out

    def leave(self, *arguments: str | Path) -> str:
        """A command that writes what leaves, in its two steps: the preview, then with its code."""
        return self.do(*arguments, "--code", self.code_of(*arguments))

    def delete_part(self, tip: str, *part: str, because: str) -> str:
        """Delete a file or an answer of a tip, in two steps."""
        command = ("delete", self.home, tip, *part)
        self.do(*command)
        code = re.search("--code ([0-9a-f]{24})", self.err)
        assert code is not None, self.err
        return self.do(*command, "--because", because, "--code", code[1])

    def code_of(self, *arguments: str | Path) -> str:
        """The code of the preview of a command that writes what leaves."""
        names = [str(one) for one in arguments]
        out = names.index("--to" if names[0] in {"refer", "quarantines"} else "--out")
        is_drawing = names[0] in {"graph", "timeline", "map"}
        self.do(*arguments, "--dry-run") if is_drawing else self.do(*arguments[:out], *arguments[out + 2 :])
        code = re.search("--code ([0-9a-f]{24})", self.err)
        assert code is not None, self.err
        return code[1]

    def pipe(self, *arguments: str | Path, source: Path) -> bytes:
        """One command in a process of its own, with a file as standard input; the bytes that it wrote."""
        with source.open("rb") as standard_input:
            return subprocess.run(
                [sys.executable, "-c", PROGRAM, "--beside-network", *map(str, arguments)],
                stdin=standard_input,
                capture_output=True,
                check=True,
                timeout=60,
            ).stdout

    def json(self, *arguments: str | Path) -> Any:
        return json.loads(self.do(*arguments, "--json"))

    def found(self, *options: str | Path) -> None:
        """Make home and root key."""
        self.do("init", self.home, "--root", self.root, "--organisation", "Example Watch", *options)

    def issue(self, *options: str | Path) -> Path:
        """Issue keys, and let the server adopt the manifest."""
        manifest = self.folder / "manifest.json"
        self.do("keys", "issue", self.home, "--root", self.root, "--out", manifest, *options)
        self.server.adopt(manifest, self.root / "root.pub")
        return manifest

    def keys_issued(self) -> int:
        """How many keys of one reviewer the manifest lists: eight weeks, and one or two quarters."""
        assert self.server.manifest is not None
        return len(self.server.manifest.manifest.intake) + len(self.server.manifest.manifest.sealed)

    def know_server(self, server: FakeServer | None = None) -> None:
        self.do("servers", "add", self.home, (server or self.server).write_party(self.folder))

    def write(self, *bundles: bytes) -> Path:
        """A FILE on the stick."""
        path = self.folder / "tips.bundle"
        path.write_bytes(file_of(*bundles))
        return path

    def take_in(self, *envelopes: bytes) -> list[str]:
        """Import these submissions; their ids in the order given."""
        self.do("import", self.home, self.write(self.server.submissions(*envelopes)))
        return [hashlib.sha256(envelope).hexdigest()[:12] for envelope in envelopes]

    def submissions(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.json("list", self.home)["submissions"]
        return listed

    def show(self, short_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = self.json("show", self.home, short_id)
        return shown

    def tamper(self, *statements: str) -> None:
        """Change the casebook behind the program's back, with its key."""
        with open_home(self.home, entry=SecretEntry(None)) as home:
            key = RestKey(home.keyring.secret(CASEBOOK_KEY))
            envelopes_key = RestKey(home.keyring.secret(ENVELOPES_KEY))
        files = CasebookFiles.open_existing(self.home, key=key, envelopes_key=envelopes_key)
        for statement in statements:
            files.small.run(statement)
        files.close()

    def backup(self) -> Path:
        path = self.folder / "casebook.age"
        self.do("backup", self.home, "--to", path)
        return path

    def fingerprint(self) -> list[tuple[str, str]]:
        """The state of the casebook, to see that a refusal changed nothing."""
        names = ("casebook.db", "contents.db")
        kept = [(name, hashlib.sha256((self.home / name).read_bytes()).hexdigest()) for name in names]
        return kept + sorted((path.name, "") for path in (self.home / "unopened").iterdir())
