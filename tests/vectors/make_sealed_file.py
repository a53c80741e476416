"""Vectors of what a source sealed by itself: ``docs/formats/container.md``, last section before the limits.

The slots are those of headers that other books have beside them, so that nothing new is drawn at random.
"""

import hashlib
from typing import Any

from tests.vectors import foreign_primitives as age
from tests.vectors import make_container as inside
from tests.vectors.book import (
    HERE,
    MALFORMED,
    NEWER,
    NO_KEY_OPENS,
    OPENS,
    Piece,
    VectorBook,
    bytes_of,
    differing,
    part_of,
    plain,
)
from tests.vectors.make_bundle import FOUR, OTHERS
from tests.vectors.make_casebook_backup import HEADER as ONE

SOUND, BEGUN = "sealed_file_sound.age", "sealed_file_begun.age"
"""A whole file of one chunk; and the header and first chunk of one with more than one, of container version 2."""
TEXT, PHOTO = b"What I saw.", b"a small photo"
AGAIN = b"age-encryption.org/v1\n-> X25519 and so on\n"
Events = list[list[Any]]


def container(*frames: bytes, files: int = 0, mailbox: bytes = b"", **changed: bytes) -> bytes:
    """Around a field of text and these frames."""
    first = inside.head(**{"kind": b"\x05", "manifest": bytes(32), "manifest_version": bytes(4)} | changed)
    content_bytes = len(TEXT) + files * len(PHOTO)
    end = inside.end(1, files, content_bytes, flag=bool(mailbox), mailbox=mailbox)
    return bytes_of(inside.padded(first, inside.field(b"text", TEXT), *frames, end))


def fill() -> None:
    book = VectorBook("sealed_file")
    four = (HERE / FOUR).read_bytes()
    if not (HERE / SOUND).exists():
        (HERE / SOUND).write_bytes(four + age.payload(container()))
    if not (HERE / BEGUN).exists():
        begun = age.NONCE + age.chunk(container(version=b"\x02"), count=0, last=False)
        (HERE / BEGUN).write_bytes(four + begun)
    _containers(book)
    _plain_contents(book)
    _envelopes(book)
    book.save()


def _containers(book: VectorBook) -> None:
    four = (HERE / FOUR).read_bytes()
    photo = ["file", "p.jpg", "image/jpeg", len(PHOTO), hashlib.sha256(PHOTO).hexdigest()]
    text = ["field", "text", TEXT.decode()]
    file = (inside.begin(b"p.jpg", b"image/jpeg"), inside.data(PHOTO), inside.file_end(PHOTO))

    def add(name: str, outcome: str, content: bytes, events: Events | None = None) -> None:
        _add(book, name, outcome, differing(four + age.payload(content), SOUND), events)

    add("container_sound", OPENS, container(), [text])
    add("container_with_a_file", OPENS, container(*file, files=1), [text, photo])
    submission = {"kind": b"\x01", "manifest": b"\x22" * 32, "manifest_version": inside.number(7, 4)}
    add("kind_submission", MALFORMED, container(**submission))
    add("kind_reply", MALFORMED, container(kind=b"\x03"))
    add("manifest_not_zero", MALFORMED, container(manifest=b"\x22" * 32))
    add("mailbox_there", MALFORMED, container(mailbox=inside.MAILBOX_ID + inside.SOURCE_KEY))
    add("version_0", MALFORMED, container(version=b"\0"))
    add("version_2", NEWER, container(version=b"\x02"))
    add("padding_not_zero", MALFORMED, container()[:-1] + b"\1")
    begun = age.NONCE + age.chunk(container(), count=0, last=False)
    broken = plain(bytes(100))
    _add(book, "version_2_before_a_broken_chunk", NEWER, [*_whole(BEGUN), broken])
    _add(book, "container_before_a_broken_chunk", MALFORMED, [*differing(four + begun, BEGUN), broken])


def _plain_contents(book: VectorBook) -> None:
    def add(name: str, content: bytes, header: str = FOUR) -> None:
        pieces = [*_whole(header), plain(age.payload(content))]
        _add(book, name, OPENS, pieces, [_one_file(content)], is_container=False)

    add("content_plain", PHOTO)
    add("content_empty", b"")
    add("content_of_seven_bytes_of_the_magic", b"TIPLINE")
    add("content_with_the_magic_further_on", b"x" + b"TIPLINE\x1a\x01\x05")
    add("content_sealed_again", AGAIN)
    add("slots_one", PHOTO, header=ONE)
    _add(book, "content_of_the_magic_alone", MALFORMED, [*_whole(FOUR), plain(age.payload(b"TIPLINE\x1a"))])


def _envelopes(book: VectorBook) -> None:
    sealed = plain(age.payload(PHOTO))
    four, one = ((HERE / file).read_bytes() for file in (FOUR, ONE))
    slots, another = four[len(age.VERSION) : four.rindex(b"---")], one[len(age.VERSION) : one.rindex(b"---")]
    foreign = b"-> X25519 " + age.b64(bytes(32)) + b"\n" + age.b64(bytes(32)) + b"\n"
    for name, header in (
        ("slots_five", age.header(slots, another)),
        ("slot_of_foreign_type", age.header(foreign, slots)),
    ):
        _add(book, name, OPENS, [plain(header), sealed], [_one_file(PHOTO)], is_container=False)
    _add(book, "slots_of_others", NO_KEY_OPENS, [*_whole(OTHERS), sealed])
    _add(book, "slots_of_foreign_type_only", NO_KEY_OPENS, [plain(age.header(foreign)), sealed])
    _add(book, "envelope_version_line_v2", NEWER, [plain(age.of_version(one, age.LATER_VERSION)), sealed])
    changed = age.payload(PHOTO)
    changed = changed[:-1] + bytes([changed[-1] ^ 1])
    _add(book, "payload_changed_in_the_last_byte", MALFORMED, [*_whole(ONE), plain(changed)])
    _add(book, "file_that_is_no_envelope", MALFORMED, [plain(PHOTO)])


def _whole(file: str) -> list[Piece]:
    return [part_of(file, 0, (HERE / file).stat().st_size)]


def _one_file(content: bytes) -> list[Any]:
    return ["file", "", "", len(content), hashlib.sha256(content).hexdigest()]


def _add(
    book: VectorBook,
    name: str,
    outcome: str,
    pieces: list[Piece],
    events: Events | None = None,
    *,
    is_container: bool = True,
) -> None:
    told: dict[str, Any] = {"keys": [age.SEEDS[0].hex()], "sealed": pieces}
    if events is not None:
        told |= {"is_container": is_container, "events": events}
    book.add_fixed(name, outcome, told)
