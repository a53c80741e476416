"""Tracing a lot up to its origin, or down to what became of it; and naming the faults.

Only what the steps say is compared. A chain without a fault proves nothing: a claim may be invented.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from reviewer.supply.custody import ORIGIN, CustodyStep, Side

MOST_STEPS: Final = 2_000
"""Of one trace; a chain in which everything leads to everything ends there."""


class CustodyFaultKind(StrEnum):
    """The faults of a chain."""

    GAP = "gap"
    LOOP = "loop"
    MORE_OUT = "more-out"
    MORE_USED = "more-used"
    OLD_DOCUMENT = "old-document"


@dataclass(frozen=True, slots=True)
class CustodyFault:
    """A fault at a step. ``one`` went in, or was there; ``other`` came out, or was used, in ``unit``."""

    step: int
    kind: CustodyFaultKind
    lot: str
    one: str = ""
    other: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TracedLot:
    """One line of a trace; ``depth`` counts from 0.

    ``step`` is None where no step says where the lot comes from. ``lot`` is the lot that the step gives, going up,
    or takes, going down. ``is_seen_before``: it is told above.
    """

    depth: int
    lot: str
    step: CustodyStep | None
    is_seen_before: bool = False
    is_loop: bool = False


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A lot that is to be told, or one of its steps; ``way`` are the lots above it."""

    depth: int
    key: str
    shown: str
    way: frozenset[str]
    step: CustodyStep | None


