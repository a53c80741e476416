"""The wheels that a package was made from, and the lock files that they must agree with."""

import email.parser
import hashlib
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from release import ReleaseRefused

OURS = "tipline"
MADE_FROM_SOURCE = frozenset({"stem"})
"""scripts/build-wheels makes their wheels from a locked source, so that the lock has the source's digest."""

_LICENCES_OF_CLASSIFIERS = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_LICENCES_READ_BY_A_PERSON = {
    "bleach": "Apache-2.0",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "pydyf": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "sqlcipher3": "Zlib",
    "stem": "LGPL-3.0-only",
    "webencodings": "BSD-3-Clause",
}
"""Their metadata names no licence of the SPDX list; each was read in the licence file of the package."""


@dataclass(frozen=True)
class Wheel:
    """One wheel file, and what its metadata states."""

    file_name: str
    sha256: str
    name: str
    version: str
    licence: str
    """An expression of SPDX."""
    requires: tuple[Requirement, ...]
    bills: tuple[str, ...]
    """Bills of materials inside of the wheel, by path: they name what a compiled library contains."""


@dataclass(frozen=True)
class Locked:
    """One entry of a lock file."""

    name: str
    version: str
    sha256: frozenset[str]
    marker: Marker | None

    def is_for(self, python: str) -> bool:
        """Say if CPython ``python`` (as ``3.11``) installs this entry."""
        return self.marker is None or self.marker.evaluate(environment(python))


def environment(python: str, *, extra: str = "") -> dict[str, str]:
    """The values of a requirement's marker for CPython ``python`` on Linux."""
    return {
        "extra": extra,
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
    }


def read_lock(file: Path) -> list[Locked]:
    """The entries of a ``requirements*.lock``."""
    text = re.sub(r" \\\n\s+", " ", file.read_text(encoding="utf-8"))
    entries = []
    for line in text.splitlines():
        entry = re.match(r"([a-z0-9.-]+)==([^\s;]+)(?: ; (.*?))?(?= --hash| *$)", line)
        if entry:
            digests = frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
            entries.append(Locked(entry[1], entry[2], digests, Marker(entry[3]) if entry[3] else None))
    return entries


def read_wheels(folder: Path) -> list[Wheel]:
    """All wheels of a folder, by name.

    Raises:
        ReleaseRefused: the licence of a package is unknown.
    """
    return [_read_wheel(file) for file in sorted(folder.glob("*.whl"))]


def check_against_locks(wheels: Iterable[Wheel], locks: Iterable[Locked], *, pythons: Sequence[str]) -> None:
    """Compare the wheels of a package with what is locked for its Pythons.

    Raises:
        ReleaseRefused: a wheel is not locked, has another digest, or is missing.
    """
    locked = {entry.name: entry for entry in locks if any(entry.is_for(python) for python in pythons)}
    there = [wheel for wheel in wheels if wheel.name != OURS]
    for wheel in there:
        entry = locked.get(wheel.name)
        if entry is None or entry.version != wheel.version:
            raise ReleaseRefused(f"{wheel.file_name} is not in the lock file")
        if wheel.sha256 not in entry.sha256 and wheel.name not in MADE_FROM_SOURCE:
            raise ReleaseRefused(f"{wheel.file_name} has a digest that the lock file does not have")
    missing = sorted(locked.keys() - {wheel.name for wheel in there})
    if missing:
        raise ReleaseRefused(f"the package lacks {', '.join(missing)}")


def _read_wheel(file: Path) -> Wheel:
    name, version, _build, _tags = parse_wheel_filename(file.name)
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        (place,) = [one for one in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", one)]
        metadata = email.parser.BytesParser().parsebytes(archive.read(place))
    return Wheel(
        file.name,
        hashlib.sha256(file.read_bytes()).hexdigest(),
        canonicalize_name(name),
        str(version),
        _licence(canonicalize_name(name), metadata),
        tuple(Requirement(one) for one in metadata.get_all("Requires-Dist") or ()),
        tuple(sorted(one for one in names if re.fullmatch(r"[^/]+\.dist-info/sboms/[^/]+\.json", one))),
    )


def _licence(name: str, metadata: Message) -> str:
    if metadata["License-Expression"]:
        return str(metadata["License-Expression"])
    if name in _LICENCES_READ_BY_A_PERSON:
        return _LICENCES_READ_BY_A_PERSON[name]
    for classifier in metadata.get_all("Classifier") or ():
        if classifier in _LICENCES_OF_CLASSIFIERS:
            return _LICENCES_OF_CLASSIFIERS[classifier]
    if re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9.]+)+", metadata["License"] or ""):
        return str(metadata["License"])
    raise ReleaseRefused(f"the licence of {name} is unknown", hint="read it, and add it to release/wheels.py")
