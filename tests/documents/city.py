"""The table of the model of buttons for help, from docs/evidence/beacon-city.json."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[2] / "docs" / "evidence" / "beacon-city.json"
CITY_TABLE, CITY_ASSUMPTIONS, CITY_TWO_RELAYS = "city.table", "city.assumptions", "city.two-relays"
_TWO = "two fixed relays, each up 97%"


def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def _seconds(line: dict[str, Any]) -> str:
    if line["median"] is None:
        return "too few were heard"
    return f"{line['median']:.0f} s ({line['median_low']:.0f} to {line['median_high']:.0f}) | {line['late']:.0f} s"


def _table() -> str:
    rows = [
        "| who listens | heard, with 95 % interval | closed form | half know after | 95 % know after |",
        "|---|---|---|---|---|",
    ]
    for line in _read()["lines"]:
        exact = "" if line["formula"] is None else f"{line['formula']:.1f} %"
        seconds = _seconds(line) if line["median"] is not None else f"{_seconds(line)} |"
        heard = f"{line['heard']:.1f} % ({line['low']:.1f} to {line['high']:.1f})"
        rows.append(f"| {line['name'].replace('%', ' %')} | {heard} | {exact} | {seconds} |")
    return "\n".join(rows)


def _assumptions() -> str:
    return "\n".join(f"- {assumption}" for assumption in _read()["assumptions"])


def _two_relays() -> str:
    (line,) = (line for line in _read()["lines"] if line["name"] == _TWO)
    return (
        f"By the model, two relays that are each up 97 % of the time hear {line['heard']:.1f} of 100 presses."
        f" The way through Tor takes 5 to 20 s there: half reach the desk within {line['median']:.0f} s,"
        f" and 95 of 100 within {line['late']:.0f} s."
    )


def quotes_of_city() -> dict[str, Callable[[], str]]:
    """The quotes by name."""
    return {CITY_TABLE: _table, CITY_ASSUMPTIONS: _assumptions, CITY_TWO_RELAYS: _two_relays}
