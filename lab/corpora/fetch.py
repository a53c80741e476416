"""Fetches the archives of ``corpora.toml``, held to their digests: ``scripts/corpora``.

From PyPI, and by ``apt-get source`` from the mirror of Debian that this machine uses. The only network use of the
lab. Archives that are there already are not fetched again.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
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
HOSTILE: Final = "hostile"
FINGERPRINTS: Final = "fingerprints"


@dataclass(frozen=True)
class Archive:
    """One archive, and which of its files are taken."""

    name: str
    version: str
    sha256: str
    licence: str
    only: tuple[str, ...]
    words: list[str]
    endings: tuple[str, ...]
    is_of_debian: bool
    use: str

    @property
    def file(self) -> Path:
        """Its place after :func:`fetch`."""
        return FOLDER / f"{self.name}-{self.version}"


def archives(use: str | None = None) -> list[Archive]:
    """All of them, or those of one use, in the order of the file."""
    text = (Path(__file__).parent / "corpora.toml").read_text(encoding="utf-8")
    found = [
        Archive(
            name=one["name"],
            version=one["version"],
            sha256=one["sha256"],
            licence=one["licence"],
            only=(one["only"],) if isinstance(one["only"], str) else tuple(one["only"]),
            words=one["words"],
            endings=tuple(one.get("endings", ("",))),
            is_of_debian=one.get("from") == "debian",
            use=one.get("use", HOSTILE),
        )
        for one in tomllib.loads(text)["archive"]
    ]
    return [one for one in found if use in (None, one.use)]


def fetch(archive: Archive) -> None:
    """Fetch one archive.

    Raises:
        SystemExit: the index has no such archive, or it is another one than it was.
    """
    if archive.file.exists() and _digest(archive.file.read_bytes()) == archive.sha256:
        return
    content = _of_debian(archive) if archive.is_of_debian else _of_pypi(archive)
    if _digest(content) != archive.sha256:
        raise SystemExit(f"{archive.name} {archive.version} has the digest {_digest(content)}, not the one listed")
    FOLDER.mkdir(exist_ok=True)
    archive.file.write_bytes(content)


def _of_pypi(archive: Archive) -> bytes:
    address = f"{_INDEX}{archive.name}/"
    with urlopen(Request(address, headers=_AS_JSON), timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310
        files = json.load(answer)["files"]
    names = {f"{archive.name}-{archive.version}{ending}" for ending in (".tar.gz", ".zip")}
    urls = [one["url"] for one in files if one["filename"].lower() in names]
    if not urls:
        raise SystemExit(f"the index has no source archive of {archive.name} {archive.version}")
    with urlopen(urljoin(address, urls[0]), timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content


def _of_debian(archive: Archive) -> bytes:
    """The original archive of a source package. apt gets folders of its own, and changes none of the machine's."""
    with tempfile.TemporaryDirectory() as folder:
        parts = Path(folder) / "parts"
        for name in ("parts", "lists/partial", "cache/archives/partial", "got"):
            (Path(folder) / name).mkdir(parents=True)
        (parts / "own.sources").write_text(_source_stanzas(), encoding="utf-8")
        options = [
            *("-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={parts}"),
            *("-o", f"Dir::State::lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache"),
        ]
        package = f"{archive.name}={archive.version}"
        _apt([*options, "update"], folder)
        _apt([*options, "source", "--download-only", "--only-source", package], f"{folder}/got")
        upstream = archive.version.rpartition("-")[0].rpartition(":")[2]
        found = [
            one for one in Path(folder, "got").glob(f"{archive.name}_{upstream}.orig.tar.*") if one.suffix != ".asc"
        ]
        if len(found) != 1:
            raise SystemExit(f"the mirror has no source archive of {archive.name} {archive.version}")
        return found[0].read_bytes()


def _apt(arguments: Sequence[str], folder: str) -> None:
    if subprocess.run(["apt-get", "--quiet", *arguments], cwd=folder, check=False).returncode != 0:
        raise SystemExit(f"apt-get {arguments[-1]} failed; is the version still on the mirror?")


def _source_stanzas() -> str:
    """The stanzas of this machine's mirrors, for source packages."""
    stanzas = "\n\n".join(
        path.read_text(encoding="utf-8") for path in sorted(Path("/etc/apt/sources.list.d").glob("*.sources"))
    ).split("\n\n")
    wanted = [one for one in stanzas if "URIs: http" in one and "Types: deb" in one]
    if not wanted:
        raise SystemExit("this machine names no mirror of Debian in /etc/apt/sources.list.d/*.sources")
    return "\n\n".join(one.replace("Types: deb", "Types: deb-src", 1) for one in wanted) + "\n"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    for archive in archives():
        fetch(archive)
        print(f"{archive.name} {archive.version}: {archive.file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
