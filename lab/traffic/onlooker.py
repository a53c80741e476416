"""Notes of an onlooker about a visit: how much went which way in each exchange, and how long it took."""

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from lab.traffic.tap import Exchange

CELL_BYTES: Final = 498
"""Bytes that a relay cell of tor carries."""
MOST_EXCHANGES: Final = 8
_FILLING: Final = re.compile(rb"<!-- *-->\n\Z|\r\nX-Fill: [^\r]*")


@dataclass(frozen=True)
class Seen:
    """One exchange. ``unfilled_bytes`` is how long the answer would have been had the server filled nothing up;
    ``wait_ms`` from the last piece of the request to the first of the answer, ``answer_ms`` from that to its end.
    """

    request_bytes: int
    answer_bytes: int
    unfilled_bytes: int
    turns: int
    wait_ms: float
    answer_ms: float

    @classmethod
    def of(cls, exchange: Exchange) -> "Seen":
        return cls(
            len(exchange.request),
            len(exchange.answer),
            len(_FILLING.sub(b"", exchange.answer)),
            exchange.turns,
            (exchange.answered_at - exchange.asked_at) * 1000,
            (exchange.ended_at - exchange.answered_at) * 1000,
        )


def cells(count_bytes: int) -> int:
    """How many cells of tor carry so much."""
    return math.ceil(count_bytes / CELL_BYTES)


def numbers(visit: Sequence[Seen], view: str) -> list[float]:
    """The numbers from which a guess is made. ``view`` is a few of these words:

    ``bytes`` for lengths to the byte, as they are at the server, else cells, as on a line of tor; ``answers`` for
    answers to the byte and requests in cells; ``times`` for times as well; ``unfilled`` for the control.
    """
    words = set(view.replace(",", "").split())
    found: list[float] = [len(visit), sum(one.turns for one in visit)]
    for one in visit:
        answer_bytes = one.unfilled_bytes if "unfilled" in words else one.answer_bytes
        found.append(one.request_bytes if "bytes" in words else cells(one.request_bytes))
        found.append(answer_bytes if words & {"bytes", "answers"} else cells(answer_bytes))
        found += [one.wait_ms, one.answer_ms] if "times" in words else []
    each = 4 if "times" in words else 2
    return found + [-1.0] * (each * (MOST_EXCHANGES - len(visit)))


def to_json(visit: Sequence[Seen]) -> list[dict[str, float]]:
    """For a file."""
    return [asdict(one) for one in visit]
