"""Buttons of the desk, killed at over 100 moments of their writes: all of it is there, or nothing is.

Each button is pressed in a process of its own, which is killed at ten of its writes. The casebook then equals, row
for row, the one before the press or the one after a whole press. Where it is as before, the same press works.
A report that came in whole may still wait to be read for findings: reading goes on at the next command.
What a press writes outside of the home is whole or not there, and is never there without its line in the log.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lab.reviewer.killed_press import KilledPress, everything_in, press
from reviewer.linking.tip_reading import read_new_tips
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk.open_desk import open_desk, ticks
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.test_hand_over import key_of

MOMENTS = 10
MINUTES = {"casebook.db log_people"}
"""Tables with the minute in which something was done."""
READ_LATER = "casebook.db tip_readings"
"""The tips that were read for findings."""
TAKES_IN = {"/telephone", "/hand-over/read"}
"""Presses that take in a report, and read it for findings when it is kept."""
Prepared = tuple[str, Mapping[str, str]]


class Stage:
    """Two tips, each with a file, a note and two cases; a colleague who has something to tell."""

    def __init__(self, desk: Desk, second: Colleague) -> None:
        self.desk = desk
        self.package = desk.folder / "package"
        self.backup = desk.folder / "casebook.age"
        self.handed = desk.folder / "case.handover"
        envelopes = [
            desk.server.seal(
                fields=[("text", f"tip number {number} " + "with many words " * 300)],
                files=[("a.txt", "text/plain", bytes([number]) * 200_000)],
                mailbox=a_mailbox(number),
                submission_id=bytes([number]) * 16,
            )
            for number in (1, 2)
        ]
        bundle = desk.server.submissions(*envelopes)
        second.do("import", second.home, desk.write(bundle))
        desk.do("import", desk.home, desk.write(bundle))
        self.tip, self.other = (one["id"] for one in desk.submissions())
        for one in (self.tip, self.other):
            desk.do("case", "new", desk.home, f"The house of {one}", one)
        self.pressed(f"/tip/{self.tip}/owner", owner="reviewer")
        with open_desk(second.home) as opened:
            opened.done(f"/tip/{self.other}/owner", owner="second")
            opened.answer(self.other, "We read it.")
            opened.done(f"/tip/{self.other}/note", text="She calls in the evening.")
        self.shared_before = desk.folder / "before-for-colleagues"
        second.do("share", "write", second.home, self.shared_before)
        second.delete_part(self.other, "--file", "1", because="harm")
        second.delete_part(self.other, "--answer", "1", because="asked")
        self.shared = desk.folder / "for-colleagues"
        second.do("share", "write", second.home, self.shared)

    def pressed(self, path: str, **fields: str) -> None:
        with open_desk(self.desk.home) as opened:
            press(opened, path, fields)

    def answer_sealed(self) -> Prepared:
        return f"/tip/{self.tip}/reply", {"text": "We read it, and we believe you."}

    def answer_taken_back(self) -> Prepared:
        self.pressed(f"/tip/{self.tip}/reply", text="We read it, and we believe you.")
        return f"/tip/{self.tip}/reply/take-back", {}

    def marks(self) -> Prepared:
        return f"/tip/{self.tip}/marks", {
            "owner": "second",
            "status": "waiting",
            "reason": "",
            "due": "2027-01-15",
            "starred": "on",
            "labels": "housing, passport",
        }

    def note(self) -> Prepared:
        return f"/tip/{self.tip}/note", {"text": "The neighbour saw the same van."}

    def case_merged(self) -> Prepared:
        return "/case/1/merge", {"into": "2"}

    def tip_deleted(self) -> Prepared:
        path = f"/tip/{self.tip}/delete"
        with open_desk(self.desk.home) as opened:
            return path, _hidden(opened.page(path)) | {"what": "tip", "because": "harm"}

    def file_deleted(self) -> Prepared:
        return self._part_deleted(0)

    def sent_answer_deleted(self) -> Prepared:
        self.pressed(f"/tip/{self.tip}/reply", text="We read it, and we believe you.")
        self.desk.do("outbox", self.desk.home, "--out", self.desk.folder / "out.bundle")
        return self._part_deleted(1)

    def _part_deleted(self, place: int) -> Prepared:
        path = f"/tip/{self.tip}/delete"
        with open_desk(self.desk.home) as opened:
            part = opened.parts(self.tip)[place]
            return path, _hidden(opened.page(f"{path}?what={part}")) | {"because": "harm"}

    def file_proposal_confirmed(self) -> Prepared:
        return f"/proposals/part/{self._proposed('file')}/confirm", {}

    def file_proposal_held(self) -> Prepared:
        return f"/proposals/part/{self._proposed('file')}/hold", {}

    def answer_proposal_confirmed(self) -> Prepared:
        return f"/proposals/part/{self._proposed('answer')}/confirm", {}

    def _proposed(self, part: str) -> str:
        for file in (self.shared_before, self.shared):
            self.pressed("/rounds/share-read", file=str(file))
        waiting = self.desk.json("proposals", self.desk.home)["parts"]
        (name,) = (one["name"] for one in waiting if one["part"] == part)
        return str(name)

    def evidence_written(self) -> Prepared:
        made = subprocess.run(["age-keygen"], check=True, capture_output=True, text=True)
        key = re.findall(r"age1[a-z0-9]+", made.stdout)[0]
        with open_desk(self.desk.home) as opened:
            form = opened.page(f"/evidence?tips={self.tip}")
            chosen = {one: ticks(form, one)[0] for one in ("passage", "file")}
            preview = opened.post("/evidence/preview", tips=self.tip, receiver="Prosecutor", to=key, **chosen)
            assert preview.status_code == 200, preview.text
        return "/evidence/write", _hidden(preview.text) | {"folder": str(self.package)}

    def tip_into_the_bin(self) -> Prepared:
        return f"/tip/{self.tip}/bin", {}

    def tip_out_of_the_bin(self) -> Prepared:
        self.pressed(f"/tip/{self.tip}/bin")
        return f"/bin/{self.tip}/back", {}

    def file_into_quarantine(self) -> Prepared:
        return f"/tip/{self.tip}/quarantine/1", {}

    def share_read(self) -> Prepared:
        return "/rounds/share-read", {"file": str(self.shared)}

    def telephone_report(self) -> Prepared:
        return "/telephone", {"text": "A caller told of the farm. " * 200, "by": "reviewer", "day": "2026-11-20"}

    def hand_over_written(self) -> Prepared:
        _other, key, words = self._other()
        first = self.desk.folder / "first.handover"
        self._hand_over(self.other, key, words, first)  # from now on the key counts as compared
        with open_desk(self.desk.home) as opened:
            form = opened.page(f"/hand-over?tips={self.tip}")
            ticked = {
                one: form.partition(f'name="{one}" value="')[2].partition('"')[0] for one in ("field", "file")
            }
            chosen = ticked | {"tips": self.tip, "told": "agreed", "key_file": str(key)}
            preview = opened.post("/hand-over/preview", **chosen)
            assert preview.status_code == 200, preview.text
        return "/hand-over/write", _hidden(preview.text) | {"words": words, "out": str(self.handed)}

    def hand_over_read(self) -> Prepared:
        other, key, words = self._other()
        case = self.desk.folder / "first.handover"
        self._hand_over(self.tip, key, words, case)
        _own, own_words = key_of(self.desk)
        self.desk = other
        return "/hand-over/read", {"file": str(case), "words": own_words}

    def _other(self) -> tuple[Desk, Path, str]:
        other = self.desk.beside(self.desk.folder / "other")
        other.do("init", other.home, "--root", other.root, "--organisation", "Example Shelter")
        return other, *key_of(other)

    def _hand_over(self, short_id: str, key: Path, words: str, out: Path) -> None:
        to = ("--to", key, "--words", words, "--told", "agreed", "--fields", "all", "--files", "all")
        self.desk.leave("hand-over", "write", self.desk.home, short_id, *to, "--out", out)

    def retention_deleted(self) -> Prepared:
        self.pressed("/retention/rule", which="any", status="any", days="30")
        self.desk.tamper("UPDATE submissions SET imported_day = '2026-01-15'")
        with open_desk(self.desk.home) as opened:
            page = opened.page("/retention")
        return "/retention/delete", {"code": page.partition('name="code" value="')[2].partition('"')[0]}

    def made(self) -> dict[str, int]:
        """Files that a press wrote outside of the home, with their bytes."""
        package = sorted(self.package.iterdir()) if self.package.exists() else []
        return {one.name: one.stat().st_size for one in [self.handed, *package] if one.is_file()}

    def put_away(self) -> None:
        """Take away what a press wrote outside of the home."""
        self.backup.unlink(missing_ok=True)
        self.handed.unlink(missing_ok=True)
        shutil.rmtree(self.package, ignore_errors=True)

    def backup_recorded(self) -> Prepared:
        return "/rounds/backup", {"file": str(self.backup)}


@pytest.fixture
def stage(desk: Desk, second: Colleague) -> Stage:
    return Stage(desk, second)


ACTS = [
    Stage.answer_sealed,
    Stage.answer_taken_back,
    Stage.marks,
    Stage.note,
    Stage.case_merged,
    Stage.tip_deleted,
    Stage.file_deleted,
    Stage.sent_answer_deleted,
    Stage.file_proposal_confirmed,
    Stage.file_proposal_held,
    Stage.answer_proposal_confirmed,
    Stage.evidence_written,
    Stage.tip_into_the_bin,
    Stage.tip_out_of_the_bin,
    Stage.file_into_quarantine,
    Stage.share_read,
    Stage.telephone_report,
    Stage.backup_recorded,
    Stage.hand_over_written,
    Stage.hand_over_read,
    Stage.retention_deleted,
]


@pytest.mark.parametrize("prepare", ACTS, ids=lambda act: act.__name__)
def test_98_a_press_that_is_killed_changes_all_or_nothing(
    stage: Stage, prepare: Callable[[Stage], Prepared]
) -> None:
    path, fields = prepare(stage)
    home = stage.desk.home
    before, opened_before = _state(home), _state(home)
    assert before == opened_before, "opening the desk changes nothing"
    killed = KilledPress(stage.desk, path, fields)
    wholes = []
    for _run in range(2):
        stage.pressed(path, **fields)
        wholes.append(_state(home))
        made = stage.made()
        stage.put_away()
        killed.put_back()
    # Tables that no two presses fill alike, as they hold what is made up at random, are compared by their length.
    differing = MINUTES | {table for table in wholes[0] if wholes[0][table] != wholes[1][table]}
    if path == "/rounds/backup":  # the line in the log comes first, as it has to be in the backup
        for one in (before, wholes[0]):
            del one["casebook.db log"], one["casebook.db log_people"]
    before, after = (_comparable(one, differing) for one in (before, wholes[0]))
    assert before != after
    moments = killed.spread(MOMENTS)
    assert len(moments) == MOMENTS
    outcomes = []
    for moment in moments:
        stage.put_away()
        assert killed.run(moment) < 0, moment
        state = _comparable(_state(home), differing, tables=before)
        if path in TAKES_IN and _difference(state, after) == [READ_LATER]:
            with open_desk(home) as opened:
                read_new_tips(opened.desk_session.home)
            state = _comparable(_state(home), differing, tables=before)
        assert state in (before, after), (moment, _difference(state, before), _difference(state, after))
        outcomes.append(state == after)
        assert stage.made() in ({}, made), moment
        assert state == after or not stage.made(), f"{moment}: it lies there without its line in the log"
        if state == before:
            stage.pressed(path, **fields)
            assert _comparable(_state(home), differing, tables=before) == after, moment
        elif path == "/rounds/backup":
            assert stage.backup.exists(), moment
        stage.desk.do("log", "verify", home)
        killed.put_back()
    assert outcomes == sorted(outcomes), "once it is there, it stays"
    assert not outcomes[0]


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of a form, without the mark of its press, which belongs to one unlocking."""
    fields = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page))
    return {name: value for name, value in fields.items() if name not in ("press", "page")}


def _state(home: Path) -> dict[str, Any]:
    with open_desk(home) as opened:
        return everything_in(opened)


def _comparable(
    state: Mapping[str, Any], differing: set[str], *, tables: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    return {table: len(state[table]) if table in differing else state[table] for table in tables or state}


def _difference(state: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [table for table in state if state[table] != other.get(table)]
