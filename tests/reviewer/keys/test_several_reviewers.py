"""One to four reviewers at work: all read the same tips, each comes, goes and retires by itself."""

from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import WeekClosed
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague, a_colleague, manifest_of
from tests.reviewer.desk_stage import Desk


def test_two_reviewers_open_the_same_tip_each_with_its_own_key(desk: Desk, second: Colleague) -> None:
    envelope = desk.server.seal(fields=[("text", "for both of you")], mailbox=a_mailbox())
    file = desk.write(desk.server.submissions(envelope))
    for one in (desk, second):
        one.do("import", one.home, file)
        (row,) = one.submissions()
        assert one.show(row["id"])["fields"] == [{"name": "text", "value": "for both of you"}]
    weeks = {entry.week for entry in manifest_of(desk).manifest.intake}
    with (
        open_home(desk.home, entry=SecretEntry(None)) as ours,
        open_home(second.home, entry=SecretEntry(None)) as their,
    ):
        for week in weeks:
            assert ours.keyring.intake_key(week).seed() != their.keyring.intake_key(week).seed()


def test_the_roll_says_who_comes_and_who_goes(desk: Desk, second: Colleague) -> None:
    third = Colleague(desk, "third")
    third.join()
    desk.do("reviewers", "add", desk.home, third.offer())
    desk.do("reviewers", "remove", desk.home, "second")
    rows = desk.json("reviewers", "list", desk.home)["reviewers"]
    assert [(row["name"], row["state"], row["this_home"]) for row in rows] == [
        ("reviewer", "listed", True),
        ("second", "leaves at the next issue", False),
        ("third", "joins at the next issue", False),
    ]
    assert "(this home)" in desk.do("reviewers", "list", desk.home)
    desk.do("reviewers", "remove", desk.home, "third")
    assert "does not join after all" in desk.out
    desk.issue()
    assert "left             second" in desk.out
    second.adopt(desk.folder / "manifest.json")
    assert "does not list this reviewer" in second.err
    assert [row["name"] for row in desk.json("reviewers", "list", desk.home)["reviewers"]] == ["reviewer"]


def test_nobody_is_removed_by_a_name_that_is_not_there_nor_by_themselves(desk: Desk) -> None:
    assert desk.run("reviewers", "remove", desk.home, "stranger") == 1
    assert "no reviewer of this name" in desk.err
    assert desk.run("reviewers", "remove", desk.home, "reviewer") == 1
    assert "cannot remove its own reviewer" in desk.err


def test_whoever_was_removed_cannot_come_back_by_issuing_alone(desk: Desk) -> None:
    second = a_colleague(desk)
    desk.do("reviewers", "remove", desk.home, "second")
    desk.issue()
    assert second.run("keys", "issue", second.home, "--root", desk.root, "--out", second.folder / "m.json") == 1
    assert "was removed from the manifest" in second.err


def test_a_removed_reviewer_gets_no_more_bundles(desk: Desk, second: Colleague) -> None:
    first = desk.server.submissions(desk.server.seal())
    second.do("import", second.home, desk.write(first))
    desk.do("reviewers", "remove", desk.home, "second")
    desk.issue()
    later = desk.server.submissions(desk.server.seal(submission_id=bytes(16)))
    assert second.run("import", second.home, desk.write(later)) == 1
    assert "no bundle in this file is sealed to this reviewer" in second.err
    assert len(second.submissions()) == 1


def test_a_reviewer_who_joins_starts_at_the_first_bundle_that_names_it(desk: Desk) -> None:
    before = desk.server.submissions(desk.server.seal())
    desk.do("import", desk.home, desk.write(before))
    second = a_colleague(desk)
    after = desk.server.submissions(desk.server.seal(submission_id=bytes(16)))
    file = desk.write(before, after)
    for one in (desk, second):
        one.do("import", one.home, file)
    assert len(desk.submissions()) == 2
    assert "1 new, 0 read before, 1 for others" in second.out
    assert len(second.submissions()) == 1
    # What it missed is a gap for no other: its own stream goes on without one.
    second.do(
        "import", second.home, desk.write(desk.server.submissions(desk.server.seal(submission_id=bytes([9] * 16))))
    )
    assert len(second.submissions()) == 2


def test_an_envelope_from_before_a_reviewer_had_keys_is_said_to_be_for_the_others(desk: Desk) -> None:
    earlier = desk.server.seal()
    second = a_colleague(desk)
    second.do("import", second.home, desk.write(desk.server.submissions(earlier)))
    assert "sealed to other reviewers only" in second.out
    assert desk.run("import", desk.home, desk.folder / "tips.bundle") == 0
    assert len(desk.submissions()) == 1


def test_each_reviewer_retires_on_its_own_proof(desk: Desk, second: Colleague) -> None:
    week = manifest_of(desk).manifest.intake[0].week
    tip = desk.server.submissions(desk.server.seal())
    closed = desk.server.bundle((ItemType.WEEK_CLOSED, WeekClosed(week, 2).to_bytes()))
    file = desk.write(tip, closed)
    desk.do("import", desk.home, file)
    desk.backup()
    desk.do("keys", "retire", desk.home, "--week", str(week))
    assert second.run("keys", "retire", second.home, "--week", str(week)) == 1
    assert f"server server has not signed that week {week} is closed" in second.err
    second.do("import", second.home, file)
    assert second.run("keys", "retire", second.home, "--week", str(week)) == 1
    assert "in no casebook backup" in second.err
    second.backup()
    second.do("keys", "retire", second.home, "--week", str(week))


def test_a_joiners_casebook_backup_is_opened_by_its_own_key(desk: Desk, second: Colleague) -> None:
    second.do("import", second.home, desk.write(desk.server.submissions(desk.server.seal())))
    backup = second.backup()
    restored = second.folder / "restored"
    assert (
        second.run("restore", restored, "--from", backup, "--identity", desk.root / "casebook-backup-reviewer.key")
        == 1
    )
    second.do("restore", restored, "--from", backup, "--identity", second.backup_key)
    second.home = restored
    assert len(second.submissions()) == 1


def test_a_single_reviewer_without_a_twin_is_warned_and_two_are_not(desk: Desk) -> None:
    desk.issue()
    assert "there is no twin medium" in desk.err
    second = a_colleague(desk)
    for one in (desk, second):
        one.do("keys", "status", one.home)
        assert "there is no twin medium" not in one.err
