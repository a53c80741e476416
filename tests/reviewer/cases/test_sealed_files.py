"""Files that a source sealed beforehand: opened in one step with the import, or kept and told about."""

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest

from crypto.age.envelope import EnvelopeWriter
from crypto.errors import NewerFormat
from crypto.keys.keys import HybridPublicKey, SealedSecretKey
from crypto.keys.minisign import parse_public_key_file
from crypto.manifests.issued_keys import SealedQuarter
from crypto.manifests.recipient_file import parse_recipients, recipient_file, verify_recipients
from crypto.primitives.week import Quarter
from crypto.submissions.sealed_file import SealedFileWriter
from reviewer.casebook.sealed_files import MOST_TEXT_BYTES
from reviewer.cases.ready_answers import COULD_NOT_OPEN
from reviewer.home.home import open_home
from reviewer.opening import envelope_opening, sealed_opening
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_show_and_save import HOSTILE_FILES
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.steps import failing_step


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def recipients_of(desk: Desk) -> SealedQuarter:
    """As a source finds them: in the file that ``keys issue`` wrote."""
    return parse_recipients((desk.folder / f"recipients-{Quarter.of(today())}.txt").read_bytes())


def age_file(plaintext: bytes, *keys: HybridPublicKey) -> bytes:
    out: list[bytes] = []
    writer = EnvelopeWriter(out.append, to=keys)
    writer.write(plaintext)
    writer.finish()
    return b"".join(out)


def container(
    desk: Desk,
    text: str = "Sealed words.",
    files: list[tuple[str, str, bytes]] | None = None,
    more: list[tuple[str, str]] | None = None,
) -> bytes:
    out: list[bytes] = []
    writer = SealedFileWriter(out.append, to=recipients_of(desk), day=today())
    writer.field("text", text)
    for field, value in more or []:
        writer.field(field, value)
    for name, media_type, content in files or []:
        writer.begin_file(name, media_type)
        writer.data(content)
        writer.end_file()
    writer.close()
    return b"".join(out)


