"""The folder of a duty machine: keys, files from sticks, copies for the casebook, and its end."""

import datetime as dt
import json
import resource
import signal
from pathlib import Path, PosixPath

import pytest

from crypto.beacon.kept_parts import join_parts, split_parts
from crypto.beacon.relay_post import COPY_BYTES
from crypto.beacon.week_file import seal_week
from crypto.keys.keys import DutyPublicKey, DutySecretKey, PartySigningKey
from duty.commands import main
from duty.copies import add_copy, carry_copies, count_copies, wipe_home
from duty.home import DUTY_PUBLIC, DutyHome
from duty.ledger import append_durably
from duty.line import FetchPlace
from duty.papers import DutyRefused
from tests.duty.duty_place import Office
from tests.organisation import TODAY
from tests.relay.place_of_tests import NOON, WEEK, week_file


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.made_ready(tmp_path)


def test_week_files_are_taken_after_the_manifest_and_a_bad_one_changes_nothing(office: Office) -> None:
    home = office.homes[1]
    week = office.sealed_week()
    empty = Office(office.folder / "empty")
    with pytest.raises(DutyRefused, match="comes with a manifest"):
        empty.homes[1].take([empty.sealed_week()], today=TODAY)
    assert [one.week for one in home.take([week, office.manifest_file()], today=TODAY)] == [WEEK]
    assert [one.week for one in home.weeks()] == [WEEK]
    before = home.stamp()
    stranger = office.folder / "stranger"
    to = [office.homes[number].keys()[0].public_key() for number in (1, 2)]
    stranger.write_bytes(seal_week(week_file(), key=PartySigningKey.generate(), to=to))
    (office.folder / "cut").write_bytes(week.read_bytes()[:-1])
    other_root = Office(office.folder / "other").manifest_file()
    for files, reason in (
        ([week, stranger], "signed by a reviewer"),
        ([office.folder / "cut"], "is no week file"),
        ([other_root, week], "is no manifest"),
        ([office.folder / "none"], "cannot read"),
    ):
        with pytest.raises(DutyRefused, match=reason):
            home.take(files, today=TODAY)
        assert home.stamp() == before
    with pytest.raises(DutyRefused, match="is over"):
        home.take([week], today=WEEK.last_day + dt.timedelta(days=1))
    assert [one.week for one in home.weeks()] == [WEEK]


def test_a_week_file_that_was_made_before_the_one_that_is_here_brings_no_removed_relay_back(office: Office) -> None:
    home = office.homes[1]
    before = office.sealed_week(name="before")
    later = office.sealed_week(week_file(far=(), made=NOON), name="later")
    for files in ([later, before], [before]):
        if files == [before]:
            home.take([later], today=TODAY)
        with pytest.raises(DutyRefused, match="was made before the file of 2026-W48"):
            home.take(files, today=TODAY)
    home.take([later], today=TODAY)
    assert [[row.number for row in one.relays] for one in home.weeks()] == [[3, 5]]


def test_a_manifest_that_names_other_duty_machines_is_refused_and_one_that_names_this_machine_is_taken(
    office: Office,
) -> None:
    home = office.homes[1]
    own, other = (office.homes[number].keys()[0].public_key() for number in (1, 2))
    office.manifest = office.organisation.issue(duty=[own, other])
    home.take([office.manifest_file()], today=TODAY)
    before = home.stamp()
    office.manifest = office.organisation.issue(duty=[other, DutySecretKey.generate().public_key()])
    with pytest.raises(DutyRefused, match="keys of other duty machines"):
        home.take([office.manifest_file()], today=TODAY)
    assert home.stamp() == before
    home.take([office.sealed_week()], today=TODAY)


def test_damaged_files_are_replaced_by_those_that_are_brought(office: Office) -> None:
    home = office.homes[1]
    kept = home.folder / "papers.json"
    parts = split_parts(kept.read_bytes())
    for damaged, reason in ((parts | {"manifest": b"{}"}, "is damaged"), ({"week": b""}, "cannot be read")):
        kept.write_bytes(join_parts(damaged))
        with pytest.raises(DutyRefused, match=reason):
            home.weeks()
        with pytest.raises(DutyRefused, match=reason):
            home.take([office.sealed_week()], today=TODAY)
        weeks = [] if reason == "is damaged" else [office.sealed_week()]
        home.take([office.manifest_file(), *weeks], today=TODAY)
        assert [one.week for one in home.weeks()] == [WEEK]


def test_both_machines_show_the_same_words_and_a_key_is_not_paired_with_itself(office: Office) -> None:
    first, second = (office.homes[number] for number in (1, 2))
    own, other = first.pair(second.folder / DUTY_PUBLIC)
    assert second.pair(first.folder / DUTY_PUBLIC) == (other, own)
    assert own != other
    assert len(own.split()) == 7
    with pytest.raises(DutyRefused, match="key of this machine"):
        first.pair(first.folder / DUTY_PUBLIC)
    (office.folder / "nonsense").write_text("age1pq1nonsense\n")
    with pytest.raises(DutyRefused, match="begins with age1pq1"):
        first.pair(office.folder / "nonsense")


