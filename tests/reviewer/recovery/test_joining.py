"""Joining an organisation: a home that pins its root key, under a name of its own."""

import pytest

from tests.reviewer.colleagues import Colleague, a_colleague, manifest_of
from tests.reviewer.desk_stage import Desk, Refusal


def test_the_root_key_is_shown_to_whoever_joins(desk: Desk) -> None:
    second = Colleague(desk, "second")
    second.join()
    shown = next(line for line in second.out.splitlines() if line.startswith("root key "))
    second.adopt(desk.issue("--with", second.offer()))
    assert shown in second.out
    assert "compare the seven words and the version BY TELEPHONE" in second.out
    second.adopt(desk.issue())
    assert "root key" not in second.out


def test_whoever_joins_without_a_name_gets_one_unlike_others(desk: Desk) -> None:
    names = set()
    for place in ("a", "b"):
        home = desk.folder / place
        desk.do("init", home, "--root-key", desk.root / "root.pub", "--organisation", "Example Watch")
        assert "move it to a medium of its own" in desk.err
        desk.do("keys", "offer", home, "--out", desk.folder / f"offer-{place}")
        names.add(next(line.split()[1] for line in desk.out.splitlines() if line.startswith("reviewer  ")))
    assert len(names) == 2
    desk.issue("--with", desk.folder / "offer-a", desk.folder / "offer-b")
    assert names < {party.name for party in manifest_of(desk).manifest.reviewers}


def test_two_reviewers_of_one_name_are_refused(desk: Desk) -> None:
    one, other = a_colleague(desk), Colleague(desk, "other")
    other.name = one.name
    other.join()
    offer = other.offer()
    for command in (
        ["reviewers", "add", desk.home, offer],
        ["keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "new.json", "--with", offer],
    ):
        assert desk.run(*command) == 1
        assert "another reviewer is called second, and has other keys" in desk.err
    # The first one lost its machine: it goes, and the name is free.
    desk.do("reviewers", "remove", desk.home, "second")
    desk.issue()
    other.adopt(desk.issue("--with", offer))


@pytest.mark.parametrize(
    "options", [[], ["--root", "R", "--root-key", "K"], ["--root", "R", "--backup-medium", "B"]]
)
def test_init_either_makes_a_root_key_or_joins(bare_desk: Desk, options: list[str]) -> None:
    assert bare_desk.run("init", bare_desk.home, "--organisation", "Example Watch", *options) == 2
    assert not bare_desk.home.exists()


def test_a_file_that_is_no_root_key_is_refused(bare_desk: Desk) -> None:
    (bare_desk.folder / "no.pub").write_bytes(b"nothing")
    options = ["--root-key", bare_desk.folder / "no.pub", "--organisation", "Example Watch"]
    assert bare_desk.run("init", bare_desk.home, *options) == 1
    assert "is no root key" in bare_desk.err
    assert not bare_desk.home.exists()


def test_a_backup_key_that_is_there_is_never_overwritten_and_no_home_is_made(desk: Desk) -> None:
    one = Colleague(desk, "second")
    one.join()
    before = one.backup_key.read_bytes()
    again = Colleague(desk, "second")
    again.home = again.folder / "another-home"
    with pytest.raises(Refusal, match="never overwritten"):
        again.join()
    assert not again.home.exists()
    assert one.backup_key.read_bytes() == before
