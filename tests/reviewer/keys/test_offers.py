"""Offers of keys: whose they are is heard by telephone; changed, foreign, old and future ones are refused."""

import datetime as dt
from pathlib import Path

import pytest

from reviewer.home.home import open_home
from reviewer.keys.intake_keys import issue_keys
from reviewer.keys.offering import make_offer
from reviewer.media.root_medium import RootMedium
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.reviewer.colleagues import Colleague, a_colleague, fingerprint_in
from tests.reviewer.desk_stage import Desk


def test_a_key_to_compare_by_telephone_is_shown_at_both_ends(desk: Desk) -> None:
    second = Colleague(desk, "second")
    second.join()
    at_init = fingerprint_in(second.out)
    offer = second.offer()
    at_offer = fingerprint_in(second.out)
    desk.do("reviewers", "add", desk.home, offer)
    assert at_init == at_offer == fingerprint_in(desk.out)
    desk.issue()
    assert f"NEW REVIEWER second, with the reviewer key {at_offer}" in desk.err
    assert "BY TELEPHONE" in desk.err


def test_an_offer_that_is_given_to_keys_issue_alone_is_shown_as_loudly(desk: Desk) -> None:
    second = Colleague(desk, "second")
    second.join()
    desk.issue("--with", second.offer())
    assert f"NEW REVIEWER second, with the reviewer key {fingerprint_in(second.out)}" in desk.err
    desk.issue("--with", second.offer("--weeks", "12"))
    assert "NEW REVIEWER" not in desk.err


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        (lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "bad signature"),
        (lambda raw: raw[:50] + bytes([raw[50] ^ 1]) + raw[51:], "bad signature"),
        (lambda raw: raw[:104], "malformed"),
        (lambda raw: raw[:0], "malformed"),
        (lambda raw: raw[:8] + b"\2" + raw[9:], "newer"),
        (lambda raw: raw + bytes(1 << 20), "malformed"),
    ],
)
def test_an_offer_that_was_changed_on_the_way_is_named_and_nothing_is_issued(
    desk: Desk, harm: object, kind: str
) -> None:
    second = Colleague(desk, "second")
    second.join()
    offer = second.offer()
    assert callable(harm)
    offer.write_bytes(harm(offer.read_bytes()))
    out = desk.folder / "new.json"
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", out, "--with", offer) == 1
    assert f"offer refused ({kind})" in desk.err
    assert desk.run("reviewers", "add", desk.home, offer) == 1
    assert not out.exists()


def test_an_offer_for_another_organisation_is_not_for_us(desk: Desk, tmp_path: Path) -> None:
    other = desk.beside(tmp_path / "other")
    other.found()
    stranger = Colleague(other, "stranger")
    stranger.join()
    assert desk.run("reviewers", "add", desk.home, stranger.offer()) == 1
    assert "offer refused (not for us)" in desk.err


def test_an_offer_with_somebody_elses_key_in_it_is_refused(desk: Desk) -> None:
    """Anyone who copies another's public key cannot open anything, but would take a place of the four."""
    second = Colleague(desk, "second")
    second.join()
    with (
        open_home(desk.home, entry=SecretEntry(None)) as ours,
        open_home(second.home, entry=SecretEntry(None)) as their,
    ):
        week = ours.keyring.intake_weeks()[0]
        their.keyring.keep(f"intake-{week}", ours.keyring.secret(f"intake-{week}"))
    offer = second.offer()
    out = desk.folder / "new.json"
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", out, "--with", offer) == 1
    assert "one of the offers is a copy" in desk.err
    assert not out.exists()


def test_an_old_offer_does_not_bring_back_who_was_removed_unless_somebody_asks_for_it(desk: Desk) -> None:
    second = a_colleague(desk)
    old_offer = second.folder / "offer"
    desk.do("reviewers", "remove", desk.home, "second")
    desk.issue()
    out = desk.folder / "again.json"
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", out, "--with", old_offer) == 1
    assert "reviewer second was removed, and yet an offer of it is given" in desk.err
    assert not out.exists()
    desk.do("reviewers", "add", desk.home, second.offer())
    desk.issue()
    assert "NEW REVIEWER second" in desk.err


def test_an_offer_that_comes_again_on_the_same_day_brings_no_lost_key_back(desk: Desk) -> None:
    second = a_colleague(desk)
    replayed = desk.folder / "replayed"
    replayed.write_bytes((second.folder / "offer").read_bytes())
    for key in (second.home / "keys").glob("*-20*.key"):
        key.unlink()
    desk.issue("--with", second.offer())
    second.adopt(desk.issue("--with", replayed))
    assert second.json("keys", "status", second.home)["without_key"] == []


def test_a_week_for_which_a_reviewer_offered_nothing_is_told_and_mended_by_the_next_offer(
    desk: Desk, second: Colleague
) -> None:
    desk.issue("--weeks", "12")
    assert "second offered no key for " in desk.err
    manifest = desk.folder / "manifest.json"
    second.adopt(manifest)
    assert "tips of these weeks do not open here" in second.err
    assert len(second.json("keys", "status", second.home)["without_key"]) == 4
    second.adopt(desk.issue("--with", second.offer("--weeks", "12")))
    assert second.json("keys", "status", second.home)["without_key"] == []
    assert "offered no key" not in desk.err


@pytest.mark.parametrize(("days_ahead", "code"), [(1, 0), (2, 1)])
def test_an_offer_of_a_day_to_come_is_refused_and_two_machines_may_differ_by_a_day(
    desk: Desk, days_ahead: int, code: int
) -> None:
    """It would be newer than every later one, whatever that reviewer loses."""
    second = Colleague(desk, "second")
    second.join()
    day = today() + dt.timedelta(days=days_ahead)
    offer = second.folder / "offer"
    with open_home(second.home, entry=SecretEntry(None)) as home:
        offer.write_bytes(make_offer(home, weeks=8, today=day).raw)
    out = desk.folder / "new.json"
    issue = ("keys", "issue", desk.home, "--root", desk.root, "--out", out, "--with", offer)
    assert desk.run("reviewers", "add", desk.home, offer) == code
    if code:
        assert f"offer refused (too early): second made it on {day.isoformat()}" in desk.err
        assert "timedatectl" in desk.err
    assert desk.run(*issue) == code
    assert out.exists() == (code == 0)


def test_an_offer_that_was_taken_under_a_wrong_clock_does_not_outlive_the_next(desk: Desk) -> None:
    ahead = today() + dt.timedelta(days=100)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        medium = RootMedium.open_existing(desk.root)
        issue_keys(home, medium, weeks=8, twin=None, date_is_right=True, today=ahead)
        lost = home.keyring.intake_weeks()[-1]
        home.keyring.destroy(f"intake-{lost}")
    desk.issue("--weeks", "30", "--date-is-right")
    assert desk.json("keys", "status", desk.home)["without_key"] == []