def test_the_key_before_the_renewed_one_still_opens_and_the_one_before_that_is_gone(office: Office) -> None:
    home = office.homes[1]
    oldest = home.keys()[0].public_key()
    home.renew_key()
    assert home.keys()[1].public_key() == oldest
    assert len(home.weeks()) == 1
    home.renew_key()
    assert oldest not in {one.public_key() for one in home.keys()}  # noqa: SIM118 -- it is no dictionary
    assert home.weeks() == []
    said = (home.folder / DUTY_PUBLIC).read_text().strip()
    assert DutyPublicKey.parse(said) == home.keys()[0].public_key()


def test_a_folder_is_set_up_once_and_with_a_real_address_and_root_key(office: Office) -> None:
    root = office.folder / "root.pub"
    with pytest.raises(DutyRefused, match="already"):
        office.homes[1].set_up(machine=1, root_file=root, network=None)
    other = DutyHome(office.folder / "new")
    home_key = office.homes[1].folder / DUTY_PUBLIC
    with pytest.raises(DutyRefused, match="address"):
        office.homes[1].set_address("example.org")
    with pytest.raises(DutyRefused, match="is not a root key"):
        other.set_up(machine=1, root_file=home_key, network=None)
    with pytest.raises(DutyRefused, match="is not the folder"):
        other.settings()
    with office.homes[1].running(), pytest.raises(DutyRefused, match="a desk runs"), office.homes[1].running():
        pass


def test_copies_are_carried_whole_and_once_also_after_a_crash_in_the_middle_of_one(office: Office) -> None:
    folder, out = office.homes[1].folder, office.folder / "out"
    with pytest.raises(DutyRefused, match="no copies"):
        carry_copies(folder, out)
    add_copy(folder, b"1" * COPY_BYTES)
    (folder / "copies" / ".cut.1.part").write_bytes(b"cut")
    add_copy(folder, b"2" * COPY_BYTES)
    assert count_copies(folder) == 2
    out.write_bytes(b"mine")
    with pytest.raises(DutyRefused, match="is there already"):
        carry_copies(folder, out)
    assert carry_copies(folder, office.folder / "copies") == 2
    assert sorted((office.folder / "copies").read_bytes()) == list(b"1" * COPY_BYTES + b"2" * COPY_BYTES)
    assert count_copies(folder) == 0


def public_keys(home: DutyHome) -> list[DutyPublicKey]:
    return [key.public_key() for key in home.keys()]  # noqa: SIM118 -- it is no dictionary


class SlowStick(PosixPath):
    """A file on a stick: while the command looks at it, the desk keeps another copy."""

    desk = Path()

    def exists(self, **options: bool) -> bool:
        add_copy(SlowStick.desk, b"3" * COPY_BYTES)
        return super().exists(**options)


def test_the_desk_keeps_copies_while_others_are_being_carried_and_none_is_lost(office: Office) -> None:
    SlowStick.desk = office.homes[1].folder
    add_copy(SlowStick.desk, b"1" * COPY_BYTES)
    assert carry_copies(SlowStick.desk, SlowStick(office.folder / "stick")) == 1
    assert (office.folder / "stick").read_bytes() == b"1" * COPY_BYTES
    (left,) = (SlowStick.desk / "copies").iterdir()
    assert set(left.read_bytes()) == {ord("3")}
    # A file has no more copies than the air-gapped machine takes.
    add_copy(SlowStick.desk, b"4" * COPY_BYTES)
    before = count_copies(SlowStick.desk)
    assert carry_copies(SlowStick.desk, office.folder / "next", most=1) == 1
    assert count_copies(SlowStick.desk) == before - 1


def test_a_key_is_not_renewed_twice_in_three_days(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    home = office.homes[1]
    assert main(["renew", str(home.folder)]) == 0
    before = public_keys(home)
    assert main(["renew", str(home.folder)]) == 1
    assert "relays may still post to the one before" in capsys.readouterr().err
    assert public_keys(home) == before
    assert main(["renew", str(home.folder), "--again"]) == 0
    assert before[1] not in public_keys(home)


def test_the_status_says_that_nothing_was_fetched_until_a_desk_has_kept_the_place_of_a_fetch(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # no program of a sound system
    folder, said = office.homes[1].folder, []
    for kept in (FetchPlace("", 5), FetchPlace("", 5, 7, 9), FetchPlace()):
        assert main(["status", str(folder), "--json"]) == 1
        told = json.loads(capsys.readouterr().out)
        said.append((told["paired"], told["sound"], told["fetched"]))
        kept.keep(folder / "place.json")
    # While older posts wait at the server, not all was fetched.
    assert said == [(True, False, False), (True, False, True), (True, False, False)]


def test_a_disk_that_takes_a_part_of_a_line_says_so_and_keeps_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    append_durably(path, b"first\n", at=0)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # A limit on the size of files cuts a write short, as a disk that becomes full does.
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OSError, match="No space"):
            append_durably(path, b"second line\n", at=6)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, previous)
    append_durably(path, b"third\n", at=6)
    assert path.read_bytes() == b"first\nthird\n"


def test_a_wiped_folder_is_gone_and_its_files_were_written_over_first(office: Office) -> None:
    home = office.homes[1]
    secret = home.folder / "keys" / "000001.key"
    other_name = office.folder / "another-name-of-it"
    other_name.hardlink_to(secret)
    wipe_home(home.folder)
    assert not home.folder.exists()
    assert not any(other_name.read_bytes())
