"""The one laptop dies, and the root media with it: what is left is paper and the servers, and at best a backup."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.real_server import RealServer, carry_out, server_of
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk
from tipline.bundles.manifest_update import read_run, write_run
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.errors import CarryRefused


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.found("--root-copy", tmp_path / "second")
    made.know_server()
    made.issue("--root-copy", tmp_path / "second")
    return made


@pytest.fixture
def server(desk: Desk) -> Iterator[RealServer]:
    with server_of(desk) as made:
        yield made


def _reply(desk: Desk, short_id: str, text: str) -> Path:
    (desk.folder / "answer").write_text(text, encoding="utf-8")
    desk.do("reply", desk.home, short_id, "--text-file", desk.folder / "answer", "--confirm-contents")
    desk.do("outbox", desk.home, "--out", desk.folder / "outbox")
    return desk.folder / "outbox"


def _id_of(desk: Desk, text: str) -> str:
    field = {"name": "text", "value": text}
    return next(str(row["id"]) for row in desk.submissions() if field in desk.show(row["id"])["fields"])


def test_sources_still_get_replies_after_the_only_laptop_and_both_root_media_are_gone(
    desk: Desk, server: RealServer
) -> None:
    desk.do("sheets", "make", desk.home, "--root", desk.root, "--to", desk.folder / "sheets", "--text")
    server.receive("What I saw first.", b"a photograph")
    carry_out(desk, server)
    first = _id_of(desk, "What I saw first.")
    server.take_in(_reply(desk, first, "We read it."))
    backup = desk.backup()
    desk.issue()  # after the backup
    server.adopt(read_run(desk.folder / "manifest.json"))
    before = server.policy.manifest().manifest
    server.receive("What I saw on the day of the fire.")

    for lost in (desk.home, desk.root, desk.folder / "second", desk.folder / "manifest.json.chain"):
        shutil.rmtree(lost)
    (desk.folder / "manifest.json").unlink()

    assert write_run(server.store, desk.folder / "from-server.json") == 2
    sheets = [desk.folder / "sheets" / f"sheet-{number}-of-5.txt" for number in (5, 1, 3)]
    desk.do(
        "recover", "--root", desk.root, "--root-copy", desk.folder / "third",
        "--manifest", desk.folder / "from-server.json",
        *(part for sheet in sheets for part in ("--sheet-file", sheet)),
    )  # fmt: skip
    desk.do("restore", desk.home, "--from", backup, "--identity", desk.root / "casebook-backup-reviewer.key")
    assert f"{desk.home}: 1 submissions" in desk.out

    # The next manifest: of the same root key, with the same salt and the same reviewer, and new keys for this week.
    desk.issue("--root-copy", desk.folder / "third")
    server.adopt(read_run(desk.folder / "manifest.json"))
    now = server.policy.manifest().manifest
    assert now.version == before.version + 1
    assert now.derivation == before.derivation
    assert now.reviewers == before.reviewers
    assert now.servers == before.servers
    server.receive("What I saw after the fire.")
    carry_out(desk, server)
    rows = desk.submissions()
    tips = [row["unopenable"] or "" for row in rows if not row["may_be_shared"]]
    assert sorted(tips) == ["", "", "no key opens"]
    assert _id_of(desk, "What I saw after the fire.")
    desk.do("save", desk.home, first, "--on-disk", "--to", desk.folder / "case")
    assert (desk.folder / "case" / "доклад.pdf.untrusted").read_bytes() == b"a photograph"

    # The source of the first tip hears of us again, once the operator has confirmed the reviewer's new stream.
    _take_in_confirmed(server, _reply(desk, first, "We are here again."))
    assert server.replies_to(a_mailbox()) == ["We are here again.", "We read it."]
    later = _reply(desk, first, "And again.")
    server.take_in(later)
    assert "And again." in server.replies_to(a_mailbox())
    desk.do("log", "verify", desk.home)


def test_from_sheets_alone_the_same_reviewer_answers_the_source_who_writes_again(
    desk: Desk, server: RealServer
) -> None:
    """The backup burnt with the rest: the cases are gone, and nothing that sources rest on."""
    desk.do("sheets", "make", desk.home, "--root", desk.root, "--to", desk.folder / "sheets", "--text")
    server.receive("What I saw first.", b"a photograph")
    carry_out(desk, server)
    burnt = desk.backup()  # so that the server hears that the tip was taken in, and forgets it
    server.take_in(_reply(desk, _id_of(desk, "What I saw first."), "We read it."))
    desk.issue()
    server.adopt(read_run(desk.folder / "manifest.json"))
    before = server.policy.manifest().manifest
    server.receive("What I saw on the day of the fire.")
    for lost in (desk.home, desk.root, desk.folder / "second", desk.folder / "manifest.json.chain"):
        shutil.rmtree(lost)
    (desk.folder / "manifest.json").unlink()
    burnt.unlink()

    assert write_run(server.store, desk.folder / "from-server.json") == 2
    sheets = [desk.folder / "sheets" / f"sheet-{number}-of-5.txt" for number in (2, 4, 5)]
    desk.do(
        "recover", desk.home, "--root", desk.root, "--manifest", desk.folder / "from-server.json",
        *(part for sheet in sheets for part in ("--sheet-file", sheet)),
    )  # fmt: skip
    desk.issue()
    server.adopt(read_run(desk.folder / "manifest.json"))
    now = server.policy.manifest().manifest
    assert (now.version, now.derivation) == (before.version + 1, before.derivation)
    assert (now.reviewers, now.servers) == (before.reviewers, before.servers)

    # Where this home begins to read is not known here any more: the operator exports from the first bundle on.
    server.receive("What I saw after the fire.")
    (desk.folder / "stick").write_bytes(server.export())
    assert desk.run("import", desk.home, desk.folder / "stick") == 1
    assert "export --from N" in desk.err
    carry_out(desk, server, from_number=1)
    after = _id_of(desk, "What I saw after the fire.")
    rows = [row for row in desk.submissions() if not row["may_be_shared"]]
    lost = [row["unopenable"] for row in rows if row["id"] != after]
    assert lost == ["no key opens"]
    _take_in_confirmed(server, _reply(desk, after, "We are here again."))
    assert server.replies_to(a_mailbox()) == ["We are here again.", "We read it."]
    desk.do("log", "verify", desk.home)


def _take_in_confirmed(server: RealServer, outbox: Path) -> None:
    """The operator confirms the reviewer's new stream, which is refused until then."""
    with pytest.raises(CarryRefused) as refused:
        server.take_in(outbox)
    accept = re.search(r"--accept-stream (\S+)", str(refused.value.hint))
    assert accept is not None, refused.value.hint
    server.take_in(outbox, accept=ConfirmedStream.parse(accept[1]))


def test_with_the_twin_no_tip_is_lost_with_the_laptop(desk: Desk, server: RealServer) -> None:
    desk.issue("--twin", desk.folder / "twin")
    server.adopt(read_run(desk.folder / "manifest.json"))
    desk.do(
        "sheets", "make", desk.home, "--root", desk.root, "--to", desk.folder / "sheets", "--text", "--need", "2"
    )
    backup = desk.backup()
    server.receive("What no one has taken in.")
    for lost in (desk.home, desk.root, desk.folder / "second"):
        shutil.rmtree(lost)
    desk.do(
        "recover", "--root", desk.root, "--manifest", desk.folder / "manifest.json",
        "--sheet-file", desk.folder / "sheets" / "sheet-2-of-5.txt",
        "--sheet-file", desk.folder / "sheets" / "sheet-4-of-5.txt",
    )  # fmt: skip
    desk.do("restore", desk.home, "--from", backup, "--identity", desk.root / "casebook-backup-reviewer.key")
    desk.do("keys", "restore", desk.home, "--twin", desk.folder / "twin")
    carry_out(desk, server)
    assert _id_of(desk, "What no one has taken in.")
