"""A control connection understands tor's news; no tor runs here."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from onion.control import TorControl
from onion.errors import NotPublished

ADDRESS = "a" * 56 + ".onion"


class Tor:
    """As much of stem's controller as listening takes."""

    def __init__(self) -> None:
        self._hear: Any = None

    def is_alive(self) -> bool:
        return True

    def add_status_listener(self, hear: Any) -> None:
        """Its state never changes."""

    def add_event_listener(self, hear: Any, _kind: Any) -> None:
        self._hear = hear

    def tells(self, action: str, directory: str, descriptor: str | None = None) -> None:
        """As tor does: of an upload that is done it does not say which descriptor it was."""
        self._hear(
            SimpleNamespace(
                address=ADDRESS.removesuffix(".onion"),
                action=action,
                directory_fingerprint=directory,
                descriptor_id=descriptor,
            )
        )


def test_an_address_counts_as_published_when_the_descriptors_of_both_time_periods_are_out() -> None:
    tor = Tor()
    control = TorControl(tor, settle_seconds=600, late_seconds=0)
    for period in ("today", "tomorrow"):
        with pytest.raises(NotPublished):
            control.await_descriptor(ADDRESS, seconds=0.3)
        tor.tells("UPLOAD", "directory", period)
        with pytest.raises(NotPublished):
            control.await_descriptor(ADDRESS, seconds=0.3)
        tor.tells("UPLOADED", "directory")
    assert control.await_descriptor(ADDRESS, seconds=0.3) == 2


def test_a_period_that_is_late_holds_up_for_seconds_only() -> None:
    tor = Tor()
    control = TorControl(tor, settle_seconds=0.1)
    tor.tells("UPLOAD", "directory", "today")
    tor.tells("UPLOADED", "directory")
    assert control.await_descriptor(ADDRESS, seconds=30) == 1


def test_an_upload_for_a_list_of_before_does_not_count_for_the_new_one() -> None:
    tor = Tor()
    control = TorControl(tor, settle_seconds=0.1)
    tor.tells("UPLOAD", "directory", "today")
    control.forget_uploads(ADDRESS)
    tor.tells("UPLOADED", "directory")
    with pytest.raises(NotPublished):
        control.await_descriptor(ADDRESS, seconds=0.3)
    tor.tells("UPLOAD", "directory", "today")
    tor.tells("UPLOADED", "directory")
    assert control.await_descriptor(ADDRESS, seconds=30) == 1


def test_what_goes_out_in_the_last_seconds_of_the_wait_is_published() -> None:
    tor = Tor()
    control = TorControl(tor, settle_seconds=600, late_seconds=600)
    for period in ("today", "tomorrow"):
        tor.tells("UPLOAD", "directory", period)
    later = threading.Timer(0.5, lambda: [tor.tells("UPLOADED", "directory") for _ in range(2)])
    later.start()
    assert control.await_descriptor(ADDRESS, seconds=0) == 2
    later.join()
