"""``DIR/site.toml``: the operator's settings of the site. The file and each of its lines are optional."""

import hashlib
import re
import secrets
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from system.errors import ProgramError
from tipline.instance.emergency_numbers import DEFAULT_NUMBERS, EmergencyNumber

KIB, MIB, GIB = 1024, 1024**2, 1024**3
MOST_TEXT_CHARACTERS = 65_000
"""Limit at which a text of four-byte characters still fits one field of an envelope (256 KiB)."""


class SettingsError(ProgramError):
    """``site.toml`` cannot be used; the message names the line or the key."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one request and of one day. ``text_reserve_bytes`` of the disk are for text alone."""

    text_characters: int = 50_000
    files: int = 50
    file_bytes: int = 1 * GIB
    request_bytes: int = 2 * GIB
    day_bytes: int = 20 * GIB
    text_reserve_bytes: int = 512 * MIB


DEFAULT_NAME = "Message"
WHO_WE_ARE = ("", "aid-organisation", "helpline", "shelter", "workers-group", "legal-aid")
TELLS_OTHERS = ("", "only-if-you-agree", "also-when-a-life-is-in-danger", "must-report")
LEFT_PAGES: Final = ("tea", "rice", "plants", "bread")
"""Harmless pages that "Leave now" can show.

Each server draws its own: one page for all would identify them.
"""

NAME_LOOKS = ("quiet", "strong", "hidden")
MOST_NUMBERS = 24
LONGEST_LEAVE_URL = 120
"""Limit in characters. A longer address would make the head of the answer to "Leave now" stand out."""

_OF_A_NUMBER = {"place", "number", "silent", "condition"}
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_WEB_ADDRESS = re.compile(rf"https?://{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?(?:[/?#][!-~]*)?")


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Words and limits of one site; the defaults are usable as they are."""

    name: str = DEFAULT_NAME
    name_look: str = NAME_LOOKS[0]
    leave_url: str = ""
    left_page: str = ""
    who_we_are: str = ""
    tells_others: str = ""
    not_the_police: bool = False
    quiet_words: bool = False
    reading_hours: str = ""
    addresses: tuple[str, ...] = ()
    published_at: str = ""
    limits: Limits = field(default_factory=Limits)
    emergency_numbers: tuple[EmergencyNumber, ...] = DEFAULT_NUMBERS

    @classmethod
    def load(cls, path: Path) -> "SiteSettings":
        """Read the settings from ``path``; all defaults if there is no such file.

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
        except ValueError as error:  # TOMLDecodeError; a number of 5,000 digits is another one
            raise SettingsError(f"site.toml must be TOML: {error}") from error

    @classmethod
    def parse(cls, table: dict[str, Any]) -> "SiteSettings":
        """Check the parsed table.

        Raises:
            SettingsError: as :meth:`load`.
        """
        _refuse_unknown(table, {one.name for one in fields(cls)}, "")
        limits = _limits(_table(table, "limits"))
        numbers = table.get("emergency_numbers")
        return cls(
            name=_text(table, "name", DEFAULT_NAME, most=60) or DEFAULT_NAME,
            name_look=_one_of(table, "name_look", NAME_LOOKS),
            leave_url=_leave_url(table),
            left_page=_one_of(table, "left_page", ("", *LEFT_PAGES)),
            who_we_are=_one_of(table, "who_we_are", WHO_WE_ARE),
            tells_others=_one_of(table, "tells_others", TELLS_OTHERS),
            not_the_police=_yes_or_no(table, "not_the_police"),
            quiet_words=_yes_or_no(table, "quiet_words"),
            reading_hours=_text(table, "reading_hours", "", most=300),
            addresses=_addresses(table.get("addresses", [])),
            published_at=_text(table, "published_at", "", most=120),
            limits=limits,
            emergency_numbers=DEFAULT_NUMBERS if numbers is None else _numbers(numbers),
        )


def _leave_url(table: dict[str, Any]) -> str:
    leave_url = _text(table, "leave_url", "", most=LONGEST_LEAVE_URL)
    if leave_url and not _WEB_ADDRESS.fullmatch(leave_url):
        raise SettingsError(
            "leave_url must begin with https:// and go on as a browser's address bar shows it, in ASCII"
        )
    return leave_url


def _addresses(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 8 or not all(_is_onion(one) for one in value):
        raise SettingsError("addresses must be a list of at most 8 onion addresses, each 56 letters and .onion")
    return tuple(value)


def _is_onion(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z2-7]{56}\.onion", value) is not None


def _limits(table: dict[str, Any]) -> Limits:
    default = Limits()
    _refuse_unknown(table, {one.name for one in fields(Limits)}, "limits.")
    limits = Limits(
        text_characters=_count(table, "text_characters", default.text_characters, 1, MOST_TEXT_CHARACTERS),
        files=_count(table, "files", default.files, 0, 200),
        file_bytes=_count(table, "file_bytes", default.file_bytes, 1, 1024 * GIB),
        request_bytes=_count(table, "request_bytes", default.request_bytes, MIB, 1024 * GIB),
        day_bytes=_count(table, "day_bytes", default.day_bytes, 0, 1024 * GIB),
        text_reserve_bytes=_count(table, "text_reserve_bytes", default.text_reserve_bytes, 0, 1024 * GIB),
    )
    if limits.file_bytes > limits.request_bytes:
        raise SettingsError("limits.file_bytes must not be greater than limits.request_bytes")
    return limits


def _numbers(value: object) -> tuple[EmergencyNumber, ...]:
    if not isinstance(value, list) or len(value) > MOST_NUMBERS:
        raise SettingsError(
            f"emergency_numbers must be a list of at most {MOST_NUMBERS} tables of place and number"
        )
    return tuple(_number(one) for one in value)


def _number(value: object) -> EmergencyNumber:
    if not isinstance(value, dict) or not {"place", "number"} <= set(value) <= _OF_A_NUMBER:
        raise SettingsError(
            "each of emergency_numbers must have place and number, may have silent and condition, and nothing else"
        )
    number = EmergencyNumber(
        _text(value, "place", "", most=60),
        _text(value, "number", "", most=30),
        _text(value, "silent", "", most=30),
        _text(value, "condition", "", most=60),
    )
    if number.condition and not number.silent:
        raise SettingsError("a condition of emergency_numbers must stand beside a silent number")
    return number


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


def _yes_or_no(table: dict[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise SettingsError(f"{key} must be true or false")
    return value


def _one_of(table: dict[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = table.get(key, choices[0])
    if value not in choices:
        raise SettingsError(f"{key} must be one of {', '.join(filter(None, choices))}")
    return str(value)


def _count(table: dict[str, Any], key: str, default: int, least: int, most: int) -> int:
    value = table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise SettingsError(f"limits.{key} must be a whole number from {least} to {most}")
    return value


def drawn_line() -> str:
    """Draw a page for "Leave now"; return its line for ``site.toml``."""
    return f'left_page = "{secrets.choice(LEFT_PAGES)}"\n'


def left_page(chosen: str, address: str) -> str:
    """Return the page that "Leave now" shows: ``chosen``, or the one that ``address`` draws."""
    return chosen or LEFT_PAGES[hashlib.sha256(address.encode()).digest()[0] % len(LEFT_PAGES)]
