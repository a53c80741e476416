"""The values of canonical documents, after the table in docs/formats/canonical-json.md."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from lab.second.refused import malformed

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WEEK = re.compile(r"(2[0-9]{3})-W([0-9]{2})")
QUARTER = re.compile(r"(2[0-9]{3})-Q([1-4])")


def whole(value: object, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise malformed()
    return value


def listed(value: object, low: int, high: int) -> list[object]:
    if not isinstance(value, list) or not low <= len(value) <= high:
        raise malformed()
    return value


def text(value: object, limit: int) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= limit:
        raise malformed()
    if unicodedata.normalize("NFC", value) != value or not value.isprintable() or value != value.strip():
        raise malformed()
    return value


def hexadecimal(value: object, length: int) -> bytes:
    if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", value):
        raise malformed()
    return bytes.fromhex(value)


def salt(value: object) -> bytes:
    try:
        found = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        raise malformed() from None
    if len(found) != 16 or base64.b64encode(found).decode() != value:
        raise malformed()
    return found


def day(value: object) -> date:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise malformed()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise malformed() from None


def week(value: object) -> tuple[int, int]:
    found = WEEK.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise malformed()
    try:
        date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise malformed() from None
    return int(found[1]), int(found[2])


def quarter(value: object) -> tuple[int, int]:
    found = QUARTER.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise malformed()
    return int(found[1]), int(found[2])


def ascending(values: Sequence[object]) -> None:
    """Each is above the one before it, so that none stands twice."""
    if any(later <= earlier for earlier, later in pairwise(values)):  # type: ignore[operator]
        raise malformed()
