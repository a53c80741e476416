"""``try``: the readers on data of one's own, without a home."""

import io
import json
import sys

import pytest

from reviewer.cli import run


def _give(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_try_text_prints_a_finding_a_line_with_places_in_code_points(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "😀 о151 zwei3 45 67 89 or anna@example.org"
    _give(monkeypatch, text.encode())
    assert run(["try", "text", "--region", "DE", "--day", "2026-11-29", "--language", "de"]) == 0
    phone, mail = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert phone == {"kind": "phone", "first": 2, "length": 19, "readings": ["+4915123456789"]}
    assert mail["readings"] == ["anna@example.org"]
    assert text[mail["first"] :][: mail["length"]] == "anna@example.org"


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (b"\xff\xfe", [], "must be UTF-8, and byte 0 is not"),
        (b"a" * ((1 << 20) + 1), [], "at most 1,048,576 letters"),
        (b"hello", ["--region", "Germany"], "a country code of two capital letters, as DE"),
        (b"hello", ["--region", "DE"] * 6, "at most 5 home regions"),
    ],
    ids=["not UTF-8", "too long", "no region", "six regions"],
)
def test_try_text_names_what_it_expected_and_prints_nothing(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    options: list[str],
    expected: str,
) -> None:
    _give(monkeypatch, content)
    assert run(["try", "text", *options]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert expected in shown.err
