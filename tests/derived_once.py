"""Derivations, kept for the whole run: tests open what they have just closed, and each takes a tenth of a second or
more by design. It is the real function, asked once for the same words, salt and costs; that it gives the same twice
is for the vectors and for the programs that tests start. The check of a public key is kept too: a manifest has some
sixty, and each command reads it again.
"""

from functools import cache

from crypto.primitives import _argon2, _hybrid, _sodium


def keep_derivations() -> None:
    """For all that is derived in this process from now on; programs that tests start derive as ever."""
    for library in (_argon2, _sodium):
        library.argon2id = cache(library.argon2id)  # type: ignore[assignment]
    _hybrid.check_public_key = cache(_hybrid.check_public_key)
