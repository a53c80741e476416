"""From paper to the root medium, from a backup to work again; and what never comes back that way."""

import itertools
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from crypto.age.envelope import open_envelope
from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import WeekClosed
from crypto.errors import NoKeyOpens
from crypto.keys import minisign
from crypto.keys.identity_file import IdentityFile
from crypto.keys.keys import HybridSecretKey, IntakePublicKey, RootSigningKey
from crypto.keys.party import PartyKeys
from crypto.manifests.offer import verify_offer
from crypto.primitives import _slip39
from crypto.primitives.week import Week
from crypto.recovery.backup_key import casebook_backup_key, reviewer_keys
from crypto.recovery.recovery_sheet import Sheet, SheetSet
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk_stage import Desk


@pytest.fixture
def sheets(desk: Desk) -> list[Path]:
    """Three of five."""
    return _sheets(desk)


def _sheets(desk: Desk) -> list[Path]:
    folder = desk.folder / f"sheets-{sum(1 for _ in desk.folder.iterdir())}"
    desk.do("sheets", "make", desk.home, "--root", desk.root, "--to", folder, "--text")
    return sorted(folder.iterdir())


def _given(*sheets: Path) -> Iterator[str | Path]:
    for sheet in sheets:
        yield from ("--sheet-file", sheet)


def _recover(desk: Desk, *arguments: str | Path) -> int:
    """The root medium alone."""
    return desk.run("recover", "--root", desk.folder / "new-root", *arguments)


def _with_manifest(desk: Desk) -> tuple[str | Path, ...]:
    return ("--manifest", desk.folder / "manifest.json")


def _restore(desk: Desk, backup: Path) -> int:
    """The home, with the key on the medium that was made."""
    identity = desk.folder / "new-root" / "casebook-backup-reviewer.key"
    return desk.run("restore", desk.folder / "new", "--from", backup, "--identity", identity)


def _recover_and_restore(desk: Desk, backup: Path, sheets: Iterable[Path]) -> None:
    """One after the other, as on the bad day."""
    assert _recover(desk, *_with_manifest(desk), *_given(*sheets)) == 0, desk.err
    assert _restore(desk, backup) == 0, desk.err


def _nothing_was_left(desk: Desk) -> bool:
    return not (desk.folder / "new").exists() and not (desk.folder / "new-root").exists()


def _party(folder: Path) -> bytes:
    with open_home(folder, entry=SecretEntry(None)) as home:
        return home.party_keys().seeds()


def _files(medium: Path) -> dict[Path, bytes]:
    """All but the offers, which each reviewer makes again."""
    paths = (path for path in medium.rglob("*") if path.is_file() and path.parent.name != "offers")
    return {path.relative_to(medium): path.read_bytes() for path in paths}


def test_the_medium_is_the_same_byte_for_byte_and_so_is_the_reviewer(desk: Desk, sheets: list[Path]) -> None:
    backup = desk.backup()
    assert _recover(desk, *_with_manifest(desk), *_given(*sheets[2:])) == 0, desk.err
    old, new = desk.root, desk.folder / "new-root"
    assert _files(old) == _files(new)
    assert f"rehearsal        the root key, read again from {new}, signs" in desk.out
    assert f"rehearsal        casebook-backup-reviewer.key, read again from {new}, opens" in desk.out
    assert "ONE ROOT MEDIUM" in desk.err
    assert not (desk.folder / "new").exists()
    assert f"restore HOME --from BACKUP --identity {new / 'casebook-backup-reviewer.key'}" in desk.out
    assert _restore(desk, backup) == 0, desk.err
    assert _party(desk.home) == _party(desk.folder / "new")
    status = desk.json("keys", "status", desk.folder / "new")
    assert (status["manifest_version"], status["root_media"]) == (1, 1)


@pytest.mark.parametrize("chosen", list(itertools.combinations(range(5), 2)))
def test_two_of_three_sheets_give_nothing_back(desk: Desk, sheets: list[Path], chosen: tuple[int, int]) -> None:
    assert _recover(desk, "--nothing-issued", *_given(*(sheets[place] for place in chosen))) == 1
    assert "1 more of these sheets are needed" in desk.err
    assert _nothing_was_left(desk)


