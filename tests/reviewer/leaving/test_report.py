"""The report of an evidence package is drawn by a process that can do nothing but draw."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from reviewer.leaving.report_styles import FONT_FOLDER, FONTS, SMALL_FONTS, is_without_chinese, require_fonts
from system.errors import ProgramError
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.test_evidence import a_tip, written

DRAWER = [sys.executable, "-P", "-m", "reviewer.leaving.report_drawer"]
PATIENCE_SECONDS = 120
SENTENCES = {
    "Arabic": "أعمل في بيت كبير منذ سنتين",
    "Hindi": "हमारे पासपोर्ट मालिक के पास हैं",
    "Bengali": "আমরা কারখানায় আটকে আছি",
    "Thai": "พวกเราถูกขังอยู่ในโรงงาน",
    "Chinese": "我们被关在工厂里",
    "Russian": "Нас держат на фабрике",
    "Vietnamese": "Chúng tôi bị nhốt trong nhà máy",
}
PLAIN, BOMB = "She kept all our passports.", "A bomb \U0001f4a3."


def drawn(*texts: str) -> bytes:
    pieces = json.dumps([["text", text] for text in texts]).encode()
    return subprocess.run(DRAWER, input=pieces, capture_output=True, check=True).stdout


def text_of(pdf: bytes, folder: Path) -> str:
    (folder / "report.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", folder / "report.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout


def letters_of(font: Path) -> set[int]:
    with TTFont(font, lazy=True) as opened:
        return set(opened.getBestCmap())


def calls_are_filtered(process: int) -> bool:
    status = Path(f"/proc/{process}/status").read_text()
    return "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status


@pytest.fixture(scope="module")
def watched() -> tuple[bool, bytes]:
    """If the process had given up its rights before one byte of text came, and the report that it drew."""
    with subprocess.Popen(DRAWER, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as drawer:
        until = time.monotonic() + PATIENCE_SECONDS
        while not calls_are_filtered(drawer.pid) and time.monotonic() < until:
            time.sleep(0.05)
        is_filtered = calls_are_filtered(drawer.pid)
        pdf, _ = drawer.communicate(json.dumps([["text", BOMB]]).encode())
    return is_filtered, pdf


@pytest.fixture(scope="module")
def in_every_script() -> bytes:
    """A report with each sentence, followed by passages that go from one script to another."""
    texts = [*SENTENCES.values()]
    for sentence in SENTENCES.values():
        texts += [sentence, PLAIN, " ".join([sentence.split()[-1], PLAIN] * 12), sentence]
    return drawn(*texts)


def test_the_text_is_read_only_after_the_process_has_given_up_its_rights(watched: tuple[bool, bytes]) -> None:
    is_filtered, pdf = watched
    assert is_filtered
    assert pdf.startswith(b"%PDF")


def test_each_script_of_the_site_is_written_with_letters_of_its_own_font(
    in_every_script: bytes, tmp_path: Path
) -> None:
    found = text_of(in_every_script, tmp_path)
    for script in ("Russian", "Chinese", "Vietnamese"):
        assert SENTENCES[script] in found, script
    assert "[U+" not in found, "a letter has no font"
    fonts = subprocess.run(["pdffonts", tmp_path / "report.pdf"], capture_output=True, text=True, check=True).stdout
    for font in ("Arabic", "Devanagari", "Bengali", "Thai", "DroidSansFallback"):
        assert font in fonts


def test_no_passage_is_lost_after_one_in_another_script(in_every_script: bytes, tmp_path: Path) -> None:
    assert text_of(in_every_script, tmp_path).count("passports") == 13 * len(SENTENCES)


def test_a_letter_that_no_font_has_is_named_and_the_same_text_gives_the_same_bytes(
    watched: tuple[bool, bytes], tmp_path: Path
) -> None:
    _is_filtered, pdf = watched
    assert "[U+1F4A3]" in text_of(pdf, tmp_path)
    assert drawn(BOMB) == pdf


def test_control_characters_of_a_source_are_named_in_the_report(desk: Desk, memory: Path) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "Before\x1b[2Jafter\u202etxt.exe")]))
    written(desk, memory / "out", short_id, "--passages", "all", "--readable", "readable")
    found = text_of((memory / "out" / "report.pdf").read_bytes(), memory)
    assert "Before[U+001B][2Jafter[U+202E]txt.exe" in found
    manifest = json.loads((memory / "out" / "manifest.json").read_bytes())
    assert manifest["tips"][0]["passages"][0]["text"] == "Before\x1b[2Jafter\u202etxt.exe"


def test_the_font_for_chinese_is_left_out_only_where_no_letter_needs_it() -> None:
    small, chinese = (
        {letter for _, _, file in fonts for letter in letters_of(FONT_FOLDER / file)}
        for fonts in (SMALL_FONTS, set(FONTS) - set(SMALL_FONTS))
    )
    assert not [letter for letter in chinese - small if is_without_chinese(chr(letter))]
    assert [is_without_chinese(text) for text in SENTENCES.values()] == [
        script != "Chinese" for script in SENTENCES
    ]


def test_a_missing_font_is_named_with_its_package(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match=r"NotoSans-Regular\.ttf") as refused:
        require_fonts(tmp_path, FONTS)
    assert "fonts-noto-core" in refused.value.hint


def test_a_tip_of_many_lines_makes_a_report_of_many_pages(desk: Desk, memory: Path) -> None:
    short_id = a_tip(desk, files=[])
    lines = "\n".join(f"Line {number} of what I saw in the building." for number in range(300))
    (long,) = desk.take_in(desk.server.seal(fields=[("text", lines)], submission_id=b"9" * 16))
    passages = ("--passages", f"{long}:all", "--readable", "readable")
    written(desk, memory / "out", short_id, long, *passages)
    found = text_of((memory / "out" / "report.pdf").read_bytes(), memory)
    assert "Line 299 of what I saw" in found
    assert found.count("\f") > 10
