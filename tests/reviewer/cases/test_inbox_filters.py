"""The list gives exactly the tips that a plain program counts, in the order that it sorts them into."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.casebook.tip_filter import CHOICES, TipFilter
from reviewer.home.home import Home, open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.cases.invented_casebook import (
    FORMS,
    LABELS,
    LANGUAGES,
    OWNERS,
    TODAY,
    InventedCasebook,
    PlainTip,
)
from tests.reviewer.colleagues import a_colleague
from tests.reviewer.desk_stage import Desk

Plain = Callable[[InventedCasebook, PlainTip, str], bool]


def yes(word: str, is_so: bool) -> bool:
    return is_so is (word == "yes")


def is_waiting(tip: PlainTip, word: str) -> bool:
    thread = tip.thread
    if not thread.can_be_answered:
        return False
    if word == "us":
        return bool(thread.waits_for_us)
    return thread.last_reply is not None and not thread.signs_since


def is_due(tip: PlainTip, word: str) -> bool:
    due = tip.thread.due
    if word in ("set", "none"):
        return (due is None) is (word == "none")
    return due is not None and (due < TODAY if word == "overdue" else due.isoformat() <= word)


PLAIN: dict[str, Plain] = {
    "box": lambda _book, tip, word: word == "all" or tip.archived is (word == "archived"),
    "read": lambda _book, tip, word: tip.read is (word == "read"),
    "owner": lambda _book, tip, word: tip.thread.owner == ("" if word == "-" else word),
    "label": lambda _book, tip, word: word in tip.thread.labels if word != "-" else not tip.thread.labels,
    "status": lambda _book, tip, word: tip.thread.status == word,
    "starred": lambda _book, tip, word: yes(word, tip.thread.starred),
    "due": lambda _book, tip, word: is_due(tip, word),
    "waits": lambda _book, tip, word: is_waiting(tip, word),
    "answered": lambda _book, tip, word: yes(
        word, tip.thread.last_reply is not None and not tip.thread.waits_for_us
    ),
    "danger": lambda _book, tip, word: yes(word, tip.danger),
    "language": lambda _book, tip, word: tip.language == ("" if word == "-" else word),
    "form": lambda _book, tip, word: tip.form == ("" if word == "-" else word),
    "files": lambda _book, tip, word: yes(word, tip.files > 0),
    "kind": lambda _book, tip, word: tip.kind == word,
    "case": lambda book, tip, word: (
        tip.thread.case is None if word == "-" else str(book.case_of(tip.thread)) == word
    ),
}


def ordinal(day: Any) -> int:
    return int(day.toordinal())


def sort_key(tip: PlainTip, wanted: TipFilter) -> tuple[Any, ...]:
    """The place of a tip in the order of a filter."""
    thread = tip.thread
    late = 10**7
    waits = ordinal(min(thread.waits_for_us)) if is_waiting(tip, "us") else late
    own: dict[str, tuple[Any, ...]] = {
        "urgent": (),
        "newest": (-ordinal(tip.day), -tip.place),
        "oldest": (ordinal(tip.day), tip.place),
        "waiting": (waits,),
        "due": (ordinal(thread.due) if thread.due else late,),
        "unread": (tip.read,),
        "unanswered": (thread.last_reply is not None and not thread.waits_for_us,),
        "starred": (not thread.starred,),
        "owner": (thread.owner == "", thread.owner),
        "label": (not thread.labels, min(thread.labels, default="")),
        "status": (thread.status,),
        "language": (tip.language == "", tip.language),
        "form": (tip.form == "", tip.form),
        "files": (-tip.files,),
    }
    archived = (tip.archived,) if wanted.box == "all" else ()
    return (*archived, *own[wanted.sort], not tip.danger, -ordinal(tip.day), tip.place)


def expected(book: InventedCasebook, wanted: TipFilter) -> list[str]:
    """The ids of the tips that fit, in order, counted without the program."""
    criteria = {"box": wanted.box} | wanted.criteria()
    criteria.pop("sort", None)
    fit = [tip for tip in book.tips if all(PLAIN[name](book, tip, word) for name, word in criteria.items())]
    return [tip.short_id for tip in sorted(fit, key=lambda tip: sort_key(tip, wanted))]


def given_by_program(home: Home, wanted: TipFilter) -> list[str]:
    numbers = home.casebook.inbox.numbers(wanted, today=TODAY)
    assert home.casebook.inbox.count(wanted, today=TODAY) == len(numbers)
    return [home.casebook.submissions.by_number(number).short_id for number in numbers]


FREE = {
    "owner": ("-", *OWNERS, "chidi"),
    "label": ("-", *LABELS, "no such"),
    "due": ("set", "none", "overdue", TODAY.isoformat(), "2026-12-01", "2030-01-01"),
    "language": ("-", *LANGUAGES[1:], "xx"),
    "form": ("-", *FORMS[1:]),
}


def every_value(book: InventedCasebook) -> dict[str, tuple[str, ...]]:
    """All values of each criterion that this casebook can be asked for."""
    cases = tuple(str(one) for one in book.cases if one == book.whole_case(one))
    return {
        **{name: words for name, words in CHOICES.items() if name != "sort"},
        **FREE,
        "case": ("-", *cases, "999"),
    }


def test_each_filter_and_each_pair_of_filters_gives_the_tips_that_a_plain_program_counts(desk: Desk) -> None:
    for name in ("anna", "binta"):
        a_colleague(desk, name)
    book = InventedCasebook(desk, seed=20261129)
    values = every_value(book)
    single = st.sampled_from([(name, word) for name, words in values.items() for word in words])
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for name, words in values.items():
            for word in words:
                wanted = TipFilter.parse({"box": "all", name: word})
                assert given_by_program(home, wanted) == expected(book, wanted), (name, word)
        for sort in CHOICES["sort"]:
            for box in CHOICES["box"]:
                wanted = TipFilter.parse({"box": box, "sort": sort})
                assert given_by_program(home, wanted) == expected(book, wanted), (sort, box)

        @settings(max_examples=300, deadline=None, derandomize=True)
        @given(st.lists(single, min_size=2, max_size=4), st.sampled_from(CHOICES["sort"]))
        def together(criteria: list[tuple[str, str]], sort: str) -> None:
            wanted = TipFilter.parse(dict(criteria) | {"sort": sort})
            assert given_by_program(home, wanted) == expected(book, wanted)

        together()
        # "Next" and "previous" lead through exactly the list, whatever its order.
        for sort in CHOICES["sort"]:
            wanted = TipFilter.parse({"box": "all", "sort": sort})
            order = home.casebook.inbox.numbers(wanted, today=TODAY)
            for place, number in enumerate(order):
                near = home.casebook.inbox.neighbours(number, wanted, today=TODAY)
                assert near.previous == (order[place - 1] if place else None)
                assert near.following == (order[place + 1] if place + 1 < len(order) else None)
        assert len(book.tips) > 70
