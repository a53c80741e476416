"""A confined worker serves a whole site, and a kernel without Landlock is named."""

import subprocess
import sys
from pathlib import Path

from crypto.passphrases.mailbox import open_mailbox
from crypto.passphrases.passphrase import Passphrase
from lab.forensics.visitor import Address, Visitor
from tests.tipline.processes import port_of
from tests.tipline.served import ServedFolder, ask, raw, status_of
from tests.tipline.serving import OFF, serving_process
from tests.tipline.site_stage import Upload
from tests.tipline.web.test_confined import courier, outcomes, probed, target  # noqa: F401 -- fixtures
from tipline.supervisor.web_process import WebProcess

# What `serve` finds on a kernel without Landlock: no such call. All others are as before.
WITHOUT_LANDLOCK = """
import ctypes, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
step = struct.Struct("=HBBI")
steps = b"".join(step.pack(*each) for each in (
    (0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050026), (0x06, 0, 0, 0x7FFF0000)
))
class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))
filled = Program(4, steps)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(filled), 0, 0) == 0
from tipline.cli import main
sys.exit(main())
"""


def test_on_a_kernel_without_landlock_serve_says_what_is_left_open_and_the_doctor_does(
    served: ServedFolder, tmp_path: Path
) -> None:
    program = [sys.executable, "-c", WITHOUT_LANDLOCK]
    with serving_process(served.copy_to(tmp_path / "site"), tmp_path / "said", *OFF, program=program) as serving:
        port = int(serving.await_said(r"^address: http://127\.0\.0\.1:(\d+)/")[1])
        assert "no Landlock" in serving.said()
        assert ask(port, "GET", "/")[0] == 200
        assert serving.end() == 0
    command = [*program, "doctor", str(served.folder.path)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout
    assert "no Landlock" in told


def test_in_the_same_worker_a_source_sends_ten_mebibytes_logs_in_reads_writes_and_deletes(
    probed: WebProcess,  # noqa: F811 -- the fixture
    served: ServedFolder,
    outcomes: dict[str, int],  # noqa: F811 -- the fixture
    courier: Path,  # noqa: F811 -- the fixture
) -> None:
    assert outcomes, "it was tried here before"
    visitor = Visitor(Address("127.0.0.1", port_of(probed)))
    visitor.get("/")
    visitor.upload("/", [("nonce", visitor.hidden("nonce")), ("text", "hello")], [Upload("a.bin", bytes(10 << 20))])
    words = " ".join(visitor.words())
    outbox = served.outbox(("an answer", open_mailbox(Passphrase.parse(words), by=served.organisation.derivation)))
    head = f"POST /outbox HTTP/1.1\r\nHost: courier\r\nContent-Length: {len(outbox)}\r\n\r\n".encode()
    assert status_of(raw(courier, head + outbox)) == 200
    visitor.post("/mailbox", [("passphrase", words)])
    assert "an answer" in visitor.page
    form = visitor.hidden("nonce", form="/mailbox/write"), visitor.hidden("nonce", form="/mailbox/delete")
    visitor.upload("/mailbox/write", [("nonce", form[0]), ("text", "more")])
    visitor.post("/mailbox/delete", [("nonce", form[1]), ("which", "all")])
    visitor.post("/mailbox", [("passphrase", words)])
    assert visitor.status == 200
    assert "an answer" not in visitor.page
    assert served.waiting() >= 2, "both texts are kept"
    assert status_of(raw(courier, b"GET /bundles HTTP/1.1\r\nHost: courier\r\n\r\n")) == 200