class Chain:
    """The steps that count, by the lots that they take and give."""

    def __init__(self, steps: Iterable[CustodyStep]) -> None:
        every = list(steps)
        struck = {step.step for step in every if step.struck}
        self.steps = [step for step in every if step.step not in struck]
        self._giving: Mapping[str, list[CustodyStep]] = self._by_lot(Side.OUT)
        self._taking: Mapping[str, list[CustodyStep]] = self._by_lot(Side.IN)
        self._there: Mapping[str, list[CustodyStep]] = self._by_lot(Side.AT)

    def _by_lot(self, side: Side) -> Mapping[str, list[CustodyStep]]:
        found: dict[str, list[CustodyStep]] = defaultdict(list)
        for step in self.steps:
            for key in dict.fromkeys(lot.key for lot in step.some(side)):
                found[key].append(step)
        return found

    def knows(self, key: str) -> bool:
        """True if a step names this lot."""
        return any(key in some for some in (self._giving, self._taking, self._there))

    def seen(self, key: str) -> Sequence[CustodyStep]:
        """The steps at which the lot was and stayed the same."""
        return self._there.get(key, [])

    def trace(self, key: str, *, is_up: bool) -> list[TracedLot]:
        """The lines of a trace, each below the lot that it explains."""
        nearer = self._giving if is_up else self._taking
        side = Side.IN if is_up else Side.OUT
        lines: list[TracedLot] = []
        told: set[str] = set()
        waiting = [_Waiting(0, key, key, frozenset(), None)]
        while waiting and len(lines) < MOST_STEPS:
            here = waiting.pop()
            if here.step is not None:
                lines.append(TracedLot(here.depth, here.shown, here.step))
                way = here.way | {here.key}
                lots = {lot.key: lot for lot in reversed(here.step.some(side))}
                waiting += [_Waiting(here.depth + 1, lot.key, lot.lot, way, None) for lot in lots.values()]
                continue
            steps = nearer.get(here.key, [])
            if here.key in here.way:
                lines.append(TracedLot(here.depth, here.shown, None, is_loop=True))
            elif here.key in told:
                lines += [TracedLot(here.depth, here.shown, step, is_seen_before=True) for step in steps]
            elif not steps and is_up:
                lines.append(TracedLot(here.depth, here.shown, None))
            else:
                waiting += [_Waiting(here.depth, here.key, here.shown, here.way, step) for step in reversed(steps)]
            told.add(here.key)
        return lines

    def faults(self) -> list[CustodyFault]:
        """All faults of the chain, by step."""
        found: dict[tuple[int, str, str, str], CustodyFault] = {}
        for fault in (*self._gaps(), *self._loops(), *self._sums(), *self._uses(), *self._documents()):
            found.setdefault((fault.step, fault.kind, fault.lot, fault.unit), fault)
        return sorted(found.values(), key=lambda one: (one.step, one.kind, one.lot, one.unit))

    def _gaps(self) -> Iterable[CustodyFault]:
        for step in self.steps:
            for lot in (*step.some(Side.IN), *step.some(Side.AT)):
                if lot.key not in self._giving:
                    yield CustodyFault(step.number, CustodyFaultKind.GAP, lot.lot)
            if step.kind != ORIGIN and not step.some(Side.IN):
                for lot in step.some(Side.OUT):
                    yield CustodyFault(step.number, CustodyFaultKind.GAP, lot.lot)

    def _loops(self) -> Iterable[CustodyFault]:
        """A step whose output leads back to its input: steps that remain when all others are taken away."""
        inputs = {step.number: {lot.key for lot in step.some(Side.IN)} for step in self.steps}
        giving = {key: {step.number for step in some} for key, some in self._giving.items()}
        before = {
            number: {other for key in keys for other in giving.get(key, ())} for number, keys in inputs.items()
        }
        after: dict[int, set[int]] = {number: set() for number in inputs}
        for number, others in before.items():
            for other in others:
                after[other].add(number)
        self._peel(before, after)
        self._peel(after, before)
        for step in self.steps:
            if step.number in before:
                for lot in step.some(Side.OUT):
                    if any(other.number in before for other in self._taking.get(lot.key, ())):
                        yield CustodyFault(step.number, CustodyFaultKind.LOOP, lot.lot)

    @staticmethod
    def _peel(leading: dict[int, set[int]], following: dict[int, set[int]]) -> None:
        """Take away each step to which no other leads, until none is left but circles."""
        free = [number for number, others in leading.items() if not others]
        while free:
            number = free.pop()
            leading.pop(number, None)
            for other in following.pop(number, set()):
                if other in leading:
                    leading[other].discard(number)
                    if not leading[other]:
                        free.append(other)

    def _sums(self) -> Iterable[CustodyFault]:
        for step in self.steps:
            taken, given = step.some(Side.IN), step.some(Side.OUT)
            units = {lot.unit for lot in given if lot.quantity is not None}
            for unit in sorted(units):
                # A lot without a quantity, or in another unit, may be what the rest was made of.
                if not taken or any(lot.quantity is None or lot.unit != unit for lot in taken):
                    continue
                went_in = sum((lot.quantity or Decimal() for lot in taken), Decimal())
                came_out = sum((lot.quantity or Decimal() for lot in given if lot.unit == unit), Decimal())
                if came_out > went_in:
                    lots = ", ".join(lot.lot for lot in given if lot.unit == unit)
                    yield CustodyFault(
                        step.number, CustodyFaultKind.MORE_OUT, lots, _plain(went_in), _plain(came_out), unit
                    )

    def _uses(self) -> Iterable[CustodyFault]:
        for key, steps in self._taking.items():
            taken = [lot for step in steps for lot in step.some(Side.IN) if lot.key == key]
            given = [lot for step in self._giving.get(key, ()) for lot in step.some(Side.OUT) if lot.key == key]
            units = {lot.unit for lot in (*taken, *given)}
            if not given or len(units) != 1 or any(lot.quantity is None for lot in (*taken, *given)):
                continue
            was_there = sum((lot.quantity or Decimal() for lot in given), Decimal())
            was_used = sum((lot.quantity or Decimal() for lot in taken), Decimal())
            if was_used > was_there:
                last = max(steps, key=lambda step: (step.day, step.number))
                yield CustodyFault(
                    last.number,
                    CustodyFaultKind.MORE_USED,
                    taken[0].lot,
                    _plain(was_there),
                    _plain(was_used),
                    units.pop(),
                )

    def _documents(self) -> Iterable[CustodyFault]:
        for step in self.steps:
            if step.document and step.valid_until is not None and step.valid_until < step.day:
                yield CustodyFault(
                    step.number,
                    CustodyFaultKind.OLD_DOCUMENT,
                    "",
                    step.valid_until.isoformat(),
                    step.day.isoformat(),
                )


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
