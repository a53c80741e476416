"""SQLCipher alone, beside ``dd conv=fsync``: the upper bound of an upload's speed.

Run: ``.venv/bin/python benchmarks/sqlcipher.py [--mib 400] [--rounds 3] [--folder FOLDER]``

The store's own settings, rows of 2 MiB of random bytes, 13 transactions: no request, form, sealing or digest.
"""

import argparse
import os
import secrets
import subprocess
import tempfile
import time
from pathlib import Path

from sqlcipher3 import dbapi2

MIB = 1 << 20
ROW_BYTES = 2 * MIB
COMMITS = 13
SETTINGS = (
    *("cipher_page_size = 65536", "cipher_hmac_algorithm = HMAC_SHA256", "cipher_memory_security = OFF"),
    *("journal_mode = TRUNCATE", "synchronous = FULL", "cache_size = -6144", "secure_delete = ON"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--mib", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None, help="which disk is measured")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-") as name:
        folder = Path(name)
        (folder / "content.bin").write_bytes(secrets.token_bytes(wanted.mib * MIB))
        os.sync()  # or the disk would still be writing it while the rest is measured
        for _ in range(wanted.rounds):
            alone, plain = _sqlcipher(folder, wanted.mib), _dd(folder, wanted.mib)
            print(f"SQLCipher {alone:6.0f} MiB/s   dd {plain:6.0f} MiB/s   ratio {alone / plain:.2f}")


def _sqlcipher(folder: Path, mib: int) -> float:
    path, piece = folder / "store.db", secrets.token_bytes(ROW_BYTES)
    connection = dbapi2.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{secrets.token_hex(32)}'\"")
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, content BLOB NOT NULL)")
    rows_a_commit = -(-mib * MIB // ROW_BYTES // COMMITS)
    began = time.perf_counter()
    for _ in range(COMMITS):
        connection.execute("BEGIN")
        for _ in range(rows_a_commit):
            connection.execute("INSERT INTO rows (content) VALUES (?)", (piece,))
        connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    path.unlink()
    return COMMITS * rows_a_commit * ROW_BYTES / MIB / seconds


def _dd(folder: Path, mib: int) -> float:
    copy = folder / "copy.bin"
    command = ["dd", f"if={folder / 'content.bin'}", f"of={copy}", "bs=1M", "conv=fsync"]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    copy.unlink()
    return mib / seconds


if __name__ == "__main__":
    main()
