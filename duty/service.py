"""The running duty machine: it fetches, judges, rings, and tells the other machine.

Pages ask it, and it knows no page. One lock holds all of it together; times are Unix seconds of this machine.
"""

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from crypto.beacon.duty_note import DutyNoteKey, open_note, seal_note
from crypto.errors import CryptoError
from crypto.keys.keys import DutyPublicKey
from crypto.primitives.week import Week
from duty.alarms import NO_FETCH_SECONDS, NOT_READY, DutyAlarm, NumberedAlarm, machine_alarms, standing_alarms
from duty.copies import add_copy, count_copies
from duty.drill import Drill, DrillResult
from duty.home import FETCH_PLACE, HOURS, LEDGER, NOTEBOOK, DutyHome
from duty.judgement import CLOCK_TOLERANCE_SECONDS, Judge
from duty.ledger import Ledger
from duty.line import Fetched, FetchPlace
from duty.notebook import Notebook
from duty.places import PlaceBook, ServedPlace
from duty.presses import MachineRole, Press
from duty.sound import Bell, Ringer
from duty.watch import DutyWatch

T = TypeVar("T")
HOURS_SECONDS = 30
SOUND_AGAIN_SECONDS, RINGING_AGAIN_SECONDS = 30, 5
"""How long it waits before it seeks a bell again, and how long while a press wants to ring."""
MUTED_SECONDS = 60


class PostLine(Protocol):
    """The way to the server: :class:`duty.line.DutyLine`."""

    def fetch(self, place: FetchPlace, *, note: bytes) -> Fetched | None: ...


