"""Decides from tor's events when an address counts as published, so that clients find it.

A service has a descriptor for each of two time periods, and each is uploaded to several directories. Clients ask
for one or the other, so both must be uploaded. A slow directory is not awaited for ever.
"""

from typing import Final

_PERIODS: Final = 2


class Uploads:
    """Tor's upload events of one address since it was published. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._under_way: dict[
            tuple[str, str], None
        ] = {}  # descriptor and directory, the one that began first first
        self._done: set[tuple[str, str]] = set()
        self._descriptors: set[str] = set()
        self._begins: list[float] = []  # of the first upload of each descriptor
        self._first_done: float | None = None

    @property
    def directories(self) -> int:
        """The number of directories that have a descriptor."""
        return len(self._done)

    def note(self, action: str, directory: str, descriptor: str | None, now: float) -> None:
        """Note an HS_DESC event of tor.

        Only the begin of an upload names its ``descriptor``; an end belongs to the first open upload to that
        directory. An end without a known begin belongs to an earlier service and is ignored.
        """
        if action == "UPLOAD":
            self._begin(descriptor or "", directory, now)
            return
        if action not in {"UPLOADED", "FAILED"}:
            return
        upload = next((one for one in self._under_way if one[1] == directory), None)
        if upload is None:
            return
        del self._under_way[upload]
        if action == "UPLOADED":
            self._done.add(upload)
            self._first_done = now if self._first_done is None else self._first_done

    def is_settled(self, now: float, *, settle_seconds: float) -> bool:
        """True if both periods are uploaded and none is under way.

        Also true if one period is uploaded and no new upload began for a while.
        """
        if self._first_done is None:
            return False
        if now - max(self._first_done, *self._begins) > settle_seconds:
            return True
        return len({descriptor for descriptor, _ in self._done}) >= _PERIODS and not self._under_way

    def may_be_late(self, deadline: float, now: float, *, settle_seconds: float) -> bool:
        """True if waiting past ``deadline`` is useful: an upload is done or has just begun."""
        if self._first_done is not None:
            return True
        return any(begin <= deadline and now - begin <= settle_seconds for begin in self._begins)

    def _begin(self, descriptor: str, directory: str, now: float) -> None:
        # Tor gives up an upload when it sends the same descriptor there once more, and says nothing of it.
        self._under_way.pop((descriptor, directory), None)
        self._under_way[descriptor, directory] = None
        if descriptor not in self._descriptors:
            self._descriptors.add(descriptor)
            self._begins.append(now)
