"""Vectors of the signature files in ``docs/formats/manifest.md``, by PyNaCl's high-level interface.

Two signatures with the same key were made once by minisign 0.12, with ``-S`` and ``-S -l``, and are copied here.
"""

import hashlib
from base64 import b64decode, b64encode

from nacl.signing import SigningKey

from tests.vectors.book import BAD_SIGNATURE, MALFORMED, OPENS, VectorBook, edited, plain

ROOT = SigningKey(bytes([77]) * 32)
MESSAGE = b"a manifest, as far as a signature is concerned\n"
KEY_ID = hashlib.sha256(b"tipline/v1/key-id" + ROOT.verify_key.encode()).digest()[:8]
COMMENT = b"tipline manifest 1 of 2026-11-25"

BY_MINISIGN = b"""untrusted comment: signature from minisign secret key
RUSJM6IPKKXIZLYOewphTMavDBFbIRBrQr4UybMNuJmqhHeDnOJpOR5kQRtzH5ZdExCXxlMQ0PfUDyc0Z6jfWiREFBETdjGLkws=
trusted comment: tipline manifest 1 of 2026-11-25
hR+7VzWs18d4qTQHobwOg3Owy1fKePBfY0eyAp7N0YZ5elKojyLnRshlSgFd5KQRD9nBbU7j/s6qYTY7LbBkCg==
"""
BY_MINISIGN_OLD_KIND = b"""untrusted comment: signature from minisign secret key
RWSJM6IPKKXIZMgG6AwMepkhEcTR283CVb6t4heEKQtVCvNaiH0m28+pKqJNX4lg4Jr67a1tJSS5wOfuwlxFWn7xZq2yYlG3dAM=
trusted comment: old kind
zFrLVcHTde9bhfeAgKWkDQYeu/gAplNgjvfrJekskMVlMakgnN3R6wiQgOyArYf4giFz+G1TQcMoPXcwgzb7DA==
"""


def signature_file(
    message: bytes = MESSAGE, *, key: SigningKey = ROOT, comment: bytes = COMMENT, kind: bytes = b"ED"
) -> bytes:
    hashed = hashlib.blake2b(message).digest() if kind == b"ED" else message
    signature = key.sign(hashed).signature
    return b"\n".join(
        (
            b"untrusted comment: signature by the root key",
            b64encode(kind + KEY_ID + signature),
            b"trusted comment: " + comment,
            b64encode(key.sign(signature + comment).signature),
            b"",
        )
    )


def fill() -> None:
    book = VectorBook("minisign")
    sound = signature_file()
    lines = sound.split(b"\n")
    _add(book, "signature_sound", OPENS, sound)
    _add(book, "signature_by_minisign", OPENS, BY_MINISIGN)
    _add(book, "signature_by_minisign_without_prehashing", MALFORMED, BY_MINISIGN_OLD_KIND)
    _add(book, "signature_of_other_bytes", BAD_SIGNATURE, signature_file(b"other"))
    _add(book, "signature_by_another_key", BAD_SIGNATURE, signature_file(key=SigningKey(bytes([78]) * 32)))
    _add(book, "signature_with_another_key_id", OPENS, _with_head(lines, b"ED" + bytes(8)))
    _add(book, "signature_without_prehashing", MALFORMED, signature_file(kind=b"Ed"))
    _add(book, "signature_of_unknown_kind", MALFORMED, _with_head(lines, b"XX" + KEY_ID))
    _add(book, "signature_with_a_bit_changed", BAD_SIGNATURE, _flipped(lines, 1))
    _add(book, "signature_short", MALFORMED, edited(sound, lines[1], lines[1][:-4]))
    _add(book, "signature_not_canonical", MALFORMED, edited(sound, lines[1], _not_canonical(lines[1])))
    _add(book, "untrusted_comment_changed", OPENS, edited(sound, b"by the root key", b"by nobody"))
    _add(book, "untrusted_comment_missing", MALFORMED, sound.split(b"\n", 1)[1])
    _add(book, "untrusted_comment_of_another_name", MALFORMED, edited(sound, b"untrusted comment:", b"comment:"))
    _add(book, "trusted_comment_changed", BAD_SIGNATURE, edited(sound, b"manifest 1 of", b"manifest 2 of"))
    _add(book, "trusted_comment_empty", OPENS, signature_file(comment=b""))
    _add(book, "trusted_comment_with_tabs", OPENS, signature_file(comment=b"timestamp:1\tfile:m\thashed"))
    _add(book, "trusted_comment_not_utf_8", MALFORMED, signature_file(comment=b"\xff"))
    _add(book, "trusted_comment_with_escape_character", MALFORMED, signature_file(comment=b"\x1b[2J"))
    _add(book, "trusted_comment_with_carriage_return", MALFORMED, signature_file(comment=COMMENT + b"\r"))
    _add(book, "comment_signature_with_a_bit_changed", BAD_SIGNATURE, _flipped(lines, 3))
    _add(book, "comment_signature_missing", MALFORMED, b"\n".join([*lines[:3], b""]))
    _add(book, "file_empty", MALFORMED, b"")
    _add(book, "file_without_last_line_feed", MALFORMED, sound[:-1])
    _add(book, "file_with_an_empty_line_after", MALFORMED, sound + b"\n")
    _add(book, "file_with_carriage_returns", MALFORMED, sound.replace(b"\n", b"\r\n"))
    _add(book, "file_twice", MALFORMED, sound + sound)
    _add(book, "file_over_4096_bytes", MALFORMED, signature_file(comment=b"x" * 4096))
    book.save()


def _add(book: VectorBook, name: str, outcome: str, signature: bytes) -> None:
    book.add(
        name,
        outcome,
        lambda: {
            "root": ROOT.verify_key.encode().hex(),
            "message": [plain(MESSAGE)],
            "signature": [plain(signature)],
        },
    )


def _with_head(lines: list[bytes], head: bytes) -> bytes:
    """The sound signature under another kind and key id."""
    return b"\n".join([lines[0], b64encode(head + b64decode(lines[1])[10:]), *lines[2:]])


def _flipped(lines: list[bytes], at: int) -> bytes:
    letter = b"A" if lines[at][40:41] != b"A" else b"B"
    return b"\n".join([*lines[:at], lines[at][:40] + letter + lines[at][41:], *lines[at + 1 :]])


def _not_canonical(line: bytes) -> bytes:
    # 74 bytes leave four bits over in the last letter, which must be zero.
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    assert line.endswith(b"=")
    last = letters[letters.index(line[-2:-1]) + 1 :][:1]
    return line[:-2] + last + b"="
