"""Shows what a seizer learns from the folder of a server: `scripts/seize DIR [--database-key-file FILE] [--json]`.

Reads files as they are, with a program of its own for the store: a seizer uses none of ours. The facts have the
names under which the table in docs/threat-model.md tells them.
"""

import argparse
import contextlib
import datetime as dt
import json
import stat
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from lab.forensics.places import STORE_PAGES, store_in

_KEY_BYTES: Final = 32
_UNPROTECTED: Final = b"tipline database key, unprotected\n"
_TOR_LINES: Final = ("BWHistory", "LastWritten", "CircuitBuild", "TotalBuildTimes", "Guard ")
Facts = dict[str, Any]


class CannotSeize(Exception):
    """There is nothing to be learned here, or not with this key."""


def seize_off(folder: Path) -> Facts:
    """From a server that is switched off, without any key."""
    if not (folder / "database.key").is_file():
        raise CannotSeize(f"{folder} is not the folder of a tip line")
    paths = sorted(path for path in folder.rglob("*") if not path.is_symlink())
    # Before anything is read, which would change the times of reading.
    times = {path.relative_to(folder).as_posix(): _times(path) for path in [folder, *paths]}
    tors_times = [
        f"{name} {what} {moment}"
        for name in times
        if name.startswith("onion/tor/")
        for what, moment in times[name].items()
    ]
    files = [path for path in paths if path.is_file()]
    named = {path.relative_to(folder).as_posix(): path for path in files}
    locked = not named["database.key"].read_bytes().startswith(_UNPROTECTED)
    return {
        "files and rights": {
            path.relative_to(folder).as_posix(): stat.filemode(path.stat().st_mode) for path in paths
        },
        "volume of ciphertext": {path.name: path.stat().st_size for path in files if path.name in STORE_PAGES},
        "sizes of other files": {
            name: path.stat().st_size
            for name, path in named.items()
            if not _is_of_store(path) and not name.startswith("onion/tor/")
        },
        "journals of the store": {
            path.name: path.stat().st_size for path in files if _is_of_store(path) and path.name not in STORE_PAGES
        },
        "file times": {name: moments for name, moments in times.items() if not name.startswith("onion/tor")},
        "whether the database key has a passphrase": locked,
        "the server's public keys": _text(named, "server.pub"),
        "highest manifest version": _text(named, "store/manifest-version"),
        "the operator's settings and words": sorted(
            name
            for name in named
            if name.split("/")[0] in {"site.toml", "words", "languages", "doors", "challenge"}
        ),
        "onion addresses and their keys": sorted(
            name for name in named if name.endswith(("hostname", "secret_key"))
        ),
        "couriers' names and public keys": sorted(name for name in named if name.startswith("onion/couriers/")),
        "tor's state": _tors_state(named) + tors_times,
    }


def _is_of_store(path: Path) -> bool:
    return path.name.partition("-")[0] in STORE_PAGES


def seize_with_key(folder: Path, key: bytes) -> Facts:
    """Show what the database key gives beyond it."""
    with opened_store(folder, "tipline.db", key) as small, opened_store(folder, "bulk.db", key) as bulk:
        submissions = small.execute(
            "SELECT state, week, hex(manifest_sha256), day, length FROM submissions"
        ).fetchall()
        return {
            "number of envelopes": dict(Counter(row[0] for row in submissions)),
            "size classes": dict(sorted(Counter(row[4] or 0 for row in submissions).items())),
            "days": dict(sorted(Counter(row[3] or "" for row in submissions).items())),
            "weeks": dict(sorted(Counter(row[1] for row in submissions).items())),
            "manifests of envelopes": dict(sorted(Counter(row[2] for row in submissions).items())),
            "order of arrival of what was not carried yet": _order_of_pages(bulk),
            "number of reply rows": _one(small, "SELECT count(*) FROM replies"),
            "days of reply rows": dict(small.execute("SELECT day, count(*) FROM replies GROUP BY day").fetchall()),
            "order in which reply rows came": [
                row[0] for row in small.execute("SELECT hex(id) FROM reply_envelopes ORDER BY rowid")
            ],
            "sizes of reply rows": dict(
                small.execute("SELECT length(envelope), count(*) FROM reply_envelopes GROUP BY 1").fetchall()
            ),
            "statements of bundles": small.execute("SELECT number, length(statement) FROM statements").fetchall(),
            "envelopes ever carried, by bundle": {
                number: _listed(statement)
                for number, statement in small.execute("SELECT number, statement FROM statements")
            },
            "closed weeks": small.execute("SELECT week, bundle FROM closed_weeks ORDER BY week").fetchall(),
            "receipts of reviewers by day": dict(
                small.execute("SELECT counted, count(*) FROM receipts GROUP BY counted").fetchall()
            ),
            "days that were counted": small.execute("SELECT days, exported FROM counted_days").fetchall(),
            "what a restore waits for": (
                _one(small, "SELECT count(*) FROM unaccepted"),
                _one(small, "SELECT count(*) FROM held_statements"),
            ),
            "statements read of reviewers": _one(small, "SELECT count(*) FROM statements_read"),
            "manifests adopted": [
                row[0] for row in small.execute("SELECT version FROM manifests ORDER BY version")
            ],
            "events by day": {
                name: setting.decode()
                for name, setting in small.execute("SELECT name, setting FROM settings WHERE name LIKE 'event %'")
            },
            "how often bundles were sealed": sum(
                int(setting) for (setting,) in small.execute("SELECT setting FROM settings WHERE name = 'sealing'")
            ),
            "the server's own secret keys": sorted(
                row[0]
                for row in small.execute("SELECT name FROM settings WHERE name NOT LIKE 'event %'")
                if row[0] != "sealing"
            ),
            "free pages": {
                name: _one(database, "PRAGMA freelist_count")
                for name, database in (("tipline.db", small), ("bulk.db", bulk))
            },
        }


