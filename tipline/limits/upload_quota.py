"""Admission control when disk space is low.

Uploads with files are refused before they start; text is accepted while any space is left. A request with files
needs room on the disk beside a reserve, and a share of the day. One circuit gets at most half of what is left of
that share, the next one half of the rest, and so on, even for uploads that never end. A short request, which is a
text, needs only room. From its second text on, a circuit has a share of its own and leaves half of the room, so
that no circuit can fill the disk with texts.
"""

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable

from system.clock import Clock
from tipline.instance.site_settings import KIB, MIB, Limits
from tipline.limits.circuit_counter import CircuitCounter
from tipline.requests.circuit import NO_CIRCUIT, Circuit
from tipline.requests.refusals import Reason, Refused, store_faults

SHORT_REQUEST_BYTES = 1 * MIB
"""A request up to this length counts as text.

It may use the reserve and what lies above the day's share.
"""

TEXTS_OF_A_CIRCUIT_BYTES = 256 * MIB
"""Limit of a circuit's texts, beside its first, until it was quiet for ten minutes.

It allows about 3,500 of the smallest.
"""

_SMALLEST_SEALED_BYTES = 72 * KIB
# Short envelopes are up to twice as long as what is in them, and never shorter than the smallest.
_LONGEST_SEALED_TEXT_BYTES = 2 * SHORT_REQUEST_BYTES + _SMALLEST_SEALED_BYTES


