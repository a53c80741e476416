"""The places in which a seizer looks: files plain and compressed, pages of the store in the clear, memory of
processes."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import IO, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from demo.search_terms import OVERLAP_BYTES, SearchTerms
from lab.forensics.held_words import HeldWords, writable
from lab.forensics.streams import inflated
from tests.tipline.processes import children_of

PIECE_BYTES: Final = 4 << 20
LOG_HEAD_BYTES: Final = 32
FRAME_HEAD_BYTES: Final = 24
SALT_BYTES: Final = 16
_HMAC_BYTES: Final = 32
TRAILER_BYTES: Final = 16 + _HMAC_BYTES
WORDS: Final = "words"
STORE_PAGES: Final = {"tipline.db": 8192, "bulk.db": 65536}


@dataclass(slots=True)
class Found:
    """Names of canaries, each with where it was; how much was looked at, and what could not be, with the reason."""

    files: int = 0
    length: int = 0
    places: dict[str, set[str]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def note(self, names: Iterable[str], called: str) -> None:
        """These are there."""
        for name in names:
            self.places.setdefault(name, set()).add(called)

    def names(self) -> set[str]:
        return set(self.places)


def search_files(
    places: Iterable[Path],
    sought: SearchTerms,
    *,
    changed_since: float = 0.0,
    leave_out: Sequence[Path] = (),
) -> Found:
    """Files below folders (or files themselves), their names, and what is compressed inside of them.

    Only what changed after ``changed_since`` (seconds since 1970), and nothing below ``leave_out``.
    """
    found = Found()
    for place in places:
        for path in _files(place, set(leave_out)):
            try:
                facts = path.lstat()
                if max(facts.st_mtime, facts.st_ctime) >= changed_since:
                    found.note(sought.names_in(os.fsencode(path.name)), f"name of {path}")
                    if path.is_file() and not path.is_symlink():
                        with open(path, "rb", buffering=0) as file:
                            search_stream(file, str(path), sought, found)
            except FileNotFoundError:
                continue  # gone in between: it is not there for a seizer either
    return found


def store_in(folder: Path) -> Path:
    """The folder of the store, in that of a tip line or of the careless site, which has none for it."""
    own = folder / "store"
    return own if own.is_dir() else folder


def search_clear_store(folder: Path, key: bytes, sought: SearchTerms) -> Found:
    """Every page of both files of a store in the clear, free ones too, as anyone who has the key sees them."""
    folder = store_in(folder)
    found = Found()
    for name, page_bytes in STORE_PAGES.items():
        if (folder / name).exists():
            found.files += 1
            with open(folder / name, "rb", buffering=0) as file:
                _search_pages(file, key, page_bytes, sought, found)
    return found


def search_clear_log(folder: Path, key: bytes, sought: SearchTerms) -> Found:
    """The same for the pages in their write-ahead logs, those that were checkpointed too."""
    folder = store_in(folder)
    found = Found()
    for name, page_bytes in STORE_PAGES.items():
        path = folder / f"{name}-wal"
        log = path.read_bytes() if path.exists() else b""
        found.files += bool(log)
        found.length += len(log)
        for start in range(LOG_HEAD_BYTES, len(log) - page_bytes, FRAME_HEAD_BYTES + page_bytes):
            head, page = log[start : start + FRAME_HEAD_BYTES], log[start + FRAME_HEAD_BYTES :][:page_bytes]
            clear = clear_page(page, key, salt_bytes=SALT_BYTES if int.from_bytes(head[:4], "big") == 1 else 0)
            found.note(sought.names_in(clear, plain_and_compressed), f"clear pages of {path}")
    return found


def _search_pages(file: FileIO, key: bytes, page_bytes: int, sought: SearchTerms, found: Found) -> None:
    """Some pages at a time, each time with the one before."""

    def reading(raw: bytes) -> Iterable[bytes]:
        return plain_and_compressed(clear_pages(raw, key, page_bytes))

    first = clear_page(file.read(page_bytes), key, salt_bytes=SALT_BYTES)
    found.note(sought.names_in(first, plain_and_compressed), f"clear pages of {file.name}")
    found.length += len(first)
    before = b""
    while piece := file.read(max(1, PIECE_BYTES // page_bytes) * page_bytes):
        found.length += len(piece)
        names = sought.names_in(before + piece, reading, read_as=(key, page_bytes))
        found.note(names, f"clear pages of {file.name}")
        before = piece[-page_bytes:]


def clear_pages(raw: bytes, key: bytes, page_bytes: int) -> bytes:
    """AES-256-CBC page by page, from the second of a file on."""
    pages = [raw[start : start + page_bytes] for start in range(0, len(raw) - page_bytes + 1, page_bytes)]
    return b"".join(clear_page(page, key) for page in pages)


def clear_page(page: bytes, key: bytes, *, salt_bytes: int = 0) -> bytes:
    """The last 48 bytes are IV and HMAC, the first 16 of a file a salt."""
    if len(page) <= salt_bytes + TRAILER_BYTES:
        return b""
    opener = Cipher(algorithms.AES(key), modes.CBC(page[-TRAILER_BYTES:-_HMAC_BYTES])).decryptor()
    return opener.update(page[salt_bytes:-TRAILER_BYTES]) + opener.finalize()


def search_memory(process_ids: Iterable[int], sought: SearchTerms, held: HeldWords | None = None) -> Found:
    """All that these processes have written to memory: heap, stacks, anonymous files; arguments and environment.
    Block by block: one that is the same to the byte at another moment, or in another process, is searched once.

    Raises:
        PermissionError: not allowed to; then a search would show nothing.
    """
    found = Found()
    for process_id in process_ids:
        for name in ("cmdline", "environ"):
            told = Path(f"/proc/{process_id}/{name}").read_bytes()
            found.note(sought.names_in(told), f"{name} of {process_id}")
        memory = writable(process_id)
        for block in memory:
            found.files += 1
            found.length += block.length
            names = sought.names_in(block.raw, digest=block.digest)
            found.note(names, f"memory of {process_id} at {block.begin:x}")
        if held is not None and held.are_in(memory):
            found.note([WORDS], f"eight objects in a row of {process_id}")
    return found


def below(process_id: int) -> list[int]:
    """All processes that a process has started, and those that these have started."""
    found: list[int] = []
    for one in (process_id, *found):
        found += children_of(one)
    for one in found:
        found += [each for each in children_of(one) if each not in found]
    return found


def _files(place: Path, leave_out: set[Path]) -> list[Path]:
    if not place.is_dir():
        return [place] if place.exists() else []
    found: list[Path] = []
    disk = place.stat().st_dev
    for folder, folders, files in os.walk(place):
        here = Path(folder)
        folders[:] = [name for name in folders if here / name not in leave_out and _is_on(disk, here / name)]
        found += [here / name for name in [*folders, *files] if here / name not in leave_out]
    return found


def _is_on(disk: int, path: Path) -> bool:
    try:
        return path.lstat().st_dev == disk
    except OSError:
        return False


def search_stream(stream: IO[bytes], called: str, sought: SearchTerms, found: Found) -> None:
    """All of a file, a block device or what a program writes, some mebibytes at a time, into ``found``."""
    found.files += 1
    tail = b""
    while piece := stream.read(PIECE_BYTES):
        found.length += len(piece)
        found.note(sought.names_in(tail + piece, plain_and_compressed), called)
        tail = (tail + piece)[-OVERLAP_BYTES:]


def plain_and_compressed(piece: bytes) -> Iterable[bytes]:
    """Bytes, and every stream that was compressed in them."""
    yield piece
    yield from inflated(piece)
