"""The parts of a form, in the order in which they arrive, without waiting for the end of any of them.

``multipart_parts`` drives Werkzeug's sans-io decoder; ``urlencoded_parts`` takes the short form that has no files.
Both give the same four events and raise nothing but :class:`Refused`.

Every form of ours has our address in a hidden field, which a gateway that rewrites our pages changes. ``parts_of``
reads it for that alone and hands it to nobody.
"""

import binascii
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from tipline.requests.body import RequestBody
from tipline.requests.guard import is_ours
from tipline.requests.refusals import Reason, Refused, UntrustedProxy

ADDRESS_FIELD = "address"
MOST_ADDRESS_BYTES = 255
MOST_PARTS = 256
MOST_HEADER_BYTES = 16 * 1024
MOST_HEADERS = 16
"""Lines in the head of one part; browsers send two."""

MOST_HEADERS_BYTES = 64 * 1024
"""Of the heads of all parts together: 50 files with the longest names take less."""

MOST_PARAMETERS = 2_000
"""Semicolons in the heads of all parts together; browsers send two in each, and more only where a name has them."""

_BARE_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_EMPTY_FIELDS: Final = re.compile(rb"&{2,}")


@dataclass(frozen=True, slots=True)
class FieldHead:
    """A field of text named ``name``; its value follows as pieces."""

    name: str


@dataclass(frozen=True, slots=True)
class FileHead:
    """A file as the browser names it, uncleaned; empty when the source chose none."""

    name: str
    untrusted_file_name: str
    untrusted_media_type: str


@dataclass(frozen=True, slots=True)
class PartData:
    """Some bytes of the part that began last."""

    content: bytes


@dataclass(frozen=True, slots=True)
class PartEnd:
    """The part that began last is whole. Only the end of all parts says that the form is whole."""


Part = FieldHead | FileHead | PartData | PartEnd


def parts_of(body: RequestBody) -> Iterator[Part]:
    """The parts of ``body``, by its media type, without our address. A form without it is as good: programs that
    send ``text`` and ``files`` know nothing of it.

    Raises:
        Refused: not a form, or a broken, cut or endless one.
        StrangeProxy: it has another address in it than one of ours.
    """
    if body.media_type == "multipart/form-data":
        parts = multipart_parts(body.pieces(), untrusted_boundary=body.untrusted_boundary)
    elif body.media_type == "application/x-www-form-urlencoded":
        parts = urlencoded_parts(body)
    else:
        raise Refused(Reason.BROKEN)
    return _without_address(parts, body.addresses)


def _without_address(parts: Iterator[Part], addresses: Collection[str]) -> Iterator[Part]:
    untrusted: bytearray | None = None
    for part in parts:
        match part:
            case FieldHead(name):
                untrusted = bytearray() if name == ADDRESS_FIELD else None
            case FileHead():
                untrusted = None
        if untrusted is None:
            yield part
            continue
        match part:
            case PartData(content):
                untrusted += content[: MOST_ADDRESS_BYTES - len(untrusted)]  # one so long is none of ours
            case PartEnd() if not is_ours(untrusted.decode(errors="replace"), addresses):
                raise UntrustedProxy


def multipart_parts(pieces: Iterator[bytes], *, untrusted_boundary: str) -> Iterator[Part]:
    """The parts of a ``multipart/form-data`` body.

    Raises:
        Refused: it does not follow the format, has more than ``MOST_PARTS`` parts, or ends before its last
        boundary.
    """
    if not (1 <= len(untrusted_boundary) <= 70 and untrusted_boundary.isascii()):
        raise Refused(Reason.BROKEN)
    decoder = _LimitedDecoder(untrusted_boundary.encode(), max_parts=MOST_PARTS)
    try:
        for piece in _without_a_split_ending(pieces, decoder):
            decoder.receive_data(piece)
            yield from _events(decoder)
            # Content leaves the decoder at once. What stays is a part's head, a preamble or an epilogue, and none
            # of these has a reason to be long.
            if len(decoder.buffer) > MOST_HEADER_BYTES:
                raise Refused(Reason.BROKEN)
        decoder.receive_data(None)
        yield from _events(decoder)
    except (ValueError, AttributeError, RequestEntityTooLarge) as error:
        raise Refused(Reason.BROKEN) from error


