"""A newcomer's way from the printed card to a sent text, through a real onion, in Firefox at "Safest".

``JOURNEY_PICTURES=FOLDER`` keeps what was seen; docs/operate/outreach.md shows it.
"""

import base64
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from demo.stage import Stage
from lab.journeys.address_bar import AddressBar
from lab.journeys.journey import AS_FAST_AS_IT_CAN, Journey
from tests.outreach.read_back import text_of
from tests.slow_line import SlowLine
from tipline.cli import main

pytestmark = [pytest.mark.tor, pytest.mark.browser]

MOST_TAPS = 6
DOCUMENT = Path(__file__).parents[2] / "docs" / "operate" / "outreach.md"
TEXT = "They keep my passport. I am in the house behind the mill."


def card_of(tip_line: Stage, folder: Path) -> bytes:
    """The sheet that staff print, from what the running server says of itself."""
    site = folder / "SITE.json"
    site.write_text(json.dumps(tip_line.server_status()), encoding="utf-8")
    assert main(["outreach", "--site", str(site), "--out", str(folder / "made"), "--language", "en"]) == 0
    return (folder / "made" / "cards-en.pdf").read_bytes()


def address_on(card: bytes) -> str:
    """As a person types it: the groups of the first card one after the other, without the spaces."""
    groups = re.search(r"^((?:[a-z2-7]{4}\s){13}[a-z2-7]{4}\.onion)$", text_of(card), re.MULTILINE)
    assert groups
    return "".join(groups[1].split())


def test_from_the_card_to_a_sent_text_are_at_most_six_taps_after_tor_browser_is_open(
    tip_line: Stage, tmp_path: Path
) -> None:
    card = card_of(tip_line, tmp_path)
    pictures = Path(os.environ.get("JOURNEY_PICTURES", tmp_path))
    cut = ["-r", "110", "-x", "0", "-y", "0", "-W", "455", "-H", "322", "-singlefile"]
    subprocess.run(["pdftoppm", "-png", *cut, "-", pictures / "newcomer-1-card"], input=card, check=True)
    with (
        SlowLine(tip_line.socks_ports[0], bytes_per_second=AS_FAST_AS_IT_CAN) as line,
        Journey(tmp_path / "browser", "newcomer", line, width=320, height=568, scripts=True) as window,
    ):
        window.type_address(AddressBar(window), address_on(card))
        assert window.address() == f"http://{tip_line.address}/"
        save_screen(window, pictures / "newcomer-2-page.png")
        window.tick("[name=text]")
        window.fill("[name=text]", TEXT)
        save_screen(window, pictures / "newcomer-3-text.png")
        window.press("form[enctype] button[type=submit]")
        save_screen(window, pictures / "newcomer-4-receipt.png")
        assert len(window.text("[data-passphrase]").split()) == 8
        cost = window.cost(only=tip_line.address)
    assert cost.presses <= MOST_TAPS
    assert f"| **together** | **{cost.presses}** | **{cost.pages}** |" in DOCUMENT.read_text(encoding="utf-8")
    assert TEXT in texts_that_staff_read(tip_line)


def save_screen(window: Journey, path: Path) -> None:
    """Save the screen of a small telephone before any scrolling."""
    shot = window._bidi.call("browsingContext.captureScreenshot", context=window.page.context, origin="viewport")
    path.write_bytes(base64.b64decode(shot["data"]))


def texts_that_staff_read(tip_line: Stage) -> list[str]:
    """Of all that came, after one more round of the courier."""
    bundles = tip_line.stick / "newcomer.bundles"
    tip_line.courier_pulls(bundles)
    tip_line.run_reviewer("import", tip_line.casebook, bundles)
    listed = json.loads(tip_line.run_reviewer("list", tip_line.casebook, "--json"))["submissions"]
    shown = [json.loads(tip_line.run_reviewer("show", tip_line.casebook, one["id"], "--json")) for one in listed]
    return [field["value"] for one in shown for field in one["fields"] if field["name"] == "text"]
