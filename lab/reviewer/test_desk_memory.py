"""A locked desk has nothing in its memory: neither the home's keys nor what was read, answered or typed.

Run as root: no one else may read the memory of a desk.
"""

import http.client
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from crypto.passphrases.locked_key import lock_key
from lab.forensics.held_words import writable
from reviewer.desk import reexec
from reviewer.desk.locked_session import LockedSession
from reviewer.desk.page import Look
from reviewer.home.home import open_home
from reviewer.home.keyring import CASEBOOK_KEY
from reviewer.home.lock import LOCKED_KEY_FILE, OPEN_KEY_FILE
from reviewer.languages.staff_language import ENGLISH
from reviewer.terminal.secret_entry import SecretEntry
from system.errors import ProgramError
from tests.fakes_server import a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import FORM, hidden_fields
from tests.reviewer.desk_stage import PROGRAM, Desk
from tests.reviewer.linking.invented_tips import findings, kept
from tests.tipline.processes import ended_after, eventually

PASSPHRASE = "correct horse canary-pass-0d1f"
NEARLY = "correct horse canary-near-3b77"
READ, ANSWERED = "canary-read-7f3a", "canary-answer-91cc"
SEARCHED, TYPED = "canary-search-2d2d", "canary-draft-5be0"
NAME, SAID, READING, ENTITY = "Zadnjana Qorvell", "+44 7700 900-123", "+447700900123", "canary-entity-81fe"
"""A name and a number in the tip, the number in its normal form, and what staff call the person."""

_SILENT_MEDIUM = """
import threading
from pathlib import Path
from reviewer.exchange import take_in

def wait(path):
    (path.parent / "waits").touch()
    threading.Event().wait()

take_in.open_given = wait
"""
"""A medium whose controller stops to answer: no machine of a test has one."""

TEXT = f"{READ} at night, her name is {NAME}, call {SAID}"


