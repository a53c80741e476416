"""Every template works at Tor Browser's "Safest" and names no one else's machine."""

from pathlib import Path

import pytest

from tests.template_rules import DRAWS, faults

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in {".html", ".css", ".txt", ".xml", ".jinja"}
)
TEMPLATES = [name for name in SOURCES if name.endswith(".html")]

BAD = [
    "<script>x</script>",
    "< SCRIPT src=x>",
    '<a onclick="x">',
    "<a href='javascript:x'>",
    '<p style="x">',
    "<style>p{}</style>",
    "<svg>",
    '<img src="data:image/svg+xml,x">',
    "<object>",
    "<video>",
    '<audio controls src="/x">',
    '<audio controls muted preload="auto" src="/x">',
    '<base href="x">',
    '<a href="https://example.org">',
    '<a href="//example.org">',
    "p { background: url(http://example.org/x) }",
    "@import 'x';",
    "@font-face {}",
    '<link rel="preconnect">',
    "<!-- https://example.org -->",
]
BAD_IN_SOURCES = ["{{ text|safe }}", "{{ text | safe }}", "{% autoescape false %}", '<a href="/return">']
GOOD = [
    '<audio controls muted preload="none" src="{{ url_for("sound") }}"></audio>',
    '<link rel="stylesheet" href="{{ url_for("style") }}">',
    '<img alt="" src="data:image/png;base64,x">',
    "<p>Conditions one = two, on the left.</p>",
    '<p data-passphrase lang="en">unsafe words</p>',
    "{# <script> is what we never write #}",
]


def test_there_are_templates_to_check() -> None:
    assert TEMPLATES


@pytest.mark.parametrize("name", SOURCES)
def test_a_template_holds_nothing_forbidden(name: str) -> None:
    assert not faults((ROOT / name).read_text(encoding="utf-8"), source=True, may_draw=name == DRAWS)


def test_one_template_draws_and_no_other_holds_svg() -> None:
    drawing = [name for name in SOURCES if faults((ROOT / name).read_text(encoding="utf-8"), source=True)]
    assert drawing == [DRAWS]
    assert faults("<svg><image href=x></svg>", source=True, may_draw=True)
    assert faults("<svg><foreignObject></svg>", source=False, may_draw=True)
    assert faults('<svg onload="x">', source=False, may_draw=True)
    assert faults("<svg>", source=True)


@pytest.mark.parametrize("snippet", BAD)
def test_the_check_finds(snippet: str) -> None:
    assert faults(snippet, source=False)
    assert faults(snippet, source=True)


@pytest.mark.parametrize("snippet", BAD_IN_SOURCES)
def test_the_check_finds_in_sources(snippet: str) -> None:
    assert faults(snippet, source=True)


@pytest.mark.parametrize("snippet", GOOD)
def test_the_check_lets_pass(snippet: str) -> None:
    assert not faults(snippet, source=True)
