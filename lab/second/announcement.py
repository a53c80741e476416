"""The parts that a server or a reviewer reads, after docs/formats/announcement.md."""

import re

from lab.second import values
from lab.second.canonical_json import read_document
from lab.second.minisign import verify_ed25519
from lab.second.refused import Refused, malformed, newer

LABEL = b"tipline/v1/announcement\0"
NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


def read_name(value: object) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise malformed()
    return value


def read_announcement(item: bytes, *, root: bytes) -> tuple[bytes, list[str]]:
    """The key of the party, and the names."""
    if not 106 <= len(item) <= 4201 or item[:8] != b"TIPLINA\x1a" or item[8] == 0:
        raise malformed()
    if item[8] > 1:
        raise newer()
    party, signature, document = item[9:41], item[41:105], item[105:]
    verify_ed25519(party, signature, LABEL + document)
    fields = read_document(document, limit=4096, name="tipline-announcement", fields=("root", "reads"))
    names = [read_name(one) for one in values.listed(fields["reads"], 1, 16)]
    values.ascending(names)
    if values.hexadecimal(fields["root"], 32) != root:
        raise Refused("not for us")
    return party, names