def test_a_false_sheet_is_named_and_the_others_suffice(desk: Desk, sheets: list[Path]) -> None:
    """A sheet of another splitting, whose set number someone changed to ours: its checksum is right."""
    words = sheets[0].read_text(encoding="utf-8")
    ours = Sheet.parse("\n".join(line for line in words.splitlines() if not line.startswith("#")))
    false = _with_set_number_of(ours, desk)
    given = _with_manifest(desk)
    assert _recover(desk, *given, *_given(sheets[0], false, sheets[1])) == 1
    assert "at least one of them is false; with one more, it can be named" in desk.err
    assert _nothing_was_left(desk)
    assert _recover(desk, *given, *_given(sheets[0], false, sheets[1], sheets[2])) == 0, desk.err
    assert "sheet 4 is false; the others were enough" in desk.err


def _with_set_number_of(ours: Sheet, desk: Desk) -> Path:
    text = _sheets(desk)[3].read_text(encoding="utf-8")
    theirs = Sheet.parse("\n".join(line for line in text.splitlines() if not line.startswith("#")))
    places = [_slip39.WORDS.index(word) for word in [*ours.words[:2], *theirs.words[2:]]]
    summed = [*places[:-3], *_slip39.create_checksum(places[:-3], b"shamir_extendable")]
    file = desk.folder / "false"
    file.write_text(" ".join(_slip39.WORDS[place] for place in summed), encoding="utf-8")
    return file


@pytest.mark.parametrize("option", ["--root", "--root-copy"])
def test_a_medium_with_a_colleagues_key_for_backups_is_refused_before_any_sheet_is_typed_and_the_key_stays(
    desk: Desk, option: str
) -> None:
    media = {"--root": desk.folder / "new-root", "--root-copy": desk.folder / "copy"}
    key = media[option] / "casebook-backup-second.key"
    key.parent.mkdir()
    key.write_text("AGE-SECRET-KEY-PQ-1OTHERS\n", encoding="ascii")
    for given in (_given(*_sheets(desk)[:3]), ()):
        assert _recover(desk, "--root-copy", media["--root-copy"], *_with_manifest(desk), *given) == 1
        assert f"holds {key.name}, which opens other casebook backups" in desk.err
        assert key.read_text(encoding="ascii") == "AGE-SECRET-KEY-PQ-1OTHERS\n"
        assert [path.name for path in key.parent.iterdir()] == [key.name]


def test_sheets_of_another_organisation_do_not_open_the_backup(desk: Desk, tmp_path: Path) -> None:
    other = desk.beside(tmp_path / "other")
    other.found()
    theirs = list(_given(*_sheets(other)[:3]))
    assert _recover(desk, *_with_manifest(desk), *theirs) == 1
    assert "a manifest is not of this organisation" in desk.err
    assert _nothing_was_left(desk)
    assert _recover(desk, "--nothing-issued", *theirs) == 0, desk.err
    assert _restore(desk, desk.backup()) == 1
    assert "this key does not open the backup" in desk.err
    assert not (desk.folder / "new").exists()


def test_a_damaged_backup_leaves_no_home_and_the_medium_opens_another_copy(desk: Desk, sheets: list[Path]) -> None:
    backup = desk.backup()
    damaged = desk.folder / "damaged.age"
    damaged.write_bytes(backup.read_bytes()[:-70_000])
    assert _recover(desk, *_with_manifest(desk), *_given(*sheets[:3])) == 0, desk.err
    assert _restore(desk, damaged) == 1
    assert "cannot be restored" in desk.err
    assert not (desk.folder / "new").exists()
    assert _restore(desk, backup) == 0, desk.err


def test_what_is_missing_is_said_before_anybody_types_a_word(desk: Desk) -> None:
    assert _recover(desk, "--manifest", desk.folder / "nowhere") == 1
    assert "nowhere" in desk.err
    assert "--sheet-file" not in desk.err
    assert desk.run("recover", desk.home, "--root", desk.folder / "new-root", *_with_manifest(desk)) == 1
    assert "is not empty" in desk.err
    assert desk.run("recover") == 1
    assert "no place was named for what the sheets give back" in desk.err


