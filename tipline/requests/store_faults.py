"""The one door at which troubles of the store become refusals that a source can read."""

from contextlib import AbstractContextManager
from types import TracebackType

from tipline.requests.refusals import Reason, Refused
from tipline.store.errors import StoreError, StoreFull, WeekIsClosed


def store_faults() -> AbstractContextManager[None]:
    """Turn what the store raises inside into :class:`Refused`."""
    return _StoreFaults()


class _StoreFaults:
    """No generator, for the reason that ``tipline/requests/refusals.py`` gives."""

    def __enter__(self) -> None:
        return

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, WeekIsClosed):
            raise Refused(Reason.CLOSED) from error
        if isinstance(error, StoreFull):
            raise Refused(Reason.NO_ROOM) from error
        if isinstance(error, StoreError):
            raise Refused(Reason.STORE_TROUBLE) from error
