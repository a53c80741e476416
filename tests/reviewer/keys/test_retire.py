"""Retiring a week: by proof, everywhere at once, and for good."""

import pytest

from crypto.age.envelope import open_envelope
from crypto.errors import NoKeyOpens
from crypto.keys.keys import HybridSecretKey
from crypto.primitives.week import Week
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import FakeServer, a_mailbox
from tests.reviewer.desk_stage import Desk
from tests.reviewer.weeks import close_week, first_week, retire


def test_a_proved_week_is_retired_and_nothing_opens_its_envelopes_again(desk: Desk) -> None:
    week = first_week(desk)
    envelope = desk.server.seal(mailbox=a_mailbox(), files=[("a.txt", "text/plain", b"kept in the casebook")])
    (short_id,) = desk.take_in(envelope)
    identity = HybridSecretKey.parse(desk.do("keys", "identity", desk.home, "--week", str(week)).strip())
    key_bytes = (desk.home / "keys" / f"intake-{week}.key").read_bytes()
    close_week(desk, week)
    desk.backup()
    assert retire(desk, week) == 0, desk.err
    assert f"destroyed        intake-{week}" in desk.out
    assert "write a casebook backup now" in desk.out
    # The key that was printed before still opens: that is what its warning says. What is here does not.
    (desk.folder / "raw.age").write_bytes(envelope)
    with (desk.folder / "raw.age").open("rb") as source:
        assert open_envelope(source, keys=[identity]).opened_by is identity
    _assert_no_key_here_opens(desk, envelope)
    assert desk.run("raw", desk.home, short_id, "--out", desk.folder / "again.age") == 1
    assert "is gone" in desk.err
    assert not (desk.folder / "again.age").exists()
    assert not any(key_bytes == path.read_bytes() for path in desk.home.rglob("*.key"))
    # The case itself stays.
    desk.do("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case")
    assert (desk.folder / "case" / "a.txt").read_bytes() == b"kept in the casebook"


def test_an_envelope_of_a_retired_week_is_known_when_it_comes_again(desk: Desk) -> None:
    week = first_week(desk)
    envelope = desk.server.seal()
    desk.take_in(envelope)
    close_week(desk, week)
    desk.backup()
    assert retire(desk, week) == 0, desk.err
    desk.take_in(envelope)
    assert "0 new, 1 known" in desk.out
    desk.take_in(desk.server.seal(submission_id=bytes(16)))
    assert [one["unopenable"] for one in desk.submissions()].count("no key opens") == 1


def test_retirement_waits_for_every_server_of_the_manifest(desk: Desk) -> None:
    second = FakeServer("second")
    desk.know_server(second)
    desk.issue()
    second.manifest = desk.server.manifest
    week = first_week(desk)
    close_week(desk, week)
    desk.backup()
    assert retire(desk, week) == 1
    assert f"server second has not signed that week {week} is closed" in desk.err
    close_week(desk, week, server=second)
    assert retire(desk, week) == 0, desk.err


def test_a_server_that_was_declared_lost_holds_nothing_back(desk: Desk) -> None:
    desk.know_server(FakeServer("dead"))
    desk.issue()
    week = first_week(desk)
    close_week(desk, week)
    assert retire(desk, week) == 1
    desk.do("servers", "remove", desk.home, "dead")
    assert "WILL BE LOST" in desk.err
    assert retire(desk, week) == 1
    desk.issue()
    assert retire(desk, week) == 0, desk.err


def test_retirement_waits_for_bundles_up_to_the_closing_one(desk: Desk) -> None:
    week = first_week(desk)
    close_week(desk, week, at=3)
    assert retire(desk, week) == 1
    assert "bundles 2 to 3 of server server were not taken in" in desk.err
    desk.take_in(desk.server.seal())
    desk.take_in(desk.server.seal(submission_id=bytes(16)))
    desk.backup()
    assert retire(desk, week) == 0, desk.err


