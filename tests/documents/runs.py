"""Results of long runs: one JSON file for each kind of evidence, with the last run of each of its parts.

Standard library only: the judge of ``scripts/traffic`` runs in an environment of its own, and writes here too.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.documents.machine import commit, load, machine

TREE = Path(__file__).parents[2]
EVIDENCE = TREE / "docs" / "evidence"


def record(kind: str, part: str, values: dict[str, Any], *, folder: Path = EVIDENCE) -> None:
    """Put a run of one part into the results of its kind, in place of the run before.

    Args:
        kind: the name of the file, without its ending.
        part: what was run; the key of its results.
        values: figures and texts, as JSON has them. Values that the run before had and this one lacks stay.
    """
    results = read(kind, folder=folder)
    day = f"{dt.datetime.now(dt.UTC).date():%Y-%m-%d}"
    about = {"day": day, "commit": commit(TREE), "machine": machine(), "load": load()}
    results[part] = {**results.get(part, {}), **values, **about}
    (folder / f"{kind}.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(kind: str, *, folder: Path = EVIDENCE) -> dict[str, dict[str, Any]]:
    """The last run of each part; empty where there is no such file yet."""
    path = folder / f"{kind}.json"
    results: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return results


def machines(results: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The machines of some runs; a table names each by its number, from 1."""
    return sorted({run["machine"] for run in results.values()})


def machine_lines(results: Mapping[str, Mapping[str, Any]]) -> str:
    """A paragraph below a table, with a sentence for each machine."""
    return "".join(f"\n\nMachine {number}: {one}." for number, one in enumerate(machines(results), 1))


def commit_of(run: Mapping[str, Any]) -> str:
    """The commit of a run for a table; early runs did not note it."""
    return f"`{run['commit']}`" if run["commit"] else "not noted"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
