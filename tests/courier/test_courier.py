"""The courier's program reads the answers of a server, also of one that was taken over."""

import json
from pathlib import Path

import httpx
import pytest

from courier.client import CourierError, ServerLine, _refusal
from crypto.bundles.bundle_file import MAGIC

# Takes the place of tor, and dies of its sandbox as an older one does on a newer kernel.


@pytest.mark.parametrize("field", ["error", "hint"])
def test_what_a_server_says_cannot_command_the_couriers_terminal(field: str) -> None:
    told = {"error": "no", "hint": None} | {field: "\x1b[2J\x9b31m\rall is well\u202e"}
    refusal = _refusal(httpx.Response(409, stream=httpx.ByteStream(json.dumps(told).encode())))
    shown = f"{refusal} {refusal.hint}"
    assert "all is well" in shown
    assert shown.isprintable()


@pytest.mark.parametrize("content", [b"", b"We come on Friday.", b"TIPLINB\x1a\x01", b"age-encryption.org/v1\n"])
def test_nothing_but_a_file_of_bundles_leaves_the_medium(tmp_path: Path, content: bytes) -> None:
    asked: list[httpx.Request] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        request.read()
        taken = dict.fromkeys(("bundles", "repeated", "replies", "receipts", "deleted"), 0)
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(taken).encode()))

    left = tmp_path / "answer.txt"
    left.write_bytes(content)
    with httpx.Client(transport=httpx.MockTransport(server), base_url="http://server") as client:
        with pytest.raises(CourierError, match=r"answer\.txt is no FILE of bundles"):
            ServerLine(client).push(left)
        assert asked == []
        left.write_bytes(MAGIC + b"\x01and the rest")
        ServerLine(client).push(left)
    assert [request.content for request in asked] == [left.read_bytes()]
