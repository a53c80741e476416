"""Vectors of the key files in ``docs/formats/manifest.md``. Fixed keys, so nothing in them is random.

One pair was made once by minisign 0.12, with ``-G -W``, and is copied here: it guards nothing.
"""

from base64 import b64decode, b64encode
from typing import Any

from nacl.signing import SigningKey

from tests.vectors.book import MALFORMED, OPENS, VectorBook, edited, plain
from tests.vectors.make_minisign import KEY_ID, ROOT

PUBLIC_BY_MINISIGN = b"""untrusted comment: minisign public key E8CAD0ED3C8AEDC6
RWTG7Yo87dDK6CfASRQ4wjgoVOop7ps0VpW29HDj88QlPnEtXN0Ls3SJ
"""
SECRET_BY_MINISIGN = b"""untrusted comment: minisign encrypted secret key
RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAxu2KPO3QyuhOc5v0bjoqssoUWLa+rrkfQnRL9bf7oiYzr1mtqQMRayfASRQ4wjgoVOop7ps0VpW29HDj88QlPnEtXN0Ls3SJAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
"""
PUBLIC, SECRET = "public", "secret"
SEED, KEY = ROOT.encode(), ROOT.verify_key.encode()
OTHER = SigningKey(bytes([78]) * 32)
SMALL_ORDER = b"\1" + bytes(31)


def public_file(
    *, kind: bytes = b"Ed", key_id: bytes = KEY_ID, key: bytes = KEY, comment: bytes | None = None
) -> bytes:
    shown = b"minisign public key " + KEY_ID[::-1].hex().upper().encode()
    return _file(shown if comment is None else comment, kind + key_id + key)


def secret_file(
    *,
    kind: bytes = b"Ed",
    derivation: bytes = b"\0\0",
    checked_by: bytes = b"B2",
    unused: bytes = bytes(48),
    key_id: bytes = KEY_ID,
    public: bytes = KEY,
    checksum: bytes = bytes(32),
) -> bytes:
    raw = b"".join((kind, derivation, checked_by, unused, key_id, SEED, public, checksum))
    return _file(b"minisign secret key, not encrypted", raw)


def _file(comment: bytes, raw: bytes) -> bytes:
    return b"untrusted comment: " + comment + b"\n" + b64encode(raw) + b"\n"


def fill() -> None:
    book = VectorBook("minisign_key")
    for name, file in (
        ("sound", public_file()),
        ("by_minisign", PUBLIC_BY_MINISIGN),
        ("comment_changed", public_file(comment=b"the key of nobody")),
        ("comment_empty", public_file(comment=b"")),
        ("comment_with_a_tab", public_file(comment=b"a\tb")),
        ("id_of_another_key", public_file(key_id=bytes(8))),
        ("key_of_small_order", public_file(key=SMALL_ORDER)),
    ):
        _add(book, PUBLIC, name, OPENS, file)
    for name, file in _public_faults():
        _add(book, PUBLIC, name, MALFORMED, file)
    for name, file in (
        ("sound", secret_file()),
        ("by_minisign", SECRET_BY_MINISIGN),
        ("id_of_another_key", secret_file(key_id=bytes(8))),
        ("salt_not_zero", secret_file(unused=b"\7" * 32 + bytes(16))),
        ("limits_not_zero", secret_file(unused=bytes(32) + b"\7" * 16)),
        ("checksum_not_zero", secret_file(checksum=b"\7" * 32)),
    ):
        _add(book, SECRET, name, OPENS, file)
    for name, file in _secret_faults():
        _add(book, SECRET, name, MALFORMED, file)
    book.save()


def _public_faults() -> list[tuple[str, bytes]]:
    sound = public_file()
    line = sound.split(b"\n")[1]
    return [
        ("comment_missing", line + b"\n"),
        ("comment_of_another_name", edited(sound, b"untrusted comment: ", b"trusted comment: ")),
        ("comment_without_its_blank", edited(sound, b"comment: minisign", b"comment:minisign")),
        ("comment_not_utf_8", public_file(comment=b"\xff")),
        ("comment_with_escape_character", public_file(comment=b"\x1b[2J")),
        ("comment_with_next_line_character", public_file(comment="a\x85b".encode())),
        ("kind_of_a_prehashed_signature", public_file(kind=b"ED")),
        ("kind_unknown", public_file(kind=b"XX")),
        ("key_short", public_file(key=KEY[:-1])),
        ("key_long", public_file(key=KEY + b"\0")),
        ("key_missing", public_file(key=b"")),
        ("base64_with_padding", edited(sound, line, line + b"====")),
        ("base64_with_a_blank_behind", edited(sound, line, line + b" ")),
        ("base64_with_a_tab_before", edited(sound, line, b"\t" + line)),
        ("base64_with_a_letter_that_is_none", edited(sound, line, b"-" + line[1:])),
        ("file_empty", b""),
        ("file_without_last_line_feed", sound[:-1]),
        ("file_with_an_empty_line_after", sound + b"\n"),
        ("file_with_carriage_returns", sound.replace(b"\n", b"\r\n")),
        ("file_twice", sound + sound),
        ("file_over_4096_bytes", public_file(comment=b"x" * 4096)),
        ("file_of_a_secret_key", secret_file()),
    ]


def _secret_faults() -> list[tuple[str, bytes]]:
    sound = secret_file()
    line = sound.split(b"\n")[1]
    # 158 bytes leave two bits over in the last letter before the padding, which must be zero.
    assert line.endswith(b"AA=")
    return [
        ("encrypted", secret_file(derivation=b"Sc")),
        ("kind_unknown", secret_file(kind=b"XX")),
        ("checksum_of_another_kind", secret_file(checked_by=b"\0\0")),
        ("public_half_of_another_key", secret_file(public=OTHER.verify_key.encode())),
        ("checksum_short", secret_file(checksum=bytes(31))),
        ("checksum_missing", secret_file(checksum=b"")),
        ("checksum_long", secret_file(checksum=bytes(33))),
        ("base64_not_canonical", edited(sound, line, line[:-2] + b"B=")),
        ("base64_without_padding", edited(sound, line, line[:-1])),
        ("comment_missing", line + b"\n"),
        ("file_without_last_line_feed", sound[:-1]),
        ("file_of_a_public_key", public_file()),
        ("file_over_4096_bytes", edited(sound, b"not encrypted", b"x" * 4096)),
    ]


def _add(book: VectorBook, kind: str, name: str, outcome: str, file: bytes) -> None:
    told: dict[str, Any] = {"kind": kind, "file": [plain(file)]}
    if outcome == OPENS:
        raw = b64decode(file.split(b"\n")[1])
        told |= {"public_key": raw[-64:-32].hex() if kind == SECRET else raw[-32:].hex()}
        if kind == SECRET:
            told |= {"seed": raw[-96:-64].hex()}
    book.add_fixed(f"{kind}_{name}", outcome, told)
