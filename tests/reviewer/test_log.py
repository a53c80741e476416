"""The log: every read, export and destruction, and no line changed without being found."""

import pytest

from tests.fakes_server import a_mailbox
from tests.reviewer.desk import Desk


def test_reads_and_exports_are_logged_without_a_word_of_the_source(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("secret name", "b", b"c")], mailbox=a_mailbox()))
    desk.do("show", desk.home, short_id)
    desk.do("save", desk.home, short_id, "--to", desk.folder / "case")
    desk.do("raw", desk.home, short_id, "--out", desk.folder / "raw.age")
    desk.backup()
    desk.do("outbox", desk.home, "--out", desk.folder / "outbox.bundle")
    lines = desk.json("log", "show", desk.home)
    acts = [line["act"] for line in lines]
    for act in ("home made", "server added", "keys issued", "import", "show", "save", "raw", "backup", "outbox"):
        assert act in acts
    assert "secret name" not in str(lines)
    assert "What I saw" not in str(lines)
    assert desk.json("log", "verify", desk.home)["lines"] == len(lines)


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE log SET subject = 'nothing' WHERE number = 2", 2),
        ("UPDATE log SET day = '2020-01-01' WHERE number = 1", 1),
        ("DELETE FROM log WHERE number = 2", 2),
        ("UPDATE log SET number = 99 WHERE number = 1", 1),
        ("UPDATE log SET sha256 = zeroblob(32) WHERE number = 3", 3),
    ],
)
def test_a_changed_line_is_found_and_named(desk: Desk, statement: str, line: int) -> None:
    desk.tamper(statement)
    assert desk.run("log", "verify", desk.home) == 1
    assert f"line {line} of the log is missing or was changed" in desk.err
