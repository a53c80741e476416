"""Masks in a real Firefox: in the forms of what leaves, and those that outlived their tip."""

from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served
from lab.reviewer.test_lasting_masks import Harmed, by_command
from lab.reviewer.test_referral_in_firefox import choose_language, firefox, look
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import findings, kept_person
from tests.reviewer.linking.test_masking import harmed_person

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
        assert "until one of us removes" in firefox.text("main")
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


def test_the_forms_of_what_leaves_offer_her_masked_on_each_screen(desk: Desk, firefox: Firefox) -> None:
    tip, her, number = harmed_person(desk)
    name, phone = her.replace("E", "P"), number.replace("E", "P")
    pictures: Path = desk.folder / "pictures"
    forms = {
        "evidence": f"/evidence?tips={tip}",
        "hand-over": f"/hand-over?tips={tip}",
        "translation": f"/tip/{tip}/outside/0",
        "print-masks": f"/tip/{tip}/print/masks",
    }
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        for tag in ("en", "ar"):
            for form, path in forms.items():
                firefox.open(f"{site}{path}")
                if form == "evidence":
                    choose_language(firefox, tag)
                    firefox.open(f"{site}{path}")
                assert firefox.count("input[name=unmask]:not(:checked)") == 2, form
                if firefox.count("details.masks:not([open])"):
                    firefox.press("details.masks summary", loads=False)
                firefox.press(f"input[name=unmask][value='{her[2:]}']", loads=False)
                firefox.fill(f"#because-{her[2:]}", "her lawyer asks for it")
                look(firefox, pictures, f"{form}-{tag}")
            firefox.open(f"{site}/tip/{tip}/print")
            assert "Nadja" not in firefox.text("main")
            assert name in firefox.text("main")
            look(firefox, pictures, f"print-{tag}")
        firefox.press("a[href$='/print/masks']")
        choose_language(firefox, "en")
        firefox.press(f"input[name=unmask][value='{her[2:]}']", loads=False)
        firefox.press("main form button")
        assert f"what is masked as {name} leaves only with a reason" in firefox.text("main")
        look(firefox, pictures, "print-masks-refused")
        firefox.fill(f"#because-{her[2:]}", "her lawyer asks for it")
        firefox.press("main form button")
        assert "Nadja is locked up, her number is +[#1]" in firefox.text("main")
        assert phone in firefox.text("main")
        look(firefox, pictures, "print-with-her-words")
