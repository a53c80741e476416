"""The ways that the page "If you can install a program" names, as it names them, through the site to the reviewer.

The command for `age` 1.3 is not run here: Debian's is older, and is refused as every classical one is.
"""

import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.keys.keys import HybridPublicKey
from crypto.manifests.issued_keys import SealedQuarter
from crypto.manifests.recipient_file import parse_recipients
from crypto.primitives.week import Quarter
from crypto.submissions.sealed_file import SealedFileWriter
from system.clock import today
from tests.end_to_end.sealed_round import SealedRound
from tests.foreign.programs import HERE, Ended, debian_age, minisign, npm_age
from tests.tipline.site_stage import Upload

CONTENT = hashlib.shake_128(b"a film").digest(200_001)


@pytest.fixture(scope="module")
def whole_round(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SealedRound]:
    made = SealedRound(tmp_path_factory.mktemp("round"))
    yield made
    made.close()


@pytest.fixture
def at_home(whole_round: SealedRound, tmp_path: Path) -> Path:
    """A folder of a source who has downloaded what the page offers."""
    for name in ("recipients.txt", "recipients.txt.minisig"):
        (tmp_path / name).write_bytes(whole_round.browser.get(f"/{name}").body)
    (tmp_path / "FILE").write_bytes(CONTENT)
    return tmp_path


def on_the_page(whole_round: SealedRound) -> list[str]:
    """Text on the page that is to be copied: the commands, and the script."""
    page = whole_round.browser.get("/program").body.decode()
    return [html.unescape(text) for text in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]


def the_one(texts: list[str], start: str) -> str:
    (found,) = [text for text in texts if text.startswith(start)]
    return found


def sent_and_read(whole_round: SealedRound, sealed: bytes) -> dict[str, object]:
    """The view that the reviewer gets of this file after one import."""
    shown = whole_round.send_and_import("See the file.", [Upload("sealed.age", sealed)])
    (file,) = shown["files"]
    assert file["media_type"] == "sealed"
    assert file["sha256"] == hashlib.sha256(sealed).hexdigest()
    inside: dict[str, object] = file["sealed"]
    return inside


def npm_script(whole_round: SealedRound, folder: Path) -> Ended:
    """The very text on the page, saved as it says, run as it says."""
    (folder / "seal.mjs").write_text(the_one(on_the_page(whole_round), "import "), encoding="utf-8")
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(HERE / "node_modules")
    command = the_one(on_the_page(whole_round), "npm install").splitlines()[1]
    return Ended(list(command.split()), given=b"", folder=folder)


def test_the_signature_is_checked_with_the_command_on_the_page(whole_round: SealedRound, at_home: Path) -> None:
    command = the_one(on_the_page(whole_round), "minisign").split()
    ended = minisign(*command[1:], folder=at_home)
    assert ended.code == 0, ended.err
    assert b"tipline recipients, last day" in ended.out
    changed = (at_home / "recipients.txt").read_bytes().replace(b"# last day 2", b"# last day 3")
    (at_home / "recipients.txt").write_bytes(changed)
    assert minisign(*command[1:], folder=at_home).code != 0


def test_the_script_on_the_page_seals_what_the_reviewer_opens(whole_round: SealedRound, at_home: Path) -> None:
    ended = npm_script(whole_round, at_home)
    assert ended.code == 0, ended.err
    inside = sent_and_read(whole_round, (at_home / "sealed.age").read_bytes())
    assert inside["outcome"] == "opened"
    assert inside["files"] == [
        {"name": "sealed", "media_type": "", "bytes": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
    ]


def test_the_page_names_the_version_that_is_run_here(whole_round: SealedRound) -> None:
    pinned = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]["age-encryption"]
    command = the_one(on_the_page(whole_round), "npm install").splitlines()[0]
    assert command == f"npm install age-encryption@{pinned}"


def test_the_script_on_the_page_has_ten_lines_and_refuses_keys_that_are_over(
    whole_round: SealedRound, at_home: Path
) -> None:
    assert len(the_one(on_the_page(whole_round), "import ").splitlines()) == 10
    over = re.sub(rb"^# last day \d{4}", b"# last day 2020", (at_home / "recipients.txt").read_bytes())
    (at_home / "recipients.txt").write_bytes(over)
    ended = npm_script(whole_round, at_home)
    assert ended.code == 1
    assert "these keys are over" in ended.err
    assert not (at_home / "sealed.age").exists()


def test_the_script_on_the_page_overwrites_nothing(whole_round: SealedRound, at_home: Path) -> None:
    (at_home / "sealed.age").write_bytes(b"mine")
    assert npm_script(whole_round, at_home).code == 1
    assert (at_home / "sealed.age").read_bytes() == b"mine"


def test_our_own_sealer_works_with_the_command_on_the_page(whole_round: SealedRound, at_home: Path) -> None:
    command = the_one(on_the_page(whole_round), "tipline-seal").split()
    begun_on = today()
    ended = subprocess.run(
        [Path(sys.executable).with_name(command[0]), *command[1:]], cwd=at_home, capture_output=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert b"signature checked" in ended.stdout
    inside = sent_and_read(whole_round, (at_home / "sealed.age").read_bytes())
    assert inside["outcome"] == "opened"
    assert begun_on.isoformat() <= inside["sealed_on"] <= today().isoformat()


def test_npm_opens_what_our_own_sealer_made_with_a_key_of_the_quarter(
    whole_round: SealedRound, at_home: Path
) -> None:
    """The emergency of the other direction: the printed identity and a foreign tool."""
    identity = at_home / "identity.txt"
    identity.write_bytes(npm_age("identity").whole())
    recipient = HybridPublicKey.parse(npm_age("recipient", given=identity.read_bytes()).whole().decode())
    ours = parse_recipients((at_home / "recipients.txt").read_bytes())
    keys = (type(ours.keys[0])(recipient.to_bytes()), *ours.keys[1:])
    out: list[bytes] = []
    writer = SealedFileWriter(out.append, to=SealedQuarter(Quarter.of(today()), keys), day=today())
    writer.field("text", "What I saw.")
    writer.close()
    opened = npm_age("open", identity, given=b"".join(out)).whole()
    assert opened.startswith(b"TIPLINE\x1a\x01\x05")
    assert b"What I saw." in opened


@pytest.mark.parametrize("armor", [[], ["--armor"]], ids=["binary", "armoured"])
def test_what_debians_age_seals_is_refused_kindly_by_the_site(
    whole_round: SealedRound, at_home: Path, armor: list[str]
) -> None:
    (at_home / "classical.txt").write_bytes(Ended(["age-keygen"], given=b"").whole())
    found = re.search(rb"age1[a-z0-9]+", (at_home / "classical.txt").read_bytes())
    assert found
    sealed = debian_age("--encrypt", *armor, "-r", found[0].decode(), given=CONTENT).whole()
    before = whole_round.stored()
    answer = whole_round.browser.send_tip("See the file.", [Upload("sealed.age", sealed)])
    assert answer.status == 422
    assert ("without --armor" if armor else "not made with our keys") in answer.text
    assert whole_round.stored() == before


def test_the_recipient_file_is_nothing_to_an_age_that_is_too_old(at_home: Path) -> None:
    """Debian's age refuses the keys; it does not seal to something else."""
    assert shutil.which("age")
    ended = debian_age("-R", at_home / "recipients.txt", "-o", at_home / "sealed.age", at_home / "FILE")
    assert ended.code != 0
    assert not (at_home / "sealed.age").exists()
