"""Worked examples of what is sealed: envelope, container, reply, bundle."""

import hashlib
import hmac

from lab.second.envelope import open_envelope
from lab.second.hkdf import hkdf
from lab.second.hybrid import HybridKey
from tests.vectors.worked import dump, from_vector, section, split, unpadded, values, vector_of


def envelope() -> str:
    vector = vector_of("envelope", "envelope_with_one_slot")
    said, raw = from_vector("envelope", "envelope_with_one_slot", "envelope")
    (seed,) = (bytes.fromhex(one) for one in vector["keys"])  # type: ignore[attr-defined]
    lines = raw.split(b"\n", 4)
    cuts = [("version line", len(lines[0]) + 1), ("argument line of the slot", len(lines[1]) + 1)]
    cuts += [("body of the slot", len(lines[2]) + 1), ("MAC line", len(lines[3]) + 1), ("nonce", 16)]
    key = HybridKey(seed)
    encapsulation, body = (unpadded(lines[1].split(b" ")[2]), unpadded(lines[2]))
    file_key = key.unwrap(encapsulation, body)
    assert file_key is not None
    before, nonce = b"\n".join(lines[:3]) + b"\n---", lines[4][:16]
    content = open_envelope(raw, keys=[key], slots=1).read(1 << 20)
    expanded = hashlib.shake_256(seed).digest(96)
    mac_key = hkdf(file_key, b"header")
    return section(
        f"{said} One slot; the content is {len(content)} bytes.",
        values(
            ("seed of the key", seed),
            ("its ML-KEM seed, first half", expanded[:32]),
            ("its ML-KEM seed, second half", expanded[32:64]),
            ("its X25519 secret", expanded[64:]),
            ("SHA-256 of its public key", hashlib.sha256(key.public).digest()),
            ("SHA-256 of the encapsulation", hashlib.sha256(encapsulation).digest()),
            ("body of the slot", body),
            ("file key", file_key),
            ("key of the MAC", mac_key),
            ("MAC", hmac.digest(mac_key, before, "sha256")),
            ("key of the chunks", hkdf(file_key, b"payload", salt=nonce)),
            ("nonce of the only chunk", bytes(11) + b"\1"),
            ("content", content),
        ),
        dump(split(raw, *cuts, ("last chunk and its tag", -1))),
    )


HEAD = (
    ("magic", 8),
    ("version", 1),
    ("kind", 1),
    ("id", 16),
    ("manifest_sha256", 32),
    ("manifest_version", 4),
    ("week_year", 2),
    ("week_number", 1),
    ("day_year", 2),
    ("day_month", 1),
    ("day_day", 1),
)


def container() -> str:
    said, raw = from_vector("container", "file_between_two_fields", "container")
    return section(
        f"{said} A field, a file, a field.",
        dump(
            split(
                raw,
                *HEAD,
                ("F, lengths 1 and 1", 6),
                ("name and value", 2),
                ("B, lengths 1 and 1", 4),
                ("name and type", 2),
                ("D, length 5", 5),
                ("hello", 5),
                ("E, length 5", 9),
                ("SHA-256 of hello", 32),
                ("F, lengths 1 and 1", 6),
                ("name and value", 2),
                ("Z", 1),
                ("2 fields, 1 file", 8),
                ("7 bytes, no mailbox", 9),
                ("padding to 64 KiB", -1),
            )
        ),
    )


def reply() -> str:
    vector = vector_of("reply", "row_sound")
    said, raw = from_vector("reply", "row_sound", "row")
    key = HybridKey(bytes.fromhex(str(vector["key"])))
    inside = open_envelope(raw[64:], keys=[key], slots=1).read(1 << 20)
    text = str(vector["text"]).encode()
    return section(
        f"{said} The seed of its key is\n`{vector['key']}`, the mailbox id\n`{vector['mailbox_id']}`.",
        dump(
            split(
                raw,
                ("reply_id", 16),
                ("salt", 16),
                ("tag", 32),
                ("header of the envelope", 1627),
                ("nonce", 16),
                ("chunk and its tag", -1),
            )
        ),
        dump(
            split(
                inside,
                *HEAD,
                ("F, lengths 6 and 1", 6),
                ("name and number", 7),
                (f"F, lengths 4 and {len(text)}", 6),
                ("name", 4),
                ("text", len(text)),
                ("Z", 1),
                ("2 fields, no file", 8),
                (f"{1 + len(text)} bytes, no mailbox", 9),
                ("padding to 64 KiB", -1),
            )
        ),
    )


def bundle() -> str:
    vector = vector_of("bundle", "marked_last_withheld")
    said, raw = from_vector("bundle", "marked_last_withheld", "bundle")
    (seed, *_) = (bytes.fromhex(one) for one in vector["keys"])  # type: ignore[attr-defined]
    inside = open_envelope(raw, keys=[HybridKey(seed)], slots=4).read(1 << 20)
    length = int.from_bytes(inside[105:109], "big")
    presence = []
    for item in vector["items"]:  # type: ignore[attr-defined]
        presence.append(("presence", 1))
        if item is not None:
            presence.append(("item", len(item) // 2))
    _, file = from_vector("bundle_file", "file_of_one_bundle", "file")
    piece = int.from_bytes(file[9:13], "big")
    layout = (("magic", 8), ("version", 1), ("sender", 32), ("signature", 64), ("statement_bytes", 4))
    cuts = split(inside, *layout, ("statement", length), ("sealing", 8), *presence, ("presence signature", 64))
    framed = split(
        file,
        ("magic", 8),
        ("version", 1),
        ("piece_bytes", 4),
        ("a piece", piece),
        ("0: the bundle ends", 4),
        ("end", 4),
    )
    return section(
        f"{said} What is inside of its envelope, which a receiver with the seed\n`{seed.hex()}` opens; and vector"
        " `file_of_one_bundle` of `tests/vectors/bundle_file.json`, whose bundle is a few letters.",
        dump(cuts),
        dump(framed),
    )
