"""Bodies of forms as browsers send them."""

import re
from collections.abc import Iterable, Iterator

from lab.fuzz.seeds import or_refusal
from lab.fuzz.target import Target, same
from tipline.requests import form_parser
from tipline.requests.body import RequestBody
from tipline.requests.refusals import Reason, Refused

_BOUNDARY = "----geckoform"
_PART_OF_A_BROWSER = re.compile(rb"\r\n(?:[^\r\n]+\r\n)+\r\n.*\r\n", re.DOTALL)


def _multipart(untrusted_input: bytes) -> None:
    """First byte: the length of the pieces in which the body comes; what is read is what one piece would give."""
    size = 1 + untrusted_input[0] * 7 if untrusted_input else 1
    body = untrusted_input[1:]
    whole = or_refusal(lambda: _parts([body]), Refused)
    cut = or_refusal(lambda: _parts([body[at : at + size] for at in range(0, len(body), size)]), Refused)
    if isinstance(cut, list) and isinstance(whole, list) and _is_as_browsers_write(body):
        same(cut, whole)
    if isinstance(whole, str):
        raise Refused(Reason.BROKEN)


def _is_as_browsers_write(body: bytes) -> bool:
    """True if every part has a head in lines that end with CRLF, and a content, be it empty.

    Werkzeug takes other bodies, too. How such a body is cut decides what is read (docs/evidence/fuzzing.md).
    """
    before, *sections, after = body.split(b"--" + _BOUNDARY.encode())
    return not before and after == b"--\r\n" and all(map(_PART_OF_A_BROWSER.fullmatch, sections))


def _urlencoded(untrusted_input: bytes) -> None:
    """First byte: the length of the pieces. However the body is cut, the same is read."""
    size = 1 + untrusted_input[0] if untrusted_input else 1
    body = untrusted_input[1:]
    whole = or_refusal(lambda: _together(form_parser.urlencoded_parts(_Body([body]))), Refused)
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    cut = or_refusal(lambda: _together(form_parser.urlencoded_parts(_Body(pieces))), Refused)
    same(cut, whole)
    if isinstance(whole, str):
        raise Refused(Reason.BROKEN)


class _Body(RequestBody):
    """Only the pieces of one."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def pieces(self) -> Iterator[bytes]:
        return iter(self._pieces)


def _parts(pieces: list[bytes]) -> list[object]:
    return _together(form_parser.multipart_parts(iter(pieces), untrusted_boundary=_BOUNDARY))


def _together(read: Iterable[form_parser.Part]) -> list[object]:
    """The parts, with the pieces of each put together."""
    found: list[object] = []
    for part in read:
        if isinstance(part, form_parser.PartData) and isinstance(found[-1], bytes):
            found[-1] += part.content
        else:
            found.append(part.content if isinstance(part, form_parser.PartData) else part)
    return found


def _forms() -> Iterator[bytes]:
    line = b"--" + _BOUNDARY.encode()
    text = line + b'\r\nContent-Disposition: form-data; name="text"\r\n\r\nWhat I saw.\r\n'
    file = (
        line + b'\r\nContent-Disposition: form-data; name="files"; filename="list.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF\r\n--\r\n"
    )
    for size in (0, 3, 255):
        yield bytes([size]) + text + line + b"--\r\n"
        yield bytes([size]) + text + file + file + line + b"--\r\n"


def targets() -> Iterator[Target]:
    yield Target(
        "multipart",
        _multipart,
        (Refused,),
        (form_parser.multipart_parts, form_parser._without_a_split_ending, form_parser._events, form_parser._named),
        list(_forms()),
        (
            *(b"\r\n", b"\r\n\r\n", b"--", b"--" + _BOUNDARY.encode(), b"name=", b"filename=", b"filename*="),
            *(b"Content-Type: ", b"Content-Disposition: form-data; "),
        ),
    )
    yield Target(
        "urlencoded",
        _urlencoded,
        (Refused,),
        (
            form_parser.urlencoded_parts,
            form_parser._field,
            form_parser._value,
            form_parser._unquoted,
            form_parser._one_less,
        ),
        [
            bytes([size]) + body
            for size in (0, 2, 255)
            for body in (b"", b"text=What+I+saw.&nonce=00ff", b"lang=ar&text=%D9%85&&files=a.pdf", b"a=1&a=%")
        ],
        (b"&", b"=", b"%", b"%2", b"%26", b"+", b"text=", b"%ff", b"&&"),
    )
