"""Forms arrive in any pieces and in any state; they give the same parts, or one refusal."""

import contextlib
import io
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tipline.site_stage import BOUNDARY, Upload, multipart
from tipline.requests.body import PIECE_BYTES, RequestBody
from tipline.requests.form_parser import (
    MOST_HEADER_BYTES,
    MOST_HEADERS,
    MOST_HEADERS_BYTES,
    MOST_PARAMETERS,
    MOST_PARTS,
    FieldHead,
    FileHead,
    PartData,
    PartEnd,
    multipart_parts,
    parts_of,
)
from tipline.requests.refusals import Refused

# Bytes from which boundaries are made, so that content comes close to one.
_NEARLY = st.lists(
    st.sampled_from(
        [b"\r", b"\n", b"\r\n", b"-", b"--", b"--" + BOUNDARY.encode()[:9], b"a", b" ", BOUNDARY.encode()[:-1]]
    ),
    max_size=12,
).map(b"".join)


def cut(whole: bytes, sizes: list[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        if piece := whole[at : at + size]:
            yield piece
        at += size
    if whole[at:]:
        yield whole[at:]


def read(pieces: Iterator[bytes], boundary: str = BOUNDARY) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    ended = 0
    for part in multipart_parts(pieces, untrusted_boundary=boundary):
        match part:
            case FieldHead(name):
                found.append((name, b""))
            case FileHead(_, file_name, _):
                found.append((file_name, b""))
            case PartData(content):
                found[-1] = (found[-1][0], found[-1][1] + content)
            case PartEnd():
                ended += 1
    assert ended == len(found)
    return found


@given(content=_NEARLY, text=_NEARLY, sizes=st.lists(st.integers(1, 90), max_size=12))
def test_a_form_gives_the_same_parts_however_it_is_cut(content: bytes, text: bytes, sizes: list[int]) -> None:
    typed = text.decode()
    body = multipart([("text", typed)], [Upload("a.bin", content), Upload("b.bin", b"")])
    assert read(cut(body, sizes)) == [("text", text), ("a.bin", content), ("b.bin", b"")]


def test_no_byte_is_added_when_the_closing_boundary_arrives_in_two_pieces() -> None:
    body = multipart([], [Upload("a.bin", b"content")])
    for at in range(1, len(body)):
        assert read(iter([body[:at], body[at:]])) == [("a.bin", b"content")], at


def test_one_byte_at_a_time_is_a_form_too() -> None:
    body = multipart([("nonce", "1"), ("text", "two\r\nlines")], [Upload("доклад.pdf", b"\r\n--\r\n")])
    assert read(bytes([byte]) for byte in body) == [
        ("nonce", b"1"),
        ("text", b"two\r\nlines"),
        ("доклад.pdf", b"\r\n--\r\n"),
    ]


@given(st.binary(max_size=400), st.sampled_from([BOUNDARY, "x", "-", "+?*"]))
def test_arbitrary_bytes_give_parts_or_a_refusal_and_nothing_else(untrusted: bytes, boundary: str) -> None:
    with contextlib.suppress(Refused):
        read(iter([untrusted]), boundary)


@given(st.binary(max_size=60), st.integers(0, 300), st.integers(1, 80))
def test_changed_bytes_give_parts_or_a_refusal_and_nothing_else(noise: bytes, at: int, size: int) -> None:
    body = multipart([("nonce", "1"), ("text", "some text")], [Upload("a.bin", b"content")])
    changed = body[:at] + noise + body[at + len(noise) :]
    with contextlib.suppress(Refused):
        read(cut(changed, [size] * 20))


@pytest.mark.parametrize("at", range(20))
def test_a_cut_body_is_refused(at: int) -> None:
    body = multipart([("nonce", "1"), ("text", "some text")], [Upload("a.bin", b"content" * 50)])
    with pytest.raises(Refused):
        read(iter([body[: len(body) * at // 20] or b"-"]))


def test_a_head_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    fed = 0

    def endless() -> Iterator[bytes]:
        nonlocal fed
        yield f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=".encode()
        while True:
            fed += 4096
            yield b"x" * 4096

    with pytest.raises(Refused):
        read(endless())
    assert fed <= 2 * MOST_HEADER_BYTES


@pytest.mark.parametrize("start", [b"", multipart([("text", "x")])])
def test_a_preamble_or_epilogue_without_an_end_is_refused(start: bytes) -> None:
    fed = 0

    def endless() -> Iterator[bytes]:
        nonlocal fed
        if start:
            yield start
        while True:
            fed += 4096
            yield b"x" * 4096

    with pytest.raises(Refused):
        read(endless())
    assert fed <= 2 * MOST_HEADER_BYTES


@pytest.mark.parametrize(
    "head",
    [
        b"a\n" * (MOST_HEADERS + 1),
        b"a:b\r\n" * (MOST_HEADERS + 1),
        b'Content-Disposition: form-data; name="x"' + b";a=b" * MOST_PARAMETERS,
        b"X: " + b"x" * MOST_HEADER_BYTES + b"\r\n",
    ],
)
def test_a_head_that_no_browser_sends_is_refused_before_it_is_read(head: bytes) -> None:
    body = f"--{BOUNDARY}\r\n".encode() + head + b'\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
    with pytest.raises(Refused):
        read(iter([body + multipart([])]))


def test_heads_of_all_parts_together_have_one_limit_and_fifty_long_names_stay_below_it() -> None:
    longest = "ক" * 255  # more than any file system gives a name
    names = [longest] * 50
    body = multipart([], [Upload(name, b"") for name in names])
    assert [name for name, _ in read(iter([body]))] == names
    with pytest.raises(Refused):
        read(iter([multipart([("x" * 10_000, "")] * (MOST_HEADERS_BYTES // 10_000 + 1))]))


def test_a_million_fields_are_refused_at_the_limit() -> None:
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.encode()
    fed = 0

    def many() -> Iterator[bytes]:
        nonlocal fed
        for _ in range(1_000_000):
            fed += 1
            yield field

    with pytest.raises(Refused):
        read(many())
    assert fed <= MOST_PARTS + 2


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"Content-Type: text/plain",
        b"Content-Disposition: form-data",
        b"Content-Disposition: form-data; filename=x",
        b'Content-Disposition: form-data; name="\xff"',
    ],
)
def test_a_part_without_a_name_is_refused(head: bytes) -> None:
    boundary = BOUNDARY.encode()
    with pytest.raises(Refused):
        read(iter([b"--" + boundary + b"\r\n" + head + b"\r\n\r\nx\r\n--" + boundary + b"--\r\n"]))


@pytest.mark.parametrize("boundary", ["", "x" * 71, "grenzé"])
def test_a_boundary_that_is_none_is_refused(boundary: str) -> None:
    with pytest.raises(Refused):
        read(iter([b"--x--"]), boundary)


def urlencoded(content: bytes, *, media_type: str = "application/x-www-form-urlencoded") -> RequestBody:
    return RequestBody(
        {"wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": str(len(content)), "CONTENT_TYPE": media_type}
    )


def test_a_short_form_gives_the_same_kind_of_parts() -> None:
    body = urlencoded(b"text=a+b%C3%A9&empty=&&n=1")
    assert [part.name for part in parts_of(body) if isinstance(part, FieldHead)] == ["text", "empty", "n"]
    body = urlencoded(b"text=a+b%C3%A9")
    assert [part.content for part in parts_of(body) if isinstance(part, PartData)] == ["a bé".encode()]


def _fields(body: RequestBody) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for part in parts_of(body):
        match part:
            case FieldHead(name):
                found.append((name, b""))
            case PartData(content):
                found[-1] = (found[-1][0], found[-1][1] + content)
    return found


class InPieces(io.BytesIO):
    """A socket that gives at most this number of bytes at once."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self.size = size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self.size if size is None or size < 0 else min(size, self.size))


@given(
    fields=st.lists(st.tuples(st.text(min_size=1, max_size=5), st.text(max_size=20)), max_size=5),
    size=st.integers(1, 12),
)
def test_a_short_form_gives_the_same_fields_however_it_is_cut(fields: list[tuple[str, str]], size: int) -> None:
    content = urlencode(fields).encode()
    environ = {"wsgi.input": InPieces(content, size), "CONTENT_LENGTH": str(len(content))}
    body = RequestBody({**environ, "CONTENT_TYPE": "application/x-www-form-urlencoded"})
    assert _fields(body) == [(name, value.encode()) for name, value in fields]


@given(st.lists(st.sampled_from([*b"%%%=+\r\n _.aFg4\x00\xff"]), max_size=40).map(bytes))
def test_a_value_is_read_as_the_standard_library_reads_it(quoted: bytes) -> None:
    asked = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(quoted) + 5)}
    body = RequestBody({**asked, "wsgi.input": io.BytesIO(b"text=" + quoted)})
    read_as = b"".join(part.content for part in parts_of(body) if isinstance(part, PartData))
    assert read_as == unquote_to_bytes(quoted.replace(b"+", b" "))


def test_a_long_value_of_a_short_form_is_held_by_nobody_and_a_long_name_is_refused() -> None:
    pieces = [part for part in parts_of(urlencoded(b"text=" + b"a" * (3 << 20))) if isinstance(part, PartData)]
    assert max(len(piece.content) for piece in pieces) <= PIECE_BYTES
    assert sum(len(piece.content) for piece in pieces) == 3 << 20
    with pytest.raises(Refused):
        list(parts_of(urlencoded(b"a" * (PIECE_BYTES + MOST_HEADER_BYTES))))
    with pytest.raises(Refused):
        list(parts_of(urlencoded(b"a=1&" * (MOST_PARTS + 1))))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_in_a_short_form_give_parts_or_a_refusal(untrusted: bytes) -> None:
    body = urlencoded(untrusted)
    assert all(isinstance(part, FieldHead | PartData | PartEnd) for part in parts_of(body))


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/json", "multipart/mixed; boundary=x"])
def test_what_is_no_form_is_refused(media_type: str) -> None:
    with pytest.raises(Refused):
        list(parts_of(urlencoded(b"text=a", media_type=media_type)))


def test_where_our_address_is_not_known_a_form_may_name_any_and_it_goes_no_further() -> None:
    sent = b"text=a&address=" + b"x" * 100_000 + b"&address=y&n=1"
    names = [part.name for part in parts_of(urlencoded(sent)) if isinstance(part, FieldHead)]
    assert names == ["text", "n"]
