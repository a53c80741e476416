"""A restored server answers a courier, who has no part in any of its decisions."""

import io
import json
from typing import Any

import pytest

from tests.server import Server
from tests.tipline.bundles.carried import Reviewer, export, take_in
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.instance.open_site import OpenSite
from tipline.web.courier_site import CourierSite


def ask(
    server: Server, method: str, path: str, *, query: str = "", body: bytes = b""
) -> tuple[str, dict[str, Any]]:
    """Status and JSON of what a courier asks."""
    site = CourierSite(OpenSite(server.folder, server.store, server.policy, server.clock))
    said: list[str] = []

    def start_response(status: str, _headers: object, _error: object = None) -> Any:
        said.append(status)
        return lambda _piece: None

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    answer = b"".join(site(environ, start_response))
    return said[0], json.loads(answer)


@pytest.fixture
def put_back(server: Server) -> Server:
    server.folder.database_key.write_text("status only looks whether it has a passphrase")
    server.folder.manifest_version.unlink()  # all that a backup does not bring back
    return server


def test_a_courier_fetches_nothing_before_a_person_has_adopted_a_manifest(put_back: Server) -> None:
    status, told = ask(put_back, "GET", "/bundles")
    assert status.startswith("409")
    assert "was restored from a backup" in told["error"]
    assert "tipline manifest DIR FILE --version N" in told["hint"]
    assert ask(put_back, "GET", "/status")[1]["intake_open"] is False


def test_a_courier_accepts_no_reviewer_of_a_restored_server_and_is_told_where_it_is_done(
    put_back: Server, reviewers: list[Reviewer]
) -> None:
    put_back.adopt()
    put_back.keep(b"sealed")
    reviewers[0].read(export(put_back))
    outbox = reviewers[0].receipt()
    assert reviewers[0].last is not None
    name = f"reviewer-1:{reviewers[0].last.stream.hex()}"
    status, told = ask(put_back, "POST", "/outbox", body=outbox)
    assert (status, told["deleted"], told["to_accept"]) == ("200 OK", 0, name)
    status, told = ask(put_back, "POST", "/outbox", query=f"accept={name}", body=outbox)
    assert status.startswith("409")
    assert told["hint"].endswith(f"tipline import DIR FILE --accept-stream {name}")
    assert ask(put_back, "GET", "/status")[1]["reviewers_to_accept"] == ["reviewer-1", "reviewer-2"]
    take_in(put_back, outbox, ConfirmedStream.parse(name))
    assert ask(put_back, "GET", "/status")[1]["reviewers_to_accept"] == ["reviewer-2"]
