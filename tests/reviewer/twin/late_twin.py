"""A home that died and came back, and the twin medium that turns up later, for several test modules."""

import shutil
from pathlib import Path

from tests.reviewer.desk_stage import Desk


def restore_home(desk: Desk, name: str = "restored") -> None:
    """The machine is lost; a backup of now comes back on another one."""
    backup = desk.backup()
    desk.do(
        "restore", desk.folder / name, "--from", backup,
        "--identity", desk.root / "casebook-backup-reviewer.key",
    )  # fmt: skip
    shutil.rmtree(desk.home)
    desk.home = desk.folder / name


def bring(desk: Desk, twin: Path) -> int:
    """The exit code of keys restore."""
    return desk.run("keys", "restore", desk.home, "--twin", twin)


def reasons(desk: Desk) -> list[str | None]:
    """Why each envelope did not open; None for one that did."""
    return [one["unopenable"] for one in desk.submissions()]


def status_warnings(desk: Desk) -> str:
    """The warnings of keys status."""
    desk.do("keys", "status", desk.home)
    return desk.err
