"""The passphrase of a home: from a file or a terminal, never an argument, and needed for everything."""

from pathlib import Path

import pytest

from reviewer.twin.open_twin import open_twin
from tests.reviewer.desk_stage import Desk
from tests.reviewer.furniture import Furniture

PASSPHRASE = "a long enough phrase"
NEW = "quite another phrase"


@pytest.fixture(scope="module")
def furnish_locked(tmp_path_factory: pytest.TempPathFactory) -> Furniture:
    def found(desk: Desk) -> None:
        file = desk.folder / "passphrase"
        file.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
        desk.found("--passphrase-file", file)

    return Furniture(tmp_path_factory.mktemp("locked"), found)


@pytest.fixture
def locked(bare_desk: Desk, furnish_locked: Furniture) -> Path:
    """A locked home; the file that unlocks it."""
    furnish_locked(bare_desk)
    return bare_desk.folder / "passphrase"


def _change(desk: Desk, old: Path, new: str = NEW) -> int:
    """From what ``old`` holds to ``new``, which lies in the file ``new`` then."""
    (desk.folder / "new").write_text(new, encoding="utf-8")
    return desk.run("passphrase", desk.home, "--passphrase-file", old, "--new-passphrase-file", desk.folder / "new")


def test_the_passphrase_unlocks_the_home(bare_desk: Desk, locked: Path) -> None:
    assert bare_desk.json("keys", "status", bare_desk.home, "--passphrase-file", locked)["protected"] is True
    assert "NOT PROTECTED" not in bare_desk.err


def test_without_the_passphrase_nothing_opens(bare_desk: Desk, locked: Path) -> None:
    assert bare_desk.run("list", bare_desk.home) == 1
    assert "locked by a passphrase" in bare_desk.err
    locked.write_text("another long phrase", encoding="utf-8")
    assert bare_desk.run("list", bare_desk.home, "--passphrase-file", locked) == 1
    assert "does not unlock" in bare_desk.err
    assert PASSPHRASE not in bare_desk.err


def test_every_key_file_of_a_locked_home_is_its_owner_s_only(bare_desk: Desk, locked: Path) -> None:
    key = bare_desk.folder / "identity"
    bare_desk.do("keys", "issue", bare_desk.home, "--root", bare_desk.root, "--out", bare_desk.folder / "m.json",
                 "--passphrase-file", locked)  # fmt: skip
    week = bare_desk.json("keys", "status", bare_desk.home, "--passphrase-file", locked)["weeks"][0]["week"]
    identity = bare_desk.do("keys", "identity", bare_desk.home, "--week", week, "--passphrase-file", locked)
    assert identity.startswith("AGE-SECRET-KEY-PQ-1")
    assert not key.exists()
    assert not (bare_desk.home / "home-unprotected.key").exists()
    for path in bare_desk.home.rglob("*.key"):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * 2_000, b"short"])
def test_a_passphrase_file_that_is_none_is_refused(bare_desk: Desk, content: bytes) -> None:
    file = bare_desk.folder / "passphrase"
    file.write_bytes(content)
    code = bare_desk.run(
        "init", bare_desk.home, "--root", bare_desk.root, "--organisation", "Example", "--passphrase-file", file
    )
    assert code == 1
    assert "passphrase" in bare_desk.err
    assert not bare_desk.home.exists()


def test_a_changed_home_key_says_so(bare_desk: Desk, locked: Path) -> None:
    (bare_desk.home / "people.keys").write_bytes(b"something else")
    assert bare_desk.run("list", bare_desk.home, "--passphrase-file", locked) == 1
    assert "people.keys was changed" in bare_desk.err


def test_a_folder_that_is_no_home_is_refused(bare_desk: Desk) -> None:
    assert bare_desk.run("list", bare_desk.folder) == 1
    assert "is not a home" in bare_desk.err


def test_another_passphrase_takes_the_place_of_the_one_before(bare_desk: Desk, locked: Path) -> None:
    before, kept = (bare_desk.home / "people.keys").read_bytes(), bare_desk.folder / "kept"
    kept.hardlink_to(bare_desk.home / "people.keys")
    assert _change(bare_desk, locked) == 0, bare_desk.err
    assert "a copy of the old people.keys still opens with the old passphrase" in bare_desk.err
    assert len(kept.read_bytes()) == len(before)
    assert kept.read_bytes()[:32] != before[:32], "it is overwritten where it lay"
    assert bare_desk.run("list", bare_desk.home, "--passphrase-file", locked) == 1
    log = bare_desk.do("log", "show", bare_desk.home, "--passphrase-file", bare_desk.folder / "new")
    assert "passphrase changed" in log


def test_what_is_no_new_passphrase_changes_nothing(bare_desk: Desk, locked: Path) -> None:
    before = (bare_desk.home / "people.keys").read_bytes()
    assert bare_desk.run("passphrase", bare_desk.home, "--passphrase-file", locked) == 1
    assert "--new-passphrase-file FILE" in bare_desk.err
    assert _change(bare_desk, locked, "short") == 1
    assert _change(bare_desk, bare_desk.folder / "new") == 1
    assert (bare_desk.home / "people.keys").read_bytes() == before


def test_a_home_whose_key_lay_open_gets_no_passphrase_that_would_protect_nothing(desk: Desk) -> None:
    assert _change(desk, desk.folder / "new") == 1
    assert "has lain open on this disk" in desk.err


def test_a_twin_that_opens_with_the_old_one_is_named_until_it_is_rewritten(bare_desk: Desk, locked: Path) -> None:
    twin, kept, new = bare_desk.folder / "twin", bare_desk.folder / "kept", bare_desk.folder / "new"
    offer = ("keys", "offer", bare_desk.home, "--out", bare_desk.folder / "offer", "--twin", twin)
    bare_desk.do(*offer, "--passphrase-file", locked)
    kept.hardlink_to(twin / "people.keys")
    before = kept.read_bytes()
    assert _change(bare_desk, locked) == 0, bare_desk.err
    for _ in "12":
        assert "THE TWIN MEDIUM STILL OPENS WITH THE OLD PASSPHRASE" in bare_desk.err
        bare_desk.do("keys", "status", bare_desk.home, "--passphrase-file", new)
    bare_desk.do(*offer, "--passphrase-file", new)
    assert "OLD PASSPHRASE" not in bare_desk.err
    assert kept.read_bytes() != before
    open_twin(twin, passphrase_file=str(new))
