"""One file for all that a relay or a duty machine took, so that no old part lies beside a new one.

It is an object of JSON with each part in base64. The machine that wrote it reads it; it travels nowhere. Each part
is signed or sealed by itself, and is verified by its own rules.
"""

import base64
import json
from collections.abc import Mapping

from crypto.errors import Malformed


def join_parts(parts: Mapping[str, bytes]) -> bytes:
    """The bytes of the one file. The caller writes it whole and durably."""
    told = {name: base64.b64encode(content).decode("ascii") for name, content in parts.items()}
    return json.dumps(told, indent=1, sort_keys=True).encode() + b"\n"


def split_parts(untrusted_bytes: bytes) -> dict[str, bytes]:
    """Undo :func:`join_parts`.

    Raises:
        Malformed: the file is damaged, or none of these.
    """
    try:
        told = json.loads(untrusted_bytes)
        parts = {name: base64.b64decode(content, validate=True) for name, content in told.items()}
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise Malformed("expected named parts in base64") from error
    if not parts:
        raise Malformed("expected at least one part")
    return parts


def part(parts: Mapping[str, bytes], name: str) -> bytes:
    """One part.

    Raises:
        Malformed: it is not there.
    """
    if name not in parts:
        raise Malformed(f"expected a part {name}")
    return parts[name]
