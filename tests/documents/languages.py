"""The table of languages that texts are told by, from docs/evidence/languages.json."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from reviewer.languages.word_lists import NAMES
from tests.documents.runs import table

RESULTS = Path(__file__).parents[2] / "docs" / "evidence" / "languages.json"
LANGUAGES_TABLE = "languages.table"
_HEAD = ["language", "texts", "right", "unsure", "wrong"]
_OTHERS = "languages that the site does not have"


def quotes_of_languages() -> Mapping[str, Callable[[], str]]:
    """Figures that pages may quote of them, by name."""
    return {LANGUAGES_TABLE: _table}


def _table() -> str:
    counts: dict[str, dict[str, int]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    rows = [
        [
            NAMES.get(tag, _OTHERS),
            f"{one['texts']}",
            f"{one['right'] / one['texts']:.1%}",
            f"{one['unsure']}",
            f"{one['wrong']}",
        ]
        for tag, one in counts.items()
    ]
    return table(_HEAD, rows)
