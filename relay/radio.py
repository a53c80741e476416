"""The relay's ears: BlueZ through bleak. This is the one module that knows the Bluetooth library.

It listens passively: a relay sends nothing by radio.
"""

import asyncio
import threading
import time
from collections.abc import Sequence
from uuid import UUID

from bleak import BleakScanner
from bleak.args.bluez import BlueZScannerArgs, OrPattern
from bleak.assigned_numbers import AdvertisementDataType
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from relay.relay import QUIET_SECONDS, Relay

AGAIN_SECONDS = 10.0
"""After so long a radio that could not listen tries again."""
_LOOK_SECONDS = 1.0
_FLAGS_OF_OTHERS = (0x02, 0x06, 0x1A)
"""Nearly all devices begin with one of these: hearing none of them for long is deafness."""


class BluezRadio:
    """Listens through BlueZ, with filters that are made again when the marks change."""

    def __init__(self) -> None:
        self.trouble = "not started"
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, relay: Relay) -> None:
        """Listen in a thread, and begin again after a failure."""
        self._thread = threading.Thread(target=self._run, args=(relay,), name="radio", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._end.set()
        if self._thread is not None:
            self._thread.join(AGAIN_SECONDS)

    def _run(self, relay: Relay) -> None:
        while not self._end.is_set():
            try:
                asyncio.run(self._listen(relay))
            except Exception as error:  # noqa: BLE001 -- whatever the library raises, the ears begin again
                self.trouble = f"Bluetooth does not listen: {type(error).__name__}"
                self._end.wait(AGAIN_SECONDS)

    async def _listen(self, relay: Relay) -> None:
        marks = relay.marks_now()

        def heard(_device: BLEDevice, found: AdvertisementData) -> None:
            relay.take_service_data(parts_of(found), rssi=found.rssi)

        async with BleakScanner(heard, scanning_mode="passive", bluez=filters(marks)):
            self.trouble = ""
            # BlueZ may have been started again without a word: after long silence the filters are set again.
            until = time.monotonic() + QUIET_SECONDS
            while not self._end.is_set() and relay.marks_now() == marks:
                if relay.quiet_seconds() < QUIET_SECONDS:
                    until = time.monotonic() + QUIET_SECONDS
                elif time.monotonic() > until:
                    return
                await asyncio.sleep(_LOOK_SECONDS)


def parts_of(found: AdvertisementData) -> dict[bytes, bytes]:
    """The service data of an advertisement: UUIDs of 16 bytes, and what stands behind each."""
    return {UUID(name).bytes: bytes(data) for name, data in found.service_data.items()}


def filters(marks: Sequence[bytes]) -> BlueZScannerArgs:
    """Filters for frames under these marks, and for the first bytes of nearly all other devices."""
    ours = [OrPattern(0, AdvertisementDataType.SERVICE_DATA_UUID128, mark[::-1]) for mark in marks]
    others = [OrPattern(0, AdvertisementDataType.FLAGS, bytes([flags])) for flags in _FLAGS_OF_OTHERS]
    return BlueZScannerArgs(or_patterns=[*ours, *others])
