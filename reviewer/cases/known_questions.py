"""The known questionnaires: the built-in ones and those that staff added."""

from functools import cache

from crypto.questions.builtin_questionnaires import builtin_files, read_questionnaire
from crypto.questions.questionnaire import Questionnaire, QuestionnaireError
from reviewer.casebook.questionnaires import Questionnaires
from system.errors import ProgramError


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


def find_questionnaire(kept: Questionnaires, sha256: bytes) -> Questionnaire | None:
    """The questionnaire with this digest, or None if it is not known here."""
    file = kept.file(sha256)
    return read_questionnaire(file) if file is not None else _shipped().get(sha256)


def all_questionnaires(kept: Questionnaires) -> list[Questionnaire]:
    """By name; the shipped ones too."""
    known = _shipped() | {one.sha256: one for one in map(read_questionnaire, kept.files())}
    return sorted(known.values(), key=lambda one: (one.name, one.sha256))


@cache
def _shipped() -> dict[bytes, Questionnaire]:
    return {one.sha256: one for one in map(read_questionnaire, builtin_files().values())}
