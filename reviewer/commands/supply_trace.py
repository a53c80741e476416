"""``supply trace``: where a lot comes from, or what became of it, and where the chain breaks."""

import json

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.facilities.facility_flags import fault_sentence
from reviewer.facilities.tracing import LotTrace, trace_lot
from reviewer.home.home import Home
from reviewer.supply.custody import CustodyStep
from reviewer.supply.custody_trace import CustodyFault, TracedLot
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today
from system.errors import ProgramError


@click.command("trace", epilog="Example: tipline-review supply trace ~/review LOT-77 --up")
@at_home
@click.argument("lot")
@click.option("--up", is_flag=True, help="Back to the field or the mine.")
@click.option("--down", is_flag=True, help="On to the shelf.")
@JSON
def trace(home: Home, lot: str, up: bool, down: bool, as_json: bool) -> None:
    """Trace LOT, a name from a list of steps or a GS1 Digital Link.

    Nothing is fetched. Gaps, circles and quantities that do not add up are named. A step without a document is a
    claim.
    """
    if up == down:
        raise ProgramError("a trace must go --up or --down")
    found = trace_lot(home.casebook, lot, is_up=up)
    home.casebook.log.add("lot traced", f"{len(found.lines)} lines", today=today())
    if as_json:
        output(json.dumps(_json(home, found), indent=2))
        return
    output(f"lot              {plain_line(found.key)}")
    for step in found.seen:
        output(f"was at           {_step_line(step)}")
    for line in found.lines:
        _print_line(line, found)
    if found.is_cut:
        notice("warning", "the trace was cut: it has too many lines")
    if not found.faults and all(line.step is not None for line in found.lines):
        notice("note", "no fault was found in what the steps say; they may be invented")


def _print_line(line: TracedLot, found: LotTrace) -> None:
    indent = "  " * min(line.depth, 20)
    if line.step is None:
        what = "IN A CIRCLE" if line.is_loop else "GAP: no step says where it comes from"
        output(f"{indent}{plain_line(line.lot)}: {what}")
        return
    again = " (told above)" if line.is_seen_before else ""
    output(f"{indent}{plain_line(line.lot)}: {_step_line(line.step)}{again}")
    if not line.is_seen_before:
        for fault in found.faults_of(line.step):
            output(f"{indent}  FAULT: {plain_line(fault_sentence(fault))}")


def _step_line(step: CustodyStep) -> str:
    where = f"F-{step.facility}" if step.facility is not None else step.place or "no place"
    proof = f"document {step.document}" if step.document else "only a claim"
    origin = f"L-{step.facility_list} line {step.line}"
    return plain_line(f"{step.name} {step.kind}, {step.day.isoformat()}, {where}, {proof}, {origin}")


def _json(home: Home, found: LotTrace) -> dict[str, object]:
    return {
        "lot": found.key,
        "direction": "up" if found.is_up else "down",
        "was_at": [_step_json(home, step) for step in found.seen],
        "lines": [
            {
                "depth": line.depth,
                "lot": line.lot,
                "step": _step_json(home, line.step) if line.step is not None else None,
                "gap": line.step is None and not line.is_loop,
                "loop": line.is_loop,
                "told_above": line.is_seen_before,
            }
            for line in found.lines
        ],
        "faults": [_fault_json(fault) for fault in found.faults],
        "cut": found.is_cut,
    }


def _step_json(home: Home, step: CustodyStep) -> dict[str, object]:
    """A step for programs; ``event`` is the event of EPCIS as it came, and untrusted text."""
    return {
        "step": step.name,
        "name": step.step,
        "kind": step.kind,
        "day": step.day.isoformat(),
        "place": step.place,
        "facility": f"F-{step.facility}" if step.facility is not None else None,
        "document": step.document or None,
        "list": f"L-{step.facility_list}",
        "line": step.line,
        "left_out": step.left_out or None,
        "event": home.casebook.custody.raw(step.number) or None,
        "lots": [
            {
                "side": str(lot.side),
                "lot": lot.lot,
                "quantity": str(lot.quantity) if lot.quantity is not None else None,
                "unit": lot.unit,
            }
            for lot in step.lots
        ],
    }


def _fault_json(fault: CustodyFault) -> dict[str, object]:
    return {
        "step": f"T-{fault.step}",
        "fault": str(fault.kind),
        "lot": fault.lot,
        "figures": [fault.one, fault.other] if fault.one else [],
        "unit": fault.unit,
        "sentence": fault_sentence(fault),
    }
