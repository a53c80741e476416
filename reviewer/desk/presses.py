"""A button that is pressed twice acts once: the second press gets the answer of the first.

A browser sends both presses of a double click, and sends a form again when its answer is loaded again. Both carry
the name of the same press, and the same fields. Answers are kept in memory until the desk is locked.
"""

import hashlib
from typing import Final

from flask import Response, request

from reviewer.desk.form_fields import PRESS

_MOST_KEPT: Final = 16
_FIRST_REFUSAL: Final = 400
SHOWN_ONCE: Final = frozenset({"entities.open_once", "entities.look_to_forget", "referral.preview"})
"""Pages that are shown once for each reason: each showing has its line in the log."""


class AnsweredPresses:
    """Answers to the newest presses, the oldest first."""

    def __init__(self) -> None:
        self._answers: dict[bytes, tuple[int, list[tuple[str, str]], bytes]] = {}

    def has_any(self) -> bool:
        """True while an answer is kept."""
        return bool(self._answers)

    def forget(self) -> None:
        """Drop all answers; some hold words of tips."""
        self._answers.clear()

    def answer(self) -> Response | None:
        """The answer that this press got before; None for a new one."""
        known = self._answers.get(_digest())
        if known is None:
            return None
        status, headers, content = known
        return Response(content, status, headers)

    def keep(self, response: Response) -> Response:
        """Keep the answer to this press. A refusal is not kept: nothing was done, and it may be tried again."""
        if response.status_code < _FIRST_REFUSAL:
            self._answers[_digest()] = response.status_code, list(response.headers), response.get_data()
            while len(self._answers) > _MOST_KEPT:
                del self._answers[next(iter(self._answers))]
        return response


def is_press() -> bool:
    """True for a press whose answer is kept."""
    return request.method == "POST" and PRESS in request.form and request.endpoint not in SHOWN_ONCE


def _digest() -> bytes:
    fields = list(request.form.items(multi=True))
    return hashlib.sha256(repr((request.full_path, fields)).encode("utf-8", "surrogatepass")).digest()
