"""Judges what a post says, by the duty machine's own clock: a press, a sign of life, or nothing.

A post with a good MAC and an id of help that counts now always rings, also when the relay's clock or place is
wrong: then the finding is marked.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from crypto.beacon.relay_post import open_post
from crypto.beacon.rotating_id import WINDOW_SECONDS, Meaning
from crypto.beacon.sighting import HeardId, RelayWeekKey, Sighting
from crypto.beacon.week_file import IdOwner, ListedRelay, WeekFile
from crypto.errors import BadSignature, CryptoError, NotForUs
from crypto.keys.keys import DutySecretKey
from crypto.primitives.week import Week

WINDOWS_AROUND = 2
"""An id counts within so many windows of the present one: a button's clock may be off by half an hour."""
CLOCK_TOLERANCE_SECONDS = 600
STALE_SECONDS = WINDOW_SECONDS + 120
"""A button sends one id no longer than a window: what is heard later was recorded."""
_MOST_REMEMBERED = 100_000
_WAYS_KEPT = 15
_POSTING_SECONDS = 120


class Colour(StrEnum):
    """How a finding is shown. Red rings."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


class Doubt(StrEnum):
    """Marks of a finding; the value is what duty workers read."""

    LATE = "late"
    REPLAYED = "replayed"
    CLOCK = "clock of the relay"
    ELSEWHERE = "heard at another place"
    BAD_PLACE = "place of the relay is not possible"


@dataclass(frozen=True, slots=True)
class JudgedId:
    """One id of one post, judged. ``heard`` is in Unix seconds of the relay, ``came`` of this machine.

    ``heard_here`` is ``heard`` by this machine's clock. It may be too late, by the shortest way of a post.
    """

    colour: Colour
    button: int
    place: int
    relay: int
    meaning: Meaning
    window: int
    heard: int
    heard_here: int
    came: int
    doubts: tuple[Doubt, ...] = ()


class JunkCount(StrEnum):
    """Kinds of posts that say nothing."""

    JUNK = "junk"
    FORGED = "forged"
    UNKNOWN_RELAY = "unknown relay"
    REPEATED = "repeated"


@dataclass(slots=True)
class RelayState:
    """The last that was heard of a relay, in Unix seconds of this machine."""

    came: int
    frames_at: int
    is_flooded: bool = False
    forged: int = 0
    is_clock_off: bool = False
    ways: deque[int] = field(default_factory=lambda: deque(maxlen=_WAYS_KEPT))
    """Seconds from each of the last posts to its arrival, by both clocks: below 0 where the relay's is ahead."""

    @property
    def shortest_way(self) -> int:
        """The fewest of these seconds: about how far both clocks are apart. 0 before the first post."""
        return min(self.ways, default=0)


@dataclass
class Judged:
    """All of one post: its findings, the relay that sent it, and copy B if a press stands in it."""

    findings: tuple[JudgedId, ...] = ()
    sighting: Sighting | None = None
    copy: bytes | None = field(default=None, repr=False)
    refused: JunkCount | None = None


