"""One operation: an act of one reviewer on one tip, signed. ``docs/formats/shared.md``.

A set of operations gives the same state in any order: each names the operations that it replaces, and two that
replace the same one without knowing of each other are a conflict that staff see.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from crypto.errors import Malformed
from crypto.keys.keys import PartySigningKey, PartyVerifyKey
from crypto.primitives import canonical_json
from crypto.primitives.canonical_json import LARGEST_NUMBER, Fields, Json, hex_bytes, text_value

RUN_BYTES = 16
DIGEST_BYTES = 32
SIGNATURE_BYTES = 64
LARGEST_PLACE = 2**31 - 1
LONGEST_BYTES = 131_072
MOST_REPLACED = 16
MOST_PARTS = 16
MOST_TEXTS = 256
LONGEST_NAME = 32
LABEL = b"tipline/v1/shared-operation\0"

_NAME = re.compile(rf"[a-z][a-z0-9-]{{0,{LONGEST_NAME - 1}}}")


@dataclass(frozen=True)
class Operation:
    """An act of one reviewer; ``tip`` is the digest of an envelope (32 bytes), or None.

    ``run`` (16 bytes) and ``number`` (from 1) give its place among all operations of ``author``: a restored home
    begins a new run. ``counter`` is a Lamport counter. ``replaces`` are digests of earlier operations.

    Raises:
        Malformed: a value out of bounds.
    """

    author: PartyVerifyKey
    run: bytes
    number: int
    counter: int
    day: dt.date
    kind: str
    tip: bytes | None
    content: Mapping[str, Json] = field(repr=False)
    replaces: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.run) != RUN_BYTES or not 1 <= self.number <= LARGEST_PLACE:
            raise Malformed(f"operation must have a run of {RUN_BYTES} bytes and a number from 1")
        if not 1 <= self.counter <= LARGEST_NUMBER:
            raise Malformed("counter of an operation must be 1 or more")
        if not _NAME.fullmatch(self.kind):
            raise Malformed("kind of an operation must be lower-case letters, digits and hyphens")
        if self.tip is not None and len(self.tip) != DIGEST_BYTES:
            raise Malformed(f"tip of an operation must be a digest of {DIGEST_BYTES} bytes")
        if len(self.replaces) > MOST_REPLACED or list(self.replaces) != sorted(set(self.replaces)):
            raise Malformed(f"an operation must replace at most {MOST_REPLACED} others, sorted, none twice")
        if any(len(one) != DIGEST_BYTES for one in self.replaces):
            raise Malformed(f"what an operation replaces must be digests of {DIGEST_BYTES} bytes")
        _check_content(self.content)
        if len(self.to_bytes()) > LONGEST_BYTES:
            raise Malformed(f"operation must have at most {LONGEST_BYTES} bytes")

    def to_json(self) -> Json:
        return {
            "author": str(self.author),
            "content": self.content,
            "counter": self.counter,
            "day": self.day.isoformat(),
            "kind": self.kind,
            "number": self.number,
            "replaces": [one.hex() for one in self.replaces],
            "run": self.run.hex(),
            "tip": self.tip.hex() if self.tip is not None else None,
        }

    def to_bytes(self) -> bytes:
        """The exact bytes that are signed."""
        return canonical_json.to_bytes(self.to_json())

    @cached_property
    def sha256(self) -> bytes:
        """Names this operation in others; over :meth:`to_bytes`, without the signature."""
        return hashlib.sha256(self.to_bytes()).digest()

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "Operation":
        """Undo :meth:`to_json`.

        Raises:
            Malformed: anything else.
        """
        fields = Fields(untrusted_value)
        content = fields.raw("content")
        if not isinstance(content, dict):
            raise Malformed("content of an operation must be a json object")
        operation = cls(
            author=PartyVerifyKey.parse(fields.text("author", longest=64)),
            run=fields.hex("run", length_bytes=RUN_BYTES),
            number=fields.number("number", least=1, most=LARGEST_PLACE),
            counter=fields.number("counter", least=1),
            day=fields.day("day"),
            kind=fields.text("kind", longest=LONGEST_NAME),
            tip=fields.hex_or_null("tip", length_bytes=DIGEST_BYTES),
            content=content,
            replaces=tuple(
                hex_bytes(one, length_bytes=DIGEST_BYTES) for one in fields.array("replaces", most=MOST_REPLACED)
            ),
        )
        fields.close()
        return operation

    @property
    def place(self) -> tuple[bytes, bytes, int]:
        """Author, run and number: the order in which operations stand in an item."""
        return self.author.to_bytes(), self.run, self.number

    def text(self, name: str) -> str:
        """A text of the content, untrusted; empty where it is missing or no text."""
        value = self.content.get(name)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class SignedOperation:
    """An operation with the signature of its author, verified."""

    operation: Operation
    signature: bytes = field(repr=False)

    def to_json(self) -> Json:
        return [self.operation.to_json(), self.signature.hex()]

    @classmethod
    def sign(cls, operation: Operation, *, key: PartySigningKey) -> "SignedOperation":
        """Sign ``operation`` with its author's key.

        Raises:
            ValueError: ``key`` is not the author's.
        """
        if key.verify_key() != operation.author:
            raise ValueError("an operation is signed by its author")
        return cls(operation, key.sign(LABEL + operation.to_bytes()))

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "SignedOperation":
        """Undo :meth:`to_json`.

        Raises:
            Malformed: anything else.
            BadSignature: the author did not sign it.
        """
        match untrusted_value:
            case [untrusted_operation, untrusted_signature]:
                signature = hex_bytes(untrusted_signature, length_bytes=SIGNATURE_BYTES)
                operation = Operation.from_json(untrusted_operation)
            case _:
                raise Malformed("operation must stand beside its signature")
        operation.author.verify(LABEL + operation.to_bytes(), signature=signature)
        return cls(operation, signature)


def _check_content(content: Mapping[str, Json]) -> None:
    """Check names and kinds of values; a text may be any text."""
    if len(content) > MOST_PARTS:
        raise Malformed(f"content of an operation must have at most {MOST_PARTS} parts")
    for name, value in content.items():
        if not _NAME.fullmatch(name):
            raise Malformed("part of an operation must be named in lower-case letters, digits and hyphens")
        if isinstance(value, list | tuple):
            if len(value) > MOST_TEXTS:
                raise Malformed(f"list in an operation must have at most {MOST_TEXTS} texts")
            for one in value:
                text_value(one, longest=LONGEST_BYTES)
        elif isinstance(value, Mapping):
            raise Malformed("content of an operation must not be nested")
