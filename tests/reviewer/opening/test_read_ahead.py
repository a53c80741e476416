"""Reading ahead: the same bytes, the same errors, and no thread left behind."""

import io
import os
import threading

import pytest

from crypto.errors import Malformed
from reviewer.opening.read_ahead import ReadAhead


class Failing:
    """Gives some bytes, then an error."""

    def __init__(self, pieces: int, error: BaseException) -> None:
        self._pieces = pieces
        self._error = error

    def read(self, size: int, /) -> bytes:
        self._pieces -= 1
        if self._pieces < 0:
            raise self._error
        return bytes(size)


@pytest.mark.parametrize("size", [0, 1, 256 << 10, (10 << 20) + 3])
@pytest.mark.parametrize("step", [1000, 65_552, 1 << 21])
def test_the_bytes_come_as_they_are(size: int, step: int) -> None:
    content = os.urandom(size)
    with ReadAhead(io.BytesIO(content)) as source:
        assert b"".join(iter(lambda: source.read(step), b"")) == content
        assert source.read(step) == b""


@pytest.mark.parametrize("error", [Malformed("cut"), OSError("gone"), RuntimeError("a fault of ours")])
def test_an_error_comes_where_the_bytes_would_have_come_and_stays(error: Exception) -> None:
    with ReadAhead(Failing(2, error)) as source:
        assert len(source.read(1 << 20)) > 0
        with pytest.raises(type(error)):
            source.require_sound()
        with pytest.raises(type(error)):
            source.read(1)


def test_no_thread_is_left_when_nobody_reads_on() -> None:
    before = set(threading.enumerate())
    with ReadAhead(Failing(1_000_000, Malformed("never reached"))) as source:
        source.read(10)
    assert set(threading.enumerate()) <= before
