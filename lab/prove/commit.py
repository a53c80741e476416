"""The commit of this checkout, by which results are told apart."""

import subprocess
from pathlib import Path

TREE = Path(__file__).parents[2]
CHANGED = "+changes"


def commit(tree: Path = TREE) -> str:
    """The short name of the commit; ``+changes`` follows where tracked files differ from it.

    Changes below ``docs/`` do not count, as runs write their figures there.
    """
    name = _git(tree, "rev-parse", "--short=12", "HEAD").strip()
    changed = _git(tree, "status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs").strip()
    return name + CHANGED if changed else name


def _git(tree: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=tree, capture_output=True, text=True, check=True).stdout
