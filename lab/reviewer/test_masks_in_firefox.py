"""Masks that outlived their tip in a real Firefox: found, read and removed with a reason."""

from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served
from lab.reviewer.test_lasting_masks import Harmed, by_command
from lab.reviewer.test_referral_in_firefox import choose_language, firefox, look
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import findings, kept_person

__all__ = ["firefox"]
pytestmark = pytest.mark.browser


def test_a_mask_that_outlived_its_tip_is_listed_and_removed_with_a_reason(
    desk: Desk,
    firefox: Firefox,
) -> None:
    her = Harmed(desk, 0)
    again = kept_person(desk, her.other, her.name)
    finding = next(one["finding"] for one in findings(desk, her.other) if one["entity"] == again)
    desk.do("findings", "keep", desk.home, str(finding), "--to", her.person)
    by_command(desk, her.tip)
    pictures: Path = desk.folder / "pictures"
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/entities")
        assert "outlived" in firefox.text("main")
        firefox.press("a[href='/masks']")
        assert "gone with its last tip" in firefox.text("main")
        firefox.press("details summary", loads=False)
        look(firefox, pictures, "masks")
        firefox.open(f"{site}/entity/{her.person[2:]}")
        assert her.name not in firefox.text("main")
        firefox.press(".lasting-mask summary", loads=False)
        look(firefox, pictures, "masked-entity")
        choose_language(firefox, "ar")
        firefox.press(".lasting-mask summary", loads=False)
        look(firefox, pictures, "masked-entity-ar")
        choose_language(firefox, "en")
        firefox.press(".lasting-mask summary", loads=False)
        firefox.fill("#unmask-because", "she asked us to name her")
        firefox.press("form[action$='/unmask'] button")
        assert her.name in firefox.text("main")
