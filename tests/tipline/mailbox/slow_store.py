"""A store whose steps take time by a clock that otherwise stands still."""

from collections.abc import Sequence
from typing import Any

from tipline.limits.request_scheduler import WorkSlot
from tipline.store import Arrival, Store
from tipline.store.database import Database
from tipline.store.replies import Replies
from tipline.store.submissions import Submissions

LOOK_SECONDS, OPEN_SECONDS, FORGET_SECONDS, TELL_SECONDS = 0.017, 0.005, 0.005, 0.011


class StillClock:
    """A clock that stands still but for what is said to take time; it notes each rest."""

    def __init__(self, slot: WorkSlot) -> None:
        self.now = 0.0
        self.rests: list[tuple[float, bool]] = []
        """How long, and whether the slot was free meanwhile."""
        self.steps: list[tuple[str, bool]] = []
        """Each step of the store since the last look through the replies, and whether the slot was free."""
        self._slot = slot

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.rests.append((round(seconds, 6), self._slot.is_free))

    def note(self, step: str) -> None:
        self.steps.append((step, self._slot.is_free))


class SlowReplies(Replies):
    def __init__(self, small: Database, clock: StillClock) -> None:
        super().__init__(small)
        self._clock = clock

    def tags(self) -> list[tuple[bytes, bytes, bytes]]:
        self._clock.steps.clear()
        self._clock.note("looked for")
        self._clock.now += LOOK_SECONDS
        return super().tags()

    def rows(self, reply_ids: Sequence[bytes]) -> list[tuple[bytes, bytes, bytes, bytes]]:
        self._clock.note("opened")
        self._clock.now += OPEN_SECONDS * len(reply_ids)
        return super().rows(reply_ids)

    def replace(self, rows: Sequence[tuple[bytes, bytes, bytes, bytes]]) -> None:
        self._clock.note("forgotten")
        super().replace(rows)
        self._clock.now += FORGET_SECONDS * len(rows)


class SlowArrival:
    """A submission that takes time to be kept; it stands for the :class:`Arrival` that it holds."""

    def __init__(self, arrival: Arrival, clock: StillClock) -> None:
        self._arrival = arrival
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._arrival, name)

    def complete(self) -> None:
        self._clock.note("told")
        self._arrival.complete()
        self._clock.now += TELL_SECONDS


class SlowSubmissions:
    """The submissions of a store, of which each takes time to be kept."""

    def __init__(self, submissions: Submissions, clock: StillClock) -> None:
        self._submissions = submissions
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._submissions, name)

    def receive(self, week: str, manifest_sha256: bytes) -> SlowArrival:
        return SlowArrival(self._submissions.receive(week, manifest_sha256), self._clock)


class SlowStore(Store):
    """A whole store; what is written first takes longer, also where there is nothing to forget."""

    def __init__(self, *given: Any, slow_by: StillClock, **named: Any) -> None:
        super().__init__(*given, **named)
        slow: Any = SlowSubmissions(self.submissions, slow_by)
        self.submissions = slow
        self.replies = SlowReplies(self._small, slow_by)
