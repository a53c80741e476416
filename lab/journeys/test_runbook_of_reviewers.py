"""The page about several reviewers works as it stands: a second one joins, reads, and goes again."""

import shutil
from pathlib import Path

import pytest

from tests.reviewer.desk_stage import Desk
from tests.runbook import Runbook
from tipline.cli import main


def test_a_reviewer_joins_reads_and_leaves_by_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(tmp_path, capsys)
    desk.found()
    places = {"REVIEW": desk.home, "ROOT": desk.root}
    places |= {name: tmp_path / name.lower() for name in ("SECOND", "BACKUP_KEY", "STICK", "SITE")}
    places["STICK"].mkdir()
    shutil.copy(desk.root / "root.pub", places["STICK"] / "root.pub")
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("of the operator\n", encoding="utf-8")
    site = str(places["SITE"])
    assert (
        main(["init", site, "--root-key", str(desk.root / "root.pub"), "--passphrase-file", str(passphrase)]) == 0
    )
    desk.do("servers", "add", desk.home, places["SITE"] / "server.pub")
    page = Runbook("several-reviewers.md", tmp_path, {name: str(path) for name, path in places.items()}, passphrase)

    joined = page.do("1. The new reviewer makes its keys")
    reviewer_key = next(line for line in joined.splitlines() if line.startswith("reviewer key"))
    assert reviewer_key in page.do("3. Issue keys for all")
    assert [row["name"] for row in desk.json("reviewers", "list", desk.home)["reviewers"]] == ["reviewer", "second"]
    page.do("What the others see of your work")
    page.do("Every few weeks")
    status = desk.json("keys", "status", places["SECOND"])
    assert (status["manifest_version"], status["own_weeks_left"], status["weeks_left"]) == (2, 10, 10)
    assert "left             second" in page.do("A reviewer leaves, or a laptop is lost")
    assert [row["name"] for row in desk.json("reviewers", "list", desk.home)["reviewers"]] == ["reviewer"]
    assert set(page.ran) == set(page.headings())
