"""A casebook with invented tips and marks, and a plain account of it that knows nothing of the program's tables."""

import datetime as dt
import random
from dataclasses import dataclass, field

from crypto.submissions.submission import Kind
from reviewer.casebook.submission import Submission
from reviewer.casebook.thread_marks import Status
from reviewer.cases.archive import archive, unarchive
from reviewer.cases.case_work import add_threads, merge_cases, open_case, split_case, undo
from reviewer.cases.marking import (
    opened,
    set_due,
    set_labels,
    set_owner,
    set_read,
    set_star,
    set_status,
    thread_of,
)
from reviewer.cases.reply_to import reply_to
from reviewer.cases.telephone import enter_report
from reviewer.home.home import Home, open_home
from reviewer.sharing.ownership import first_owner
from reviewer.sharing.ownership import thread_of as sharing_thread
from reviewer.sharing.party import reviewers
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk

TODAY = dt.date(2026, 12, 20)
LANGUAGES = ("", "en", "es", "ar")
FORMS = ("", "work", "saw")
OWNERS = ("anna", "binta", "reviewer")
LABELS = ("farm", "harbour", "urgent papers")
DUE = (None, dt.date(2026, 12, 1), TODAY, dt.date(2027, 1, 5))


@dataclass
class PlainThread:
    """The history of one thread, in order. ``events`` are days of messages and replies."""

    owner: str = ""
    is_closed_for: list["PlainTip"] = field(default_factory=list)
    status: str = "open"
    labels: set[str] = field(default_factory=set)
    starred: bool = False
    due: dt.date | None = None
    case: int | None = None
    can_be_answered: bool = True
    waits_for_us: list[dt.date] = field(default_factory=list)
    last_reply: dt.date | None = None
    signs_since: int = 0

    def message(self, day: dt.date, act: str | None) -> None:
        """A message, or an act, of the source."""
        if act == "words-known":
            self.can_be_answered = False
        if act in (None, "not-safe"):
            self.waits_for_us.append(day)
        if act != "delete":
            self.signs_since += 1

    def reply(self, day: dt.date) -> None:
        self.last_reply, self.signs_since = day, 0
        self.waits_for_us.clear()


@dataclass
class PlainTip:
    """One submission of the account."""

    short_id: str
    thread: PlainThread
    day: dt.date
    kind: str
    place: int
    danger: bool = False
    language: str = ""
    form: str = ""
    files: int = 0
    put_away: bool = False
    read: bool = False

    @property
    def archived(self) -> bool:
        """By hand, or because its thread was closed when it was there."""
        return self.put_away or any(one is self for one in self.thread.is_closed_for)


