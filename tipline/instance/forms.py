"""The forms of a site: ``DIR/doors/*.toml``, each a questionnaire shown beside the text.

An address says only the number of a form, in the order of the file names, so that the address bar does not tell
what the form is about.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.questions.answers import form_mark
from crypto.questions.builtin_questionnaires import builtin_files, read_questionnaire, vocabularies
from crypto.questions.questionnaire import LONGEST_FILE_BYTES, Questionnaire, QuestionnaireError, QuestionType
from system.atomic_files import give_to_owner_of, write_whole
from system.errors import ProgramError

MOST_FORMS: Final = 6


class FormError(ProgramError):
    """A file in ``doors/`` cannot be used; the message names it and the key."""


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire and its number in addresses, from 1."""

    number: int
    questionnaire: Questionnaire

    @property
    def mark(self) -> str:
        """The mark that an upload carries to name the questions it was asked."""
        return form_mark(self.questionnaire)

    @property
    def is_for_return(self) -> bool:
        """True where it asks for a place code: people write again then, and may type their secret words here."""
        return any(question.type is QuestionType.CODE for question in self.questionnaire.questions())

    def suggestions(self, tag: str) -> dict[str, tuple[str, ...]]:
        """Return the suggestions of each field, by the key of its question; English alone has lists."""
        return {
            question.key: tuple(vocabularies()[question.suggestions].values())
            for question in self.questionnaire.questions()
            if question.suggestions and tag == "en"
        }

    def to_copy(self, typed: Mapping[str, str], tag: str) -> str:
        """Return the answers in the fields of a form, a line for each question, for a source to copy."""
        lines = []
        for question in self.questionnaire.questions():
            name = f"q:{question.key}"
            if question.choices:
                ticked = [one for one in question.choices if typed.get(f"{name}:{one}") or typed.get(name) == one]
                said = [self.questionnaire.text(f"{question.key}.{one}", tag) for one in ticked]
            else:
                said = [typed.get(name, "").strip(), typed.get(f"{name}:country", "").strip()]
            if any(said):
                lines.append(f"{self.questionnaire.text(question.key, tag)} {', '.join(filter(None, said))}")
        return "\n".join(lines)


class Forms:
    """The forms of a site, in order; there may be none."""

    def __init__(self, questionnaires: Sequence[Questionnaire] = ()) -> None:
        self._forms = tuple(Form(number, one) for number, one in enumerate(questionnaires, start=1))

    @classmethod
    def load(cls, folder: Path) -> "Forms":
        """Read all forms of ``folder``; none if there is no such folder.

        Raises:
            FormError: a file is no questionnaire, two have one name, or there are more than ``MOST_FORMS``.
        """
        if not folder.is_dir():
            return cls()
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        if len(paths) > MOST_FORMS:
            raise FormError(f"doors/ must hold at most {MOST_FORMS} files")
        forms = cls([_read(path) for path in paths])
        names = [form.questionnaire.name for form in forms]
        if len(set(names)) < len(names):
            raise FormError("two files in doors/ must not have the same name inside")
        return forms

    def __iter__(self) -> Iterator[Form]:
        return iter(self._forms)

    def __bool__(self) -> bool:
        return bool(self._forms)

    def find(self, number: int) -> Form | None:
        """Return the form with this number, or None."""
        return self._forms[number - 1] if 1 <= number <= len(self._forms) else None

    def style(self) -> bytes:
        """Return CSS rules that hide a section until its condition holds.

        A browser that does not know ``:has`` shows all sections.
        """
        rules = [rule for form in self._forms for rule in _rules(form)]
        if not rules:
            return b""
        return f"@supports selector(:has(*)){{{''.join(rules)}}}\n".encode()


def add_shipped(folder: Path, names: Sequence[str]) -> list[Path]:
    """Write shipped examples into ``folder``, which is made when it is not there.

    Raises:
        FormError: one is not shipped, or there already; then nothing is written.
    """
    unknown = sorted(set(names) - set(builtin_files()))
    if unknown:
        raise FormError(f"expected names among {', '.join(builtin_files())}")
    paths = {folder / f"{name}.toml": builtin_files()[name] for name in dict.fromkeys(names)}
    for path in paths:
        if path.exists():
            raise FormError(f"{path} is there already", hint="rename or delete it first")
    if not folder.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        give_to_owner_of(folder.parent, folder)
    for path, content in paths.items():
        write_whole(path, content)
    return list(paths)


def _rules(form: Form) -> Iterator[str]:
    kinds = {question.key: question.type for question in form.questionnaire.questions()}
    for section in form.questionnaire.sections:
        if section.when is None:
            continue
        key = section.when.key
        if kinds[key] is QuestionType.MANY:
            chosen = [f'[name="q:{key}:{choice}"]:checked' for choice in section.when.choices]
        else:
            chosen = [f'[name="q:{key}"]>[value="{choice}"]:checked' for choice in section.when.choices]
        yield f".door{form.number}:not(:has({','.join(chosen)})) .s-{section.key}{{display:none}}"


def _read(path: Path) -> Questionnaire:
    try:
        with path.open("rb") as source:
            raw = source.read(LONGEST_FILE_BYTES + 1)
        return read_questionnaire(raw)
    except OSError as error:
        raise FormError(f"doors/{path.name} must be a readable file") from error
    except QuestionnaireError as error:
        raise FormError(f"doors/{path.name}: {error}") from error
