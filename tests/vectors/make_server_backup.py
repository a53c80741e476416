"""Vectors of ``docs/formats/server-backup.md``, around the locked key of another book.

The slot in the header beside the book was drawn at random once (``README.md``); all else is the same in every run.
"""

import hashlib
from typing import Any

from crypto.primitives import _hybrid
from tests.vectors import foreign_primitives as age
from tests.vectors.book import (
    HERE,
    MALFORMED,
    NEWER,
    NO_KEY_OPENS,
    OPENS,
    Piece,
    Vector,
    VectorBook,
    bytes_of,
    edited,
    part_of,
    plain,
)
from tests.vectors.make_casebook_backup import HEADER as TO_ANOTHER
from tests.vectors.make_casebook_backup import canonical

HEADER = "server_backup_header.bin"
MAGIC = b"tipline server backup\n"
LABEL = b"tipline/v1/rest/server-backup"
FILES: dict[str, bytes] = {"site.toml": b"# the operator's settings\n", "onion/public/hostname": b""}
Rows = list[tuple[int, list[int | str | bytes | None]]]
ROWS: Rows = [
    (1, ["words", b"\1\2\3"]),
    (3, ["2026-W47"]),
    (7, [9, b"\x11" * 16, 0, b"sealed"]),
    (8, [b"\x11" * 16, "whole", "2026-W48", b"\x22" * 32, "2026-11-25", 6, b"\x33" * 32]),
    (10, [b"\x44" * 16, b"\x55" * 16, b"\x66" * 32, "2026-11-25"]),
]


def head(held: dict[str, bytes] = FILES, **changed: Any) -> bytes:
    sound = {
        "files": [[name, len(content)] for name, content in held.items()],
        "format": "tipline-server-backup",
        "format_version": 1,
        "schema_version": 2,
    }
    return canonical(sound | changed)


def value(one: int | str | bytes | None) -> bytes:
    if one is None:
        return b"\0"
    if isinstance(one, int):
        return b"\1" + one.to_bytes(8, "big", signed=True)
    raw = one.encode() if isinstance(one, str) else one
    return (b"\2" if isinstance(one, str) else b"\3") + len(raw).to_bytes(4, "big") + raw


def written(rows: Rows) -> bytes:
    return b"".join(bytes([table]) + b"".join(map(value, values)) for table, values in rows)


def inside(
    raw_head: bytes | None = None,
    *,
    length: int | None = None,
    files: bytes = b"".join(FILES.values()),
    rows: bytes = written(ROWS),
    end: bytes = b"\0",
) -> bytes:
    raw_head = head() if raw_head is None else raw_head
    return (len(raw_head) if length is None else length).to_bytes(4, "big") + raw_head + files + rows + end


def _locked() -> Vector:
    return next(vector for vector in VectorBook("locked_key") if vector["name"] == "key_sound")


def fill() -> None:
    book = VectorBook("server_backup")
    if not (HERE / HEADER).exists():
        seed = age.hkdf(bytes.fromhex(_locked()["key"]), salt=b"", label=LABEL)
        slot = _hybrid.wrap(age.FILE_KEY, to=_hybrid.public_key(seed))
        (HERE / HEADER).write_bytes(age.header(age.stanza(*slot)))
    _add(book, "backup_sound", OPENS, inside(), read=(FILES, ROWS))
    _add(book, "backup_empty", OPENS, inside(head({}), files=b"", rows=b""), read=({}, []))
    _add(book, "schema_version_1", OPENS, inside(head(schema_version=1)), read=(FILES, ROWS))
    below: Rows = [(5, [b"\x77" * 32, -1, b"\x88" * 32])]
    _add(book, "number_below_0", OPENS, inside(rows=written(below)), read=(FILES, below))
    _fronts(book)
    for name, outcome, content in _faults():
        _add(book, name, outcome, content)
    book.save()


def _fronts(book: VectorBook) -> None:
    front = MAGIC + b"\1" + bytes_of(_locked()["locked"])
    header = part_of(HEADER, 0, (HERE / HEADER).stat().st_size)
    rest = [header, plain(age.payload(inside()))]
    later_key = front[:42] + b"\2" + front[43:]
    later = age.of_version((HERE / HEADER).read_bytes(), age.LATER_VERSION)
    another = part_of(TO_ANOTHER, 0, (HERE / TO_ANOTHER).stat().st_size)
    for name, outcome, pieces in (
        ("magic_of_another_file", MALFORMED, [plain(edited(front, b"server backup", b"server backed")), *rest]),
        ("version_0", MALFORMED, [plain(MAGIC + b"\0" + front[23:]), *rest]),
        ("version_2", NEWER, [plain(MAGIC + b"\2" + front[23:]), *rest]),
        ("locked_key_of_version_2", NEWER, [plain(later_key), *rest]),
        ("locked_key_cut", MALFORMED, [plain(front[:-1])]),
        ("envelope_version_line_v2", NEWER, [plain(front), plain(later), rest[1]]),
        ("slot_to_another_key", NO_KEY_OPENS, [plain(front), another, rest[1]]),
    ):
        book.add_fixed(name, outcome, _told(pieces))
    told = _told([plain(front), *rest]) | {"passphrase": "a passphrase of somebody else"}
    book.add_fixed("passphrase_of_another", NO_KEY_OPENS, told)


def _faults() -> list[tuple[str, str, bytes]]:
    week = written([(3, ["2026-W47"])])
    return [
        ("format_version_2", NEWER, inside(head(format_version=2))),
        ("schema_version_3", NEWER, inside(head(schema_version=3))),
        ("schema_version_0", MALFORMED, inside(head(schema_version=0))),
        ("head_length_262145", MALFORMED, inside(length=262_145)),
        ("file_name_of_the_store", MALFORMED, inside(head({"tipline.db-wal": b""}), files=b"")),
        ("file_name_in_the_folder_of_the_store", MALFORMED, inside(head({"store/a": b""}), files=b"")),
        ("file_name_with_a_hidden_part", MALFORMED, inside(head({"onion/.x": b""}), files=b"")),
        ("file_name_twice", MALFORMED, inside(head(files=[["a", 0], ["a", 0]]), files=b"")),
        ("table_12", MALFORMED, inside(rows=b"\x0c")),
        ("value_of_another_kind", MALFORMED, inside(rows=written([(3, [b"2026-W47"])]))),
        ("value_nothing", MALFORMED, inside(rows=written([(3, [None])]))),
        ("text_not_utf_8", MALFORMED, inside(rows=edited(week, b"2026-W47", b"2026-W\xff7"))),
        ("end_missing", MALFORMED, inside(end=b"")),
        ("end_followed_by_a_byte", MALFORMED, inside(end=b"\0\0")),
    ]


def _told(pieces: list[Piece]) -> dict[str, Any]:
    return {"passphrase": _locked()["passphrase"], "backup": pieces}


def _add(
    book: VectorBook, name: str, outcome: str, content: bytes, *, read: tuple[dict[str, bytes], Rows] | None = None
) -> None:
    front = plain(MAGIC + b"\1" + bytes_of(_locked()["locked"]))
    header = part_of(HEADER, 0, (HERE / HEADER).stat().st_size)
    told = _told([front, header, plain(age.payload(content))])
    if read is not None:
        files, rows = read
        told["files"] = [[name, len(raw), hashlib.sha256(raw).hexdigest()] for name, raw in files.items()]
        told["rows"] = [
            [table, [one.hex() if isinstance(one, bytes) else one for one in values]] for table, values in rows
        ]
    book.add_fixed(name, outcome, told)
