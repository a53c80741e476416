"""Casebook backups: sealed, whole or refused, and enough to go on with."""

from pathlib import Path

import pytest

from crypto.bundles.bundle_statement import ItemType
from crypto.keys.at_rest import RestKey
from crypto.passphrases.mailbox import reply_tag
from crypto.submissions.reply import ReplyRow, open_reply
from reviewer.casebook.database import CasebookFiles
from reviewer.errors import CasebookError
from reviewer.home.home import open_home
from reviewer.home.keyring import CASEBOOK_KEY
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk

CANARY = b"canary-3ab1"


@pytest.fixture
def identity(desk: Desk) -> Path:
    return desk.root / "casebook-backup-reviewer.key"


def test_a_backup_on_the_disk_of_the_home_is_written_and_warned_of(desk: Desk) -> None:
    assert desk.backup().exists()
    assert "LIES ON THE DISK OF THIS HOME" in desk.err


def test_a_backup_restores_every_case_on_a_new_machine(desk: Desk, identity: Path) -> None:
    files = [("a.bin", "text/plain", CANARY * 200_000)]
    (short_id,) = desk.take_in(desk.server.seal(files=files, mailbox=a_mailbox()))
    before = desk.show(short_id)
    backup = desk.backup()
    restored = desk.folder / "restored"
    desk.do("restore", restored, "--from", backup, "--identity", identity)
    desk.home = restored
    after = desk.show(short_id)
    assert after["files"] == before["files"]
    desk.do("save", restored, short_id, "--on-disk", "--to", desk.folder / "case")
    assert (desk.folder / "case" / "a.bin").read_bytes() == CANARY * 200_000
    (desk.folder / "answer.txt").write_text("still answered", encoding="utf-8")
    desk.do("reply", restored, short_id, "--text-file", desk.folder / "answer.txt", "--confirm-contents")
    desk.do("outbox", restored, "--out", desk.folder / "outbox.bundle")
    assert "bundle 1" in desk.out
    desk.do("log", "verify", restored)


def test_restore_asks_for_the_files_since_the_backup_which_bring_their_tips_back(
    desk: Desk, identity: Path
) -> None:
    twin = desk.folder / "twin"
    desk.issue("--twin", twin)
    backup = desk.backup()
    file = desk.write(desk.server.submissions(desk.server.seal()))
    desk.do("import", desk.home, file)
    (tip,) = desk.submissions()
    restored = desk.folder / "restored"
    desk.do("restore", restored, "--from", backup, "--identity", identity)
    assert "import again every FILE that is still at hand, the oldest first" in desk.out
    desk.do("keys", "restore", restored, "--twin", twin)
    desk.home = restored
    assert not desk.submissions()
    desk.do("import", desk.home, file)
    assert [each["id"] for each in desk.submissions()] == [tip["id"]]


def test_an_answer_after_a_restore_has_a_higher_number_than_those_that_the_backup_has_not(
    desk: Desk, identity: Path
) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))

    def answer(home: Path, text: str) -> None:
        (desk.folder / "answer.txt").write_text(text)
        desk.do("reply", home, short_id, "--text-file", desk.folder / "answer.txt", "--confirm-contents")

    answer(desk.home, "before the backup")
    backup = desk.backup()
    for number in "12":
        answer(desk.home, f"after the backup {number}")
    restored = desk.folder / "restored"
    desk.do("restore", restored, "--from", backup, "--identity", identity)
    for number in "12":
        answer(restored, f"after the restore {number}")
    desk.do("outbox", restored, "--out", desk.folder / "outbox.bundle")
    rows = [
        ReplyRow.parse(payload)
        for kind, payload in desk.server.take_outbox((desk.folder / "outbox.bundle").read_bytes())
        if kind is ItemType.REPLY
    ]
    keys = a_mailbox()
    numbers = [
        open_reply(row, key=keys.source_key).number
        for row in rows
        if reply_tag(keys.mailbox_id, salt=row.salt) == row.tag
    ]
    assert sorted(numbers) == [1, 1001, 1002]


