"""Targets that a machine keeps for itself and reads again: locked keys, key files, the inside of a server's
backup."""

import io
from collections.abc import Iterator

from crypto.keys import key_file
from crypto.keys.at_rest import RestKey
from crypto.passphrases import locked_key, people_file, people_roster
from crypto.passphrases.people_roster import Role
from crypto.primitives.byte_source import ExactSource
from lab.fuzz.seeds import JSON_TOKENS, OURS, seeds_of
from lab.fuzz.target import Target, same
from tipline.operations import backup_file
from tipline.store.copying import CopiedRow

_KEY = RestKey(bytes(32))
_PASSPHRASE = "a passphrase of staff"
_ROWS = (
    CopiedRow("closed_weeks", ("2026-W47",)),
    CopiedRow("settings", ("name", b"\0\1\2")),
)


def _wrapping_key(_passphrase: str, *, salt: bytes, memory_kib: int, passes: int, lanes: int) -> bytes:
    """In place of a derivation, which costs 0.1 s by intent; every number of the header is in it."""
    return (salt + bytes([memory_kib % 251, passes, lanes])).ljust(32, b"\0")


def _locked_key(untrusted_input: bytes) -> None:
    derive, locked_key._derive = locked_key._derive, _wrapping_key
    try:
        locked_key.unlock_key(untrusted_input, _PASSPHRASE)
    finally:
        locked_key._derive = derive


def _locked_keys() -> Iterator[bytes]:
    derive, locked_key._derive = locked_key._derive, _wrapping_key
    try:
        yield locked_key.lock_key(bytes(range(32)), _PASSPHRASE)
    finally:
        locked_key._derive = derive
    yield from seeds_of("locked_key", "locked")


def _people_file(untrusted_input: bytes) -> None:
    derive, locked_key._derive = locked_key._derive, _wrapping_key
    try:
        people = people_file.PeopleFile.parse(untrusted_input)
        same(people.to_bytes(), untrusted_input)
        people.roster(people.unlock(_PASSPHRASE).keys[0])
    finally:
        locked_key._derive = derive


def _people_files() -> Iterator[bytes]:
    derive, locked_key._derive = locked_key._derive, _wrapping_key
    try:
        people = people_file.PeopleFile.begin(_KEY, _PASSPHRASE, name="Amal")
        yield people.to_bytes()
        yield people.with_person(_KEY, f"{_PASSPHRASE} more", name="Noor", role=Role.MEMBER).to_bytes()
    finally:
        locked_key._derive = derive


def _key_file(untrusted_input: bytes) -> None:
    """A line with the name, then the secret: the seal is made here, since no change would get past it."""
    raw_name, _, secret = untrusted_input.partition(b"\n")
    name = raw_name.decode("latin-1")
    sealed = _KEY.seal(secret, label=f"key/{name}")
    opened = key_file.open_key_file(sealed, name=name, key=_KEY)
    same(_KEY.open_sealed(key_file.seal_key_file(opened, name=name, key=_KEY), label=f"key/{name}"), secret)


def _server_backup(untrusted_input: bytes) -> None:
    """The content of the envelope: head, files, rows."""
    source = ExactSource(io.BytesIO(untrusted_input))
    files = backup_file.read_head(source)
    contents = [source.exactly(length, what="backup") for _name, length in files]
    rows = b"".join(piece for row in backup_file.rows_in(source) for piece in backup_file.row_bytes(row))
    behind_head = untrusted_input[4 + int.from_bytes(untrusted_input[:4], "big") :]
    same(b"".join(contents) + rows + backup_file.END, behind_head)


def _server_backups() -> Iterator[bytes]:
    rows = b"".join(piece for row in _ROWS for piece in backup_file.row_bytes(row))
    for files in ([], [("site.toml", 3)], [("onion/public", 64), ("words/en.md", 0)]):
        content = b"".join(bytes(length) for _name, length in files)
        yield backup_file.head_bytes(files) + content + rows + backup_file.END
        yield backup_file.head_bytes(files) + content + backup_file.END


def targets() -> Iterator[Target]:
    yield Target("locked_key", _locked_key, OURS, (locked_key.unlock_key,), list(_locked_keys()))
    parsers = (people_file.PeopleFile.parse, people_file.PeopleFile.unlock, people_roster.Roster.open_sealed)
    yield Target("people_file", _people_file, OURS, parsers, list(_people_files()))
    names = (b"intake-2026-W48", b"sealed-2026-Q4-2", b"reviewer", b"casebook")
    yield Target(
        "key_file",
        _key_file,
        OURS,
        (key_file.open_key_file, key_file.seal_key_file, key_file._check_name, key_file._check_length),
        [name + b"\n" + bytes(length) for name in names for length in (0, 32, 64)],
        (*names, b"\n", b"-W", b"-Q", b"-2", b"-10"),
    )
    yield Target(
        "server_backup",
        _server_backup,
        OURS,
        (backup_file.read_head, backup_file._checked_name, backup_file.rows_in, backup_file._read_value),
        list(_server_backups()),
        (*JSON_TOKENS, b"site.toml", b"../", b"tipline.db", b"\x03\x02\0\0\0\x08", b"\0"),
    )
