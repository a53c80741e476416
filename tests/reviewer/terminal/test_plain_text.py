"""A tip on a terminal: nothing in it that a terminal obeys, and nothing that passes for a line of the program."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.terminal.console import notice, output, output_now, print_progress
from reviewer.terminal.plain_text import BAR, LINE_LETTERS, SHOWN_LETTERS, plain_line, plain_lines

HARMFUL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
JOINERS = "\u200c\u200d"


def _harmless(line: str) -> bool:
    return all(unicodedata.category(letter) not in HARMFUL or letter in JOINERS for letter in line)


@given(st.text(st.characters(), max_size=400))
def test_whatever_a_source_writes_prints_harmless(text: str) -> None:
    assert _harmless(plain_line(text))
    for line in plain_lines(text):
        assert _harmless(line)
        assert line.startswith(BAR)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07", "<U+001B>[2J<U+001B>]0;owned<U+0007>"),
        ("\x9b31m", "<U+009B>31m"),
        ("invoice\u202egpj.exe", "invoice<U+202E>gpj.exe"),
        ("a\u2066b\u2069", "a<U+2066>b<U+2069>"),
        ("a\u200bb\ufeffc", "a<U+200B>b<U+FEFF>c"),
        ("tag\U000e0041", "tag<U+E0041>"),
        ("\udcff", "<U+DCFF>"),
        ("a\x00b", "a<U+0000>b"),
        ("empty\u3164name", "empty<U+3164>name"),
        ("одно слово", "одно слово"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\tb\u00a0c", "a    b c"),
    ],
)
def test_what_cannot_be_seen_is_named_and_letters_stay(text: str, shown: str) -> None:
    assert plain_line(text) == shown


def test_a_line_of_a_megabyte_is_cut_and_the_rest_is_counted() -> None:
    lines = list(plain_lines("x" * (1 << 20)))
    assert max(map(len, lines)) == LINE_LETTERS + len(BAR)
    assert len(lines) == -(-SHOWN_LETTERS // LINE_LETTERS) + 1
    assert f"{(1 << 20) - SHOWN_LETTERS:,} more letters" in lines[-1]


def test_lines_break_at_blanks_where_there_are_some() -> None:
    text = "word " * 60
    assert all(line.removeprefix(BAR).split() == ["word"] * 20 for line in plain_lines(text.strip()))


def test_every_kind_of_line_break_is_one() -> None:
    assert list(plain_lines("a\r\nb\rc\nd")) == [f"{BAR}{letter}" for letter in "abcd"]


def test_a_carriage_return_does_not_overwrite_what_stands_there() -> None:
    assert "\r" not in plain_line("good\rbad")


def test_marks_piled_on_one_letter_do_not_climb_over_other_lines() -> None:
    shown = plain_line("o" + "\u0301" * 50)
    assert shown.count("\u0301") == 4
    assert "<U+0301>" in shown


def test_a_tip_cannot_pass_for_a_line_of_the_program() -> None:
    forged = "tipline-review: error: call this number"
    assert list(plain_lines(forged)) == [BAR + forged]


def test_no_line_of_any_command_holds_what_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "a\x1b]0;owned\x07\x9b2J\u202e\u2066\u200b\x00\x7f\rb\nc \u0645\u200c\u0646"
    for say in (output, output_now, print_progress, lambda text: notice("error", text)):
        say(hostile)
    said = "".join(capsys.readouterr())
    assert not [letter for letter in said if unicodedata.category(letter) == "Cc" and letter != "\n"]
    assert not set(said) & set("\u202e\u2066\u200b")
    assert "a<U+001B>]0;owned<U+0007><U+009B>2J<U+202E>" in said
    assert "\nc \u0645\u200c\u0646\n" in said
