"""Questionnaires that staff made known here, by their digest."""

from crypto.questions.questionnaire import Questionnaire
from reviewer.casebook.database import CasebookDatabase


class Questionnaires:
    """Kept for ever: an old tip is shown under the questions that were asked then."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, questionnaire: Questionnaire, file: bytes) -> None:
        """Keep the bytes of a file; the same one again is no error."""
        self._small.run("INSERT OR IGNORE INTO questionnaires VALUES (?, ?)", (questionnaire.sha256, file))

    def file(self, sha256: bytes) -> bytes | None:
        """The bytes with this digest; None when they were never made known."""
        row = self._small.row("SELECT file FROM questionnaires WHERE sha256 = ?", (sha256,))
        return bytes(row[0]) if row else None

    def files(self) -> list[bytes]:
        """All known files."""
        return [bytes(row[0]) for row in self._small.rows("SELECT file FROM questionnaires ORDER BY sha256")]
