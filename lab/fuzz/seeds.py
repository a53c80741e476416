"""Shared parts of targets: first inputs, words of JSON, and comparing what is written again."""

from collections.abc import Callable
from typing import Any

from crypto.errors import CryptoError
from lab.fuzz.mutation import LONGEST_INPUT_BYTES
from lab.fuzz.target import same
from tests.vectors.book import VectorBook, bytes_of

OURS = (CryptoError,)
JSON_TOKENS = (
    b'{"',
    b'":',
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b"null",
    b"true",
    b"0",
    b"-1",
    b"1e9",
    b"9007199254740992",
    b"\\u0000",
)


def seeds_of(book: str, part: str) -> list[bytes]:
    """The bytes of all vectors of a book that are short enough."""
    raw = [bytes_of(vector[part]) for vector in VectorBook(book) if part in vector]
    return [seed for seed in raw if len(seed) <= LONGEST_INPUT_BYTES]


def again(parse: Callable[[bytes], Any]) -> Callable[[bytes], None]:
    """Write again what was accepted, and compare."""

    def run(untrusted_input: bytes) -> None:
        same(parse(untrusted_input).to_bytes(), untrusted_input)

    return run


def or_refusal(read: Callable[[], object], kind: type[Exception]) -> object:
    """The document that was read, or the words of the refusal."""
    try:
        return read()
    except kind as error:
        return str(error)
