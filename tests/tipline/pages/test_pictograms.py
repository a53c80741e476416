"""The pictograms in the stylesheet are the ones that the script draws, and every one of them is used."""

import re
import subprocess
import sys
from pathlib import Path

from tipline.pages.app import TEMPLATES

ROOT = Path(__file__).parents[3]
STYLE = (TEMPLATES / "site.css").read_text(encoding="utf-8")


def test_the_stylesheet_holds_what_the_script_draws() -> None:
    drawn = subprocess.run(
        [sys.executable, ROOT / "scripts" / "pictograms", "--check"], capture_output=True, text=True, check=False
    )
    assert (drawn.returncode, drawn.stderr) == (0, "")


def test_every_pictogram_is_used_and_every_one_that_is_used_is_drawn() -> None:
    drawn = set(re.findall(r"^\.(\w+)\{--mark:url\(data:image/png;base64,", STYLE, re.MULTILINE))
    templates = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html"))
    used = set(re.findall(r'class="[^"]*\bicon (\w+)', templates)) | set(re.findall(r'class="(send)"', templates))
    assert drawn == used
