"""The log: every read, export and destruction, and no line changed without being found."""

import pytest

from crypto.primitives.week import Week
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk_stage import Desk


def test_reads_and_exports_are_logged_without_a_word_of_the_source(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("secret name", "b", b"c")], mailbox=a_mailbox()))
    desk.do("show", desk.home, short_id)
    desk.do("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case")
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


def test_commands_that_give_out_what_a_source_wrote_leave_a_line_each(desk: Desk) -> None:
    week = str(Week.of(today()))
    photo = ("photo.jpg", "image/jpeg", photos.jpeg())
    (short_id,) = desk.take_in(desk.server.seal(files=[photo], mailbox=a_mailbox()))
    answer = desk.folder / "answer.txt"
    answer.write_text("we read it")
    acts = {
        "list": ("list", desk.home),
        "show": ("show", desk.home, short_id),
        "save": ("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case"),
        "save clean copies": (
            "save",
            desk.home,
            short_id,
            "--on-disk",
            "--to",
            desk.folder / "copies",
            "--without-traces",
        ),
        "raw": ("raw", desk.home, short_id, "--out", desk.folder / "raw.age"),
        "identity printed": ("keys", "identity", desk.home, "--week", week),
        "reply": ("reply", desk.home, short_id, "--text-file", answer),
        "backup": ("backup", desk.home, "--to", desk.folder / "casebook.age"),
        "outbox": ("outbox", desk.home, "--out", desk.folder / "outbox.bundle"),
    }
    for act, command in acts.items():
        before = len(desk.json("log", "show", desk.home))
        desk.do(*command)
        assert [line["act"] for line in desk.json("log", "show", desk.home)[before:]] == [act]


def test_where_no_line_can_be_written_nothing_is_given_out(desk: Desk) -> None:
    """The disk of the home is full, say, and the stick is not."""
    (short_id,) = desk.take_in(desk.server.seal(files=[("a.bin", "text/plain", b"a" * 70_000)]))
    desk.tamper("CREATE TRIGGER no_room BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'full'); END")
    before = sorted(desk.folder.iterdir())
    for command in (
        ("show", desk.home, short_id),
        ("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case"),
        ("raw", desk.home, short_id, "--out", desk.folder / "raw.age"),
        ("backup", desk.home, "--to", desk.folder / "casebook.age"),
        ("keys", "identity", desk.home, "--week", str(Week.of(today()))),
    ):
        assert desk.run(*command) == 1, command
        assert not desk.out
        assert sorted(desk.folder.iterdir()) == before, command


def test_each_bundle_is_taken_in_together_with_its_line(desk: Desk) -> None:
    first, second = (desk.server.submissions(desk.server.seal(submission_id=bytes([n]) * 16)) for n in (1, 2))
    desk.tamper("CREATE TRIGGER no_room BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'full'); END")
    assert desk.run("import", desk.home, desk.write(first)) == 1
    desk.tamper("DROP TRIGGER no_room")
    assert desk.submissions() == []
    desk.do("import", desk.home, desk.write(first, second))
    name = desk.server.keys.party().name
    logged = [line["subject"] for line in desk.json("log", "show", desk.home) if line["act"] == "import"]
    assert logged == [f"bundle {number} of {name}, 1 submissions" for number in (1, 2)]
    desk.do("import", desk.home, desk.folder / "tips.bundle")
    assert [line["act"] for line in desk.json("log", "show", desk.home)].count("import") == 2


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
