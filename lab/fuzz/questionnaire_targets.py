"""Files of questions, mostly sound by their grammar: a changed byte seldom leaves TOML that can be read."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from crypto.questions import builtin_questionnaires, questionnaire
from lab.fuzz.seeds import OURS
from lab.fuzz.target import Target

_PAGE = Path(__file__).parents[2] / "docs" / "formats" / "questionnaire.md"
_TYPES = ("text", "choice", "many", "when", "place", "number", "file", "code", "colour")
_KEYS = ("a", "b_2", "c", "where", "x" * 24, "x" * 25, "A", "")
_CHOICES = ("yes", "no", "A1", "c" * 40, "c" * 41, "é")
_LINES = (
    'name = "work"',
    "long = true",
    'suggestions = "goods"',
    'vocabulary = "ilo-indicators"',
    "countries = []",
)


def _invented(random: Random) -> bytes:
    lines, texts, before = ['name = "work"'], ['title = "Work"'], ""
    for section in range(random.randint(1, 3)):
        lines += ["[[sections]]", f'key = "s{section}"']
        if before and random.random() < 0.3:
            lines.append(f'when = {{ {before} = ["{random.choice(_CHOICES)}"] }}')
        for _ in range(random.randint(0, 3) or random.randint(0, 1)):
            key, kind = random.choice(_KEYS), random.choice(_TYPES)
            lines += ["[[sections.questions]]", f'key = "{key}"', f'type = "{kind}"']
            texts.append(f'"{key}" = "What is it?"')
            if kind in {"choice", "many"} or random.random() < 0.05:
                chosen = random.sample(_CHOICES, random.randint(1, 3))
                lines.append(f"choices = {chosen!r}")
                texts += [f'"{key}.{choice}" = "One"' for choice in chosen]
                before = key or before
            if kind == "place" and random.random() < 0.5:
                lines.append('countries = ["AT", "BD"]')
    if random.random() < 0.2:
        lines.insert(random.randrange(len(lines)), random.choice(_LINES))
    if random.random() < 0.1:
        texts.pop(random.randrange(len(texts)))
    tag = "en" if random.random() < 0.95 else random.choice(("ar", "xx", "zh-Hans"))
    return "\n".join([*lines, f"[text.{tag}]", *texts, ""]).encode()


def _of_the_page() -> Iterator[bytes]:
    """The example; shipped ones are longer than an input may be."""
    yield _PAGE.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0].encode()


def targets() -> Iterator[Target]:
    reading = [one for one in vars(questionnaire._QuestionnaireReading).values() if callable(one)]
    yield Target(
        "questionnaire",
        builtin_questionnaires.read_questionnaire,
        OURS,
        (*reading, questionnaire._language),
        list(_of_the_page()),
        (b"[[sections]]\n", b"[[sections.questions]]\n", b'key = "', b'type = "', b'"\n', b"[text.en]\n", b"\x7f"),
        _invented,
    )
