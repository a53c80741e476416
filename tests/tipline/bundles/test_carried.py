"""A server that has deleted everything still tells which bundles were carried."""

import secrets
from pathlib import Path

from lab.forensics.seize import seize_with_key
from tests.organisation import Organisation
from tests.server import KEY, Server
from tests.tipline.bundles.carried import Reviewer, export, take_in


def test_of_what_was_carried_and_deleted_number_and_sizes_are_told_by_the_statements(tmp_path: Path) -> None:
    server = Server(tmp_path, Organisation(reviewers=1))
    server.organisation.issue(server.keys.party(), weeks=6)
    server.adopt()
    (reviewer,) = (Reviewer(keys, server) for keys in server.organisation.reviewers)
    for length in (72_000, 72_000, 90_000):
        server.keep(secrets.token_bytes(length))
    exported = export(server)
    reviewer.read(exported)
    take_in(server, reviewer.receipt())
    server.store.close()
    told = seize_with_key(tmp_path, KEY)
    assert told["number of envelopes"] == told["size classes"] == told["receipts of reviewers by day"] == {}
    assert told["envelopes ever carried, by bundle"] == {1: {72_000: 2, 90_000: 1}}
