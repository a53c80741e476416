"""Finds times finer than a day in bytes: in figures, as text, and as the numbers that programs write."""

import datetime as dt
import re
import struct
from collections.abc import Iterator

_TIME_OF_DAY = re.compile(rb"(?<![0-9:])[0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9:])")
_UNITS = {1: "seconds", 1_000: "milliseconds", 1_000_000: "microseconds", 1_000_000_000: "nanoseconds"}
_FIRST_SECOND = 1_000_000_000


def moments_in(raw: bytes, *, begin: float, end: float) -> Iterator[str]:
    """Every time of day, and every number that is a moment between ``begin`` and ``end`` (seconds since 1970).

    Text holds numbers in figures only: four of its letters are a second as well ("keep" is one in February 2027).
    """
    is_text = _is_text(raw)
    for found in _TIME_OF_DAY.finditer(raw):
        yield f"time of day {found[0].decode()}"
    for unit, name in _UNITS.items():
        first, last = int(begin * unit), int(end * unit)
        for number in re.findall(rb"[0-9]{10,19}", raw):
            if first <= int(number) <= last:
                yield f"{name} in figures"
        for form in () if is_text else ("<Q", ">Q") if unit > 1 else ("<I", ">I"):
            yield from (f"{name} as {form}" for _ in _numbers(raw, form, first, last))


def is_moment(value: object, *, begin: float, end: float) -> bool:
    """True if a value of a database is one."""
    if isinstance(value, int | float):
        return any(begin * unit <= value <= end * unit for unit in _UNITS)
    if isinstance(value, str):
        return next(moments_in(value.encode(), begin=begin, end=end), None) is not None
    return False


def _is_text(raw: bytes) -> bool:
    try:
        return all(one.isprintable() or one in "\t\r\n" for one in raw.decode())
    except UnicodeDecodeError:
        return False


def _numbers(raw: bytes, form: str, first: int, last: int) -> Iterator[int]:
    """By what their highest bytes have in common, which is searched for; the rest is compared."""
    low, high = struct.pack(form, first), struct.pack(form, last)
    big = form.startswith(">")
    common = [a for a, b in zip(low[:: 1 if big else -1], high[:: 1 if big else -1], strict=True) if a == b]
    sign = bytes(common[: _shared(low, high, big=big)])
    sign = sign if big else sign[::-1]
    size = struct.calcsize(form)
    at = raw.find(sign)
    while at >= 0:
        start = at if big else at + len(sign) - size
        if 0 <= start <= len(raw) - size and first <= struct.unpack_from(form, raw, start)[0] <= last:
            yield start
        at = raw.find(sign, at + 1)


def _shared(low: bytes, high: bytes, *, big: bool) -> int:
    pairs = list(zip(low, high, strict=True)) if big else list(zip(low[::-1], high[::-1], strict=True))
    return next((place for place, (a, b) in enumerate(pairs) if a != b), len(pairs))


def now() -> float:
    return dt.datetime.now(dt.UTC).timestamp()
