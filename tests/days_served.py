"""Days as a server counts them: 20 hours of monotonic time each, in which it ran, and an export."""

from tipline.bundles.retention import DAY_SECONDS, DayCount
from tipline.store import Store


def serve_for(store: Store, days: int) -> None:
    """Run for this number of days without a restart, and export on each."""
    seconds = 0.0
    count = DayCount(store.days, seconds=lambda: seconds)
    for _ in range(days):
        seconds += DAY_SECONDS
        store.days.note_export()
        count.look()
