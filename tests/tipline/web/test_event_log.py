"""The log of the web process holds names of events and places, and nothing that came from anyone."""

import subprocess
import sys
from pathlib import Path

import pytest

from onion.runtime_dir import RuntimeDir
from tests.tipline.processes import ended_after
from tests.tipline.served import ServedFolder, raw
from tests.tipline.site_stage import BOUNDARY, multipart

CANARY = b"canary-51c9"
_BODY = multipart([("nonce", CANARY.decode()), ("text", CANARY.decode())])
_POST = b"POST /%s?%s HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Length: %d\r\nX-C: %s\r\n"
_KIND = b"Content-Type: multipart/form-data; boundary=" + BOUNDARY.encode() + b"\r\n\r\n"
REQUESTS = [
    CANARY + b"\r\n\r\n",
    b"GET / HTTP/9.9\r\nX: " + CANARY + b"\r\n\r\n",
    b"GET /" + CANARY + b" HTTP/1.1\r\n" + CANARY + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: " + CANARY + b"\r\nTransfer-Encoding: " + CANARY + b"\r\n\r\n",
    _POST % (b"", CANARY, len(_BODY), CANARY) + _KIND + _BODY,
    _POST % (CANARY, CANARY, len(_BODY), CANARY) + _KIND + _BODY,
    _POST % (b"mailbox", CANARY, len(_BODY), CANARY) + _KIND + _BODY,
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + _KIND + CANARY + b"\r\n" + CANARY,
]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """All that a server said while it got these requests, and fifty times the first of them."""
    folder = tmp_path_factory.mktemp("log")
    served = ServedFolder(folder / "site")
    command = [sys.executable, "-c", "from tipline.cli import main; main()", "serve", str(served.folder.path)]
    command += ["--passphrase-file", str(served.passphrase_file), "--tor", "off", "--bind"]
    with RuntimeDir(Path("/" + "x" * 200)) as run, open(folder / "said", "wb") as sink:
        address = run.path / "s"
        server = subprocess.Popen([*command, f"unix:{address}"], stdout=subprocess.PIPE, stderr=sink)
        with ended_after(server):
            assert server.stdout is not None
            while server.stdout.readline() not in {b"ready\n", b""}:
                pass
            for request in REQUESTS + REQUESTS[:1] * 50:
                assert raw(address, request).startswith(b"HTTP/1.")
    return (folder / "said").read_text()


def test_nothing_of_a_bad_or_a_good_request_is_in_the_log(said: str) -> None:
    assert "event: web server at" in said
    assert CANARY.decode() not in said
    assert "Traceback" not in said
    assert "127.0.0.1" not in said


def test_a_flood_of_junk_says_one_line(said: str) -> None:
    assert said.count("InvalidRequestLine") == 1
