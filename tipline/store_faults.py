"""The one door at which troubles of the store become refusals that a source can read."""

from collections.abc import Iterator
from contextlib import contextmanager

from tipline.refusals import Reason, Refused
from tipline.store.errors import StoreError, StoreFull, WeekIsClosed


@contextmanager
def store_faults() -> Iterator[None]:
    """Turn what the store raises inside into :class:`Refused`."""
    try:
        yield
    except WeekIsClosed as error:
        raise Refused(Reason.CLOSED) from error
    except StoreFull as error:
        raise Refused(Reason.NO_ROOM) from error
    except StoreError as error:
        raise Refused(Reason.STORE_TROUBLE) from error