class InventedCasebook:
    """Fills the home of a desk with chance acts of a known seed, and keeps the account."""

    def __init__(self, desk: Desk, *, seed: int, rounds: int = 3, tips: int = 24) -> None:
        self._desk = desk
        self._chance = random.Random(seed)
        self._threads: dict[int, PlainThread] = {}
        self.tips: list[PlainTip] = []
        self.cases: list[int] = []
        self._merged: dict[int, int] = {}
        for _ in range(rounds):
            self._take_in(tips)
            with open_home(desk.home, entry=SecretEntry(None)) as home:
                self._compute_owners(home)
                for _ in range(tips):
                    self._act(home)
                self._join(home)

    def case_of(self, thread: PlainThread) -> int | None:
        """The case that a thread is in, after merges."""
        return None if thread.case is None else self.whole_case(thread.case)

    def whole_case(self, case: int) -> int:
        """The case that this one was merged into, or itself."""
        while case in self._merged:
            case = self._merged[case]
        return case

    def _take_in(self, count: int) -> None:
        chance, invented = self._chance, []
        assert self._desk.server.manifest is not None
        monday = self._desk.server.manifest.manifest.intake[0].week.monday
        for number in range(count):
            mailbox = chance.choice((0, 0, *range(1, 9)))
            act = (
                chance.choice(("safe", "not-safe", "delete", "words-known"))
                if mailbox and chance.random() < 0.2
                else None
            )
            language, form = chance.choice(LANGUAGES), chance.choice(FORMS)
            is_urgent, files = chance.random() < 0.2, chance.choice((0, 0, 1, 3))
            fields = [("act", act)] if act else [("text", f"words {len(self.tips)} {number}")]
            fields += [("language", language)] if language else []
            fields += [("door", form)] if form else []
            fields += [("urgent", "yes")] if is_urgent else []
            day = monday + dt.timedelta(days=chance.randrange(7))
            envelope = self._desk.server.seal(
                fields=fields,
                files=[("a.txt", "text/plain", b"x")] * files,
                mailbox=a_mailbox(mailbox) if mailbox else None,
                kind=Kind.ACT if act else Kind.SUBMISSION,
                submission_id=(len(self.tips) * 1000 + number).to_bytes(16, "big"),
                day=day,
            )
            thread = (
                self._threads.setdefault(mailbox, PlainThread()) if mailbox else PlainThread(can_be_answered=False)
            )
            tip = PlainTip(
                "", thread, day, "act" if act else "tip", 0, is_urgent or act == "not-safe", language, form, files
            )
            invented.append((envelope, tip, act))
        ids = self._desk.take_in(*(envelope for envelope, _tip, _act in invented))
        for short_id, (_envelope, tip, act) in zip(ids, invented, strict=True):
            tip.short_id, tip.place = short_id, len(self.tips)
            tip.thread.message(tip.day, act)
            if tip.thread.status == "closed":
                tip.thread.status = "open"
            self.tips.append(tip)

    def _compute_owners(self, home: Home) -> None:
        for tip in self.tips:
            if not tip.thread.owner:
                tip.thread.owner = first_owner(reviewers(home), sharing_thread(self._submission(home, tip))).name

    def _act(self, home: Home) -> None:
        """One act of staff on one tip."""
        acts = (
            *(self._own, self._status, self._label, self._star, self._due),
            *(self._read, self._read, self._unread, self._put_away, self._answer, self._call),
        )
        self._chance.choice(acts)(home, self._chance.choice(self.tips))

    def _own(self, home: Home, tip: PlainTip) -> None:
        if tip.kind != "telephone":  # such a tip is in this casebook only
            tip.thread.owner = self._chance.choice(OWNERS)
            set_owner(home, self._number(home, tip), tip.thread.owner, today=TODAY)

    def _status(self, home: Home, tip: PlainTip) -> None:
        now = self._chance.choice(list(Status))
        tip.thread.status = str(now)
        set_status(home, self._number(home, tip), now, "passed on", today=TODAY)
        closed = [one for one in self.tips if one.thread is tip.thread and now is Status.CLOSED]
        tip.thread.is_closed_for = closed

    def _label(self, home: Home, tip: PlainTip) -> None:
        tip.thread.labels = set(self._chance.sample(LABELS, self._chance.randrange(3)))
        set_labels(home, self._number(home, tip), sorted(tip.thread.labels), today=TODAY)

    def _star(self, home: Home, tip: PlainTip) -> None:
        tip.thread.starred = self._chance.random() < 0.6
        set_star(home, self._number(home, tip), is_starred=tip.thread.starred, today=TODAY)

    def _due(self, home: Home, tip: PlainTip) -> None:
        tip.thread.due = self._chance.choice(DUE)
        set_due(home, self._number(home, tip), tip.thread.due, today=TODAY)

    def _read(self, home: Home, tip: PlainTip) -> None:
        opened(home, [self._submission(home, tip)])
        tip.read = True

    def _unread(self, home: Home, tip: PlainTip) -> None:
        set_read(home, self._submission(home, tip), is_read=False, today=TODAY)
        tip.read = False

    def _put_away(self, home: Home, tip: PlainTip) -> None:
        tip.put_away = not tip.archived
        (archive if tip.put_away else unarchive)(home, self._submission(home, tip), today=TODAY)
        if not tip.put_away and tip.thread.is_closed_for:
            tip.thread.status, tip.thread.is_closed_for = "open", []

    def _answer(self, home: Home, tip: PlainTip) -> None:
        submission = self._submission(home, tip)
        if submission.mailbox_bytes and tip.thread.can_be_answered:
            text = f"answer {self._chance.random()}"
            reply_to(home, submission, text, despite_two_keys=False, instead_of=tip.thread.owner, today=TODAY)
            tip.thread.reply(TODAY)

    def _call(self, home: Home, _tip: PlainTip) -> None:
        day, is_urgent = TODAY - dt.timedelta(days=self._chance.randrange(30)), self._chance.random() < 0.5
        entered = enter_report(home, "a call", by="Binta", day=day, is_urgent=is_urgent, language="es", today=TODAY)
        alone = PlainThread(owner="reviewer", can_be_answered=False)
        place = len(self.tips)
        self.tips.append(PlainTip(entered.short_id, alone, day, "telephone", place, is_urgent, "es", read=True))

    def _join(self, home: Home) -> None:
        """Open two cases, merge one of them, and split one off and back."""
        chance = self._chance
        for name in ("first", "second"):
            some = chance.sample(self.tips, 5)
            case = open_case(home, name, [], today=TODAY).number
            add_threads(home, case, [self._number(home, tip) for tip in some], today=TODAY)
            for tip in some:
                tip.thread.case = case
            self.cases.append(case)
        one, other = self.cases[-2:]
        held = [tip for tip in self.tips if tip.thread.case == other]
        if held:
            split = split_case(home, other, "third", [self._number(home, held[0])], today=TODAY)
            if chance.random() < 0.5:
                undo(home, split.number, today=TODAY)
            else:
                held[0].thread.case = split.number
                self.cases.append(split.number)
        merge_cases(home, other, into=one, today=TODAY)
        self._merged[other] = one

    @staticmethod
    def _submission(home: Home, tip: PlainTip) -> Submission:
        return home.casebook.submissions.find(tip.short_id)

    @classmethod
    def _number(cls, home: Home, tip: PlainTip) -> int:
        return thread_of(home, cls._submission(home, tip))
