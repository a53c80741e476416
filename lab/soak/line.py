"""An organisation with one server and one reviewer, made and used by the programs' own commands."""

import contextlib
import hashlib
import io
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from crypto.passphrases.mailbox import open_mailbox
from crypto.passphrases.passphrase import Passphrase
from crypto.sharing.shared_item import ENVELOPE_BYTES
from lab.soak.home import Reviewer
from lab.soak.ledger import Content
from lab.soak.losses import want
from tests.tipline.served import OPERATOR
from tests.tipline.serving import TIPLINE
from tipline.cli import main
from tipline.instance.database_key import ask_database_key
from tipline.instance.folder import SiteFolder
from tipline.instance.open_site import open_site
from tipline.store import Store

Ended = tuple[int | None, str]
"""Exit code, None of what was killed; and all that it said."""


def tipline(*arguments: str | Path) -> tuple[int, str]:
    """A command of the server's, in this process; its exit code, and all that it says."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(list(map(str, arguments)))
    return code, said.getvalue()


def run_for(seconds: float, command: Sequence[str]) -> Ended:
    """A process of its own, killed after so long."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
            return None, said
    return process.returncode, said


class Line:
    """``folder`` takes everything but the server's folder, where that is told to lie elsewhere."""

    def __init__(self, folder: Path, *, site: Path | None = None) -> None:
        self.folder = folder
        self.outbox = folder / "outbox"
        self.reviewer = Reviewer(folder / "home")
        self.site = site or folder / "site"
        self.passphrase_file = folder / "passphrase"
        self.passphrase_file.write_text(OPERATOR + "\n")
        self._checked: set[bytes] = set()
        root, manifest = folder / "root", folder / "manifest.json"
        self.reviewer.do("init", "--root", root, "--organisation", "Example Watch")
        self.serve("init", self.site, "--root-key", root / "root.pub")
        self.reviewer.do("servers add", self.site / "server.pub")
        self.reviewer.do("keys issue", "--root", root, "--out", manifest)
        self.serve("manifest", self.site, manifest)
        self.key = ask_database_key(SiteFolder(self.site), str(self.passphrase_file))
        with open_site(self.site, str(self.passphrase_file)) as opened:
            self._derivation = opened.policy.derivation()

    def serve(self, command: str, *arguments: str | Path) -> None:
        """A command of the server's that must work."""
        code, said = tipline(command, *arguments, "--passphrase-file", self.passphrase_file)
        want(code == 0, f"tipline {command} was refused: {said}")

    def server_command(self, command: str, *arguments: str | Path) -> list[str]:
        """The same for a process of its own, which can be killed."""
        return [*TIPLINE, command, *map(str, arguments), "--passphrase-file", str(self.passphrase_file)]

    def look_into_store(self) -> int:
        """Open the store beside the serving process, and read what was not read before; how many submissions wait.

        Raises:
            Lost: something is listed that is not there whole.
        """
        with Store(SiteFolder(self.site).store, self.key) as store:
            waiting = store.submissions.waiting()
            for stored in waiting:
                if stored.submission in self._checked:
                    continue
                digest, length = hashlib.sha256(), 0
                for piece in store.submissions.pieces(stored.submission):
                    digest.update(piece)
                    length += len(piece)
                is_whole = (digest.digest(), length) == (stored.sha256, stored.length)
                want(is_whole, "a submission is listed whose bytes are not those that were sealed")
                self._checked.add(stored.submission)
            return sum(stored.length != ENVELOPE_BYTES for stored in waiting)

    def mailbox_of(self, words: str) -> bytes:
        """The id of the mailbox that these words open."""
        return open_mailbox(Passphrase.parse(words), by=self._derivation).mailbox_id.to_bytes()

    def damage(self) -> list[str]:
        """The faults that a check of every page finds."""
        with Store(SiteFolder(self.site).store, self.key) as store:
            return store.damage()

    def carry(self, *, replies: Mapping[str, str] | None = None) -> list[Content]:
        """A round of the courier's: out, taken in, answered, backed up, and back in; what was new. ``replies`` are
        texts by the text that they answer."""
        new = self.carry_out(replies=replies)
        self.carry_in()
        return new

    def carry_out(self, *, replies: Mapping[str, str] | None = None) -> list[Content]:
        """The first half of a round, until the next outbox lies there."""
        bundles = self.folder / "tips.bundles"
        self.serve("export", self.site, "--out", bundles)
        self.reviewer.do("import", bundles)
        new = self.reviewer.read_new()
        for wanted, reply in (replies or {}).items():
            self.reviewer.answer(wanted, reply, self.folder / "reply.txt")
        self.reviewer.do("backup", "--to", self.folder / "casebook.age")
        self.reviewer.do("outbox", "--out", self.outbox)
        return new

    def carry_in(self) -> None:
        """The second half; harmless where a process that was killed had begun with it."""
        self.serve("import", self.site, self.outbox)
