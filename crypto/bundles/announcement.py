"""Announcements: which later parts of formats the program of a server or reviewer reads.

``docs/formats/announcement.md``. Each is signed by its party, so that a server can pass on those of the reviewers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crypto.errors import Malformed, NewerFormat, NotForUs
from crypto.keys.keys import PartySigningKey, PartyVerifyKey, RootVerifyKey
from crypto.manifests.manifest_body import DUTY
from crypto.primitives import canonical_json
from crypto.primitives.canonical_json import Fields, text_value

READ_HERE: Final = (DUTY,)
"""The parts that this program reads."""
MAGIC = b"TIPLINA\x1a"
VERSION = 1
FORMAT = "tipline-announcement"
FORMAT_VERSION = 1
KEY_BYTES, SIGNATURE_BYTES = 32, 64
PARTY_AT = len(MAGIC) + 1
SIGNATURE_AT = PARTY_AT + KEY_BYTES
HEAD_BYTES = SIGNATURE_AT + SIGNATURE_BYTES
DOCUMENT_BYTES = 4096
LONGEST_BYTES = HEAD_BYTES + DOCUMENT_BYTES
MOST_PARTS = 16
LONGEST_NAME = 32
LABEL = b"tipline/v1/announcement\0"

_NAME = re.compile(rf"[a-z][a-z0-9-]{{0,{LONGEST_NAME - 1}}}")


@dataclass(frozen=True, slots=True)
class Announcement:
    """A verified announcement: ``party`` reads these parts, sorted by name."""

    party: PartyVerifyKey
    reads: tuple[str, ...]


def sign_announcement(*, key: PartySigningKey, root: RootVerifyKey, reads: Sequence[str] = READ_HERE) -> bytes:
    """The item of a bundle: head, the party's key, its signature, and the document."""
    document = canonical_json.to_bytes(
        {"format": FORMAT, "format_version": FORMAT_VERSION, "reads": sorted(reads), "root": str(root)}
    )
    return MAGIC + bytes([VERSION]) + key.verify_key().to_bytes() + key.sign(LABEL + document) + document


def verify_announcement(untrusted_bytes: bytes, *, root: RootVerifyKey) -> Announcement:
    """Check size, magic and version, then signature, then form, then the organisation.

    Raises:
        Malformed: another size or magic, or signed and yet no announcement.
        BadSignature: not by the party that it names.
        NewerFormat: a later version of the format.
        NotForUs: of another organisation.
    """
    if not HEAD_BYTES < len(untrusted_bytes) <= LONGEST_BYTES or not untrusted_bytes.startswith(MAGIC):
        raise Malformed(f"announcement must begin with its magic bytes, and have at most {LONGEST_BYTES} bytes")
    version = untrusted_bytes[len(MAGIC)]
    if version == 0:
        raise Malformed("version of an announcement must not be 0")
    if version > VERSION:
        raise NewerFormat(f"announcement is of a newer version than {VERSION}")
    party = PartyVerifyKey(untrusted_bytes[PARTY_AT:SIGNATURE_AT])
    document = untrusted_bytes[HEAD_BYTES:]
    party.verify(LABEL + document, signature=untrusted_bytes[SIGNATURE_AT:HEAD_BYTES])
    fields = Fields.of_document(document, format_name=FORMAT, version=FORMAT_VERSION, limit_bytes=DOCUMENT_BYTES)
    named_root = RootVerifyKey.parse(fields.text("root", longest=64))
    listed = fields.array("reads", least=1, most=MOST_PARTS)
    fields.close()
    reads = tuple(text_value(name, longest=LONGEST_NAME) for name in listed)
    if list(reads) != sorted(set(reads)) or not all(_NAME.fullmatch(name) for name in reads):
        raise Malformed("parts of an announcement must be names in order, none twice")
    if named_root != root:
        raise NotForUs("announcement must be for the organisation whose root key is pinned here")
    return Announcement(party, reads)