class UploadQuota:
    """The operator's limits, the disk, and what is under way."""

    def __init__(
        self,
        *,
        limits: Limits,
        room_bytes: Callable[[], int],
        kept_bytes: Callable[[dt.date, int], int],
        clock: Clock,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """``room_bytes`` returns what the store can still take, which checks it again before each write.

        ``kept_bytes`` takes a length in bytes, and returns what it keeps of a day in longer envelopes.
        """
        self._limits = limits
        self._room_bytes = room_bytes
        self._files_of_today = _FilesOfToday(kept_bytes, clock)
        self._files = _UsageByCircuit(seconds)
        self._texts = _UsageByCircuit(seconds)
        self.has_little = False
        """True if a request with files may bring less than the limits say; as of :meth:`look`.

        A page that asked the store itself would wait for every upload.
        """

    def for_files_bytes(self, circuit: Circuit = NO_CIRCUIT) -> int:
        """Return how much one request with files may bring now by ``circuit``.

        Less than a short request means: none.

        Raises:
            Refused: the store cannot say.
        """
        return self._for_files_bytes(circuit, beside_bytes=0)

    def reserve(self, announced_bytes: int, *, circuit: Circuit = NO_CIRCUIT) -> "Reservation":
        """Room for one upload of this length by ``circuit``, until the reservation ends.

        Raises:
            Refused: there is no room for it, or the store cannot say.
        """
        is_text = announced_bytes <= SHORT_REQUEST_BYTES
        held_bytes = 2 * announced_bytes + _SMALLEST_SEALED_BYTES if is_text else announced_bytes
        reservation = Reservation(
            self._texts if is_text else self._files, circuit, held_bytes, None if is_text else self._files_of_today
        )
        try:
            if is_text:
                self._require_for_text(circuit, announced_bytes, held_bytes)
            else:
                self._require_for_files(circuit, held_bytes)
        except BaseException:
            reservation.release()
            raise
        return reservation

    def sweep(self) -> None:
        """Forget which circuits brought something ten minutes ago."""
        self._files.brought.sweep()
        self._texts.brought.sweep()

    def look(self) -> None:
        """Ask the store whether there is little room. Its error is left to the next upload."""
        with contextlib.suppress(Refused):
            self.has_little = self.for_files_bytes() < self._limits.request_bytes

    def _require_for_text(self, circuit: Circuit, announced_bytes: int, held_bytes: int) -> None:
        with store_faults():
            room = self._room_bytes()
        brought = self._texts.brought.of(circuit)
        _, of_circuit = self._texts.coming_bytes(circuit)
        is_first = not brought and of_circuit == held_bytes
        share = min((room + brought) // 2, TEXTS_OF_A_CIRCUIT_BYTES)
        has_its_share = circuit.is_known and not is_first and brought + of_circuit > share
        if announced_bytes > room or has_its_share:
            raise Refused(Reason.NO_ROOM)

    def _require_for_files(self, circuit: Circuit, held_bytes: int) -> None:
        if held_bytes > self._for_files_bytes(circuit, beside_bytes=held_bytes):
            raise Refused(Reason.NO_ROOM_FOR_FILES)

    def _for_files_bytes(self, circuit: Circuit, *, beside_bytes: int) -> int:
        """``beside_bytes`` of what is coming are those of the request that asks."""
        coming, of_circuit = self._files.coming_bytes(circuit)
        coming, of_circuit = coming - beside_bytes, of_circuit - beside_bytes
        brought = self._files.brought.of(circuit)
        with store_faults():
            left = min(
                self._room_bytes() - self._limits.text_reserve_bytes,
                self._limits.day_bytes - self._files_of_today.still_here_bytes(),
            )
        # An envelope is up to an eighth longer than what is in it.
        most = (left - coming) * 8 // 9
        if circuit.is_known:
            had = of_circuit + brought
            most = min(most, (most + had) // 2 - had)
        return self._limits.request_bytes if most >= self._limits.request_bytes else _power_of_two(most)


class _FilesOfToday:
    """Sealed bytes that came with files today, counted once kept, and never more than what is still here.

    For the time before this process, or before the clock jumped, only lengths are known: what is longer than a text
    can be counts. ``clock`` may turn late, so the day after its own counts as well.
    """

    def __init__(self, kept_bytes: Callable[[dt.date, int], int], clock: Clock) -> None:
        self._kept_bytes = kept_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._day: dt.date | None = None
        self._came_bytes = 0

    def add(self, sealed_bytes: int) -> None:
        """Count bytes that were kept. It does not ask the store, which may fail when a receipt is due."""
        today = self._clock.today()
        with self._lock:
            self._turn_to(today, came_bytes=0)
            self._came_bytes += sealed_bytes

    def still_here_bytes(self) -> int:
        """Return the counted bytes that the store still holds.

        Raises:
            StoreError: the store cannot say.
        """
        today = self._clock.today()
        came_before_bytes = self._since_bytes(today, _LONGEST_SEALED_TEXT_BYTES) if self._day != today else 0
        with self._lock:
            self._turn_to(today, came_bytes=came_before_bytes)
            came_bytes = self._came_bytes
        return min(came_bytes, self._since_bytes(today, 0))

    def _since_bytes(self, day: dt.date, longer_than_bytes: int) -> int:
        tomorrow = day + dt.timedelta(days=1)
        return self._kept_bytes(day, longer_than_bytes) + self._kept_bytes(tomorrow, longer_than_bytes)

    def _turn_to(self, today: dt.date, *, came_bytes: int) -> None:
        if self._day != today:
            self._day, self._came_bytes = today, came_bytes


class _UsageByCircuit:
    """Running uploads, in all and by circuit, and what each circuit brought within ten minutes."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.brought = CircuitCounter(seconds=seconds)
        self._lock = threading.Lock()
        self._coming_bytes = 0
        self._coming_by_circuit: dict[Circuit, int] = {}  # of circuits with something under way

    def hold(self, circuit: Circuit, count_bytes: int) -> None:
        """Add to the bytes of running uploads; negative ones end."""
        with self._lock:
            self._coming_bytes += count_bytes
            of_circuit = self._coming_by_circuit.pop(circuit, 0) + count_bytes
            if of_circuit:
                self._coming_by_circuit[circuit] = of_circuit

    def coming_bytes(self, circuit: Circuit) -> tuple[int, int]:
        """Return the bytes of running uploads in all, and of this circuit."""
        with self._lock:
            return self._coming_bytes, self._coming_by_circuit.get(circuit, 0)


class Reservation:
    """Room that is held for one upload. It ends by :meth:`keep` or :meth:`release`."""

    def __init__(
        self, ledger: _UsageByCircuit, circuit: Circuit, held_bytes: int, files_of_today: _FilesOfToday | None
    ) -> None:
        """``files_of_today`` counts what is kept; None for a text."""
        self._ledger = ledger
        self._circuit = circuit
        self._held_bytes = held_bytes
        self._files_of_today = files_of_today
        self._ended = False
        ledger.hold(circuit, held_bytes)

    def keep(self, sealed_bytes: int) -> None:
        """The upload is stored, with this number of sealed bytes."""
        self._ledger.brought.add(self._circuit, self._held_bytes)
        if self._files_of_today is not None:
            self._files_of_today.add(sealed_bytes)
        self.release()

    def release(self) -> None:
        """The upload has ended; does nothing the second time."""
        if not self._ended:
            self._ended = True
            self._ledger.hold(self._circuit, -self._held_bytes)


def _power_of_two(most_bytes: int) -> int:
    """The greatest one that is not above: what is left exactly would tell every visitor what others send."""
    return 1 << most_bytes.bit_length() - 1 if most_bytes > 0 else 0