class Judge:
    """Opens posts and judges them by the week files that this machine holds."""

    def __init__(self, weeks: Sequence[WeekFile], keys: Sequence[DutySecretKey], *, since: int) -> None:
        """``since`` is the time of the start in Unix seconds: relays and buttons count as heard then."""
        self.keys = keys
        self._first_heard: dict[bytes, int] = {}
        self._seen: dict[tuple[int, bytes, int], None] = {}
        self.counts: dict[JunkCount, int] = dict.fromkeys(JunkCount, 0)
        self.relays: dict[int, RelayState] = {}
        self.buttons: dict[int, int] = {}
        """When something was last heard of each button."""
        self._since = since
        self._asked = 0
        self.take_weeks(weeks)

    def take_weeks(self, weeks: Sequence[WeekFile], *, keys: Sequence[DutySecretKey] | None = None) -> None:
        """Judge by these week files from now on, and open with these keys; without ``keys`` they stay."""
        self.keys = self.keys if keys is None else keys
        self._weeks = {one.week: one for one in weeks}
        self._relays: dict[tuple[int, Week], ListedRelay] = {
            (row.number, one.week): row for one in weeks for row in one.relays
        }
        self._buttons = {row.number: row.place for one in weeks for row in one.buttons}
        listed = {row.number for one in weeks for row in one.relays}
        self.relays = {number: self.relays.get(number) or RelayState(self._since, self._since) for number in listed}
        self.buttons = {number: self.buttons.get(number, self._since) for number in self._buttons}

    def judge(self, untrusted_post: bytes, *, now: int, has_waited: bool = False) -> Judged:
        """Open a post and judge each of its ids at ``now``. What is of no use is counted, and rings nothing.

        ``has_waited`` is True for a post that may have waited for this machine: it tells nothing of two clocks.
        """
        try:
            opened = open_post(untrusted_post, keys=self.keys, key_of=self._key_of)
        except BadSignature:
            self.relays[self._asked].forged += 1
            return self._refuse(JunkCount.FORGED)
        except NotForUs:
            return self._refuse(JunkCount.UNKNOWN_RELAY)
        except CryptoError:
            return self._refuse(JunkCount.JUNK)
        sighting = opened.sighting
        if not self._is_first(sighting):
            return self._refuse(JunkCount.REPEATED)
        self._note_relay(sighting, now, has_waited=has_waited)
        found = [self._judge_id(one, sighting, now, has_waited=has_waited) for one in sighting.ids]
        findings = tuple(one for one in found if one is not None)
        is_press = any(one.meaning.is_help for one in findings)
        return Judged(findings, sighting, opened.copy if is_press else None)

    def is_clock_off(self, now: int) -> bool:
        """True if each relay that posts now has another time than this machine: presses would come as late."""
        posting = [state for state in self.relays.values() if state.ways and now - state.came <= _POSTING_SECONDS]
        return bool(posting) and all(state.is_clock_off for state in posting)

    def clock_went_back(self, now: int) -> None:
        """Nothing was heard later than ``now``: else an alarm would be silent until the clock is there again."""
        for state in self.relays.values():
            state.came, state.frames_at = min(state.came, now), min(state.frames_at, now)
        self.buttons = {number: min(heard, now) for number, heard in self.buttons.items()}

    def _key_of(self, relay: int, week: Week) -> RelayWeekKey | None:
        row = self._relays.get((relay, week))
        self._asked = relay
        return None if row is None else row.key

    def _refuse(self, kind: JunkCount) -> Judged:
        self.counts[kind] += 1
        return Judged(refused=kind)

    def _is_first(self, sighting: Sighting) -> bool:
        place = (sighting.relay, sighting.run, sighting.number)
        if place in self._seen:
            return False
        self._seen[place] = None
        if len(self._seen) > _MOST_REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return True

    def _note_relay(self, sighting: Sighting, now: int, *, has_waited: bool) -> None:
        state = self.relays.setdefault(sighting.relay, RelayState(now, now))
        state.came = now
        state.is_flooded = sighting.is_flooded
        if sighting.frames:
            state.frames_at = now
        if not has_waited:
            state.is_clock_off = abs(sighting.sent - now) > CLOCK_TOLERANCE_SECONDS
            state.ways.append(now - sighting.sent)

    def _owner(self, button_id: bytes) -> IdOwner | None:
        return next((one.table[button_id] for one in self._weeks.values() if button_id in one.table), None)

    def _judge_id(self, heard: HeardId, sighting: Sighting, now: int, *, has_waited: bool) -> JudgedId | None:
        owner = self._owner(heard.button_id)
        if owner is None:
            return None
        relay = self._relays[sighting.relay, sighting.week]
        is_in_time = _is_near(owner.window, now)
        first = self._first_heard.get(heard.button_id, now)
        if is_in_time:
            self._remember(heard.button_id, first)
        doubts = self._doubts(sighting, relay, owner, sighting.sent if has_waited else now)
        colour = Colour.RED if owner.meaning.is_help else Colour.GREEN
        if is_in_time and now - first <= STALE_SECONDS:
            self.buttons[owner.button] = now
        else:
            colour = Colour.YELLOW
            in_time = _is_near(owner.window, heard.first) and heard.first - first <= STALE_SECONDS
            doubts.insert(0, Doubt.LATE if in_time else Doubt.REPLAYED)
        return JudgedId(
            colour=colour,
            button=owner.button,
            place=self._buttons[owner.button],
            relay=sighting.relay,
            meaning=owner.meaning,
            window=owner.window,
            heard=heard.first,
            heard_here=heard.first + self.relays[sighting.relay].shortest_way,
            came=now,
            doubts=tuple(doubts),
        )

    def _remember(self, button_id: bytes, first: int) -> None:
        """Note when an id was heard first in its time.

        What came outside of it is not noted: else, after the clock of this machine was set, an id of its time would
        count as an old one.
        """
        self._first_heard.setdefault(button_id, first)
        if len(self._first_heard) > _MOST_REMEMBERED:
            del self._first_heard[next(iter(self._first_heard))]

    def _doubts(self, sighting: Sighting, relay: ListedRelay, owner: IdOwner, posted: int) -> list[Doubt]:
        """``posted`` is when the relay posted it, by this machine's clock as far as that is known."""
        doubts = []
        if abs(sighting.sent - posted) > CLOCK_TOLERANCE_SECONDS:
            doubts.append(Doubt.CLOCK)
        if relay.place != self._buttons[owner.button]:
            doubts.append(Doubt.ELSEWHERE)
        if sighting.measured is not None and not sighting.measured.is_on_earth:
            doubts.append(Doubt.BAD_PLACE)
        return doubts


def _is_near(window: int, seconds: int) -> bool:
    return abs(seconds // WINDOW_SECONDS - window) <= WINDOWS_AROUND
