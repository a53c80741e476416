"""Servers and reviewers as others know them, after docs/formats/party.md."""

import re
from dataclasses import dataclass

from lab.second.bech32 import read_public_key
from lab.second.canonical_json import exactly, read_document
from lab.second.refused import malformed
from lab.second.values import hexadecimal

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
FIELDS = ("name", "sign", "transport")


@dataclass
class Party:
    name: str
    sign: bytes
    transport: bytes


def read_entry(entry: object) -> Party:
    fields = exactly(entry, FIELDS)
    name = fields["name"]
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise malformed()
    return Party(name, hexadecimal(fields["sign"], 32), read_public_key(fields["transport"]))


def read_party(raw: bytes) -> Party:
    return read_entry(read_document(raw, limit=8192, name="tipline-party", fields=FIELDS))
