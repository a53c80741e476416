"""A button after docs/beacon/button.md, and a radio that hears it, on two virtual controllers of Bumble.

It runs in an environment of its own (`scripts/radio`), and knows of this project the second implementation only. It
reads presses from standard input, one line of JSON each, and writes a line for each advertisement that the other
controller received: address, data and strength. A press ends with a line `end`.
"""

import asyncio
import json
import secrets
import sys
from datetime import UTC, datetime

from bumble.controller import Controller
from bumble.device import AdvertisingEventProperties, AdvertisingParameters, Device
from bumble.hci import Address, OwnAddressType
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

from lab.second import beacon

INTERVAL_MS = 100
QUIET_SECONDS = 0.12
"""Nothing may be in the air for so long before and after a press."""


class VirtualButton:
    """Sends frames while it is pressed, and nothing else."""

    def __init__(self, device: Device, seed: bytes, mark_key: bytes) -> None:
        self._device = device
        self._seed = seed
        self._mark_key = mark_key

    def frame(self, meaning: str, time: int) -> bytes:
        """The 26 bytes that are sent at a time of the button's clock."""
        mark = beacon.day_mark(self._mark_key, datetime.fromtimestamp(time, UTC).date())
        key = beacon.id_key(self._seed, meaning)
        return bytes([25, 0x21]) + mark[::-1] + beacon.rotating_id(key, time, 10)

    async def press(self, meaning: str, time: int, seconds: float) -> None:
        """Legacy, non-connectable and non-scannable, under a new random address."""
        raw = secrets.token_bytes(6)
        # The two highest bits of a non-resolvable private address are zero.
        address = Address(raw[:5] + bytes([raw[5] & 0x3F]), Address.RANDOM_DEVICE_ADDRESS)
        properties = AdvertisingEventProperties(is_connectable=False, is_scannable=False, is_legacy=True)
        sending = await self._device.create_advertising_set(
            advertising_parameters=AdvertisingParameters(
                advertising_event_properties=properties,
                own_address_type=OwnAddressType.RANDOM,
                primary_advertising_interval_min=INTERVAL_MS,
                primary_advertising_interval_max=INTERVAL_MS,
            ),
            random_address=address,
            advertising_data=self.frame(meaning, time),
        )
        await asyncio.sleep(seconds)
        await sending.stop()
        await sending.remove()


async def play() -> None:
    link = LocalLink()
    addresses = ("F0:F1:F2:F3:F4:F5", "F5:F4:F3:F2:F1:F0")
    controllers = [Controller(f"C{place}", link=link, public_address=one) for place, one in enumerate(addresses)]
    devices = [
        Device(address=Address(one), host=Host(controller, AsyncPipeSink(controller)))
        for one, controller in zip(addresses, controllers, strict=True)
    ]
    for device in devices:
        await device.power_on()
    devices[1].on(
        "advertisement",
        lambda heard: print(heard.address, bytes(heard.data_bytes).hex(), heard.rssi, flush=True),
    )
    await devices[1].start_scanning(active=False, filter_duplicates=False)
    keys = json.loads(sys.stdin.readline())
    button = VirtualButton(devices[0], bytes.fromhex(keys["seed"]), bytes.fromhex(keys["mark_key"]))
    for line in sys.stdin:
        told = json.loads(line)
        await asyncio.sleep(QUIET_SECONDS)
        print("begin", flush=True)
        await button.press(told["meaning"], told["time"], told["seconds"])
        print("end", flush=True)
    await asyncio.sleep(QUIET_SECONDS)


if __name__ == "__main__":
    asyncio.run(play())
