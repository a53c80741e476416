"""Recovery sheets: printed, tried, and typed in again by tired people."""

import datetime as dt
import os
import pty
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crypto.keys import minisign
from crypto.recovery.recovery_sheet import Sheet
from reviewer.recovery.printed_sheet import PrintedSheet
from reviewer.recovery.sheet_pdf import sheet_pdf
from tests.reviewer.desk_stage import PROGRAM, Desk
from tests.tipline.processes import ended_after


@pytest.fixture
def sheets(desk: Desk) -> list[Path]:
    """Three of five, as text."""
    return _make(desk, "--text")


def _make(desk: Desk, *options: str | Path, to: str = "sheets") -> list[Path]:
    desk.do("sheets", "make", desk.home, "--root", desk.root, "--to", desk.folder / to, *options)
    return sorted((desk.folder / to).iterdir())


def _check(desk: Desk, *files: Path) -> int:
    return desk.run("sheets", "check", desk.home, *(part for file in files for part in ("--sheet-file", file)))


def _words(file: Path) -> list[str]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return re.findall("[a-z]+", " ".join(lines))


def _set_number(file: Path) -> int:
    return Sheet.parse(" ".join(_words(file))).share.set_number


def _type_wrong(file: Path, at: int, word: str) -> None:
    words = _words(file)
    words[at] = word
    file.write_text(" ".join(words), encoding="utf-8")


def test_a_page_holds_number_words_code_and_what_to_do_and_both_read_back(desk: Desk) -> None:
    pages = _make(desk, "--need", "2", "--of", "3", "--label", "Büro 2")
    assert [page.name for page in pages] == [f"sheet-{number}-of-3.pdf" for number in (1, 2, 3)]
    read: list[Sheet] = []
    for number, page in enumerate(pages, start=1):
        printed = subprocess.run(
            ["pdftotext", "-layout", page, "-"], capture_output=True, text=True, check=True
        ).stdout
        assert f"Sheet {number} of 3" in printed
        assert "2 of these 3 sheets are needed together. Made on 20" in printed
        assert "Büro 2" in printed
        assert "never on a telephone" in " ".join(printed.split())
        typed = Sheet.parse(" ".join(re.findall(r"\d\d ([a-z]+)", printed)))
        drawn = subprocess.run(
            ["pdftoppm", "-r", "150", "-gray", "-singlefile", page], capture_output=True, check=True
        )
        image = desk.folder / "page.pgm"
        image.write_bytes(drawn.stdout)
        # In one page of some thousands it takes a row of squares for a short code of another kind as well.
        only_qr_codes = ("-Sdisable", "-Sqrcode.enable")
        code = subprocess.run(
            ["zbarimg", "-q", "--raw", *only_qr_codes, image], capture_output=True, text=True, check=True
        ).stdout
        assert Sheet.parse(code) == typed
        assert (typed.number, typed.need) == (number, 2)
        read.append(typed)
    assert len(set(read)) == 3


def test_a_sheet_tells_neither_whose_it_is_nor_what_it_opens(desk: Desk) -> None:
    for page in [*_make(desk), *_make(desk, "--text", to="texts")]:
        raw = page.read_bytes().lower()
        shown = raw if page.suffix == ".txt" else subprocess.run(
            ["pdftotext", page, "-"], capture_output=True, check=True).stdout.lower()  # fmt: skip
        for telling in (
            *(b"example watch", b"tipline", b"tip line", b"root key", b"reviewer", b"trafficking", b"slip"),
            *(b"pydyf", b"creationdate", b"producer", str(desk.home).encode().lower()),
        ):
            assert telling not in raw
            assert telling not in shown


def test_sheets_are_readable_by_their_owner_only_and_never_overwritten(desk: Desk) -> None:
    pages = _make(desk)
    assert {stat.S_IMODE(page.stat().st_mode) for page in pages} == {0o600}
    assert stat.S_IMODE(pages[0].parent.stat().st_mode) == 0o700
    assert desk.run("sheets", "make", desk.home, "--root", desk.root, "--to", pages[0].parent) == 1
    assert "not empty" in desk.err


def test_the_same_sheet_gives_the_same_page(desk: Desk) -> None:
    sheet = Sheet.parse(" ".join(_words(_make(desk, "--text")[0])))
    pages = {sheet_pdf(PrintedSheet(sheet, 5, dt.date(2026, 11, 25))) for _ in "12"}
    assert len(pages) == 1


@pytest.mark.parametrize(("need", "of"), [("1", "3"), ("4", "3"), ("2", "17")])
def test_numbers_that_protect_nothing_are_refused_and_nothing_is_written(desk: Desk, need: str, of: str) -> None:
    code = desk.run("sheets", "make", desk.home, "--root", desk.root, "--need", need, "--of", of,
                    "--to", desk.folder / "s")  # fmt: skip
    assert code == 1
    assert "cannot be needed" in desk.err
    assert not (desk.folder / "s").exists()


@pytest.mark.parametrize("label", ["x" * 41, "نص", "two\nlines"])
def test_a_label_that_cannot_be_printed_is_refused(desk: Desk, label: str) -> None:
    code = desk.run("sheets", "make", desk.home, "--root", desk.root, "--to", desk.folder / "s", "--label", label)
    assert code == 1
    assert "label must have" in desk.err
    assert not (desk.folder / "s").exists()


def test_the_medium_of_another_organisation_makes_no_sheets_here(desk: Desk, tmp_path: Path) -> None:
    other = desk.beside(tmp_path / "other")
    other.found()
    assert desk.run("sheets", "make", desk.home, "--root", other.root, "--to", desk.folder / "s") == 1
    assert "not the one that this home pins" in desk.err


