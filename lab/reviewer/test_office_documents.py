"""Documents of the kinds that tests/reviewer/viewers does not open: LibreOffice takes a second for each."""

import pytest

from tests.reviewer.viewers import test_kinds


@pytest.mark.parametrize("what", ["ODT", "RTF"])
def test_an_office_document_is_seen_as_pages(what: str) -> None:
    test_kinds.test_an_office_document_is_seen_as_pages(what)
