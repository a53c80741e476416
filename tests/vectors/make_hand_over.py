"""Vectors of ``docs/formats/hand-over.md``: what is inside of the envelope, which has vectors of its own."""

import hashlib
import json
from typing import Any

from nacl.signing import SigningKey

from tests.vectors.book import BAD_SIGNATURE, MALFORMED, NEWER, NOT_FOR_US, OPENS, VectorBook, edited, plain, text
from tests.vectors.make_fingerprint import words_of
from tests.vectors.make_party import hybrid_text, sign_text, written

MAGIC = b"TIPLINH\x1a"
LABEL = b"tipline/v1/hand-over\0"
WORDS_LABEL = b"tipline/v1/hand-over-words"
SENDER, RECEIVER, THIRD = 1, 2, 3
HEAD = 109
PHOTO = b"not a photo"
TIP = hashlib.sha256(b"tipline/v1/hand-over-tip\0" + bytes(32)).hexdigest()


def key_file(place: int, organisation: str = "Example Watch", **change: Any) -> dict[str, Any]:
    sound = {
        "format": "tipline-hand-over-key",
        "format_version": 1,
        "organisation": organisation,
        "seal": hybrid_text(place),
        "sign": sign_text(place),
    } | change
    return {name: value for name, value in sound.items() if value is not None}


OWN = hashlib.sha256(written(key_file(RECEIVER, "Example Shelter"))).hexdigest()


LONG_NAME = [["x" * 1025, "", 0, "00" * 32]]
NEWER_SENDER = {"from": key_file(SENDER, format_version=2)}


def tip(**change: Any) -> dict[str, Any]:
    sound = {
        "arrived": "2026-11-25",
        "fields": [["text", "What I saw.\nतीन\u202e"]],
        "files": [["a.jpg", "image/jpeg", len(PHOTO), hashlib.sha256(PHOTO).hexdigest()]],
        "id": TIP,
    } | change
    return {name: value for name, value in sound.items() if value is not None}


def statement(**change: Any) -> bytes:
    sound = {
        "format": "tipline-hand-over",
        "format_version": 1,
        "day": "2026-11-25",
        "from": key_file(SENDER),
        "id": "5f" * 16,
        "tips": [tip()],
        "to": OWN,
        "told": "agreed",
    } | change
    return written({name: value for name, value in sound.items() if value is not None})


def case(raw: bytes, files: bytes = PHOTO, *, signer: int = SENDER, head: bytes = MAGIC + b"\1") -> bytes:
    key = SigningKey(bytes([signer]) * 32)
    return (
        head + key.verify_key.encode() + key.sign(LABEL + raw).signature + len(raw).to_bytes(4, "big") + raw + files
    )


