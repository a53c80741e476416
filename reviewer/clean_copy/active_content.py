"""Content that a computer could run, or that a browser would render as a page, by its beginning.

The name of a file says nothing: a program may be called ``photo.jpg``. Only the sandboxed process ``looker``
imports this. It may miss content made to deceive it, so the list of endings is asked as well.
"""

import re
from typing import Final

_PROGRAMS: Final = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",  # of macOS for several processors, and of Java
    b"dex\n",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a link of Windows
    b"ITSF",
    b"MSCF",
    b"!<arch>",
    b"\xed\xab\xee\xdb",
    b"hsqs",
    b"FWS",
    b"CWS",
    b"ZWS",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # old office documents, which may hold macros, and installers
    b"%PDF",
    b"{\\rtf",
)
_MARKUP: Final = (
    b"<!doctype html",
    b"<?xml",
    b"<?php",
    b"<!--",
    b"<!doctype",
    b"[desktop entry]",
    b"[internetshortcut]",
    b"[flatpak ref]",
    b"mime-version:",
    b"windows registry editor",
    b"regedit4",
)
# Browsers take any of these for a page, with blanks before it, in a file without a type.
_TAG: Final = re.compile(
    rb"<(html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|math|meta|img|link|object|embed|form"
    rb"|frameset|hta:application)[\s>/]"
)
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PAGE_IN_A_PDF_BYTES: Final = 1024


def is_active(untrusted_head: bytes) -> bool:
    """True if a file with this beginning, of 1,024 bytes or more, could run or be rendered."""
    if untrusted_head.startswith(_PROGRAMS) or b"%PDF-" in untrusted_head[:_PAGE_IN_A_PDF_BYTES]:
        return True
    text = untrusted_head
    for mark in _MARKS:
        text = text.removeprefix(mark)
    # Two bytes for a letter, as in UTF-16: without the zeros it reads like the rest.
    text = text.replace(b"\0", b"").lstrip(b" \t\r\n\f\v").lower()
    return text.startswith((*_PROGRAMS, *_MARKUP)) or _TAG.match(text) is not None
