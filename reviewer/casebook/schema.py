"""The tables of each file of the casebook, and the steps that bring an older file to this version.

A new file goes through the same steps, so that what a table looks like is written once. A step is one transaction:
a file is of one version or of the next, wherever it was interrupted.
"""

import importlib.resources
from typing import TYPE_CHECKING, Final

from reviewer.casebook.inbox_rows import InboxRows
from reviewer.casebook.search_index import SearchIndex
from reviewer.casebook.text_languages import TextLanguages
from reviewer.casebook.text_sketches import TextSketches
from reviewer.errors import CasebookError

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase

_STEPS: Final = {
    "casebook.db": ("schema.sql", "upgrade-2.sql", "upgrade-3.sql", "upgrade-4.sql"),
    "contents.db": ("contents.sql",),
    "envelopes.db": ("envelopes.sql", "envelopes-2.sql"),
    "members.db": ("members.sql",),
}
"""The steps that lead to version 1, to version 2, and so on."""

_INDEXED_FROM: Final = 2
_VERSION_4: Final = 4


def require_schema(database: "CasebookDatabase") -> None:
    """Return when the file is of this version, after the steps that were missing.

    Raises:
        CasebookError: it was written by a newer program, or by another one.
    """
    name = database.path.name
    steps = _STEPS[name]
    found = database.row("PRAGMA user_version")
    version = int(found[0]) if found else -1
    if version > len(steps):
        raise CasebookError(
            f"{name} was written by a newer version of this program: its version is {version}, and this program"
            f" knows {len(steps)}",
            hint="use the version that wrote it, or a newer one; nothing was changed",
        )
    if version < 0 or (version == 0 and database.row("SELECT 1 FROM sqlite_schema")):
        raise CasebookError(
            f"{name} was written by another version of this program",
            hint="use the version that wrote it, or a newer one",
        )
    for step in steps[version:]:
        version += 1
        _take(database, step, version)


def _take(database: "CasebookDatabase", step: str, version: int) -> None:
    text = importlib.resources.files("reviewer.casebook").joinpath(step).read_text(encoding="utf-8")
    database.script(text, then=lambda: _finish(database, version))


def _finish(database: "CasebookDatabase", version: int) -> None:
    if database.path.name == "casebook.db" and version == _INDEXED_FROM:
        SearchIndex(database, version=version).put_all()
    if database.path.name == "casebook.db" and version == _VERSION_4:
        TextLanguages(database).put_all()
        TextSketches(database).put_all()
        InboxRows(database).put_all()
    database.run(f"PRAGMA user_version = {version}")
