"""One WebDriver BiDi connection to a browser: commands, their answers, and events.

Firefox supports it directly (``--remote-debugging-port``), so no driver program is needed.
"""

import json
import time
from collections import deque
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from demo.errors import BrowserError

# A screenshot of a long page is one message.
LARGEST_MESSAGE_BYTES = 64 * 1024 * 1024
EVENTS_KEPT = 4096


class BidiConnection:
    """Sends commands one at a time; keeps the events that arrive until they are asked for."""

    def __init__(self, address: str, *, timeout_seconds: float) -> None:
        """Connect to ``address`` (``ws://127.0.0.1:…/session``).

        Raises:
            BrowserError: nothing answers there.
        """
        self._timeout_seconds = timeout_seconds
        self._last_id = 0
        self._events: deque[tuple[str, dict[str, Any]]] = deque(maxlen=EVENTS_KEPT)
        self._open = ExitStack()
        try:
            self._socket = self._open.enter_context(
                connect(
                    address,
                    max_size=LARGEST_MESSAGE_BYTES,
                    open_timeout=timeout_seconds,
                    compression=None,
                    proxy=None,
                    # On this machine no line goes dead unnoticed. And a ping draws from the random numbers that
                    # tests repeat, in a thread that is not awaited.
                    ping_interval=None,
                )
            )
        except (OSError, WebSocketException) as error:
            raise BrowserError("firefox does not answer its remote control") from error

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command and return its result.

        Raises:
            BrowserError: the browser refused it (its words are in the message), is gone, or took too long.
        """
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": parameters}
        try:
            self._socket.send(json.dumps(message))
        except (OSError, WebSocketException) as error:
            raise BrowserError(f"firefox is gone ({method})") from error
        deadline = time.monotonic() + self._timeout_seconds
        while True:
            answer = self._receive(deadline, awaiting=method)
            if answer.get("id") != self._last_id:
                continue
            if answer.get("type") == "error":
                raise BrowserError(f"{method}: {answer.get('error')}: {answer.get('message')}")
            result: dict[str, Any] = answer["result"]
            return result

    def await_event(self, *methods: str, seconds: float) -> tuple[str, dict[str, Any]]:
        """The next event of one of these kinds, among those kept or still to come.

        Raises:
            BrowserError: none came within ``seconds``.
        """
        deadline = time.monotonic() + seconds
        while True:
            for place, (method, parameters) in enumerate(self._events):
                if method in methods:
                    del self._events[place]
                    return method, parameters
            self._receive(deadline, awaiting=" or ".join(methods))

    def forget_events(self, *methods: str) -> None:
        """Drop what has arrived of these kinds, before doing something that makes a new one."""
        self._events = deque((event for event in self._events if event[0] not in methods), maxlen=EVENTS_KEPT)

    def events(self, method: str) -> list[dict[str, Any]]:
        """All kept events of a kind, in their order."""
        return [parameters for kind, parameters in self._events if kind == method]

    def take_events(self, method: str) -> list[dict[str, Any]]:
        """Take out all kept events of a kind, in their order."""
        taken = self.events(method)
        self.forget_events(method)
        return taken

    def close(self) -> None:
        self._open.close()

    def _receive(self, deadline: float, *, awaiting: str) -> dict[str, Any]:
        try:
            text = self._socket.recv(timeout=max(0.0, deadline - time.monotonic()))
        except TimeoutError as error:
            raise BrowserError(f"firefox took too long ({awaiting})") from error
        except (OSError, WebSocketException) as error:
            raise BrowserError(f"firefox is gone ({awaiting})") from error
        message: dict[str, Any] = json.loads(text)
        if message.get("type") == "event":
            self._events.append((message["method"], message["params"]))
        return message
