"""The log of the web process on standard error: names of events and places in the code, never values.

gunicorn and its parts put client addresses, paths, headers and whole tracebacks into their messages. This replaces
its logger, and ignores all of that.
"""

import logging
import sys
import time
from typing import Any

_LEVELS = {"critical", "error", "exception", "warning"}
_QUIET_SECONDS = 60.0


class EventLog:
    """Implements the methods of gunicorn's logger that gunicorn calls."""

    def __init__(self, _settings: Any) -> None:
        """Replace the root logger too, so that libraries log nothing by themselves."""
        logging.lastResort = None
        events = logging.getLogger("tipline.events")
        events.propagate = False
        if not events.handlers:
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(logging.Formatter("tipline: event: %(message)s"))
            events.addHandler(handler)
        self._events = events
        self._said: dict[str, float] = {}

    def __getattr__(self, name: str) -> Any:
        if name in _LEVELS:
            return self._note
        if name in {"info", "debug", "log", "access", "reopen_files", "close_on_exec"}:
            return _say_nothing
        raise AttributeError(name)

    def _note(self, *_message: object, **_more: object) -> None:
        kind, _error, _traceback = sys.exc_info()
        if kind is not None and issubclass(kind, OSError):
            return  # a client was slow, or went away: nothing that an operator could act upon
        frame = sys._getframe(1)  # noqa: SLF001 -- the caller's place stands for the message, which is not looked at
        place = f"{frame.f_globals.get('__name__', '?')}:{frame.f_lineno}"
        if self._was_said(place):
            return
        if kind is None:
            self._events.warning("web server at %s", place)
        else:
            self._events.warning("web server at %s: %s", place, kind.__name__)

    def _was_said(self, place: str) -> bool:
        """Return whether the same place logged within the last minute.

        Junk requests must not fill the journal.
        """
        now = time.monotonic()
        said = now - self._said.get(place, -_QUIET_SECONDS) < _QUIET_SECONDS
        if not said:
            self._said[place] = now
        return said


def _say_nothing(*_message: object, **_more: object) -> None:
    return
