"""The index lies in the casebook: sealed as the rest, made for earlier casebooks, carried by backups."""

from reviewer.cases.archive import add_note, destroy_note
from reviewer.home.home import Home, open_home
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.reviewer.desk_stage import Desk
from tests.reviewer.older_casebook import as_version


def found(desk: Desk, word: str) -> int:
    total: int = desk.json("search", desk.home, word)["total"]
    return total


def test_a_casebook_of_before_is_brought_to_this_version_when_it_is_opened_and_searched_at_once(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "the red truck")]))
    desk.tamper(*as_version(1))
    assert found(desk, "truck") == 1
    desk.do("handled", desk.home, short_id)
    assert desk.submissions()[0]["handled"] is True


def test_a_casebook_of_a_newer_program_is_refused(desk: Desk) -> None:
    desk.tamper("PRAGMA user_version = 99")
    assert desk.run("list", desk.home) == 1
    assert "newer version" in desk.err


def test_a_backup_carries_the_index(desk: Desk) -> None:
    desk.take_in(desk.server.seal(fields=[("text", "the red truck")]))
    backup = desk.backup()
    home = desk.folder / "restored"
    key = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", home, "--from", backup, "--identity", key)
    assert desk.json("search", home, "truck")["total"] == 1


def test_an_import_that_is_given_up_leaves_nothing_to_be_found(desk: Desk) -> None:
    bundle = desk.server.submissions(desk.server.seal(fields=[("text", "the red truck")]))
    assert desk.run("import", desk.home, desk.write(bundle[:-1] + bytes([bundle[-1] ^ 1]))) == 1
    assert found(desk, "truck") == 0


def test_of_a_note_that_was_destroyed_no_piece_stays_in_the_index(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "the red truck")]))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        submission = home.casebook.submissions.find(short_id)
        add_note(home, submission, "zqxzqx", today=today())
        assert b"zqx" in index_of(home)
        destroy_note(home, submission, home.casebook.notes.of(submission.number)[0].number, today=today())
        assert b"zqx" not in index_of(home)
    assert found(desk, "truck") == 1


def index_of(home: Home) -> bytes:
    """All blocks of the index, as they lie in the casebook."""
    return b"".join(row[0] for row in home.casebook._files.small.rows("SELECT block FROM search_data"))
