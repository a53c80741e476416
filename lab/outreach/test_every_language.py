"""Cards, posters and the clear page in every language: two sheets for each are drawn."""

from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.sentences import TAGS
from tests.outreach import test_printed
from tests.outreach.example_site import write_site_file
from tipline.cli import main


def test_without_a_choice_it_makes_every_language_of_the_site(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    assert (
        main(["outreach", "--site", str(write_site_file(tmp_path)), "--out", str(folder), "--style", "plain"]) == 0
    )
    assert {path.parent.name for path in folder.glob("page/*/index.html")} == set(TAGS)
    assert {path.stem for path in folder.glob("*.pdf")} == {
        f"{kind}-{tag}" for kind in ("cards", "poster") for tag in TAGS
    }


@pytest.mark.parametrize(
    "claim",
    [
        test_printed.test_what_is_read_on_a_sheet_of_cards_is_the_sentences_and_the_address_eight_times,
        test_printed.test_what_is_read_on_a_poster_is_the_sentences_the_address_and_the_operators_numbers,
        test_printed.test_a_step_begins_with_its_number_on_the_side_where_its_language_begins,
        test_printed.test_the_plain_style_has_no_picture_and_does_not_name_tor,
        test_printed.test_the_warning_beside_a_code_fits,
    ],
    ids=lambda claim: claim.__name__,
)
@pytest.mark.parametrize("tag", sorted(set(TAGS) - set(test_printed.SOME_TAGS)))
def test_sheets_in_the_other_languages_are_read_back(tag: str, claim: Callable[[str], None]) -> None:
    claim(tag)


def test_a_code_in_a_language_from_left_to_right_opens_the_site_too(tmp_path: Path) -> None:
    test_printed.test_a_code_opens_the_site_and_its_warning_stands_beside_it("en", tmp_path)