def fill() -> None:
    fill_keys()
    book = VectorBook("hand_over")

    def add(name: str, outcome: str, raw: bytes) -> None:
        told: dict[str, Any] = {"case": [plain(raw)], "own": OWN}
        if outcome == OPENS:
            length = int.from_bytes(raw[HEAD - 4 : HEAD], "big")
            document = json.loads(raw[HEAD : HEAD + length])
            told |= {
                "told": document["told"],
                "tips": len(document["tips"]),
                "organisation": document["from"]["organisation"],
            }
        book.add_fixed(name, outcome, told)

    sound = case(statement())
    add("case_sound", OPENS, sound)
    add(
        "case_of_two_tips_without_files",
        OPENS,
        case(statement(tips=[tip(files=[]), tip(files=[], id="00" * 32)]), b""),
    )
    add("field_empty", OPENS, case(statement(tips=[tip(fields=[["text", ""]])])))
    for told in ("life-in-danger", "must-report", "nothing-said"):
        add(f"told_{told}", OPENS, case(statement(told=told)))
    for name, outcome, raw in (
        ("magic_of_a_bundle", MALFORMED, case(statement(), head=b"TIPLINB\x1a\1")),
        ("version_0", MALFORMED, case(statement(), head=MAGIC + b"\0")),
        ("version_2", NEWER, case(statement(), head=MAGIC + b"\2")),
        ("signature_by_another_key", BAD_SIGNATURE, sound[:9] + bytes.fromhex(sign_text(THIRD)) + sound[41:]),
        ("signature_changed", BAD_SIGNATURE, sound[:50] + bytes([sound[50] ^ 1]) + sound[51:]),
        ("statement_changed", BAD_SIGNATURE, edited(sound, b'"day":"2026-11-25"', b'"day":"2026-11-26"')),
        ("signer_is_not_the_sender", MALFORMED, case(statement(), signer=THIRD)),
        ("statement_empty", MALFORMED, case(b"")),
        ("statement_of_a_higher_version", NEWER, case(statement(format_version=2))),
        ("statement_of_another_format", MALFORMED, case(statement(format="tipline-bundle"))),
        ("statement_with_an_unknown_field", MALFORMED, case(statement(more=1))),
        ("statement_not_canonical", MALFORMED, case(b" " + statement())),
        ("day_that_is_none", MALFORMED, case(statement(day="2026-02-30"))),
        ("id_short", MALFORMED, case(statement(id="5f" * 15))),
        ("to_of_another_home", NOT_FOR_US, case(statement(to="00" * 32))),
        ("to_missing", MALFORMED, case(statement(to=None))),
        ("told_another_word", MALFORMED, case(statement(told="perhaps"))),
        ("told_only-if-you-agree", MALFORMED, case(statement(told="only-if-you-agree"))),
        ("tips_none", MALFORMED, case(statement(tips=[]), b"")),
        ("tips_101", MALFORMED, case(statement(tips=[tip(files=[], id=f"{n:064x}") for n in range(101)]), b"")),
        ("tip_twice", MALFORMED, case(statement(tips=[tip(files=[]), tip(files=[])]), b"")),
        ("tip_without_a_day", MALFORMED, case(statement(tips=[tip(arrived=None)]))),
        ("tip_with_a_mailbox", MALFORMED, case(statement(tips=[tip(mailbox="00" * 32)]))),
        ("field_without_a_name", MALFORMED, case(statement(tips=[tip(fields=[["", "x"]])]))),
        ("field_name_of_65_bytes", MALFORMED, case(statement(tips=[tip(fields=[["x" * 65, "x"]])]))),
        ("field_of_three", MALFORMED, case(statement(tips=[tip(fields=[["text", "x", "y"]])]))),
        ("field_value_is_a_number", MALFORMED, case(statement(tips=[tip(fields=[["text", 1]])]))),
        ("file_length_negative", MALFORMED, case(statement(tips=[tip(files=[["a", "", -1, "00" * 32]])]))),
        ("file_digest_short", MALFORMED, case(statement(tips=[tip(files=[["a", "", 1, "00" * 31]])]))),
        ("file_name_of_1025_bytes", MALFORMED, case(statement(tips=[tip(files=LONG_NAME)]), b"")),
        ("file_changed", MALFORMED, sound[:-1] + b"X"),
        ("file_cut", MALFORMED, sound[:-1]),
        ("file_missing", MALFORMED, sound[: -len(PHOTO)]),
        ("case_followed_by_a_byte", MALFORMED, sound + b"X"),
        ("case_empty", MALFORMED, b""),
        ("case_cut_in_the_statement", MALFORMED, sound[: HEAD + 20]),
        ("sender_key_file_of_a_higher_version", NEWER, case(statement(**NEWER_SENDER))),
        ("sender_key_file_without_a_name", MALFORMED, case(statement(**{"from": key_file(SENDER, "")}))),
        ("sender_key_file_is_a_text", MALFORMED, case(statement(**{"from": "Example Watch"}))),
    ):  # fmt: skip
        add(name, outcome, raw)
    book.save()


def fill_keys() -> None:
    book = VectorBook("hand_over_key")
    sound = written(key_file(SENDER))

    def add(name: str, outcome: str, raw: bytes) -> None:
        told: dict[str, Any] = {"key": [text(raw)]}
        if outcome == OPENS:
            told |= {"organisation": json.loads(raw)["organisation"], "words": words_of(raw, WORDS_LABEL)}
        book.add_fixed(name, outcome, told)

    add("key_sound", OPENS, sound)
    add("organisation_in_arabic", OPENS, written(key_file(SENDER, "مثال")))
    for name, outcome, raw in (
        ("organisation_empty", MALFORMED, written(key_file(SENDER, ""))),
        ("organisation_of_201_letters", MALFORMED, written(key_file(SENDER, "x" * 201))),
        ("organisation_with_line_feed", MALFORMED, written(key_file(SENDER, "Example\nWatch"))),
        ("format_of_a_party", MALFORMED, written(key_file(SENDER, format="tipline-party"))),
        ("format_version_2", NEWER, written(key_file(SENDER, format_version=2))),
        ("seal_missing", MALFORMED, written(key_file(SENDER, seal=None))),
        ("seal_in_capitals", MALFORMED, written(key_file(SENDER, seal=hybrid_text(SENDER).upper()))),
        ("sign_short", MALFORMED, written(key_file(SENDER, sign=sign_text(SENDER)[:-2]))),
        ("field_unknown", MALFORMED, written(key_file(SENDER, more=1))),
        ("file_over_8192_bytes", MALFORMED, sound + b" " * 8192),
    ):  # fmt: skip
        add(name, outcome, raw)
    book.save()
