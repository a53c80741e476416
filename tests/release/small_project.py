"""A project whose scripts build in no time, for the tests of a release, and secret keys of minisign."""

import base64
import hashlib
import os
import secrets
import subprocess
import sys
import zipfile
from pathlib import Path

from crypto.keys.keys import RootSigningKey

VERSION = "0.1.0"
PASSPHRASE = "seven quiet lanterns"

BUILD_DEB = """\
#!/bin/sh
set -e
{ env; cat; tr '\\0' ' ' </proc/$$/cmdline; } >>"$SEEN"
mkdir -p "$4"
cp -r wheels/server "$6"
echo "the server's package $2" >"$4/tipline_VERSION-1+py$2_amd64.deb"
"""
BUILD_REVIEWER = """\
#!/bin/sh
set -e
folder=$2/tipline-reviewer-VERSION
mkdir -p "$folder"
cp -r wheels/reviewer "$folder/wheels"
(cd "$folder" && sha256sum wheels/* >SHA256SUMS)
same="--sort=name --mtime=@0 --owner=0 --group=0"
tar --create --file "$folder.tar" --directory "$2" $same tipline-reviewer-VERSION
"""


def write_wheel(folder: Path, name: str, version: str, *metadata: str, inside: tuple[str, ...] = ()) -> str:
    """Write a wheel with these lines of metadata, and return its SHA-256."""
    file = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as wheel:
        lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *metadata]
        for place, text in [("METADATA", "\n".join(lines) + "\n"), *((path, "{}") for path in inside)]:
            wheel.writestr(zipfile.ZipInfo(f"{file.name.split('-py3')[0]}.dist-info/{place}"), text)
    return hashlib.sha256(file.read_bytes()).hexdigest()


def make_project(folder: Path) -> Path:
    """A repository with one commit, which ``scripts/release`` accepts."""
    ours = (
        "License-Expression: AGPL-3.0-or-later",
        "Requires-Dist: sealwax>=1; extra == 'server'",
        "Requires-Dist: sealwax>=1; extra == 'reviewer'",
        "Requires-Dist: candle; extra == 'dev'",
    )
    wick = "Requires-Dist: wick; python_version < '3.13'"
    for part in ("server", "reviewer"):
        write_wheel(folder / "wheels" / part, "tipline", VERSION, *ours)
        sealwax = write_wheel(folder / "wheels" / part, "sealwax", "1.2", "License-Expression: MIT", wick)
        pin = write_wheel(
            folder / "wheels" / part, "wick", "3.0", "License-Expression: ISC", inside=("sboms/a.json",)
        )
        (folder / f"requirements-{part}.lock").write_text(
            f"sealwax==1.2 \\\n    --hash=sha256:{sealwax}\nwick==3.0 \\\n    --hash=sha256:{pin}\n"
        )
    pip = write_wheel(folder / "wheels" / "reviewer", "pip", "26.3", "License-Expression: MIT")
    (folder / "requirements-build.lock").write_text(f"pip==26.3 \\\n    --hash=sha256:{pip}\n    # via no one\n")
    (folder / "pyproject.toml").write_text(f'[project]\nname = "tipline"\nversion = "{VERSION}"\n')
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## Unreleased\n\n## {VERSION}\n- all of it\n")
    (folder / "docs").mkdir()
    (folder / "docs" / "install.md").write_text(f"cd /media/stick/tipline-reviewer-{VERSION}\n")
    (folder / "scripts").mkdir()
    for name, text in (("build-deb", BUILD_DEB), ("build-reviewer", BUILD_REVIEWER)):
        script = folder / "scripts" / name
        script.write_text(text.replace("VERSION", VERSION))
        script.chmod(0o755)
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def git(folder: Path, *arguments: str) -> str:
    person = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
    person |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
    return subprocess.run(
        ["git", "-C", folder, *arguments], env=os.environ | person, capture_output=True, check=True, text=True
    ).stdout.strip()


def commit(folder: Path) -> None:
    """Commit all that is in the folder."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a change")


def write_secret_key(file: Path, *, passphrase: str | None = PASSPHRASE) -> None:
    """Write a secret key file as ``minisign -G`` does, with the least work for its passphrase.

    minisign's own asks for a gigabyte of memory; tests do not need that.
    """
    key = RootSigningKey(secrets.token_bytes(32))
    pair = secrets.token_bytes(8) + key.seed() + key.verify_key().to_bytes()
    pair += hashlib.blake2b(b"Ed" + pair, digest_size=32).digest()
    salt, operations, memory = secrets.token_bytes(32), 32_768, 16 << 20
    kind = b"Ed\0\0B2"
    if passphrase is not None:
        kind = b"EdScB2"
        # libsodium's choice for these two limits.
        stream = hashlib.scrypt(passphrase.encode(), salt=salt, n=1024, r=8, p=1, dklen=len(pair))
        pair = bytes(one ^ other for one, other in zip(pair, stream, strict=True))
    limits = operations.to_bytes(8, "little") + memory.to_bytes(8, "little")
    line = base64.b64encode(kind + salt + limits + pair).decode()
    file.write_text(f"untrusted comment: minisign encrypted secret key\n{line}\n")


def read_prompt(key: Path) -> list[str]:
    """A program that asks for the passphrase of ``key`` and tells its length in bytes."""
    code = (
        "import sys; from pathlib import Path; from release.signing import read_passphrase;"
        "print('bytes', len(read_passphrase(None, key_file=Path(sys.argv[1]))), flush=True)"
    )
    return ["setsid", "--ctty", sys.executable, "-c", code, str(key)]
