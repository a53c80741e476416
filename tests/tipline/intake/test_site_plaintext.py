"""Nothing readable reaches a file: not while it arrives, not afterwards, not when something breaks midway."""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tipline.site_stage import BOUNDARY, Stage, Upload, multipart
from tipline.requests.nonce import Nonce

CANARY = b"canary-e9f2c41b7d"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_TMPFILE


class Watch:
    """Notes each file that Python opens for writing. An audit hook stays for ever, so there is one, switched on and
    off."""

    def __init__(self) -> None:
        self.on = False
        self.opened: list[str] = []
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.on:
            return
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
            self.opened.append(str(arguments[0]))
        if event in {"tempfile.mkstemp", "tempfile.mkdtemp", "os.mkdir", "os.rename", "os.link"}:
            self.opened.append(f"{event} {arguments}")


WATCH = Watch()


@pytest.fixture
def watch() -> Iterator[Watch]:
    WATCH.opened.clear()
    WATCH.on = True
    yield WATCH
    WATCH.on = False


def files_of_this_process() -> set[str]:
    """The open files, deleted files and nameless ones (O_TMPFILE) too, but no pipes and sockets."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue  # the listing itself
        if target.startswith("/") and not target.startswith(("/dev/", "/proc/")):
            found.add(target)
    return found


class Streamed:
    """A body of any length that is never in memory whole; runs ``at_middle`` when half of it was read."""

    def __init__(self, text: str, size: int, at_middle: object = None) -> None:
        name = CANARY.decode() + ".bin"
        whole = multipart([("nonce", Nonce.generate().digits()), ("text", text)], [Upload(name, b"")])
        cut = whole.rindex(b"\r\n--")
        self.length = len(whole) + size
        self._pieces = self._run(whole[:cut], size, whole[cut:], at_middle)
        self._left = b""

    def _run(self, head: bytes, size: int, tail: bytes, at_middle: object) -> Iterator[bytes]:
        yield head
        block = CANARY * (65536 // len(CANARY))
        sent = 0
        while sent < size:
            if callable(at_middle) and sent <= size // 2 < sent + len(block):
                at_middle()
            piece = block[: size - sent]
            sent += len(piece)
            yield piece
        yield tail

    def read(self, size: int) -> bytes:
        if not self._left:
            self._left = next(self._pieces, b"")
        piece, self._left = self._left[:size], self._left[size:]
        return piece


def hits(folder: Path) -> list[str]:
    """Files below ``folder`` that hold the canary, in any of the shapes in which it was sent."""
    shapes = [CANARY, CANARY.decode().encode("utf-16-le"), CANARY.hex().encode()]
    return [
        str(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(shape in path.read_bytes() for shape in shapes)
    ]


def test_the_search_finds_a_canary_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "naive").write_bytes(b"x" * 5000 + CANARY)
    assert hits(tmp_path)


def test_the_watch_sees_what_a_naive_form_parser_does(watch: Watch) -> None:
    from werkzeug.wrappers import Request

    body = Streamed("x", 2 << 20)
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(body.length),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
    }
    before = files_of_this_process()
    request = Request(environ)
    assert request.files
    opened, kept_open = list(watch.opened), files_of_this_process() - before
    request.close()
    assert opened
    assert kept_open


def test_a_large_upload_writes_to_no_file_but_the_store(tmp_path: Path, watch: Watch) -> None:
    watch.on = False
    stage = Stage(tmp_path)
    before = files_of_this_process()
    new_in_the_middle: set[str] = set()
    body = Streamed(CANARY.decode(), 24 << 20, lambda: new_in_the_middle.update(files_of_this_process() - before))
    watch.on = True
    answer = stage.browser.ask("POST", "/", content_type=FORM, length=body.length, source=body)
    watch.on = False
    assert answer.status == 200
    assert watch.opened == []
    assert {Path(name.removesuffix(" (deleted)")).parent for name in new_in_the_middle} <= {tmp_path}
    assert hits(tmp_path) == []
    assert len(stage.read_one().files[0][2]) == 24 << 20
    stage.close()
    assert hits(tmp_path) == []


def test_words_text_and_names_are_in_no_file_after_a_whole_journey(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    receipt = stage.browser.send_tip(CANARY.decode(), [Upload(CANARY.decode(), CANARY * 9)])
    stage.reply(CANARY.decode(), stage.read_one().mailbox)
    page = stage.browser.open_mailbox(receipt.words)
    assert CANARY.decode() in page.text
    fields = [("nonce", page.form_nonce("/mailbox/write")), ("text", CANARY.decode())]
    assert stage.browser.upload("/mailbox/write", fields).status == 200
    words = receipt.words.encode()

    def words_on_disk() -> list[str]:
        return [str(path) for path in tmp_path.rglob("*") if path.is_file() and words in path.read_bytes()]

    assert hits(tmp_path) + words_on_disk() == []
    stage.close()
    assert hits(tmp_path) + words_on_disk() == []


@pytest.mark.parametrize(("error", "status"), [(ZeroDivisionError, 500), (MemoryError, 503)])
def test_an_error_in_the_middle_leaves_no_canary_and_no_row(
    tmp_path: Path, error: type[Exception], status: int
) -> None:
    def fail() -> None:
        raise error(CANARY.decode())

    stage = Stage(tmp_path)
    body = Streamed(CANARY.decode(), 9 << 20, fail)
    answer = stage.browser.ask("POST", "/", content_type=FORM, length=body.length, source=body)
    assert answer.status == status
    assert answer.body.count(CANARY) == 1, "in the box, whence it came, and not as an error's words"
    assert stage.read_all() == []
    stage.close()
    assert hits(tmp_path) == []


def test_an_error_is_logged_by_its_name_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Failing(io.BytesIO):
        def read(self, *_size: int | None) -> bytes:
            raise ZeroDivisionError(CANARY.decode())

    stage = Stage(tmp_path)
    stage.browser.ask("POST", "/", content_type=FORM, length=100, source=Failing())
    stage.close()
    assert [record.getMessage() for record in caplog.records] == ["request failed: ZeroDivisionError"]
    assert all(record.exc_info is None for record in caplog.records)


def test_the_parsers_that_write_to_disk_cannot_be_used_on_this_site(stage: Stage) -> None:
    from flask import request

    seen: list[type[Exception]] = []

    def careless() -> str:
        for use in (lambda: request.form, lambda: request.files, lambda: request.values, request.get_data):
            try:
                use()
            except RuntimeError as error:
                seen.append(type(error))
        return "x"

    stage.site.app.add_url_rule("/careless", view_func=careless, methods=["POST"])
    stage.browser.upload("/careless", [("a", "b")])
    assert len(seen) == 4
