"""Chains of custody: traces both ways, gaps, circles, and quantities that do not add up, with both figures."""

import datetime as dt
from decimal import Decimal

import pytest

from reviewer.supply.custody import ORIGIN, CustodyStep, Side, StepLot, read_steps
from reviewer.supply.custody_trace import MOST_STEPS, Chain, CustodyFaultKind
from reviewer.supply.facility_columns import BadRow
from reviewer.supply.lots import check_digit, lot_key, place_gln

DAY = dt.date(2026, 3, 1)
LENGTH = 8


def lot(side: Side, name: str, quantity: str = "", unit: str = "kg") -> StepLot:
    return StepLot(side, name, Decimal(quantity) if quantity else None, unit)


def step(number: int, *lots: StepLot, kind: str = "make", struck: str = "", name: str = "") -> CustodyStep:
    return CustodyStep(name or f"s{number}", kind, DAY, "", lots, number=number, struck=struck)


def eight(*, without: int = 0) -> Chain:
    """Field to shelf: step 1 gives lot 1, step 2 takes it and gives lot 2, and so on."""
    first = step(1, lot(Side.OUT, "lot1"), kind=ORIGIN)
    others = [step(n, lot(Side.IN, f"lot{n - 1}"), lot(Side.OUT, f"lot{n}")) for n in range(2, LENGTH + 1)]
    return Chain(one for one in (first, *others) if one.number != without)


def test_a_chain_of_eight_steps_is_traced_both_ways_and_nothing_is_wrong() -> None:
    chain = eight()
    up = [line.step.number if line.step else 0 for line in chain.trace("lot8", is_up=True)]
    down = [line.step.number if line.step else 0 for line in chain.trace("lot1", is_up=False)]
    assert (up, down) == ([8, 7, 6, 5, 4, 3, 2, 1], [2, 3, 4, 5, 6, 7, 8])
    assert chain.faults() == []


def test_the_place_of_a_removed_step_is_named() -> None:
    chain = eight(without=5)
    (fault,) = chain.faults()
    assert (fault.kind, fault.step, fault.lot) == (CustodyFaultKind.GAP, 6, "lot5")
    last = chain.trace("lot8", is_up=True)[-1]
    assert (last.lot, last.step) == ("lot5", None)
    assert [line.lot for line in chain.trace("lot1", is_up=False)] == ["lot1", "lot2", "lot3"]


def test_an_output_of_nothing_is_a_gap_unless_it_is_an_origin() -> None:
    assert [one.kind for one in Chain([step(1, lot(Side.OUT, "a"))]).faults()] == [CustodyFaultKind.GAP]
    assert Chain([step(1, lot(Side.OUT, "a"), kind=ORIGIN)]).faults() == []


def test_a_circle_is_named_at_its_steps_and_a_trace_through_it_ends() -> None:
    chain = Chain(
        [
            step(1, lot(Side.OUT, "a"), kind=ORIGIN),
            step(2, lot(Side.IN, "a"), lot(Side.IN, "c"), lot(Side.OUT, "b")),
            step(3, lot(Side.IN, "b"), lot(Side.OUT, "c")),
            step(4, lot(Side.IN, "c"), lot(Side.OUT, "d")),
        ]
    )
    assert {one.step for one in chain.faults() if one.kind is CustodyFaultKind.LOOP} == {2, 3}
    assert any(line.is_loop for line in chain.trace("d", is_up=True))


def test_more_out_than_in_is_named_with_both_figures_and_other_units_are_not_compared() -> None:
    def faults(*lots: StepLot) -> list[tuple[str, str, str]]:
        some = Chain([step(9, lot(Side.OUT, "in"), kind=ORIGIN), step(1, *lots)]).faults()
        return [(one.one, one.other, one.unit) for one in some if one.kind is CustodyFaultKind.MORE_OUT]

    assert faults(lot(Side.IN, "in", "100"), lot(Side.OUT, "x", "60"), lot(Side.OUT, "y", "60.5")) == [
        ("100", "120.5", "kg")
    ]
    assert faults(lot(Side.IN, "in", "100"), lot(Side.OUT, "x", "100.0")) == []
    assert faults(lot(Side.IN, "in", "100"), lot(Side.OUT, "x", "900", "pairs")) == []
    assert faults(lot(Side.IN, "in"), lot(Side.OUT, "x", "900")) == []


