"""A release of a small project: what is in its folder, what a verifier types, and what is refused."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from release import run
from release.building import BILL_SUFFIX, compare, digests
from tests.release.small_project import PASSPHRASE, VERSION, commit, git, make_project, write_secret_key

ROOT = Path(run.__file__).parent.parent
PACKAGES = [
    f"tipline-reviewer-{VERSION}.tar",
    f"tipline_{VERSION}-1+py3.11_amd64.deb",
    f"tipline_{VERSION}-1+py3.13_amd64.deb",
]


class Desk:
    """A maintainer's computer: a checkout, a medium with the key, and the place for releases."""

    def __init__(self, folder: Path) -> None:
        (folder / "project").mkdir()
        self.project = make_project(folder / "project")
        self.medium = folder / "medium"
        self.medium.mkdir()
        write_secret_key(self.medium / "release.key")
        (self.medium / "passphrase").write_text(f"{PASSPHRASE}\n")
        self.out = folder / "releases" / "tipline"
        self.seen = folder / "seen"

    def release(self, *more: str) -> int:
        key = ["--key", str(self.medium / "release.key"), "--passphrase-file", str(self.medium / "passphrase")]
        return run.main([*key, "--out", str(self.out), *more], checkout=self.project)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    monkeypatch.setenv("SEEN", str(desk.seen))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return desk


