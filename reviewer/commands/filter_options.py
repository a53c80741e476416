"""The options of a filter, for ``list`` and ``view save``."""

from collections.abc import Callable
from typing import Any

import click

from reviewer.casebook.tip_filter import ALL, CHOICES, TipFilter

_FLAGS = {
    "unread": ("read", "unread", "Only those that were not opened yet."),
    "starred": ("starred", "yes", "Only those with a star."),
    "answered": ("answered", "yes", "Only those of which the last message is answered."),
    "unanswered": ("answered", "no", "Only those without an answer, or with a message after it."),
    "danger": ("danger", "yes", "Only those that tell of danger."),
    "with_files": ("files", "yes", "Only those with files."),
}
_TEXTS = {
    "owner": ("NAME", "Only those of this owner; - for none."),
    "label": ("LABEL", "Only those with this label; - for none."),
    "due": ("DAY|overdue|set|none", "Only those due by DAY (2026-12-31), overdue, with or without a due day."),
    "language": ("TAG", "Only those sent from a page in this language; - for none."),
    "questionnaire": ("NAME", "Only those with this questionnaire; - for none."),
    "case": ("NUMBER", "Only those in this case; - for none."),
}
_CHOICES = {
    "box": "Open ones, archived ones, or all.",
    "status": "Only those of this status.",
    "waits": "Only those that wait for us, or for the source.",
    "kind": "Only those of this kind.",
    "sort": "The order.",
}


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add all options of a filter; :func:`filter_of` makes one of their values."""
    for name, text in reversed(_CHOICES.items()):
        choice = click.Choice(CHOICES[name])
        command = click.option(f"--{name}", f"filter_{name}", type=choice, help=text)(command)
    for name, (metavar, text) in reversed(_TEXTS.items()):
        command = click.option(f"--{name}", f"filter_{name}", metavar=metavar, help=text)(command)
    for name, (_criterion, _value, text) in reversed(_FLAGS.items()):
        command = click.option(f"--{name.replace('_', '-')}", f"filter_{name}", is_flag=True, help=text)(command)
    return command


def filter_of(options: dict[str, Any], *, base: TipFilter | None = None) -> TipFilter:
    """The filter of these options, on top of ``base``.

    Without ``base`` and ``--box`` it lets archived ones through.

    Raises:
        CasebookError: a value that its criterion does not have.
    """
    given = {name.removeprefix("filter_"): value for name, value in options.items() if value}
    criteria = {"box": ALL} if base is None else base.criteria()
    for name, value in given.items():
        if name in _FLAGS:
            criterion, word, _text = _FLAGS[name]
            criteria[criterion] = word
        else:
            criteria["form" if name == "questionnaire" else name] = str(value)
    return TipFilter.parse(criteria)