def read_key(path: Path) -> bytes:
    """32 bytes, raw or in hex."""
    raw = path.read_bytes()
    with contextlib.suppress(ValueError):
        raw = bytes.fromhex(raw.removeprefix(_UNPROTECTED).decode("ascii"))
    if len(raw) != _KEY_BYTES:
        raise CannotSeize(f"{path} must hold a database key of {_KEY_BYTES} bytes, raw or in hex")
    return raw


@contextlib.contextmanager
def opened_store(folder: Path, name: str, key: bytes) -> Any:
    """One of its two files, to be read."""
    database = sqlcipher.connect(f"file:{store_in(folder) / name}?mode=ro", uri=True)
    try:
        database.execute("PRAGMA cipher_log_level = NONE")
        database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        database.execute(f"PRAGMA cipher_page_size = {STORE_PAGES[name]}")
        database.execute("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield database
    except sqlcipher.DatabaseError as error:
        raise CannotSeize(f"the key does not open {name}: {error}") from error
    finally:
        database.close()


def _listed(statement: bytes) -> dict[int, int]:
    """How many envelopes of which length; a statement stays, whatever becomes of them."""
    items = json.loads(statement)["items"]
    return dict(sorted(Counter(length for kind, _, length in items if kind == "submission").items()))


def _order_of_pages(bulk: Any) -> list[str]:
    """Submissions by the first place of the file that they fill: rows are random, pages fill from the front."""
    return [row[0] for row in bulk.execute("SELECT DISTINCT hex(submission) FROM pieces")]


def _one(database: Any, query: str) -> int:
    return int(database.execute(query).fetchone()[0])


def _text(named: dict[str, Path], name: str) -> str | None:
    return named[name].read_text(errors="replace").strip() if name in named else None


def _tors_state(named: dict[str, Path]) -> list[str]:
    state = named.get("onion/tor/state")
    lines = state.read_text(errors="replace").splitlines() if state else []
    return [line for line in lines if line.startswith(_TOR_LINES)]


def _times(path: Path) -> dict[str, str]:
    facts = path.stat()
    moments = {"written": facts.st_mtime, "changed": facts.st_ctime, "read": facts.st_atime}
    return {
        what: dt.datetime.fromtimestamp(moment, dt.UTC).isoformat(timespec="milliseconds")
        for what, moment in moments.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/seize",
        description="Lists all that a seizer learns from the folder of a server that is switched off.",
        epilog="Example: scripts/seize /srv/tipline --database-key-file key",
    )
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument(
        "--database-key-file", metavar="FILE", type=Path, help="the key itself, 32 bytes or hex, as memory gives it"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(arguments)
    try:
        facts = seize_off(options.folder)
        if options.database_key_file is not None:
            facts |= seize_with_key(options.folder, read_key(options.database_key_file))
    except (CannotSeize, OSError) as error:
        print(f"seize: error: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(facts, indent=2, default=str))
        return 0
    for name, fact in facts.items():
        print(f"{name}:")
        for line in _lines(fact):
            print(f"    {line}")
    return 0


def _lines(fact: Any) -> list[str]:
    if isinstance(fact, dict):
        return [f"{name}: {each}" for name, each in fact.items()] or ["none"]
    if isinstance(fact, list):
        return [str(each) for each in fact] or ["none"]
    return str(fact).splitlines() or ["none"]


if __name__ == "__main__":
    sys.exit(main())
