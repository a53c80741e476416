"""Strict parsing of a server's answers to the courier: the server may be compromised."""

import json
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from courier.patience import CourierError

_LONGEST_ANSWER_BYTES: Final = 64 * 1024
_LONGEST_LINE: Final = 1000
_HIGHEST_NUMBER: Final = 10**12


def text_in(pieces: Iterable[bytes]) -> dict[str, Any]:
    """Parse an answer: a JSON object of texts, whole numbers, booleans, nulls and lists of texts.

    Raises:
        CourierError: it is longer than any answer, or something else.
    """
    content = b""
    for piece in pieces:
        content += piece
        if len(content) > _LONGEST_ANSWER_BYTES:
            raise CourierError("the server's answer is longer than any of its answers")
    try:
        told = json.loads(content, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _no_answer() from error
    if not isinstance(told, dict) or not all(map(_is_plain, told.values())):
        raise _no_answer()
    return told


def number_in(told: dict[str, Any], name: str) -> int:
    """A count, from 0 on.

    Raises:
        CourierError: it is none.
    """
    found = told.get(name)
    if type(found) is not int or not 0 <= found <= _HIGHEST_NUMBER:
        raise CourierError(f"expected a number of {name} from the server", hint="ask its operator")
    return found


def line_in(told: dict[str, Any], name: str) -> str | None:
    """A text that cannot move the terminal's cursor, cut to one line; None if it is missing.

    Raises:
        CourierError: it is no text.
    """
    found = told.get(name)
    if found is None:
        return None
    if not isinstance(found, str):
        raise CourierError(f"expected a text as {name} from the server", hint="ask its operator")
    return plain_line(found)


def plain_line(untrusted_text: str) -> str:
    """One line that cannot move the terminal's cursor, of at most 1,000 characters."""
    return "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in untrusted_text[:_LONGEST_LINE]
    )


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return value is None or isinstance(value, str | int)


def _refuse(_untrusted_text: str) -> NoReturn:
    raise ValueError("a number must be whole")


def _no_answer() -> CourierError:
    return CourierError("expected an answer in JSON from the server", hint="try again; else ask its operator")