def test_what_a_server_signed_before_it_was_restored_proves_nothing(desk: Desk) -> None:
    """Its clock was ahead, it closed the week early and was restored from a backup that does not know of it: it may
    take tips for that week again."""
    week = first_week(desk)
    close_week(desk, week)
    desk.server.last = None
    bundle = desk.server.submissions(desk.server.seal())
    assert desk.run("import", desk.home, desk.write(bundle)) == 1
    assert desk.server.last is not None
    desk.do("servers", "confirm", desk.home, "server", desk.server.last.stream.hex())
    assert retire(desk, week) == 1
    assert "has not signed that week" in desk.err
    desk.do("import", desk.home, desk.write(bundle))
    desk.backup()
    assert retire(desk, week) == 1
    assert "has not signed that week" in desk.err
    close_week(desk, week)
    assert retire(desk, week) == 0, desk.err


def test_retirement_waits_for_a_backup(desk: Desk) -> None:
    week = first_week(desk)
    desk.take_in(desk.server.seal())
    close_week(desk, week)
    assert retire(desk, week) == 1
    assert "1 envelopes of week" in desk.err
    assert "in no casebook backup" in desk.err
    assert week in [Week.parse(one["week"]) for one in desk.json("keys", "status", desk.home)["weeks"]]


def test_retirement_waits_for_an_envelope_of_the_week_that_does_not_open(desk: Desk) -> None:
    week = first_week(desk)
    broken = bytearray(desk.server.seal())
    broken[-1] ^= 1
    desk.take_in(bytes(broken))
    close_week(desk, week)
    desk.backup()
    assert retire(desk, week) == 1
    assert "could not be opened" in desk.err
    assert retire(desk, week, "--give-up-unopenable") == 0, desk.err
    assert list((desk.home / "unopened").iterdir()) == []


def test_retirement_rewrites_the_twin_in_the_same_step(desk: Desk) -> None:
    twin = desk.folder / "twin"
    desk.issue("--twin", twin)
    week = first_week(desk)
    close_week(desk, week)
    assert retire(desk, week) == 1
    assert "--twin FOLDER" in desk.err
    empty = desk.folder / "empty"
    assert retire(desk, week, "--twin", empty) == 1
    assert "still holds the keys" in desk.err
    assert (twin / "keys" / f"intake-{week}.key").exists()
    assert retire(desk, week, "--twin", twin) == 0, desk.err
    assert not (twin / "keys" / f"intake-{week}.key").exists()
    assert sorted(path.name for path in (twin / "keys").iterdir()) == sorted(
        path.name for path in (desk.home / "keys").iterdir()
    )


def test_a_retired_key_is_overwritten_where_it_lay_at_home_and_on_the_twin(desk: Desk) -> None:
    twin = desk.folder / "twin"
    desk.issue("--twin", twin)
    week = first_week(desk)
    before, kept = {}, [desk.folder / "kept-at-home", desk.folder / "kept-on-the-twin"]
    for place, under in zip(kept, (desk.home, twin), strict=True):
        place.hardlink_to(under / "keys" / f"intake-{week}.key")
        before[place] = place.read_bytes()
    close_week(desk, week)
    desk.backup()
    assert retire(desk, week, "--twin", twin) == 0, desk.err
    for place in kept:
        assert len(place.read_bytes()) == len(before[place])
        assert place.read_bytes()[:32] != before[place][:32]


