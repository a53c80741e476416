"""The questionnaires that come with the program: three files, and the lists that files may name."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from crypto.questions.questionnaire import Questionnaire

_TEMPLATES: Final = Path(__file__).parent.parent.parent / "templates"


@cache
def vocabularies() -> Mapping[str, Mapping[str, str]]:
    """Each list by its name, with the English title of each id."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))["ids"]
        for path in sorted((_TEMPLATES / "vocabularies").glob("*.json"))
    }


@cache
def builtin_files() -> Mapping[str, bytes]:
    """The shipped questionnaires, by name, as they lie in the distribution."""
    return {path.stem: path.read_bytes() for path in sorted((_TEMPLATES / "doors").glob("*.toml"))}


def read_questionnaire(untrusted_bytes: bytes) -> Questionnaire:
    """Read a questionnaire, which may name the lists of :func:`vocabularies`.

    Raises:
        QuestionnaireError: it breaks a rule of the format.
    """
    return Questionnaire.parse(untrusted_bytes, vocabularies=vocabularies())