@pytest.mark.parametrize(
    ("command", "option", "told"),
    [
        ("recover", "--backup", "tipline-review restore HOME --from FILE, after recover without HOME"),
        ("recover", "--twin", "tipline-review keys restore HOME --twin FOLDER, after HOME was made"),
        ("restore", "--twin", "tipline-review keys restore HOME --twin FOLDER, after HOME was made"),
    ],
)
def test_an_option_of_an_old_runbook_is_answered_with_the_step_that_takes_its_place(
    desk: Desk, command: str, option: str, told: str
) -> None:
    others = ("--from", desk.folder / "b", "--identity", desk.folder / "k") if command == "restore" else ()
    assert desk.run(command, desk.folder / "new", *others, option, desk.folder / "x") == 2
    assert f"{option} is a step of its own now: {told}" in " ".join(desk.err.split())
    desk.run(command, "--help")
    assert f"{option} " not in desk.out


def test_a_medium_of_another_organisation_is_never_overwritten(
    desk: Desk, sheets: list[Path], tmp_path: Path
) -> None:
    other = desk.beside(tmp_path / "other")
    other.found()
    before = _files(other.root)
    code = desk.run(
        "recover", desk.folder / "new", "--root", other.root, *_with_manifest(desk), *_given(*sheets[:3])
    )
    assert code == 1
    assert "never overwritten" in desk.err
    assert not (desk.folder / "new").exists()
    assert _files(other.root) == before


def test_a_medium_that_was_found_again_is_kept_and_its_newer_manifests_count(
    desk: Desk, sheets: list[Path]
) -> None:
    backup = desk.backup()
    desk.issue()
    before = _files(desk.root)
    shutil.rmtree(desk.home)
    second = desk.folder / "second"
    desk.do("recover", "--root", desk.root, "--root-copy", second, *_given(*sheets[:3]))
    assert _files(desk.root) == before == _files(second)
    identity = second / "casebook-backup-reviewer.key"
    desk.do("restore", desk.home, "--from", backup, "--identity", identity)
    desk.issue()
    assert desk.server.manifest is not None
    assert desk.server.manifest.version == 3


def test_the_root_medium_comes_back_with_the_manifests_that_were_brought(desk: Desk, sheets: list[Path]) -> None:
    desk.issue()
    manifest = desk.issue()
    assert _recover(desk, "--manifest", manifest, *_given(*sheets[:3])) == 0, desk.err
    desk.root = desk.folder / "new-root"
    desk.issue()
    assert desk.server.manifest is not None
    assert desk.server.manifest.version == 4


def test_without_any_manifest_nothing_is_made_that_would_begin_with_a_new_salt(
    desk: Desk, sheets: list[Path]
) -> None:
    assert _recover(desk, *_given(*sheets[:3])) == 1
    assert "another salt" in desk.err
    assert _nothing_was_left(desk)
    assert _recover(desk, "--nothing-issued", *_given(*sheets[:3])) == 0, desk.err


def test_a_gap_in_the_manifests_that_were_brought_is_named(desk: Desk, sheets: list[Path]) -> None:
    desk.issue()
    manifest = desk.issue()
    chain = manifest.with_name("manifest.json.chain")
    for path in chain.glob("00000002*"):
        path.unlink()
    assert _recover(desk, "--manifest", manifest, *_given(*sheets[:3])) == 1
    assert "manifests are missing: version 2" in desk.err
    assert _nothing_was_left(desk)


def test_a_manifest_of_another_organisation_is_refused(desk: Desk, sheets: list[Path], tmp_path: Path) -> None:
    other = desk.beside(tmp_path / "other")
    other.found()
    other.know_server()
    foreign = other.issue()
    assert _recover(desk, "--manifest", foreign, *_given(*sheets[:3])) == 1
    assert "a manifest is not of this organisation" in desk.err
    assert _nothing_was_left(desk)


