"""An age file as text: the armour of age's own page, in one form only."""

import base64
import binascii
import re

from lab.second.refused import malformed

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
BLANKS = b" \t\r\n"
MOST_BLANKS = 1024
LINES = re.compile(rb"(?:[A-Za-z0-9+/]{64}\n)*(?:[A-Za-z0-9+/]{1,63}={0,2}\n|[A-Za-z0-9+/]{62,63}={1,2}\n)?")


def unarmored(text: bytes) -> bytes:
    inside = text.lstrip(BLANKS)
    before = len(text) - len(inside)
    inside = inside.rstrip(BLANKS)
    after = text[before + len(inside) :]
    ending = b"\r\n" if inside.startswith(BEGIN + b"\r") else b"\n"
    if max(before, len(after)) > MOST_BLANKS or not (
        inside.startswith(BEGIN + ending) and inside.endswith(ending + END)
    ):
        raise malformed()
    lines = inside[len(BEGIN + ending) : -len(END)]
    if ending == b"\r\n":
        if lines.count(b"\n") != lines.count(b"\r\n"):
            raise malformed()
        lines = lines.replace(b"\r\n", b"\n")
    if not LINES.fullmatch(lines) or max(map(len, lines.split(b"\n"))) > 64:
        raise malformed()
    letters = lines.replace(b"\n", b"")
    try:
        found = base64.b64decode(letters, validate=True)
    except binascii.Error:
        raise malformed() from None
    if base64.b64encode(found) != letters:
        raise malformed()
    return found
