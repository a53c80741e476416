"""No value that the server keeps or hands on tells a time that is finer than a day."""

import contextlib
import datetime as dt
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from system.clock import SYSTEM_CLOCK
from tests.tipline.served import ServedFolder, send_tip
from tests.tipline.site_stage import Upload
from tipline.bundles.exporter import carry_out
from tipline.instance.intake_status import IntakePolicy
from tipline.store import Store

TIME_OF_DAY = re.compile(r"\b20\d\d-?\d\d-?\d\d[T ]\d\d|\b\d\d?:\d\d")
UNITS_A_SECOND = (1, 10**3, 10**6, 10**9)
A_YEAR_SECONDS = 366 * 86_400
DRAWN_NUMBERS = {"pieces.id"}
"""Numbers of 63 drawn bits: one in 150 lies within a year of now, if read as nanoseconds since 1970."""


def tells_a_time(value: object) -> bool:
    """True if a value could be a moment near now: seconds or finer since 1970, a Julian day with a fraction, or a
    text with an hour in it."""
    if isinstance(value, bytes):
        return value.isascii() and tells_a_time(value.decode("ascii"))
    if isinstance(value, str):
        return bool(TIME_OF_DAY.search(value)) or (value.isdecimal() and tells_a_time(int(value)))
    if isinstance(value, float):
        return True  # the store has no use for fractions
    if isinstance(value, int):
        return any(abs(value / units - time.time()) < A_YEAR_SECONDS for units in UNITS_A_SECOND)
    return False


def moments_among(values: list[tuple[str, object]]) -> list[str]:
    """The places where a time stands. Drawn numbers tell one only if all of their place look like one, and four at
    least have to be there, so that chance does not do that (one in 150, to the fourth: 2e-9)."""
    found = {place for place, value in values if place not in DRAWN_NUMBERS and tells_a_time(value)}
    for drawn in DRAWN_NUMBERS:
        numbers = [value for place, value in values if place == drawn]
        assert len(numbers) >= 4, f"expected four rows of {drawn} or more to judge by, got {len(numbers)}"
        if all(map(tells_a_time, numbers)):
            found.add(drawn)
    return sorted(found)


def values_of(store: Store) -> Iterator[tuple[str, object]]:
    """Every value of every row of both files, with its table and column; JSON taken apart."""
    for database in (store._small, store._bulk):
        tables = [row[0] for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = [row[1] for row in database.rows(f"PRAGMA table_info({table})")]
            for row in database.rows(f"SELECT * FROM {table}"):  # noqa: S608 -- the table's own name
                for column, value in zip(columns, row, strict=True):
                    yield from inside(f"{table}.{column}", value)


def inside(place: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, bytes) and value[:1] == b"{":
        # One random value in 256 begins so too: what is no JSON is looked at as it stands.
        with contextlib.suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, dict):
        for name, part in value.items():
            yield from inside(f"{place}.{name}", part)
    elif isinstance(value, list):
        for part in value:
            yield from inside(place, part)
    else:
        yield place, value


def test_nothing_in_the_store_tells_a_time_finer_than_a_day_also_after_a_restart_and_an_export(
    tmp_path: Path,
) -> None:
    served = ServedFolder(tmp_path / "site")
    for number in range(2):
        with served.web() as web:
            assert web.port is not None
            for name in ("a.bin", "b.bin"):
                assert b"data-passphrase" in send_tip(web.port, f"tip {number}", [Upload(name, bytes(300_000))])
    with served.store() as store:
        policy = IntakePolicy(store, served.folder)
        carry_out(lambda _: None, store=store, folder=served.folder, policy=policy, clock=SYSTEM_CLOCK)
        store.beat()
        values = list(values_of(store))
    places = {place for place, _ in values}
    assert {"submissions.day", "statements.statement.number", "settings.setting", "heartbeat.noise"} <= places
    assert moments_among(values) == []


def test_a_column_of_moments_is_found_where_drawn_numbers_should_be() -> None:
    moments: list[tuple[str, object]] = [("pieces.id", time.time_ns() + number) for number in range(4)]
    assert moments_among(moments) == ["pieces.id"]
    drawn: list[tuple[str, object]] = [*moments[:3], ("pieces.id", 7 << 60)]
    assert moments_among(drawn) == []
    assert moments_among([*drawn, ("submissions.day", time.time_ns())]) == ["submissions.day"]


@pytest.mark.parametrize(
    "value",
    [
        int(time.time()),
        time.time_ns(),
        int(time.time() * 1000),
        2461370.25,
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M}",
        dt.datetime.now(dt.UTC).isoformat().encode(),
    ],
    ids=("seconds", "nanoseconds", "milliseconds", "julian", "text", "bytes"),
)
def test_the_search_finds_a_moment(value: object) -> None:
    assert tells_a_time(value)


@pytest.mark.parametrize("value", ["2026-11-25", b"2026-11-25", 7, 67_195, "2026-W48", None, b"\x00" * 40])
def test_the_search_lets_a_day_pass(value: object) -> None:
    assert not tells_a_time(value)
