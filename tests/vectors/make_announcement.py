"""Vectors of ``docs/formats/announcement.md``. Nothing in them is random."""

from typing import Any

from nacl.signing import SigningKey

from tests.vectors.book import BAD_SIGNATURE, MALFORMED, NEWER, NOT_FOR_US, OPENS, VectorBook, plain, text
from tests.vectors.make_party import sign_text, written

MAGIC, LABEL = b"TIPLINA\x1a", b"tipline/v1/announcement\0"
PARTY, OTHER, ROOT, OTHER_ROOT = 1, 2, 90, 91
HEAD = 105


def document(**change: Any) -> dict[str, Any]:
    """A sound one, with fields in place of others; a field that is None is left out."""
    sound = {"format": "tipline-announcement", "format_version": 1, "reads": ["duty"], "root": sign_text(ROOT)}
    return {name: value for name, value in (sound | change).items() if value is not None}


def signed(raw: bytes, *, party: int = PARTY, label: bytes = LABEL, version: int = 1) -> bytes:
    key = SigningKey(bytes([party]) * 32)
    return MAGIC + bytes([version]) + key.verify_key.encode() + key.sign(label + raw).signature + raw


def announcement(**change: Any) -> bytes:
    return signed(written(document(**change)))


def names(count: int) -> list[str]:
    return [f"part-{place:02d}" for place in range(count)]


def fill() -> None:
    book = VectorBook("announcement")

    def add(name: str, outcome: str, raw: bytes, **read: object) -> None:
        pieces = [plain(raw[:HEAD]), *([text(raw[HEAD:])] if raw[HEAD:] else [])]
        book.add_fixed(name, outcome, {"item": pieces, "root": sign_text(ROOT), **read})

    sound, party = announcement(), sign_text(PARTY)
    add("item_sound", OPENS, sound, party=party, reads=["duty"])
    add(
        "reads_of_an_unknown_part", OPENS, announcement(reads=["a1-b", "duty"]), party=party, reads=["a1-b", "duty"]
    )
    add("reads_of_16_names", OPENS, announcement(reads=names(16)), party=party, reads=names(16))
    add("reads_name_of_32_letters", OPENS, announcement(reads=["x" * 32]), party=party, reads=["x" * 32])
    other = signed(written(document()), party=OTHER)
    for name, outcome, raw in (
        ("item_empty", MALFORMED, b""),
        ("item_without_a_document", MALFORMED, sound[:HEAD]),
        ("item_cut", BAD_SIGNATURE, sound[:-1]),
        ("item_followed_by_line_feed", BAD_SIGNATURE, sound + b"\n"),
        ("item_of_4202_bytes", MALFORMED, signed(written(document()).ljust(4097))),
        ("magic_of_an_offer", MALFORMED, b"TIPLINO\x1a" + sound[8:]),
        ("version_0", MALFORMED, signed(written(document()), version=0)),
        ("version_2", NEWER, signed(written(document()), version=2)),
        ("signature_with_a_bit_flipped", BAD_SIGNATURE, sound[:60] + bytes([sound[60] ^ 1]) + sound[61:]),
        ("signature_under_the_label_of_an_offer", BAD_SIGNATURE,
         signed(written(document()), label=b"tipline/v1/offer\0")),
        ("signature_of_another_party", BAD_SIGNATURE, sound[:41] + other[41:]),
        ("party_of_small_order", BAD_SIGNATURE, sound[:9] + bytes(31) + b"\1" + sound[41:]),
        ("root_of_another_organisation", NOT_FOR_US, announcement(root=sign_text(OTHER_ROOT))),
        ("root_short", MALFORMED, announcement(root=sign_text(ROOT)[:-2])),
        ("root_missing", MALFORMED, announcement(root=None)),
        ("format_of_another_document", MALFORMED, announcement(format="tipline-offer")),
        ("format_version_2", NEWER, announcement(format_version=2)),
        ("format_version_2_with_a_new_field", NEWER, announcement(format_version=2, more=1)),
        ("format_version_0", MALFORMED, announcement(format_version=0)),
        ("field_unknown", MALFORMED, announcement(more=1)),
        ("json_with_a_blank", MALFORMED, signed(b" " + written(document()))),
        ("reads_of_no_name", MALFORMED, announcement(reads=[])),
        ("reads_of_17_names", MALFORMED, announcement(reads=names(17))),
        ("reads_same_twice", MALFORMED, announcement(reads=["duty", "duty"])),
        ("reads_not_sorted", MALFORMED, announcement(reads=["duty", "a"])),
        ("reads_name_of_33_letters", MALFORMED, announcement(reads=["x" * 33])),
        ("reads_name_empty", MALFORMED, announcement(reads=[""])),
        ("reads_name_with_capital", MALFORMED, announcement(reads=["Duty"])),
        ("reads_name_with_a_digit_first", MALFORMED, announcement(reads=["1a"])),
        ("reads_name_with_line_feed", MALFORMED, announcement(reads=["duty\n"])),
        ("reads_name_is_a_number", MALFORMED, announcement(reads=[1])),
        ("reads_is_a_text", MALFORMED, announcement(reads="duty")),
        ("reads_missing", MALFORMED, announcement(reads=None)),
    ):  # fmt: skip
        add(name, outcome, raw)
    book.save()
