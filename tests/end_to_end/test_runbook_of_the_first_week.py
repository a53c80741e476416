"""The pages for a new organisation name minutes. ``lab/journeys`` does their steps as they stand."""

import re
from pathlib import Path

import pytest


@pytest.mark.parametrize("page", ["first-week.md", "weekly-round.md"])
def test_every_step_of_the_table_has_a_number_of_minutes(page: str) -> None:
    (path,) = (Path(__file__).parents[2] / "docs").glob(f"*/{page}")
    rows = re.findall(r"^\|.*\| ([^|]+) \|$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert sum(bool(re.fullmatch(r"\d+|as long as it takes", cell)) for cell in rows) >= 3
