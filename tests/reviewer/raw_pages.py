"""The pages of a casebook as they lie in their files, decrypted without SQLite: free pages are among them."""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from crypto.errors import CryptoError
from crypto.keys.at_rest import PieceKey
from reviewer.home.home import CASEBOOK_KEY, ENVELOPES_KEY, open_home
from reviewer.terminal.secret_entry import SecretEntry

SALT_BYTES, IV_BYTES, RESERVED_BYTES = 16, 16, 48
PAGE_BYTES = {"casebook.db": 4096, "contents.db": 65536, "envelopes.db": 4096}


class RawCasebook:
    """The files of one home, and the keys of its contents as they were when this was made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with open_home(folder, entry=SecretEntry(None)) as home:
            key, envelopes_key = home.keyring.secret(CASEBOOK_KEY), home.keyring.secret(ENVELOPES_KEY)
            files = home.casebook._files
            self.piece_keys = {
                row[0]: bytes(row[1])
                for table in ("submissions", "sealed_files")
                for row in files.small.rows(
                    f"SELECT content, content_key FROM {table} WHERE content IS NOT NULL"  # noqa: S608
                )
            }
            self.pieces: dict[tuple[int, int], bytes] = {
                (row[0], row[1]): bytes(row[2])
                for row in files.contents.rows("SELECT content, place, sealed FROM pieces")
            }
        self._keys = {"casebook.db": key, "contents.db": key, "envelopes.db": envelopes_key}

    def pages(self, name: str) -> Iterator[bytes]:
        """Every page of one file, used or free."""
        raw, size = (self._folder / name).read_bytes(), PAGE_BYTES[name]
        assert len(raw) % size == 0, name
        for start in range(0, len(raw), size):
            page = raw[start : start + size]
            sealed = page[SALT_BYTES if start == 0 else 0 : -RESERVED_BYTES]
            cipher = Cipher(
                algorithms.AES(self._keys[name]), modes.CBC(page[-RESERVED_BYTES:][:IV_BYTES])
            ).decryptor()
            yield cipher.update(sealed) + cipher.finalize()

    def holds(self, name: str, wanted: bytes) -> bool:
        """True if one page of the file has these bytes."""
        return any(wanted in page for page in self.pages(name))

    def open_pieces(self, keys: dict[int, bytes]) -> Iterator[bytes]:
        """The content of the pieces that are here now, as far as one of these keys opens them."""
        for (_content, place), sealed in self.pieces.items():
            for key in keys.values():
                try:
                    yield PieceKey(key).open_piece(sealed, place=place)
                except CryptoError:
                    continue

    def journals(self) -> int:
        """The bytes of all journals."""
        return sum(path.stat().st_size for path in self._folder.glob("*-journal"))
