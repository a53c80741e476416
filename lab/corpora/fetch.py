"""Fetches the archives of ``corpora.toml`` from PyPI, held to their digests: ``scripts/corpora``.

The only network use of the lab. Archives that are there already are not fetched again.
"""

import hashlib
import json
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin
from urllib.request import Request, urlopen

FOLDER: Final = Path(__file__).parent / "fetched"
_INDEX: Final = "https://pypi.org/simple/"
_AS_JSON: Final = {"Accept": "application/vnd.pypi.simple.v1+json"}
"""PEP 691."""

_PATIENCE_SECONDS: Final = 120


@dataclass(frozen=True)
class Archive:
    """One archive, and which of its files are taken."""

    name: str
    version: str
    sha256: str
    licence: str
    only: str
    words: list[str]

    @property
    def file(self) -> Path:
        """Its place after :func:`fetch`."""
        return FOLDER / f"{self.name}-{self.version}"


def archives() -> list[Archive]:
    """All of them, in the order of the file."""
    text = (Path(__file__).parent / "corpora.toml").read_text(encoding="utf-8")
    return [Archive(**one) for one in tomllib.loads(text)["archive"]]


def fetch(archive: Archive) -> None:
    """Fetch one archive.

    Raises:
        SystemExit: the index has no such archive, or it is another one than it was.
    """
    if archive.file.exists() and _digest(archive.file.read_bytes()) == archive.sha256:
        return
    address = f"{_INDEX}{archive.name}/"
    with urlopen(Request(address, headers=_AS_JSON), timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310
        files = json.load(answer)["files"]
    names = {f"{archive.name}-{archive.version}{ending}" for ending in (".tar.gz", ".zip")}
    urls = [one["url"] for one in files if one["filename"].lower() in names]
    if not urls:
        raise SystemExit(f"the index has no source archive of {archive.name} {archive.version}")
    with urlopen(urljoin(address, urls[0]), timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310
        content = answer.read()
    if _digest(content) != archive.sha256:
        raise SystemExit(f"{archive.name} {archive.version} has the digest {_digest(content)}, not the one listed")
    FOLDER.mkdir(exist_ok=True)
    archive.file.write_bytes(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    for archive in archives():
        fetch(archive)
        print(f"{archive.name} {archive.version}: {archive.file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
