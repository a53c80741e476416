"""Files come out of a backup by docs/formats/casebook-backup.md, without this program and without SQLCipher."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
import sqlcipher3

from lab.second import casebook_backup, casebook_files
from lab.second.casebook_files import File
from lab.second.hybrid import HybridKey
from lab.second.identity_file import read_identity_file
from lab.second.refused import Refused
from tests.reviewer.cases.test_sealed_files import age_file, container, recipients_of
from tests.reviewer.desk_stage import Desk

PAGE = Path(__file__).parents[3] / "docs" / "formats" / "casebook-backup.md"
RANDOM = Random("files of a backup")
FILES = {
    "short.txt": b"a short one",
    "empty": b"",
    "over-two-edges.bin": RANDOM.randbytes((2 << 20) + 5),
    "to-the-end-of-a-piece.bin": RANDOM.randbytes((2 << 20) - 5 - 11),
    "again.bin": b"x" * (1 << 20),
}
INSIDE = {"inside.jpg": RANDOM.randbytes((1 << 20) + 1), "inside.txt": b"also sealed"}


@dataclass
class Backed:
    """A backup of a real casebook, opened by its page."""

    key: bytes
    files: dict[str, bytes]
    taken_in: list[str]

    def found(self) -> list[File]:
        small, contents = (casebook_files.open_database(name, raw, self.key) for name, raw in self.files.items())
        try:
            return list(casebook_files.files_in(small, contents))
        finally:
            small.close()
            contents.close()


def opened(backup: Path, identity: Path, taken_in: list[str]) -> Backed:
    (seed,), _ = read_identity_file(identity.read_bytes())
    key, _seeds, files = casebook_backup.open_backup(backup.read_bytes(), key=HybridKey(seed))
    return Backed(key, files, taken_in)


@pytest.fixture
def backed(desk: Desk) -> Backed:
    sealed = container(desk, files=[(name, "", raw) for name, raw in INSIDE.items()])
    plain = age_file(b"a plain file, sealed", *recipients_of(desk).keys)
    first = desk.server.seal(files=[(name, "", raw) for name, raw in FILES.items()])
    second = desk.server.seal(
        files=[("a.age", "sealed", sealed), ("b.age", "sealed", plain)], submission_id=bytes(16)
    )
    taken_in = desk.take_in(first, second)
    return opened(desk.backup(), desk.root / "casebook-backup-reviewer.key", taken_in)


def test_every_file_comes_out_of_a_backup(backed: Backed) -> None:
    found = backed.found()
    first, second = backed.taken_in
    assert {one.name: one.content for one in found if one.envelope.startswith(first)} == FILES
    of_second = {one.name: one.content for one in found if one.envelope.startswith(second)}
    assert {name: of_second[name] for name in INSIDE} == INSIDE
    assert b"a plain file, sealed" in of_second.values()
    assert set(of_second) > {"a.age", "b.age"}


def test_texts_and_all_other_rows_come_out_as_well(backed: Backed) -> None:
    small = casebook_files.open_database("casebook.db", backed.files["casebook.db"], backed.key)
    texts = small.execute("SELECT value FROM fields WHERE name = 'text'").fetchall()
    inside = small.execute("SELECT value FROM inside_fields WHERE name = 'text'").fetchall()
    assert (set(texts), inside) == ({("What I saw.",)}, [("Sealed words.",)])
    assert small.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    small.close()


def test_a_restored_home_has_the_same_files_under_the_same_key(backed: Backed, desk: Desk) -> None:
    restored = desk.folder / "restored"
    identity = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", restored, "--from", desk.folder / "casebook.age", "--identity", identity)
    files = {name: (restored / name).read_bytes() for name in backed.files}
    assert Backed(backed.key, files, backed.taken_in).found() == backed.found()


def test_sqlcipher_opens_both_files_with_the_lines_of_the_page(backed: Backed, tmp_path: Path) -> None:
    lines = PAGE.read_text(encoding="utf-8").partition("```sql\n")[2].partition("```")[0]
    lines = lines.replace("64 hex digits", backed.key.hex())
    for name, table in (("casebook.db", "files"), ("contents.db", "pieces")):
        (tmp_path / name).write_bytes(backed.files[name])
        database = sqlcipher3.connect(str(tmp_path / name))
        database.executescript(lines if name == "casebook.db" else lines.replace("4096", "65536"))
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0  # noqa: S608  # one of two names
        database.close()


def test_another_key_or_a_changed_page_opens_nothing(backed: Backed) -> None:
    raw = backed.files["contents.db"]
    for key, changed in ((bytes(32), raw), (backed.key, raw[:100] + bytes([raw[100] ^ 1]) + raw[101:])):
        with pytest.raises(Refused):
            casebook_files.open_database("contents.db", changed, key)


def test_pieces_tell_the_step_of_the_ladder_and_no_length(backed: Backed) -> None:
    contents = casebook_files.open_database("contents.db", backed.files["contents.db"], backed.key)
    lengths = dict(contents.execute("SELECT content, sum(length(sealed) - 16) FROM pieces GROUP BY content"))
    contents.close()
    assert sorted(lengths.values()) == [64 << 10, 1_179_648, 1_310_720, 5 << 20]