def test_a_reviewer_who_joined_has_sheets_of_its_own(desk: Desk, tmp_path: Path) -> None:
    second = desk.beside(tmp_path / "second")
    second.do("init", second.home, "--root-key", desk.root / "root.pub", "--organisation", "Example Watch",
              "--name", "berlin", "--backup-medium", second.folder / "medium")  # fmt: skip
    key_file = second.folder / "medium" / "casebook-backup-berlin.key"
    folder = second.folder / "sheets"
    second.do("sheets", "make", second.home, "--backup-key", key_file, "--need", "2", "--of", "2", "--to", folder,
              "--text")  # fmt: skip
    backup = second.backup()
    sheets = sorted(folder.iterdir())
    second.do("sheets", "check", second.home, *_given(*sheets))
    assert _recover(second, *_with_manifest(desk), *_given(*sheets)) == 1
    assert "hold no root key" in second.err
    found = second.folder / "found"
    second.do("recover", "--backup-medium", found, "--name", "berlin", *_given(*sheets))
    identity = found / "casebook-backup-berlin.key"
    assert identity.read_bytes() == key_file.read_bytes()
    assert f"restore HOME --from BACKUP --identity {identity}" in second.out
    second.do("restore", second.folder / "new", "--from", backup, "--identity", identity)
    assert _party(second.home) == _party(second.folder / "new")


def test_after_it_the_keys_of_a_fellow_reviewer_stay_as_they_were_issued(desk: Desk, tmp_path: Path) -> None:
    """Whose key is whose stood on the lost medium only: without the fellow's offer nothing is issued."""
    fellow = desk.beside(tmp_path / "fellow")
    fellow.do("init", fellow.home, "--root-key", desk.root / "root.pub", "--organisation", "Example Watch",
              "--name", "berlin", "--backup-medium", fellow.folder / "medium")  # fmt: skip
    offer = fellow.folder / "offer"
    fellow.do("keys", "offer", fellow.home, "--out", offer)
    desk.issue("--with", offer)
    root = minisign.parse_public_key_file((desk.root / "root.pub").read_bytes())
    theirs = {key for _week, key in verify_offer(offer.read_bytes(), root=root).offer.intake}
    assert theirs <= _listed(desk)
    sheets, backup = _sheets(desk), desk.backup()
    _recover_and_restore(desk, backup, sheets[:3])
    desk.home, desk.root = desk.folder / "new", desk.folder / "new-root"
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "manifest.json") == 1
    assert "no offer of reviewer berlin" in desk.err
    before = _listed(desk)
    desk.issue("--with", offer)
    assert theirs <= _listed(desk)
    assert before & _listed(desk) == theirs, "any other key may be the one that was lost"


def test_after_it_no_key_that_was_lost_stays_in_the_manifest(desk: Desk, sheets: list[Path]) -> None:
    """The laptop and the root medium may have been stolen, and nothing that is left says which keys were on it."""
    backup, before = desk.backup(), _listed(desk)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        stolen = {home.keyring.intake_key(week).public_key() for week in home.keyring.intake_weeks()}
        sealed = {home.keyring.sealed_key(quarter).public_key() for quarter in home.keyring.sealed_quarters()}
    assert stolen <= before
    _recover_and_restore(desk, backup, sheets[:3])
    desk.home, desk.root = desk.folder / "new", desk.folder / "new-root"
    desk.issue()
    assert not stolen & _listed(desk)
    assert desk.server.manifest is not None
    assert not any(key in sealed for quarter in desk.server.manifest.manifest.sealed for key in quarter.keys)
    renewed = _listed(desk)
    desk.issue()
    assert _listed(desk) == renewed


def _listed(desk: Desk) -> set[IntakePublicKey]:
    assert desk.server.manifest is not None
    return {key for week in desk.server.manifest.manifest.intake for key in week.keys}


