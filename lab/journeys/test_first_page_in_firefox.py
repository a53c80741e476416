"""The first page in each language: few words, Send in sight at both sizes, Language at hand."""

import pytest

from tests.end_to_end import test_first_page_in_firefox as first_page
from tests.end_to_end.site_in_firefox import SiteInFirefox
from tests.end_to_end.test_first_page_in_firefox import SMALL, SOME_TAGS, site  # noqa: F401 -- a fixture
from tests.languages.every_page import TAGS

pytestmark = pytest.mark.browser
OTHERS = sorted(set(TAGS) - set(SOME_TAGS))


@pytest.mark.parametrize("tag", OTHERS)
def test_the_first_page_has_few_words_and_a_low_header_in_the_other_languages(
    site: SiteInFirefox,  # noqa: F811 -- the fixture
    tag: str,
) -> None:
    first_page.test_the_first_page_has_few_words(site, tag)
    first_page.test_the_header_is_low_and_the_second_tab_is_language_with_a_sign(site, tag)


@pytest.mark.parametrize("size", SMALL, ids=str)
@pytest.mark.parametrize("tag", TAGS)
def test_send_is_in_sight_and_never_lies_over_what_has_the_focus(
    site: SiteInFirefox,  # noqa: F811 -- the fixture
    tag: str,
    size: tuple[int, int],
) -> None:
    first_page.test_send_is_in_sight_and_never_lies_over_what_has_the_focus(site, tag, size)