def contents_of(desk: Desk) -> int:
    """How many contents lie in the file of pieces, whether anything names them or not."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        found = home.casebook._files.contents.row("SELECT count(DISTINCT content) FROM pieces")
    assert found is not None
    return int(found[0])


def taken_in(desk: Desk, *sealed: bytes, mailbox: bool = True, day: dt.date | None = None) -> str:
    files = [(f"sealed-{place}.age", "sealed", content) for place, content in enumerate(sealed)]
    envelope = desk.server.seal(files=files, mailbox=a_mailbox() if mailbox else None, day=day)
    (short_id,) = desk.take_in(envelope)
    return short_id


def test_keys_issue_writes_recipient_files_that_the_root_signed(desk: Desk) -> None:
    path = desk.folder / f"recipients-{Quarter.of(today())}.txt"
    signature = path.with_name(path.name + ".minisig").read_bytes()
    root = parse_public_key_file((desk.root / "root.pub").read_bytes())
    entry = verify_recipients(path.read_bytes(), signature, root=root)
    manifest = desk.server.manifest
    assert manifest is not None
    of_manifest = manifest.sealed_quarter(today())
    assert (recipient_file(of_manifest), of_manifest.signature_file()) == (path.read_bytes(), signature)
    assert entry.quarter == Quarter.of(today())


def test_a_quarter_that_was_issued_keeps_its_file_in_later_manifests(desk: Desk) -> None:
    path = desk.folder / f"recipients-{Quarter.of(today())}.txt"
    before = (path.read_bytes(), path.with_name(path.name + ".minisig").read_bytes())
    desk.issue()
    assert path.name in desk.out
    assert (path.read_bytes(), path.with_name(path.name + ".minisig").read_bytes()) == before


def test_32_a_file_sealed_beforehand_opens_in_one_step_and_shows_as_sealed_by_the_source(desk: Desk) -> None:
    content = hashlib.shake_128(b"film").digest(700_001)
    begun_on = today()
    short_id = taken_in(desk, container(desk, files=[("film.mp4", "video/mp4", content)]))
    (file,) = desk.show(short_id)["files"]
    inside = file["sealed"]
    assert inside["outcome"] == "opened"
    assert inside["quarter"] == str(Quarter.of(today()))
    assert begun_on.isoformat() <= inside["sealed_on"] <= today().isoformat()
    assert inside["fields"] == [{"name": "text", "value": "Sealed words."}]
    assert inside["files"] == [
        {
            "name": "film.mp4",
            "media_type": "video/mp4",
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    ]
    shown = desk.do("show", desk.home, short_id)
    assert "sealed by the source" in shown
    assert "Sealed words." in shown
    assert "film.mp4" in shown


@pytest.mark.parametrize("place", range(4))
def test_plain_bytes_sealed_by_any_age_program_are_one_file(desk: Desk, place: int) -> None:
    """To all four keys of the recipient file, in any order, or to one of them that is ours."""
    ours = recipients_of(desk).keys
    content = bytes(range(256)) * 1000
    short_id = taken_in(desk, age_file(content, *ours[place:], *ours[:place]))
    (file,) = desk.show(short_id)["files"]
    assert file["sealed"]["files"] == [
        {"name": "sealed-0", "media_type": "", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    ]


def test_save_writes_what_was_inside_beside_what_came(desk: Desk) -> None:
    sealed = [container(desk, files=HOSTILE_FILES), age_file(b"plain", *recipients_of(desk).keys)]
    short_id = taken_in(desk, *sealed)
    case = desk.folder / "case"
    desk.do("save", desk.home, short_id, "--on-disk", "--to", case)
    listing = json.loads((case / "contents.json").read_text(encoding="ascii"))
    assert [(case / name).read_bytes() for name in listing["saved_as"]] == sealed
    first, second = (listing["inside_saved_as"][name] for name in listing["saved_as"])
    assert (case / first[0]).read_text(encoding="utf-8") == "Sealed words."
    assert [(case / name).read_bytes() for name in first[1:]] == [
        content for _name, _type, content in HOSTILE_FILES
    ]
    assert [(case / name).read_bytes() for name in second] == [b"plain"]
    assert all((case / name).stat().st_mode & 0o777 == 0o600 for name in [*first, *second])
    assert len(list(case.iterdir())) == 4 + len(sealed) + len(first) + len(second)


def test_nothing_sealed_inside_moves_a_terminal(desk: Desk) -> None:
    hostile = "\x1b]0;owned\x07\u202eevil\r"
    short_id = taken_in(desk, container(desk, hostile, files=HOSTILE_FILES))
    for arguments in (
        ("show", desk.home, short_id),
        ("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case"),
    ):
        assert not set(desk.do(*arguments)) & {"\x1b", "\x07", "\x9b", "\r", "\u202e", "\x00"}


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [("for others", "no key opens"), ("cut", "malformed"), ("changed", "malformed"), ("not age", "malformed")],
)
def test_a_file_that_does_not_open_is_kept_as_it_is_and_the_rest_is_read(
    desk: Desk, fault: str, outcome: str
) -> None:
    sound = container(desk, files=[("a", "", bytes(4_000_000))])
    content = {
        "for others": age_file(b"for others", SealedSecretKey.generate().public_key()),
        "cut": sound[:-70_000],
        "changed": sound[:-9] + bytes([sound[-9] ^ 1]) + sound[-8:],
        "not age": b"what no server would call sealed",
    }[fault]
    short_id = taken_in(desk, content, container(desk, files=[("b", "", b"good")]))
    assert "could not be opened" in desk.out
    faulty, good = desk.show(short_id)["files"]
    assert faulty["sealed"] == {
        "outcome": outcome,
        "quarter": None,
        "sealed_on": None,
        "missing_quarters": [],
        "fields": [],
        "files": [],
    }
    assert good["sealed"]["outcome"] == "opened"
    assert f"NOT OPENED ({outcome})" in desk.do("show", desk.home, short_id)
    desk.do("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case")
    assert (desk.folder / "case" / "sealed-0.age").read_bytes() == content
    assert contents_of(desk) == 2, "the submission's, and what was inside of the good one; nothing provisional"


def test_sealed_files_of_one_tip_hold_together_no_more_text_than_fits_into_memory(desk: Desk) -> None:
    long = [container(desk, f"{number}" * (256 << 10)) for number in range(4)]
    names = container(desk, "", [("n" * 1000, "t" * 200, b"")] * 300)
    short_id = taken_in(desk, *long, names, container(desk, "A short one."))
    outcomes = [file["sealed"]["outcome"] for file in desk.show(short_id)["files"]]
    assert outcomes == ["opened"] * 3 + ["too long"] * 2 + ["opened"]
    assert MOST_TEXT_BYTES == 4 * (256 << 10), "or this test tries nothing"


def test_what_was_newer_than_the_program_opens_with_the_next_import_once_that_is_newer(
    desk: Desk,
) -> None:
    newer = NewerFormat("this version is not known")
    with failing_step(sealed_opening, "open_sealed_file", newer):
        with_file = taken_in(desk, container(desk))
    with (
        failing_step(sealed_opening, "open_sealed_file", newer),
        failing_step(envelope_opening, "open_submission", newer),
    ):
        (whole,) = desk.take_in(desk.server.seal(fields=[("text", "in a new form")], submission_id=bytes(16)))
        desk.take_in(desk.server.seal(submission_id=bytes([1] * 16)))
    assert desk.show(with_file)["files"][0]["sealed"]["outcome"] == "newer"
    assert {one["id"]: one["unopenable"] for one in desk.submissions()}[whole] == "newer"
    desk.do("import", desk.home, desk.folder / "tips.bundle")
    assert desk.out.count("and is open now") == 3
    assert desk.show(with_file)["files"][0]["sealed"]["outcome"] == "opened"
    assert "in a new form" in desk.do("show", desk.home, whole)
    desk.do("import", desk.home, desk.folder / "tips.bundle")
    assert "is open now" not in desk.out


def test_staff_tell_the_source_with_one_command_that_it_could_not_be_opened(desk: Desk) -> None:
    short_id = taken_in(desk, age_file(b"for others", SealedSecretKey.generate().public_key()))
    command = next(line for line in desk.do("show", desk.home, short_id).splitlines() if "--could-not-open" in line)
    words = command.split("tipline-review ")[1].replace("HOME", str(desk.home)).split()
    desk.do(*words)
    (reply,) = desk.show(short_id)["replies"]
    assert reply["text"] == COULD_NOT_OPEN.text("en")
    assert "recipients.txt" in COULD_NOT_OPEN.text("en")


def test_where_nobody_can_be_told_show_says_so(desk: Desk) -> None:
    short_id = taken_in(desk, age_file(b"for others", SealedSecretKey.generate().public_key()), mailbox=False)
    assert "wants no answer" in desk.do("show", desk.home, short_id)


@pytest.mark.parametrize("options", [(), ("--could-not-open", "--text-file", "-")])
def test_a_reply_needs_one_text_and_only_one(desk: Desk, options: tuple[str, ...]) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    assert desk.run("reply", desk.home, short_id, *options) == 2


def test_a_file_of_a_quarter_whose_key_is_gone_is_named(desk: Desk) -> None:
    sealed = container(desk)
    quarter = Quarter.of(today())
    (desk.home / "keys" / f"sealed-{quarter}.key").unlink()
    short_id = taken_in(desk, sealed, day=today())  # this week may have begun before the quarter
    (file,) = desk.show(short_id)["files"]
    assert (file["sealed"]["outcome"], file["sealed"]["missing_quarters"]) == ("no key opens", [str(quarter)])
    assert f"no key of {quarter} is here" in desk.do("show", desk.home, short_id)


def test_each_of_two_reviewers_opens_it_with_its_own_key_of_one_recipient_file(
    desk: Desk, second: Colleague
) -> None:
    """The file is as long as with one reviewer, and was signed again when the second one came."""
    sealed = container(desk)
    path = desk.folder / f"recipients-{Quarter.of(today())}.txt"
    root = parse_public_key_file((desk.root / "root.pub").read_bytes())
    verify_recipients(path.read_bytes(), path.with_name(path.name + ".minisig").read_bytes(), root=root)
    envelope = desk.server.seal(files=[("sealed.age", "sealed", sealed)], mailbox=a_mailbox())
    stick = desk.write(desk.server.submissions(envelope))
    for one in (desk, second):
        one.do("import", one.home, stick)
        (file,) = one.json("show", one.home, hashlib.sha256(envelope).hexdigest()[:12])["files"]
        assert file["sealed"]["outcome"] == "opened"


def test_what_was_opened_needs_no_sealed_key_any_more_and_is_in_the_backup(desk: Desk, tmp_path: Path) -> None:
    short_id = taken_in(desk, container(desk, files=[("a", "", b"inside" * 50_000)]))
    backup = desk.backup()
    desk.do(
        *("restore", desk.folder / "again", "--from", backup),
        *("--identity", desk.root / "casebook-backup-reviewer.key"),
    )
    assert not list((desk.folder / "again" / "keys").glob("sealed-*"))
    desk.do("save", desk.folder / "again", short_id, "--on-disk", "--to", tmp_path / "case")
    assert (tmp_path / "case" / "a").read_bytes() == b"inside" * 50_000


def test_the_envelope_that_came_is_still_made_again(desk: Desk) -> None:
    envelope = desk.server.seal(files=[("sealed.age", "sealed", container(desk))], mailbox=a_mailbox())
    (short_id,) = desk.take_in(envelope)
    desk.do("raw", desk.home, short_id, "--out", desk.folder / "raw.age")
    assert (desk.folder / "raw.age").read_bytes() == envelope


def test_the_next_import_sweeps_nothing_that_was_sealed(desk: Desk) -> None:
    short_id = taken_in(desk, container(desk, files=[("a", "", bytes(100_000))]))
    desk.take_in(desk.server.seal(submission_id=bytes(16)))
    desk.do("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case")
    assert (desk.folder / "case" / "a").read_bytes() == bytes(100_000)


def test_neither_text_nor_bytes_that_were_sealed_lie_readable_on_the_disk(desk: Desk) -> None:
    canary = b"canary-5c2d7e"
    taken_in(desk, container(desk, canary.decode(), files=[(canary.decode(), "", canary * 20_000)]))
    for path in desk.home.rglob("*"):
        if path.is_file():
            assert canary not in path.read_bytes(), path
