"""Short-lived data of the site goes from memory by itself, also when no one visits any more."""

import time
from collections.abc import Iterator, Sized
from pathlib import Path

import pytest

import tipline
from tests.tipline.processes import eventually
from tests.tipline.site_stage import Stage, Upload
from tipline.intake.passphrase_pool import PassphrasePool
from tipline.intake.receipts import Receipts
from tipline.limits.circuit_counter import CircuitCounter
from tipline.limits.kdf_queue import KdfQueue
from tipline.limits.rate_limit import CIRCUIT_SECONDS, FORM_SECONDS, RateLimit
from tipline.limits.request_scheduler import WorkSlot
from tipline.limits.upload_quota import SHORT_REQUEST_BYTES, UploadQuota
from tipline.mailbox.sessions import Sessions
from tipline.requests.circuit import Circuit
from tipline.requests.nonce import LONGEST_AGE_SECONDS
from tipline.requests.progress import Progress
from tipline.requests.refusals import Reason, Refused

FORGETFUL = (
    Sessions,
    Receipts,
    Progress,
    PassphrasePool,
    KdfQueue,
    UploadQuota,
    RateLimit,
    WorkSlot,
)


class Clock:
    """Seconds that go on, and further when they are told to."""

    later = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.later


class Body:
    """Of an upload that broke off."""

    announced_bytes = 100
    arrived_bytes = 70


@pytest.fixture
def clock() -> Clock:
    """The clock of the site, and of its rate limit."""
    return Clock()


@pytest.fixture
def line(clock: Clock) -> RateLimit:
    return RateLimit(is_on=lambda: True, seconds=clock)


@pytest.fixture
def visited(tmp_path: Path, clock: Clock, line: RateLimit) -> Iterator[Stage]:
    """Someone sent a text and a file, opened a mailbox, was told to wait, and had an upload that broke off."""
    stage = Stage(tmp_path, line=line, seconds=clock)
    stage.browser.address = "fc00:dead:beef:4dad::1:2"
    forms = [stage.browser.get("/").hidden("nonce") for _ in "12"]
    clock.later += FORM_SECONDS + 1
    words = stage.browser.send_tip("hello", nonce=forms[0]).words
    clock.later += CIRCUIT_SECONDS
    assert stage.browser.send_tip("", [Upload("a", bytes(SHORT_REQUEST_BYTES))], nonce=forms[1]).words
    assert stage.browser.send_tip("of a form that no one knows", nonce="0" * 32).status == 503
    assert stage.browser.open_mailbox(words).status == 200
    with stage.site.slot.exclusive(Circuit(stage.browser.address)):
        progress = stage.site.progress
    with pytest.raises(Refused), progress.following(progress.token(), Body()):
        raise Refused(Reason.BROKEN)
    yield stage
    stage.close()


def remembered(stage: Stage, line: RateLimit) -> dict[str, int]:
    site = stage.site
    kept: dict[str, Sized] = {
        "open mailboxes": site.sessions._open,
        "receipts with their words": site.receipts._receipts,
        "handles for more files": site.receipts._handles,
        "uploads that broke off": site.progress._failed,
        "circuits that had words": site.pool._had._had,
        "circuits that logged in": site.pool._derivations._were_let_in._had,
        "circuits that brought files": site.quota._files.brought._had,
        "circuits that brought texts": site.quota._texts.brought._had,
        "forms that were let in": line._admitted,
        "forms that no one knows": line._strangers,
        "circuits whose turn will come": line._next_turns,
        "circuits and their log-ins": line._log_ins,
        "circuits that had a turn": site.slot._had._had,
    }
    return {what: len(those) for what, those in kept.items()}


def test_the_site_forgets_by_itself_all_that_has_its_time_and_nothing_before(
    visited: Stage, clock: Clock, line: RateLimit
) -> None:
    for sweep in visited.site._sweeper._tasks:
        sweep()
    before = remembered(visited, line)
    assert all(before.values()), before
    clock.later += LONGEST_AGE_SECONDS + 1
    visited.site._sweeper._every_seconds = 0.01
    visited.site.start()
    try:
        nothing = dict.fromkeys(before, 0)
        eventually(lambda: remembered(visited, line) == nothing)
        assert remembered(visited, line) == nothing
    finally:
        visited.site.stop()


def test_whatever_can_be_swept_is_in_the_test_before() -> None:
    folder = Path(tipline.__file__).parent
    sweeps = {path.stem for path in folder.rglob("*.py") if "def sweep(self)" in path.read_text(encoding="utf-8")}
    assert sweeps == {kind.__module__.rpartition(".")[2] for kind in (*FORGETFUL, CircuitCounter)}
