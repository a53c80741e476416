"""Values of ``docs/formats/questionnaire.md``."""

import re

from crypto.questions import answers, questionnaire
from crypto.questions.questionnaire import QuestionType
from tests.crypto.page_constants.reading import Said

MOST = answers.MOST_LETTERS
SECTION = questionnaire.MOST_QUESTIONS_OF_A_SECTION
NAME, KEY, CHOICE = (
    int(pattern.pattern.rpartition(",")[2].rstrip("}"))
    for pattern in (questionnaire._NAME, questionnaire._KEY, questionnaire._CHOICE)
)

TAG = re.findall(r"[0-9]+", questionnaire._TAG.pattern.replace("0-9", ""))

SAID: Said = (
    "One TOML 1.0 file",
    f"at most {questionnaire.LONGEST_FILE_BYTES:,} bytes, for one *door*",
    f"# 1 to {NAME + 1} of a-z, 0-9, -; not a hyphen first",
    f"# 1 to {KEY} of a-z, 0-9, _",
    f"`sections` (1 to {questionnaire.MOST_SECTIONS})",
    f"and 1 to {questionnaire.MOST_CONDITIONS} of its choices; `questions` (1 to {SECTION})",
    f"| at most {MOST[QuestionType.TEXT]:,} letters |",
    f"`key`, 1 to {KEY} of `a-z`, `0-9`, `_`, of its own",
    "neither `{}` nor `{}`".format(*questionnaire.TEXTS_OF_THE_FILE),
    f"none of them `{questionnaire.HINT}`",
    f"{TAG[0]} or {TAG[1]} ASCII letters, then any number of parts, each a hyphen and {TAG[2]} to {TAG[3]} ASCII letters or digits",
    f"`choices`, needed, 2 to {questionnaire.MOST_CHOICES}, each 1 to {CHOICE} of `A-Z`, `a-z`, `0-9`, `_`",
    f"at most {MOST[QuestionType.WHEN]} letters |",
    f"`countries`, optional: 2 to {questionnaire.MOST_COUNTRIES} country codes",
    f"at most {MOST[QuestionType.PLACE]} letters, and one of the countries",
    f"a whole number from 0 to {answers.LARGEST_NUMBER:,}",
    f"at most {MOST[QuestionType.CODE]} letters as typed",
    f"At most {questionnaire.MOST_QUESTIONS} questions in one file",
    f"A text has 1 to {questionnaire.LONGEST_TEXT} letters",
    "SHA-256 of the file, 64 hex digits",
    (
        f"A file has at most {questionnaire.LONGEST_FILE_BYTES:,} bytes, {questionnaire.MOST_SECTIONS} sections,"
        f" {questionnaire.MOST_QUESTIONS} questions, {SECTION} of them in one section; a question has at most"
        f" {questionnaire.MOST_CHOICES} choices or {questionnaire.MOST_COUNTRIES} countries, a text"
        f" {questionnaire.LONGEST_TEXT} letters."
    ),
)
