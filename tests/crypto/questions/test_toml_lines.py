"""Lines of a TOML file: every key that tomllib finds is found, at the line where it stands."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.questions.builtin_questionnaires import builtin_files
from crypto.questions.toml_text import Place, lines_of


def _places(value: Any, place: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*place, name)
            yield from _places(inner, (*place, name))
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for number, inner in enumerate(value):
            yield (*place, number)
            yield from _places(inner, (*place, number))


@pytest.mark.parametrize("name", builtin_files())
def test_every_key_of_a_shipped_file_is_found_where_it_stands(name: str) -> None:
    text = builtin_files()[name].decode()
    lines, written = lines_of(text), text.splitlines()
    for place in _places(tomllib.loads(text)):
        if place in {("sections",), ("text",)} or "when" in place[:-1] or place[-1] == "questions":
            continue
        last = place[-1] if isinstance(place[-1], str) else place[-2]
        assert str(last) in written[lines[place] - 1], place
    assert all(1 <= line <= len(written) for line in lines.values())


def test_quotes_dots_blanks_and_comments_do_not_mislead() -> None:
    text = """# a = 1
a = 1  # b = 2
"c.d" = '''
e = 5
'''
 f . "g" = 6

[ h . "i j" ] # k
'l' = [
  "m = 7",
]
[[n]]
o = 1
[[n]]
[n.p]
q = 2
[[n.r]]
s = 3
"""
    tomllib.loads(text)
    assert lines_of(text) == {
        ("a",): 2,
        ("c.d",): 3,
        ("f", "g"): 6,
        ("h", "i j"): 8,
        ("h", "i j", "l"): 9,
        ("n", 0): 12,
        ("n", 0, "o"): 13,
        ("n", 1): 14,
        ("n", 1, "p"): 15,
        ("n", 1, "p", "q"): 16,
        ("n", 1, "r", 0): 17,
        ("n", 1, "r", 0, "s"): 18,
    }


@given(st.text(alphabet="ab.\"'[]= #\n", max_size=60))
def test_any_text_gives_lines_or_none(text: str) -> None:
    assert all(1 <= line <= len(text.splitlines()) for line in lines_of(text).values())


@pytest.mark.parametrize("line", ["." * 3000, " ." * 1500, "a" * 3000, "a." * 1500, '"a".' * 1000, "a . " * 1000])
def test_a_line_that_is_no_key_is_passed_over_at_once(line: str) -> None:
    assert lines_of(f"{line} x\nkey = 1") == {("key",): 2}