class _LimitedDecoder(MultipartDecoder):
    """Reads no head that is long, or has many lines or parameters: each of these costs Werkzeug microseconds, and
    may have as few as two bytes."""

    _heads_bytes = 0
    _parameters = 0

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        self._heads_bytes += len(data)
        self._parameters += data.count(b";")
        if len(data) > MOST_HEADER_BYTES or self._heads_bytes > MOST_HEADERS_BYTES:
            raise ValueError("heads of parts must be short")
        if self._parameters > MOST_PARAMETERS:
            raise ValueError("heads of parts must have few parameters")
        if max(data.count(b"\n"), data.count(b"\r")) > MOST_HEADERS:
            raise ValueError("head of a part must have few lines")
        return super()._parse_headers(data)


def _without_a_split_ending(pieces: Iterator[bytes], decoder: MultipartDecoder) -> Iterator[bytes]:
    r"""The same bytes, never cut after the first dash of the closing ``--boundary--``.

    Werkzeug 3.1 takes a buffer that ends there for content that ends in ``\r`` and adds that byte to the file.
    """
    half_ending = b"--" + decoder.boundary + b"-"
    held = b""
    for piece in pieces:
        fed = held + piece
        before = bytes(decoder.buffer[-len(half_ending) :])
        held = b"-" if (before + fed).endswith(half_ending) else b""
        if fed := fed[: len(fed) - len(held)]:
            yield fed
    if held:
        yield held


def _events(decoder: MultipartDecoder) -> Iterator[Part]:
    while True:
        event = decoder.next_event()
        if isinstance(event, NeedData | Epilogue):
            return
        if isinstance(event, Data):
            if event.data:
                yield PartData(event.data)
            if not event.more_data:
                yield PartEnd()
        elif isinstance(event, File):
            yield FileHead(
                _named(event.name),
                event.filename,
                event.headers.get("content-type", "") or "application/octet-stream",
            )
        elif isinstance(event, Field):
            yield FieldHead(_named(event.name))


def _named(untrusted_name: str | None) -> str:
    # Werkzeug's annotation says str; a part without a name gives None all the same.
    if untrusted_name is None:
        raise Refused(Reason.BROKEN)
    return untrusted_name


def urlencoded_parts(body: RequestBody) -> Iterator[Part]:
    """The parts of an ``application/x-www-form-urlencoded`` body, each value in as many pieces as it arrives in.

    Raises:
        Refused: cut, with a name longer than ``MOST_HEADER_BYTES``, or with more than ``MOST_PARTS`` fields.
    """
    left = MOST_PARTS
    held, begun = b"", False
    for piece in chain(body.pieces(), (b"&",)):  # the last field ends as every other
        *whole, held = _EMPTY_FIELDS.sub(b"&", held + piece).split(b"&")
        for field in whole:
            if begun or field:
                if not begun:
                    left = _one_less(left)
                    name, _, field = field.partition(b"=")  # noqa: PLW2901 -- what is left of it is the value
                    yield _field(name)
                yield from _value(field)
                yield PartEnd()
            begun = False
        if not begun and b"=" in held:
            left = _one_less(left)
            name, _, held = held.partition(b"=")
            yield _field(name)
            begun = True
        if begun:
            escape = held.find(b"%", max(0, len(held) - 2))  # one that is not whole yet waits for the next piece
            ready_bytes = len(held) if escape < 0 else escape
            yield from _value(held[:ready_bytes])
            held = held[ready_bytes:]
        elif len(held) > MOST_HEADER_BYTES:
            raise Refused(Reason.BROKEN)


def _field(quoted_name: bytes) -> FieldHead:
    return FieldHead(_unquoted(quoted_name).decode(errors="replace"))


def _value(quoted: bytes) -> Iterator[PartData]:
    if quoted:
        yield PartData(_unquoted(quoted))


def _one_less(left: int) -> int:
    if not left:
        raise Refused(Reason.BROKEN)
    return left - 1


def _unquoted(quoted: bytes) -> bytes:
    """With blanks for ``+``, and bytes for ``%41`` and the like; what is no escape stays as it is.

    ``urllib`` turns escape by escape, for up to half a microsecond each. Written as quoted-printable, which has the
    same digits behind another sign, all are turned at once.
    """
    plain = quoted.replace(b"+", b" ").replace(b"=", b"%3D")
    for _ in range(2):  # of many in a row all but the last: quicker than one by one
        plain = plain.replace(b"%%", b"%25%")
    return binascii.a2b_qp(_BARE_PERCENT.sub(b"%25", plain).replace(b"%", b"="))
