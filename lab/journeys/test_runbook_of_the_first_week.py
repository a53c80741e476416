"""The pages for a new organisation work as they stand: from the root key to an open site, and one weekly round.

The courier's steps need Tor, so the round takes the way without a couriers' service. The courier's own are in
`test_demo.py` and `tests/courier/test_courier.py`.
"""

import re
import shutil
from pathlib import Path

from tests.runbook import Runbook
from tipline.cli import main

NAMES = ("REVIEW", "ROOT", "ROOT_COPY", "TWIN", "BACKUP", "STICK", "SITE")


def media(folder: Path) -> dict[str, str]:
    for name in ("ROOT", "ROOT_COPY", "TWIN", "BACKUP", "STICK"):
        (folder / name.lower()).mkdir()
    return {name: str(folder / name.lower()) for name in NAMES}


def test_a_new_organisation_opens_its_site_and_does_a_round_by_the_pages(tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("of the operator\n", encoding="utf-8")
    places = media(tmp_path)
    week = Runbook("first-week.md", tmp_path, places, passphrase)
    founded = week.do("Day 2: the root key (30 minutes)")
    (words,) = re.findall(r"^root key words +(.+)$", founded, re.MULTILINE)
    assert len(words.split()) == 7
    assert len(list(Path(places["STICK"], "sheets").iterdir())) == 5
    # In place of `tipline setup`, which needs root and systemd.
    site, stick = places["SITE"], Path(places["STICK"])
    assert main(["init", site, "--root-key", str(stick / "root.pub"), "--passphrase-file", str(passphrase)]) == 0
    shutil.copy(Path(site, "server.pub"), stick / "server.pub")
    assert "new weeks" in week.do("Day 3: the first keys (20 minutes)")
    assert main(["manifest", site, str(stick / "manifest.json"), "--passphrase-file", str(passphrase)]) == 0

    left_out = {"ROOT_COPY"}
    weekly = Runbook(
        "weekly-round.md",
        tmp_path,
        {name: place for name, place in places.items() if name not in left_out},
        passphrase,
    )
    for heading in weekly.headings():
        if not heading.startswith("1. "):  # `tipline doctor` ends with 1 beside swap or a shared disk
            weekly.do(heading)
    assert Path(places["BACKUP"], "casebook.age").is_file()
    assert (stick / "server.backup").is_file()
