"""Thousands of hostile requests against the real web process, behind tor's socket: none harms it, and a source
still gets a receipt afterwards."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from lab.hostile.corpus import corpus
from lab.hostile.hosts import ADDRESS
from lab.hostile.proxy_lines import LINE
from lab.hostile.replay import Outcome, Replay
from lab.hostile.request import CANARY, END, NONCE, part, post
from onion.runtime_dir import RuntimeDir
from tests.tipline.processes import children_of, eventually
from tests.tipline.served import ServedFolder, raw
from tipline.pages.headers import FIXED, HOLDS_FRAMES, IN_A_FRAME, KEPT_BY_NAME

_TIP = post(b"/", part(b'form-data; name="nonce"', NONCE[::-1]) + part(b'form-data; name="text"', b"hello") + END)
_MOST_WARM_BYTES = 160 << 20
"""After all were sent for the first time: about 66 MB are in use then, and 10 to 25 MB of heap are free."""
_GROWTH_BYTES = 16 << 20
"""While all are sent for the second time. What is in use stays within 0.2 MB then; but large bodies that were there
at the same time leave 10 to 25 MB of heap that is free and cannot be given back: it is locked, and only its end is
ever cut off. How much that is changes with the load of the machine, up and down."""
_GROWTH_AGAIN_BYTES = 2 << 20
"""Mostly, when a third of them is sent again and again: 1,600 that left 1.4 KiB each would be more, each time, once
they had filled the heap that is free."""
_REST_SECONDS = 2.0
_HEADERS = {
    *(name for name, _ in FIXED),
    *("Cache-Control", "Connection", "Content-Length", "Content-Type", "X-Fill"),
}


@dataclass(frozen=True, slots=True)
class Played:
    """The measurements after all was sent twice, and a third of it three times more: outcomes, resident bytes after
    each, the log, rows in the store, and the answer to a tip that came last."""

    outcomes: list[Outcome]
    resident_bytes: list[int]
    said: str
    rows: int
    worker_is_the_same: bool
    tip: bytes
    rows_with_the_tip: int


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("hostile")
    served = ServedFolder(folder / "site")
    shipped = Path(__file__).parent.parent.parent / "templates" / "doors"
    served.folder.doors.mkdir()
    (served.folder.doors / "door.toml").write_bytes(min(shipped.glob("*.toml")).read_bytes())
    requests = [(family, request) for family, mine in corpus().items() for request in mine]
    with RuntimeDir(Path("/" + "x" * 200)) as run, open(folder / "said", "wb") as sink:
        address = run.path / "s"
        starter = [sys.executable, "-c", _START, str(served.folder.path), str(address), ADDRESS.decode()]
        with subprocess.Popen(starter, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sink) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(served.key.hex().encode() + b"\n")
            process.stdin.flush()
            web = int(process.stdout.readline())
            replay, worker = Replay(address), _worker(web)
            outcomes, resident = [], []
            for chosen in (requests, requests, *[requests[::3]] * 3):
                outcomes += replay.play(chosen)
                resident.append(_at_rest_bytes(worker))
            same = _worker(web) == worker
            rows = served.rows()
            tip = raw(address, LINE + _TIP)
            yield Played(outcomes, resident, (folder / "said").read_text(), rows, same, tip, served.rows())
            process.stdin.close()


_START = """
import sys
from pathlib import Path
from tipline.machine.listener import ListenAddress
from tipline.supervisor.web_process import WebProcess
from tipline.web.order import WebOrder

key = bytes.fromhex(sys.stdin.readline())
public = ListenAddress(Path(sys.argv[2]), None)
with WebProcess(WebOrder(Path(sys.argv[1]), key, public, None, behind_tor=True, address=sys.argv[3])) as web:
    print(web.process_id, flush=True)
    sys.stdin.read()
"""


def _worker(web: int) -> int:
    (only,) = children_of(web)
    return only


def _resident_bytes(process: int) -> int:
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1]) * 1024


def _at_rest_bytes(process: int) -> int:
    """Resident, once that has not changed for some seconds: a passphrase made ready takes 64 MiB meanwhile."""
    read, since = _resident_bytes(process), time.monotonic()

    def is_at_rest() -> bool:
        nonlocal read, since
        if (now := _resident_bytes(process)) != read:
            read, since = now, time.monotonic()
        return time.monotonic() - since > _REST_SECONDS

    assert eventually(is_at_rest, seconds=120), "its memory never came to rest"
    return read


def test_every_hostile_request_is_answered_or_hung_up_on(played: Played) -> None:
    assert [str(each) for each in played.outcomes if each.hung] == []
    silent = [each for each in played.outcomes if each.status == 0 and not each.request.may_be_silent]
    assert [str(each) for each in silent] == []


def test_no_hostile_request_gets_more_than_a_refusal_or_a_page(played: Played) -> None:
    wrong = [each for each in played.outcomes if each.status and each.status not in each.request.statuses]
    assert [str(each) for each in wrong] == []
    assert not [each for each in played.outcomes if each.status in {-1, 500}]
    # Each came alone enough to be looked at: who is told to wait is told nothing of the request.
    waits = [str(each) for each in played.outcomes if each.status in {429, 503}]
    assert len(waits) < len(played.outcomes) / 50, waits[:5]


def test_every_answer_to_a_hostile_request_is_one_whole_answer_with_the_headers_of_all(played: Played) -> None:
    fixed = dict(FIXED)
    for outcome in played.outcomes:
        if not outcome.status:
            continue
        sent = dict(outcome.headers())
        assert len(sent) == len(outcome.headers()), str(outcome)
        assert set(sent) - {"Location", "Allow", "Retry-After"} == _HEADERS, str(outcome)
        assert sent["Cache-Control"] in {"no-store", KEPT_BY_NAME}
        framed = sent["Content-Security-Policy"] == IN_A_FRAME
        for name, value in fixed.items():
            may_be = {value, HOLDS_FRAMES, IN_A_FRAME} if name == "Content-Security-Policy" else {value}
            assert sent[name] in (may_be | {"SAMEORIGIN"} if framed and name == "X-Frame-Options" else may_be)
        length = int(sent["Content-Length"])
        has_none = outcome.request.sent.startswith(b"HEAD ") and outcome.status != 400
        assert len(outcome.parts[1]) == (0 if has_none else length), str(outcome)


def test_nothing_of_a_hostile_request_is_quoted_outside_of_the_box_it_was_typed_into(played: Played) -> None:
    assert [str(each) for each in played.outcomes if each.quotes()] == []


def test_hostile_requests_leave_nothing_in_the_store_and_nothing_in_the_log(played: Played) -> None:
    assert played.rows == 0
    assert CANARY not in played.said
    assert "Traceback" not in played.said
    assert "request failed" not in played.said
    assert len(played.said.splitlines()) < 10


def test_memory_does_not_grow_and_the_worker_stays_the_same(played: Played) -> None:
    assert played.worker_is_the_same
    # The first time threads start, pages are rendered, and the largest blocks are taken.
    warm, *later = played.resident_bytes
    assert warm < _MOST_WARM_BYTES, played.resident_bytes
    assert min(later) - warm < _GROWTH_BYTES, played.resident_bytes
    # What leaks does so each time, and what is free for a while goes up or down once.
    growth = [after - before for before, after in pairwise(later)]
    assert median(growth) < _GROWTH_AGAIN_BYTES, played.resident_bytes


def test_after_all_of_them_a_source_gets_a_receipt(played: Played) -> None:
    assert played.tip.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"data-passphrase" in played.tip
    assert played.rows_with_the_tip == 2
