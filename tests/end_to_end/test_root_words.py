"""Founder, operator and joining reviewer read the same seven words to each other."""

import re
from pathlib import Path

import pytest

from tests.reviewer.desk_stage import Desk
from tipline.cli import main


def test_first_reviewer_server_and_joining_reviewer_show_the_same_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path, capsys)
    desk.found()
    shown = [desk.out]
    desk.do("init", tmp_path / "second", "--root-key", desk.root / "root.pub", "--organisation", "Example Watch")
    shown.append(desk.out)
    capsys.readouterr()
    assert main(["init", str(tmp_path / "site"), "--root-key", str(desk.root / "root.pub")]) == 0
    shown.append(capsys.readouterr().out)
    words = [re.findall(r"^root key words +((?:[a-z]+ ){6}[a-z]+)$", text, re.MULTILINE) for text in shown]
    assert len(words[0]) == 1
    assert words[0] == words[1] == words[2]
