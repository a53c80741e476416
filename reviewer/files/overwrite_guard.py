"""Overwrite protection: a command replaces only an older file of the same kind."""

from pathlib import Path

from crypto.errors import CryptoError
from crypto.keys import minisign
from crypto.keys.keys import RootVerifyKey
from system.errors import ProgramError
from system.given_files import open_given


def require_replaceable(target: Path, *, beginning: bytes, kind: str) -> None:
    """Return if ``target`` is missing, empty, or begins like the file to be written.

    Raises:
        ProgramError: another file is there. An outbox in the place of the backup would let servers delete what
            no backup holds any more.
    """
    try:
        if not target.is_file():
            return
        with open_given(target) as there:
            found = there.read(len(beginning))
    except OSError:  # missing, or the writer reports what is wrong with the place
        return
    if found and found != beginning:
        raise ProgramError(f"{target} is there, and is no {kind}", hint="name another file; nothing was written")


def require_own_signature(signature: Path, *, root: RootVerifyKey) -> None:
    """Return if ``signature`` is missing, empty, or names ``root`` as its signer.

    The signed file is not checked: the power may have failed before it was written.

    Raises:
        ProgramError: another file is there, such as the signature of another organisation.
    """
    hint = "name a FILE in another folder with --out, or move what is there away; nothing was issued"
    try:
        if not signature.is_file():
            return
        with open_given(signature) as there:
            found = there.read(minisign.LONGEST_FILE_BYTES + 1)
    except OSError:  # as above
        return
    try:
        if found and minisign.signer_id(found) != minisign.key_id(root):
            raise ProgramError(f"{signature} is signed by another root key, for another organisation", hint=hint)
    except CryptoError as error:
        raise ProgramError(f"{signature} is there, and is no signature", hint=hint) from error
