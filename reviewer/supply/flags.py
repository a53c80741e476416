"""Flags of a facility, each with rule, sentence, points, source and day; and its level.

The points stand in ``flags.toml``. Their sum puts facilities of one level into order, and does nothing else. A flag
tells what a source says, and accuses no one.
"""

import datetime as dt
import importlib.resources
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Final

CONTEXT: Final = "context"
"""The indicator of a flag that speaks of a country, a good or a paper, and of no one's treatment."""

_FILE: Final = "flags.toml"


class Level(StrEnum):
    """How much is known against a facility. No level says that a facility is clean."""

    NOTHING = "nothing known"
    LOOK = "look"
    SERIOUS = "serious"
    LISTED = "listed"


LEVELS: Final = (Level.LISTED, Level.SERIOUS, Level.LOOK, Level.NOTHING)
"""The order of a list."""


class Rule(StrEnum):
    """The rules that give flags; ``flags.toml`` says how many points each gives."""

    LISTED = "listed"
    MAYBE_LISTED = "maybe-listed"
    TIP = "tip"
    FINDING = "finding"
    GOODS = "goods"
    DOCUMENT = "document"
    CUSTODY = "custody"


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. ``indicator`` is an id of the ILO's eleven, or :data:`CONTEXT`.

    ``facility`` is the number of the facility for which it was given, ``source`` names a list with edition and
    line, a finding or a tip. ``group`` is one source: flags of one tip share a cap. ``derives_from_tip`` is true
    where a tip stands behind it: such a flag must not leave in a report by default. ``tips`` are numbers of
    submissions in the casebook, and all of one source. ``row`` is the list and the line that it rests on.
    """

    rule: Rule
    sentence: str
    points: int
    source: str
    day: dt.date
    indicator: str
    facility: int
    group: str
    warning: str = ""
    kind: str = ""
    tips: tuple[int, ...] = field(default=(), repr=False)
    row: tuple[str, int] | None = None

    @property
    def derives_from_tip(self) -> bool:
        """True where a tip stands behind this flag."""
        return self.rule is Rule.TIP


@dataclass(frozen=True, slots=True)
class WeighedFlags:
    """All flags of a facility, with their level and the sum of their points."""

    flags: Sequence[Flag]

    @property
    def points(self) -> int:
        """The sum; each flag's points are what it adds after the caps."""
        return sum(flag.points for flag in self.flags)

    @property
    def level(self) -> Level:
        """The highest level that the flags give together."""
        return level_of(self.flags)


@cache
def weights() -> dict[str, Any]:
    """The table of points, by rule."""
    text = importlib.resources.files("reviewer.supply").joinpath(_FILE).read_text(encoding="utf-8")
    return tomllib.loads(text)


def goods_points(*, child: bool, forced: bool, derived: bool) -> int:
    """The points of a good on the list for its country; half of them if it is made of a listed one."""
    table = weights()[Rule.GOODS]
    points = table["both"] if child and forced else table["forced"] if forced else table["child"]
    return -(-points // table["derived_divisor"]) if derived else int(points)


def capped(flags: Iterable[Flag]) -> list[Flag]:
    """The same flags, the strongest first; beyond the cap of their group they add nothing."""
    spent: dict[tuple[Rule, str], int] = {}
    found = []
    for flag in sorted(flags, key=_order):
        cap = weights()[flag.rule].get("cap")
        points = flag.points
        if flag.rule is Rule.GOODS and (flag.rule, "") in spent:
            cap = 0
        if cap is not None:
            # A cap is that of one tip; of goods, documents and steps it is that of the facility.
            group = (flag.rule, flag.group if flag.rule is Rule.TIP else "")
            points = min(points, max(0, cap - spent.get(group, 0)))
            spent[group] = spent.get(group, 0) + points
        found.append(flag if points == flag.points else replace(flag, points=points))
    return found


def level_of(flags: Iterable[Flag]) -> Level:
    """The level of some flags.

    Two different indicators, two independent tips or a judgement are serious. One indicator alone may or may not
    point to forced labour, as the ILO says. Context alone never passes *look*.
    """
    flags = list(flags)
    if any(flag.rule is Rule.LISTED for flag in flags):
        return Level.LISTED
    table = weights()["levels"]
    indicators = {flag.indicator for flag in flags} - {CONTEXT}
    tips = {flag.group for flag in flags if flag.rule is Rule.TIP}
    is_judged = any(flag.rule is Rule.FINDING and flag.kind in table["serious_findings"] for flag in flags)
    if len(indicators) >= table["serious_indicators"] or len(tips) >= table["serious_tips"] or is_judged:
        return Level.SERIOUS
    return Level.LOOK if any(flag.points for flag in flags) else Level.NOTHING


@lru_cache(maxsize=4096)
def weight_of_ticks(indicators: tuple[str, ...], goods: int) -> tuple[Level, int]:
    """Level and points of a place with one tip that has these ticks, and goods with these points."""
    points, day = weights()[Rule.TIP]["points"], dt.date.min
    flags = [Flag(Rule.TIP, "", points, "", day, one, 0, "") for one in indicators]
    flags += [Flag(Rule.GOODS, "", goods, "", day, CONTEXT, 0, "")] if goods else []
    weighed = WeighedFlags(capped(flags))
    return weighed.level, weighed.points


def _order(flag: Flag) -> tuple[bool, int, str, str, str, dt.date]:
    return (
        flag.rule is not Rule.LISTED,
        -flag.points,
        str(flag.rule),
        flag.group,
        flag.indicator,
        flag.day,
    )
