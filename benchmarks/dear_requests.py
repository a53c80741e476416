"""Texts and requests that cost a server more than their sender."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote_plus, urlencode

from crypto.primitives import wordlist

_Text = TypeVar("_Text", str, bytes)

EDGE = "----anedgefordearrequests"
LONG_FORM = f"multipart/form-data; boundary={EDGE}"
SHORT_FORM = "application/x-www-form-urlencoded"
NONCE = "ab" * 16

_PROSE = (
    "The doors are locked at night. There are nine of us, and they took our passports when we came. "
    "Please do not call, but tell us where we can go. "
)
_FILLERS: Mapping[str, str] = {
    "groups of digits": "1234 ",
    "runs of digits": "12345678",
    "words and digits": "ace1234",
    "Arabic digits": "\u0661\u0662\u0663\u0664 ",
    "digits outside the plane": "\U0001d7cf\U0001d7cf\U0001d7cf\U0001d7cf ",
    "single letters": "a ",
    "letters and digits": "a1",
    "combining marks": "a\u0301\u0323",
    "marks alone": "\u0301\u0323",
    "letters that fold to three": "\u0390",
    "such letters apart": "\u0390 ",
    "ligatures of eighteen letters": "\ufdfa",
    "syllables of three letters": "\uac01",
    "Arabic": "\u0635\u0628\u0627\u062d ",
    "emoji": "\U0001f600",
    "NUL": "\0",
    "quotation marks": '"',
    "ampersands": "&",
    "less than": "<",
    "percent signs": "%",
    "escapes": "%41",
    "plus signs": "+",
    "equals signs": "=",
    "semicolons": ";",
    "braces": "{{7*7}}",
    "blanks": " ",
    "line feeds": "\n",
    "carriage returns": "\r",
    "lines": "\r\n",
    "invisible signs": "\u200b",
    "signs from right to left": "\u202e",
    "nearly an edge": f"\r\n--{EDGE[:-1]}",
    "an edge within a line": f"--{EDGE} ",
}


def prose(letters: int) -> str:
    """Ordinary prose, for comparison."""
    return _filled(_PROSE, letters)


def dear_texts(letters: int) -> Iterator[tuple[str, str]]:
    """Each with its name; none is longer than ``letters``."""
    for name, filler in _FILLERS.items():
        yield name, _filled(filler, letters)
    drawn = random.Random(11)
    short = [word for word in wordlist.WORD_AT if len(word) <= 4]
    words = (drawn.choice(short) for _ in range(letters))
    yield "words of the list", _filled(" ".join(words) + " ", letters)
    groups = (f"{drawn.randrange(1, wordlist.WORDS + 1):04d}" for _ in range(letters))
    yield "groups of the list", _filled(" ".join(groups) + " ", letters)
    yield "one list word again and again", _filled("ace ", letters)


@dataclass(frozen=True, slots=True)
class DearRequest:
    """One request as a client would send it."""

    name: str
    path: str
    body: bytes = b""
    media_type: str = LONG_FORM
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)


def text_forms(text: str) -> Iterator[tuple[str, DearRequest]]:
    """The forms that take a text, with this text in them, by name.

    None of them takes prepared words from the server, or derives a key.
    """
    fields = {"nonce": NONCE, "answer": "no", "text": text}
    yield "first message", DearRequest("", "/", long_form(fields))
    yield "first message, short form", DearRequest("", "/", urlencode(fields).encode(), SHORT_FORM)
    yield "in another language", DearRequest("", "/", long_form({"lang": "es", **fields}))
    yield "from the page for files", DearRequest("", "/files/send", long_form(fields))
    yield "to a mailbox that is not open", DearRequest("", "/mailbox/write", long_form(fields))
    yield "beside a button", DearRequest("", "/mailbox/how", urlencode(fields).encode(), SHORT_FORM)


def dear_requests(length_bytes: int) -> Iterator[DearRequest]:
    """Bodies of about this length, and heads of a request, that are no text."""
    for path in ("/", "/mailbox", "/mailbox/how", "/files/send", "/return"):
        for name, body in _dear_long_forms(length_bytes):
            yield DearRequest(name, path, body)
        for name, body in _dear_short_forms(length_bytes):
            yield DearRequest(name, path, body, SHORT_FORM)
    for name, header in (
        ("a language of many parts", ("Accept-Language", _filled("a-", 4000))),
        ("many languages", ("Accept-Language", _filled("a-a;q=0.1,", 4000))),
        ("many cookies", ("Cookie", _filled("a=b;", 4000))),
        ("a cookie of escapes", ("Cookie", 's="' + _filled(r"\101", 3990) + '"')),
        ("many encodings", ("Accept-Encoding", _filled("a,", 4000))),
        ("an origin of many names", ("Origin", _filled("a.", 4000))),
    ):
        yield DearRequest(name, "/", method="GET", headers=dict([header]))
    for name, words in (
        ("eight misspelt words", _filled("sspyglass ", 80)),
        ("words of ligatures", "\ufdfa" * 512),
        ("words of marks", _filled("a\u0301\u0323", 512)),
    ):
        yield DearRequest(name, "/mailbox", f"passphrase={quote_plus(words.strip())}".encode(), SHORT_FORM)


def _dear_long_forms(length_bytes: int) -> Iterator[tuple[str, bytes]]:
    heads = length_bytes // 4 - 200
    for name, filler in (
        ("lines of a part's head", b"a\n"),
        ("headers of a part", b"a:b\r\n"),
        ("parameters of a part", b"a=b;"),
        ("parameters in parts", b"a*0=b;"),
        ("parameters in escapes", b"a*=utf-8''%41;"),
        ("escapes of a name", b'\\"'),
    ):
        head = _filled(filler, heads)
        head = head if filler.endswith(b"\n") else b'Content-Disposition: form-data; name="' + head
        yield name, b"".join(_part(head + b'\r\nX: "', b"") for _ in range(4)) + _END
    count = length_bytes // 110
    yield "many parts", b"".join(_part(_named(f"q:{number}"), b"") for number in range(count)) + _END
    yield (
        "many files",
        _part(_named("nonce"), NONCE.encode())
        + b"".join(_part(_named("files") + f'; filename="{number}"'.encode(), b"x") for number in range(count)),
    )
    yield "edges that have no end", _filled(f"\r\n--{EDGE}   ".encode(), length_bytes)


def _dear_short_forms(length_bytes: int) -> Iterator[tuple[str, bytes]]:
    yield "empty fields", b"&" * length_bytes
    yield "fields without a value", _filled(b"a&", length_bytes)
    yield (
        "many fields",
        b"".join(f"q:{number}=".encode() + b"x" * 200 + b"&" for number in range(length_bytes // 210)),
    )
    yield "bytes that are no text", b"text=" + b"\xff" * length_bytes
    yield "escapes that are no text", b"text=" + _filled(b"%ff", length_bytes)
    yield "a long name", _filled(b"%41", length_bytes) + b"="


def long_form(fields: Mapping[str, str]) -> bytes:
    """As browsers send it."""
    return b"".join(_part(_named(name), value.encode()) for name, value in fields.items()) + _END


_END = f"--{EDGE}--\r\n".encode()


def _named(name: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"'.encode()


def _part(head: bytes, content: bytes) -> bytes:
    return f"--{EDGE}\r\n".encode() + head + b"\r\n\r\n" + content + b"\r\n"


def _filled(filler: _Text, length: int) -> _Text:
    return (filler * (length // len(filler) + 1))[:length]
