"""The checkout that a release is made from: one commit, no change beside it, one version."""

import re
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

from release import ReleaseRefused

_SHOWN_CHANGES = 5
_VERSION = r"\d+\.\d+\.\d+"


@dataclass(frozen=True)
class Checkout:
    """A folder with a commit, and what a release takes from it."""

    folder: Path
    commit: str
    """The 40 hexadecimal digits of the commit."""
    seconds: int
    """The commit's time, in seconds since 1970: the only time that a release knows."""
    version: str

    @property
    def name(self) -> str:
        """The name of the release, and of its folder."""
        return f"tipline-{self.version}"


def read_checkout(folder: Path) -> Checkout:
    """Read the commit and the version of ``folder``.

    Raises:
        ReleaseRefused: a file is changed or not committed, or a version differs.
    """
    changed = _git(folder, "status", "--porcelain").splitlines()
    if changed:
        shown = ", ".join(line[3:] for line in changed[:_SHOWN_CHANGES])
        raise ReleaseRefused(f"files differ from the commit: {shown}", hint="commit them, or take them away")
    commit, seconds = _git(folder, "log", "-1", "--format=%H %ct").split()
    return Checkout(folder, commit, int(seconds), _one_version(folder, commit))


def versions(folder: Path) -> dict[str, str]:
    """Each place that states a version, and the version that it states; ``pyproject.toml`` is the source."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = {"pyproject.toml": str(project["version"])}
    heading = re.search(rf"^## ({_VERSION})\b", _changelog(folder), re.MULTILINE)
    if heading:
        found["CHANGELOG.md"] = heading[1]
    for page in sorted((folder / "docs").rglob("*.md")):
        named = set(re.findall(rf"\btipline(?:-reviewer-|-|_)({_VERSION})\b", page.read_text(encoding="utf-8")))
        if named:
            other = sorted(named - {found["pyproject.toml"]})
            found[page.relative_to(folder).as_posix()] = other[0] if other else found["pyproject.toml"]
    return found


def _one_version(folder: Path, commit: str) -> str:
    found = versions(folder)
    version = found["pyproject.toml"]
    if not re.fullmatch(_VERSION, version):
        raise ReleaseRefused(f"version {version} is not three numbers", hint="change it in pyproject.toml")
    for place, stated in found.items():
        if stated != version:
            raise ReleaseRefused(f"{place} names version {stated}, and pyproject.toml {version}")
    if "CHANGELOG.md" not in found:
        raise ReleaseRefused(f"CHANGELOG.md has no heading for version {version}", hint=f'write "## {version}"')
    waiting = re.search(r"^## Unreleased\s*\n(.*?)(?=^## |\Z)", _changelog(folder), re.MULTILINE | re.DOTALL)
    if waiting and waiting[1].strip():
        raise ReleaseRefused(
            "CHANGELOG.md has entries under Unreleased", hint=f'move them below the heading "## {version}"'
        )
    tag = f"v{version}"
    tagged = _git(folder, "tag", "--list", tag) and _git(folder, "rev-list", "-n", "1", tag)
    if tagged not in ("", commit):
        raise ReleaseRefused(
            f"the tag {tag} names another commit", hint="a version is released once: raise it in pyproject.toml"
        )
    return version


def _changelog(folder: Path) -> str:
    file = folder / "CHANGELOG.md"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)
    if done.returncode:
        raise ReleaseRefused(f"git {arguments[0]} ended with {done.returncode} in {folder}")
    return done.stdout.decode().rstrip("\n")
