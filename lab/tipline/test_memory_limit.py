"""The processes of the site come to the end of the memory that their control group has, and the kernel kills one:
anyone who was shown a receipt has a tip in the store, and the site goes on by itself when there is memory again.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from lab.forensics.places import below
from lab.tipline.control_group import ControlGroup, control_group
from tests.tipline.processes import eventually
from tests.tipline.served import ServedFolder, raw
from tests.tipline.serving import OFF, serving_process
from tests.tipline.site_stage import BOUNDARY, Upload, multipart

LITTLE_BYTES = 2 << 20
"""Less than the uploads need that are under way, and than the derivation of a passphrase."""
SOURCES = 6
KILLS = 3


@dataclass
class Crowd:
    """Sources who send one tip with a file after the other until it is over."""

    port: int
    over: threading.Event = field(default_factory=threading.Event)
    receipts: list[bytes] = field(default_factory=list)
    refusals: list[bytes] = field(default_factory=list)
    unanswered: list[bytes] = field(default_factory=list)

    def source(self) -> None:
        while not self.over.is_set():
            answer = self._press()
            status = answer[:12]
            if b"data-passphrase" in answer:
                self.receipts.append(status)
            elif answer:
                self.refusals.append(status)
            else:
                self.unanswered.append(status)
                self.over.wait(0.2)

    def go_on(self) -> None:
        """Until each could have been told once more that a tip was kept."""
        least = len(self.receipts) + SOURCES
        assert eventually(lambda: len(self.receipts) > least), "the site does not come back"

    def _press(self) -> bytes:
        """The answer; empty where the connection broke off."""
        body = multipart(
            [("nonce", os.urandom(16).hex()), ("text", "some")], [Upload("a.bin", os.urandom(6 << 20))]
        )
        head = f"POST / HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: {len(body)}\r\n"
        head += f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
        try:
            return raw(self.port, head.encode() + body, seconds=30)
        except OSError:
            return b""


def run_out_of_memory(group: ControlGroup) -> None:
    """The kernel has killed one of them for it."""
    before = group.kills()

    def has_killed() -> bool:
        if group.kills() > before:
            return True  # what is left has less: not lowered to that as well
        squeeze()
        return False

    with group.squeezed(LITTLE_BYTES) as squeeze:
        assert eventually(has_killed), "there was memory enough"


def test_killed_for_memory_in_the_middle_of_uploads_the_site_loses_no_receipt_and_comes_back_by_itself(
    tmp_path: Path,
) -> None:
    served = ServedFolder(tmp_path / "site")
    with (
        control_group(f"tipline-test-{os.getpid()}") as group,
        serving_process(served, tmp_path / "said", *OFF) as serving,
    ):
        group.take(serving.process.pid)
        crowd = Crowd(int(serving.await_said(r"^address: http://127\.0\.0\.1:(\d+)")[1]))
        serving.await_said("^ready")
        for process in below(serving.process.pid):  # what was there before its own parent was taken
            group.take(process)
        with ThreadPoolExecutor(SOURCES) as sources:
            for _ in range(SOURCES):
                sources.submit(crowd.source)
            try:
                for _ in range(KILLS):
                    crowd.go_on()
                    run_out_of_memory(group)
                crowd.go_on()
            finally:
                crowd.over.set()
        assert set(crowd.refusals) <= {b"HTTP/1.1 503"}
        with served.store() as store:
            kept = store.submissions.waiting()
            assert store.damage() == []
            assert all(sum(map(len, store.submissions.pieces(one.submission))) == one.length for one in kept)
        assert len(crowd.receipts) <= len(kept) <= len(crowd.receipts) + len(crowd.unanswered)
        assert "Traceback" not in serving.said()
        assert serving.end() == 0
