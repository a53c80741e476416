"""A trace of one lot for staff: its lines, the steps at which it was, and the faults there."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_lists import FacilityList
from reviewer.supply.custody import CustodyStep
from reviewer.supply.custody_trace import MOST_STEPS, Chain, CustodyFault, TracedLot
from reviewer.supply.lots import lot_key
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class LotTrace:
    """A trace; ``seen`` are steps at which the lot was and stayed the same."""

    key: str
    is_up: bool
    lines: Sequence[TracedLot]
    seen: Sequence[CustodyStep]
    faults: Sequence[CustodyFault]
    lists: dict[int, FacilityList]

    @property
    def is_cut(self) -> bool:
        """True if the trace goes on behind its last line."""
        return len(self.lines) >= MOST_STEPS

    def faults_of(self, step: CustodyStep) -> list[CustodyFault]:
        """The faults at one step."""
        return [one for one in self.faults if one.step == step.number]


def trace_lot(casebook: Casebook, lot: str, *, is_up: bool) -> LotTrace:
    """Trace a lot, by its name or by a GS1 Digital Link: up to its origin, or down to what became of it.

    Raises:
        ProgramError: no step names this lot.
    """
    key = lot_key(lot)
    chain = Chain(casebook.custody.all())
    if not key or not chain.knows(key):
        raise ProgramError(
            "no step names this lot", hint="write it as the list has it, or as a GS1 Digital Link with its lot"
        )
    lines, seen = chain.trace(key, is_up=is_up), chain.seen(key)
    steps = {one.step.number for one in lines if one.step is not None} | {one.number for one in seen}
    lists = {one.number: one for one in casebook.facility_lists.all()}
    return LotTrace(key, is_up, lines, seen, casebook.custody.faults(steps), lists)
