"""Recognises files that a source sealed beforehand by their beginning, which is held back until then.

Of such a file the server can check the header only: that every slot is of the post-quantum kind, and that there are
not more than a recipient file has keys. The server cannot tell whose keys they are. A file that staff could never
open is refused before any of it is kept: ``docs/formats/container.md``, last section.
"""

import io
from typing import Final

from crypto.age.age_armor import BEGIN as ARMOR_BEGIN
from crypto.age.age_armor import MOST_BLANKS
from crypto.age.age_header import Header
from crypto.age.envelope import STANZA_TYPE, check_slots
from crypto.errors import CryptoError
from crypto.manifests.issued_keys import KEYS
from crypto.primitives.byte_source import ExactSource
from tipline.requests.refusals import Reason, Refused

SEALED_TYPE: Final = "sealed"
"""The type under which a sealed file lies in a submission; no browser can give it."""

HEADER_BYTES: Final = 8192
_AGE_LINE: Final = b"age-encryption.org/v1\n"
_HEADER_END: Final = b"\n---"
_UNKNOWN_TYPE: Final = "application/octet-stream"
_BLANKS: Final = b" \t\r\n"


class FileStart:
    """The first bytes of a file. ``media_type`` counts once :meth:`take` or :meth:`end` has returned them."""

    __slots__ = ("_held", "_searched", "media_type")

    def __init__(self, untrusted_media_type: str) -> None:
        claimed = untrusted_media_type.strip().lower() == SEALED_TYPE
        self.media_type = _UNKNOWN_TYPE if claimed else untrusted_media_type
        self._held = bytearray()
        self._searched = 0

    def take(self, content: bytes) -> bytes | None:
        """Everything so far, as soon as it is known what it is; None while that is open, at most for 8 KiB.

        Raises:
            Refused: sealed, but in a way that our staff could not open.
        """
        self._held += content
        return bytes(self._held) if self._is_known(is_whole=False) else None

    def end(self) -> bytes:
        """The whole file, which was shorter than what would have told.

        Raises:
            Refused: the header of a sealed file is cut.
        """
        self._is_known(is_whole=True)
        return bytes(self._held)

    def _is_known(self, *, is_whole: bool) -> bool:
        if self._held.startswith(_AGE_LINE):
            return self._is_sealed(is_whole=is_whole)
        unblanked = self._held[: MOST_BLANKS + len(ARMOR_BEGIN)].lstrip(_BLANKS)
        if unblanked.startswith(ARMOR_BEGIN):
            raise Refused(Reason.SEALED_IN_LETTERS)
        is_short = len(self._held) < MOST_BLANKS + len(ARMOR_BEGIN)
        may_be_armor = is_short and ARMOR_BEGIN.startswith(bytes(unblanked))
        return is_whole or not (may_be_armor or _AGE_LINE.startswith(bytes(self._held)))

    def _is_sealed(self, *, is_whole: bool) -> bool:
        # What was searched is not searched again: a file may come in pieces of one byte.
        last_line = self._held.find(_HEADER_END, self._searched, HEADER_BYTES)
        self._searched = last_line if last_line >= 0 else max(0, len(self._held) - len(_HEADER_END))
        end = self._held.find(b"\n", last_line + 1, HEADER_BYTES) if last_line >= 0 else -1
        if end < 0:
            if is_whole or len(self._held) >= HEADER_BYTES:
                raise Refused(Reason.SEALED_BROKEN)
            return False
        _check_header(bytes(self._held[: end + 1]))
        self.media_type = SEALED_TYPE
        return True


def _check_header(untrusted_header: bytes) -> None:
    try:
        header = Header.read(ExactSource(io.BytesIO(untrusted_header)))
        if len(header.stanzas) > KEYS or any(stanza.type != STANZA_TYPE for stanza in header.stanzas):
            raise Refused(Reason.SEALED_FOR_OTHERS)
        check_slots(header)
    except CryptoError as error:
        raise Refused(Reason.SEALED_BROKEN) from error
