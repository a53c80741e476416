"""Every fault of the vectors of bundles as a FILE, what must be said of it, and who can be given it."""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from crypto.bundles.bundle import ItemType
from crypto.keys.party import PartyKeys
from tests.vectors import foreign_primitives as age
from tests.vectors.book import (
    BAD_SIGNATURE,
    HERE,
    MALFORMED,
    NO_KEY_OPENS,
    NOT_FOR_US,
    ROLLED_BACK,
    VectorBook,
    bytes_of,
)
from tests.vectors.make_bundle import DELETED, FOUR, SEALING, THERE, WITHHELD, inside, marked, written_items
from tests.vectors.make_bundle_file import END, HEAD, STOP, piece
from tests.vectors.make_statement import OWN, SENDER, items, statement

_SEVEN_BYTES: Final = b"a reply"


def own_keys(name: str) -> PartyKeys:
    """The receiver of all vectors: sound bundles are sealed to it, and name it."""
    return PartyKeys.from_seeds(name, bytes([OWN]) * 32 + age.SEEDS[0])


def sender_keys(name: str) -> PartyKeys:
    """Keys of their senders; what it could open itself does not matter."""
    return PartyKeys.from_seeds(name, bytes([SENDER]) * 32 + age.SEEDS[4])


@dataclass(frozen=True, slots=True)
class Fault:
    """A FILE, what must be said of it, and where its receiver stands in the stream before."""

    name: str
    outcome: str
    file: bytes
    place: dict[str, Any] | None = None

    @property
    def is_of_an_ended_stream(self) -> bool:
        """A server refuses it whatever its place in that stream is."""
        return self.outcome == ROLLED_BACK

    @property
    def is_read_on(self) -> bool:
        """Its place is one of a reviewer, who reads on in a stream that has ended."""
        return self.place is not None and "read_on" in self.place

    @property
    def kind(self) -> str:
        """Under what name both tools refuse it: they do not tell someone else's bundle from one for other keys."""
        return NOT_FOR_US if self.outcome == NO_KEY_OPENS else self.outcome


def faults() -> Iterator[Fault]:
    """Of all four books; a bundle in a FILE of its own, a statement signed and sealed.

    What is signed of marks comes behind items that each tool refuses for their type: see :func:`item_faults`.
    """
    for vector in VectorBook("bundle"):
        if vector["name"].startswith("marks_"):
            continue
        yield Fault(vector["name"], vector["outcome"], file_of(bytes_of(vector["bundle"])))
    for vector in VectorBook("bundle_file"):
        yield Fault(vector["name"], vector["outcome"], bytes_of(vector["file"]))
    for vector in VectorBook("statement"):
        sealed = sealed_content(inside(bytes_of(vector["statement"]), rest=written_items()))
        yield Fault(vector["name"], vector["outcome"], file_of(sealed))
    for vector in VectorBook("stream"):
        sealed = sealed_content(inside(bytes_of(vector["statement"]), rest=written_items([_SEVEN_BYTES])))
        yield Fault(vector["name"], vector["outcome"], file_of(sealed), vector["place"])


def sound_file(kind: ItemType, payloads: Sequence[bytes]) -> bytes:
    """The sound file that :func:`item_faults` spoils."""
    raw = statement(items=items(payloads, [kind.value] * len(payloads)))
    return file_of(sealed_content(inside(raw, rest=written_items(payloads))))


def item_faults(kind: ItemType, payloads: Sequence[bytes]) -> Iterator[Fault]:
    """Faults of items, once more with three that the tool would take; it takes none of the vectors."""
    one, two, three = payloads
    raw = statement(items=items(payloads, [kind.value] * len(payloads)))
    sound = written_items(payloads)
    for name, rest in (
        ("presence_2", b"\2" + sound[1:]),
        ("presence_missing", written_items([one, two])),
        ("item_changed", written_items([one, two[:-1] + b"!", three])),
        ("item_changed_at_the_end", written_items([one, two, three[:-1] + b"!"])),
        ("item_cut", sound[:-1]),
        ("item_longer_than_stated", written_items([one + b".", two, three])),
        ("items_swapped", written_items([two, one, three])),
        ("item_more_than_stated", written_items([*payloads, one])),
        ("item_deleted_and_yet_there", DELETED + sound[1:]),
        ("end_followed_by_a_zero", sound + b"\0"),
        ("nothing_after_the_statement", b""),
    ):
        yield Fault(f"{name}, of type {kind.value}", MALFORMED, file_of(sealed_content(inside(raw, rest=rest))))
    some = THERE + one + THERE + two
    for name, outcome, content in (
        ("marks_signature_of_zeros", BAD_SIGNATURE, marked(sound, raw=raw)[:-64] + bytes(64)),
        ("marks_signature_by_a_receiver", BAD_SIGNATURE, marked(sound, raw=raw, by=OWN)),
        ("marks_signature_without_label", BAD_SIGNATURE, marked(sound, raw=raw, label=b"")),
        ("marks_signature_of_another_sealing", BAD_SIGNATURE, marked(sound, raw=raw, signed_sealing=SEALING + 1)),
        ("marks_signature_missing", MALFORMED, marked(sound, raw=raw)[:-64]),
        ("marks_deleted_and_signed_as_there", BAD_SIGNATURE, marked(some + DELETED, raw=raw)),
        ("marks_withheld_and_signed_as_deleted", BAD_SIGNATURE, marked(some + WITHHELD, raw=raw, marks=b"\1\1\0")),
        ("marks_3", MALFORMED, marked(some + b"\3", raw=raw, marks=b"\1\1\3")),
    ):
        yield Fault(f"{name}, of type {kind.value}", outcome, file_of(sealed_content(content)))


@contextlib.contextmanager
def taken_back(folder: Path) -> Iterator[None]:
    """Undo afterwards all that happens to it in the block."""
    aside = folder.with_name("aside")
    shutil.copytree(folder, aside)
    yield
    shutil.rmtree(folder)
    aside.rename(folder)


def read_before(place: dict[str, Any]) -> Iterator[tuple[bytes, int, bytes]]:
    """Stream, number and digest of each bundle that was read, those of ended streams first."""
    for read_on in place.get("read_on", ()):
        yield from read_before(read_on)
    for ended in place.get("ended", ()):
        yield bytes.fromhex(ended), 1, bytes(32)
    digests = {int(number): digest for number, digest in place["earlier"].items()}
    if place["last_sha256"] is not None:
        digests[place["number"]] = place["last_sha256"]
    for number, digest in sorted(digests.items()):
        yield bytes.fromhex(place["stream"]), number, bytes.fromhex(digest)


def sealed_content(content: bytes) -> bytes:
    return (HERE / FOUR).read_bytes() + age.payload(content)


def file_of(bundle: bytes) -> bytes:
    longest = 1 << 20
    pieces = [piece(bundle[start : start + longest]) for start in range(0, len(bundle), longest)]
    return HEAD + b"".join(pieces) + STOP + END
