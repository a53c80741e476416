"""Anyone who is turned away for now is told when to come again, by a header too."""

import pytest

from tests.tipline.site_stage import Stage
from tipline.pages.statuses import status_of
from tipline.pages.views.page import refused_page, status_page
from tipline.pages.views.start import form_again
from tipline.requests.refusals import Reason, Refused


@pytest.mark.parametrize("reason", [reason for reason in Reason if status_of(reason) in {429, 503}])
def test_every_refusal_that_does_not_last_says_when_to_come_again(stage: Stage, reason: Reason) -> None:
    with stage.site.app.test_request_context():
        for page in (refused_page(Refused(reason)), form_again(Refused(reason))):
            assert page.status_code == status_of(reason)
            assert int(page.headers["Retry-After"]) == 60


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
def test_what_no_waiting_mends_does_not_say_so(stage: Stage, status: int) -> None:
    with stage.site.app.test_request_context():
        assert ("Retry-After" in status_page(status).headers) == (status in {429, 503})
