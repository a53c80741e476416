"""Builds the packages in two clones that share the commit and nothing else, and compares them."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from release import ReleaseRefused
from release.bill import Package, bill_of
from release.checkout import Checkout

SERVER_PYTHONS = ("3.11", "3.13")
"""Debian 12 and 13: one server's package each."""

REVIEWER_PYTHONS = ("3.11", "3.12", "3.13")
"""One medium serves all of them."""

BILL_SUFFIX = ".cdx.json"

_PLACES = (("one", "UTC"), ("another/and/longer", "Asia/Kolkata"))
"""The folder of each build, and its time zone."""


def build_twice(checkout: Checkout, scratch: Path) -> Path:
    """Return a folder in ``scratch`` with the packages and their bills, equal in both builds.

    Raises:
        ReleaseRefused: a build failed, or the two differ.
    """
    first, second = (
        _build(checkout, scratch / place, timezone=timezone, number=number)
        for number, (place, timezone) in enumerate(_PLACES, start=1)
    )
    compare(first, second)
    return first


def compare(first: Path, second: Path) -> None:
    """Compare the files of two folders.

    Raises:
        ReleaseRefused: one file is missing or differs.
    """
    one, other = digests(first), digests(second)
    differ = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    if differ:
        raise ReleaseRefused(f"two builds of one commit differ: {', '.join(differ)}")


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a folder, in hexadecimal, by name and in its order."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.iterdir(), key=lambda one: one.name)
    }


def _build(checkout: Checkout, place: Path, *, timezone: str, number: int) -> Path:
    clone, made, kept = place / "checkout", place / "files", place / "kept"
    for folder in (made, kept):
        folder.mkdir(parents=True)
    _run(["git", "clone", "--quiet", "--no-checkout", str(checkout.folder), str(clone)], place)
    _run(["git", "checkout", "--quiet", "--detach", checkout.commit], clone)
    # The commit's own time counts, and the second build must not see what the first one left.
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    environment["TZ"] = timezone
    packages = []
    for python in SERVER_PYTHONS:
        _say(f"build {number} of 2: the server's package for Python {python}")
        out, wheels = kept / python, kept / f"wheels-{python}"
        build = ["scripts/build-deb", "--python", python, "--out", str(out), "--keep-wheels", str(wheels)]
        _run(build, clone, environment)
        packages.append(Package(_only(out, "*.deb"), "server", (python,), wheels))
    _say(f"build {number} of 2: the reviewer's medium")
    out = kept / "reviewer"
    _run(["scripts/build-reviewer", "--out", str(out)], clone, environment)
    medium = _only(out, "*.tar")
    packages.append(Package(medium, "reviewer", REVIEWER_PYTHONS, out / medium.stem / "wheels"))
    cloned = replace(checkout, folder=clone)
    for package in packages:
        if f"{checkout.version}" not in package.file.name:
            raise ReleaseRefused(f"{package.file.name} is not of version {checkout.version}")
        (made / f"{package.file.name}{BILL_SUFFIX}").write_bytes(bill_of(package, cloned))
        package.file.rename(made / package.file.name)
    shutil.rmtree(clone)
    return made


def _only(folder: Path, pattern: str) -> Path:
    files = list(folder.glob(pattern))
    if len(files) != 1:
        raise ReleaseRefused(f"expected one file {pattern} from the build, and found {len(files)}")
    return files[0]


def _run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise ReleaseRefused(f"{' '.join(command[:2])} ended with {done.returncode}")


def _say(line: str) -> None:
    print(f"scripts/release: {line}", file=sys.stderr, flush=True)
