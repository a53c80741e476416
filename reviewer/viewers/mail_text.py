"""An e-mail in lines of JSON: heads, parts, attachments by name and size, and words.

Only ``reader`` imports this. Nothing is fetched, and no HTML is drawn: of a part in HTML only its words are given.
Each line is a list that begins with its kind, so that words of the e-mail cannot pass for what is said about it:

``["head", name, value]``, ``["part", number, kind]``, ``["attachment", number, kind, name, bytes]``,
``["words", text]`` (of the part before, in pieces), ``["more", parts]``.
"""

import codecs
import email
import email.policy
import html
import json
import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from typing import Final

from reviewer.viewers.text_bytes import MOST_PARTS, decoded_as

_TOLD: Final = ("From", "To", "Cc", "Reply-To", "Date", "Subject")
_MOST_RECEIVED: Final = 20
_ENCODINGS: Final = (
    "ascii utf-8 utf-16 utf-7 latin-1 cp1250 cp1251 cp1252 cp1254 cp1255 cp1256 cp874 iso8859-2 iso8859-5 iso8859-6"
    " iso8859-9 iso8859-15 koi8-r koi8-u gb2312 gbk gb18030 big5 euc-jp iso2022_jp shift_jis euc-kr tis-620"
)
_EVERYTHING: Final = b"""Subject: =?utf-8?q?a?= =?utf-8?b?YQ==?=
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>&eacute;=20</p>
--x
Content-Type: application/pdf; name*=utf-8''a%20b
Content-Disposition: attachment; filename*0="a"; filename*1="b"
Content-Transfer-Encoding: base64

YQ==
--x
Content-Type: text/plain
Content-Transfer-Encoding: x-uuencode

begin 644 a
#86)C
`
end
--x--
"""
_UNSEEN: Final = re.compile(r"<(script|style|head)\b.*?(</\1>|$)|<!--.*?(-->|$)", re.IGNORECASE | re.DOTALL)
_LINE_ENDS: Final = re.compile(r"<(br|/p|/div|/tr|/li|/h[1-6])\b[^>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")
_KIND: Final = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,80}")
_PIECE_LETTERS: Final = 8192
"""Of the words in one line: the last one may be cut at the limit of the reader."""
_BLANKS: Final = re.compile(r"[ \t]*\n\s*\n+")


def load_encodings() -> None:
    """Load what a part may need: inside the sandbox no module can be loaded."""
    for name in _ENCODINGS.split():
        codecs.lookup(name)
    # A whole e-mail of ours, with what makes the library load more of itself.
    for _line in mail_lines(_EVERYTHING):
        pass


def mail_lines(untrusted_file: bytes) -> Iterator[str]:
    """The lines of an e-mail: JSON with untrusted values."""
    for line in _lines(email.message_from_bytes(untrusted_file, policy=email.policy.compat32)):
        yield json.dumps(line, ensure_ascii=False)


def _lines(untrusted_mail: Message) -> Iterator[list[str | int]]:
    yield from _head_lines(untrusted_mail)
    parts = 0
    for part in untrusted_mail.walk():
        if part.is_multipart():
            continue
        parts += 1
        if parts <= MOST_PARTS:
            yield from _part_lines(part, parts)
    if parts > MOST_PARTS:
        yield ["more", parts - MOST_PARTS]


def _head_lines(untrusted_mail: Message) -> Iterator[list[str | int]]:
    for name in _TOLD:
        for value in untrusted_mail.get_all(name, []):
            yield ["head", name, _readable(value)]
    for value in untrusted_mail.get_all("Received", [])[:_MOST_RECEIVED]:
        yield ["head", "Received", _readable(value)]


def _readable(untrusted_value: object) -> str:
    """A header with its encoded words decoded, on one line."""
    words = []
    for piece, charset in _pieces(str(untrusted_value)):
        words.append(decoded_as(piece, charset) if isinstance(piece, bytes) else piece)
    return " ".join("".join(words).split())


def _pieces(untrusted_value: str) -> list[tuple[bytes | str, str]]:
    try:
        return [(piece, charset or "ascii") for piece, charset in decode_header(untrusted_value)]
    except Exception:  # noqa: BLE001 -- encoded words may be damaged in any way
        return [(untrusted_value, "ascii")]


def _part_lines(part: Message, number: int) -> Iterator[list[str | int]]:
    content = part.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    untrusted_kind = part.get_content_type()
    kind = untrusted_kind if _KIND.fullmatch(untrusted_kind) else "application/octet-stream"
    name = part.get_filename()
    is_attached = name is not None or part.get_content_disposition() == "attachment"
    if is_attached or not kind.startswith("text/"):
        yield ["attachment", number, kind, _readable(name or ""), len(content)]
        return
    text = decoded_as(content, part.get_content_charset() or "utf-8")
    text = _words(text) if kind == "text/html" else text
    yield ["part", number, kind]
    for at in range(0, len(text), _PIECE_LETTERS):
        yield ["words", text[at : at + _PIECE_LETTERS]]


def _words(untrusted_html: str) -> str:
    """The words of a page, without its markup."""
    plain = _TAG.sub("", _LINE_ENDS.sub("\n", _UNSEEN.sub("", untrusted_html)))
    return _BLANKS.sub("\n\n", html.unescape(plain)).strip()
