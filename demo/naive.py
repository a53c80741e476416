"""The control: a careless web site, to show that the search finds what such a site leaves.

Never use it for anything else. It keeps texts in a plain database, files under their names, the words in its access
log, and replies as JSON.
"""

import base64
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
from flask import Flask, request
from werkzeug.security import safe_join
from werkzeug.serving import WSGIRequestHandler, make_server


class _Logging(WSGIRequestHandler):
    folder: Path

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        with (self.folder / "access.log").open("a", encoding="utf-8") as log:
            log.write(f'"{self.command} {self.path}" {code} {size}\n')


def naive_site(folder: Path) -> Flask:
    """The control application, which keeps everything in ``folder``."""
    site = Flask(__name__)
    (folder / "uploads").mkdir(parents=True)
    with closing(sqlite3.connect(folder / "site.db")) as database:
        database.execute("CREATE TABLE submission (text TEXT)")

    @site.post("/")
    def submit() -> str:
        with closing(sqlite3.connect(folder / "site.db")) as database, database:
            database.execute("INSERT INTO submission VALUES (?)", (request.form["text"],))
        for upload in request.files.getlist("files"):
            place = safe_join(str(folder / "uploads"), upload.filename or "unnamed")
            upload.save(place or str(folder / "uploads" / "unnamed"))
        return "thank you"

    @site.get("/mailbox")
    def mailbox() -> str:
        return f"no replies yet for {len(request.args['words'].split())} words"

    @site.post("/reply")
    def reply() -> str:
        kept = {"reply": base64.b64encode(request.form["text"].encode()).decode()}
        (folder / "replies.json").write_text(json.dumps(kept), encoding="utf-8")
        return "kept"

    return site


def play_naive(
    folder: Path, *, texts: Sequence[str], files: Sequence[Path], words: Sequence[str], reply: str
) -> None:
    """Run the control once on loopback: submit, return with the words, reply."""
    with _serving(folder) as address, httpx.Client(base_url=address, trust_env=False) as client:
        for text in texts:
            uploads = [("files", (path.name, path.read_bytes())) for path in files]
            client.post("/", data={"text": text}, files=uploads).raise_for_status()
        client.get("/mailbox", params={"words": " ".join(words)}).raise_for_status()
        client.post("/reply", data={"text": reply}).raise_for_status()


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    handler = type("Logging", (_Logging,), {"folder": folder})
    server = make_server("127.0.0.1", 0, naive_site(folder), request_handler=handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
