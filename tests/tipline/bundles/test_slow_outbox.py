"""An outbox that comes slowly, or stops coming, does not keep others from theirs, and ends in time."""

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crypto.bundles.bundle import ItemType
from system.errors import ProgramError
from tests.server import Server
from tests.tipline.bundles.carried import Reviewer, a_reply, take_in
from tests.tipline.one_connection import NotedPatience, OneConnection
from tests.tipline.processes import eventually
from tests.tipline.served import status_of
from tipline.bundles.importer import BundleImporter, ImportResult
from tipline.errors import FolderInUse
from tipline.instance.folder import SiteFolder
from tipline.instance.open_site import OpenSite
from tipline.requests.timeouts import CLIENT_TIMEOUTS, PATIENCE_KEY, ClientTimeouts
from tipline.web.courier_site import CourierSite

SOON = ClientTimeouts(outbox=1.5)


class Standstill(io.BytesIO):
    """Stands still before its byte ``place``, while something else happens."""

    def __init__(self, content: bytes, place: int, meanwhile: Callable[[], object]) -> None:
        super().__init__(content)
        self._place = place
        self._meanwhile: Callable[[], object] | None = meanwhile

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= self._place and self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        return super().read(size)


def carry_in(server: Server, source: io.BytesIO, folder: SiteFolder | None = None) -> ImportResult:
    return BundleImporter(
        store=server.store, folder=folder or server.folder, policy=server.policy, clock=server.clock
    ).carry_in(source)


def _reply_of(reviewer: Reviewer) -> bytes:
    return reviewer.outbox((ItemType.REPLY, a_reply().to_bytes()))


@pytest.mark.parametrize("place", [0, 9, 13])
def test_an_outbox_of_which_no_bundle_has_begun_keeps_no_other_import_waiting(
    server: Server, reviewers: list[Reviewer], place: int
) -> None:
    first, second = (_reply_of(each) for each in reviewers)
    meanwhile: list[ImportResult] = []
    done = carry_in(server, Standstill(first, place, lambda: meanwhile.append(take_in(server, second))))
    assert [each.replies for each in (done, *meanwhile)] == [1, 1]
    assert len(server.store.replies.tags()) == 2


def test_an_outbox_that_was_taken_in_before_keeps_no_other_import_waiting(
    server: Server, reviewers: list[Reviewer]
) -> None:
    first, second = (_reply_of(each) for each in reviewers)
    take_in(server, first)
    meanwhile: list[ImportResult] = []
    near_its_end = len(first) - 5
    done = carry_in(server, Standstill(first, near_its_end, lambda: meanwhile.append(take_in(server, second))))
    assert (done.repeated, meanwhile[0].replies) == (1, 1)


def test_a_bundle_that_is_being_taken_in_is_alone(server: Server, reviewers: list[Reviewer]) -> None:
    first = reviewers[0].outbox(*[(ItemType.REPLY, a_reply().to_bytes()) for _ in range(3)])
    second = _reply_of(reviewers[1])
    refused: list[FolderInUse] = []

    def meanwhile() -> None:
        with pytest.raises(FolderInUse) as caught:
            take_in(server, second)
        refused.append(caught.value)

    assert carry_in(server, Standstill(first, len(first) // 2, meanwhile)).replies == 3
    assert len(refused) == 1
    assert take_in(server, second).replies == 1


class ComesLater(SiteFolder):
    """Another import is done in the moment before the lock is had for a bundle."""

    meanwhile: Callable[[], object] | None = None
    asked = 0

    @contextlib.contextmanager
    def hold_for_import(self) -> Iterator[None]:
        self.asked += 1
        if self.asked == 2 and self.meanwhile is not None:
            self.meanwhile()
        with super().hold_for_import():
            yield


def test_the_same_outbox_by_two_couriers_is_taken_in_once(server: Server, reviewers: list[Reviewer]) -> None:
    outbox = _reply_of(reviewers[0])
    folder = ComesLater(server.folder.path)
    folder.meanwhile = lambda: take_in(server, outbox)
    done = carry_in(server, io.BytesIO(outbox), folder)
    assert (done.bundles, done.repeated) == (0, 1)
    assert len(server.store.replies.tags()) == 1


def test_a_reviewer_who_was_removed_before_the_lock_was_had_is_not_heard(
    server: Server, reviewers: list[Reviewer]
) -> None:
    outbox = _reply_of(reviewers[1])
    del server.organisation.reviewers[1]
    server.organisation.issue(server.keys.party(), weeks=6)
    folder = ComesLater(server.folder.path)
    folder.meanwhile = lambda: server.adopt(first=1)
    with pytest.raises(ProgramError, match="nothing in this file"):
        carry_in(server, io.BytesIO(outbox), folder)
    assert server.store.replies.tags() == []


@pytest.mark.parametrize(
    "is_over", [OneConnection.is_over, OneConnection.is_over_though_bytes_come], ids=["silent", "trickling"]
)
@pytest.mark.parametrize("begun_bytes", [20, 3000], ids=["hardly begun", "within a bundle"])
def test_an_outbox_ends_in_time_however_slowly_it_comes_and_the_next_is_taken_in(
    server: Server,
    reviewers: list[Reviewer],
    is_over: Callable[[OneConnection], bool],
    begun_bytes: int,
) -> None:
    site = CourierSite(OpenSite(server.folder, server.store, server.policy, server.clock))
    outbox = _reply_of(reviewers[0])
    with OneConnection(site, "/outbox", outbox[:begun_bytes], length=len(outbox), timeouts=SOON) as courier:
        assert eventually(lambda: is_over(courier), seconds=30)
        answer = courier.answer()
    assert status_of(answer) == 409
    assert b"tipline import" in answer
    assert take_in(server, outbox).replies == 1


def test_whoever_waits_for_the_courier_is_told_how_long_that_may_be(
    server: Server, reviewers: list[Reviewer]
) -> None:
    site = CourierSite(OpenSite(server.folder, server.store, server.policy, server.clock))
    outbox = _reply_of(reviewers[0])
    patience = NotedPatience()
    environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": "/outbox", PATIENCE_KEY: patience}
    environ |= {"CONTENT_LENGTH": str(len(outbox)), "wsgi.input": io.BytesIO(outbox)}
    answer = site(environ, lambda *_: lambda _: None)
    assert patience.told == [CLIENT_TIMEOUTS.outbox]
    assert b'"bundles": 1' in b"".join(answer)