def test_trying_sheets_confirms_them_and_shows_nothing(desk: Desk, sheets: list[Path]) -> None:
    assert _check(desk, sheets[4], sheets[0], sheets[2]) == 0, desk.err
    assert "sheets 1, 3, 5 are right" in desk.out
    seed = minisign.parse_secret_key_file((desk.root / "root.key").read_bytes()).seed()
    shown = (desk.out + desk.err).lower()
    assert seed.hex() not in shown
    assert not set(_words(sheets[0])) & set(re.findall(r"\d\d ([a-z]+)", shown))
    status = desk.json("keys", "status", desk.home)
    assert status["sheets"].startswith("3 of 5, 20")
    assert status["sheets_tried"] is not None


def test_too_few_say_how_many_are_missing(desk: Desk, sheets: list[Path]) -> None:
    assert _check(desk, *sheets[:2]) == 1
    assert "1 more of these sheets are needed, 3 in all" in desk.err
    assert desk.json("keys", "status", desk.home)["sheets_tried"] is None


def test_every_wrong_word_of_every_sheet_is_named_at_once(desk: Desk, sheets: list[Path]) -> None:
    words = _words(sheets[1])
    _type_wrong(sheets[0], 3, "zebra")
    _type_wrong(sheets[1], 20, "acid" if words[20] != "acid" else "acne")
    assert _check(desk, *sheets[:3]) == 1
    assert f"{sheets[0]}: not in the list of words: word 4" in desk.err
    assert f"{sheets[1]}: words of this sheet do not belong together: look at word 21 again" in desk.err
    assert "zebra" not in desk.err


def test_a_sheet_of_another_set_is_named(desk: Desk, sheets: list[Path]) -> None:
    # A set has a number of 15 bits: another one may have drawn the same.
    others = (_make(desk, "--text", to=f"other-{number}")[3] for number in range(4))
    foreign = next(other for other in others if _set_number(other) != _set_number(sheets[0]))
    assert _check(desk, sheets[0], sheets[1], foreign) == 1
    assert f"{foreign}: sheet 4 is of another set than sheet 1" in desk.err


def test_the_same_sheet_twice_is_said_and_counts_once(desk: Desk, sheets: list[Path]) -> None:
    assert _check(desk, sheets[0], sheets[0], sheets[1]) == 1
    assert f"{sheets[0]}: sheet 1 is here already" in desk.err
    assert "1 more of these sheets are needed" in desk.err


def test_sheets_of_another_organisation_are_sound_and_refused(desk: Desk, tmp_path: Path) -> None:
    other = desk.beside(tmp_path / "other")
    other.found()
    assert _check(desk, *_make(other, "--text")[:3]) == 1
    assert "hold the key of another organisation" in desk.err


def test_several_sheets_may_lie_in_one_file_or_come_through_standard_input(desk: Desk, sheets: list[Path]) -> None:
    whole = desk.folder / "typed"
    whole.write_text("\n\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets[:3]), encoding="utf-8")
    assert _check(desk, whole) == 0, desk.err
    whole.write_text("\n".join(" ".join(_words(sheet)).upper() for sheet in sheets[1:4]), encoding="utf-8")
    out = desk.pipe("sheets", "check", desk.home, "--sheet-file", "-", source=whole)
    assert b"sheets 2, 3, 4 are right" in out


def test_without_files_and_terminal_it_says_how(desk: Desk) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--beside-network", "sheets", "check", desk.home],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "--sheet-file FILE" in done.stderr


def test_at_a_terminal_a_wrong_row_is_asked_for_again(desk: Desk, sheets: list[Path]) -> None:
    """Sheet 1 row by row, four letters a word, with mistakes; sheet 3 twice; sheet 5 as a scanner types it."""
    first, third, fifth = (_words(sheets[number]) for number in (0, 2, 4))
    rows = [" ".join(word[:4] for word in first[at : at + 5]) for at in range(0, 35, 5)]
    wrong = " ".join([*first[10:12], "acid" if first[12] != "acid" else "acne", *first[13:15]])
    answers = [
        *("zebra " + rows[0][5:], rows[0], rows[1][:-5], rows[1], wrong, *rows[3:], rows[2]),
        *(" ".join(third), " ".join(third).upper(), " ".join(fifth), "n"),
    ]
    shown = _at_a_terminal(["sheets", "check", str(desk.home)], answers)
    assert "not in the list of words: 1; this row again" in shown
    assert "a row has 5 words, here are 4; this row again" in shown
    assert "look at word 13 again" in shown
    assert "sheet 1 is right; 2 more needed" in shown
    assert "sheet 3 is here already; this sheet was left out" in shown
    assert "sheets 1, 3, 5 are right" in shown


def _at_a_terminal(arguments: list[str], answers: list[str]) -> str:
    """Each answer once the program asks."""
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--beside-network", *arguments],
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    os.close(theirs)
    with open(mine, "wb", buffering=0) as keyboard, ended_after(process):
        assert process.stdout is not None
        seen = b""
        for answer in answers:
            while not re.search(rb"(words +\d+ to +\d+: |\[y/N\] )$", seen):
                piece = os.read(process.stdout.fileno(), 65536)
                assert piece, seen.decode()
                seen += piece
            keyboard.write(f"{answer}\n".encode())
            seen += b"|"
        seen += process.stdout.read()
        assert process.wait(timeout=60) == 0, seen.decode()
    return seen.decode()