def test_more_used_than_was_made_is_named_at_the_last_step_with_both_figures() -> None:
    chain = Chain(
        [
            step(1, lot(Side.OUT, "a", "500"), kind=ORIGIN),
            step(2, lot(Side.IN, "a", "400"), lot(Side.OUT, "b")),
            step(3, lot(Side.IN, "a", "300"), lot(Side.OUT, "c")),
        ]
    )
    (fault,) = chain.faults()
    assert (fault.kind, fault.step, fault.one, fault.other) == (CustodyFaultKind.MORE_USED, 3, "500", "700")


def test_a_declared_error_strikes_the_step_of_its_name_out() -> None:
    made = step(2, lot(Side.IN, "a"), lot(Side.OUT, "b"), name="e1")
    chain = Chain(
        [step(1, lot(Side.OUT, "a"), kind=ORIGIN), made, step(3, lot(Side.OUT, "b"), struck="wrong", name="e1")]
    )
    assert [one.number for one in chain.steps] == [1]


def test_a_chain_in_which_everything_leads_to_everything_is_cut() -> None:
    layers = [
        step(10 * n + m, *(lot(Side.IN, f"l{n - 1}.{i}") for i in range(10)), lot(Side.OUT, f"l{n}.{m}"))
        for n in range(1, 40)
        for m in range(10)
    ]
    assert len(Chain(layers).trace("l39.0", is_up=True)) <= 2 * MOST_STEPS


def test_one_lot_has_one_key_as_a_web_address_a_urn_and_a_name() -> None:
    assert lot_key("https://id.example.org/01/09506000134352/10/ABC123") == "01/09506000134352/10/ABC123"
    assert lot_key("urn:epc:class:lgtin:9506000.013435.ABC123") == "01/09506000134352/10/ABC123"
    assert lot_key("urn:epc:id:sgtin:9506000.013435.77") == "01/09506000134352/21/77"
    assert lot_key("https://example.org/no/link") == "https://example.org/no/link"
    assert lot_key(" LOT 7 ") == "LOT 7"
    assert place_gln("urn:epc:id:sgln:950600.013435.0") == "950600013435" + check_digit("950600013435")
    assert place_gln("the mill") == place_gln("1234567890123") == ""


ROW = {
    "step": "s1",
    "kind": "make",
    "day": "2026-03-01",
    "place": "F-1",
    "side": "in",
    "lot": "a",
    "quantity": "5",
    "unit": "kg",
}


def test_rows_of_one_name_are_one_step() -> None:
    rows = [(2, ROW), (3, ROW | {"side": "out", "lot": "b"}), (4, ROW | {"step": "s2"})]
    one, other = read_steps(rows)
    assert ([each.lot for each in one.lots], one.line, other.step) == (["a", "b"], 2, "s2")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day": "03/04/2026"}, "line 2: a day must be written as 2026-11-25"),
        ({"quantity": "1,5"}, "line 2: a quantity must be a number"),
        ({"quantity": "NaN"}, "line 2: a quantity must be a number"),
        ({"quantity": "1e999999"}, "line 2: a quantity must be a number"),
        ({"lot": "4.01E+12"}, "line 2: a lot was damaged by a spreadsheet"),
        ({"side": "both"}, "line 2: side must be in, out or at"),
        ({"step": ""}, "line 2: a step must have a name"),
    ],
)
def test_a_bad_value_of_a_step_is_named_by_its_line(change: dict[str, str], said: str) -> None:
    with pytest.raises(BadRow, match=said.replace(".", r"\.")):
        list(read_steps([(2, ROW | change)]))
