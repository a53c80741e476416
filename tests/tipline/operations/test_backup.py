"""Backups of a server: whole, sealed, of one moment, and no way back to an older manifest unnoticed."""

import io
import os
import stat
import threading
from pathlib import Path

import pytest

from crypto.errors import Malformed
from crypto.primitives.byte_source import ExactSource
from onion.service_key import ServiceKey
from tests.organisation import TODAY
from tests.tipline.served import OPERATOR, ServedFolder
from tipline.cli import main
from tipline.errors import FolderError
from tipline.instance.database_key import ask_database_key
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.intake_status import ClosedReason, IntakeClosed, IntakePolicy
from tipline.operations import backup_file
from tipline.operations.backup import BackupRefused, restore, write_backup
from tipline.store import Store
from tipline.store.copying import ROWS_VERSION, TABLES, CopiedRow, fill, rows_of
from tipline.store.errors import StoreError
from tipline.store.events import Event


class Backed:
    """A server with something in each table, and a way to back it up."""

    def __init__(self, path: Path) -> None:
        self.served = ServedFolder(path / "site")
        self.out = path / "server.backup"
        self.again = path / "again"
        self.address = ServiceKey.load_or_make(self.served.folder.onion / "public").address
        (self.served.folder.path / "site.toml").write_text('title = "Letters"\n')
        self.contents = [os.urandom(80_000), os.urandom(5 << 20)]
        with self.store() as store:
            policy = IntakePolicy(store, self.served.folder)
            for sealed in self.contents:
                keep(store, policy, sealed)
            store.replies.put(b"r" * 16, b"s" * 16, b"t" * 32, os.urandom(67_195), TODAY)

    def store(self) -> Store:
        return Store(self.served.folder.store, self.served.key, reserve_bytes=0)

    def write(self) -> bytes:
        with self.store() as store:
            locked = self.served.folder.database_key.read_bytes()
            write_backup(self.served.folder, store, self.out, key=self.served.key, locked_key=locked)
        return self.out.read_bytes()

    def damage(self, content: bytes) -> None:
        with self.store() as store:
            (harmed,) = (one for one in store.submissions.waiting() if one.length == len(content))
            with store._bulk.transaction() as bulk:
                bulk.execute("DELETE FROM pieces WHERE submission = ?", (harmed.submission,))

    def restored(self) -> Store:
        restore(self.again, io.BytesIO(self.write()), passphrase=OPERATOR)
        return Store(SiteFolder(self.again).store, self.served.key, reserve_bytes=0)


def keep(store: Store, policy: IntakePolicy, sealed: bytes) -> None:
    intake = policy.intake()
    with store.submissions.receive(str(intake.week), intake.manifest_sha256) as arrival:
        arrival.write(sealed)
        arrival.complete()


