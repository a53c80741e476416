"""Vectors of the table "Place in the stream" in ``docs/formats/bundle.md``.

A vector holds what the receiver keeps (``place``), and the statement that comes next. ``own`` is its key.
"""

import hashlib
from typing import Any

from tests.vectors import book as outcomes
from tests.vectors.book import VectorBook, text
from tests.vectors.make_party import sign_text
from tests.vectors.make_statement import OTHER, OWN, STREAM, receivers, statement

NEW_STREAM = "c3" * 16


def chain(length: int, *, fork_at: int = 0, since: int = 1) -> list[bytes]:
    """Statements 1 to ``length``; from ``fork_at`` on they differ from those of the same call without it."""
    made: list[bytes] = []
    for number in range(1, length + 1):
        made.append(
            statement(
                items=[["reply", ("f0" if 0 < fork_at <= number else "00") * 32, 7]],
                number=number,
                previous=hashlib.sha256(made[-1]).hexdigest() if made else None,
                receivers=receivers(OWN, since=since) if number >= since else receivers(OTHER),
            )
        )
    return made


def place(
    read: list[bytes], *, first: int = 1, forgotten: tuple[int, ...] = (), ended: tuple[str, ...] = ()
) -> Any:
    """The record that is kept after ``read``, of which the statements before number ``first`` were not for us."""
    digests = {number: hashlib.sha256(raw).hexdigest() for number, raw in enumerate(read, start=1)}
    return {
        "stream": STREAM,
        "number": len(read),
        "last_sha256": digests.get(len(read)),
        "earlier": {
            str(number): digest
            for number, digest in digests.items()
            if first <= number < len(read) and number not in forgotten
        },
        "ended": list(ended),
    }


def fill() -> None:
    book = VectorBook("stream")
    sound, fork = chain(9), chain(9, fork_at=4)
    late = chain(9, since=5)
    elsewhere = statement(stream=NEW_STREAM)
    for name, outcome, kept, raw in (
        ("first_contact_with_number_1", outcomes.OPENS, None, sound[0]),
        ("first_contact_with_a_later_number", outcomes.OUT_OF_ORDER, None, sound[1]),
        ("first_contact_where_we_join", outcomes.OPENS, None, late[4]),
        ("first_contact_after_where_we_join", outcomes.OUT_OF_ORDER, None, late[5]),
        ("first_contact_before_where_we_join", outcomes.NOT_FOR_US, None, late[3]),
        ("stream_confirmed_begins_with_number_1", outcomes.OPENS, place([]), sound[0]),
        ("stream_confirmed_begins_with_a_later_number", outcomes.OUT_OF_ORDER, place([]), sound[2]),
        ("next_number", outcomes.OPENS, place(sound[:4]), sound[4]),
        ("next_number_after_joining", outcomes.OPENS, place(late[:5], first=5), late[5]),
        ("next_number_of_a_fork", outcomes.FORKED, place(sound[:5]), fork[5]),
        ("next_number_of_a_fork_that_begins_there", outcomes.OPENS, place(sound[:3]), fork[3]),
        ("number_left_out", outcomes.OUT_OF_ORDER, place(sound[:4]), sound[5]),
        ("last_number_again", outcomes.REPLAYED, place(sound[:4]), sound[3]),
        ("last_number_of_a_fork", outcomes.FORKED, place(sound[:4]), fork[3]),
        ("earlier_number_again", outcomes.REPLAYED, place(sound[:8]), sound[2]),
        ("earlier_number_of_a_fork", outcomes.FORKED, place(sound[:8]), fork[5]),
        ("earlier_number_before_the_fork", outcomes.REPLAYED, place(sound[:8]), fork[2]),
        ("earlier_number_without_a_digest", outcomes.OUT_OF_ORDER, place(sound[:8], forgotten=(3,)), sound[2]),
        ("another_stream", outcomes.NEW_STREAM, place(sound[:4]), elsewhere),
        ("another_stream_that_was_ended", outcomes.ROLLED_BACK, place(sound[:4], ended=(NEW_STREAM,)), elsewhere),
        ("another_stream_that_is_not_for_us", outcomes.NOT_FOR_US, place(sound[:4]), _for_other(NEW_STREAM)),
        ("next_number_that_is_not_for_us", outcomes.NOT_FOR_US, place(sound[:4]), _for_other(STREAM)),
        ("named_again_after_a_break", outcomes.OPENS, place(sound[:2]), late[4]),
        ("named_again_and_the_first_left_out", outcomes.OUT_OF_ORDER, place(sound[:2]), late[5]),
        ("named_again_without_a_break_on_a_fork", outcomes.FORKED, place(sound[:4]), late[4]),
    ):
        book.add(
            name,
            outcome,
            lambda kept=kept, raw=raw: {"own": sign_text(OWN), "place": kept, "statement": [text(raw)]},
        )
    for name, outcome, kept, raw in _reading_on(sound, fork):
        book.add(
            name,
            outcome,
            lambda kept=kept, raw=raw: {"own": sign_text(OWN), "place": kept, "statement": [text(raw)]},
        )
    book.save()


def _reading_on(sound: list[bytes], fork: list[bytes]) -> list[tuple[str, str, Any, bytes]]:
    """``STREAM`` has ended, and the receiver reads on in it."""
    new = statement(stream=NEW_STREAM)

    def after(read: list[bytes]) -> Any:
        now = place([new]) | {"stream": NEW_STREAM}
        ended = place(read)
        del ended["ended"]
        return now | {"read_on": [ended]}

    return [
        ("ended_and_read_on_next_number", outcomes.OPENS, after(sound[:4]), sound[4]),
        ("ended_and_read_on_number_left_out", outcomes.OUT_OF_ORDER, after(sound[:4]), sound[5]),
        ("ended_and_read_on_last_number_again", outcomes.REPLAYED, after(sound[:4]), sound[3]),
        ("ended_and_read_on_earlier_number_of_a_fork", outcomes.FORKED, after(sound[:8]), fork[5]),
        ("ended_and_read_on_next_number_of_a_fork", outcomes.FORKED, after(sound[:5]), fork[5]),
        ("ended_and_read_on_that_is_not_for_us", outcomes.NOT_FOR_US, after(sound[:4]), _for_other(STREAM)),
        ("read_on_elsewhere_and_the_present_stream_goes_on", outcomes.OPENS, after(sound[:4]), _second(new)),
        ("read_on_elsewhere_and_another_stream", outcomes.NEW_STREAM, after(sound[:4]), _of("d4" * 16)),
    ]


def _second(first: bytes) -> bytes:
    return statement(stream=NEW_STREAM, number=2, previous=hashlib.sha256(first).hexdigest())


def _of(stream: str) -> bytes:
    return statement(stream=stream)


def _for_other(stream: str) -> bytes:
    return statement(stream=stream, number=5, previous="ab" * 32, receivers=receivers(OTHER))
