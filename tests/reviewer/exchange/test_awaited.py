"""Items that a bundle lists and that were not in it: which are awaited, and what ends it."""

from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import FakeServer
from tests.reviewer.desk_stage import Desk
from tests.reviewer.older_casebook import as_version
from tests.reviewer.weeks import close_week, first_week, retire

ONE, TWO = bytes(16), bytes(range(1, 17))


def awaited(desk: Desk) -> list[tuple[int, int]]:
    """Bundle and item of each."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        return [(one.bundle, one.item) for one in home.casebook.awaited.all()]


def brought(desk: Desk, *bundles: bytes) -> None:
    desk.do("import", desk.home, desk.write(*bundles))


def two_tips(desk: Desk, *, withheld: list[int]) -> None:
    """A bundle with two tips, of which these are withheld, is taken in."""
    items = [desk.server.seal(submission_id=each, fields=[("text", each.hex())]) for each in (ONE, TWO)]
    desk.server.submissions(*items)
    brought(desk, desk.server.bundle_again(withheld=withheld, sealing=5))


def test_withheld_items_are_named_at_each_import_and_in_the_status_until_they_come(desk: Desk) -> None:
    two_tips(desk, withheld=[0, 1])
    for item in (1, 2):
        assert f"item {item} of bundle 1 of server server (submission, missing since" in desk.err
    assert awaited(desk) == [(1, 1), (1, 2)]
    names = desk.json("keys", "status", desk.home)["awaited_items"]
    assert [name.split(":")[1:] for name in names] == [["1", "1"], ["1", "2"]]
    assert all(f"--give-up {name}" not in desk.err for name in names), "status names, and decides nothing"
    brought(desk, desk.server.bundle_again(withheld=[1], sealing=6))
    assert awaited(desk) == [(1, 2)]
    brought(desk, desk.server.bundle_again(sealing=7))
    assert awaited(desk) == []
    assert "missing since" not in desk.err
    assert len(desk.submissions()) == 2


def test_a_signed_deletion_ends_the_waiting_when_its_sealing_is_the_newer_one_and_only_then(desk: Desk) -> None:
    two_tips(desk, withheld=[1])
    for sealing in (4, 5):
        brought(desk, desk.server.bundle_again(gone=[1], sealing=sealing))
        assert awaited(desk) == [(1, 2)]
    brought(desk, desk.server.bundle_again(gone=[1], sealing=6))
    assert awaited(desk) == []
    assert "1 envelopes were deleted on the server before they were read here" in desk.err


def test_an_older_sealing_makes_nobody_wait_for_what_is_signed_as_deleted(desk: Desk) -> None:
    two_tips(desk, withheld=[1])
    brought(desk, desk.server.bundle_again(gone=[1], sealing=6))
    brought(desk, desk.server.bundle_again(withheld=[1], sealing=5))
    assert awaited(desk) == []
    assert "deleted on the server" not in desk.err
    brought(desk, desk.server.bundle_again(withheld=[1], sealing=7))
    assert awaited(desk) == [(1, 2)]


def test_what_was_read_once_is_never_awaited(desk: Desk) -> None:
    two_tips(desk, withheld=[])
    brought(desk, desk.server.bundle_again(withheld=[0, 1], sealing=6))
    assert "1 read before" in desk.out
    assert awaited(desk) == []


def test_an_item_that_comes_in_another_bundle_is_awaited_no_more(desk: Desk) -> None:
    tip = desk.server.seal()
    desk.server.submissions(tip)
    brought(desk, desk.server.bundle_again(withheld=[0], sealing=5))
    assert awaited(desk) == [(1, 1)]
    desk.take_in(tip)
    assert awaited(desk) == []


def test_what_was_given_up_is_taken_in_when_it_comes_all_the_same(desk: Desk) -> None:
    two_tips(desk, withheld=[1])
    (name,) = desk.json("keys", "status", desk.home)["awaited_items"]
    desk.do("keys", "retire", desk.home, "--give-up", name)
    assert "given up         item 2 of bundle 1 of server server" in desk.out
    assert awaited(desk) == []
    assert desk.run("keys", "retire", desk.home, "--give-up", name) == 1
    brought(desk, desk.server.bundle_again(sealing=6))
    assert len(desk.submissions()) == 2


def test_one_unknown_name_gives_up_nothing(desk: Desk) -> None:
    two_tips(desk, withheld=[1])
    (name,) = desk.json("keys", "status", desk.home)["awaited_items"]
    for wrong in ("", "3", name + "0", name.replace(":1:", ":2:")):
        assert desk.run("keys", "retire", desk.home, "--give-up", name, "--give-up", wrong) == 1
        assert "is awaited" in desk.err
    assert awaited(desk) == [(1, 2)]


def test_a_week_that_was_closed_before_the_bundle_does_not_wait_for_its_items(desk: Desk) -> None:
    week = first_week(desk)
    desk.take_in(desk.server.seal())
    close_week(desk, week)
    later = desk.server.seal(week=week.next(), submission_id=TWO)
    desk.server.submissions(later)
    brought(desk, desk.server.bundle_again(withheld=[0], sealing=9))
    desk.backup()
    assert retire(desk, week) == 0, desk.err
    close_week(desk, week.next())
    assert retire(desk, week.next()) == 1
    assert "item 1 of bundle 3 of server server" in desk.err


def test_of_very_many_the_first_are_named_and_the_others_counted(desk: Desk) -> None:
    tips = [desk.server.seal(submission_id=bytes([number]) * 16) for number in range(23)]
    desk.server.submissions(*tips)
    brought(desk, desk.server.bundle_again(withheld=range(23), sealing=5))
    assert desk.err.count("missing since") == 20
    assert "3 more are awaited" in desk.err
    assert retire(desk, first_week(desk)) == 1
    assert "so may 3 more" in desk.err
    assert len(desk.json("keys", "status", desk.home)["awaited_items"]) == 23


def test_a_backup_of_the_casebook_carries_what_is_awaited(desk: Desk) -> None:
    two_tips(desk, withheld=[1])
    backup = desk.backup()
    key = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", desk.folder / "restored", "--from", backup, "--identity", key)
    assert len(desk.json("keys", "status", desk.folder / "restored")["awaited_items"]) == 1


def test_receipts_of_one_server_do_not_wait_for_what_another_owes(desk: Desk) -> None:
    other = FakeServer("other")
    desk.know_server(other)
    desk.issue()
    other.manifest = desk.server.manifest
    two_tips(desk, withheld=[1])
    brought(desk, other.submissions(other.seal()))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert not home.casebook.awaited.holds_receipts("server"), "a tip that is missing holds back no receipt"
        assert not home.casebook.awaited.holds_receipts("other")


def test_a_casebook_of_before_keeps_all_and_takes_in_what_the_older_program_believed_deleted(desk: Desk) -> None:
    two_tips(desk, withheld=[1])
    desk.tamper(
        "DELETE FROM log", *as_version(2)
    )  # the older program has kept nothing of the second one, and gone on
    assert [one["day"] for one in desk.submissions()] != []
    brought(desk, desk.server.bundle_again(sealing=6))
    assert "1 new, 1 known" in desk.out
    assert len(desk.submissions()) == 2
    desk.do("log", "verify", desk.home)


def test_a_casebook_of_before_hears_of_a_closed_week_that_the_older_program_passed_over(desk: Desk) -> None:
    week = first_week(desk)
    close_week(desk, week)
    desk.tamper(*as_version(2), "DELETE FROM weeks_closed")
    brought(desk, desk.server.bundle_again(sealing=6))
    assert f"week closed      {week}" in desk.out
    brought(desk, desk.server.bundle_again(sealing=7))
    assert "1 read before" in desk.out
    assert "week closed" not in desk.out
