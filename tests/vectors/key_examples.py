"""Worked examples of keys in files, and of backups."""

from lab.second.bech32 import decode
from lab.second.envelope import open_envelope
from lab.second.hkdf import hkdf
from lab.second.hybrid import HybridKey
from lab.second.vectors import whole
from tests.vectors.worked import dump, fields_of, from_vector, section, split, values, vector_of
from tipline.operations import backup_file
from tipline.store.copying import CopiedRow


def locked_key() -> str:
    vector = vector_of("locked_key", "key_sound")
    said, raw = from_vector("locked_key", "key_sound", "locked")
    layout = (("magic", 19), ("version", 1), ("memory_kib", 4), ("passes", 4), ("lanes", 4), ("salt", 16))
    return section(
        f"{said} The passphrase is `{vector['passphrase']}`, the key in it `{vector['key']}`.",
        dump(split(raw, *layout, ("nonce", 24), ("tag", 16), ("sealed key", -1))),
    )


def people_file() -> str:
    vector = vector_of("people_file", "place_of_a_reader")
    said, raw = from_vector("people_file", "place_of_a_reader", "people")
    layout = (("magic", 20), ("version", 1), ("memory_kib", 4), ("passes", 4), ("lanes", 4), ("salt", 16))
    return section(
        f"{said} The passphrase is `{vector['passphrase']}`, and opens place {vector['place']}. The beginning, up"
        " to the first lock, which is of an empty place:",
        dump(split(raw[:121], *layout, ("lock 0", -1))),
    )


def identity_file() -> str:
    said, raw = from_vector("identity_file", "line_of_comment_before_and_after", "identity")
    lines = raw.splitlines(keepends=True)
    seed = decode(lines[1].decode().strip().lower(), "age-secret-key-pq-")
    return section(
        f"{said} The seed in it is `{seed.hex()}`.",
        dump([("a comment", lines[0]), ("the key", lines[1]), ("a comment", lines[2])]),
    )


def keyring() -> str:
    vector = vector_of("key_file", "key_of_a_week")
    said, raw = from_vector("key_file", "key_of_a_week", "file")
    home_key = bytes.fromhex(str(vector["home_key"]))
    ring = hkdf(home_key, b"tipline/v1/rest/keyring")
    return section(
        said,
        values(
            ("NAME", str(vector["key_name"])),
            ("home key", home_key),
            ("keyring key", ring),
            ("key of the file", hkdf(ring, b"tipline/v1/rest/key/" + str(vector["key_name"]).encode())),
            ("secret", str(vector["secret"])),
        ),
        dump(split(raw, ("nonce", 24), ("tag", 16), ("sealed secret", -1))),
    )


def recipient_file() -> str:
    vector = vector_of("recipient_file", "signature_sound")
    said, raw = from_vector("recipient_file", "signature_sound", "file")
    first, *lines = raw.splitlines(keepends=True)
    keys = [(f"key {place}", line) for place, line in enumerate(lines, start=1)]
    signature = whole(vector["signature"]).decode().splitlines()
    return section(
        f"{said} Below it its signature file, by the root key\n`{vector['root']}`.",
        dump([("last day", first), *keys]),
        signature,
    )


def casebook_backup() -> str:
    vector = vector_of("casebook_backup", "backup_sound")
    said, raw = from_vector("casebook_backup", "backup_sound", "backup")
    inside = open_envelope(raw, keys=[HybridKey(bytes.fromhex(str(vector["key"])))], slots=1).read(1 << 20)
    length = int.from_bytes(inside[:4], "big")
    head = fields_of(inside[4 : 4 + length])
    files = split(inside[4 + length :], *((str(name), size) for name, size, _ in vector["files"]))  # type: ignore[attr-defined]
    return section(
        f"{said} Inside of its envelope, which the seed\n`{vector['key']}` opens. Its files are no databases.",
        dump([("length of the head", inside[:4]), *head, *files]),
    )


def server_backup() -> str:
    front = backup_file.front_bytes(whole(vector_of("locked_key", "key_sound")["locked"]))
    name, content = "site.toml", b"# the operator's settings\n"
    head = backup_file.head_bytes([(name, len(content))])
    row = b"".join(backup_file.row_bytes(CopiedRow("closed_weeks", ("2026-W47",))))
    seed = backup_file.backup_key(bytes.fromhex(str(vector_of("locked_key", "key_sound")["key"]))).seed()
    return section(
        "The beginning, around the locked key of vector `key_sound` of `tests/vectors/locked_key.json`, and\n"
        "what could be in the envelope after it: one file, one row. The seed of the slot comes from that key:\n"
        f"`{seed.hex()}`.",
        dump(split(front, ("magic", 22), ("version", 1), ("locked key", -1))),
        dump(
            [
                ("length of the head", head[:4]),
                *fields_of(head[4:]),
                (name, content),
                ("table 3", row[:1]),
                ("text of 8 bytes", row[1:6]),
                ("the week", row[6:]),
                ("the end", backup_file.END),
            ]
        ),
    )
