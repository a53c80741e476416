"""``try``: the readers on data of one's own, without a home."""

import io
import json
import sys
from pathlib import Path

import pytest

from reviewer.cli import run
from reviewer.matching.calibration import WEAK, YES
from reviewer.matching.name_likeness import NameReason
from reviewer.supply.digital_link import LinkFault
from reviewer.supply.facility import FacilityFault
from reviewer.supply.facility_likeness import FacilityReason, FacilityVerdict
from tests.reviewer.clean_copy import photos


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


def test_try_picture_prints_the_distance_and_the_quality_of_two_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.jpg").write_bytes(photos.encoded(photos.board(), "JPEG"))
    (tmp_path / "other.png").write_bytes(photos.encoded(photos.board(), "PNG"))
    assert run(["try", "picture", str(tmp_path / "one.jpg"), str(tmp_path / "other.png")]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["distance"] <= 16
    assert all(0 <= quality <= 100 for quality in answer["quality"])
    assert set(answer) == {"distance", "quality"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7", "it is a PDF"),
        (b"", "it is empty"),
        (photos.encoded(photos.board(), "PNG")[:60], "it is damaged, cut off, or no real picture"),
    ],
    ids=["PDF", "empty", "cut off"],
)
def test_try_picture_gives_null_and_a_reason_for_a_file_that_is_no_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, reason: str
) -> None:
    (tmp_path / "one.png").write_bytes(photos.encoded(photos.board(), "PNG"))
    (tmp_path / "other").write_bytes(content)
    assert run(["try", "picture", str(tmp_path / "one.png"), str(tmp_path / "other")]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["distance"] is None
    assert answer["quality"][1] is None
    assert answer["reasons"] == [None, reason]


def test_try_picture_gives_null_and_a_reason_for_a_missing_file_and_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["try", "picture", str(tmp_path / "missing.png"), str(tmp_path)]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "distance": None,
        "quality": [None, None],
        "reasons": [
            "the file cannot be read: no such file or directory",
            "the file cannot be read: is a directory",
        ],
    }


def test_try_names_keeps_the_order_goes_on_after_a_bad_line_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ['["Надежда Иванова", "Nadezhda Ivanova"]', "", "{", '["one"]', '["?", "!"]', '["Ivan Li", "Olga Wu"]']
    _give(monkeypatch, "\n".join(lines).encode())
    assert run(["try", "names"]) == 1
    first, blank, broken, single, bare, last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (first["question"], last["question"]) == ("yes", "no")
    assert set(first) == {"score", "question", "reasons"}
    assert blank == {"line": 2, "error": "blank-line"}
    assert broken == {"line": 3, "error": "not-json"}
    assert single == {"line": 4, "error": "not-a-pair-of-texts"}
    assert bare == {"line": 5, "error": "no-letters"}


def test_a_line_that_is_too_long_nested_or_no_text_gets_a_code_and_the_next_one_an_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [
        b'["' + b"A" * (1 << 20) + b'", "x"]',
        b"[" * 100_000,
        b"\xff",
        b'["\xf0\x9f\x98\x80", "Anna"]',
        b'[NaN, "x"]',
    ]
    good = [b'["\\ud800 Anna", "Anna"]\r', b'\xef\xbb\xbf["Anna", "Anna"]']
    _give(monkeypatch, b"\n".join([*bad, *good]))
    assert run(["try", "names"]) == 1
    *errors, first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    codes = ["too-long", "not-json", "not-utf-8", "no-letters", "not-json"]
    assert errors == [{"line": number, "error": code} for number, code in enumerate(codes, 1)]
    assert first == second


def test_try_names_ends_with_0_when_every_line_is_a_pair(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _give(monkeypatch, b'["Ana", "Anna"]\n')
    assert run(["try", "names"]) == 0
    assert json.loads(capsys.readouterr().out)["score"] > 0


def test_the_page_of_the_formats_names_every_code_of_a_comparison_of_names_and_the_thresholds() -> None:
    page = (Path(__file__).parents[3] / "docs" / "review" / "try.md").read_text(encoding="utf-8")
    assert all(f"| `{reason}` |" in page for reason in NameReason)
    assert f"`yes` from {YES} on, `weak` from {WEAK} on" in page


def test_try_facilities_and_digital_link_keep_the_order_and_answer_bad_lines_by_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = {"name": "Oldtown Knitting", "address": "Plot 12, Mill Road", "country": "BD"}
    lines = [
        json.dumps([place, place]),
        "",
        "[1]",
        json.dumps([place, 1]),
        json.dumps([place, {**place, "name": ""}]),
    ]
    _give(monkeypatch, "\n".join(lines).encode())
    assert run(["try", "facilities"]) == 1
    first, *errors = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (first["verdict"], set(first)) == ("same", {"verdict", "score", "reasons"})
    assert [one["error"] for one in errors] == ["blank-line", "not-a-pair", "not-an-object", "no-name"]
    _give(monkeypatch, b"https://example.org/01/09506000134352/10/A%2F1\n\xff\nhello\n")
    assert run(["try", "digital-link"]) == 1
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"gtin": "09506000134352", "lot": "A/1"},
        {"line": 2, "error": "not-utf-8"},
        {"line": 3, "error": "not-http"},
    ]


def test_the_page_of_the_formats_names_every_code_of_supply_chains() -> None:
    page = (Path(__file__).parents[3] / "docs" / "review" / "try.md").read_text(encoding="utf-8")
    for code in (*FacilityReason, *FacilityFault, *FacilityVerdict, *LinkFault):
        assert f"`{code}`" in page
