"""Parts of pages that are made from measured figures.

A part stands between ``<!-- quote NAME -->`` and ``<!-- end of quote -->``. NAME belongs to a file of results in
``docs/evidence/``, and :data:`QUOTES` makes the part from it. No one types a figure.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from lab.acceptance.results import LOAD_TABLE, ROWS_TABLE, SABOTAGE_LINE, quotes_of_acceptance
from tests.documents.benchmarks import FIGURES_TABLE, quotes_of_benchmarks
from tests.documents.city import CITY_ASSUMPTIONS, CITY_TABLE, CITY_TWO_RELAYS, quotes_of_city
from tests.documents.languages import LANGUAGES_TABLE, quotes_of_languages
from tests.documents.long_runs import FORENSICS, FUZZING, SOAK, TRAFFIC, quotes_of_long_runs
from tests.documents.measured_rows import ROWS as MEASURED_ROWS
from tests.documents.measured_rows import quotes_of_measured_rows

TREE = Path(__file__).parents[2]
_MARKED = re.compile(r"(<!-- quote ([a-z.-]+) -->\n?).*?<!-- end of quote -->", re.DOTALL)
QUOTES: Mapping[str, Callable[[], str]] = {
    **quotes_of_acceptance(),
    **quotes_of_benchmarks(),
    **quotes_of_city(),
    **quotes_of_languages(),
    **quotes_of_long_runs(),
    **quotes_of_measured_rows(),
}
NEEDED = frozenset(
    {
        *(ROWS_TABLE, LOAD_TABLE, SABOTAGE_LINE, FIGURES_TABLE, FUZZING, SOAK, TRAFFIC, FORENSICS),
        *(CITY_TABLE, CITY_ASSUMPTIONS, CITY_TWO_RELAYS, *MEASURED_ROWS, LANGUAGES_TABLE),
    }
)
"""Quotes that some page must have."""


def pages() -> list[Path]:
    """Every page that may quote."""
    return [*sorted(TREE.glob("*.md")), *sorted((TREE / "docs").rglob("*.md"))]


def filled(text: str) -> str:
    """The text with each marked part made again; `KeyError` for a name that no results have."""
    return _MARKED.sub(_made_again, text)


def _made_again(found: "re.Match[str]") -> str:
    part = QUOTES[found[2]]()
    # A table ends with its line: Markdown would take the mark for a cell.
    return f"{found[1]}{part}\n<!-- end of quote -->" if "\n" in part else f"{found[1]}{part}<!-- end of quote -->"


def quoted_in(text: str) -> set[str]:
    """The names of the quotes in a text."""
    return {found[2] for found in _MARKED.finditer(text)}


def fill_all() -> list[Path]:
    """Write every page whose quotes are not those of the results; the pages that changed."""
    changed = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        if filled(text) != text:
            page.write_text(filled(text), encoding="utf-8")
            changed.append(page)
    return changed
