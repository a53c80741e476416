"""One submission that the disk has harmed, and the couriers' service: it holds back no other, and comes later."""

from pathlib import Path
from typing import Any

from lab.journeys.test_hidden_items import on_a_bad_disk
from tests.end_to_end.line import Line
from tests.end_to_end.put_back import put_back, save
from tests.end_to_end.real_server import RealServer
from tests.end_to_end.test_two_reviewers import _texts
from tests.reviewer.desk_stage import Desk
from tipline.bundles.manifest_update import read_run
from tipline.bundles.withheld_items import withheld_items
from tipline.instance.open_site import OpenSite
from tipline.operations.site_status import SiteStatus
from tipline.store.events import Event
from tipline.web.courier_site import CourierSite


def _site(server: RealServer) -> OpenSite:
    return OpenSite(server.folder, server.store, server.policy, server.clock)


def pulled(server: RealServer) -> bytes:
    """The file that a courier fetches."""
    pieces: list[bytes] = []
    told: list[str] = []

    def start_response(status: str, _headers: object, *_: object) -> Any:
        told.append(status)
        return pieces.append

    rest = CourierSite(_site(server))({"REQUEST_METHOD": "GET", "PATH_INFO": "/bundles"}, start_response)
    assert told == ["200 OK"]
    return b"".join([*pieces, *rest])


def test_after_a_restore_it_goes_by_the_numbers_of_the_new_stream_and_none_before(
    line: Line, tmp_path: Path
) -> None:
    """A backup holds the bytes as the disk gives them; where they were whole, nothing is withheld any more."""
    server, died = line.servers[0], tmp_path / "server.backup"
    for text in ("in bundle 1", "harmed, in bundle 2"):
        server.receive(text)
        server.export()
    (harmed,) = (each for each in server.store.submissions.waiting() if _bundle(server, each.sha256) == 2)
    with on_a_bad_disk(server, harmed.submission):
        server.export()
        assert [one.bundle for one in withheld_items(server.store)] == [2]
        save(server, died)
    put_back(server, died, tmp_path / "again")
    server.adopt(read_run(line.first.folder / "manifest.json"))
    assert withheld_items(server.store) == []
    server.export()
    assert [(one.bundle, one.sha256) for one in withheld_items(server.store)] == [(1, harmed.sha256)]


def _bundle(server: RealServer, sha256: bytes) -> int | None:
    return server.store.outgoing.bundle_of(sha256)


def brought(reviewer: Desk, file: bytes) -> None:
    stick = reviewer.folder / "stick"
    stick.write_bytes(file)
    reviewer.do("import", reviewer.home, stick)


def test_it_stops_no_courier_is_named_and_comes_when_the_disk_is_well_again(line: Line) -> None:
    server = line.servers[0]
    server.folder.database_key.write_bytes(b"protected")  # status asks whether it is
    server.receive("harmed")
    server.export()  # in a bundle of its own
    (harmed,) = server.store.submissions.waiting()
    with on_a_bad_disk(server, harmed.submission):
        for day in range(3):
            server.receive(f"later {day}")
            exported = pulled(server)
            for one in (line.first, line.second):
                brought(one, exported)
                assert "item 1 of bundle 1 of server server" in one.err
                one.backup()
                line.carry_in(one)
        for one in (line.first, line.second):
            assert _texts(one) == ["later 0", "later 1", "later 2"]
        assert line.waiting() == [1, 0], "both have all others, and the server lets go of them"
        status = SiteStatus.of(_site(server))
        assert status.withheld == [f"item 1 of bundle 1 (submission {harmed.sha256.hex()[:12]})"]
        assert any("is damaged on this disk" in warning for warning in status.warnings())
        assert any(trouble.startswith(Event.SUBMISSION_WITHHELD) for trouble in status.troubles)
    exported = pulled(server)
    for one in (line.first, line.second):
        brought(one, exported)
        assert _texts(one) == ["harmed", "later 0", "later 1", "later 2"]
    assert SiteStatus.of(_site(server)).withheld == []
