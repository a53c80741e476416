"""Fewer messages from the processes of xdist: one report of each test that passes, and all of one that does not.

xdist sends six messages for each test, and two of the three reports say only that nothing went wrong before it and
after it. With 13,000 tests they took some ten seconds of processor time.
"""

from typing import Any

import pytest


def send_fewer_messages(config: pytest.Config) -> None:
    """To be called once, in each process of a run, before its first test; without xdist it does nothing."""
    if not hasattr(config, "workerinput"):
        return
    (line,) = (one for one in config.pluginmanager.get_plugins() if type(one).__name__ == "WorkerInteractor")
    line.sendevent = _Fewer(line.sendevent)


class _Fewer:
    """Takes the place of xdist's own function that sends. Of a test that fails all is sent, as it may tell why."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self._failed = ""

    def __call__(self, name: str, **content: Any) -> None:
        if name == "logstart":
            return
        if name == "testreport":
            report = content["data"]
            if report["outcome"] == "failed":
                self._failed = report["nodeid"]
            elif report["when"] != "call" and report["outcome"] == "passed" and report["nodeid"] != self._failed:
                return
            if report["outcome"] == "passed":
                report["keywords"] = {}  # marks and names, by which the process itself has chosen its tests
        self._send(name, **content)
