"""Several people at one laptop: a passphrase each, a log that names them, and a removal that replaces every key."""

import datetime as dt
import hashlib
import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3

from crypto.errors import CryptoError
from crypto.keys.key_file import open_key_file
from crypto.passphrases.locked_key import lock_key
from crypto.passphrases.people_file import FILE_BYTES, PeopleFile
from reviewer.errors import HomeError
from reviewer.home.home import Home, open_home
from reviewer.home.keyring import CASEBOOK_KEY, ENVELOPES_KEY
from reviewer.home.lock import LOCKED_KEY_FILE, PEOPLE_FILE
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.open_twin import open_twin
from tests.reviewer.desk_stage import Desk
from tests.reviewer.furniture import Furniture
from tests.reviewer.older_casebook import as_version

FIRST, SECOND, THIRD = "the first of the phrases", "phrase of the second one", "and this is the third"


class Shared:
    """A home that people share: each command is run by the person whose passphrase is given."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def unlock(self, passphrase: str) -> tuple[str, Path]:
        file = self.desk.folder / f"passphrase-{passphrase.rsplit(maxsplit=1)[-1]}"
        file.write_text(passphrase, encoding="utf-8")
        return "--passphrase-file", file

    def add(self, by: str, name: str, passphrase: str, role: str = "reader") -> int:
        new = self.unlock(passphrase)[1]
        command = ("people", "add", self.desk.home, name, "--role", role, "--new-passphrase-file", new)
        return self.desk.run(*command, *self.unlock(by))

    def take_in(self, by: str, text: str, number: int) -> str:
        tip = self.desk.server.seal(
            submission_id=bytes([number]) * 16, fields=[("text", text)], files=[("a", "b", b"c" * 9000)]
        )
        bundle = self.desk.write(self.desk.server.submissions(tip))
        self.desk.do("import", self.desk.home, bundle, *self.unlock(by))
        return hashlib.sha256(tip).hexdigest()[:12]

    def log(self, by: str) -> list[tuple[str, str, str]]:
        lines = self.desk.json("log", "show", self.desk.home, *self.unlock(by))
        return [(line["person"], line["act"], line["subject"]) for line in lines]

    def opened(self, by: str) -> Home:
        with open_home(self.desk.home, entry=SecretEntry(str(self.unlock(by)[1]))) as home:
            return home


@pytest.fixture(scope="module")
def furnish_shared(tmp_path_factory: pytest.TempPathFactory) -> Furniture:
    def found(desk: Desk) -> None:
        shared = Shared(desk)
        desk.found(*shared.unlock(FIRST))
        desk.do("servers", "add", desk.home, desk.server.write_party(desk.folder), *shared.unlock(FIRST))
        desk.issue(*shared.unlock(FIRST))
        assert shared.add(FIRST, "Amal", SECOND) == 0, desk.err

    return Furniture(tmp_path_factory.mktemp("shared"), found)


@pytest.fixture
def shared(bare_desk: Desk, furnish_shared: Furniture) -> Shared:
    furnish_shared(bare_desk)
    return Shared(bare_desk)


def test_each_reader_opens_the_same_home_by_a_passphrase_and_is_found_by_it(shared: Shared) -> None:
    short_id = shared.take_in(FIRST, "What I saw.", 1)
    for passphrase, name in ((FIRST, "first reader"), (SECOND, "Amal")):
        shown = shared.desk.do("show", shared.desk.home, short_id, *shared.unlock(passphrase))
        assert "What I saw." in shown
        people = shared.desk.json("people", "list", shared.desk.home, *shared.unlock(passphrase))
        assert people == [{"name": one, "role": "reader", "you": one == name} for one in ("Amal", "first reader")]
    shown_by = [person for person, act, _subject in shared.log(FIRST) if act == "show"]
    assert shown_by == ["first reader", "Amal"]


def test_a_name_and_a_passphrase_belong_to_one_person_and_no_person_removes_itself(shared: Shared) -> None:
    before = (shared.desk.home / PEOPLE_FILE).read_bytes()
    lines = len(shared.log(FIRST))
    for name, passphrase, reason in (
        ("amal", THIRD, "has that name already"),
        ("Noor", SECOND, "unlocks this home already"),
        ("Noor\u202e", THIRD, "printable text"),
        ("", THIRD, "printable text"),
        ("N" * 65, THIRD, "64 bytes"),
        ("not named", THIRD, "has that name already"),
    ):
        assert shared.add(FIRST, name, passphrase) == 1, name
        assert reason in shared.desk.err
        assert passphrase not in shared.desk.err
    for name, reason in (("first reader", "cannot remove yourself"), ("Noor", "no person of this home")):
        assert shared.desk.run("people", "remove", shared.desk.home, name, *shared.unlock(FIRST)) == 1
        assert reason in shared.desk.err
    assert (shared.desk.home / PEOPLE_FILE).read_bytes() == before
    assert len(shared.log(FIRST)) == lines


def test_the_locked_home_shows_neither_a_name_nor_how_many_people_there_are(
    shared: Shared, bare_desk: Desk, tmp_path: Path
) -> None:
    alone = bare_desk.beside(tmp_path / "alone")
    alone.found(*Shared(alone).unlock(FIRST))
    files = {
        name: {path.relative_to(desk.home) for path in desk.home.rglob("*") if path.name.startswith("people")}
        for name, desk in (("alone", alone), ("shared", shared.desk))
    }
    assert files["alone"] == files["shared"]
    for desk in (alone, shared.desk):
        raw = (desk.home / PEOPLE_FILE).read_bytes()
        assert len(raw) == FILE_BYTES
        PeopleFile.parse(raw)
        for path in desk.home.rglob("*"):
            if path.is_file():
                assert b"Amal" not in path.read_bytes(), path
                assert b"first reader" not in path.read_bytes(), path


def test_after_a_removal_the_passphrase_opens_nothing_written_later_and_the_copy_before_still_opens(
    shared: Shared,
) -> None:
    desk = shared.desk
    shared.take_in(FIRST, "Written before.", 1)
    copied = PeopleFile.parse((desk.home / PEOPLE_FILE).read_bytes())
    home = shared.opened(SECOND)
    known = {name: home.keyring.secret(name) for name in home.keyring.names()}
    known_key = home.people.unlocked.home_key
    desk.do("people", "remove", desk.home, "Amal", *shared.unlock(FIRST))
    assert "still open with the removed passphrase" in desk.err
    short_id = shared.take_in(FIRST, "Written later.", 2)
    assert "Written later." in desk.do("show", desk.home, short_id, *shared.unlock(FIRST))
    # With the program.
    assert desk.run("list", desk.home, *shared.unlock(SECOND)) == 1
    assert "does not unlock" in desk.err
    # With any tool: every key that this person ever had, on every file as it lies there now.
    with pytest.raises(CryptoError):
        PeopleFile.parse((desk.home / PEOPLE_FILE).read_bytes()).unlock(SECOND)
    assert copied.unlock(SECOND).keys[0].seed() == known_key.seed()
    with pytest.raises(CryptoError):
        PeopleFile.parse((desk.home / PEOPLE_FILE).read_bytes()).roster(known_key)
    for path in (desk.home / "keys").glob("*.key"):
        with pytest.raises(CryptoError):
            open_key_file(path.read_bytes(), name=path.stem, key=known_key.derive("keyring"))
    for path in desk.home.glob("*.db"):
        for key in (*known.values(), known_key.seed()):
            assert not opens(path, key), path
    # The control: the same tool opens them with the keys of now.
    now = shared.opened(FIRST).keyring
    assert opens(desk.home / "casebook.db", now.secret(CASEBOOK_KEY))
    assert opens(desk.home / "contents.db", now.secret(CASEBOOK_KEY))
    assert opens(desk.home / "envelopes.db", now.secret(ENVELOPES_KEY))


def test_the_log_names_who_did_what_in_order_and_a_changed_person_or_minute_is_found(shared: Shared) -> None:
    desk = shared.desk
    short_id = shared.take_in(SECOND, "What I saw.", 1)
    desk.do("show", desk.home, short_id, *shared.unlock(FIRST))
    desk.do("people", "name", desk.home, "Salma", *shared.unlock(FIRST))
    desk.do("people", "remove", desk.home, "Amal", *shared.unlock(FIRST))
    assert shared.log(FIRST)[-5:] == [
        ("Amal", "import", f"bundle 1 of {desk.server.keys.party().name}, 1 submissions"),
        ("first reader", "show", short_id),
        ("first reader", "name changed", "now Salma"),
        ("Salma", "person removed", "Amal"),
        ("Salma", "keys of the home replaced", ""),
    ]
    key = shared.opened(FIRST).keyring.secret(CASEBOOK_KEY)
    whole = (desk.home / "casebook.db").read_bytes()
    for statement in (
        "UPDATE log_people SET person = 'another' WHERE number = 5",
        "UPDATE log_people SET minute = '2020-01-01 00:00' WHERE number = 5",
        "DELETE FROM log_people WHERE number = 5",
        "DELETE FROM log_people WHERE number >= 5",
    ):
        with closing(connected(desk.home / "casebook.db", key, 4096)) as connection, connection:
            assert connection.execute(statement).rowcount > 0
        assert desk.run("log", "verify", desk.home, *shared.unlock(FIRST)) == 1, statement
        assert "line 5 of the log is missing or was changed" in desk.err
        (desk.home / "casebook.db").write_bytes(whole)
    desk.do("log", "verify", desk.home, *shared.unlock(FIRST))


def test_a_casebook_of_the_version_before_keeps_its_lines_and_names_a_person_in_new_ones(shared: Shared) -> None:
    desk = shared.desk
    with open_home(desk.home, entry=SecretEntry(str(shared.unlock(FIRST)[1]))) as home:
        home.casebook.log.written_by("Salma", minute=lambda: "2026-11-25 14:05")
        home.casebook.log.add("show", "abcd", today=dt.date(2026, 11, 25))
        line = home.casebook.log.whole_lines()[-1]
    assert (line.day, line.person, line.minute) == ("2026-11-25", "Salma", "2026-11-25 14:05")
    key = shared.opened(FIRST).keyring.secret(CASEBOOK_KEY)
    with closing(connected(desk.home / "casebook.db", key, 4096)) as connection, connection:
        connection.execute("DELETE FROM log")
        for statement in as_version(3):
            connection.execute(statement)
        before = [1, "2026-11-20", "home made", "reviewer"]
        digest = hashlib.sha256(
            b"tipline/v1/reviewer-log\n" + json.dumps([*before, bytes(32).hex()], separators=(",", ":")).encode()
        ).digest()
        connection.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)", (*before, bytes(32), digest))
    desk.do("people", "name", desk.home, "Salma", *shared.unlock(FIRST))
    assert desk.json("log", "verify", desk.home, *shared.unlock(FIRST))["lines"] == 2
    first, second = desk.json("log", "show", desk.home, *shared.unlock(FIRST))
    assert (first["act"], first["person"], first["minute"]) == ("home made", None, None)
    assert (second["act"], second["person"]) == ("name changed", "first reader")


def test_a_home_of_the_version_before_opens_with_its_passphrase_and_gets_a_people_file_once(shared: Shared) -> None:
    desk = shared.desk
    home_key = shared.opened(FIRST).people.unlocked.home_key
    (desk.home / LOCKED_KEY_FILE).write_bytes(lock_key(home_key.seed(), THIRD))
    (desk.home / PEOPLE_FILE).unlink()
    assert desk.run("list", desk.home, *shared.unlock(FIRST)) == 1
    assert (desk.home / LOCKED_KEY_FILE).exists()
    desk.do("list", desk.home, *shared.unlock(THIRD))
    assert not (desk.home / LOCKED_KEY_FILE).exists()
    people = (desk.home / PEOPLE_FILE).read_bytes()
    assert shared.log(THIRD)[-1] == ("first reader", "list", "0 submissions")
    assert (desk.home / PEOPLE_FILE).read_bytes() == people
    # Killed after the people file was written: the old lock goes with the next unlocking.
    (desk.home / LOCKED_KEY_FILE).write_bytes(lock_key(home_key.seed(), THIRD))
    desk.do("list", desk.home, *shared.unlock(THIRD))
    assert not (desk.home / LOCKED_KEY_FILE).exists()


def test_the_twin_from_before_a_removal_is_named_until_it_is_rewritten_and_opens_no_more_then(
    shared: Shared,
) -> None:
    desk, twin = shared.desk, shared.desk.folder / "twin"
    offer = ("keys", "offer", desk.home, "--out", desk.folder / "offer", "--twin", twin)
    desk.do(*offer, *shared.unlock(FIRST))
    assert shared.add(FIRST, "Noor", THIRD) == 0
    for name in ("Amal", "Noor"):
        desk.do("people", "remove", desk.home, name, *shared.unlock(FIRST))
        desk.do("keys", "status", desk.home, *shared.unlock(FIRST))
        assert "THE TWIN MEDIUM STILL OPENS WITH THE OLD PASSPHRASE" in desk.err
        open_twin(twin, passphrase_file=str(shared.unlock(SECOND)[1]))
    desk.do(*offer, *shared.unlock(FIRST))
    assert "OLD PASSPHRASE" not in desk.err
    with pytest.raises(HomeError):
        open_twin(twin, passphrase_file=str(shared.unlock(SECOND)[1]))
    ring = open_twin(twin, passphrase_file=str(shared.unlock(FIRST)[1])).ring
    here = shared.opened(FIRST).keyring
    assert {name: ring.secret(name) for name in ring.names()} == {name: here.secret(name) for name in here.names()}


def test_a_backup_after_a_removal_is_restored_into_a_home_of_one_reader(shared: Shared) -> None:
    desk = shared.desk
    shared.take_in(FIRST, "Written before.", 1)
    desk.do("people", "remove", desk.home, "Amal", *shared.unlock(FIRST))
    backup, restored = desk.folder / "casebook.age", desk.folder / "restored"
    desk.do("backup", desk.home, "--to", backup, *shared.unlock(FIRST))
    identity = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", restored, "--from", backup, "--identity", identity, *shared.unlock(THIRD))
    (found,) = desk.json("list", restored, *shared.unlock(THIRD))["submissions"]
    assert "Written before." in desk.do("show", restored, found["id"], *shared.unlock(THIRD))
    assert [one["name"] for one in desk.json("people", "list", restored, *shared.unlock(THIRD))] == ["first reader"]
    assert desk.run("list", restored, *shared.unlock(FIRST)) == 1


def test_a_disk_without_room_refuses_a_removal_before_anything_is_changed(shared: Shared) -> None:
    desk = shared.desk
    before = {path: path.read_bytes() for path in desk.home.rglob("*") if path.is_file()}
    with (desk.home / "contents.db").open("r+b") as large:
        large.truncate(2 * shutil.disk_usage(desk.home).total)  # a hole: more than can ever be free
    assert desk.run("people", "remove", desk.home, "Amal", *shared.unlock(FIRST)) == 1
    assert "MiB of free room" in desk.err
    (desk.home / "contents.db").write_bytes(before[desk.home / "contents.db"])
    assert len(desk.json("people", "list", desk.home, *shared.unlock(SECOND))) == 2


def opens(path: Path, key: bytes) -> bool:
    """As SQLCipher's own shell would, with the settings of the file."""
    pages = (4096, 65536)
    return any(_reads(path, key, page) for page in pages)


def connected(path: Path, key: bytes, page_bytes: int) -> Any:
    connection = sqlcipher3.connect(str(path))
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key[:32].hex()}'\"")
    connection.execute("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")
    connection.execute(f"PRAGMA cipher_page_size = {page_bytes}")
    return connection


def _reads(path: Path, key: bytes, page_bytes: int) -> bool:
    with closing(connected(path, key, page_bytes)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        except sqlcipher3.DatabaseError:
            return False
    return True
