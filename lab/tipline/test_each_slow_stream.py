"""Slow streams of one kind fill all connections: a newcomer is served, and an upload that moves completes."""

import pytest

from tests.tipline.circuit_site import Site
from tests.tipline.served import ServedFolder
from tests.tipline.web.test_slow_streams import KINDS, all_is_served_beside, served, site  # noqa: F401 -- fixtures


@pytest.mark.parametrize("kind", KINDS)
def test_a_newcomer_is_served_and_a_slow_upload_completes_beside_slow_streams_of_one_kind(
    site: Site,  # noqa: F811 -- the fixture
    served: ServedFolder,  # noqa: F811 -- the fixture
    kind: str,
) -> None:
    all_is_served_beside(site, served, [kind])
