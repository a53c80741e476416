"""Nothing tells a time finer than a day: no row, bundle, backup, log line or page; also after a restore."""

import datetime as dt
import io
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from crypto.bundles.bundle import Expected, ItemType, read_bundle
from crypto.bundles.bundle_file import read_bundle_file
from crypto.submissions.submission import Head, open_submission
from lab.forensics.machine import Machine
from lab.forensics.moments import is_moment, moments_in, now
from lab.forensics.places import STORE_PAGES, store_in
from lab.forensics.visitor import Visitor
from tests.tipline.served import OPERATOR
from tests.tipline.site_stage import Read
from tipline.operations.backup import restore, write_backup
from tipline.store import Store

TIPLINE = "import sys; from tipline.cli import main; sys.exit(main())"


@dataclass
class Lived:
    """A server that got tips, a reply and a courier, was started again, exported, and backed up."""

    machine: Machine
    begin: float
    exported: bytes = b""
    status: str = ""
    restored: Path = Path()
    pages: list[bytes] = field(default_factory=list)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    # A while ago, so that what was made with the machine counts as well.
    found = Lived(Machine(tmp_path_factory.mktemp("times") / "machine"), now() - 300)
    machine = found.machine
    with machine:
        _play(found)
    _tipline(machine, "export", "--out", str(machine.folder / "tips"))
    found.exported = (machine.folder / "tips").read_bytes()
    found.status = _tipline(machine, "status") + _tipline(machine, "status", "--json") + _tipline(machine, "events")
    folder, key = machine.served.folder, machine.served.key
    with Store(folder.store, key) as store:
        out = machine.folder / "backup"
        write_backup(folder, store, out, key=key, locked_key=folder.database_key.read_bytes())
    found.restored = machine.folder / "restored"
    restore(found.restored, io.BytesIO(out.read_bytes()), passphrase=OPERATOR)
    return found


def _play(found: Lived) -> None:
    """All of it but the end."""
    machine = found.machine
    machine.start()
    visitor = Visitor(machine.address)
    for number in range(3):
        visitor.get("/")
        fields = [("nonce", visitor.hidden("nonce")), ("text", f"What I saw, {number}")]
        visitor.upload("/", fields)
        found.pages.append(visitor.page.encode())
    words = visitor.words()
    keys = machine.mailbox(words)
    machine.carry_in(("We read it", keys))
    for path in ("/", "/files", "/no-such-page", "/robots.txt", "/left"):
        found.pages.append(visitor.get(path).encode())
    found.pages.append(visitor.post("/mailbox", [("passphrase", " ".join(words))]).encode())
    assert "We read it" in visitor.page
    machine.kill(machine.worker())
    machine.kill_front()
    machine.start()


def _tipline(machine: Machine, command: str, *arguments: str) -> str:
    file = ["--passphrase-file", str(machine.served.passphrase_file)]
    return subprocess.run(
        [sys.executable, "-c", TIPLINE, command, str(machine.site), *arguments, *file],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _rows(folder: Path, key: bytes) -> Iterator[tuple[str, object]]:
    for name, page_bytes in STORE_PAGES.items():
        database = sqlcipher.connect(f"file:{store_in(folder) / name}?mode=ro", uri=True)
        try:
            database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            database.execute(f"PRAGMA cipher_page_size = {page_bytes}")
            database.execute("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608 -- the names of its own tables
                    yield from ((f"{name} {table}", value) for value in row)
        finally:
            database.close()


@pytest.mark.parametrize("where", ["as it was served", "as it was restored"])
def test_no_row_holds_a_time_finer_than_a_day(lived: Lived, where: str) -> None:
    served = lived.machine.served
    folder = lived.machine.site if where == "as it was served" else lived.restored
    rows = list(_rows(folder, served.key))
    tables = {name.split()[1] for name, _value in rows}
    assert tables >= {"submissions", "settings", "pieces", "heartbeat"}
    assert ("replies" in tables) == (where == "as it was served"), "a backup holds no answer"
    # Row ids of pieces are random, and may look like anything.
    fine = [name for name, value in rows if "pieces" not in name and is_moment(value, begin=lived.begin, end=now())]
    assert fine == []
    settings = {value for name, value in rows if isinstance(value, bytes) and name.endswith(" settings")}
    # So are these, and four of their bytes are some second.
    keys = {served.keys.seeds(), served.organisation.root.verify_key().to_bytes()}
    assert keys < settings
    for value in settings - keys:
        assert list(moments_in(value, begin=lived.begin, end=now())) == []


def test_no_bundle_and_no_submission_in_it_holds_a_time_finer_than_a_day(lived: Lived) -> None:
    organisation = lived.machine.served.organisation
    reviewer = organisation.reviewers[0]
    sender = lived.machine.served.keys.signing.verify_key()
    expect = Expected(senders=[sender], own=reviewer.signing.verify_key())
    keys = [key for week in organisation.intake.values() for key in week]
    heads: list[Head] = []
    submissions = 0
    for sealed in read_bundle_file(io.BytesIO(lived.exported)):
        bundle = read_bundle(sealed, keys=[reviewer.transport], expect=expect, progress={})
        assert list(moments_in(bundle.statement.to_bytes(), begin=lived.begin, end=now())) == []
        for entry, item in bundle:
            if entry.type is ItemType.SUBMISSION:
                read = Read()
                open_submission(io.BytesIO(item.read()), keys=keys, into=read, expect=heads.append)
                submissions += 1
                assert [name for name, _value in read.fields] == ["text"]
    assert submissions == 3
    begun_on, ended_on = (dt.datetime.fromtimestamp(at, dt.UTC).date() for at in (lived.begin, now()))
    assert {head.day for head in heads} <= {begun_on, ended_on}, "midnight may have fallen between them"


def test_no_page_no_log_line_and_no_status_holds_a_time_of_day_or_a_count(lived: Lived) -> None:
    machine = lived.machine
    said = machine.said.read_bytes() + (machine.folder / "complained").read_bytes() + lived.status.encode()
    for raw in (said, *lived.pages):
        assert list(moments_in(raw, begin=lived.begin, end=now())) == []
    assert re.search(r"^waiting +1-9$", lived.status, re.MULTILINE)
    assert re.search(r'"waiting": "1-9"', lived.status)
    (room,) = set(map(int, re.findall(r'"room_mib": (\d+)', lived.status)))
    assert room & (room - 1) == 0, "a power of two"


def test_the_search_for_moments_finds_them_in_every_form() -> None:
    begin, moment, end = 1_790_000_000.0, 1_790_000_123.456, 1_790_000_400.0
    forms = [b"at 17:05", b"2026-11-25T23:59:01Z"]
    for unit in (1, 1_000, 1_000_000, 1_000_000_000):
        number = int(moment * unit)
        forms += [
            str(number).encode(),
            *(struct.pack(form, number) for form in (("<Q", ">Q") if unit > 1 else ("<I", ">I"))),
        ]
    for form in forms:
        assert list(moments_in(b"\xffx " + form + b" y\xff", begin=begin, end=end)), form
    assert list(moments_in(b"2026-11-25, week 2026-W48, 3:1, 1234567890", begin=begin, end=end)) == []
    keep = float(int.from_bytes(b"keep"))
    found = [
        list(moments_in(raw, begin=keep - 9, end=keep + 9))
        for raw in (b"to keep", "٣ keep\r\n".encode(), b"\0keep")
    ]
    assert found == [[], [], ["seconds as >I"]], "four letters of a text are none"
