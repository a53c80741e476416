"""Answers to a questionnaire for staff, under their questions, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.primitives.canonical_json import Json
from crypto.questions.answers import FORM_FIELD, PREFIX, QUESTIONS_FIELD, Answer, answers_in
from crypto.questions.builtin_questionnaires import read_questionnaire
from crypto.questions.questionnaire import ENGLISH, Questionnaire, QuestionnaireError
from reviewer.casebook.arrival import Field
from reviewer.casebook.registers import Questionnaires, shipped_questionnaires
from reviewer.terminal.plain_text import plain_line, plain_lines
from system.errors import ProgramError

NOT_OFFERED = "NOT AN ANSWER THAT THE FORM OFFERS; someone sent it with a program of their own:"
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer; ``question`` is in English, ``own_question`` in the source's language or empty.

    ``values`` are untrusted text. ``fits`` is false if the form does not offer such an answer.
    """

    question: str
    own_question: str
    values: Sequence[str]
    fits: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers of one submission to its questionnaire.

    ``questionnaire`` is None if it is not known here; all answers are then in ``left``, by their names. ``tag`` is
    the language of the page that was used.
    """

    form: str
    sha256: str
    questionnaire: Questionnaire | None
    answers: Sequence[Answer]
    left: Sequence[tuple[str, str]]
    tag: str

    @classmethod
    def from_fields(cls, fields: Sequence[Field], kept: Questionnaires) -> "Answered | None":
        """Found among the fields of a submission; None when no question was answered."""
        pairs = [(one.name, one.value) for one in fields]
        untrusted = dict(pairs)
        if not any(is_answer(one) for one in fields):
            return None
        sha256 = untrusted.get(QUESTIONS_FIELD, "")
        questionnaire = kept.known(digest) if (digest := _digest(sha256)) else None
        given = [(name, value) for name, value in pairs if name.startswith(PREFIX)]
        answers, left = answers_in(questionnaire, given) if questionnaire else ([], given)
        return cls(
            untrusted.get(FORM_FIELD, ""), sha256, questionnaire, answers, left, untrusted.get("language", "")
        )

    def lines(self) -> list[str]:
        """Lines for a terminal, without control characters."""
        if self.questionnaire is None:
            lines = [
                f"answers to the questionnaire {plain_line(self.form) or '(no name)'}, which is not known here:",
                "  tipline-review questionnaires add HOME FILE makes it known; its file has the SHA-256",
                f"  {plain_line(self.sha256) or '(none)'}",
            ]
        else:
            lines = [f"answers to {self.questionnaire.text('title', ENGLISH)!r} ({self.questionnaire.name}):"]
            for answer in self.answers:
                lines += self._answer_lines(answer)
        for name, value in self.left:
            lines += ["", f"  {plain_line(name)}:", *plain_lines(value)]
        return lines

    def to_json(self) -> Json:
        """JSON for programs: the keys, and the words in English."""
        return {
            "door": self.form,
            "questionnaire_sha256": self.sha256,
            "is_known": self.questionnaire is not None,
            "answers": [
                {
                    "key": answer.question.key,
                    "question": self._words(answer.question.key, ENGLISH),
                    "values": list(answer.values),
                    "words": [self._value_words(answer, value) for value in answer.values],
                    "country": answer.country or None,
                    "fits": answer.fits,
                }
                for answer in self.answers
            ],
            "other": [{"name": name, "value": value} for name, value in self.left],
        }

    def left_values(self) -> list[str]:
        """Values of fields that belong to no question; untrusted, of any length."""
        return [value for _name, value in self.left]

    def shown(self) -> list[ShownAnswer]:
        """Each answer with its question; in the source's own language too, if the page had it."""
        return [self._shown(answer) for answer in self.answers]

    def _shown(self, answer: Answer) -> ShownAnswer:
        key = answer.question.key
        has_own = self.questionnaire and self.tag != ENGLISH and self.questionnaire.has(key, self.tag)
        values = [self._value_words(answer, value) for value in answer.values]
        if answer.country:
            values.append(f"country: {answer.country}")
        own = self._words(key, self.tag) if has_own else ""
        return ShownAnswer(self._words(key, ENGLISH), own, values, answer.fits)

    def _answer_lines(self, answer: Answer) -> list[str]:
        shown = self._shown(answer)
        lines = ["", f"  {shown.question}"]
        if shown.own_question:
            lines.append(f"  {plain_line(shown.own_question)}")
        if not shown.fits:
            lines.append(f"  {NOT_OFFERED}")
        for value in shown.values:
            lines += plain_lines(value)
        return lines

    def _value_words(self, answer: Answer, value: str) -> str:
        return self._words(f"{answer.question.key}.{value}", ENGLISH) if value in answer.question.choices else value

    def _words(self, key: str, tag: str) -> str:
        return self.questionnaire.text(key, tag) if self.questionnaire else key


def is_answer(field: Field) -> bool:
    """True if this field belongs to a questionnaire, so that :class:`Answered` shows it."""
    return field.name in {FORM_FIELD, QUESTIONS_FIELD} or field.name.startswith(PREFIX)


def _digest(untrusted_hex: str) -> bytes | None:
    try:
        digest = bytes.fromhex(untrusted_hex)
    except ValueError:
        return None
    return digest if len(digest) == _DIGEST_BYTES else None


def accept_questionnaire(untrusted_bytes: bytes) -> Questionnaire:
    """Checked as the server checks it.

    Raises:
        ProgramError: it breaks a rule; the message names which.
    """
    try:
        return read_questionnaire(untrusted_bytes)
    except QuestionnaireError as error:
        raise ProgramError(
            f"this is no questionnaire: {error}", hint="it is a file of the folder doors on the server"
        ) from error


def all_questionnaires(kept: Questionnaires) -> list[Questionnaire]:
    """By name; the shipped ones too."""
    known = dict(shipped_questionnaires()) | {one.sha256: one for one in map(read_questionnaire, kept.files())}
    return sorted(known.values(), key=lambda one: (one.name, one.sha256))
