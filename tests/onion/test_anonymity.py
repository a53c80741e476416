"""A real tor that hides no place is refused before anything is published; what another keeps of visits is named."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from onion.anonymity import require_anonymous, risky_settings
from onion.errors import NotAnonymous
from onion.host import OwnTor
from onion.tor_process import TorProcess
from onion.tor_program import TorProgram
from tests.onion.tor_alone import ALONE, SINGLE_HOP, Alone
from tests.tipline.processes import children_of, eventually

pytestmark = pytest.mark.tor

RISKS = {
    "SafeLogging 0": "SafeLogging 0",
    "SafeLogging relay": "SafeLogging relay",
    "ProtocolWarnings 1": "ProtocolWarnings 1",
    "UseEntryGuards 0": "UseEntryGuards 0",
    "Log info file /dev/null": "Log info",
    "Log debug-notice stderr": "Log debug-notice",
    "Log [circ,handshake]debug notice file /dev/null": "Log debug notice",
    "Log [handshake]info [net]notice stderr": "Log info notice",
}


@contextmanager
def nothing_published(tor: TorProcess) -> Iterator[None]:
    yield
    assert tor.control.send("GETCONF HiddenServiceOptions") == ["HiddenServiceOptions"]
    assert tor.control.ask("onions/current") == ""


def test_a_tor_in_single_hop_mode_is_refused_before_anything_is_published(alone: Alone) -> None:
    with alone.tor(*SINGLE_HOP) as tor, nothing_published(tor):
        with pytest.raises(
            NotAnonymous, match="HiddenServiceSingleHopMode and HiddenServiceNonAnonymousMode is set"
        ):
            alone.host().open()
        with pytest.raises(NotAnonymous):
            alone.public.publish_at(tor.control, TorProgram.find())
    assert alone.reports == [], "it does not even wait for a network"


def test_a_tor_of_our_own_that_was_told_to_hide_nothing_is_refused_and_ended(alone: Alone) -> None:
    before = children_of(os.getpid())
    with pytest.raises(NotAnonymous):
        alone.host(OwnTor(alone.folder / "tor", alone.run / "c", (ALONE, *SINGLE_HOP))).open()
    assert children_of(os.getpid()) == before


def test_a_tor_that_comes_back_in_single_hop_mode_is_not_published_on_either(alone: Alone) -> None:
    tor = alone.tor()
    with alone.host() as host:
        assert any("did not reach its network" in line for line in alone.reports)
        # stem leaves a socket to the collector where tor dies while it is being asked who it is.
        with host.couriers_watch._state:
            tor.stop()
            again = alone.tor(*SINGLE_HOP)
        with again, nothing_published(again):
            assert eventually(lambda: any("hides no service's place" in line for line in alone.reports))
            assert not host.is_published.is_set()


def test_a_tor_as_it_comes_is_anonymous_and_has_no_risky_setting(alone: Alone) -> None:
    with alone.tor() as tor:
        require_anonymous(tor.control)
        assert risky_settings(tor.control) == []


@pytest.mark.parametrize("setting", RISKS)
def test_a_setting_that_keeps_what_passes_through_or_gives_the_place_away_is_named(
    alone: Alone, setting: str
) -> None:
    with alone.tor() as tor:
        name, _, value = setting.partition(" ")
        tor.control.send(f'SETCONF {name}="{value}"')
        (risk,) = risky_settings(tor.control)
        assert risk.startswith(f"{RISKS[setting]}: ")
        require_anonymous(tor.control)


def test_risky_settings_of_a_tor_that_is_attached_to_are_told_before_its_network_is_waited_for(
    alone: Alone,
) -> None:
    with alone.tor("UseEntryGuards 0"), alone.host():
        assert alone.reports[0].startswith("warning: a setting of this tor is a risk: UseEntryGuards 0: ")
        assert alone.reports[1].startswith("waiting for tor to reach its network")
        assert eventually(lambda: sum("waiting for tor" in line for line in alone.reports) > 1)
    assert sum("UseEntryGuards" in line for line in alone.reports) == 1, "once"
