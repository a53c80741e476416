"""Receipts, withdrawals and closed weeks, after docs/formats/statements.md."""

from lab.second import values
from lab.second.canonical_json import read_document

LIMIT = 1024 * 1024


def read_receipt(raw: bytes) -> list[bytes]:
    return read_list(raw, "tipline-receipt", "hashes", 32)


def read_withdrawal(raw: bytes) -> list[bytes]:
    return read_list(raw, "tipline-withdrawal", "reply_ids", 16)


def read_list(raw: bytes, name: str, of: str, length: int) -> list[bytes]:
    listed = read_document(raw, limit=LIMIT, name=name, fields=[of])[of]
    found = [values.hexadecimal(entry, length) for entry in values.listed(listed, 1, 8192)]
    values.ascending(found)
    return found


def read_week_closed(raw: bytes) -> tuple[tuple[int, int], int]:
    fields = read_document(raw, limit=LIMIT, name="tipline-week-closed", fields=["week", "bundle_number"])
    return values.week(fields["week"]), values.whole(fields["bundle_number"], 1, 2**31 - 1)


READERS = {"receipt": read_receipt, "withdrawal": read_withdrawal, "week-closed": read_week_closed}