def test_the_twin_brings_back_the_keys_of_tips_that_were_not_taken_in(desk: Desk, identity: Path) -> None:
    twin = desk.folder / "twin"
    desk.issue("--twin", twin)
    backup = desk.backup()
    waiting = desk.write(desk.server.submissions(desk.server.seal()))
    restored = desk.folder / "restored"
    desk.do("restore", restored, "--from", backup, "--identity", identity)
    assert f"tipline-review keys restore {restored} --twin FOLDER" in desk.err
    desk.do("keys", "restore", restored, "--twin", twin)
    assert f" {desk.keys_issued()} new, 0 known" in desk.out
    desk.do("import", restored, waiting)
    desk.home = restored
    assert [one["unopenable"] for one in desk.submissions()] == [None]


def test_the_key_of_a_backup_may_have_comments_and_what_is_no_key_is_not_called_a_bad_backup(
    desk: Desk, identity: Path
) -> None:
    backup, key = desk.backup(), desk.folder / "key"
    key.write_bytes(b"# from the safe\n\n" + identity.read_bytes())
    desk.do("restore", desk.folder / "restored", "--from", backup, "--identity", key)
    for raw in (b"", b"hello\n", identity.read_bytes() * 2, b"\xff\n"):
        key.write_bytes(raw)
        assert desk.run("restore", desk.folder / "again", "--from", backup, "--identity", key) == 1
        assert "the file of the backup key must hold one line" in desk.err
        assert not (desk.folder / "again").exists()


def test_without_the_twin_it_is_said_that_tips_on_the_way_are_lost(desk: Desk, identity: Path) -> None:
    backup = desk.backup()
    desk.do("restore", desk.folder / "restored", "--from", backup, "--identity", identity)
    assert "there are no intake keys here" in desk.err


def test_another_key_does_not_open_a_backup_and_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    backup = desk.backup()
    other = desk.beside(tmp_path / "other")
    other.found()
    code = desk.run(
        "restore", desk.folder / "r", "--from", backup,
        "--identity", other.root / "casebook-backup-reviewer.key",
    )  # fmt: skip
    assert code == 1
    assert "does not open the backup" in desk.err
    assert not (desk.folder / "r").exists()


@pytest.mark.parametrize("place", [100, 3_000, -5])
def test_a_changed_backup_is_refused_and_leaves_nothing(desk: Desk, identity: Path, place: int) -> None:
    desk.take_in(desk.server.seal())
    backup = desk.backup()
    raw = bytearray(backup.read_bytes())
    raw[place] ^= 1
    backup.write_bytes(raw)
    assert desk.run("restore", desk.folder / "r", "--from", backup, "--identity", identity) == 1
    assert not (desk.folder / "r").exists()


def test_a_cut_backup_is_refused_and_leaves_nothing(desk: Desk, identity: Path) -> None:
    backup = desk.backup()
    backup.write_bytes(backup.read_bytes()[:-70_000])
    assert desk.run("restore", desk.folder / "r", "--from", backup, "--identity", identity) == 1
    assert "cannot be restored" in desk.err
    assert not (desk.folder / "r").exists()


def test_a_backup_shows_nothing_of_what_is_in_it(desk: Desk) -> None:
    desk.take_in(desk.server.seal(fields=[("text", CANARY.decode())], files=[("a", "b", CANARY * 1000)]))
    assert CANARY not in desk.backup().read_bytes()


def test_restore_refuses_a_folder_that_is_in_use(desk: Desk, identity: Path) -> None:
    backup = desk.backup()
    assert desk.run("restore", desk.home, "--from", backup, "--identity", identity) == 1
    assert "not empty" in desk.err
    desk.do("list", desk.home)


def test_what_came_after_a_backup_is_not_in_it(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    desk.backup()
    desk.take_in(desk.server.seal(submission_id=bytes(16)))
    assert sorted(one["backed_up"] for one in desk.submissions()) == [False, True]


def test_a_backup_that_could_not_be_written_counts_for_nothing(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    assert desk.run("backup", desk.home, "--to", desk.folder / "nowhere" / "casebook.age") == 1
    assert [one["backed_up"] for one in desk.submissions()] == [False]


def test_the_key_in_a_backup_does_not_open_what_makes_envelopes_again(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    desk.backup()
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        in_backup = RestKey(home.keyring.secret(CASEBOOK_KEY))
    (desk.home / "envelopes.db").rename(desk.folder / "seized.db")
    for name in ("casebook.db", "contents.db"):
        (desk.home / name).rename(desk.folder / name)
    (desk.folder / "seized.db").rename(desk.folder / "envelopes.db")
    with pytest.raises(CasebookError, match="does not open"):
        CasebookFiles.open_existing(desk.folder, key=in_backup, envelopes_key=in_backup)
