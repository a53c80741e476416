"""What the courier's program makes of what a server answers, also of one that was taken over."""

import json

import httpx
import pytest

from tipline.courier import _refusal


@pytest.mark.parametrize("field", ["error", "hint"])
def test_what_a_server_says_cannot_command_the_couriers_terminal(field: str) -> None:
    told = {"error": "no", "hint": None} | {field: "\x1b[2J\x9b31m\rall is well\u202e"}
    refusal = _refusal(httpx.Response(409, stream=httpx.ByteStream(json.dumps(told).encode())))
    shown = f"{refusal} {refusal.hint}"
    assert "all is well" in shown
    assert shown.isprintable()
