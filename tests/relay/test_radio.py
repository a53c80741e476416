"""The relay's ears: what the Bluetooth library hands over, and lines of another program."""

import os
import time

import pytest
from bleak.assigned_numbers import AdvertisementDataType
from bleak.backends.scanner import AdvertisementData

from relay.pipe_radio import PipeRadio, advertisement_of
from relay.radio import BluezRadio, filters, parts_of
from tests.relay.place_of_tests import MARK_KEY, NOON, SetClock, day_of, frame, relay
from tests.relay.test_relay import opened

MARK = MARK_KEY.mark_of(day_of(NOON))


def advertisement(**service_data: bytes) -> AdvertisementData:
    return AdvertisementData(None, {}, service_data, [], None, -60, ())


def test_the_service_data_of_the_library_is_read_as_the_frame_of_a_button_is() -> None:
    name = f"{MARK[:4].hex()}-{MARK[4:6].hex()}-{MARK[6:8].hex()}-{MARK[8:10].hex()}-{MARK[10:].hex()}"
    other = "0000fe9f-0000-1000-8000-00805f9b34fb"
    one = relay(3, SetClock())
    found = parts_of(advertisement(**{other: b"x", name: frame(NOON)[18:]}))
    assert found[MARK] == frame(NOON)[18:]
    one.take_service_data(found, rssi=-60)
    one.take_service_data(parts_of(advertisement()), rssi=-60)
    told = opened(one.next_post()).sighting
    assert ([heard.button_id for heard in told.ids], told.frames) == ([frame(NOON)[18:]], 2)


def test_the_adapter_is_asked_for_frames_under_our_marks_and_for_those_of_nearly_all_other_devices() -> None:
    patterns = filters([MARK])["or_patterns"]
    ours = [one for one in patterns if one[1] is AdvertisementDataType.SERVICE_DATA_UUID128]
    # As it stands in the air: behind length and type, its last byte first.
    assert [(one[0], bytes(one[2])) for one in ours] == [(0, frame(NOON)[2:18])]
    assert {bytes(one[2]) for one in patterns if one[1] is AdvertisementDataType.FLAGS} >= {b"\x06", b"\x1a"}


def test_without_bluetooth_the_radio_says_so_and_ends_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    radio = BluezRadio()
    radio.start(relay(3, SetClock()))
    until = time.monotonic() + 20
    while radio.trouble == "not started" and time.monotonic() < until:
        time.sleep(0.01)
    assert radio.trouble.startswith("Bluetooth does not listen")
    radio.close()


def test_lines_of_another_program_are_advertisements_until_it_ends() -> None:
    reading, writing = os.pipe()
    one, radio = relay(3, SetClock()), PipeRadio(reading)
    radio.start(one)
    assert radio.trouble == ""
    with open(writing, "w", encoding="ascii") as lines:
        lines.write(f"begin\nA1:B2 {frame(NOON).hex()} -71\nA1:B2 zz -71\n{'0' * 500}\nA1:B2 020106 -40\nend\n")
    until = time.monotonic() + 20
    while not radio.trouble and time.monotonic() < until:
        time.sleep(0.01)
    assert "has ended" in radio.trouble
    told = opened(one.next_post()).sighting
    assert ([(heard.button_id, heard.rssi) for heard in told.ids], told.frames) == ([(frame(NOON)[18:], -71)], 2)
    os.close(reading)


@pytest.mark.parametrize("line", [b"", b"a b", b"a b c d", b"a 0g -1", b"a 00 x", b"a \xff\xff -1"])
def test_any_other_line_is_no_advertisement(line: bytes) -> None:
    assert advertisement_of(line) is None
    assert advertisement_of(b"AA 0201 -300\n") == (b"\x02\x01", -127)
