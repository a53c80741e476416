"""The rows of the short form fail when the program is spoilt."""

from lab.acceptance import run


def test_four_rows_fail_when_they_are_sabotaged() -> None:
    assert run.main(["--sabotage", "--short"]) == 0
