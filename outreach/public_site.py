"""The public facts of a site, from the file that ``tipline status DIR --json`` prints."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from system.errors import ProgramError

GROUP_LETTERS: Final = 4
_ONION: Final = re.compile(r"[a-z2-7]{56}\.onion")
_MOST_BYTES: Final = 1 << 20
_AGAIN: Final = "make it again on the server: tipline status DIR --json > SITE.json"
_WIKIPEDIA: Final = "https://www.wikipedia.org/"


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number and its place, in the operator's words."""

    place: str
    number: str


@dataclass(frozen=True, slots=True)
class PublicSite:
    """``address`` is 56 letters and ``.onion``; the "Leave now" of the clear page goes to ``leave_url``."""

    address: str
    numbers: tuple[Number, ...] = ()
    leave_url: str = _WIKIPEDIA

    @property
    def url(self) -> str:
        """The first page."""
        return f"http://{self.address}/"

    def groups(self) -> list[str]:
        """The 56 letters in groups of four; ``.onion`` follows the last one."""
        letters = self.address.removesuffix(".onion")
        return [letters[at : at + GROUP_LETTERS] for at in range(0, len(letters), GROUP_LETTERS)]

    @classmethod
    def load(cls, path: Path) -> "PublicSite":
        """Load the file; unknown entries are ignored.

        Raises:
            ProgramError: no such file, or it has no address.
        """
        try:
            with path.open("rb") as source:
                content = source.read(_MOST_BYTES + 1)
        except OSError as error:
            raise ProgramError(f"{path} cannot be read", hint=_AGAIN) from error
        try:
            table = json.loads(content) if len(content) <= _MOST_BYTES else None
        except (ValueError, RecursionError) as error:
            raise ProgramError(
                f"{path} must be the JSON object that `tipline status` prints", hint=_AGAIN
            ) from error
        if not isinstance(table, dict):
            raise ProgramError(f"{path} must be the JSON object that `tipline status` prints", hint=_AGAIN)
        return cls.parse(table)

    @classmethod
    def parse(cls, table: dict[str, Any]) -> "PublicSite":
        """Parse the JSON object.

        Raises:
            ProgramError: a value is missing or of another form.
        """
        address = table.get("onion_address")
        if not isinstance(address, str) or not _ONION.fullmatch(address):
            raise ProgramError(
                "the site has no onion address yet", hint="serve the site once: that makes it; then export it again"
            )
        numbers = table.get("emergency_numbers")
        if not isinstance(numbers, list):
            raise ProgramError("the list emergency_numbers is missing", hint=_AGAIN)
        leave_url = table.get("leave_url") or _WIKIPEDIA
        if not isinstance(leave_url, str) or not re.fullmatch(r"https?://[!-~]+", leave_url):
            raise ProgramError("leave_url must be an address that begins with https://", hint=_AGAIN)
        return cls(address, tuple(_number(one) for one in numbers), leave_url)


def _number(value: object) -> Number:
    match value:
        case {"place": str(place), "number": str(number)}:
            return Number(place, number)
    raise ProgramError("each of emergency_numbers must have place and number", hint=_AGAIN)
