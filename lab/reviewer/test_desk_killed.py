"""Buttons of the desk, killed at over 100 moments of their writes: all of it is there, or nothing is.

Each button is pressed in a process of its own, which is killed at ten of its writes. The casebook then equals, row
for row, the one before the press or the one after a whole press. Where it is as before, the same press works.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lab.reviewer.killed_press import KilledPress, everything_in, press
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk.open_desk import open_desk
from tests.reviewer.desk_stage import Desk

MOMENTS = 10
MINUTES = {"casebook.db log_people"}
"""Tables with the minute in which something was done."""
Prepared = tuple[str, Mapping[str, str]]


class Stage:
    """Two tips, each with a file, a note and two cases; a colleague who has something to tell."""

    def __init__(self, desk: Desk, second: Colleague) -> None:
        self.desk = desk
        self.backup = desk.folder / "casebook.age"
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
        self.shared = desk.folder / "for-colleagues"
        second.do("share", "write", second.home, self.shared)
        self.bundle = desk.folder / "next.bundle"
        next_bundle = desk.server.submissions(desk.server.seal(submission_id=b"3" * 16, mailbox=a_mailbox(3)))
        desk.write(next_bundle).rename(self.bundle)

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
        return f"/tip/{self.tip}/delete", {"what": "tip", "because": "harm"}

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

    def backup_recorded(self) -> Prepared:
        return "/rounds/backup", {"file": str(self.backup)}

    def bundle_taken_in(self) -> Prepared:
        return "/rounds/import", {"file": str(self.bundle)}


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
    Stage.tip_into_the_bin,
    Stage.tip_out_of_the_bin,
    Stage.file_into_quarantine,
    Stage.share_read,
    Stage.telephone_report,
    Stage.backup_recorded,
    Stage.bundle_taken_in,
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
        stage.backup.unlink(missing_ok=True)
        stage.pressed(path, **fields)
        wholes.append(_state(home))
        killed.put_back()
    # Tables that no two presses fill alike, as they hold what is made up at random, are compared by their length.
    differing = MINUTES | {table for table in wholes[0] if wholes[0][table] != wholes[1][table]}
    before, after = (_comparable(one, differing) for one in (before, wholes[0]))
    assert before != after
    moments = killed.spread(MOMENTS)
    assert len(moments) == MOMENTS
    outcomes = []
    for moment in moments:
        stage.backup.unlink(missing_ok=True)
        assert killed.run(moment) < 0, moment
        state = _comparable(_state(home), differing)
        assert state in (before, after), (moment, _difference(state, before), _difference(state, after))
        outcomes.append(state == after)
        if state == before:
            stage.pressed(path, **fields)
            assert _comparable(_state(home), differing) == after, moment
        elif path == "/rounds/backup":
            assert stage.backup.exists(), moment
        stage.desk.do("log", "verify", home)
        killed.put_back()
    assert outcomes == sorted(outcomes), "once it is there, it stays"
    assert not outcomes[0]


def _state(home: Path) -> dict[str, Any]:
    with open_desk(home) as opened:
        return everything_in(opened)


def _comparable(state: Mapping[str, Any], differing: set[str]) -> dict[str, Any]:
    return {table: len(rows) if table in differing else rows for table, rows in state.items()}


def _difference(state: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [table for table in state if state[table] != other.get(table)]
