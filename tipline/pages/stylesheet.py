"""The templates of the site, and its one stylesheet."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "site"


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """The one stylesheet. Its name carries its hash, so that a browser may keep it for ever.

    ``gzipped`` is the same file. Its length tells nothing that an observer of the network does not know.
    """

    content: bytes
    gzipped: bytes
    name: str

    @classmethod
    def read(cls, more: bytes) -> Self:
        """The stylesheet of the templates, and the rules of the operator's forms after it."""
        content = (TEMPLATES / "site.css").read_bytes() + more
        return cls(content, gzip.compress(content, mtime=0), hashlib.sha256(content).hexdigest()[:16])
