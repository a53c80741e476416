"""A save that is ended at any step."""

import pytest

from tests.fakes_server import a_mailbox
from tests.reviewer.cut_short import CutShort
from tests.reviewer.desk_stage import Desk

pytestmark = pytest.mark.usefixtures("signals_end")


STEPS = {"mkdir": 1, "fsync": 1, "rename": 1}
"""Every call of these: the folder is made, its files are written, it gets its name."""


@pytest.mark.parametrize("name", ["TERM", "HUP"])
def test_a_save_that_is_ended_at_any_step_leaves_the_whole_folder_or_nothing(desk: Desk, name: str) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "a tip")], mailbox=a_mailbox()))
    stick = desk.folder / "stick"
    stick.mkdir()
    save = ["save", desk.home, short_id, "--on-disk", "--to", stick / "case"]
    cut = CutShort(desk, save, folders=[desk.home, stick])
    left = []
    for moment in cut.moments(STEPS, name=name):
        code = cut.run(moment)
        files = sorted(str(path.relative_to(stick)) for path in stick.rglob("*"))
        assert files in ([], ["case", "case/contents.json", "case/message.raw", "case/message.txt"]), (moment, code)
        left.append((code, len(files)))
        cut.put_back()
    assert (1, 0) in left
    assert {code for code, _files in left} <= {0, 1}
