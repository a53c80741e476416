"""One server twice, with tips and idle: only files and rows that docs/threat-model.md marks tell the two apart."""

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lab.forensics.machine import Machine
from lab.forensics.places import STORE_PAGES
from lab.forensics.security_table import named_facts
from lab.forensics.seize import main, opened_store, seize_off, seize_with_key
from lab.forensics.visitor import Visitor
from tests.tipline.served import ServedFolder
from tests.tipline.site_stage import Upload

Facts = dict[str, Any]
Rows = list[tuple[Any, ...]]

TOLD_BY = {
    "submissions": "number of envelopes",
    "pieces": "order of arrival of what was not carried yet",
    "replies": "number of reply rows",
    "reply_envelopes": "sizes of reply rows",
    "statements": "statements of bundles",
    "closed_weeks": "closed weeks",
    "receipts": "receipts of reviewers by day",
    "reached": "receipts of reviewers by day",
    "senders": "statements read of reviewers",
    "statements_read": "statements read of reviewers",
    "ended_streams": "statements read of reviewers",
    "event settings": "events by day",
    "counted_days": "days that were counted",
    "sealing setting": "how often bundles were sealed",
}
"""Which fact of the security page says that these rows tell a server with tips from an idle one."""

RANDOM = {
    "submissions": {"id", "sha256"},
    "pieces": {"id", "submission", "sealed"},
    "replies": {"id", "salt", "tag"},
    "reply_envelopes": {"id", "envelope"},
    "statements": {"statement", "signature"},
    "receipts": {"sha256"},
    "senders": {"stream"},
    "statements_read": {"sha256"},
    "heartbeat": {"noise"},
}
"""Columns of ids, digests, signatures, noise and sealed bytes, of which kind and length are compared."""


@dataclass
class Lived:
    """A server that was made, served and stopped, and the moments between which that happened."""

    machine: Machine
    started: dt.datetime
    ready: dt.datetime
    stopping: dt.datetime
    off: Facts
    with_key: Facts

    def when(self, moment: str) -> str:
        told = dt.datetime.fromisoformat(moment)
        if told < self.started:
            return "when it was made"
        return "at its start" if told < self.ready else "while it ran" if told < self.stopping else "at its end"


def _live(machine: Machine, text: str = "", *, reply: str = "") -> Lived:
    with machine:
        started = _now()
        machine.start()
        # The heartbeat of the start comes within a moment; no one knows when.
        Visitor(machine.address).get("/")
        _await(machine.site / "store" / "ballast")
        _pause()
        ready = _now()
        _pause()
        if text:
            _write(machine, text, reply)
        _pause()
        stopping = _now()
        _pause()
    off = seize_off(machine.site)
    return Lived(machine, started, ready, stopping, off, seize_with_key(machine.site, machine.served.key))


def _write(machine: Machine, text: str, reply: str) -> None:
    visitor = Visitor(machine.address)
    visitor.get("/")
    visitor.upload(
        "/", [("nonce", visitor.hidden("nonce")), ("text", text)], [Upload("a.bin", text.encode() * 9000)]
    )
    words = visitor.words()
    if reply:
        keys = machine.mailbox(words)
        machine.carry_in((reply, keys), (reply, keys))
        visitor.post("/mailbox", [("passphrase", " ".join(words))])
        delete = [("nonce", visitor.hidden("nonce", form="/mailbox/delete")), ("which", "all")]
        visitor.post("/mailbox/delete", delete)
        visitor.post("/mailbox", [("passphrase", " ".join(words))])
        visitor.get("/left")
        machine.carry_out()
        with opened_store(machine.site, "tipline.db", machine.served.key) as small:
            digests = [row[0] for row in small.execute("SELECT sha256 FROM submissions")]
        # One of two reviewers: it stays.
        machine.carry_in(receipted=digests)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """With keys for a week that is over on every day of the week, so that an export closes one."""
    folder = tmp_path_factory.mktemp("made") / "machine"
    folder.mkdir()
    return Machine(folder, served=ServedFolder(folder / "site", reviewers=2, issued_days_ago=14))


