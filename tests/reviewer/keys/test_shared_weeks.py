"""The four keys of a week and of a quarter: how many reviewers there are shows nowhere."""

from crypto.manifests.issued_keys import KEYS
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.colleagues import Colleague, a_colleague, keys_by_week, manifest_of
from tests.reviewer.desk_stage import Desk


def test_how_many_reviewers_there_are_shows_in_no_envelope_and_in_no_week(desk: Desk) -> None:
    alone = manifest_of(desk)
    envelope_of_one = desk.server.seal()
    second = a_colleague(desk)
    third, fourth = (Colleague(desk, name) for name in ("third", "fourth"))
    for one in (third, fourth):
        one.join()
    desk.issue("--with", third.offer(), fourth.offer())
    four = manifest_of(desk)
    assert [party.name for party in four.manifest.reviewers] == ["fourth", "reviewer", "second", "third"]
    assert second.name == "second"
    for manifest in (alone, four):
        entries = [*manifest.manifest.intake, *manifest.manifest.sealed]
        assert all(len(entry.keys) == KEYS for entry in entries)
        assert all(list(entry.keys) == sorted(entry.keys, key=lambda key: key.to_bytes()) for entry in entries)
    assert len(envelope_of_one) == len(desk.server.seal())
    assert envelope_of_one.count(b"-> mlkem768x25519 ") == desk.server.seal().count(b"-> mlkem768x25519 ") == KEYS


def test_a_fifth_reviewer_is_refused_and_nothing_is_issued(desk: Desk) -> None:
    offers = []
    for name in ("second", "third", "fourth", "fifth"):
        one = Colleague(desk, name)
        one.join()
        offers.append(one.offer())
    out = desk.folder / "five.json"
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", out, "--with", *offers) == 1
    assert "at most 4 reviewers" in desk.err
    assert not out.exists()
    assert len(list((desk.root / "manifests").glob("*.json"))) == 1


def test_who_comes_takes_one_throw_away_key_of_each_week_and_who_goes_gives_it_back(desk: Desk) -> None:
    before = keys_by_week(manifest_of(desk))
    second = a_colleague(desk)
    with_second = keys_by_week(manifest_of(desk))
    assert {week: len(before[week] & with_second[week]) for week in before} == dict.fromkeys(before, 3)
    desk.do("reviewers", "remove", desk.home, "second")
    desk.issue()
    after = keys_by_week(manifest_of(desk))
    assert {week: len(with_second[week] & after[week]) for week in before} == dict.fromkeys(before, 3)
    with open_home(second.home, entry=SecretEntry(None)) as home:
        theirs = {home.keyring.intake_key(week).public_key().to_bytes() for week in home.keyring.intake_weeks()}
    assert all(keys & theirs for keys in with_second.values())
    assert not any(keys & theirs for keys in after.values())


def test_keys_of_all_reviewers_stay_in_every_later_manifest(desk: Desk, second: Colleague) -> None:
    issued = keys_by_week(manifest_of(desk))
    quarters = manifest_of(desk).manifest.sealed
    desk.issue("--with", second.offer("--weeks", "12"), "--weeks", "12")
    later = keys_by_week(manifest_of(desk))
    assert {week: later[week] for week in issued} == issued
    assert len(later) == 12
    assert manifest_of(desk).manifest.sealed[: len(quarters)] == quarters


def test_no_secret_of_a_throw_away_key_is_written_anywhere(desk: Desk) -> None:
    """Every key file is named for one thing that this reviewer itself opens; there is no fifth place for a seed."""
    weeks = [str(entry.week) for entry in manifest_of(desk).manifest.intake]
    quarters = [str(entry.quarter) for entry in manifest_of(desk).manifest.sealed]
    expected = {"casebook", "beginnings", "reviewer"}
    expected |= {f"intake-{week}" for week in weeks} | {f"sealed-{quarter}" for quarter in quarters}
    assert {path.stem for path in (desk.home / "keys").iterdir()} == expected
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        ours = {home.keyring.intake_key(week).public_key() for week in home.keyring.intake_weeks()}
    for entry in manifest_of(desk).manifest.intake:
        assert len(ours & set(entry.keys)) == 1


def test_a_reviewer_whose_keys_were_lost_gets_new_ones_into_every_open_week(desk: Desk, second: Colleague) -> None:
    before = keys_by_week(manifest_of(desk))
    restored = desk.folder / "restored"
    desk.do("restore", restored, "--from", desk.backup(), "--identity", desk.root / "casebook-backup-reviewer.key")
    desk.home = restored
    assert len(desk.json("keys", "status", restored)["without_key"]) == len(before)
    desk.issue()
    assert "new keys in place of lost ones" in desk.out
    assert desk.json("keys", "status", restored)["without_key"] == []
    after = keys_by_week(manifest_of(desk))
    assert {week: len(before[week] & after[week]) for week in before} == dict.fromkeys(before, 3)
    second.adopt(desk.folder / "manifest.json")
    assert second.json("keys", "status", second.home)["without_key"] == []


def test_sealed_keys_come_and_go_as_intake_keys_do_and_their_files_are_signed_anew(desk: Desk) -> None:
    before = manifest_of(desk).manifest.sealed
    second = a_colleague(desk)
    after = manifest_of(desk).manifest.sealed
    with open_home(second.home, entry=SecretEntry(None)) as home:
        for old, new in zip(before, after, strict=True):
            assert len(set(old.keys) & set(new.keys)) == KEYS - 1
            assert home.keyring.sealed_key(new.quarter).public_key() in new.keys
            assert new.signature
            assert new.signature != old.signature
    desk.issue()
    assert manifest_of(desk).manifest.sealed == after
