"""The rules by which measurements are judged: limits that are reckoned, ratios, and answers that count as
faults."""

import ast
import dataclasses
import importlib
import json
import random
import shlex
import sys
from pathlib import Path

import pytest

from lab.acceptance.rows import read_rows

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
RUNS = 20_000


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Benchmarks are programs: each finds the others in the folder that it lies in."""
    monkeypatch.syspath_prepend(BENCHMARKS)


def test_what_times_may_tell_is_limited_where_chance_of_all_pairs_together_ends() -> None:
    openings, buttons = importlib.import_module("mailbox_times"), importlib.import_module("button_times")
    pairs = {"benchmarks/mailbox_times.py": len(openings.PAIRS), "benchmarks/button_times.py": len(buttons.PAIRS)}
    (row,) = (row for row in read_rows() if row.number == 20)
    assert len(row.measures) == len(pairs)
    for measure in row.measures:
        command, _, rounds = shlex.split(measure.command)
        assert measure.below == openings.limit(int(rounds), pairs[command]), measure.command


def test_throws_of_a_coin_reach_that_limit_in_fewer_than_one_of_a_hundred_runs_and_the_one_below_in_more() -> None:
    openings = importlib.import_module("mailbox_times")
    limit, coin = openings.limit(100, 7), random.Random(20)
    highest = [max(_share(coin.getrandbits(100).bit_count()) for _ in range(7)) for _ in range(RUNS)]
    assert limit == 67
    assert sum(one >= limit for one in highest) < RUNS / 100
    assert sum(one >= limit - 1 for one in highest) >= RUNS / 100


def _share(heads: int) -> int:
    return max(heads, 100 - heads)


RECEIPT = b'<p data-passphrase dir="ltr"><span>word</span></p>'
POLITE = b"HTTP/1.1 %d X\r\nRetry-After: 60\r\nServer: x"


@pytest.mark.parametrize(
    ("status", "head", "body", "fault"),
    [
        (200, b"HTTP/1.1 200 OK", RECEIPT, ""),
        (303, b"HTTP/1.1 303 See Other", b"", ""),
        (429, POLITE % 429, b"", ""),
        (503, POLITE % 503, b"", ""),
        (200, b"HTTP/1.1 200 OK", b"<p>", "junk: 200 without a receipt"),
        (429, b"HTTP/1.1 429 X", b"", "junk: 429"),
        (503, b"HTTP/1.1 503 X", b"", "junk: 503"),
        (500, POLITE % 500, b"", "junk: 500"),
        (400, b"HTTP/1.1 400 X", b"", "junk: 400"),
        (0, b"", b"", "junk: 0"),
    ],
)
def test_whoever_posts_junk_gets_a_good_answer_or_a_polite_refusal_or_it_is_a_fault(
    status: int, head: bytes, body: bytes, fault: str
) -> None:
    junk = importlib.import_module("nuisance_crowd").Junk()
    junk.note(importlib.import_module("light_client").LightAnswer(status, head, body, 0.1))
    assert junk.faults == ([fault] if fault else [])
    assert (junk.posts, junk.taken) == (1, int(body == RECEIPT))


def test_a_figure_stands_beside_what_the_same_run_measured_with_nobody_there() -> None:
    line = importlib.import_module("load_table").LoadRow("16 sources", "first page, p95", 9, "ms", 50, 2080, 2)
    assert line.cells() == ("first page, p95", "9 ms", "ok < 50", "4.5 x quiet, 0.004 of its 2080")


def test_the_table_of_the_city_is_made_again_to_the_digit_from_its_seed_and_agrees_with_the_closed_form() -> None:
    city = importlib.import_module("beacon_city")
    kept = json.loads(city.RESULTS.read_text(encoding="utf-8"))
    lines = [dataclasses.asdict(city.line_of(case, kept["seed"])) for case in city.CASES]
    assert lines == kept["lines"]
    assert list(city.ASSUMPTIONS) == kept["assumptions"]
    near = [line for line in lines if line["formula"] is not None]
    assert all(abs(line["heard"] - line["formula"]) <= 3 for line in near)
    assert len(near) >= 10
    assert city.line_of(city.CASES[4], 8) != city.line_of(city.CASES[4], 7)


def test_the_wheels_that_are_weighed_for_links_are_all_that_their_rooms_import_and_need_no_compiler() -> None:
    wheels = importlib.import_module("link_wheels")
    imported: set[str] = set()
    for source in wheels.SOURCES:
        for path in sorted((wheels.TREE / source).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    imported |= {one.name.partition(".")[0] for one in node.names}
                elif isinstance(node, ast.ImportFrom):
                    imported.add((node.module or "").partition(".")[0])
    ours_and_flasks = {"crypto", "reviewer", "system", "jinja2", "markupsafe"}
    assert imported - ours_and_flasks - sys.stdlib_module_names == {"anyascii", "phonenumbers"}
    assert wheels.PACKAGES == ("anyascii", "phonenumberslite")
    assert all("--hash=sha256:" in wheels.locked(name) for name in wheels.PACKAGES)
    assert wheels.packed_bytes() > 1_000_000