class DutyService:
    """Everything of one machine but its line and its pages; usable by several threads."""

    def __init__(self, home: DutyHome, *, now: Callable[[], int], find_bell: Callable[[], Bell | None]) -> None:
        settings = home.settings()
        self.lock = threading.RLock()
        self.machine = settings.machine
        self.notebook = _sound(Notebook, home.folder / NOTEBOOK)
        self.now = now
        self._home = home
        self._find_bell = find_bell
        self._ringer: Ringer | None = None
        self._sound_tried = self._looked = 0
        self._is_wanted = False
        self._stamp: object = None
        self._pair: tuple[DutyPublicKey, DutyPublicKey] | None = None
        self._note_keys: dict[Week, DutyNoteKey] = {}
        start = self._last_now = now()
        self._judge = Judge((), (), since=start)
        role = MachineRole.FIRST if settings.machine == 1 else MachineRole.SECOND
        self._ledger = Ledger(home.folder / LEDGER)
        self.watch = DutyWatch(
            self._judge,
            self._ledger,
            role,
            ring=self._ring,
            keep_copy=lambda copy: add_copy(home.folder, copy),
        )
        self._places = _sound(PlaceBook, home.folder / HOURS)
        self._hours_at = 0
        self._fetched_at: int | None = None
        self._other_at = start
        self._other_number = 0
        self._place = FetchPlace.load(home.folder / FETCH_PLACE)
        self._has_disk = True
        self.drill: Drill | None = None
        self.drill_button = 0
        self.refresh()

    def refresh(self) -> bool:
        """Use week files and keys that were brought since; True if there were any."""
        with self.lock:
            stamp = self._home.stamp()
            if stamp == self._stamp:
                return False
            weeks = self._home.weeks()
            self._judge.take_weeks(weeks, keys=self._home.keys())
            self._places.take_weeks(weeks)
            self._note_keys = {one.week: DutyNoteKey.of_week(one) for one in weeks}
            self._pair = self._home.pair_keys()
            self._stamp = stamp
            return True

    def fetch_once(self, line: PostLine) -> bool:
        """Fetch until nothing more waits; False without an answer, or without a week file.

        The place of the fetch is kept on the disk only after all was judged and kept.

        Raises:
            OSError, ProgramError: the disk does not keep what came; it rings nevertheless.
        """
        ago = self.fetched_ago()
        have_waited = ago is None or ago > NO_FETCH_SECONDS
        while True:
            note = self._sealed_note()
            if note is None:
                return False
            found = line.fetch(self._place, note=note)
            if found is None:
                return False
            with self.lock:
                self._take_fetched(found, have_waited=have_waited)
            if found.place.is_whole:
                return True

    def _take_fetched(self, found: Fetched, *, have_waited: bool) -> None:
        now = self.now()
        if found.place.is_whole:  # else older posts wait: not all that was pressed is known, and it is not ready
            self._fetched_at = now
        self._has_disk = False
        try:
            # First: what the other machine's people have acknowledged does not ring here, not even once.
            if found.note is not None:
                self._take_note(found.note, now)
        finally:
            # While the disk keeps nothing, later posts must be heard all the same. A restart begins at the place
            # that was kept last.
            self._place = found.place
            findings = self.watch.take(found.posts, now=now, have_waited=have_waited)
        if self.drill is not None:
            for finding in findings:
                self.drill.take(finding)
        found.place.keep(self._home.folder / FETCH_PLACE)
        self._has_disk = True

    def tick(self) -> None:
        """Ring or be silent as it must be now, look for a bell, and count hours without cover."""
        if not self.has_sound:
            self._seek_bell()
        elif self._ringer is not None and not 0 <= self.now() - self._looked < MUTED_SECONDS:
            self._looked = self.now()
            self._ringer.look()
        with self.lock:
            now = self.now()
            if now < self._last_now:
                self._judge.clock_went_back(now)
                self._other_at = min(self._other_at, now)
                self._fetched_at = None if self._fetched_at is None else min(self._fetched_at, now)
            self._last_now = now
            self.watch.tick(now=now)
            if now - self._hours_at >= HOURS_SECONDS or now < self._hours_at:
                self._hours_at = now
                self._places.count_hours(self._judge.relays, now=now, is_ready=not self.not_ready())

    def alarms(self) -> list[NumberedAlarm]:
        """All alarms that stand now, those of this machine first."""
        with self.lock:
            now = self.now()
            machine = machine_alarms(
                now=now,
                fetched=self._fetched_at,
                other=self._other_at,
                covered=self._places.covered_until(now),
                has_sound=self.has_sound,
                has_disk=self._has_disk,
            )
            lost = self._ledger.unreadable
            ledger = [NumberedAlarm(DutyAlarm.LEDGER, lost)] if lost else []
            return [*machine, *ledger, *standing_alarms(self._judge, now=now)]

    def not_ready(self) -> list[DutyAlarm]:
        """The reasons for which this machine cannot be relied on."""
        return [one.alarm for one in self.alarms() if one.alarm in NOT_READY]

    @property
    def has_sound(self) -> bool:
        """True if the last sound was played."""
        return self._ringer is not None and self._ringer.has_sound

    @property
    def is_paired(self) -> bool:
        """True once the key of the other machine is here."""
        return self._pair is not None

    def ring_once(self) -> bool:
        """Try the bell, as at the beginning of a shift. False if no sound came."""
        bell = self._find_bell()
        return bell is not None and bell.ring()

    def ringing(self) -> list[Press]:
        """Presses for which this machine rings now."""
        with self.lock:
            return self.watch.tick(now=self.now())

    def fetched_ago(self) -> int | None:
        """Seconds since all that waited was fetched; None while it was not yet since the start."""
        return None if self._fetched_at is None else max(0, self.now() - self._fetched_at)

    def places(self) -> list[ServedPlace]:
        """The places of the week files, by number."""
        with self.lock:
            return self._places.listed(now=self.now())

    def unheard(self) -> list[str]:
        """The names of places where a press would not be heard now: no relay there posts and hears."""
        with self.lock:
            return self._places.unheard(self._judge.relays, now=self.now())

    def is_other_silent(self) -> bool:
        """True if the other machine may not ring: its notes do not come."""
        return any(one.alarm is DutyAlarm.OTHER_SILENT for one in self.alarms())

    def place(self, number: int) -> ServedPlace | None:
        return next((one for one in self.places() if one.card.number == number), None)

    def begin_drill(self, button: int) -> None:
        """Count drill presses of a button from now on. Raises KeyError: no week file lists it."""
        with self.lock:
            if not any(button in place.buttons for place in self.places()):
                raise KeyError(button)
            self.drill, self.drill_button = Drill(button), button

    def end_drill(self) -> None:
        with self.lock:
            self.drill = None

    def drill_result(self) -> DrillResult | None:
        """How the drill stands; None where there is none."""
        with self.lock:
            return None if self.drill is None else self.drill.result(now=self.now())

    def copies_waiting(self) -> int:
        """Copies B that were not carried to the air-gapped machine yet."""
        return count_copies(self._home.folder)

    def close(self) -> None:
        if self._ringer is not None:
            self._ringer.close()

    def _ring(self, is_ringing: bool) -> None:
        self._is_wanted = is_ringing
        if self._ringer is not None:
            self._ringer.want(is_ringing)

    def _seek_bell(self) -> None:
        """Without the lock: a sound system that hangs must not hold up what is fetched."""
        now, pause = self.now(), RINGING_AGAIN_SECONDS if self._is_wanted else SOUND_AGAIN_SECONDS
        if self._sound_tried and 0 <= now - self._sound_tried < pause:
            return
        self._sound_tried = self._looked = now
        bell = self._find_bell()
        if bell is None:
            return
        before, ringer = self._ringer, Ringer(bell)
        with self.lock:
            self._ringer = ringer
            ringer.want(self._is_wanted)
        if before is not None:
            before.close()

    def _sealed_note(self) -> bytes | None:
        with self.lock:
            now = self.now()
            week = self._note_week(now)
            if self._pair is None or week is None:
                return None
            note = self.watch.note_for(self.machine, week, now=now)
            return seal_note(note, key=self._note_keys[week], to=self._pair)

    def _note_week(self, now: int) -> Week | None:
        """The newest week whose file is here and has begun; else the first one that is here."""
        weeks = sorted(self._note_keys)
        begun = [week for week in weeks if _monday(week) <= now]
        return begun[-1] if begun else (weeks[0] if weeks else None)

    def _take_note(self, untrusted_note: bytes, now: int) -> None:
        try:
            note = open_note(untrusted_note, keys=self._judge.keys, key_of=self._note_keys.get)
        except CryptoError:
            return
        if note.machine == self.machine or note.number <= self._other_number:
            return
        self._other_number = note.number
        if abs(now - note.sent) <= CLOCK_TOLERANCE_SECONDS:  # a server could keep notes of a dead machine for later
            self._other_at = now
        self.watch.take_note(note, now=now)


def _sound(read: Callable[[Path], T], path: Path) -> T:
    """The content of a file. One that is damaged is put aside: a desk must ring without a roster, too."""
    try:
        return read(path)
    except ValueError:
        path.replace(path.with_name(f"{path.name}.damaged"))
        return read(path)


def _monday(week: Week) -> int:
    return int(dt.datetime.combine(week.monday, dt.time(), dt.UTC).timestamp())
