"""A press of a button at the desk that is killed at many of its writes, in a process of its own."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.reviewer.cut_short import CutShort
from tests.reviewer.desk.open_desk import OpenDesk
from tests.reviewer.desk_stage import Desk

CALLS = ("pwrite64", "fsync", "ftruncate", "rename", "unlink")
"""The calls by which a file is changed. A directory's own changes are durable with its fsync."""

_PROGRAM = """
import json, sys
from pathlib import Path
from lab.reviewer.killed_press import press
from tests.reviewer.desk.open_desk import open_desk
with open_desk(Path(sys.argv[1])) as opened:
    for path, fields in json.loads(sys.argv[2]):
        press(opened, path, fields)
"""

Press = tuple[str, Mapping[str, str]]
"""The address of a form, and its fields."""


def press(opened: OpenDesk, path: str, fields: Mapping[str, str]) -> None:
    """Press one button; the press that seals an answer goes through its preview."""
    if path.endswith("/reply"):
        sealed = opened.try_to_answer(path.split("/")[2], fields["text"])
        assert sealed.status_code == 303, (path, sealed.status_code, sealed.text)
        return
    answer = opened.post(path, **fields)
    assert answer.status_code in (200, 303), (path, answer.status_code, answer.text)


class KilledPress(CutShort):
    """One press on the home of a desk, which is put back after each run."""

    def __init__(self, desk: Desk, path: str, fields: Mapping[str, str]) -> None:
        super().__init__(desk, (), folders=[desk.home])
        self._opening = [sys.executable, "-B", "-c", _PROGRAM, str(desk.home), "[]"]
        self._command = [*self._opening[:-1], json.dumps([(path, fields)])]

    def spread(self, count: int) -> list[str]:
        """``count`` moments, spread over the writes of the press; those of opening the desk are left out."""
        pressing, self._command = self._command, self._opening
        opened = self._changes()
        self._command = pressing
        seen: dict[str, int] = {}
        moments = []
        for call in self._changes():
            seen[call] = seen.get(call, 0) + 1
            if seen[call] > opened.count(call):
                moments.append(f"{call}:signal=KILL:when={seen[call]}")
        # What the desk does when it closes comes last in both runs.
        return [moments[place * len(moments) // count] for place in range(min(count, len(moments)))]

    def _changes(self) -> list[str]:
        """The calls of the program's own thread, in their order, in a whole run."""
        assert self._traced(CALLS) == 0
        self.put_back()
        lines = [line.split(maxsplit=2) for line in self._trace.read_text(encoding="utf-8").splitlines()]
        calls = [(words[0], words[1].partition("(")[0]) for words in lines]
        # Processes that look into files come and go beside it, and change none.
        own = next((process for process, call in calls if call in CALLS), "")
        return [call for process, call in calls if process == own and call in CALLS]


def everything_in(opened: OpenDesk) -> dict[str, Any]:
    """Every row of the casebook's three files, by table. A blob counts by its length: most are sealed differently.

    What the next import sweeps is swept first. The folder of the last time is a convenience, and left out.
    """
    files = opened.desk_session.home.casebook._files
    files.sweep()
    found: dict[str, Any] = {}
    for database in (files.small, files.contents, files.envelopes):
        for (table,) in database.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"):
            rows = database.rows(f"SELECT * FROM {table}")  # noqa: S608
            found[f"{database.path.name} {table}"] = sorted(
                repr([len(value) if isinstance(value, bytes) else value for value in row])
                for row in rows
                if not str(row[0]).startswith("last_folder_")
            )
    unopened = opened.desk_session.home.folder / "unopened"
    return found | {"unopened": sorted(path.name for path in Path(unopened).iterdir())}