def test_a_release_holds_packages_bills_digests_and_a_signature_that_the_printed_lines_verify(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.release() == 0
    names = sorted([*PACKAGES, *(name + BILL_SUFFIX for name in PACKAGES)])
    assert sorted(file.name for file in desk.out.iterdir()) == sorted([*names, "SHA256SUMS", "SHA256SUMS.minisig"])
    listed = dict(line.split("  ")[::-1] for line in (desk.out / "SHA256SUMS").read_text().splitlines())
    assert listed == {name: hashlib.sha256((desk.out / name).read_bytes()).hexdigest() for name in names}
    printed = capsys.readouterr().out
    lines = re.findall(r"^    (minisign -V .*|sha256sum .*)$", printed, re.MULTILINE)
    assert len(lines) == 2
    said = [
        subprocess.run(["sh", "-c", line], cwd=desk.out, capture_output=True, check=True, text=True).stdout
        for line in lines
    ]
    assert f"tipline {VERSION}, commit {git(desk.project, 'rev-parse', 'HEAD')}" in said[0]
    assert said[1].splitlines() == [f"{name}: OK" for name in names]
    (desk.out / PACKAGES[1]).write_text("another package")
    assert subprocess.run(["sh", "-c", lines[1]], cwd=desk.out, capture_output=True, check=False).returncode != 0


def test_a_bill_of_a_release_names_the_package_beside_it(desk: Desk) -> None:
    assert desk.release() == 0
    for name in PACKAGES:
        component = json.loads((desk.out / (name + BILL_SUFFIX)).read_text())["metadata"]["component"]
        assert component["name"] == name
        assert component["hashes"][0]["content"] == hashlib.sha256((desk.out / name).read_bytes()).hexdigest()


def test_two_releases_of_one_commit_with_one_key_are_the_same_bytes(desk: Desk) -> None:
    assert desk.release() == 0
    again = desk.out.with_name("again")
    assert desk.release("--out", str(again)) == 0
    assert digests(desk.out) == digests(again)
    times = {file.stat().st_mtime for folder in (desk.out, again) for file in folder.iterdir()}
    assert times == {int(git(desk.project, "log", "-1", "--format=%ct"))}


def test_the_passphrase_is_in_no_argument_no_environment_no_output_and_no_file(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A program in the place of minisign notes what others could see of it, and then is minisign."""
    real = subprocess.run(["sh", "-c", "command -v minisign"], capture_output=True, check=True, text=True).stdout
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "minisign").write_text(
        f'#!/bin/sh\n{{ env; tr "\\0" " " </proc/$$/cmdline; }} >>"$SEEN"\nexec {real.strip()} "$@"\n'
    )
    (programs / "minisign").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    assert desk.release() == 0
    seen = desk.seen.read_text()
    assert "minisign -S -s" in seen
    assert seen.count("build-deb") >= 4
    said = capfd.readouterr()
    secret_line = (desk.medium / "release.key").read_text().splitlines()[1]
    for secret in (PASSPHRASE, secret_line):
        assert secret not in seen + said.out + said.err
        held = [file for file in tmp_path.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]
        assert [file.parent for file in held] == [desk.medium]


def test_nothing_is_left_of_a_build(desk: Desk, tmp_path: Path) -> None:
    before = {file.name for file in tmp_path.iterdir()}
    assert desk.release() == 0
    assert {file.name for file in tmp_path.iterdir()} - before == {"releases", "seen"}
    assert [file.name for file in desk.out.parent.iterdir()] == [desk.out.name]


def change(desk: Desk) -> None:
    (desk.project / "pyproject.toml").write_text("# changed\n")


def add(desk: Desk) -> None:
    (desk.project / "new").touch()


def edit(desk: Desk, name: str, old: str, new: str) -> None:
    file = desk.project / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    commit(desk.project)


def tag_another_commit(desk: Desk) -> None:
    git(desk.project, "tag", f"v{VERSION}")
    edit(desk, "CHANGELOG.md", "all of it", "all")


def put_the_key_into_the_checkout(desk: Desk) -> None:
    desk.medium.rename(desk.project / "medium")
    desk.medium.symlink_to(desk.project / "medium")


def keep_the_folder(desk: Desk) -> None:
    desk.out.mkdir(parents=True)


def dangle_a_link(desk: Desk) -> None:
    desk.out.parent.mkdir()
    desk.out.symlink_to("nowhere")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (change, "files differ from the commit: pyproject.toml"),
        (add, "files differ from the commit: new"),
        (keep_the_folder, "is there already"),
        (dangle_a_link, "is there already"),
        (put_the_key_into_the_checkout, "lies in the checkout"),
        (tag_another_commit, "the tag v0.1.0 names another commit"),
        (lambda desk: edit(desk, "CHANGELOG.md", "## 0.1.0", "## 0.0.9"), "CHANGELOG.md names version 0.0.9"),
        (lambda desk: edit(desk, "CHANGELOG.md", "## 0.1.0", "## Early"), "has no heading for version 0.1.0"),
        (lambda desk: edit(desk, "CHANGELOG.md", "Unreleased\n", "Unreleased\n- more\n"), "under Unreleased"),
        (lambda desk: edit(desk, "docs/install.md", "0.1.0", "0.2.0"), "docs/install.md names version 0.2.0"),
        (lambda desk: edit(desk, "pyproject.toml", "0.1.0", "0.1.0rc1"), "is not three numbers"),
        (lambda desk: edit(desk, "pyproject.toml", "0.1.0", "0.1.1"), "and pyproject.toml 0.1.1"),
        (
            lambda desk: edit(desk, "scripts/build-deb", "set -e", "exit 3"),
            "scripts/build-deb --python ended with 3",
        ),
        (lambda desk: edit(desk, "scripts/build-deb", "0.1.0", "0.1.2"), "is not of version 0.1.0"),
        (
            lambda desk: edit(desk, "scripts/build-deb", "package $2", "package $TZ"),
            "two builds of one commit differ",
        ),
        (lambda desk: edit(desk, "scripts/build-deb", 'echo "', 'echo "$PWD '), "two builds of one commit differ"),
        (
            lambda desk: edit(desk, "requirements-server.lock", "sealwax==1.2", "sealwax==1.3"),
            "not in the lock file",
        ),
    ],
)
def test_a_release_is_refused_with_a_reason_and_leaves_no_folder(
    desk: Desk, spoil: Callable[[Desk], None], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(desk)
    before = desk.out.exists()
    assert desk.release() == 1
    assert reason in capsys.readouterr().err
    assert desk.out.exists() == before
    if desk.out.parent.exists():
        assert [file.name for file in desk.out.parent.iterdir()] in ([], [desk.out.name])


def test_a_wrong_passphrase_is_refused_before_anything_is_built(desk: Desk) -> None:
    (desk.medium / "passphrase").write_text("another one\n")
    assert desk.release() == 1
    assert not desk.seen.exists()


def test_a_build_is_of_the_commit_and_not_of_files_that_git_ignores(desk: Desk) -> None:
    edit(desk, "scripts/build-deb", "package $2", "package $(cat left-over 2>/dev/null || true)")
    (desk.project / ".git" / "info" / "exclude").write_text("left-over\n")
    (desk.project / "left-over").write_text("from before")
    assert desk.release() == 0
    assert "from before" not in (desk.out / PACKAGES[1]).read_text()


def test_a_file_that_only_one_build_has_is_a_difference(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "file").touch()
    with pytest.raises(Exception, match="differ: file"):
        compare(tmp_path / "one", tmp_path / "other")


def test_the_servers_package_keeps_no_digest_of_programs_that_name_the_folder_of_the_checkout(
    tmp_path: Path,
) -> None:
    """pip writes its own folder into each program of a wheel, and the program's digest into RECORD."""
    files = {
        "candle.py": "def main() -> None: ...\n",
        "candle-1.0.dist-info/METADATA": "Metadata-Version: 2.4\nName: candle\nVersion: 1.0\n",
        "candle-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "candle-1.0.dist-info/entry_points.txt": "[console_scripts]\ncandle = candle:main\n",
        "candle-1.0.dist-info/RECORD": "",
    }
    wheel = tmp_path / "candle-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    packages = tmp_path / "packages"
    pip = [sys.executable, "-m", "pip", "--quiet", "--isolated", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--no-index", "--no-deps", "--target", packages, wheel], check=True)
    record = packages / "candle-1.0.dist-info" / "RECORD"
    assert "bin/candle,sha256=" in record.read_text()
    (line,) = re.findall(r"^sed -i .*RECORD$", (ROOT / "scripts" / "build-deb").read_text(), re.MULTILINE)
    subprocess.run(["bash", "-c", line], env=os.environ | {"packages": str(packages)}, check=True)
    kept = record.read_text()
    assert "bin/" not in kept
    assert "candle.py," in kept