class _Served:
    """The command in a process of its own, and the one browser that it has let in."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self.process = process
        self.host, _, path = address.removeprefix("http://").partition("/")
        self._cookie = ""
        _status, headers, _page = self._ask("GET", f"/{path}")
        self._cookie = headers["Set-Cookie"].partition(";")[0]

    def page(self, path: str) -> str:
        return self._ask("GET", path)[2]

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        status, _headers, page = self._ask("POST", path, urllib.parse.urlencode(fields))
        return status, page

    def holds(self, sought: dict[str, bytes]) -> set[str]:
        """The names of all that is somewhere in its memory, as it is or in hex."""
        memory = [block.raw for block in writable(self.process.pid)]
        forms = {
            name: (raw, raw.hex().encode(), raw.hex().upper().encode())  # a key goes to the database in hex
            for name, raw in sought.items()
        }
        return {name for name in sought if any(form in piece for form in forms[name] for piece in memory)}

    def children(self) -> list[str]:
        """The processes that any thread of it has started, by number."""
        found: list[str] = []
        for task in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            with suppress(OSError):  # a thread that ended since
                found += task.read_text(encoding="ascii").split()
        return found

    def is_fresh(self) -> bool:
        """True if this is a program that began locked. Until it answers, what is asked waits."""
        return b"reviewer.desk.reexec" in Path(f"/proc/{self.process.pid}/cmdline").read_bytes().split(b"\0")

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            headers = {"Cookie": self._cookie, "Origin": f"http://{self.host}", "Content-Type": FORM}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()


def _start(desk: Desk, *options: str, program: str = PROGRAM) -> "subprocess.Popen[str]":
    passphrase_file = desk.folder / "passphrase"
    passphrase_file.write_text(PASSPHRASE, encoding="utf-8")
    command = ["--beside-network", "desk", desk.home, "--passphrase-file", passphrase_file, *options]
    return subprocess.Popen(
        [sys.executable, "-c", program, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@contextmanager
def _served(desk: Desk, *options: str, program: str = PROGRAM) -> Iterator[_Served]:
    process = _start(desk, *options, program=program)
    with ended_after(process):
        assert process.stdout is not None
        yield _Served(process, process.stdout.readline().strip())


@pytest.fixture
def short_id(desk: Desk) -> str:
    """Of a tip in a home that has a passphrase."""
    (found,) = desk.take_in(desk.server.seal(fields=[("text", TEXT)], mailbox=a_mailbox()))
    _keep(desk)
    _protect(desk)
    return found


def _keep(desk: Desk) -> None:
    """Keep every finding as an entity of its own, and call the person by a name of ours."""
    for one in findings(desk):
        (entity,) = kept(desk, one["finding"])
        if one["kind"] == "person":
            desk.do("entities", "name", desk.home, entity, ENTITY)


def _protect(desk: Desk) -> None:
    home_key = desk.home / OPEN_KEY_FILE
    (desk.home / LOCKED_KEY_FILE).write_bytes(lock_key(home_key.read_bytes(), PASSPHRASE))
    home_key.rename(desk.folder / "home-key")


def _secrets(desk: Desk) -> dict[str, bytes]:
    entry = SecretEntry(str(desk.folder / "passphrase"))
    (desk.folder / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    with open_home(desk.home, entry=entry) as home:
        casebook_key = home.keyring.secret(CASEBOOK_KEY)
        drafts_key = home.drafts_key().seed()
    return {
        "home key": (desk.folder / "home-key").read_bytes(),
        "casebook key": casebook_key,
        "key of drafts": drafts_key,
        "passphrase": PASSPHRASE.encode(),
        "tip": READ.encode(),
        "answer": ANSWERED.encode(),
        "search": SEARCHED.encode(),
        "name": NAME.encode(),
        "reading": READING.encode(),
        "entity": ENTITY.encode(),
    }


def _work(served: _Served, short_id: str) -> None:
    assert READ in served.page(f"/tip/{short_id}")
    text = f"{ANSWERED} where is it?"
    status, preview = served.post(f"/tip/{short_id}/reply", text=text)
    assert status == 200
    mark = hidden_fields(preview)["seen"]
    assert served.post(f"/tip/{short_id}/reply/seal", text=text, seen=mark, confirmed=mark)[0] == 303
    assert served.post("/search", words=SEARCHED)[0] == 200
    assert served.page("/").count(short_id)


def _look_at_links(served: _Served, short_id: str) -> None:
    assert ENTITY in served.page("/entities")
    assert READING in served.post("/findings/lookup", words=SAID)[1]
    assert NAME in served.page(f"/tip/{short_id}/findings")


def test_what_was_read_answered_and_opened_with_is_in_the_memory_until_the_lock_and_not_after(
    desk: Desk, short_id: str
) -> None:
    sought = _secrets(desk)
    with _served(desk) as served:
        for _again in range(2):
            _work(served, short_id)
            # The control: in a page and in a form, so that the search does find such things.
            assert {"home key", "casebook key", "tip", "answer", "search"} <= served.holds(sought)
            _look_at_links(served, short_id)
            assert {"name", "reading", "entity"} <= served.holds(sought)
            assert served.post("/lock")[0] == 303
            assert "Your passphrase for this home" in served.page("/")
            assert served.is_fresh()
            assert served.holds(sought) == set()
            assert served.post("/unlock", passphrase=PASSPHRASE)[0] == 303
        assert served.post("/stop")[0] == 200
        assert served.process.wait(60) == 0


def test_the_same_when_it_locks_itself(desk: Desk, short_id: str) -> None:
    sought = _secrets(desk)
    with _served(desk, "--lock-minutes", "0.2") as served:
        _work(served, short_id)
        assert {"home key", "tip", "answer"} <= served.holds(sought)
        assert eventually(served.is_fresh)
        assert "Your passphrase for this home" in served.page("/")
        assert served.holds(sought) == set()
        desk.do("list", desk.home, "--passphrase-file", desk.folder / "passphrase")


@pytest.mark.parametrize("how", ["itself", "by a press"])
def test_the_same_when_it_locks_while_a_hostile_file_is_being_looked_at(desk: Desk, how: str) -> None:
    file = ("busy.jpg", "image/jpeg", photos.busy_jpeg())
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TEXT)], files=[file], mailbox=a_mailbox()))
    _keep(desk)
    _protect(desk)
    sought = _secrets(desk)

    def look(served: _Served) -> None:
        with suppress(OSError, http.client.HTTPException):  # its answer is for another test
            served.post(
                f"/tip/{short_id}/save-clean", folder=str(desk.folder / "case"), on_disk=str(desk.folder / "case")
            )

    with _served(desk, *(("--lock-minutes", "0.2") if how == "itself" else ())) as served:
        _work(served, short_id)
        looking = threading.Thread(target=look, args=(served,))
        looking.start()
        assert eventually(lambda: len(served.children()) > 1)
        assert {"home key", "tip", "answer"} <= served.holds(sought)
        if how == "by a press":
            assert served.post("/lock")[0] == 303
        assert eventually(served.is_fresh)
        assert "Your passphrase for this home" in served.page("/")
        assert served.holds(sought) == set()
        assert served.children() == []
        looking.join()
    assert not (desk.folder / "case").exists()


@pytest.mark.parametrize("how", ["itself", "by a press"])
def test_the_same_when_it_locks_while_a_medium_does_not_answer(desk: Desk, short_id: str, how: str) -> None:
    sought = _secrets(desk)
    file = desk.write(desk.server.submissions(desk.server.seal()))

    def take_in(served: _Served) -> None:
        with suppress(OSError, http.client.HTTPException):  # it gets no answer
            served.post("/rounds/import", file=str(file))

    options = ("--lock-minutes", "0.2") if how == "itself" else ()
    with _served(desk, *options, program=_SILENT_MEDIUM + PROGRAM) as served:
        _work(served, short_id)
        waiting = threading.Thread(target=take_in, args=(served,))
        waiting.start()
        assert eventually((desk.folder / "waits").exists)
        assert {"home key", "tip", "answer"} <= served.holds(sought)
        if how == "by a press":
            assert served.post("/lock")[0] == 303
        assert eventually(served.is_fresh)
        assert "Your passphrase for this home" in served.page("/")
        assert served.holds(sought) == set()
        waiting.join()
        assert served.post("/unlock", passphrase=PASSPHRASE)[0] == 303
        assert READ in served.page(f"/tip/{short_id}")


def test_a_connection_that_asks_nothing_holds_up_no_lock(desk: Desk, short_id: str) -> None:
    sought = _secrets(desk)
    with _served(desk) as served, socket.socket() as silent:
        host, _, port = served.host.partition(":")
        silent.connect((host, int(port)))
        _work(served, short_id)
        assert served.post("/lock")[0] == 303
        assert "Your passphrase for this home" in served.page("/")
        assert served.is_fresh()
        assert served.holds(sought) == set()


def test_silent_connections_of_another_user_stop_no_answer_and_print_nothing(desk: Desk, short_id: str) -> None:
    with _served(desk) as served, ExitStack() as silent:
        host, _, port = served.host.partition(":")
        for _each in range(60):
            one = silent.enter_context(socket.create_connection((host, int(port))))
            one.sendall(b"GET / HT")
        _work(served, short_id)
        assert served.post("/lock")[0] == 303
        assert "Your passphrase for this home" in served.page("/")
        assert served.post("/stop")[0] == 200
        _out, err = served.process.communicate(timeout=60)
        assert "Traceback" not in err


def test_what_is_typed_into_a_locked_desk_is_not_in_its_memory_and_comes_back_to_its_form(
    desk: Desk, short_id: str
) -> None:
    sought = _secrets(desk) | {"draft": TYPED.encode(), "nearly": NEARLY.encode()}
    with _served(desk) as served:
        assert served.post("/lock")[0] == 303
        for kind in ("reply", "note"):
            status, page = served.post(f"/tip/{short_id}/{kind}", text=f"{TYPED} {kind}")
            assert status == 403
            assert "What you had typed is kept" in page
        assert served.post("/search", words=SEARCHED)[0] == 403
        status, page = served.post("/unlock", passphrase=NEARLY)
        assert status == 403
        assert "does not unlock" in page
        assert "What you had typed is kept" in served.page("/")
        assert served.holds(sought) == set()
        assert served.post("/unlock", passphrase=PASSPHRASE)[0] == 303
        # Locked once more before anyone has looked at the form.
        assert served.post("/lock")[0] == 303
        assert "What you had typed is kept" in served.page("/")
        assert served.holds(sought) == set()
        assert served.post("/unlock", passphrase=PASSPHRASE)[0] == 303
        page = served.page(f"/tip/{short_id}")
        assert f"{TYPED} reply</textarea>" in page
        assert f"{TYPED} note</textarea>" in page
        assert "draft" in served.holds(sought)


def test_the_new_program_is_as_shut_as_the_first_and_ends_in_order(desk: Desk, short_id: str) -> None:
    with _served(desk) as served:
        cookie = served._cookie
        assert served.post("/lock")[0] == 303
        assert "Locked" in served.page("/")
        process = Path(f"/proc/{served.process.pid}")
        assert cookie.partition("=")[2].encode() not in (process / "cmdline").read_bytes()
        assert cookie.partition("=")[2].encode() not in (process / "environ").read_bytes()
        assert re.search(r"Max core file size +0 +0 ", (process / "limits").read_text())
        served._cookie = "desk=" + "x" * 43
        assert "This desk is open elsewhere" in served.page("/")
        served.process.send_signal(signal.SIGTERM)
        _out, err = served.process.communicate(timeout=60)
        assert served.process.returncode == 0
        assert "stopped" in err
        assert "Traceback" not in err


def test_the_address_still_works_once_after_a_lock_before_anybody_came(desk: Desk, short_id: str) -> None:
    process = _start(desk, "--lock-minutes", "0.001")
    with ended_after(process):
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert eventually(lambda: b"desk.reexec" in Path(f"/proc/{process.pid}/cmdline").read_bytes())
        served = _Served(process, address)
        assert "Your passphrase for this home" in served.page("/")


def test_a_desk_that_gets_no_fresh_program_says_so_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    left = LockedSession("/nonexistent", 1.0, True, ENGLISH, "handle", None, "key", [])
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        pytest.raises(ProgramError, match="was locked and has ended"),
    ):
        reexec.reexecute(left, look=Look.AUTO, listening=listening)
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ()) & {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
