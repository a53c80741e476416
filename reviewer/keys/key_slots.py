"""Rules for the four keys of each week and quarter in the next manifest; no input or output.

``docs/formats/offer.md`` has them as a list. Keys once issued stay; a reviewer's coming or going, and nothing
else, replaces one.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from crypto.errors import Malformed
from crypto.keys.keys import (
    HybridPublicKey,
    IntakePublicKey,
    IntakeSecretKey,
    PartyVerifyKey,
    SealedPublicKey,
    SealedSecretKey,
)
from crypto.manifests.issued_keys import KEYS, IntakeWeek, SealedQuarter
from crypto.manifests.offer import VerifiedOffer, newest_first
from crypto.primitives.week import Quarter, Week

Key = TypeVar("Key", bound=HybridPublicKey)
When = TypeVar("When", bound=Week | Quarter)


@dataclass(frozen=True, slots=True)
class Offered:
    """All accepted offers: the newest offer of each reviewer for each period, and every named key."""

    weeks: Mapping[PartyVerifyKey, Mapping[Week, IntakePublicKey]]
    quarters: Mapping[PartyVerifyKey, Mapping[Quarter, SealedPublicKey]]
    ever: Collection[HybridPublicKey]

    @classmethod
    def of(cls, offers: Sequence[VerifiedOffer], *, today: dt.date) -> "Offered":
        """Of one day, the later one in ``offers`` counts; an offer dated ahead counts as the oldest."""
        weeks: dict[PartyVerifyKey, dict[Week, IntakePublicKey]] = {}
        quarters: dict[PartyVerifyKey, dict[Quarter, SealedPublicKey]] = {}
        ever: set[HybridPublicKey] = set()
        for verified in sorted(newest_first(offers), key=lambda each: is_dated_ahead(each, today)):
            reviewer = verified.reviewer.verify_key
            for week, key in verified.offer.intake:
                weeks.setdefault(reviewer, {}).setdefault(week, key)
                ever.add(key)
            for quarter, sealed_key in verified.offer.sealed:
                quarters.setdefault(reviewer, {}).setdefault(quarter, sealed_key)
                ever.add(sealed_key)
        return cls(weeks, quarters, ever)


def is_dated_ahead(verified: VerifiedOffer, today: dt.date) -> bool:
    """True if an offer is from a future day; one day is allowed, for clocks that differ."""
    return verified.offer.offered > today + dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seats:
    """The reviewers of the next manifest.

    ``unaccounted`` are current reviewers whose issued keys no accepted offer identifies.
    """

    present: Collection[PartyVerifyKey]
    unaccounted: Collection[PartyVerifyKey] = ()


def fill_weeks(
    issued: Sequence[IntakeWeek], wanted: Iterable[Week], offered: Offered, seats: Seats, *, today: dt.date
) -> tuple[IntakeWeek, ...]:
    """The weeks that were ``issued``, and those that are ``wanted``, each with its four keys."""
    filled = _fill(
        {entry.week: entry.keys for entry in issued},
        wanted,
        offered.weeks,
        _Rules(seats, offered.ever, today),
        lambda: IntakeSecretKey.generate().public_key(),
    )
    return tuple(IntakeWeek(week, keys) for week, keys in filled)


def fill_quarters(
    issued: Sequence[SealedQuarter], wanted: Iterable[Quarter], offered: Offered, seats: Seats, *, today: dt.date
) -> tuple[SealedQuarter, ...]:
    """As :func:`fill_weeks`. An entry without changed keys stays the issued one."""
    before = {entry.quarter: entry for entry in issued}
    filled = _fill(
        {entry.quarter: entry.keys for entry in issued},
        wanted,
        offered.quarters,
        _Rules(seats, offered.ever, today),
        lambda: SealedSecretKey.generate().public_key(),
    )
    return tuple(
        before[quarter]
        if quarter in before and set(before[quarter].keys) == set(keys)
        else SealedQuarter(quarter, keys)
        for quarter, keys in filled
    )


@dataclass(frozen=True, slots=True)
class _Rules:
    seats: Seats
    ever_offered: Collection[HybridPublicKey]
    today: dt.date

    def four(
        self, issued: Sequence[Key], own: Sequence[Key], throw_away: Callable[[], Key], *, others_go: bool
    ) -> tuple[Key, ...]:
        """The reviewers' keys, then other issued keys while there is room, then throw-away keys.

        Lost keys and keys of reviewers who left are not among them.
        """
        if len(set(own)) != len(own):
            raise Malformed("two reviewers must not offer the same key: one of the offers is a copy")
        others = [] if others_go else [key for key in issued if key not in self.ever_offered]
        secrets.SystemRandom().shuffle(others)
        keys = [*own, *others][:KEYS]
        while len(keys) < KEYS:
            keys.append(throw_away())
        return tuple(keys)


def _fill(
    issued: Mapping[When, tuple[Key, ...]],
    wanted: Iterable[When],
    offered: Mapping[PartyVerifyKey, Mapping[When, Key]],
    rules: _Rules,
    throw_away: Callable[[], Key],
) -> list[tuple[When, tuple[Key, ...]]]:
    filled: list[tuple[When, tuple[Key, ...]]] = []
    for when in sorted({*issued, *wanted}, key=str):
        keys = issued.get(when, ())
        if not keys or when.last_day >= rules.today:
            present = rules.seats.present
            own = [offered[reviewer][when] for reviewer in present if when in offered.get(reviewer, {})]
            # What an unaccounted reviewer had in these weeks may be any of them, and in a thief's hands by now.
            others_go = any(offered.get(reviewer, {}).get(when) not in keys for reviewer in rules.seats.unaccounted)
            keys = rules.four(keys, own, throw_away, others_go=others_go)
        filled.append((when, keys))
    return filled


def without_keys(entries: Sequence[IntakeWeek], offered: Mapping[Week, IntakePublicKey]) -> list[Week]:
    """Weeks in which none of the keys is the one that a reviewer offered: it opens no tip of these."""
    return [entry.week for entry in entries if offered.get(entry.week) not in entry.keys]
