"""The frames of the page for files, looked at with axe."""

from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.accessibility.axe import faults
from tests.end_to_end.site_in_firefox import site_in_firefox
from tests.end_to_end.test_files_in_firefox import MIB
from tipline.requests.progress import Progress
from tipline.requests.refusals import Reason, Refused

pytestmark = pytest.mark.browser


class Body:
    """An upload that stands still."""

    def __init__(self, arrived_bytes: int) -> None:
        self.announced_bytes = 10 * MIB
        self.arrived_bytes = arrived_bytes


def test_axe_finds_nothing_in_the_frames_but_that_the_counting_one_asks_again(tmp_path: Path) -> None:
    tokens = [Progress.token() for _ in range(4)]
    with (
        Firefox(tmp_path / "browser", scripts=True) as window,
        site_in_firefox(tmp_path, window) as site,
    ):
        progress = site.stage.site.progress
        for token, reason in zip(tokens, (Reason.BROKEN, Reason.REQUEST_TOO_BIG), strict=False):
            with pytest.raises(Refused), progress.following(token, Body(3 * MIB)):
                raise Refused(reason)
        with progress.following(tokens[2], Body(3 * MIB)), progress.following(tokens[3], Body(10 * MIB)):
            told = set()
            for token in (*tokens, Progress.token()):
                window.open(f"{site.address}/files/progress?upload={token}")
                told.add(window.text("main"))
                # Nothing counts without scripts but a page that comes again; it stops by itself.
                assert {fault.partition(":")[0] for fault in faults(window)} <= {"meta-refresh"}
            assert len(told) == 5
        window.open(f"{site.address}/files/send")
        assert faults(window) == []
