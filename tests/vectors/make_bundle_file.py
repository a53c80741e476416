"""Vectors of the FILE in ``docs/formats/bundle.md``; what it carries means nothing here."""

from tests.vectors.book import MALFORMED, NEWER, OPENS, Piece, VectorBook, plain

MAGIC, MIB = b"TIPLINF\x1a", 1024 * 1024
HEAD, STOP, END = MAGIC + b"\1", bytes(4), b"\xff" * 4


def piece(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw


def fill() -> None:
    book = VectorBook("bundle_file")
    one, two = piece(b"one") + STOP, piece(b"tw") + piece(b"o") + STOP
    longest = [plain(HEAD + MIB.to_bytes(4, "big")), plain(b"\x5a", MIB), plain(STOP + END)]
    for name, raw, bundles in (
        ("file_without_bundles", HEAD + END, []),
        ("file_of_one_bundle", HEAD + one + END, [b"one"]),
        ("file_of_two_bundles", HEAD + one + two + END, [b"one", b"two"]),
        ("pieces_of_one_byte", HEAD + piece(b"o") + piece(b"n") + piece(b"e") + STOP + END, [b"one"]),
        ("piece_that_looks_like_the_end", HEAD + piece(END) + STOP + END, [END]),
    ):
        told = [bundle.hex() for bundle in bundles]
        book.add(name, OPENS, lambda raw=raw, told=told: {"file": [plain(raw)], "bundles": told})
    book.add("piece_of_1_mib", OPENS, lambda: {"file": longest, "bundles": None})
    for name, outcome, raw in (
        ("magic_of_a_bundle", MALFORMED, b"TIPLINB\x1a\1" + END),
        ("magic_cut", MALFORMED, MAGIC[:5]),
        ("file_empty", MALFORMED, b""),
        ("version_missing", MALFORMED, MAGIC),
        ("version_2", NEWER, MAGIC + b"\2"),
        ("version_0", MALFORMED, MAGIC + b"\0" + END),
        ("bundle_empty", MALFORMED, HEAD + STOP + END),
        ("bundle_without_its_end", MALFORMED, HEAD + piece(b"one") + END),
        ("piece_cut", MALFORMED, HEAD + (10).to_bytes(4, "big") + b"one"),
        ("piece_length_cut", MALFORMED, HEAD + b"\0\0"),
        ("piece_over_1_mib", MALFORMED, HEAD + (MIB + 1).to_bytes(4, "big") + bytes(10)),
        ("end_missing", MALFORMED, HEAD + one),
        ("end_cut", MALFORMED, HEAD + one + END[:3]),
        ("end_followed_by_a_byte", MALFORMED, HEAD + one + END + b"\0"),
        ("end_followed_by_another_file", MALFORMED, HEAD + one + END + HEAD + END),
    ):
        book.add(name, outcome, lambda raw=raw: {"file": [plain(raw)], "bundles": None})
    lying: list[Piece] = [plain(HEAD + (MIB + 1).to_bytes(4, "big")), plain(b"\0", MIB + 1), plain(STOP + END)]
    book.add("piece_over_1_mib_and_there", MALFORMED, lambda: {"file": lying, "bundles": None})
    book.save()
