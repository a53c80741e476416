"""A file that a source sealed beforehand: from its own computer to the casebook, and staff's answer back."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.age.envelope import EnvelopeWriter
from crypto.keys.keys import SealedSecretKey
from reviewer.cases.ready_answers import COULD_NOT_OPEN
from sealer.command import run as seal
from tests.end_to_end.sealed_round import SealedRound
from tests.foreign.programs import review_here
from tests.tipline.site_stage import Upload

PHOTO = b"\xff\xd8" + hashlib.shake_128(b"photo").digest(90_000)


@pytest.fixture(scope="module")
def whole_round(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SealedRound]:
    made = SealedRound(tmp_path_factory.mktemp("round"))
    yield made
    made.close()


def sealed_at_home(whole_round: SealedRound, folder: Path) -> bytes:
    """With what the site hands out, and the root key from somewhere else."""
    for name in ("recipients.txt", "recipients.txt.minisig"):
        (folder / name).write_bytes(whole_round.browser.get(f"/{name}").body)
    (folder / "photo.jpg").write_bytes(PHOTO)
    (folder / "words.txt").write_text("Sealed words.", encoding="utf-8")
    arguments = ["--to", folder / "recipients.txt", "--root-key", whole_round.root / "root.pub"]
    arguments += ["--out", folder / "sealed.age", "--text-file", folder / "words.txt", folder / "photo.jpg"]
    assert seal(list(map(str, arguments))) == 0
    return (folder / "sealed.age").read_bytes()


def test_acceptance_32_a_file_sealed_beforehand_is_accepted_as_it_is_and_opens_at_the_reviewer_in_one_step(
    whole_round: SealedRound, tmp_path: Path
) -> None:
    """Any age file will do; those of foreign programs are in ``tests/foreign/test_sealed_beforehand.py``."""
    sealed = sealed_at_home(whole_round, tmp_path)
    shown = whole_round.send_and_import("Beside the file.", [Upload("sealed.age", sealed, "text/plain")])
    assert shown["fields"] == [{"name": "text", "value": "Beside the file."}]
    (file,) = shown["files"]
    assert (file["name"], file["media_type"], file["bytes"]) == ("sealed.age", "sealed", len(sealed))
    assert file["sealed"]["outcome"] == "opened"
    assert file["sealed"]["fields"] == [{"name": "text", "value": "Sealed words."}]
    digest = hashlib.sha256(PHOTO).hexdigest()
    assert [(one["name"], one["sha256"]) for one in file["sealed"]["files"]] == [("photo.jpg", digest)]
    review_here("save", whole_round.home, shown["id"], "--on-disk", "--to", tmp_path / "case")
    listing = json.loads((tmp_path / "case" / "contents.json").read_text(encoding="ascii"))
    message, photo = listing["inside_saved_as"]["sealed.age"]
    assert (tmp_path / "case" / message).read_text(encoding="utf-8") == "Sealed words."
    assert (tmp_path / "case" / photo).read_bytes() == PHOTO


def test_a_file_for_somebody_else_is_taken_and_staff_answer_to_the_mailbox_that_it_could_not_be_opened(
    whole_round: SealedRound, tmp_path: Path
) -> None:
    out: list[bytes] = []
    writer = EnvelopeWriter(out.append, to=[SealedSecretKey.generate().public_key()])
    writer.write(b"for someone else")
    writer.finish()
    shown = whole_round.send_and_import("See the file.", [Upload("sealed.age", b"".join(out))])
    assert shown["files"][0]["sealed"]["outcome"] == "no key opens"
    review_here("reply", whole_round.home, shown["id"], "--could-not-open", "--confirm-contents")
    whole_round.carry_answers(tmp_path)
    mailbox = whole_round.browser.open_mailbox(whole_round.words)
    assert COULD_NOT_OPEN.text() in mailbox.text
