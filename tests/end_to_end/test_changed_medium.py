"""A stick that gives other bytes when a bundle is read from it a second time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crypto.age.envelope import EnvelopeWriter
from crypto.keys.party import PartyKeys
from reviewer.exchange.take_in import FileImporter
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import FakeServer, file_of
from tests.reviewer.desk_stage import Desk

UNOPENABLE = bytes(range(256)) * 40


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.found()
    return made


@pytest.fixture
def other(desk: Desk) -> FakeServer:
    made = FakeServer("other")
    for server in (desk.server, made):
        desk.know_server(server)
    desk.issue()
    made.adopt(desk.folder / "manifest.json", desk.root / "root.pub")
    return made


def another_server(_desk: Desk, other: FakeServer) -> bytes:
    return file_of(other.submissions(other.seal()))


def the_next_bundle(desk: Desk, _other: FakeServer) -> bytes:
    return file_of(desk.server.submissions(desk.server.seal()))


def the_same_without_the_item(desk: Desk, _other: FakeServer) -> bytes:
    return file_of(desk.server.bundle_again(withheld=[0], sealing=1))


def one_for_somebody_else(_desk: Desk, _other: FakeServer) -> bytes:
    strangers = [PartyKeys.generate(f"stranger-{number}").transport.public_key() for number in range(4)]
    pieces: list[bytes] = []
    envelope = EnvelopeWriter(pieces.append, to=strangers)
    envelope.write(b"not for this reviewer")
    envelope.finish()
    return file_of(b"".join(pieces))


def nothing(_desk: Desk, _other: FakeServer) -> bytes:
    return file_of()


@pytest.mark.parametrize(
    "second", [another_server, the_next_bundle, the_same_without_the_item, one_for_somebody_else, nothing]
)
def test_of_a_medium_that_changes_between_two_readings_nothing_is_kept_and_the_place_stays(
    desk: Desk, other: FakeServer, second: Callable[[Desk, FakeServer], bytes]
) -> None:
    whole = file_of(desk.server.submissions(UNOPENABLE))
    swapped = second(desk, other)
    stick = desk.folder / "stick"
    stick.write_bytes(whole)

    def swap(_count: int) -> None:
        """The first reading goes on with the file that it has open."""
        fresh = desk.folder / "fresh"
        fresh.write_bytes(swapped)
        fresh.replace(stick)

    with open_home(desk.home, entry=SecretEntry(None)) as home:
        (refused,) = FileImporter(home, today=today(), progress=swap).read(stick).refusals
        assert refused.kind == "changed medium"
        assert home.casebook.servers.last_bundle(desk.server.keys.name) == 0
        assert home.casebook.awaited.all() == []
    assert list((desk.home / "unopened").iterdir()) == []
    stick.write_bytes(whole)
    desk.do("import", desk.home, stick)
    assert len(list((desk.home / "unopened").iterdir())) == 1