@pytest.fixture(scope="module")
def idle(made: Machine, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return _live(made.twin(tmp_path_factory.mktemp("idle") / "machine"))


@pytest.fixture(scope="module")
def used(made: Machine, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return _live(made.twin(tmp_path_factory.mktemp("used") / "machine"), "What I saw", reply="We read it")


@pytest.fixture(scope="module")
def other(made: Machine, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    # A name as short as the other's: where a path is too long for a socket, the folder of sockets lies elsewhere.
    machine = made.twin(tmp_path_factory.mktemp("more") / "machine")
    return _live(machine, "Something", reply="Quite another answer, and a longer one")


def test_every_fact_that_is_listed_is_named_in_the_security_page_and_the_other_way_round(used: Lived) -> None:
    named = named_facts()
    assert [name for name, fact in named.items() if not fact.needs_key] == list(used.off)
    assert [name for name, fact in named.items() if fact.needs_key] == list(used.with_key)


def test_no_fact_tells_a_server_with_tips_from_an_idle_one_but_those_that_are_named(
    idle: Lived, used: Lived
) -> None:
    differs = {name for name, fact in named_facts().items() if fact.differs}
    alike = [{name: fact for name, fact in _comparable(one).items() if name not in differs} for one in (idle, used)]
    assert _differences(*alike) == []


def test_no_row_of_the_store_tells_a_server_with_tips_from_an_idle_one_but_those_of_facts_that_are_named(
    idle: Lived, used: Lived
) -> None:
    named = named_facts()
    assert [fact for fact in TOLD_BY.values() if not named[fact].differs] == []
    one, another = _store(idle), _store(used)
    assert one.keys() == another.keys()
    # All that may differ did something here, but for what only a reviewer's restore writes.
    assert {name for name in TOLD_BY if one[name] != another[name]} == TOLD_BY.keys() - {"ended_streams"}
    assert [name for name in one if name not in TOLD_BY and one[name] != another[name]] == []


def test_no_other_file_tells_a_server_with_tips_from_an_idle_one_by_any_byte(idle: Lived, used: Lived) -> None:
    files = [_files_beside_the_store(lived.machine.site) for lived in (idle, used)]
    assert len(files[0]) > 5
    assert files[0] == files[1]


def test_file_times_tell_only_when_the_server_was_made_started_and_stopped(idle: Lived, used: Lived) -> None:
    for lived in (idle, used):
        for name, moments in lived.off["file times"].items():
            for what, moment in moments.items():
                assert lived.when(moment) != "while it ran", f"{name} was {what} at {moment}"


def test_other_contents_of_one_size_class_show_nowhere(other: Lived, used: Lived) -> None:
    assert _differences(_comparable(other), _comparable(used)) == []
    assert _store(other) == _store(used)
    assert _files_beside_the_store(other.machine.site) == _files_beside_the_store(used.machine.site)


def test_the_store_has_no_byte_that_looks_like_anything(used: Lived) -> None:
    for name in ("tipline.db", "bulk.db"):
        raw = (used.machine.site / "store" / name).read_bytes()
        # Of random bytes each value comes as often as any other, give or take a tenth at this length, never three.
        counts = [raw.count(value) for value in range(256)]
        assert max(counts) < 1.3 * len(raw) / 256
        assert min(counts) > 0.7 * len(raw) / 256


def test_the_command_lists_it_all_and_refuses_a_wrong_key(
    used: Lived, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_text(used.machine.served.key.hex())
    (tmp_path / "other").write_bytes(bytes(32))
    (tmp_path / "none").write_bytes(b"x")
    site = str(used.machine.site)
    assert main([site, "--database-key-file", str(tmp_path / "key")]) == 0
    printed = capsys.readouterr().out
    assert all(f"{name}:\n" in printed for name in named_facts())
    assert main([site, "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == list(used.off)
    for wrong in ("other", "none", "missing"):
        assert main([site, "--database-key-file", str(tmp_path / wrong)]) == 1
    assert main([str(tmp_path)]) == 1


def _differences(one: Facts, another: Facts) -> list[str]:
    """Each fact, or part of one, in which the two are not alike."""
    found = []
    for name in one:
        if isinstance(one[name], dict):
            parts = one[name].keys() | another[name].keys()
            found += [
                f"{name}, {part}: {one[name].get(part)} and {another[name].get(part)}"
                for part in sorted(parts)
                if one[name].get(part) != another[name].get(part)
            ]
        elif one[name] != another[name]:
            found.append(f"{name}: {one[name]} and {another[name]}")
    return found


def _comparable(lived: Lived) -> Facts:
    """Without what two servers never have in common: their own keys, and the moments at which each was played."""
    facts = lived.off | lived.with_key
    times = {
        name: {what: lived.when(moment) for what, moment in moments.items()}
        for name, moments in facts["file times"].items()
    }
    manifests = sorted(facts["manifests of envelopes"].values())
    order = len(facts["order of arrival of what was not carried yet"])
    replies = len(facts["order in which reply rows came"])
    public = bool(facts["the server's public keys"])
    return facts | {
        "file times": times,
        "manifests of envelopes": manifests,
        "order of arrival of what was not carried yet": order,
        "order in which reply rows came": replies,
        "the server's public keys": public,
    }


def _store(lived: Lived) -> dict[str, Rows]:
    """All rows of both files, in no order; of what is random only kind and length."""
    found: dict[str, Rows] = {}
    for file in STORE_PAGES:
        with opened_store(lived.machine.site, file, lived.machine.served.key) as database:
            schema = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
            found[f"schema of {file}"] = sorted(schema, key=repr)
            for pragma in ("user_version", "application_id"):
                found[f"{pragma} of {file}"] = database.execute(f"PRAGMA {pragma}").fetchall()
            for table in (name for kind, name, _table, _sql in schema if kind == "table"):
                name = f"heartbeat of {file}" if table == "heartbeat" else table
                found[name] = _rows(database, table)
    settings = found.pop("settings")
    found["event settings"] = [row for row in settings if row[0].startswith("event ")]
    found["sealing setting"] = [row for row in settings if row[0] == "sealing"]
    found["settings"] = [row for row in settings if not row[0].startswith("event ") and row[0] != "sealing"]
    return found


def _rows(database: Any, table: str) -> Rows:
    asked = database.execute(f"SELECT * FROM {table}")  # noqa: S608 -- the name of one of its tables
    random = [column[0] in RANDOM.get(table, ()) for column in asked.description]
    assert sum(random) == len(RANDOM.get(table, ()))
    rows = [
        tuple(_kind(value) if hidden else value for value, hidden in zip(row, random, strict=True)) for row in asked
    ]
    return sorted(rows, key=repr)


def _kind(value: object) -> tuple[str, int]:
    return type(value).__name__, len(value) if isinstance(value, bytes) else 0


def _files_beside_the_store(site: Path) -> dict[str, bytes]:
    paths = (path for path in site.rglob("*") if path.is_file() and path.name.partition("-")[0] not in STORE_PAGES)
    found = {path.relative_to(site).as_posix(): path.read_bytes() for path in paths}
    # Where the page is asked for; without Tor that is a port, and each of these servers has another.
    found["serve.lock"] = re.sub(rb"(?<=127\.0\.0\.1:)\d+$", b"PORT", found["serve.lock"])
    return found


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _pause() -> None:
    """Longer than the clock of a file system is wide."""
    import time

    time.sleep(0.1)


def _await(path: Path) -> None:
    import time

    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{path} did not come")
