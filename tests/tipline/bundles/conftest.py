"""A server with two reviewers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.organisation import Organisation
from tests.server import Server
from tests.tipline.bundles.carried import Reviewer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, Organisation(reviewers=2))
    made.organisation.issue(made.keys.party(), weeks=6)
    made.adopt()
    yield made
    made.store.close()


@pytest.fixture
def reviewers(server: Server) -> list[Reviewer]:
    return [Reviewer(keys, server) for keys in server.organisation.reviewers]
