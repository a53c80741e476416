"""Counts that a server tells while tips come in: the class of their number where that is granted, else nothing.

Everything that can be asked is asked after 0, 1, 7, 100 and 103 tips. Within one class (1 and 7, 100 and 103)
nothing at all may change; between two classes only what names the class.
"""

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tipline.processes import port_of
from tests.tipline.served import ServedFolder, raw
from tests.tipline.site_stage import BOUNDARY, multipart
from tipline.cli import main
from tipline.supervisor.web_process import WebProcess

NUMBERS = (0, 1, 7, 100, 103)
COMMANDS = (["status"], ["status", "--json"], ["events"], ["doctor"])
FORM = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n"
OURS = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nSec-Fetch-Site: same-origin\r\n"
REQUESTS = {
    **{
        f"GET {path}": ("GET", path, "", b"")
        for path in ("/", "/files", "/questions", "/limits", "/return", "/left")
    },
    "not found": ("GET", "/no-such-page", "", b""),
    "no such method": ("PUT", "/", "", b""),
    "no request": ("\x00", "/", "", b""),
    "another site's": ("POST", "/", OURS.replace("same-origin", "cross-site"), multipart([("text", "x")])),
    "no length": ("POST", "/", f"{OURS}Transfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
    "empty": ("POST", "/", OURS, multipart([("nonce", "0" * 32), ("text", "")])),
    "typing mistake": ("POST", "/mailbox", FORM, b"passphrase=mystified+nickname"),
    "no session": ("POST", "/mailbox/delete", FORM, b"nonce=0&which=all"),
}
GRANTED = re.compile(
    r"\W*waiting\W+(none|1-9|100 or more)\W*$|.* (nothing waits|and (1-9|100 or more) submissions wait)$"
    r"|.*is the courier well\?|Content-Length: "
)
"""A line that names the class, or that follows from it."""


@dataclass
class Told:
    """All that was told after so many tips: each by its name, as lines."""

    number: int
    lines: dict[str, list[str]]

    def changed_since(self, other: "Told") -> list[tuple[str, str]]:
        """The places that tell it, and each line that is not the same."""
        assert self.lines.keys() == other.lines.keys()
        return [(name, line) for name, lines in self.lines.items() for line in set(lines) ^ set(other.lines[name])]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    folder = tmp_path_factory.mktemp("counts")
    served = ServedFolder(folder / "site")
    # Without a passphrase, as each command would take its time for it.
    served.folder.database_key.write_text(f"tipline database key, unprotected\n{served.key.hex()}\n")
    courier, log = folder / "c", folder / "log"
    found: list[Told] = []
    with (folder / "log").open("w") as said, standard_error_into(said.fileno()):
        web = served.web(courier=courier)
    with web:
        for number in NUMBERS:
            for each in range(found[-1].number if found else 0, number):
                assert b"<h1>" in send(web, each)
            lines = {**commands(served), **asked(web, courier), "log": log.read_text().splitlines()}
            found.append(Told(number, lines))
    return found


@contextmanager
def standard_error_into(descriptor: int) -> Iterator[None]:
    """Of this process, and of what it starts meanwhile."""
    kept = os.dup(2)
    os.dup2(descriptor, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def send(web: WebProcess, number: int) -> bytes:
    body = multipart([("nonce", os.urandom(16).hex()), ("text", f"tip {number}"), ("answer", "no")])
    return ask(web, "POST", "/", OURS, body)


def ask(web: WebProcess, method: str, path: str, headers: str, body: bytes) -> bytes:
    length = "" if "Transfer-Encoding" in headers or not body else f"Content-Length: {len(body)}\r\n"
    return raw(port_of(web), f"{method} {path} HTTP/1.1\r\nHost: x\r\n{headers}{length}\r\n".encode() + body)


def commands(served: ServedFolder) -> dict[str, list[str]]:
    """The output of each command, of both streams."""
    found = {}
    for command in COMMANDS:
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            main([command[0], str(served.folder.path), *command[1:]])
        found[" ".join(command)] = told_lines(said.getvalue())
    return found


def asked(web: WebProcess, courier: Path) -> dict[str, list[str]]:
    """Every page, and what a courier sees; without what is drawn again for each visit."""
    found = {
        "courier": told_lines(raw(courier, b"GET /status HTTP/1.1\r\nHost: c\r\n\r\n").decode().replace(", ", "\n"))
    }
    for name, (method, path, headers, body) in REQUESTS.items():
        page = ask(web, method, path, headers, body).decode()
        found[name] = re.sub(r"[0-9a-f]{32}|s=[\w-]{43}|(X-Fill: )\.*|<!-- *-->", "", page).splitlines()
    return found


def told_lines(text: str) -> list[str]:
    """Without the room, which is told as a power of two, as others use this disk as well."""
    rooms = re.findall(r"^.*\b(?:room|room_mib|disk +has)\b\D*(\d+)", text, re.MULTILINE)
    assert all(int(room) & (int(room) - 1) == 0 for room in rooms)
    return [line for line in text.splitlines() if not re.search(r"\b(?:room|room_mib|disk +has)\b", line)]


@pytest.mark.parametrize(("one", "other"), [(1, 7), (100, 103)])
def test_within_one_class_nothing_at_all_changes(told: list[Told], one: int, other: int) -> None:
    by_number = {each.number: each for each in told}
    assert by_number[one].changed_since(by_number[other]) == []


@pytest.mark.parametrize(("one", "other"), [(0, 1), (7, 100)])
def test_between_two_classes_only_what_names_the_class_changes(told: list[Told], one: int, other: int) -> None:
    by_number = {each.number: each for each in told}
    changed = by_number[one].changed_since(by_number[other])
    assert {name for name, _line in changed} == {"status", "status --json", "doctor", "courier"}
    assert [line for _name, line in changed if not GRANTED.match(line)] == []


def test_pages_and_log_never_change(told: list[Told]) -> None:
    for name in (*REQUESTS, "log"):
        assert len({tuple(each.lines[name]) for each in told}) == 1, name
        assert name == "log" or told[0].lines[name][0].startswith("HTTP/1.1 ")
