"""How both implementations are asked the same, and held to one answer.

Only this file and the `test_agreement_….py` beside it know the program. A case is named by its place in a seeded
row, so that it comes again. What the two were once of different minds about is told in
`docs/formats/disagreements.md`.
"""

from collections.abc import Callable
from random import Random

from crypto import errors
from crypto.keys.party import Party
from lab.second import party as second_party
from lab.second import seal
from lab.second.hybrid import HybridKey
from lab.second.mutation import mutated, mutated_document
from lab.second.refused import Refused
from lab.second.vectors import book, whole

KINDS: dict[type[Exception], str] = {
    errors.Malformed: "malformed",
    errors.NewerFormat: "newer",
    errors.NoKeyOpens: "no key opens",
    errors.BadSignature: "bad signature",
    errors.NotForUs: "not for us",
    errors.Replayed: "replayed",
    errors.OutOfOrder: "out of order",
    errors.Forked: "forked",
    errors.RolledBack: "rolled back",
    errors.Expired: "expired",
    errors.Mistyped: "likely typo",
    errors.TooEarly: "too early",
    errors.NewStream: "new stream",
}
SEEDS = tuple(bytes([place]) * 32 for place in range(1, 6))
SECOND_KEYS = [HybridKey(seed) for seed in SEEDS]
ROWS = range(8)
Answer = tuple[str, object]


def by_the_first(read: Callable[[], object]) -> Answer:
    try:
        return "opens", read()
    except errors.CryptoError as error:
        return KINDS[type(error)], None


def by_the_second(read: Callable[[], object]) -> Answer:
    try:
        return "opens", read()
    except Refused as refused:
        return refused.outcome, None


def agreed(first: Callable[[], object], second: Callable[[], object], case: object = None) -> str:
    """The outcome; what was read is the same as well."""
    one, other = by_the_first(first), by_the_second(second)
    assert one == other, f"{case!r}"[:2000]
    return one[0]


def sound(name: str, part: str) -> list[bytes]:
    """The bytes of the vectors of a book that open."""
    return [whole(vector[part]) for vector in book(name) if vector["outcome"] == "opens"]


SLOTS = [seal.wrap(key.public) for key in SECOND_KEYS[:4]]
"""One sound slot to each of the first four keys."""
SENDER, OWN, OTHER = (bytes([place]) * 32 for place in (101, 102, 103))
"""Seeds of signature keys."""
ROOT = seal.verify_key(SENDER)
JSON_WORDS = (
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b",",
    b":",
    b"\\u001f",
    b"\\n",
    b"\\",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e3",
)


def changed(random: Random, raw: bytes) -> bytes:
    """A document changed in its values or in its bytes."""
    return mutated_document(random, raw) if random.random() < 0.8 else mutated(random, raw, JSON_WORDS)


def first_party(found: Party) -> object:
    return found.name, found.verify_key.to_bytes(), found.transport_key.to_bytes()


def second_party_of(found: second_party.Party) -> object:
    return found.name, found.sign, found.transport
