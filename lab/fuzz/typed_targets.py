"""Targets that people type or copy by lines: passphrases, recovery sheets, minisign files."""

from collections.abc import Iterator

from crypto.keys import minisign
from crypto.keys.keys import RootSigningKey, RootVerifyKey
from crypto.passphrases import passphrase
from crypto.primitives import _slip39
from crypto.recovery import recovery_sheet
from lab.fuzz.seeds import OURS
from lab.fuzz.target import Target, same
from tests.vectors.book import VectorBook, bytes_of

_SIGNED = next(iter(VectorBook("minisign")))
_ROOT = RootVerifyKey.parse(_SIGNED["root"])
_MESSAGE = bytes_of(_SIGNED["message"])


def _minisign(untrusted_input: bytes) -> None:
    mode, raw = (untrusted_input[0] % 3, untrusted_input[1:]) if untrusted_input else (0, b"")
    if mode == 0:
        minisign.verify(_MESSAGE, untrusted_signature=raw, key=_ROOT)
    elif mode == 1:
        minisign.parse_public_key_file(raw)
    else:
        minisign.parse_secret_key_file(raw)


def _minisign_files() -> Iterator[bytes]:
    for vector in VectorBook("minisign"):
        yield b"\0" + bytes_of(vector["signature"])
    key = RootSigningKey(bytes([7]) * 32)
    yield b"\1" + minisign.public_key_file(key.verify_key())
    yield b"\2" + minisign.secret_key_file(key)


def _recovery_sheet(untrusted_input: bytes) -> None:
    sheet = recovery_sheet.Sheet.parse(untrusted_input.decode(errors="surrogateescape"))
    same(recovery_sheet.Sheet.parse(" ".join(sheet.words)), sheet)


def _passphrase(untrusted_input: bytes) -> None:
    read = passphrase.Passphrase.parse(untrusted_input.decode(errors="surrogateescape"))
    same(passphrase.Passphrase.parse(" ".join(read.words)), read)


def targets() -> Iterator[Target]:
    yield Target(
        "minisign",
        _minisign,
        OURS,
        (
            *(minisign.verify, minisign.parse_public_key_file, minisign.parse_secret_key_file),
            *(minisign._text_lines, minisign._after, minisign._unbase64),
        ),
        list(_minisign_files()),
        (b"untrusted comment: ", b"trusted comment: ", b"\n", b"="),
    )
    yield Target(
        "passphrase",
        _passphrase,
        OURS,
        (passphrase.Passphrase.parse, passphrase.Passphrase.__init__, passphrase._plain, passphrase._places),
        [vector["text"].encode(errors="surrogatepass") for vector in VectorBook("passphrase")],
        (b" ", b"-", b"1.", b"zoom", b"7772", "\u0663".encode(), "\u00e9".encode(), "\u0131".encode()),
    )
    yield Target(
        "recovery_sheet",
        _recovery_sheet,
        OURS,
        (recovery_sheet.Sheet.parse, recovery_sheet.words_of, recovery_sheet.place_of, _slip39.parse),
        [sheet.encode() for vector in VectorBook("recovery_sheet") for sheet in vector["sheets"]],
        (b" ", b"-", b"1.", b"acid", b"zero", b"acad", b"ac", "\uff41".encode(), "\u0131".encode()),
    )
