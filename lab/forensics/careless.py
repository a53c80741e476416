"""The control: a site that leaves what it is told in every place in which a program can leave something.

`python -m lab.forensics.careless FOLDER FILE...` serves it on loopback and prints its port. Never to be used for
anything else. ``POST /`` takes what a source and staff write, at once; ``POST /crash`` ends it with a core dump.
"""

import base64
import contextlib
import gzip
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, request
from sqlcipher3 import dbapi2 as sqlcipher
from werkzeug.serving import make_server

from lab.forensics.places import STORE_PAGES

KEY = bytes(range(32))


def careless_site(folder: Path, outside: Sequence[Path], kept: list[dict[str, str]]) -> Flask:
    """Everything below ``folder``, but for the files ``outside``, which must be new; ``kept`` never forgets."""
    site = Flask(__name__)
    logs: list[sqlcipher.Connection] = []
    for name in ("site", "site/onion", "tmp"):
        (folder / name).mkdir(exist_ok=True)

    @site.post("/")
    def submit() -> str:
        upload = request.files["files"]
        told = {**request.form.to_dict(), "name": upload.filename or "", "content": upload.read().decode()}
        kept.append(told)
        for path in outside:
            with path.open("x") as file:  # in folders in which everyone may lay a link
                file.write(urlencode(told))
        # Each place in another of the encodings that the search must see through.
        (folder / "site" / "uploads.json").write_bytes(json.dumps(told).encode("utf-16-le"))
        _write_and_delete(folder / "site", urlencode(told))
        logs.append(_write_ahead(folder / "site", json.dumps(told)))
        with tempfile.NamedTemporaryFile(dir=folder / "tmp", delete=False) as spooled:
            spooled.write(base64.b64encode(b"-" + "\n".join(told.values()).encode()))
        (folder / "site" / "onion" / "cache").write_bytes(b"cache" + gzip.compress(json.dumps(told).encode()))
        print(json.dumps(told), flush=True)
        print(told, file=sys.stderr, flush=True)
        return "thank you"

    @site.post("/crash")
    def crash() -> str:
        os.abort()

    return site


def _write_and_delete(folder: Path, text: str) -> None:
    """Into a store as ours, encrypted, but deleted rows stay in its free pages."""
    with contextlib.closing(_opened(folder / "tipline.db")) as database:
        _insert_and_delete(database, text)


def _write_ahead(folder: Path, text: str) -> sqlcipher.Connection:
    """The same into a log that stays, as no one closes it."""
    database = _opened(folder / "bulk.db")
    database.execute("PRAGMA journal_mode = WAL")
    _insert_and_delete(database, text)
    return database


def _opened(path: Path) -> sqlcipher.Connection:
    database = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    database.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    database.execute(f"PRAGMA cipher_page_size = {STORE_PAGES[path.name]}")
    database.execute("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")
    return database


def _insert_and_delete(database: sqlcipher.Connection, text: str) -> None:
    database.execute("PRAGMA secure_delete = OFF")
    database.execute("CREATE TABLE IF NOT EXISTS submission (text TEXT)")
    database.execute("INSERT INTO submission VALUES (?)", (text,))
    database.execute("DELETE FROM submission")


def main() -> None:
    folder, *outside = map(Path, sys.argv[1:])
    server = make_server("127.0.0.1", 0, careless_site(folder, outside, []))
    print(f"port {server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
