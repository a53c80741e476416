"""``DIR/site.toml``: what an operator says about the site. The file is optional, and so is each line of it."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from tipline.errors import TiplineError

KIB, MIB, GIB = 1024, 1024**2, 1024**3
MOST_TEXT_CHARACTERS = 65_000
"""So that a text of four-byte characters still fits one field of an envelope (256 KiB)."""


class SettingsError(TiplineError):
    """``site.toml`` cannot be used; the message names the line or the key."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may bring."""

    text_characters: int = 50_000
    files: int = 50
    file_bytes: int = 1 * GIB
    request_bytes: int = 2 * GIB


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """Whom to call where."""

    place: str
    number: str


DEFAULT_NAME = "Message"
DEFAULT_NUMBERS = (
    EmergencyNumber("Europe, India", "112"),
    EmergencyNumber("USA, Canada, Mexico", "911"),
    EmergencyNumber("United Kingdom", "999"),
    EmergencyNumber("Australia", "000"),
)


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Words and limits of one site; the defaults are usable as they are."""

    name: str = DEFAULT_NAME
    leave_url: str = ""
    reading_hours: str = ""
    limits: Limits = field(default_factory=Limits)
    emergency_numbers: tuple[EmergencyNumber, ...] = DEFAULT_NUMBERS

    @classmethod
    def load(cls, path: Path) -> "SiteSettings":
        """From ``path``; all defaults when there is no such file.

        Raises:
            SettingsError: not TOML, an unknown key, or a value out of its bounds.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError("site.toml must be a readable file in UTF-8") from error
        try:
            return cls.parse(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"site.toml must be TOML: {error}") from error

    @classmethod
    def parse(cls, table: dict[str, Any]) -> "SiteSettings":
        """From the parsed table.

        Raises:
            SettingsError: as :meth:`load`.
        """
        _refuse_unknown(table, {one.name for one in fields(cls)}, "")
        limits = _limits(_table(table, "limits"))
        leave_url = _text(table, "leave_url", "", most=500)
        if leave_url and not leave_url.startswith(("https://", "http://")):
            raise SettingsError("leave_url must begin with https://")
        numbers = table.get("emergency_numbers")
        return cls(
            name=_text(table, "name", DEFAULT_NAME, most=60) or DEFAULT_NAME,
            leave_url=leave_url,
            reading_hours=_text(table, "reading_hours", "", most=300),
            limits=limits,
            emergency_numbers=DEFAULT_NUMBERS if numbers is None else _numbers(numbers),
        )


def _limits(table: dict[str, Any]) -> Limits:
    default = Limits()
    _refuse_unknown(table, {one.name for one in fields(Limits)}, "limits.")
    limits = Limits(
        text_characters=_count(table, "text_characters", default.text_characters, 1, MOST_TEXT_CHARACTERS),
        files=_count(table, "files", default.files, 0, 200),
        file_bytes=_count(table, "file_bytes", default.file_bytes, 1, 1024 * GIB),
        request_bytes=_count(table, "request_bytes", default.request_bytes, MIB, 1024 * GIB),
    )
    if limits.file_bytes > limits.request_bytes:
        raise SettingsError("limits.file_bytes must not be greater than limits.request_bytes")
    return limits


def _numbers(value: object) -> tuple[EmergencyNumber, ...]:
    if not isinstance(value, list) or len(value) > 12:
        raise SettingsError("emergency_numbers must be a list of at most 12 tables with place and number")
    return tuple(_number(one) for one in value)


def _number(value: object) -> EmergencyNumber:
    if not isinstance(value, dict) or set(value) != {"place", "number"}:
        raise SettingsError("each of emergency_numbers must have place and number, and nothing else")
    return EmergencyNumber(_text(value, "place", "", most=60), _text(value, "number", "", most=30))


def _refuse_unknown(table: dict[str, Any], known: set[str], prefix: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise SettingsError(f"site.toml: {prefix}{unknown[0]} is not a setting of this version")


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise SettingsError(f"{key} must be a table")
    return value


def _text(table: dict[str, Any], key: str, default: str, *, most: int) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or len(value) > most:
        raise SettingsError(f"{key} must be a text of at most {most} characters")
    return value.strip()


def _count(table: dict[str, Any], key: str, default: int, least: int, most: int) -> int:
    value = table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise SettingsError(f"limits.{key} must be a whole number from {least} to {most}")
    return value
