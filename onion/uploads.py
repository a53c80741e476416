"""Says from tor's news when an address counts as published: when clients find it, unless a directory is very slow.

A service has a descriptor for each of two time periods, and each goes to several directories. Clients ask for one
or the other, so both must be out; but no period is waited for without end.
"""

from typing import Final

_PERIODS: Final = 2


class Uploads:
    """What tor said of the uploads for one address since its service was published. Times are seconds of one
    monotonic clock."""

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
        """How many took a descriptor."""
        return len(self._done)

    def note(self, action: str, directory: str, descriptor: str | None, now: float) -> None:
        """One of tor's HS_DESC events. It names the ``descriptor`` of an upload that begins only; what ends is the
        first one to that directory. One that nobody saw begin is of a service of before, and counts for nothing."""
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
        """Whether both periods are out and no upload is under way any more; or one is, and no new descriptor has
        begun to go out for so long."""
        if self._first_done is None:
            return False
        if now - max(self._first_done, *self._begins) > settle_seconds:
            return True
        return len({descriptor for descriptor, _ in self._done}) >= _PERIODS and not self._under_way

    def may_be_late(self, deadline: float, now: float, *, settle_seconds: float) -> bool:
        """Whether to wait beyond ``deadline``: something is out and has to settle, or had just begun to go out."""
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
