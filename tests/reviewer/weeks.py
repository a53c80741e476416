"""Closing and retiring weeks of a desk, for several test modules."""

from pathlib import Path

from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import WeekClosed
from crypto.primitives.week import Week
from tests.fakes_server import FakeServer
from tests.reviewer.desk_stage import Desk


def first_week(desk: Desk) -> Week:
    """The oldest week whose key is here."""
    return Week.parse(desk.json("keys", "status", desk.home)["weeks"][0]["week"])


def close_week(desk: Desk, week: Week, *, at: int | None = None, server: FakeServer | None = None) -> None:
    """Take in a bundle in which the server signs that ``week`` closed with it, or with number ``at``."""
    server = server or desk.server
    number = at or (server.last.number + 1 if server.last else 1)
    bundle = server.bundle((ItemType.WEEK_CLOSED, WeekClosed(week, number).to_bytes()))
    desk.do("import", desk.home, desk.write(bundle))


def retire(desk: Desk, week: Week, *options: str | Path) -> int:
    """The exit code of keys retire for one week."""
    return desk.run("keys", "retire", desk.home, "--week", str(week), *options)
