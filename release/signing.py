"""The release key: a secret key file of minisign with a passphrase, which only ``minisign`` opens.

The passphrase goes to ``minisign`` through its standard input. It is in no argument, no environment variable, no
file and no message.
"""

import base64
import binascii
import getpass
import subprocess
import sys
import tempfile
from pathlib import Path

from crypto.errors import BadSignature, Malformed
from crypto.keys.keys import RootVerifyKey
from crypto.keys.minisign import LONGEST_FILE_BYTES, parse_public_key_file, verify
from release import ReleaseRefused

LONGEST_PASSPHRASE_BYTES = 1000
"""minisign reads at most 1,023 bytes."""

STANDARD_INPUT = "-"

_ENCRYPTED = b"EdScB2"  # Ed25519, scrypt, BLAKE2b
_NOT_ENCRYPTED = b"Ed\0\0B2"
_SECRET_KEY_BYTES = 158


def read_passphrase(passphrase_file: str | None, *, key_file: Path) -> bytes:
    """The first line of a file (``-`` is standard input), or what a person types at the terminal.

    Raises:
        ReleaseRefused: there is no passphrase, or it is too long.
    """
    if passphrase_file is None:
        if not sys.stdin.isatty():
            raise ReleaseRefused(
                "there is no terminal to ask for the passphrase", hint="give --passphrase-file FILE"
            )
        passphrase = getpass.getpass(f"Passphrase of {key_file}: ").encode()
    elif passphrase_file == STANDARD_INPUT:
        passphrase = sys.stdin.buffer.readline(LONGEST_PASSPHRASE_BYTES + 3).rstrip(b"\r\n")
    else:
        try:
            with Path(passphrase_file).open("rb") as source:
                passphrase = source.readline(LONGEST_PASSPHRASE_BYTES + 3).rstrip(b"\r\n")
        except OSError as error:
            raise ReleaseRefused(f"cannot read {passphrase_file}: {error.strerror}") from error
    if not 1 <= len(passphrase) <= LONGEST_PASSPHRASE_BYTES or b"\0" in passphrase:
        raise ReleaseRefused(
            f"a passphrase has 1 to {LONGEST_PASSPHRASE_BYTES} bytes", hint="the first line counts, without its end"
        )
    return passphrase


class ReleaseKey:
    """A secret key file with its passphrase. It prints nothing."""

    def __init__(self, file: Path, *, passphrase: bytes) -> None:
        """Have ``minisign`` open the key once, so that a wrong passphrase is told before anything is built.

        Raises:
            ReleaseRefused: no secret key of minisign, a key without a passphrase, or a wrong passphrase.
        """
        _check_that_it_is_encrypted(file)
        self._file = file.resolve()
        self._passphrase = passphrase
        with tempfile.TemporaryDirectory(prefix="tipline-release-") as folder:
            public = Path(folder, "public")
            self._minisign("-R", "-p", str(public))
            written = public.read_bytes()
        self._public_key: RootVerifyKey = parse_public_key_file(written)
        self.public_line = written.decode().splitlines()[1]
        """The public key in base64, for ``minisign -P``."""

    def sign(self, file: Path, *, trusted_comment: str) -> Path:
        """Write ``FILE.minisig``, and read it back with this project's own reader.

        Raises:
            ReleaseRefused: ``minisign`` failed, or its signature is not good.
        """
        self._minisign("-S", "-m", str(file), "-t", trusted_comment)
        signature = file.with_name(f"{file.name}.minisig")
        try:
            signed = verify(file.read_bytes(), untrusted_signature=signature.read_bytes(), key=self._public_key)
        except (BadSignature, Malformed) as error:
            raise ReleaseRefused(f"the signature of minisign is not good: {error}") from error
        if signed != trusted_comment:
            raise ReleaseRefused("minisign signed another comment")
        return signature

    def _minisign(self, action: str, *arguments: str) -> None:
        done = subprocess.run(
            ["minisign", action, "-s", self._file, *arguments],
            input=self._passphrase + b"\n",
            capture_output=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise ReleaseRefused(
                f"minisign could not use the key: {said[-1].lower() if said else 'no reason told'}"
            )


def _check_that_it_is_encrypted(file: Path) -> None:
    try:
        with file.open("rb") as source:
            lines = source.read(LONGEST_FILE_BYTES).splitlines()
        raw = base64.b64decode(lines[1], validate=True)
    except OSError as error:
        raise ReleaseRefused(f"cannot read {file}: {error.strerror}") from error
    except (IndexError, binascii.Error) as error:
        raise ReleaseRefused(f"{file} is no secret key of minisign") from error
    if len(raw) != _SECRET_KEY_BYTES or raw[:6] not in (_ENCRYPTED, _NOT_ENCRYPTED):
        raise ReleaseRefused(f"{file} is no secret key of minisign")
    if raw[:6] == _NOT_ENCRYPTED:
        raise ReleaseRefused(f"{file} has no passphrase", hint=f"minisign -C -s {file} gives it one")
