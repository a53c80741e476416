"""Cards, posters and the clear page in every language at once: two sheets for each are drawn."""

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


@pytest.mark.parametrize("tag", sorted(set(TAGS) - set(test_printed.SOME_TAGS)))
def test_the_plain_style_has_no_picture_and_does_not_name_tor_in_the_other_languages(tag: str) -> None:
    test_printed.test_the_plain_style_has_no_picture_and_does_not_name_tor(tag)
