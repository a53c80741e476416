"""When a server may receive, and when it must not."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.keys.party import PartyKeys
from crypto.primitives.week import Week
from tests.organisation import TODAY, Organisation
from tests.server import Server
from tipline.errors import ManifestRefused
from tipline.instance.intake_status import ClosedReason, IntakeClosed


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, Organisation())
    yield made
    made.store.close()


def closed_because(server: Server) -> ClosedReason:
    with pytest.raises(IntakeClosed) as caught:
        server.policy.intake()
    return caught.value.reason


def test_a_good_manifest_opens_intake_with_the_keys_of_this_week(server: Server) -> None:
    issued = server.organisation.issue(server.keys.party())
    server.adopt()
    intake = server.policy.intake()
    assert intake.week == Week.of(TODAY)
    assert set(intake.keys) == set(server.organisation.public_keys(intake.week))
    assert (intake.manifest_sha256, intake.manifest_version) == (issued.sha256, 1)


def test_without_a_manifest_intake_is_closed(server: Server) -> None:
    assert closed_because(server) is ClosedReason.NO_MANIFEST


def test_an_expired_manifest_closes_intake(server: Server) -> None:
    server.organisation.issue(server.keys.party(), valid_days=5)
    server.adopt()
    server.clock.day = TODAY + dt.timedelta(days=6)
    assert closed_because(server) is ClosedReason.EXPIRED


def test_keys_that_ran_out_close_intake(server: Server) -> None:
    server.organisation.issue(server.keys.party(), weeks=1)
    server.adopt()
    server.clock.day = TODAY + dt.timedelta(days=14)
    assert closed_because(server) is ClosedReason.NO_KEY_FOR_TODAY


def test_a_clock_set_back_closes_intake(server: Server) -> None:
    server.organisation.issue(server.keys.party())
    server.adopt()
    server.clock.day = TODAY - dt.timedelta(days=30)
    assert closed_because(server) is ClosedReason.CLOCK_WRONG


def test_a_manifest_without_this_server_closes_intake(server: Server) -> None:
    server.organisation.issue(server.keys.party())
    server.adopt()
    server.organisation.issue()
    server.adopt()
    assert closed_because(server) is ClosedReason.NOT_LISTED


def test_a_manifest_with_another_server_of_the_same_name_closes_intake(server: Server) -> None:
    server.organisation.issue(server.keys.party())
    server.adopt()
    server.organisation.issue(PartyKeys.generate(server.keys.name).party())
    server.adopt()
    assert closed_because(server) is ClosedReason.NOT_LISTED


def test_a_database_put_back_closes_intake(server: Server) -> None:
    server.organisation.issue(server.keys.party())
    server.adopt()
    server.folder.manifest_version.write_bytes(b"2\n")
    assert closed_because(server) is ClosedReason.ROLLED_BACK


def test_a_missing_version_file_closes_intake_until_the_manifest_is_adopted_again(server: Server) -> None:
    server.organisation.issue(server.keys.party())
    server.adopt()
    server.folder.manifest_version.unlink()
    assert closed_because(server) is ClosedReason.ROLLED_BACK
    server.adopt()
    assert server.policy.intake().manifest_version == 1


def test_a_week_signed_closed_is_never_sealed_to_again_whatever_the_clock_says(server: Server) -> None:
    server.organisation.issue(server.keys.party())
    server.adopt()
    with server.store._small.transaction() as small:
        small.execute("INSERT INTO statements VALUES (1, x'00', zeroblob(64))")
        small.execute("INSERT INTO closed_weeks (week, bundle) VALUES (?, 1)", (str(Week.of(TODAY)),))
    assert closed_because(server) is ClosedReason.WEEK_CLOSED


def test_a_manifest_signed_by_another_root_is_refused(server: Server) -> None:
    server.organisation = Organisation()
    server.organisation.issue(server.keys.party())
    with pytest.raises(ManifestRefused):
        server.adopt()
    assert closed_because(server) is ClosedReason.NO_MANIFEST


def test_a_manifest_swapped_inside_the_store_closes_intake(server: Server) -> None:
    server.organisation.issue(server.keys.party())
    server.adopt()
    other = Organisation().issue(server.keys.party())
    with server.store._small.transaction() as small:
        small.execute(
            "UPDATE manifests SET raw = ?, signature = ?, sha256 = ?", (other.raw, other.signature, other.sha256)
        )
    assert closed_because(server) is ClosedReason.BAD_MANIFEST


def test_an_older_manifest_is_refused_and_the_newer_one_stays(server: Server) -> None:
    server.organisation.issue(server.keys.party())
    server.organisation.issue(server.keys.party())
    server.adopt()
    newest = server.organisation.issued.pop()
    with pytest.raises(ManifestRefused):
        server.adopt()
    assert server.policy.manifest().sha256 == newest.sha256


def test_a_gap_in_the_chain_is_refused_and_the_whole_chain_adopted(server: Server) -> None:
    server.organisation.issue(server.keys.party())
    server.adopt()
    server.organisation.issue(server.keys.party())
    server.organisation.issue(server.keys.party())
    with pytest.raises(ManifestRefused):
        server.adopt(first=2)
    assert server.policy.intake().manifest_version == 1
    server.adopt(first=1)
    assert server.policy.intake().manifest_version == 3


def test_a_first_manifest_must_list_this_server(server: Server) -> None:
    server.organisation.issue()
    with pytest.raises(ManifestRefused):
        server.adopt()
    assert closed_because(server) is ClosedReason.NO_MANIFEST
