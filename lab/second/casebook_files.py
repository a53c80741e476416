"""Files out of the databases of a casebook backup, after docs/formats/casebook-backup.md.

Without SQLCipher: each page is opened by itself, and Python's own SQLite reads what comes out.
"""

import hashlib
import hmac
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from lab.second.refused import Refused

PAGE_BYTES = {"casebook.db": 4096, "contents.db": 65_536}
SALT, IV, MAC = 16, 16, 32
MAGIC = b"SQLite format 3\0"
PIECE = 1 << 20
OF_SUBMISSIONS = (
    "SELECT hex(envelope_sha256), name, content, content_key, first_byte, length_bytes, sha256"
    " FROM files JOIN submissions ON number = submission ORDER BY number, place"
)
OF_SEALED_FILES = (
    "SELECT hex(envelope_sha256), f.name, s.content, s.content_key, first_byte, length_bytes, sha256"
    " FROM inside_files AS f JOIN sealed_files AS s ON (s.submission, s.place) = (f.submission, f.sealed_place)"
    " JOIN submissions ON number = f.submission ORDER BY number, f.sealed_place, f.place"
)


@dataclass
class File:
    """`envelope` is the SHA-256 of the envelope in which it came."""

    envelope: str
    name: str
    content: bytes


def opened_pages(raw: bytes, key: bytes, page_bytes: int) -> Iterator[bytes]:
    """The pages as SQLite without a cipher writes them."""
    salt = raw[:SALT]
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)
    for number, start in enumerate(range(0, len(raw), page_bytes), start=1):
        page = raw[start : start + page_bytes]
        if page.count(0) == len(page):
            yield page
            continue
        skip = SALT if number == 1 else 0
        sealed, iv, mac = page[skip : -IV - MAC], page[-IV - MAC : -MAC], page[-MAC:]
        found = hmac.digest(mac_key, sealed + iv + number.to_bytes(4, "little"), "sha256")
        if not hmac.compare_digest(mac, found):
            raise Refused("no key opens")
        cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        yield (MAGIC if number == 1 else b"") + cipher.update(sealed) + cipher.finalize() + iv + mac


def open_database(name: str, raw: bytes, key: bytes) -> sqlite3.Connection:
    """In memory, for reading."""
    pages = b"".join(opened_pages(raw, key, PAGE_BYTES[name]))  # before there is anything to close
    database = sqlite3.connect(":memory:")
    database.deserialize(pages)
    return database


def run_of(contents: sqlite3.Connection, content: int, key: bytes, start: int, length: int) -> bytes:
    """`length` bytes of a content, from `start` on."""
    found = b""
    for place in range(start // PIECE, (start + length + PIECE - 1) // PIECE):
        query = "SELECT sealed FROM pieces WHERE content = ? AND place = ?"
        (sealed,) = contents.execute(query, (content, place)).fetchone()
        found += ChaCha20Poly1305(key).decrypt(place.to_bytes(12, "big"), sealed, None)
    skip = start % PIECE
    return found[skip : skip + length]


def files_in(casebook: sqlite3.Connection, contents: sqlite3.Connection) -> Iterator[File]:
    """Those of submissions first, then those that lay inside of sealed ones."""
    for query in (OF_SUBMISSIONS, OF_SEALED_FILES):
        for envelope, name, content, key, start, length, sha256 in casebook.execute(query):
            raw = run_of(contents, content, key, start, length) if length else b""
            if hashlib.sha256(raw).digest() != sha256:
                raise Refused("malformed")
            yield File(envelope.lower(), name, raw)