def test_a_medium_on_which_a_manifest_was_half_written_is_made_again(desk: Desk, sheets: list[Path]) -> None:
    """Killed there, it refused every later try: the folder of manifests was not empty."""
    half = desk.folder / "new-root" / "manifests" / ".00000001.json.minisig.4711.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"untrusted comment: si")
    (desk.folder / "new-root" / "unfinished").write_text("\n", encoding="utf-8")
    assert _recover(desk, *_with_manifest(desk), *_given(*sheets[:3])) == 0, desk.err
    assert not half.exists()
    assert _files(desk.root) == _files(desk.folder / "new-root")


def test_sheets_hold_exactly_the_root_key_and_what_follows_from_it(desk: Desk, sheets: list[Path]) -> None:
    opened = _opened(sheets)
    root = minisign.parse_secret_key_file((desk.root / "root.key").read_bytes())
    assert opened == root.seed()
    (key,) = IdentityFile.parse((desk.root / "casebook-backup-reviewer.key").read_bytes()).keys
    assert casebook_backup_key(root, name="reviewer").seed() == key.seed()
    assert reviewer_keys(key, name="reviewer").seeds() == _party(desk.home)


def test_after_a_week_is_retired_neither_all_sheets_nor_any_backup_opens_its_envelopes(
    desk: Desk, sheets: list[Path]
) -> None:
    """Acceptance 51, for paper: a thief of every sheet, every backup ever written and the root medium, or sheets
    alone."""
    week = Week.parse(desk.json("keys", "status", desk.home)["weeks"][0]["week"])
    envelope = desk.server.seal()
    early = desk.folder / "early.age"
    desk.backup().rename(early)
    original = desk.write(desk.server.submissions(envelope)).rename(desk.folder / "original.bundle")
    desk.do("import", desk.home, original)
    number = desk.server.last.number + 1 if desk.server.last else 1
    closed = desk.server.bundle((ItemType.WEEK_CLOSED, WeekClosed(week, number).to_bytes()))
    desk.do("import", desk.home, desk.write(closed))
    late = desk.backup()
    desk.do("keys", "retire", desk.home, "--week", str(week))
    for backup in (early, late, None):
        if backup is not None:
            _recover_and_restore(desk, backup, sheets)
        else:
            desk.do("recover", desk.folder / "new", "--root", desk.folder / "new-root", *_with_manifest(desk),
                    *_given(*sheets))  # fmt: skip
        _assert_opens_nothing(envelope, desk.folder / "new", _opened(sheets))
        desk.do("import", desk.folder / "new", original)
        (row,) = desk.json("list", desk.folder / "new")["submissions"]
        # The late backup has the case itself, as casework has; the early one and sheets alone have nothing of it.
        assert row["unopenable"] == (None if backup is late else "no key opens")
        _assert_opens_nothing(envelope, desk.folder / "new", _opened(sheets))
        shutil.rmtree(desk.folder / "new")
        shutil.rmtree(desk.folder / "new-root")


def _opened(sheets: list[Path]) -> bytes:
    collected = SheetSet()
    for path in sheets:
        lines = path.read_text(encoding="utf-8").splitlines()
        collected.add(Sheet.parse(" ".join(line for line in lines if not line.startswith("#"))))
    return collected.open().secret.seed


def _assert_opens_nothing(envelope: bytes, folder: Path, root_seed: bytes) -> None:
    """Every 32 bytes that come back are tried as the key."""
    backup_key = casebook_backup_key(RootSigningKey(root_seed), name="reviewer")
    own = reviewer_keys(backup_key, name="reviewer")
    seeds = [root_seed, backup_key.seed(), own.signing.seed(), own.transport.seed()]
    with open_home(folder, entry=SecretEntry(None)) as home:
        for name in home.keyring.names():
            assert not name.startswith(("intake", "sealed"))
            secret = home.keyring.secret(name)
            seeds += [secret[at : at + 32] for at in range(0, len(secret), 32)]
        assert PartyKeys.from_seeds("reviewer", home.party_keys().seeds()).transport.seed() in seeds
    path = folder.with_name("raw.age")
    path.write_bytes(envelope)
    with path.open("rb") as source, pytest.raises(NoKeyOpens):
        open_envelope(source, keys=[HybridSecretKey(seed) for seed in seeds], slots=4)
