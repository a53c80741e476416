"""Ready answers by language: those that are shipped, and the organisation's own in HOME/answers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from reviewer.casebook.submission import Submission
from reviewer.cases.preferences import SourcePreferences
from reviewer.errors import ReadyAnswerRefused
from reviewer.home.home import Home
from system.errors import system_reason
from system.given_files import open_given

ANSWERS: Final = Path(__file__).parent.parent.parent / "templates" / "reviewer" / "answers"
OWN_FOLDER: Final = "answers"
ENGLISH: Final = "en"
LONGEST_BYTES: Final = 1 << 20
_SHIPPED: Final = ("read", "could-not-open", "questions", "call", "shelter", "do-not", "closing")


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """``title`` is what staff call it; ``texts`` are by language tag.

    ``is_own`` says that the organisation wrote it. Those that are shipped are unreviewed in all languages but
    ``reviewed``.
    """

    title: str
    texts: Mapping[str, str]
    is_own: bool = False
    reviewed: tuple[str, ...] = (ENGLISH,)

    def text(self, untrusted_tag: str | None = None) -> str:
        """In this language where there is one, else in English."""
        return self.texts[self.tag(untrusted_tag)]

    def tag(self, untrusted_tag: str | None = None) -> str:
        """The language of :meth:`text`."""
        return untrusted_tag if untrusted_tag and untrusted_tag in self.texts else ENGLISH

    def is_reviewed(self, tag: str) -> bool:
        """True if a person who grew up with the language has read it, or the organisation wrote it."""
        return self.is_own or tag in self.reviewed


@dataclass(frozen=True, slots=True)
class ReadyAnswers:
    """All ready answers by name, the organisation's own first, and the refusals of files that hold none."""

    answers: Mapping[str, ReadyAnswer]
    refused: tuple[ReadyAnswerRefused, ...]


def ready_answers(home: Home) -> ReadyAnswers:
    """Those of this home and those that are shipped; an own file with a shipped name stands in for it."""
    own: dict[str, ReadyAnswer] = {}
    refused: list[ReadyAnswerRefused] = []
    folder = home.folder / OWN_FOLDER
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
        try:
            own[path.stem] = read_own(path)
        except ReadyAnswerRefused as error:
            refused.append(error)
    return ReadyAnswers(own | {name: one for name, one in READY.items() if name not in own}, tuple(refused))


def read_own(path: Path) -> ReadyAnswer:
    """One file of the organisation.

    Raises:
        ReadyAnswerRefused: not what :func:`_parse` expects; the message names the file.
    """
    try:
        with open_given(path) as file:
            untrusted_bytes = file.read(LONGEST_BYTES + 1)
        return _parse(_short(untrusted_bytes).decode("utf-8"), is_own=True)
    except OSError as error:
        reason = system_reason(error)
        raise ReadyAnswerRefused(f"{OWN_FOLDER}/{path.name} cannot be read: {reason}") from error
    except UnicodeDecodeError as error:
        raise ReadyAnswerRefused(f"{OWN_FOLDER}/{path.name} must be UTF-8") from error
    except ValueError as error:
        raise ReadyAnswerRefused(f"{OWN_FOLDER}/{path.name}: {error}") from error


def _short(untrusted_bytes: bytes) -> bytes:
    if len(untrusted_bytes) > LONGEST_BYTES:
        raise ValueError(f"must have at most {LONGEST_BYTES:,} bytes")
    return untrusted_bytes


def _parse(text: str, *, is_own: bool) -> ReadyAnswer:
    """Raises ValueError where a title, or a text in English, is missing, or a value is no text."""
    table = tomllib.loads(text)
    title, texts = table.get("title"), table.get("text")
    if not isinstance(title, str) or not title.strip():
        raise ValueError('must have a line title = "…"')
    if not isinstance(texts, dict) or ENGLISH not in texts:
        raise ValueError("must have a table [text] with at least an English text, en")
    for tag, one in texts.items():
        if not isinstance(one, str) or not one.strip():
            raise ValueError(f"{tag} in [text] must be a text")
    return ReadyAnswer(title, {tag: one.strip("\n") for tag, one in texts.items()}, is_own=is_own)


@cache
def _shipped(name: str) -> ReadyAnswer:
    return _parse((ANSWERS / f"{name}.toml").read_text(encoding="utf-8"), is_own=False)


COULD_NOT_OPEN: Final = _shipped("could-not-open")
READY: Final = {name: _shipped(name) for name in _SHIPPED}
"""Those that are shipped, by a name for forms."""


def suggested_language(home: Home, submission: Submission) -> str:
    """The language in which a ready answer is proposed: the text's, or the page's if that is unsure."""
    page = SourcePreferences.from_fields(home.casebook.submissions.fields(submission)).language
    return home.casebook.text_languages.of(submission.number) or page or ENGLISH
