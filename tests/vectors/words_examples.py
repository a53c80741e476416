"""Worked examples of what people read and type: passphrase, mailbox, root words, recovery sheets."""

import hashlib

from lab.second import mailbox as mailboxes
from lab.second import passphrase as passphrases
from lab.second import place_code as codes
from lab.second import recovery_sheet as sheets
from lab.second import slip39
from lab.second.hybrid import HybridKey
from lab.second.vectors import whole
from tests.vectors.worked import section, values, vector_of


def passphrase() -> str:
    vector = vector_of("passphrase", "words_with_blanks")
    places = passphrases.read_passphrase(str(vector["text"]))
    secret = passphrases.secret_of(places)
    digest = hashlib.sha256(b"tipline/v1/check" + secret).digest()
    return section(
        "Vector `words_with_blanks` of `tests/vectors/passphrase.json`.",
        values(
            ("as typed", str(vector["text"])),
            ("digits", " ".join(vector["digits"])),  # type: ignore[arg-type]
            ("secret", secret),
            ("hashed for the check", b"tipline/v1/check" + secret),
            ("SHA-256 of that", digest),
            ("mod 7772, plus 1", str(int.from_bytes(digest, "big") % 7772 + 1)),
        ),
    )


def mailbox() -> str:
    vector = vector_of("mailbox", "costs_of_a_real_site")
    places = passphrases.read_passphrase(" ".join(vector["digits"]))  # type: ignore[arg-type]
    salt = bytes.fromhex(str(vector["salt"]))
    found = mailboxes.open_mailbox(places, salt=salt, memory_kib=65_536, passes=3, lanes=1)
    reply_salt = bytes.fromhex(str(vector["reply_salt"]))
    return section(
        "Vector `costs_of_a_real_site` of `tests/vectors/mailbox.json`: 65,536 KiB, 3 passes, 1 lane.",
        values(
            ("digits", " ".join(vector["digits"])),  # type: ignore[arg-type]
            ("password", passphrases.secret_of(places)),
            ("site salt", salt),
            ("mailbox id", found.identity),
            ("source seed", found.source_seed),
            ("SHA-256 of the source public key", hashlib.sha256(HybridKey(found.source_seed).public).digest()),
            ("salt of a row", reply_salt),
            ("tag of that row", mailboxes.reply_tag(found.identity, reply_salt)),
        ),
    )


def place_code() -> str:
    vector = vector_of("place_code", "code_with_a_blank")
    code = codes.read_place_code(str(vector["text"]))
    state, steps = 0, ["0"]
    for digit in code[:5]:
        state = codes.ROWS[state][int(digit)]
        steps.append(str(state))
    return section(
        "Vector `code_with_a_blank` of `tests/vectors/place_code.json`.",
        values(
            ("as typed", str(vector["text"])),
            ("number", code[:5]),
            ("digit so far", " ".join(steps)),
            ("check digit", code[5]),
            ("kept", code),
        ),
    )


def fingerprint() -> str:
    vector = vector_of("fingerprint", "key_of_the_example")
    root = bytes.fromhex(str(vector["root"]))
    return section(
        "Vector `key_of_the_example` of `tests/vectors/fingerprint.json`.",
        values(
            ("root key", root),
            ("SHA-256 of label and key", hashlib.sha256(b"tipline/v1/root-words" + root).digest()),
            ("words", str(vector["words"])),
        ),
    )


def recovery_sheet() -> str:
    vector = vector_of("recovery_sheet", "set_two_of_two")
    texts = list(vector["sheets"])  # type: ignore[call-overload]
    shares = [slip39.share_of([slip39.WORDS.index(word) for word in text.split()]) for text in texts]
    points = {share.place: share.value for share in shares}
    sealed = slip39.join(points, len(shares))
    shown = [
        pair
        for text, share in zip(texts, shares, strict=True)
        for pair in ((f"sheet {share.place + 1}", text), (f"value of sheet {share.place + 1}", share.value))
    ]
    secret = slip39.unseal(sealed, passphrase=b"", share=shares[0])
    reviewer = str(vector_of("reviewer_keys", "founder_of_the_example")["reviewer"])
    found = sheets.reviewer_of(secret[1], secret[2:], reviewer)
    return section(
        "Vector `set_two_of_two` of `tests/vectors/recovery_sheet.json`. What follows from it: vector"
        " `founder_of_the_example` of\n`tests/vectors/reviewer_keys.json`.",
        values(
            *shown,
            ("set number", str(shares[0].set_number)),
            ("value at 255", sealed),
            ("value at 254", slip39.at(254, points)),
            ("secret", secret),
        ),
        values(
            ("name of the reviewer", reviewer),
            ("seed of its casebook-backup key", found.backup_seed),
            ("seed of its signature key", found.signing_seed),
            ("public signature key", found.sign),
            ("seed of its transport key", found.transport_seed),
            ("SHA-256 of its public transport key", hashlib.sha256(found.transport).digest()),
        ),
    )


def evidence_package() -> str:
    vector = vector_of("evidence_key", "key_of_the_example")
    file = whole(vector["file"])
    digits = hashlib.sha256(file).hexdigest()
    return section(
        "Vector `key_of_the_example` of `tests/vectors/evidence_key.json`.",
        [
            *values(("key", str(vector["key"]))),
            *file.decode().splitlines(),
            *values(
                ("digits, first half", " ".join(digits[at : at + 4] for at in range(0, 32, 4))),
                ("digits, second half", " ".join(digits[at : at + 4] for at in range(32, 64, 4))),
                ("words", str(vector["words"])),
            ),
        ],
    )
