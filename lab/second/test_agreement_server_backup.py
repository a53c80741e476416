"""Backups of real stores, and changed ones: both implementations read the same files and rows, or refuse alike."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from crypto.age.envelope import open_envelope
from crypto.passphrases.locked_key import unlock_key
from crypto.primitives.byte_source import ExactSource
from lab.second import seal, server_backup
from lab.second.agreement import ROWS, agreed
from lab.second.hkdf import hkdf
from lab.second.hybrid import HybridKey
from lab.second.mutation import canonical, mutated, mutated_document
from tests.tipline.operations.test_backup import Backed
from tests.tipline.served import OPERATOR
from tipline.operations import backup_file
from tipline.store.copying import TABLES

FRONT = 143
TABLE_NAMES = list(TABLES)
NAMES = (
    *(
        "tipline.db",
        "tipline.db-wal",
        "bulk.db-shm",
        "bulk.db-journal",
        "tipline.db-x",
        "Tipline.db",
        "run",
        "run/x",
    ),
    *(
        "onion/run",
        "a//b",
        "a/",
        "/a",
        ".a",
        "a/.b",
        "..",
        "",
        "a\nb",
        "a\u202eb",
        "a b",
        " a",
        "e\u0301",
        "ballast",
    ),
    *("database.key", "manifest-version", "serve.lock", "import.lock", "other.lock", "lock", "a\\b", "a\u00a0b"),
)


@dataclass
class Written:
    """A whole backup, and what is in it."""

    raw: bytes
    database_key: bytes

    @property
    def inside(self) -> server_backup.Backup:
        return server_backup.read_sealed(self.raw[FRONT:], database_key=self.database_key)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """With a row in every table."""
    backed = Backed(tmp_path_factory.mktemp("written"))
    with backed.store() as store, store._small.transaction() as small:
        digest = small.execute("SELECT sha256 FROM submissions").fetchone()[0]
        small.execute("INSERT INTO closed_weeks VALUES ('2026-W40', NULL)")
        small.execute("INSERT INTO senders VALUES (?, ?)", (b"s" * 32, b"t" * 16))
        small.execute("INSERT INTO statements_read VALUES (?, 7, ?)", (b"s" * 32, b"d" * 32))
        small.execute("INSERT INTO ended_streams VALUES (?, ?)", (b"s" * 32, b"u" * 16))
        small.execute("INSERT INTO receipts VALUES (?, ?, ?)", (digest, b"r" * 32, 7))
    return Written(backed.write(), backed.served.key)


def first_opened(envelope: bytes, database_key: bytes) -> object:
    source = ExactSource(open_envelope(io.BytesIO(envelope), keys=[backup_file.backup_key(database_key)], slots=1))
    files = {name: source.exactly(length, what="backup") for name, length in backup_file.read_head(source)}
    return files, [(1 + TABLE_NAMES.index(row.table), row.values) for row in backup_file.rows_in(source)]


def first(raw: bytes, passphrase: str) -> object:
    source = io.BytesIO(raw)
    database_key = unlock_key(backup_file.read_front(source), passphrase)
    return first_opened(source.read(), database_key)


def second(raw: bytes, passphrase: str) -> object:
    found = server_backup.read_backup(raw, passphrase=passphrase)
    return found.files, found.rows


def agreed_file(raw: bytes, passphrase: str = OPERATOR) -> str:
    return agreed(lambda: first(raw, passphrase), lambda: second(raw, passphrase), raw[:200])


def agreed_inside(head: bytes, rest: bytes, key: bytes = bytes(32)) -> str:
    """The reading of both for this head, with its length before it and the rest behind it."""
    stanza = seal.wrap(HybridKey(hkdf(key, server_backup.LABEL)).public)
    inside = len(head).to_bytes(4, "big") + head + rest
    envelope = seal.header(stanza) + seal.payload(inside)

    def by_the_second() -> object:
        found = server_backup.read_sealed(envelope, database_key=key)
        return found.files, found.rows

    return agreed(lambda: first_opened(envelope, key), by_the_second, inside[:1000])


def encoded(values: object) -> bytes:
    """Values of a row, of whatever kind."""
    found = b""
    for value in values:  # type: ignore[attr-defined]
        if isinstance(value, int):
            found += b"\1" + value.to_bytes(8, "big", signed=True)
        elif value is None:
            found += b"\0"
        else:
            raw = value.encode() if isinstance(value, str) else value
            found += (b"\2" if isinstance(value, str) else b"\3") + len(raw).to_bytes(4, "big") + raw
    return found


def head_of(*files: object, schema: object = 2, **others: object) -> bytes:
    document = {"format": "tipline-server-backup", "format_version": 1, "schema_version": schema, "files": files}
    return canonical(document | others)


def test_of_a_real_store_both_read_every_file_and_row(written: Written) -> None:
    assert agreed_file(written.raw) == "opens"
    inside = written.inside
    assert {"site.toml", "onion/public/hs_ed25519_secret_key"} <= set(inside.files)
    assert {table for table, _values in inside.rows} == set(range(1, 9)), "receipts and answers are in none"
    pieces = [len(values[3]) for table, values in inside.rows if table == 7]  # type: ignore[arg-type]
    assert sum(pieces) == 80_000 + (5 << 20)
    assert agreed_file(written.raw, "another one") == "no key opens"


@pytest.mark.parametrize("place", [0, 21, 22, 30, 42, 50, 60, 140, 150, 1500, 9000, 70_000, -1])
def test_of_a_changed_byte_both_say_the_same(written: Written, place: int) -> None:
    for byte in (0, 2, 255):
        raw = bytearray(written.raw)
        raw[place] = byte
        agreed_file(bytes(raw))


@pytest.mark.parametrize("length", [0, 21, 22, 23, 142, 143, 144, 1700, 100_000, -1])
def test_of_a_cut_file_both_say_the_same(written: Written, length: int) -> None:
    assert agreed_file(written.raw[:length]) == "malformed"


@pytest.mark.parametrize("name", NAMES)
def test_of_every_name_both_say_the_same(name: str) -> None:
    agreed_inside(head_of([name, 1]), b"x\0")


def test_of_what_the_page_once_left_open_both_say_the_same() -> None:
    assert agreed_inside(head_of(), b"\0") == "opens"
    for schema, outcome in ((0, "malformed"), (1, "opens"), (3, "newer"), (1001, "newer"), (True, "malformed")):
        assert agreed_inside(head_of(schema=schema), b"\0") == outcome
    assert agreed_inside(head_of(schema=3, more=1), b"\0") == "malformed"
    assert agreed_inside(head_of(schema=3, files=5), b"\0") == "malformed"
    assert agreed_inside(head_of(5, schema=3), b"\0") == "newer"
    assert agreed_inside(head_of(["b", 1], ["a", 0]), b"x\0") == "opens"
    assert agreed_inside(head_of(["a", 1], ["a", 1]), b"xx\0") == "malformed"
    assert agreed_inside(head_of(["a", (16 << 20) + 1]), b"\0") == "malformed"
    assert agreed_inside(head_of(["a", True]), b"x\0") == "malformed"
    assert agreed_inside(head_of(), b"\3\2\0\0\0\1\xff\0") == "malformed"
    assert agreed_inside(head_of(), b"\3\2\0\0\0\1a" * 2 + b"\1" + encoded(["a", b""]) + b"\0") == "opens"
    assert agreed_inside(head_of(), b"\3\0\0") == "malformed"
    assert agreed_inside(head_of(), b"\x0c\0") == "malformed"
    assert agreed_inside(head_of(), b"\0\0") == "malformed"
    assert agreed_inside(head_of(), b"\3\2\xff\xff\xff\xff") == "malformed"


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_insides_both_say_the_same(written: Written, row: int) -> None:
    random = Random(f"server backups {row}")
    inside = written.inside
    rows = [(table, [v[:90] if isinstance(v, bytes) else v for v in values]) for table, values in inside.rows]
    rows = [*rows[:12], *rows[-12:]]
    names = list(inside.files)
    outcomes = set()
    for place in range(60):
        listed = [[name, len(inside.files[name])] for name in names]
        head = head_of(*listed, schema=random.choice((1, 2)))
        changed = [bytes([table]) + encoded(values) for table, values in rows]
        if place % 4 == 0:
            head = mutated_document(random, head)
        elif place % 4 == 1:
            table, values = random.choice(rows)
            other = list(values)
            other[random.randrange(len(other))] = random.choice(
                (None, 0, -1, 2**63 - 1, "", "é", b"", random.randbytes(3))
            )
            changed.insert(random.randrange(len(changed)), bytes([table]) + encoded(other))
        elif place % 4 == 2:
            random.shuffle(changed)
        rest = b"".join(inside.files.values()) + b"".join(changed) + b"\0"
        if place % 4 == 3:
            rest = mutated(random, rest, [b"\0", b"\1", b"\2\0\0\0\1", b"\3\0\0\0\0", b"\x0c"])
        outcomes.add(agreed_inside(head, rest))
    assert {"opens", "malformed"} <= outcomes


def test_the_example_of_the_page_is_read_by_both() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats" / "server-backup.md").read_text(encoding="utf-8")
    dump = page.split("```text\n")[2].partition("```")[0]
    inside = bytes.fromhex("".join(line[9:].split("  ")[0] for line in dump.splitlines()))
    head = inside[4 : 4 + int.from_bytes(inside[:4], "big")]
    assert json.loads(head)["files"] == [["site.toml", 26]]
    assert agreed_inside(head, inside[4 + len(head) :]) == "opens"
