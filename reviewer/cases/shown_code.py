"""Names by content, and the code of what was shown.

A press does what its page showed, and nothing else.
A position names another file as soon as one before it is deleted, in another window or by another command.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from system.errors import ProgramError

_CODE_DIGITS: Final = 24
NOT_SHOWN: Final = "-"
"""In place of the code of a preview that no one looked at."""


def content_names(digests: Iterable[bytes]) -> list[str]:
    """A name for each SHA-256: its digits, and from the second equal one its place, like ``ab12-2``."""
    seen: Counter[bytes] = Counter()
    names = []
    for digest in digests:
        seen[digest] += 1
        names.append(digest.hex() if seen[digest] == 1 else f"{digest.hex()}-{seen[digest]}")
    return names


def text_names(texts: Iterable[Sequence[str]]) -> list[str]:
    """A name for each text, by the SHA-256 of its words and of what they are called."""
    return content_names(hashlib.sha256(json.dumps(list(text)).encode("ascii")).digest() for text in texts)


def shown_code(shown: Sequence[object]) -> str:
    """The code of what was shown: the beginning of a SHA-256, as 24 hexadecimal digits."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode("ascii")).hexdigest()[:_CODE_DIGITS]


def require_shown(untrusted_code: str | None, present: str) -> None:
    """Return if this is the code of what would be shown now; None if it is shown in the same step.

    Raises:
        ProgramError: it is another, or empty: something has changed since; or there was no preview.
    """
    if untrusted_code == NOT_SHOWN:
        raise ProgramError(
            "nothing leaves in one step: look at the preview first, and add its code",
            hint="the preview of this command ends with the code: --code CODE",
        )
    if untrusted_code is not None and untrusted_code.strip().lower() != present:
        raise ProgramError("this has changed since it was shown", hint="look at it again, then decide")
