"""The store of members, ``members.db``: items in pieces of one length, sealed to channels.

A channel is one direction between the readers and one member; its key opens nothing of another channel. A person
who holds only the key of the file sees how many pieces there are, and that number is always a power of two: the
rest is filled up with random ones, which the key of the file tells apart. What is taken away becomes random too.
"""

import secrets
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.errors import CryptoError
from crypto.keys.at_rest import RestKey
from reviewer.casebook.database import CasebookDatabase, change_key, open_database
from reviewer.errors import CasebookError

MEMBERS_FILE: Final = "members.db"
PIECE_BYTES: Final = 16_384
_FEWEST: Final = 8
_ID_BYTES: Final = 16
_HEAD: Final = struct.Struct(">16sIII")
_OVERHEAD: Final = 40


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """One piece of an item: its row, its place among ``of`` pieces, and the bytes of the item in it."""

    row: bytes
    item: bytes
    place: int
    of: int
    length_bytes: int


class MemberStore:
    """The open file; every change is one transaction."""

    def __init__(self, database: CasebookDatabase, *, noise: RestKey) -> None:
        self._database = database
        self._noise = noise

    @classmethod
    def open(cls, folder: Path, *, key: RestKey) -> "MemberStore":
        """The store in ``folder``; a new one is filled up at once.

        Raises:
            CasebookError: another key, or changed.
        """
        store = cls(open_database(folder / MEMBERS_FILE, key=key), noise=key.derive("noise"))
        if not store._count():
            store._change(lambda: None)
        return store

    def close(self) -> None:
        self._database.close()

    def replace(
        self, channel: RestKey, *, gone: Iterable[bytes] = (), items: Sequence[tuple[bytes, bytes]] = ()
    ) -> None:
        """Put ``items`` (name and bytes) into a channel in the place of the items named in ``gone``.

        A name has 16 bytes; :func:`new_name` makes one.
        """
        cut = [(name, item, max(1, -(-len(item) // PIECE_BYTES))) for name, item in items]
        known = self.items(channel)
        rows = [piece.row for name in gone for piece in known.get(name, [])]

        def write() -> None:
            self._delete(rows)
            self._take_room(sum(of for _name, _item, of in cut))
            for name, item, of in cut:
                for place in range(of):
                    piece = item[place * PIECE_BYTES : (place + 1) * PIECE_BYTES]
                    self._insert(channel, _HEAD.pack(name, place, of, len(piece)), piece.ljust(PIECE_BYTES, b"\0"))

        self._change(write)

    def items(self, channel: RestKey) -> dict[bytes, list[StoredPiece]]:
        """All whole items of a channel: the pieces of each, in order, by its name."""
        found: dict[bytes, list[StoredPiece]] = {}
        for row, tag, head in self._database.rows("SELECT id, tag, head FROM pieces"):
            if tag == _tag(channel, row):
                with suppress(CasebookError):  # a member with another program wrote it: others are still read
                    item, place, of, length = _HEAD.unpack(_opened(channel, head, "head", row))
                    found.setdefault(item, []).append(StoredPiece(row, item, place, of, length))
        for pieces in found.values():
            pieces.sort(key=lambda piece: piece.place)
        return {name: pieces for name, pieces in found.items() if len(pieces) == pieces[0].of}

    def read(self, channel: RestKey, pieces: Iterable[StoredPiece]) -> bytes:
        """The bytes of an item.

        Raises:
            CasebookError: a piece is missing or was changed.
        """
        return b"".join(self._body(channel, piece) for piece in pieces)

    def seal_again(self, old: Mapping[str, RestKey], new: Mapping[str, RestKey]) -> None:
        """Move what was sealed under ``old`` keys to the ``new`` ones; what has no new key becomes random."""

        def move() -> None:
            for row, tag in self._database.rows("SELECT id, tag FROM pieces"):
                place = next((place for place, key in old.items() if tag == _tag(key, row)), None)
                if place is None:
                    continue
                head, body = self._database.rows("SELECT head, body FROM pieces WHERE id = ?", (row,))[0]
                self._delete([row])
                if place in new:
                    key = old[place]
                    with suppress(CasebookError):  # as above
                        self._insert(new[place], _opened(key, head, "head", row), _opened(key, body, "body", row))

        self._change(move)

    def _change(self, work: Callable[[], None]) -> None:
        self._database.begin()
        try:
            work()
            self._fill_up()
            self._database.keep()
        except BaseException:
            self._database.abandon()
            raise

    def _count(self) -> int:
        row = self._database.row("SELECT count(*) FROM pieces")
        return int(row[0]) if row else 0

    def _take_room(self, pieces: int) -> None:
        """Let random pieces go for as many new ones."""
        tags = self._database.rows("SELECT id, tag FROM pieces")
        noise = [row for row, tag in tags if tag == _tag(self._noise, row)]
        self._delete(noise[:pieces])

    def _fill_up(self) -> None:
        count = self._count()
        target = max(_FEWEST, 1 << (count - 1).bit_length() if count else _FEWEST)
        for _piece in range(target - count):
            row = secrets.token_bytes(_ID_BYTES)
            head, body = secrets.token_bytes(_HEAD.size + _OVERHEAD), secrets.token_bytes(PIECE_BYTES + _OVERHEAD)
            self._database.run("INSERT INTO pieces VALUES (?, ?, ?, ?)", (row, _tag(self._noise, row), head, body))

    def _insert(self, channel: RestKey, head: bytes, body: bytes) -> None:
        row = secrets.token_bytes(_ID_BYTES)
        self._database.run(
            "INSERT INTO pieces VALUES (?, ?, ?, ?)",
            (row, _tag(channel, row), _sealed(channel, head, "head", row), _sealed(channel, body, "body", row)),
        )

    def _delete(self, rows: Iterable[bytes]) -> None:
        for row in rows:
            self._database.run("DELETE FROM pieces WHERE id = ?", (row,))

    def _body(self, channel: RestKey, piece: StoredPiece) -> bytes:
        row = self._database.row("SELECT body FROM pieces WHERE id = ?", (piece.row,))
        if row is None:
            raise _damaged()
        return _opened(channel, row[0], "body", piece.row)[: piece.length_bytes]


def new_name() -> bytes:
    """A name for an item."""
    return secrets.token_bytes(_ID_BYTES)


def change_store_key(folder: Path, *, key: RestKey, new_key: RestKey) -> None:
    """Seal the file under another key, if it is there and was not yet."""
    if (folder / MEMBERS_FILE).exists():
        change_key(folder / MEMBERS_FILE, key=key, new_key=new_key)


def _tag(channel: RestKey, row: bytes) -> bytes:
    """Without the key of the channel, tags of two pieces for one member do not look alike."""
    return channel.derive(f"tag/{row.hex()}").seed()[:_ID_BYTES]


def _sealed(channel: RestKey, plaintext: bytes, part: str, row: bytes) -> bytes:
    return channel.seal(plaintext, label=f"{part}/{row.hex()}")


def _opened(channel: RestKey, sealed: bytes, part: str, row: bytes) -> bytes:
    try:
        return channel.open_sealed(sealed, label=f"{part}/{row.hex()}")
    except CryptoError as error:
        raise _damaged() from error


def _damaged() -> CasebookError:
    return CasebookError(
        "a piece of what was given to members is missing or was changed", hint="let a reader give it again"
    )
