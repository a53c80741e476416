"""The keys of a quarter in the form that age reads, after docs/formats/recipient-file.md."""

from datetime import date, timedelta

from lab.second import bech32, minisign, values
from lab.second.refused import malformed

LENGTH = 7862
FIRST_LINE = "# last day "
PREFIX = "age1pq"
COUNT = 4


def last_day(quarter: tuple[int, int]) -> date:
    year, number = quarter
    return date(year + number // 4, number % 4 * 3 + 1, 1) - timedelta(days=1)


def recipient_file(quarter: tuple[int, int], keys: list[bytes]) -> bytes:
    """The one file of these keys, which are in the order of their bytes."""
    lines = [FIRST_LINE + last_day(quarter).isoformat(), *(bech32.encode(PREFIX, key) for key in keys)]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def read_recipients(file: bytes) -> tuple[date, list[bytes]]:
    """The last day, and the keys."""
    if len(file) != LENGTH:
        raise malformed()
    try:
        first, *lines = file.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise malformed() from None
    if not first.startswith(FIRST_LINE) or len(lines) != COUNT + 1 or lines.pop():
        raise malformed()
    day = values.day(first.removeprefix(FIRST_LINE))
    if not 2000 <= day.year <= 2999 or day != last_day((day.year, (day.month + 2) // 3)):
        raise malformed()
    keys = [bech32.read_public_key(line) for line in lines]
    values.ascending(keys)
    return day, keys


def verify_recipients(file: bytes, signature: bytes, *, root: bytes) -> tuple[date, list[bytes]]:
    """The same, of a file that the root key signed: of any other nothing is parsed."""
    if len(file) != LENGTH:
        raise malformed()
    minisign.verify(file, signature, root=root)
    return read_recipients(file)
