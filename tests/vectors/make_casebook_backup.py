"""Vectors of ``docs/formats/casebook-backup.md``: small files of bytes that are no databases.

The slot in the header beside the book and one of ``slots_two`` were drawn at random once (``README.md``).
"""

import base64
import hashlib
import json
from typing import Any

from tests.vectors import foreign_primitives as age
from tests.vectors.book import HERE, MALFORMED, NEWER, NO_KEY_OPENS, OPENS, VectorBook, part_of, plain

HEADER = "casebook_backup_header.bin"
CASEBOOK, CONTENTS = b"the casebook\n" * 3, b"the contents\n" * 5
HEAD = {
    "casebook_key": "c0" * 32,
    "files": [["casebook.db", len(CASEBOOK)], ["contents.db", len(CONTENTS)]],
    "format": "tipline-casebook-backup",
    "format_version": 1,
    "reviewer_keys": "5e" * 64,
}


def canonical(head: object) -> bytes:
    return json.dumps(head, sort_keys=True, separators=(",", ":")).encode()


def inside(raw_head: bytes, *, length: int | None = None, files: bytes = CASEBOOK + CONTENTS) -> bytes:
    return (len(raw_head) if length is None else length).to_bytes(4, "big") + raw_head + files


def fill() -> None:
    book = VectorBook("casebook_backup")
    if not (HERE / HEADER).exists():
        (HERE / HEADER).write_bytes(age.header(age.stanza(*age.slot(0))))
    header = part_of(HEADER, 0, (HERE / HEADER).stat().st_size)
    sound = canonical(HEAD)

    def add(name: str, outcome: str, content: bytes, *, key: int = 0, after: bytes = b"") -> None:
        payload = plain(age.payload(content) + after)
        told: dict[str, Any] = {"key": age.SEEDS[key].hex(), "backup": [header, payload]}
        if outcome == OPENS:
            head = json.loads(content[4 : 4 + int.from_bytes(content[:4], "big")])
            rest, listed = content[4 + int.from_bytes(content[:4], "big") :], []
            for name_of_file, length in head["files"]:
                listed.append([name_of_file, length, hashlib.sha256(rest[:length]).hexdigest()])
                rest = rest[length:]
            told |= {"casebook_key": head["casebook_key"], "reviewer_keys": head["reviewer_keys"], "files": listed}
        book.add_fixed(name, outcome, told)

    add("backup_sound", OPENS, inside(sound))
    empty = {**HEAD, "files": [["casebook.db", 0], ["contents.db", 0]]}
    add("files_empty", OPENS, inside(canonical(empty), files=b""))
    add("key_of_another", NO_KEY_OPENS, inside(sound), key=1)
    add("head_missing", MALFORMED, b"")
    add("head_length_cut", MALFORMED, b"\0\0\0")
    add("head_cut", MALFORMED, inside(sound[:-1], length=len(sound), files=b""))
    add("head_length_8193", MALFORMED, inside(sound, length=8193, files=bytes(8193)))
    add("head_length_of_32_bits", MALFORMED, inside(sound, length=0xFFFFFFFF))
    add("head_with_a_blank", MALFORMED, inside(sound.replace(b":1,", b": 1,")))
    add("format_version_2", NEWER, inside(canonical({**HEAD, "format_version": 2})))
    add("format_version_0", MALFORMED, inside(canonical({**HEAD, "format_version": 0})))
    add("format_of_another_document", MALFORMED, inside(canonical({**HEAD, "format": "tipline-party"})))
    add("field_unknown", MALFORMED, inside(canonical({**HEAD, "more": 1})))
    for name in HEAD:
        raw = canonical({key: value for key, value in HEAD.items() if key != name})
        add(f"{name}_missing", MALFORMED, inside(raw))
    add("casebook_key_short", MALFORMED, inside(canonical({**HEAD, "casebook_key": "c0" * 31})))
    add("reviewer_keys_short", MALFORMED, inside(canonical({**HEAD, "reviewer_keys": "5e" * 63})))
    first, second = HEAD["files"]  # type: ignore[misc]  # an array of two
    for name, files in (
        ("files_in_another_order", [second, first]),
        ("files_one", [first]),
        ("files_three", [first, second, ["envelopes.db", 0]]),
        ("files_the_same_twice", [first, first]),
        ("file_of_another_name", [first, ["../contents.db", len(CONTENTS)]]),
        ("file_without_length", [first, ["contents.db"]]),
        ("file_length_negative", [["casebook.db", -1], second]),
        ("file_length_is_a_text", [first, ["contents.db", str(len(CONTENTS))]]),
        ("file_length_is_true", [["casebook.db", True], second]),
        ("file_length_over_2_to_the_48", [first, ["contents.db", 2**48 + 1]]),
        ("file_length_of_2_to_the_63", [first, ["contents.db", 2**63]]),
        ("file_longer_than_the_backup", [first, ["contents.db", len(CONTENTS) + 1]]),
        ("file_shorter_than_the_backup", [first, ["contents.db", len(CONTENTS) - 1]]),
    ):
        add(name, MALFORMED, inside(canonical({**HEAD, "files": files})))
    one_byte = canonical({**HEAD, "files": [["casebook.db", True], second]})
    add("file_length_is_true_and_a_byte_is_there", MALFORMED, inside(one_byte, files=b"x" + CONTENTS))
    add("backup_followed_by_a_byte_inside", MALFORMED, inside(sound) + b"\0")
    add("backup_followed_by_a_byte_outside", MALFORMED, inside(sound), after=b"\0")
    later = plain(age.of_version((HERE / HEADER).read_bytes(), age.LATER_VERSION))
    told = {"key": age.SEEDS[0].hex(), "backup": [later, plain(age.payload(inside(sound)))]}
    book.add_fixed("envelope_version_line_v2", NEWER, told)
    two = age.header(age.stanza(*_one_slot()), age.stanza(*age.slot(1)))
    book.add(
        "slots_two",
        MALFORMED,
        lambda: {"key": age.SEEDS[0].hex(), "backup": [plain(two), plain(age.payload(inside(sound)))]},
    )
    book.save()


def _one_slot() -> tuple[bytes, bytes]:
    """The slot of the header beside the book: the wrap draws at random, and is made once."""
    lines = (HERE / HEADER).read_bytes().split(b"\n")
    argument = lines[1].rpartition(b" ")[2]
    return (base64.b64decode(argument + b"=="), base64.b64decode(lines[2] + b"="))
