"""Copies of the keys that this home knows of: root media, and recovery sheets."""

from dataclasses import dataclass

from reviewer.home.home import Home

_MEDIA_SETTING = "root_media"
SHEETS_MADE_SETTING = "recovery_sheets"
SHEETS_TRIED_SETTING = "recovery_sheets_tried"


@dataclass(frozen=True, slots=True)
class SheetStatus:
    """Like ``3 of 5, 2026-11-25``; None when none were made, or tried, as far as this home knows."""

    made: str | None
    tried: str | None

    def __str__(self) -> str:
        return f"{self.made}, tried {self.tried or 'NEVER'}" if self.made else "NONE"


def root_media(home: Home) -> int:
    """The number of root media that this home knows of; 0 if it holds no root key itself."""
    return int(home.casebook.settings.get(_MEDIA_SETTING) or 0)


def note_second_medium(home: Home) -> None:
    """A second medium was written, after the ceremony."""
    note_root_media(home, 2)


def note_root_media(home: Home, count: int) -> None:
    """Note that ``count`` media were written."""
    home.casebook.settings.set(_MEDIA_SETTING, str(count))


def sheet_status(home: Home) -> SheetStatus:
    return SheetStatus(
        home.casebook.settings.get(SHEETS_MADE_SETTING), home.casebook.settings.get(SHEETS_TRIED_SETTING)
    )
