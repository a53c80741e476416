"""Two folders, one with tips and one that only idled: what tells them apart is in SECURITY.md, and nothing else."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.forensics.machine import Machine
from tests.forensics.security_table import named_facts
from tests.forensics.seize import main, seize_off, seize_with_key
from tests.forensics.visitor import Visitor
from tests.tipline.site_stage import Upload

Facts = dict[str, Any]


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


def _live(folder: Path, text: str = "", *, reply: str = "") -> Lived:
    machine = Machine(folder)
    with machine:
        started = _now()
        machine.start()
        # The heartbeat of the start comes within a moment; nobody knows when.
        Visitor(machine.address).get("/")
        _await(machine.site / "ballast")
        _pause()
        ready = _now()
        _pause()
        if text:
            _write(machine, text, reply)
        _pause()
        stopping = _now()
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


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return _live(tmp_path_factory.mktemp("idle") / "machine")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return _live(tmp_path_factory.mktemp("used") / "machine", "What I saw", reply="We read it")


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


def test_file_times_tell_only_when_the_server_was_made_started_and_stopped(idle: Lived, used: Lived) -> None:
    for lived in (idle, used):
        for name, moments in lived.off["file times"].items():
            for what, moment in moments.items():
                assert lived.when(moment) != "while it ran", f"{name} was {what} at {moment}"


def test_other_contents_of_one_size_class_show_nowhere(
    used: Lived, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # A name as short as the other's: where a path is too long for a socket, the folder of sockets lies elsewhere.
    other = _live(
        tmp_path_factory.mktemp("more") / "machine", "Something", reply="Quite another answer, and a longer one"
    )
    assert _differences(_comparable(other), _comparable(used)) == []


def test_the_store_has_no_byte_that_looks_like_anything(used: Lived) -> None:
    for name in ("tipline.db", "bulk.db"):
        raw = (used.machine.site / name).read_bytes()
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
    public = bool(facts["the server's public keys"])
    return facts | {
        "file times": times,
        "manifests of envelopes": manifests,
        "order of arrival of what was not carried yet": order,
        "the server's public keys": public,
    }


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
