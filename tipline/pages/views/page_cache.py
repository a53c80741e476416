"""Bytes that are made once and kept: the stylesheet, and empty forms for each language and look.

In each answer with a form only the nonce is new. Nothing of a visitor is in what is kept, so it may stay in memory.
To render the first page takes ten times the processor time, and every visitor requests it (docs/develop/weight.md).
"""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tipline.requests.nonce import Nonce

TEMPLATES = Path(__file__).parent.parent.parent.parent / "templates" / "site"


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """The one stylesheet. Its name carries its hash, so that a browser may keep it.

    ``gzipped`` is the same file. Its length tells nothing that an observer of the network does not know.
    """

    content: bytes
    gzipped: bytes
    name: str

    @classmethod
    def read(cls, more: bytes) -> Self:
        """Read the stylesheet of the templates, followed by the rules of the operator's forms."""
        content = (TEMPLATES / "site.css").read_bytes() + more
        return cls(content, gzip.compress(content, mtime=0), hashlib.sha256(content).hexdigest()[:16])


class PageCache:
    """Rendered forms by what they depend on. Bounded, as languages, looks and forms are."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[object, ...], list[bytes]] = {}

    def fresh(self, key: tuple[object, ...], render: Callable[[str], bytes]) -> bytes:
        """Return the page of ``key`` with a new nonce. ``render`` makes it for a given nonce, once for each key."""
        pieces = self._pieces.get(key)
        if pieces is None:
            first = Nonce.generate().digits()
            pieces = self._pieces[key] = render(first).split(first.encode())
            if len(pieces) == 1:
                raise RuntimeError("the nonce must have a place in its page")
        return Nonce.generate().digits().encode().join(pieces)
