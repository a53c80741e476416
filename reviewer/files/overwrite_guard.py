"""What a command may write over: the same kind of file, from a round before, and nothing else."""

from pathlib import Path

from crypto.errors import CryptoError
from crypto.keys import minisign
from crypto.keys.keys import RootVerifyKey
from system.errors import ProgramError


def require_replaceable(target: Path, *, beginning: bytes, kind: str) -> None:
    """Return when there is nothing at ``target``, or a file that is empty or begins as what is to be written there.

    Raises:
        ProgramError: something else is there. An outbox in the place of the backup would let servers delete what
            no backup holds any more.
    """
    try:
        if not target.is_file():
            return
        with target.open("rb") as there:
            found = there.read(len(beginning))
    except OSError:  # not there; or whoever writes it says what is wrong with the place
        return
    if found and found != beginning:
        raise ProgramError(f"{target} is there, and is no {kind}", hint="name another file; nothing was written")


def require_own_signature(signature: Path, *, root: RootVerifyKey) -> None:
    """Return when there is nothing at ``signature``, or a file that is empty or names ``root`` as its signer. What
    it is over does not count, as the power may have failed before that was written.

    Raises:
        ProgramError: something else is there, such as what another organisation gives to those who seal for it.
    """
    hint = "name a FILE in another folder with --out, or move what is there away; nothing was issued"
    try:
        if not signature.is_file():
            return
        with signature.open("rb") as there:
            found = there.read(minisign.LONGEST_FILE_BYTES + 1)
    except OSError:  # as above
        return
    try:
        if found and minisign.signer_id(found) != minisign.key_id(root):
            raise ProgramError(f"{signature} is signed by another root key, for another organisation", hint=hint)
    except CryptoError as error:
        raise ProgramError(f"{signature} is there, and is no signature", hint=hint) from error