@pytest.fixture
def backed(tmp_path: Path) -> Backed:
    return Backed(tmp_path)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A backup, and its database key; for tests that only look at it."""
    backed = Backed(tmp_path_factory.mktemp("written"))
    return backed.write(), backed.served.key


def test_the_page_of_the_format_names_the_numbers_of_the_code(written: tuple[bytes, bytes]) -> None:
    page = (Path(__file__).parents[3] / "docs" / "formats" / "server-backup.md").read_text(encoding="utf-8")
    for number in ("MOST_FILES", "LONGEST_FILE_BYTES", "LONGEST_HEAD_BYTES", "LONGEST_VALUE_BYTES", "LOCKED_BYTES"):
        assert f" {getattr(backup_file, number):,}" in page, number
    for place, table in enumerate(TABLES, start=1):
        assert f"{place} `{table}`" in page
    for name in sorted(backup_file.NOT_IN_A_BACKUP):
        database, dash, ending = name.partition("-") if ".db" in name else (name, "", "")
        assert f"`{database}`" in page
        assert f"`{dash}{ending}`" in page or not ending
    assert f"`schema_version` (of the store, {ROWS_VERSION}; " in page
    assert written[0].startswith(b"tipline server backup\n\x01tipline locked key\n")
    assert written[0][143:].startswith(b"age-encryption.org/v1\n")


def contents_of(store: Store) -> set[bytes]:
    return {b"".join(store.submissions.pieces(each.submission)) for each in store.submissions.waiting()}


def test_a_restored_server_has_every_submission_key_and_day_as_they_were(backed: Backed) -> None:
    with backed.restored() as store, backed.store() as before:
        assert contents_of(store) == set(backed.contents)
        assert sorted(store.submissions.waiting(), key=lambda each: each.sha256) == sorted(
            before.submissions.waiting(), key=lambda each: each.sha256
        )
        assert Identity.load(store).keys.party() == Identity.load(before).keys.party()
        assert store.manifests.newest_name() == before.manifests.newest_name()
        assert store.events.last(Event.RESTORED) is not None
    assert ServiceKey.load(backed.again / "onion" / "public").address == backed.address
    assert (backed.again / "site.toml").read_text() == 'title = "Letters"\n'
    assert ask_database_key(SiteFolder.open(backed.again), str(backed.served.passphrase_file)) == backed.served.key


def test_no_answer_is_in_a_backup_so_that_none_comes_back_that_was_deleted_or_given_up_since(
    backed: Backed,
) -> None:
    with backed.restored() as store, backed.store() as before:
        assert len(before.replies.tags()) == 1
        assert store.replies.tags() == []
        assert {row.table for row in rows_of(before, [])}.isdisjoint({"replies", "reply_envelopes"})


def test_an_answer_in_a_backup_of_before_is_not_taken_over(backed: Backed) -> None:
    with backed.restored() as store:
        of_before = [
            CopiedRow("replies", (b"r" * 16, b"s" * 16, b"t" * 32, TODAY.isoformat())),
            CopiedRow("reply_envelopes", (b"r" * 16, bytes(67_195))),
            CopiedRow("closed_weeks", ("2026-W40",)),
        ]
        fill(store, of_before)
        assert store.submissions.is_closed("2026-W40"), "what stands beside it is taken over"
        assert store.replies.tags() == []
        assert store._small.rows("SELECT id FROM reply_envelopes") == []
        with pytest.raises(StoreError, match="4 values"):
            fill(store, [CopiedRow("replies", (b"r" * 16,))])


def test_a_restored_folder_is_its_owners_only(backed: Backed) -> None:
    backed.restored().close()
    for path in [backed.again, *backed.again.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_restore_goes_back_to_no_older_manifest_unnoticed(backed: Backed) -> None:
    with backed.restored() as store:
        policy = IntakePolicy(store, SiteFolder.open(backed.again))
        with pytest.raises(IntakeClosed) as caught:
            policy.intake()
        assert caught.value.reason is ClosedReason.ROLLED_BACK
        assert "newest manifest" in (caught.value.hint or "")


def test_a_restored_server_signs_nothing_again_and_keeps_closed_weeks_closed(backed: Backed) -> None:
    with backed.store() as store, store._small.transaction() as small:
        small.execute("INSERT INTO statements VALUES (1, x'00', zeroblob(64))")
        small.execute("INSERT INTO closed_weeks VALUES ('2026-W40', 1)")
        small.execute("UPDATE submissions SET bundle = 1")
    with backed.restored() as store:
        assert store.outgoing.numbers() == []
        assert store.submissions.is_closed("2026-W40")
        offered: list[str] = []

        def sign(_last: object, fresh: object, closable: object) -> list[object]:
            offered.extend(closable)  # type: ignore[call-overload]
            return []

        store.outgoing.sign_fresh(sign, past_weeks=["2026-W40", "2026-W41"])  # type: ignore[arg-type]
        assert offered == ["2026-W40", "2026-W41"]


def test_a_backup_shows_neither_sealed_bytes_nor_keys_nor_names(backed: Backed) -> None:
    written = backed.write()
    key_file = (backed.served.folder.onion / "public" / "hs_ed25519_secret_key").read_bytes()
    for secret in (backed.contents[0][:48], backed.served.key, key_file[-64:], b"Letters", b"t" * 32):
        assert secret not in written
        assert secret.hex().encode() not in written


def test_a_backup_is_of_one_moment_while_submissions_arrive(backed: Backed) -> None:
    end = threading.Event()

    def receive() -> None:
        with backed.store() as store:
            policy = IntakePolicy(store, backed.served.folder)
            while not end.is_set():
                keep(store, policy, os.urandom(300_000))

    writer = threading.Thread(target=receive)
    writer.start()
    try:
        with backed.restored() as store:
            found = store.submissions.waiting()
            assert len(found) >= 2
            assert all(len(b"".join(store.submissions.pieces(each.submission))) == each.length for each in found)
            assert store.damage() == []
    finally:
        end.set()
        writer.join()


def test_a_submission_that_is_deleted_meanwhile_is_left_out_whole(backed: Backed) -> None:
    with backed.store() as store:
        first, second = store.submissions.waiting()
        with store._bulk.transaction() as bulk:
            bulk.execute("DELETE FROM pieces WHERE submission = ?", (first.submission,))
    with backed.restored() as store:
        assert [each.sha256 for each in store.submissions.waiting()] == [second.sha256]


@pytest.mark.parametrize("place", [0, 22, 130, 200, 100_000, -1])
def test_a_changed_byte_is_refused_and_leaves_no_folder(
    written: tuple[bytes, bytes], tmp_path: Path, place: int
) -> None:
    changed = bytearray(written[0])
    changed[place] ^= 1
    with pytest.raises(BackupRefused):
        restore(tmp_path / "again", io.BytesIO(bytes(changed)), passphrase=OPERATOR)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("length", [0, 22, 100, 143, 9000, 1_000_000])
def test_a_cut_backup_is_refused_and_leaves_no_folder(
    written: tuple[bytes, bytes], tmp_path: Path, length: int
) -> None:
    with pytest.raises(BackupRefused):
        restore(tmp_path / "again", io.BytesIO(written[0][:length]), passphrase=OPERATOR)
    assert not list(tmp_path.iterdir())


def test_another_passphrase_opens_nothing(written: tuple[bytes, bytes], tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="passphrase does not open"):
        restore(tmp_path / "again", io.BytesIO(written[0]), passphrase="another one")


def test_a_restore_puts_nothing_over_what_is_there(written: tuple[bytes, bytes], tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    with pytest.raises(FolderError):
        restore(tmp_path, io.BytesIO(written[0]), passphrase=OPERATOR)


@pytest.mark.parametrize(
    "name", ["/etc/x", "../x", "a//b", ".hidden", "a/.b", "tipline.db", "store/x", "run/x", "", "a\nb"]
)
def test_a_file_of_a_backup_lies_in_the_folder_and_is_none_of_the_stores(name: str) -> None:
    with pytest.raises(Malformed, match="file of a backup"):
        backup_file.read_head(ExactSource(io.BytesIO(backup_file.head_bytes([(name, 1)]))))


def test_the_commands_do_it_with_a_passphrase_file(backed: Backed, capsys: pytest.CaptureFixture[str]) -> None:
    passphrase = ["--passphrase-file", str(backed.served.passphrase_file)]
    assert main(["backup", str(backed.served.folder.path), "--out", str(backed.out), *passphrase]) == 0
    assert stat.S_IMODE(backed.out.stat().st_mode) == 0o600
    assert main(["restore", str(backed.again), "--from", str(backed.out), *passphrase]) == 0
    assert "must never do so again" in capsys.readouterr().err
    assert main(["events", str(backed.again), *passphrase]) == 0
    told = capsys.readouterr().out
    assert "the store was restored from a backup" in told
    assert "a manifest was adopted" in told


def test_an_unprotected_key_leaves_the_machine_only_under_a_passphrase(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.tipline.commands.test_commands_carry import Site

    site = Site(tmp_path)
    out = tmp_path / "server.backup"
    assert main(["backup", str(site.folder), "--out", str(out)]) == 1
    assert "must have one to leave this machine" in capsys.readouterr().err
    assert not out.exists()
    (tmp_path / "passphrase").write_text(OPERATOR + "\n")
    passphrase = ["--passphrase-file", str(tmp_path / "passphrase")]
    assert main(["backup", str(site.folder), "--out", str(out), *passphrase]) == 0
    assert main(["restore", str(tmp_path / "again"), "--from", str(out), *passphrase]) == 0
    assert main(["status", str(tmp_path / "again")]) == 1  # protected now
    assert "has a passphrase" in capsys.readouterr().err


def test_a_backup_says_how_many_submissions_the_disk_has_harmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backed = Backed(tmp_path)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(f"{OPERATOR}\n")
    command = [
        "backup",
        str(backed.served.folder.path),
        "--out",
        str(backed.out),
        "--passphrase-file",
        str(passphrase),
    ]
    assert main(command) == 0
    assert "damaged" not in capsys.readouterr().err
    backed.damage(backed.contents[0])
    assert main(command) == 0
    assert "warning: 1 submissions are damaged, and not in it" in capsys.readouterr().err
