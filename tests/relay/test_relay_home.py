"""The folder of a relay: what is taken from a stick, and what is refused."""

import datetime as dt
import errno
from itertools import count
from pathlib import Path

import pytest

from crypto.beacon.kept_parts import join_parts, split_parts
from crypto.beacon.relay_file import RelayFile, RelayFilePublicKey, seal_relay_file
from crypto.keys import minisign
from crypto.keys.keys import DutySecretKey, PartySigningKey
from onion.service_key import ServiceKey
from relay.commands import main
from relay.home import FILE_PUBLIC, RelayHome, RelayRefused
from relay.pipe_radio import PipeRadio
from relay.program import RelayProgram, RelayReport
from system.atomic_files import whole_file
from tests.organisation import TODAY, Organisation
from tests.relay.place_of_tests import DUTY_PUBLIC, MARK_KEY, NOON, SECRETS, WEEK
from tests.steps import ends_at_line, failing_step

ADDRESS = ServiceKey.make().address


class Box:
    """A relay's computer, and the air-gapped machine that makes its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.organisation = Organisation()
        self.organisation.issue()
        self.root = folder / "root.pub"
        self.root.write_bytes(minisign.public_key_file(self.organisation.root.verify_key()))
        self.home = RelayHome(folder / "relay")
        self.home.set_up(root_file=self.root, network=None)
        self.home.set_address(ADDRESS)

    def manifest(self, name: str = "manifest.json") -> Path:
        path, newest = self.folder / name, self.organisation.issued[-1]
        path.write_bytes(newest.raw)
        path.with_name(f"{name}.minisig").write_bytes(newest.signature)
        return path

    def relay_file(
        self,
        *,
        number: int = 3,
        days: int = 10,
        first: dt.date = TODAY,
        key: PartySigningKey | None = None,
        made: int = NOON,
    ) -> Path:
        marks = tuple(MARK_KEY.mark_of(first + dt.timedelta(days=place)) for place in range(days))
        made = RelayFile(number, SECRETS[3], (DUTY_PUBLIC[0], DUTY_PUBLIC[1]), first, marks, made)
        to = RelayFilePublicKey.parse((self.home.folder / FILE_PUBLIC).read_text().strip())
        path = self.folder / f"relay-file-{len(list(self.folder.iterdir()))}"
        path.write_bytes(seal_relay_file(made, key=key or self.organisation.reviewers[0].signing, to=to))
        return path


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_marks_come_from_the_relay_file_and_intake_keys_from_the_manifest(box: Box) -> None:
    assert box.home.papers() is None
    papers = box.home.take([box.relay_file(), box.manifest()], today=TODAY)
    assert papers.relay_file.number == 3
    again = box.home.papers()
    assert again is not None
    keys = again.keys()
    assert keys.mark_days_left(TODAY) == 10
    assert list(keys.intake_on(TODAY)) == sorted(box.organisation.public_keys(WEEK), key=lambda key: key.to_bytes())
    assert keys.intake_days_left(TODAY) > 10
    assert again.identity().duty == (DUTY_PUBLIC[0], DUTY_PUBLIC[1])


def test_what_is_not_for_this_relay_or_older_is_refused_and_changes_nothing(box: Box) -> None:
    box.home.take([box.manifest(), box.relay_file()], today=TODAY)
    before = box.home.stamp()
    stranger = Organisation()
    stranger.issue()
    mine, box.organisation = box.organisation, stranger
    foreign = box.manifest("foreign.json")
    box.organisation = mine
    for files, reason in (
        ([foreign, box.relay_file()], "is no manifest for this relay"),
        ([box.relay_file(key=PartySigningKey.generate())], "signed by a reviewer"),
        ([box.relay_file(number=5)], "this relay is number 3"),
        ([box.relay_file(days=5)], "reaches further: to 2026-12-04"),
        ([box.relay_file(made=NOON - 1)], "was made later"),
        ([box.root], "is no relay file"),
        ([box.manifest(), box.manifest("again.json")], "one manifest"),
        ([box.folder / "none"], "cannot read"),
    ):
        with pytest.raises(RelayRefused, match=reason):
            box.home.take(files, today=TODAY)
        assert box.home.stamp() == before
    with pytest.raises(RelayRefused, match="marks up to"):
        box.home.take([box.relay_file()], today=TODAY + dt.timedelta(days=10))
    assert box.home.stamp() == before


def test_a_later_manifest_or_relay_file_is_taken_alone_and_an_older_manifest_is_not(box: Box) -> None:
    box.home.take([box.manifest(), box.relay_file()], today=TODAY)
    old = box.manifest("old.json")
    box.organisation.issue(weeks=5)
    assert box.home.take([box.manifest()], today=TODAY).manifest.version == 2
    papers = box.home.take([box.relay_file(days=12)], today=TODAY)
    assert (papers.manifest.version, papers.keys().mark_days_left(TODAY)) == (2, 12)
    with pytest.raises(RelayRefused, match="older"):
        box.home.take([old], today=TODAY)


def test_a_relay_posts_to_the_duty_machines_of_the_manifest_only_where_it_names_them(box: Box) -> None:
    box.organisation.issue(duty=DUTY_PUBLIC[::-1])
    papers = box.home.take([box.manifest(), box.relay_file()], today=TODAY)
    assert set(papers.identity().duty) == set(papers.manifest.manifest.duty) == set(DUTY_PUBLIC)
    other = DutySecretKey.generate().public_key()
    box.organisation.issue(duty=[DUTY_PUBLIC[0], other])
    before = box.home.stamp()
    for files in ([box.manifest()], [box.manifest(), box.relay_file()]):
        with pytest.raises(RelayRefused, match="other duty keys than manifest 3"):
            box.home.take(files, today=TODAY)
    assert box.home.stamp() == before


def test_damaged_files_of_a_relay_are_replaced_by_those_that_are_brought(box: Box) -> None:
    box.home.take([box.manifest(), box.relay_file()], today=TODAY)
    kept = box.home.folder / "papers.json"
    parts = split_parts(kept.read_bytes())
    for damaged in (parts | {"relay file": b"{}"}, parts | {"manifest": b"{}"}, {"manifest": b"{}"}, None):
        if damaged is None:
            kept.write_bytes(b"[1]")
        else:
            kept.write_bytes(join_parts(damaged))
        with pytest.raises(RelayRefused, match="cannot be read"):
            box.home.papers()
        box.home.take([box.manifest(), box.relay_file()], today=TODAY)
        assert box.home.papers() is not None
    with failing_step(Path, "read_bytes", OSError(errno.EIO, "card"), when=lambda path: path == kept):
        with pytest.raises(RelayRefused, match="comes with a relay file"):
            box.home.take([box.manifest()], today=TODAY)
        papers = box.home.take([box.manifest(), box.relay_file(days=12)], today=TODAY)
    assert papers.keys().mark_days_left(TODAY) == 12


def test_a_relay_whose_power_is_cut_while_it_takes_files_has_both_of_before_or_both_new_ones(box: Box) -> None:
    box.home.take([box.manifest(), box.relay_file()], today=TODAY)
    box.organisation.issue(weeks=5)
    brought = [box.manifest(), box.relay_file(days=12)]
    kept = box.home.folder / "papers.json"
    held = [kept.read_bytes()]
    for step in count():
        is_done = ends_at_line(step, lambda: box.home.take(brought, today=TODAY), of=whole_file)
        if kept.read_bytes() != held[-1]:
            held.append(kept.read_bytes())
        if is_done:
            break
    assert step > len(held) == 2
    papers = box.home.papers()
    assert papers is not None
    assert (papers.manifest.version, papers.keys().mark_days_left(TODAY)) == (2, 12)


def test_a_relay_is_set_up_once_and_runs_only_after_its_first_files(box: Box) -> None:
    with pytest.raises(RelayRefused, match="already"):
        box.home.set_up(root_file=box.root, network=None)
    other = RelayHome(box.folder / "other")
    with pytest.raises(RelayRefused, match="address"):
        box.home.set_address("example.org")
    with pytest.raises(RelayRefused, match="is not a root key"):
        other.set_up(root_file=box.home.folder / FILE_PUBLIC, network=None)
    with pytest.raises(RelayRefused, match="is not the folder of a relay"):
        other.settings()
    other.set_up(root_file=box.root, network=None)
    with pytest.raises(RelayRefused, match="no address yet"):
        RelayProgram(other, PipeRadio(0), report=print)
    with pytest.raises(RelayRefused, match="no relay file yet"):
        RelayProgram(box.home, PipeRadio(0), report=print)
    with pytest.raises(RelayRefused, match="comes with a manifest"):
        box.home.take([box.relay_file()], today=TODAY)
    with pytest.raises(RelayRefused, match="comes with a relay file"):
        box.home.take([box.manifest()], today=TODAY)
    assert 0 <= box.home.settings().phase < 1


def test_the_status_names_alarms_and_never_what_was_heard(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(box.home.folder)
    assert main(["status", home]) == 1
    assert "does not run" in capsys.readouterr().out
    box.home.take([box.manifest(), box.relay_file()], today=TODAY)
    radio = PipeRadio(0)
    state = RelayProgram(box.home, radio, report=print).state()
    assert "deaf" in state.alarms
    state.keep(box.home.folder)
    assert RelayReport.load(box.home.folder) == state
    assert main(["status", home]) == 1
    said = capsys.readouterr().out
    assert "relay        3" in said
    assert "deaf" in said
    assert set(state.__slots__) == {
        *("relay", "at", "alarms", "trouble", "mark_days", "intake_days"),
    }
    assert main(["status", str(box.folder)]) == 1
    assert "is not the folder of a relay" in capsys.readouterr().err
