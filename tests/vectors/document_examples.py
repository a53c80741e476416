"""Worked examples of documents, field by field."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from crypto.questions.answers import answers_of_form
from crypto.questions.questionnaire import Questionnaire
from lab.second.vectors import whole
from tests.vectors.worked import dump, fields_of, from_vector, section, split, unpadded, values, vector_of

PAGES = Path(__file__).parents[2] / "docs" / "formats"


def document(name: str, title: str, part: str, said: str = "") -> str:
    """A canonical document, field by field."""
    named, raw = from_vector(name, title, part)
    digest = hashlib.sha256(raw).hexdigest()
    return section(f"{named} {said}{len(raw):,} bytes, SHA-256\n`{digest}`.", dump(fields_of(raw)))


def canonical_json() -> str:
    return document("canonical_json", "string_with_short_escapes", "json")


def party() -> str:
    _, raw = from_vector("party", "party_sound", "party")
    words = hashlib.sha256(raw).hexdigest()[:32]
    groups = " ".join(words[at : at + 4] for at in range(0, 32, 4))
    return document("party", "party_sound", "party", f"Fingerprint `{groups}`; ")


def manifest() -> str:
    first = document("manifest", "manifest_small", "manifest").rstrip("\n")
    named, raw = from_vector("minisign", "signature_sound", "signature")
    vector = vector_of("minisign", "signature_sound")
    message = whole(vector["message"])
    lines = raw.split(b"\n")
    signed = unpadded(lines[1].rstrip(b"="))
    over = unpadded(lines[3].rstrip(b"="))
    return (
        f"{first}\n\nA signature file: {named[0].lower()}{named[1:]}\n\n"
        "```text\n"
        + "\n".join(
            values(
                ("root key", str(vector["root"])),
                ("message", message),
                ("BLAKE2b-512, first half", hashlib.blake2b(message).digest()[:32]),
                ("BLAKE2b-512, second half", hashlib.blake2b(message).digest()[32:]),
                ("line 2: algorithm", signed[:2]),
                ("line 2: key id", signed[2:10]),
                ("line 2: signature, R", signed[10:42]),
                ("line 2: signature, S", signed[42:]),
                ("line 3: trusted comment", lines[2].removeprefix(b"trusted comment: ")),
                ("line 4: over both, R", over[:32]),
                ("line 4: over both, S", over[32:]),
            )
        )
        + "\n```\n\n"
        "Key files: vectors `public_sound` and `secret_sound` of `tests/vectors/minisign_key.json`;\n"
        "the bytes that their second lines stand for.\n\n"
        + "\n\n".join(f"```text\n{block}\n```" for block in _key_files())
        + "\n"
    )


def _key_files() -> Iterator[str]:
    id_and_key = (("key id", 8), ("public key", 32))
    for title, layout in (
        ("public_sound", (("kind", 2), *id_and_key)),
        (
            "secret_sound",
            (
                *(("kind", 2), ("no derivation", 2), ("kind of the checksum", 2), ("salt and limits", 48)),
                *(("key id", 8), ("seed", 32), ("public key", 32), ("checksum", 32)),
            ),
        ),
    ):
        comment, line, _ = whole(vector_of("minisign_key", title)["file"]).split(b"\n")
        yield "\n".join([comment.decode(), *dump(split(unpadded(line), *layout))])


def statements() -> str:
    titles = ("receipt_of_one", "withdrawal_of_one", "week-closed_sound")
    blocks = [dump(fields_of(from_vector("statements", title, "payload")[1])) for title in titles]
    return section(
        "Vectors `receipt_of_one`, `withdrawal_of_one` and `week-closed_sound` of `tests/vectors/statements.json`.",
        *blocks,
    )


def shared() -> str:
    said, raw = from_vector("shared", "item_of_one_note", "inside")
    layout = (("magic", 8), ("version", 1), ("kind", 1), ("sender", 32), ("signature", 64), ("document_bytes", 4))
    at = sum(length for _, length in layout)
    end = at + int.from_bytes(raw[at - 4 : at], "big")
    parts = [*split(raw[:at], *layout), *fields_of(raw[at:end]), ("padding", raw[end:])]
    return section(f"{said} A note, and nothing else to say.", dump(parts))


def offer() -> str:
    said, raw = from_vector("offer", "offer_sound", "offer")
    layout = (("magic", 8), ("version", 1), ("signer", 32), ("signature", 64))
    document_at = sum(length for _, length in layout)
    return section(said, dump([*split(raw[:document_at], *layout), *fields_of(raw[document_at:])]))


def announcement() -> str:
    said, raw = from_vector("announcement", "item_sound", "item")
    head = split(raw[:105], ("magic", 8), ("version", 1), ("party", 32), ("signature", 64))
    return section(said, dump([*head, *fields_of(raw[105:])]))


def questionnaire() -> str:
    page = (PAGES / "questionnaire.md").read_text(encoding="utf-8")
    file = page.partition("```toml\n")[2].partition("```")[0].encode()
    asked = Questionnaire.parse(file)
    typed = {"q:kind": "factory", "q:company": "Example Garments"}
    return section(
        "The file that stands above, and a form on which both questions were answered.",
        values(("SHA-256 of the file", asked.sha256), *answers_of_form(asked, typed)),
    )


def hand_over() -> str:
    named, raw = from_vector("hand_over", "case_sound", "case")
    length = int.from_bytes(raw[105:109], "big")
    layout = (("magic", 8), ("version", 1), ("sender", 32), ("signature", 64), ("statement_bytes", 4))
    return section(
        f"{named} What is inside of the envelope.",
        dump([*split(raw[:109], *layout), *fields_of(raw[109 : 109 + length]), ("file", raw[109 + length :])]),
    )
