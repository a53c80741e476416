"""Staff's part of the walkthrough: the reviewer's commands as typed, and their terminal output."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.errors import DemoError
from demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Screen:
    """One command and its output."""

    name: str
    typed: str
    shown: str


class Reviewer:
    """The person at the computer without a network."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.screens: list[Screen] = []

    def take_in(self, bundles: Path) -> None:
        """Import what the courier brought."""
        self._see("import", bundles)

    def new_ones(self, known: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
        """Submissions, of all kinds, that are not among ``known``, each as ``show --json`` gives it."""
        listed = json.loads(self._run("list", "--json"))["submissions"]
        self._see("list")
        return [json.loads(self._run("show", one["id"], "--json")) for one in listed if one["id"] not in known]

    def see(self, submission: dict[str, Any]) -> None:
        """Show a submission in the terminal."""
        self._see("show", submission["id"])

    def read(self, submission: dict[str, Any], expected: str) -> None:
        """Show a submission in the terminal, and compare its text.

        Raises:
            DemoError: it is not what the source wrote.
        """
        self.see(submission)
        texts = [field["value"].replace("\r\n", "\n") for field in submission["fields"] if field["name"] == "text"]
        if texts != [expected]:
            raise DemoError("the text at the reviewer is not what the source wrote")

    def save_and_compare(self, submission: dict[str, Any], sent: tuple[Path, ...]) -> None:
        """Save the files and compare each with the source's original, byte for byte.

        Raises:
            DemoError: a name or a byte differs.
        """
        folder = self._stage.reviewer.folder / f"saved-{submission['id']}"
        self._run("save", submission["id"], "--on-disk", "--to", folder)
        shown = {file["name"]: file["sha256"] for file in submission["files"]}
        digests = {path.name: digest_of(path) for path in sent}
        if shown != digests:
            raise DemoError("names or digests of the files at the reviewer are not those that were sent")
        saved = {digest_of(path) for path in folder.rglob("*") if path.is_file()}
        if not set(digests.values()) <= saved:
            raise DemoError("a saved file is not what was sent")

    def answer(self, submission: dict[str, Any], text: str) -> None:
        """Reply to a submission."""
        note = self._stage.reviewer.folder / "answer.txt"
        note.write_text(text, encoding="utf-8")
        self._see("reply", submission["id"], "--text-file", note, "--confirm-contents")

    def back_up(self, name: str) -> None:
        """Back the casebook up: without that no receipts leave, and the server deletes nothing."""
        self._see("backup", "--to", self._stage.folder / "reviewer" / f"{name}.backup")

    def fill_outbox(self, bundles: Path) -> None:
        """Write replies and receipts for the courier."""
        self._see("outbox", "--out", bundles)

    def _see(self, command: str, *arguments: str | Path) -> None:
        shown = self._run(command, *arguments)
        typed = " ".join(["tipline-review", command, "HOME", *(_short(part) for part in arguments)])
        self.screens.append(Screen(command, typed, shown))

    def _run(self, command: str, *arguments: str | Path) -> str:
        return self._stage.run_reviewer(command, self._stage.casebook, *arguments)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _short(part: str | Path) -> str:
    return part.name if isinstance(part, Path) else part
