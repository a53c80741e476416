"""A reviewer's home, used by the program's own commands and read byte by byte."""

import contextlib
import hashlib
import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lab.soak.ledger import Content
from lab.soak.losses import Lost, want
from reviewer.casebook.submission import Submission
from reviewer.cli import run
from reviewer.home.home import Home, open_home
from reviewer.terminal.secret_entry import SecretEntry

_PROGRAM = "import sys; from reviewer.cli import main; sys.exit(main(sys.argv[1:]))"


class Reviewer:
    """``home`` need not be there yet."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._read: set[str] = set()

    def do(self, command: str, *arguments: str | Path) -> str:
        """A command that must work; what it says.

        Raises:
            Lost: it was refused.
        """
        code, said = self.attempt(command, *arguments)
        if code:
            raise Lost(f"tipline-review {command} was refused: {said}")
        return said

    def attempt(self, command: str, *arguments: str | Path) -> tuple[int, str]:
        """A command, in this process; its exit code, and all that it says."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = run(["--beside-network", *map(str, self._placed(command, arguments))])
        return code, said.getvalue()

    def command(self, command: str, *arguments: str | Path) -> list[str]:
        """The same for a process of its own, which can be killed."""
        return [sys.executable, "-c", _PROGRAM, "--beside-network", *map(str, self._placed(command, arguments))]

    def _placed(self, command: str, arguments: tuple[str | Path, ...]) -> list[str | Path]:
        """A home comes right after the command's words, as in `keys issue HOME`."""
        return [*command.split(), self.home, *arguments]

    @contextlib.contextmanager
    def opened(self) -> Iterator[Home]:
        with open_home(self.home, entry=SecretEntry(None)) as home:
            yield home

    def read_new(self) -> list[Content]:
        """The tips that came into the casebook since the last call, each file read byte by byte, without acts.

        Raises:
            Lost: something does not open.
        """
        with self.opened() as home:
            tips = [each for each in home.casebook.submissions.all() if not each.may_be_shared]
            new = [each for each in tips if each.short_id not in self._read]
            self._read |= {each.short_id for each in new}
            return [content for each in new if (content := _content(home, each)) is not None]

    def replies(self) -> Counter[str]:
        """How often each text was written as an answer, no matter to whom."""
        with self.opened() as home:
            submissions = home.casebook.submissions.all()
            return Counter(reply.text for each in submissions for reply in home.casebook.replies.of(each.number))

    def answer(self, text: str, reply: str, note: Path) -> None:
        """Reply to the sender of this text, in each mailbox under which it came; ``note`` is a file to write."""
        note.write_text(reply)
        with self.opened() as home:
            found = [each for each in home.casebook.submissions.all() if _text(home, each) == text]
        want(found, f"there is no one to answer: {text!r} did not come")
        for each in found:
            self.do("reply", each.short_id, "--text-file", note, "--confirm-contents")

    def receipted(self) -> set[bytes]:
        """Digests of all envelopes for which an outbox of this home holds a receipt."""
        with self.opened() as home:
            submissions = home.casebook.submissions.all()
        return {each.envelope.sha256 for each in submissions if each.receipt_day is not None}


def _text(home: Home, submission: Submission) -> str | None:
    fields = home.casebook.submissions.fields(submission)
    return next((field.value for field in fields if field.name == "text"), None)


def _content(home: Home, submission: Submission) -> Content | None:
    """None of an act without a text."""
    want(submission.unopenable is None, f"a submission does not open: {submission.unopenable}")
    submissions = home.casebook.submissions
    files = []
    for file in submissions.stored_files(submission):
        digest = hashlib.sha256()
        for piece in submissions.read(submission, file):
            digest.update(piece)
        files.append((file.name, digest.hexdigest()))
    text = _text(home, submission)
    if text is None:
        return None
    return Content(text, tuple(files), submission.mailbox.mailbox_id.to_bytes() if submission.mailbox else b"")
