"""How far an upload is, for the small frame on the page for files that shows it; in memory only.

An upload is known here by a random token that its page made up: tied to no form, no mailbox and no visitor.
Counting costs the upload nothing, as who looks reads the counter that its body keeps in any case.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from tipline.requests.refusals import Reason, Refused, UntrustedProxy

ENDED_SECONDS = 10 * 60
MOST_ENDED = 1000
STILL_SECONDS = 30.0
_DIGITS = 32


class Counted(Protocol):
    """A body that is being read: bytes announced, and bytes that have come."""

    @property
    def announced_bytes(self) -> int: ...
    @property
    def arrived_bytes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """One look at an upload. ``ended`` says why it ended and was not kept; ``is_still`` that nothing new has come
    for half a minute. One that was kept is not seen any more."""

    arrived_bytes: int
    announced_bytes: int
    is_still: bool = False
    ended: Reason | None = None

    @property
    def left_bytes(self) -> int:
        return max(0, self.announced_bytes - self.arrived_bytes)


def is_token(untrusted_text: str) -> bool:
    """Whether a page of ours could have made it up."""
    return len(untrusted_text) == _DIGITS and not set(untrusted_text) - set("0123456789abcdef")


class Progress:
    """Uploads that are under way, and for ten minutes those that failed, by their tokens."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._under_way: dict[str, _RunningUpload] = {}  # as many as there are threads that receive
        self._failed: OrderedDict[str, tuple[float, UploadProgress]] = OrderedDict()

    @staticmethod
    def token() -> str:
        """A fresh one, for one page: 32 hex digits."""
        return secrets.token_hex(_DIGITS // 2)

    @contextmanager
    def following(self, untrusted_token: str, body: Counted) -> Iterator[None]:
        """While this lasts, ``body`` can be looked at; afterwards only when it was refused. Without a token nothing
        is remembered."""
        if not is_token(untrusted_token):
            yield
            return
        mine = _RunningUpload(body, self._seconds())
        with self._lock:
            self._under_way[untrusted_token] = mine
            self._failed.pop(untrusted_token, None)
        reason: Reason | None = None
        try:
            yield
        except Refused as refused:
            reason = refused.reason
            raise
        except UntrustedProxy:
            reason = Reason.STRANGE_PROXY
            raise
        except Exception:
            reason = Reason.STORE_TROUBLE
            raise
        finally:
            self._end(untrusted_token, mine, reason)

    def look(self, untrusted_token: str) -> UploadProgress | None:
        """None for a token that was never used, for an upload that was kept, and for one long ago, alike."""
        now = self._seconds()
        with self._lock:
            if (under_way := self._under_way.get(untrusted_token)) is not None:
                return under_way.look(now)
            until, failed = self._failed.get(untrusted_token, (0.0, None))
        return failed if until >= now else None

    def sweep(self) -> None:
        """Forget what failed ten minutes ago."""
        now = self._seconds()
        with self._lock:
            self._failed = OrderedDict((token, held) for token, held in self._failed.items() if held[0] >= now)

    def _end(self, token: str, mine: "_RunningUpload", reason: Reason | None) -> None:
        with self._lock:
            if self._under_way.get(token) is not mine:
                return  # pressed twice: the second has the token now
            del self._under_way[token]
            if reason is None:
                return
            seen = UploadProgress(mine.body.arrived_bytes, mine.body.announced_bytes, ended=reason)
            self._failed[token] = (self._seconds() + ENDED_SECONDS, seen)
            if len(self._failed) > MOST_ENDED:
                self._failed.popitem(last=False)


class _RunningUpload:
    """A body, and when a look last found something new."""

    def __init__(self, body: Counted, now: float) -> None:
        self.body = body
        self._last_bytes = 0
        self._last_change = now

    def look(self, now: float) -> UploadProgress:
        arrived = self.body.arrived_bytes
        if arrived != self._last_bytes:
            self._last_bytes, self._last_change = arrived, now
        announced = self.body.announced_bytes
        return UploadProgress(
            arrived, announced, is_still=arrived < announced and now - self._last_change >= STILL_SECONDS
        )
