"""Indicators of forced labour of the ILO, and which ticks of a questionnaire speak for which of them.

The table is ``indicators.toml``, which staff can read. Free text is no tick, and never speaks for an indicator.
"""

import importlib.resources
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from crypto.questions.answers import Answer
from crypto.questions.builtin_questionnaires import vocabularies
from crypto.questions.questionnaire import QuestionType

_FILE: Final = "indicators.toml"
_VOCABULARY: Final = "ilo-indicators"
_TICKED: Final = frozenset({QuestionType.CHOICE, QuestionType.MANY})


@cache
def ticks() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Indicator by questionnaire, question and answer."""
    text = importlib.resources.files("reviewer.supply").joinpath(_FILE).read_text(encoding="utf-8")
    return tomllib.loads(text)


def indicator_titles() -> Mapping[str, str]:
    """The English title of each indicator, by its id."""
    return vocabularies()[_VOCABULARY]


def indicators_ticked(questionnaire: str, answers: Iterable[Answer]) -> tuple[str, ...]:
    """The indicators for which the ticks of one tip speak, in the order of the ILO.

    An answer that the questionnaire does not offer counts for nothing: a program of the sender's own made it.
    """
    table = ticks().get(questionnaire, {})
    found = {
        table[answer.question.key][value]
        for answer in answers
        if answer.fits and answer.question.type in _TICKED and answer.question.key in table
        for value in answer.values
        if value in table[answer.question.key]
    }
    return tuple(one for one in indicator_titles() if one in found)