def test_an_empty_medium_takes_the_place_of_the_twin_only_when_it_is_called_new(desk: Desk) -> None:
    """An empty stick in the wrong socket must not make the home forget the medium that holds its keys."""
    twin, other = desk.folder / "twin", desk.folder / "other"
    desk.issue("--twin", twin)
    other.mkdir()
    issue = ("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "manifest.json")
    assert desk.run(*issue, "--twin", other) == 1
    assert "this home has a twin that still holds the keys" in desk.err
    assert "--new-twin" in desk.err
    assert desk.run("keys", "offer", desk.home, "--out", desk.folder / "offer", "--twin", other) == 1
    assert len(list((desk.root / "manifests").glob("*.json"))) == 2
    assert not list(other.iterdir())
    desk.do(*issue, "--twin", other, "--new-twin")
    assert "THE TWIN MEDIUM BEFORE IS NOT REWRITTEN" in desk.err
    week = first_week(desk)
    close_week(desk, week)
    desk.backup()
    assert retire(desk, week, "--twin", twin) == 1
    assert retire(desk, week, "--twin", other) == 0, desk.err
    assert desk.run(*issue, "--new-twin") == 2


def test_a_new_twin_that_cannot_be_written_whole_holds_nothing_and_the_one_before_stays(desk: Desk) -> None:
    twin, other = desk.folder / "twin", desk.folder / "other"
    desk.issue("--twin", twin)
    issue = ("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "manifest.json")
    (other / "home-unprotected.key").mkdir(parents=True)
    assert desk.run(*issue, "--twin", other, "--new-twin") == 1
    assert not [path for path in other.rglob("*") if path.is_file()]
    desk.do(*issue, "--twin", twin)


def test_no_backup_holds_what_opens_an_envelope(desk: Desk) -> None:
    week = first_week(desk)
    envelope = desk.server.seal()
    desk.take_in(envelope)
    backup = desk.backup()
    restored = desk.folder / "restored"
    identity = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", restored, "--from", backup, "--identity", identity)
    desk.home = restored
    _assert_no_key_here_opens(desk, envelope)
    (row,) = desk.submissions()
    assert desk.run("raw", restored, row["id"], "--out", desk.folder / "again.age") == 1
    assert _first_week_without_key(desk) == str(week)


def test_an_interrupted_retirement_is_finished_by_the_next(desk: Desk) -> None:
    week = first_week(desk)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        home.casebook.retired.add(week, today=week.last_day)
    (line,) = [one for one in desk.json("keys", "status", desk.home)["weeks"] if one["cut_short"]]
    assert line["week"] == str(week)
    assert "RETIREMENT WAS CUT SHORT: keys retire, again" in desk.do("keys", "status", desk.home)
    assert desk.do("keys", "retire", desk.home).startswith(f"destroyed        intake-{week}\n")
    assert str(week) in desk.json("keys", "status", desk.home)["retired"]


def test_a_retirement_cut_short_leaves_the_key_as_long_as_anything_opens_an_envelope(desk: Desk) -> None:
    """The key's presence is what tells the next one that there is something to finish."""
    week = first_week(desk)
    (short_id,) = desk.take_in(desk.server.seal())
    close_week(desk, week)
    desk.backup()
    key = desk.home / "keys" / f"intake-{week}.key"
    key.rename(desk.folder / "aside")
    key.mkdir()  # which cannot be destroyed: the retirement ends here, as with a power failure
    assert retire(desk, week) == 1
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert home.casebook.submissions.beginning(home.casebook.submissions.find(short_id)) is None
    key.rmdir()
    (desk.folder / "aside").rename(key)
    assert f"destroyed        intake-{week}" in desk.do("keys", "retire", desk.home)


def test_nothing_due_is_said_plainly(desk: Desk) -> None:
    assert "nothing is due" in desk.do("keys", "retire", desk.home)


def test_a_week_that_is_none_is_wrong_usage(desk: Desk) -> None:
    assert desk.run("keys", "retire", desk.home, "--week", "2026-48") == 2
    assert "week must be written like 2026-W48" in desk.err


def test_keys_that_are_left_are_tried_and_none_may_open_the_retired_week(desk: Desk) -> None:
    week = first_week(desk)
    close_week(desk, week)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        home.keyring.keep("intake-2020-W01", home.keyring.secret(f"intake-{week}"))
    assert retire(desk, week) == 1
    assert f"a key that is left still opens week {week}: it was not destroyed" in desk.err
    (desk.home / "keys" / "intake-2020-W01.key").unlink()
    other = first_week(desk)
    close_week(desk, other)
    assert retire(desk, other) == 0, desk.err
    assert "none opens what is sealed to these weeks" in desk.out


def _assert_no_key_here_opens(desk: Desk, envelope: bytes) -> None:
    (desk.folder / "try.age").write_bytes(envelope)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        keys = [home.keyring.intake_key(week) for week in home.keyring.intake_weeks()]
        with (desk.folder / "try.age").open("rb") as source, pytest.raises(NoKeyOpens):
            open_envelope(source, keys=keys)


def _first_week_without_key(desk: Desk) -> str:
    found: list[str] = desk.json("keys", "status", desk.home)["without_key"]
    return found[0]
