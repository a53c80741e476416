"""Sheets alone: no backup is left, and the same reviewer goes on, with its keys and without its cases."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.bundles.bundle import ItemType
from crypto.errors import CryptoError
from crypto.submissions.reply import Reply, ReplyRow, open_reply
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.key_import import may_lack_keys
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague, manifest_of
from tests.reviewer.desk_stage import Desk
from tests.reviewer.keys.own_keys import make_as_before, own_keys

ROOM = ("--need", "2", "--of", "3")


def _sheets(desk: Desk, *key: str | Path) -> list[str | Path]:
    """Two of three, as they are given to ``recover``."""
    folder = desk.folder / "sheets"
    desk.do("sheets", "make", desk.home, *(key or ("--root", desk.root)), *ROOM, "--to", folder, "--text")
    return [given for sheet in sorted(folder.iterdir())[:2] for given in ("--sheet-file", sheet)]


def _recover(desk: Desk, *arguments: str | Path) -> int:
    return desk.run("recover", desk.folder / "new", "--root", desk.folder / "new-root", *arguments)


def _with_manifest(desk: Desk) -> list[str | Path]:
    return ["--manifest", desk.folder / "manifest.json"]


def _goes_on(desk: Desk) -> None:
    """At what was made."""
    desk.home, desk.root = desk.folder / "new", desk.folder / "new-root"


def _says(text: str) -> str:
    """The output, its line ends made blanks."""
    return " ".join(text.split())


def test_the_same_reviewer_comes_back_and_its_keys_and_outbox_are_taken(desk: Desk) -> None:
    sheets, own, before = _sheets(desk), own_keys(desk.home), manifest_of(desk).manifest
    assert _recover(desk, *_with_manifest(desk), *sheets) == 0, desk.err
    told = _says(desk.out)
    _goes_on(desk)
    assert own_keys(desk.home) == own
    assert "reviewer reviewer, with the earlier keys" in told
    assert "the reviewer's own keys, read again from this home, seal and open, sign and verify" in told
    assert "--from 1" in told
    assert "servers server" in told
    status = desk.json("keys", "status", desk.home)
    assert (status["manifest_version"], status["root_media"], status["own_weeks_left"]) == (1, 1, 0)

    desk.issue()
    now = manifest_of(desk).manifest
    assert (now.version, now.reviewers, now.servers) == (2, before.reviewers, before.servers)
    assert now.derivation == before.derivation
    lost = {key for week in before.intake for key in week.keys}
    assert not lost & {key for week in now.intake for key in week.keys}
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    (desk.folder / "answer").write_text("We are here again.", encoding="utf-8")
    desk.do("reply", desk.home, short_id, "--text-file", desk.folder / "answer")
    desk.do("outbox", desk.home, "--out", desk.folder / "outbox")
    items = desk.server.take_outbox((desk.folder / "outbox").read_bytes())
    assert [reply.text for reply in _replies(items)] == ["We are here again."]
    desk.do("log", "verify", desk.home)


def test_it_knows_that_keys_of_weeks_in_use_may_lie_elsewhere(desk: Desk) -> None:
    """So that no week is retired over an envelope that only a lost twin opens."""
    sheets = _sheets(desk)
    assert _recover(desk, *_with_manifest(desk), *sheets) == 0, desk.err
    with open_home(desk.folder / "new", entry=SecretEntry(None)) as home:
        assert may_lack_keys(home)


def test_its_answers_stand_after_those_that_no_casebook_knows_any_more(desk: Desk) -> None:
    """Replies of one day are shown by their numbers, and those from before may still wait on the servers."""
    sheets = _sheets(desk)
    assert _recover(desk, *_with_manifest(desk), *sheets) == 0, desk.err
    with open_home(desk.folder / "new", entry=SecretEntry(None)) as home:
        assert home.casebook.replies.next_mailbox_number(a_mailbox().address()) >= 1000


def _replies(items: list[tuple[ItemType, bytes]]) -> Iterator[Reply]:
    for kind, payload in items:
        if kind is ItemType.REPLY:
            try:
                yield open_reply(ReplyRow.parse(payload), key=a_mailbox().source_key)
            except CryptoError:
                continue


def test_a_root_medium_that_is_still_there_says_enough(desk: Desk) -> None:
    sheets, own = _sheets(desk), own_keys(desk.home)
    desk.issue()
    shutil.rmtree(desk.home)
    desk.do("recover", desk.home, "--root", desk.root, *sheets)
    assert own_keys(desk.home) == own
    desk.issue()
    assert manifest_of(desk).version == 3


def test_nobody_has_to_remember_the_name(bare_desk: Desk) -> None:
    bare_desk.found("--name", "berlin")
    bare_desk.know_server()
    bare_desk.issue()
    sheets, own = _sheets(bare_desk), own_keys(bare_desk.home)
    for named in ((), ("--name", "paris")):
        assert _recover(bare_desk, *named, *_with_manifest(bare_desk), *sheets) == 0, bare_desk.err
        assert own_keys(bare_desk.folder / "new") == own
        assert (bare_desk.folder / "new-root" / "casebook-backup-berlin.key").is_file()
        assert "reviewer berlin, with the earlier keys" in _says(bare_desk.out)
        shutil.rmtree(bare_desk.folder / "new")
        shutil.rmtree(bare_desk.folder / "new-root")


def test_a_backup_of_the_home_that_came_from_sheets_is_restored_by_the_key_on_its_new_medium(desk: Desk) -> None:
    sheets, own = _sheets(desk), own_keys(desk.home)
    assert _recover(desk, *_with_manifest(desk), *sheets) == 0, desk.err
    _goes_on(desk)
    backup = desk.backup()
    identity = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", desk.folder / "third", "--from", backup, "--identity", identity)
    assert own_keys(desk.folder / "third") == own


def test_one_sheet_too_few_gives_nothing(desk: Desk) -> None:
    for one in (_sheets(desk)[:2], _sheets_again(desk)):
        assert _recover(desk, *_with_manifest(desk), *one) == 1
        assert "1 more of these sheets are needed" in desk.err
        assert not (desk.folder / "new").exists()
        assert not (desk.folder / "new-root").exists()


def _sheets_again(desk: Desk) -> list[str | Path]:
    return ["--sheet-file", sorted((desk.folder / "sheets").iterdir())[2]]


def test_of_an_organisation_founded_before_only_the_medium_comes_back_and_why_is_said(bare_desk: Desk) -> None:
    bare_desk.found()
    old = make_as_before(bare_desk)
    bare_desk.know_server()
    bare_desk.issue()
    sheets, backup = _sheets(bare_desk), bare_desk.backup()
    assert _recover(bare_desk, *_with_manifest(bare_desk), *sheets) == 0, bare_desk.err
    assert not (bare_desk.folder / "new").exists()
    told = _says(bare_desk.out)
    assert "not made: manifest 1 lists no reviewer whose keys follow from these sheets" in told
    assert "join as a new reviewer" in told
    identity = bare_desk.folder / "new-root" / "casebook-backup-reviewer.key"
    bare_desk.do("restore", bare_desk.folder / "new", "--from", backup, "--identity", identity)
    _goes_on(bare_desk)
    assert own_keys(bare_desk.home) == (old.name, old.seeds())
    bare_desk.issue()
    assert old.party() in manifest_of(bare_desk).manifest.reviewers


def test_a_medium_that_was_found_again_is_copied_although_no_manifest_says_whose_backup_key_it_has(
    bare_desk: Desk,
) -> None:
    bare_desk.found("--name", "berlin")
    make_as_before(bare_desk)
    bare_desk.know_server()
    bare_desk.issue()
    sheets, backup = _sheets(bare_desk), bare_desk.backup()
    bare_desk.do("recover", "--root", bare_desk.root, *sheets)
    assert f"--identity {bare_desk.root}/casebook-backup-NAME.key" in bare_desk.out
    copy = bare_desk.folder / "copy"
    bare_desk.do("recover", "--root", bare_desk.root, "--root-copy", copy, "--name", "berlin", *sheets)
    identity = copy / "casebook-backup-berlin.key"
    assert identity.read_bytes() == (bare_desk.root / identity.name).read_bytes()
    bare_desk.do("restore", bare_desk.folder / "new", "--from", backup, "--identity", identity)


def test_a_founder_who_was_removed_does_not_come_back(desk: Desk, second: Colleague) -> None:
    sheets = _sheets(desk)
    second.do("reviewers", "remove", second.home, "reviewer")
    manifest = second.issue()
    assert _recover(desk, "--manifest", manifest, *sheets) == 0, desk.err
    assert not (desk.folder / "new").exists()
    assert "join as a new reviewer" in desk.out
    assert "manifest 3 lists no reviewer whose keys follow" in _says(desk.out)


def test_a_home_that_is_there_already_stays_and_is_named_before_a_word_is_typed(desk: Desk) -> None:
    sheets, before = _sheets(desk), desk.fingerprint()
    command = ("--root", desk.folder / "new-root", *_with_manifest(desk))
    assert desk.run("recover", desk.home, *command) == 1
    assert f"{desk.home} is not empty" in desk.err
    assert "--sheet-file" not in desk.err
    desk.do("recover", *command, *sheets)
    assert desk.fingerprint() == before
    desk.root = desk.folder / "new-root"
    desk.issue()


def test_where_nothing_was_issued_only_the_medium_is_made(bare_desk: Desk) -> None:
    bare_desk.found("--name", "berlin")
    sheets = _sheets(bare_desk)
    root = bare_desk.folder / "new-root"
    assert _recover(bare_desk, "--nothing-issued") == 2
    assert "--nothing-issued goes without HOME" in bare_desk.err
    bare_desk.do("recover", "--root", root, "--nothing-issued", "--name", "berlin", *sheets)
    assert "without one, join as a new reviewer: tipline-review init HOME --root-key FILE" in bare_desk.out
    assert (root / "casebook-backup-berlin.key").is_file()
    bare_desk.root = root
    bare_desk.know_server()
    bare_desk.issue()
    assert manifest_of(bare_desk).version == 1


def test_a_reviewer_who_joined_comes_back_from_its_sheets_and_its_offer_is_taken(
    desk: Desk, second: Colleague
) -> None:
    sheets, own = _sheets(second, "--backup-key", second.backup_key), own_keys(second.home)
    desk.issue()
    shutil.rmtree(second.home)
    shutil.rmtree(second.backup_medium)
    second.do("recover", second.home, "--root-key", desk.root / "root.pub", *_with_manifest(desk), *sheets)
    told = _says(second.out)
    assert "reviewer second, with the earlier keys" in told
    assert "root key words" in told
    assert "BY TELEPHONE" in told
    assert "keys offer" in told
    assert "rehearsal" in told
    assert own_keys(second.home) == own
    status = second.json("keys", "status", second.home)
    assert (status["manifest_version"], status["own_weeks_left"]) == (3, 0)
    before = manifest_of(desk).manifest.reviewers
    second.adopt(desk.issue("--with", second.offer()))
    assert manifest_of(desk).manifest.reviewers == before
    second.take_in(desk.server.seal())
    assert [row["unopenable"] for row in second.submissions()] == [None]


def test_a_reviewer_who_joined_before_or_was_removed_joins_again(desk: Desk) -> None:
    second = Colleague(desk, "second")
    second.join()
    make_as_before(second)
    second.adopt(desk.issue("--with", second.offer()))
    sheets = _sheets(second, "--backup-key", second.backup_key)
    asked = ("recover", second.folder / "new", "--root-key", desk.root / "root.pub", *_with_manifest(desk))
    assert second.run(*asked, *sheets) == 1
    assert "manifest 2 lists no reviewer whose keys follow from these sheets" in _says(second.err)
    assert "without HOME, then restore HOME; without one join again" in _says(second.err)
    assert not (second.folder / "new").exists()
    desk.do("reviewers", "remove", desk.home, "second")
    desk.issue()
    assert second.run(*asked, *sheets) == 1
    assert "manifest 3 lists no reviewer" in _says(second.err)
    assert not (second.folder / "new").exists()


@pytest.mark.parametrize("missing", ["both", "--root-key", "--manifest"])
def test_what_sheets_of_who_joined_need_beside_them_is_said_before_a_word_is_typed(
    desk: Desk, second: Colleague, missing: str
) -> None:
    given = {"--root-key": desk.root / "root.pub", "--manifest": desk.folder / "manifest.json"}
    there = [] if missing == "both" else [part for pair in given.items() for part in pair if pair[0] != missing]
    assert second.run("recover", second.folder / "new", *there) == 1
    assert "--root-key FILE and --manifest FILE" in second.err
    assert "--sheet-file" not in second.err


def test_a_manifest_of_another_organisation_is_refused_before_a_word_is_typed(
    desk: Desk, second: Colleague, tmp_path: Path
) -> None:
    other = desk.beside(tmp_path / "other")
    other.found()
    other.know_server()
    foreign = other.issue()
    asked = ("recover", second.folder / "new", "--root-key", desk.root / "root.pub", "--manifest")
    assert second.run(*asked, foreign) == 1
    assert "manifest refused (bad signature)" in second.err
    assert "--sheet-file" not in second.err


def test_the_public_root_key_goes_with_a_home_and_without_a_medium(desk: Desk) -> None:
    for others in ((desk.folder / "new", "--root", desk.folder / "x"), ("--backup-medium", desk.folder / "x")):
        assert desk.run("recover", "--root-key", desk.root / "root.pub", *others) == 2
        assert "--root-key goes with HOME and sheets of a reviewer who joined" in desk.err


def test_with_the_twin_no_tip_is_lost_and_it_becomes_the_twin_of_the_new_home(desk: Desk) -> None:
    twin = desk.folder / "twin"
    desk.issue("--twin", twin)
    sheets, envelope = _sheets(desk), desk.server.seal()
    shutil.rmtree(desk.home)
    assert _recover(desk, *_with_manifest(desk), *sheets) == 0, desk.err
    _goes_on(desk)
    desk.do("keys", "restore", desk.home, "--twin", twin)
    assert f"{desk.keys_issued()} new, 0 known" in desk.out
    desk.take_in(envelope)
    assert [row["unopenable"] for row in desk.submissions()] == [None]
    # Keys that are retired here must go there too: a home that did not know of it would leave them for ever.
    assert desk.json("keys", "status", desk.home)["twin"]
    desk.issue("--twin", twin)
    assert not desk.json("keys", "status", desk.home)["missing_on_twin"]


def test_a_twin_that_turns_up_later_becomes_the_twin_of_a_home_that_knew_of_none(desk: Desk) -> None:
    twin = desk.folder / "twin"
    desk.issue("--twin", twin)
    sheets, envelope = _sheets(desk), desk.server.seal()
    assert _recover(desk, *_with_manifest(desk), *sheets) == 0, desk.err
    assert "keys restore" in desk.err
    _goes_on(desk)
    desk.take_in(envelope)
    assert not desk.json("keys", "status", desk.home)["twin"]
    desk.do("keys", "restore", desk.home, "--twin", twin)
    assert [row["unopenable"] for row in desk.submissions()] == [None]
    assert desk.json("keys", "status", desk.home)["twin"]
    desk.issue("--twin", twin)
    assert not desk.json("keys", "status", desk.home)["missing_on_twin"]


def test_the_twin_of_somebody_else_is_refused_and_gives_the_home_no_key(desk: Desk, second: Colleague) -> None:
    twin = desk.folder / "twin"
    second.offer("--twin", twin)
    sheets = _sheets(desk)
    assert _recover(desk, *_with_manifest(desk), *sheets) == 0, desk.err
    assert desk.run("keys", "restore", desk.folder / "new", "--twin", twin) == 1
    assert "of another reviewer" in desk.err
    with open_home(desk.folder / "new", entry=SecretEntry(None)) as home:
        assert not home.keyring.intake_weeks()
