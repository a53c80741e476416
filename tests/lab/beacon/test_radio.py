"""The verdicts of `scripts/radio`: sound presses pass, and each fault fails the claim that names it."""

from pathlib import Path

import pytest

from lab.beacon.radio import AirTraffic, rung, times, verdicts
from tests.relay.place_of_tests import frame

WANTED = times(3)
DEAF, LOUD, ADDRESS, FRAME, ID, RING = (
    "each press is heard",
    "nothing is in the air outside of a press",
    "each press has one address, and no two the same",
    "each frame has 26 bytes under the mark of its day",
    "no id stands in two presses",
    "the desk rings for each, with button, place and meaning",
)


def air() -> AirTraffic:
    """Three presses of two frames each, as a sound button sends them."""
    return AirTraffic([[(f"A{place}", frame(at, one), -50)] * 2 for place, (one, at) in enumerate(WANTED)])


def failed(traffic: AirTraffic, folder: Path) -> set[str]:
    found = rung(traffic, WANTED, folder / "ledger")
    return {claim for claim, holds in verdicts(traffic, WANTED, found).items() if not holds}


def test_presses_of_a_sound_button_bear_out_every_claim(tmp_path: Path) -> None:
    assert failed(air(), tmp_path) == set()


@pytest.mark.parametrize("fault", [DEAF, LOUD, ADDRESS, FRAME, ID, RING])
def test_a_fault_of_a_button_fails_the_claim_that_names_it(fault: str, tmp_path: Path) -> None:
    traffic = air()
    address, raw, rssi = traffic.presses[1][0]
    if fault == DEAF:
        traffic.presses[1] = []
    if fault == LOUD:
        traffic.outside = 1
    if fault == ADDRESS:
        traffic.presses[1] = [("A0", raw, rssi)]
    if fault == FRAME:
        traffic.presses[1] = [(address, b"\x02\x01\x06" + raw, rssi)]
    if fault in {ID, RING}:
        traffic.presses[1] = [(address, traffic.presses[0][0][1], rssi)]
    assert fault in failed(traffic, tmp_path)
