"""The text of a recovery sheet beside its words: as little as its keeper needs.

A finder must not learn whose it is or what it opens: it names neither the organisation nor this program.
"""

import datetime as dt
from dataclasses import dataclass, field

from crypto.recovery.recovery_sheet import Sheet
from system.errors import ProgramError

WORDS_A_ROW = 5
LONGEST_LABEL = 40
REMARK = "#"
WHAT_TO_DO = (
    "Keep this sheet where only you can reach it, and tell no one that you have it.",
    (
        "When those who gave it to you ask for it, face to face, type its words, or read its code with a hand"
        " scanner, on their machine that has no network: never on a telephone, and let no one photograph it."
    ),
    (
        "If it is lost, or another person has seen it, tell them the same day: the other sheets are destroyed"
        " then, and new ones made."
    ),
)


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """One sheet for its keeper.

    Raises:
        ProgramError: the label is too long, or has letters that the fonts of every PDF reader lack.
    """

    sheet: Sheet = field(repr=False)
    of: int
    day: dt.date
    label: str = ""

    def __post_init__(self) -> None:
        if len(self.label) > LONGEST_LABEL or not self.label.isprintable() or not _is_western(self.label):
            raise ProgramError(
                f"label must have at most {LONGEST_LABEL} letters, of those that western European languages use",
                hint="leave it out, or write it on the paper by hand",
            )

    @property
    def title(self) -> str:
        return f"Sheet {self.sheet.number} of {self.of}"

    @property
    def file_name(self) -> str:
        """Without an ending."""
        return f"sheet-{self.sheet.number}-of-{self.of}"

    def facts(self) -> list[str]:
        """Lines under the title."""
        return [
            *([self.label] if self.label else []),
            f"{self.sheet.need} of these {self.of} sheets are needed together. Made on {self.day.isoformat()}.",
        ]

    def rows(self) -> list[str]:
        """The numbered words, five a row, in columns."""
        cells = [f"{number:02} {word:<9}" for number, word in enumerate(self.sheet.words, start=1)]
        return [" ".join(cells[at : at + WORDS_A_ROW]).rstrip() for at in range(0, len(cells), WORDS_A_ROW)]

    def code(self) -> str:
        """The content of the QR code: the words in capitals, which take the least space in it."""
        return " ".join(self.sheet.words).upper()

    def to_text(self) -> bytes:
        """The sheet as a text file; :mod:`reviewer.recovery.sheet_entry` reads it again."""
        remarks = [self.title, *self.facts(), *WHAT_TO_DO]
        lines = [*(f"{REMARK} {line}" for line in remarks), *self.rows()]
        return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _is_western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
