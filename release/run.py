"""``scripts/release``: makes the packages of a version, signs them, and prints how they are verified.

Exit code 0 when the release is made, 1 when it is refused, 2 when the command is wrong. After a refusal there is no
folder.
"""

import argparse
import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from release import ReleaseRefused
from release.building import build_twice, digests
from release.checkout import Checkout, read_checkout
from release.signing import STANDARD_INPUT, ReleaseKey, read_passphrase

LIST = "SHA256SUMS"


def main(arguments: list[str] | None = None, *, checkout: Path | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/release", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--key", required=True, metavar="FILE", type=Path, help="secret key file of minisign")
    parser.add_argument("--passphrase-file", metavar="FILE", help="passphrase of the key; - for standard input")
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="default: dist/tipline-VERSION in the checkout")
    wanted = parser.parse_args(arguments)
    here = (checkout or Path(__file__).parent.parent).resolve()
    try:
        print(_release(here, wanted.key, wanted.passphrase_file, wanted.out))
    except ReleaseRefused as refusal:
        print(f"scripts/release: error: {refusal}", file=sys.stderr)
        if refusal.hint:
            print(f"scripts/release: hint: {refusal.hint}", file=sys.stderr)
        return 1
    return 0


def _release(here: Path, key_file: Path, passphrase_file: str | None, out: Path | None) -> str:
    """Make the release, and return what is printed about it."""
    _check_that_it_is_outside(here, key_file)
    if passphrase_file is not None and passphrase_file != STANDARD_INPUT:
        _check_that_it_is_outside(here, Path(passphrase_file))
    checkout = read_checkout(here)
    target = (out or here / "dist" / checkout.name).absolute()
    _check_that_it_is_free(target)
    key = ReleaseKey(key_file, passphrase=read_passphrase(passphrase_file, key_file=key_file))
    comment = f"tipline {checkout.version}, commit {checkout.commit}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="tipline-release-") as scratch,
        tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as beside,
    ):
        # Made beside the target and renamed, so that a release is there as a whole or not at all.
        made = Path(beside, target.name)
        shutil.copytree(build_twice(checkout, Path(scratch)), made)
        listed = digests(made)
        (made / LIST).write_text("".join(f"{digest}  {name}\n" for name, digest in listed.items()))
        key.sign(made / LIST, trusted_comment=comment)
        for file in (*made.iterdir(), made):
            file.chmod(0o755 if file == made else 0o644)
            os.utime(file, (checkout.seconds, checkout.seconds))
        paper = _digest_for_the_paper(made / f"tipline-reviewer-{checkout.version}.tar")
        _check_that_it_is_free(target)
        made.rename(target)
    return _report(target, checkout, listed, key=key, comment=comment, paper=paper)


def _check_that_it_is_outside(here: Path, secret_file: Path) -> None:
    if secret_file.resolve().is_relative_to(here):
        raise ReleaseRefused(f"{secret_file} lies in the checkout", hint="keep it on a medium of its own")


def _check_that_it_is_free(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise ReleaseRefused(f"{target} is there already", hint="take it away, or name another folder with --out")


def _digest_for_the_paper(medium: Path) -> str:
    """The SHA-256 of the list inside of the reviewer's medium, which its install page compares."""
    with tarfile.open(medium) as archive:
        inside = archive.extractfile(f"{medium.stem}/{LIST}")
        if inside is None:
            raise ReleaseRefused(f"{medium.name} has no {LIST}")
        return hashlib.sha256(inside.read()).hexdigest()


def _report(
    target: Path, checkout: Checkout, listed: dict[str, str], *, key: ReleaseKey, comment: str, paper: str
) -> str:
    return "\n".join(
        [
            f"{target}: tipline {checkout.version}, commit {checkout.commit}. Two builds gave the same bytes.",
            "",
            *(f"{digest}  {name}" for name, digest in listed.items()),
            "",
            "A verifier types, in that folder:",
            "",
            *(f"    {line}" for line in verifying_lines(key.public_line)),
            "",
            f'The first line must show "Signature and comment signature verified" and "{comment}".',
            "The second must show OK behind each file that is there.",
            "Tell the public key in another way than the release: a verifier compares it before the first line.",
            "",
            f"For the paper that goes with the reviewer's medium, the digest of its {LIST}:",
            f"    {paper}",
        ]
    )


def verifying_lines(public_line: str) -> list[str]:
    """The commands of a verifier, who has the public key in base64 from elsewhere."""
    return [
        f"minisign -V -P {public_line} -m {LIST}",
        f"sha256sum --strict --ignore-missing --check {LIST}",
    ]


if __name__ == "__main__":
    sys.exit(main())
