"""Puts what was typed back into any form of a page.

The page is one of ours: attributes stand in double quotes, and Jinja has escaped all that others wrote.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from markupsafe import escape

from reviewer.desk.form_fields import PRESS
from reviewer.desk.stale_form import WAS

_TAG = re.compile(r"<(/?)(form|details|input|select|option|textarea)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([a-z-]+)(?:="([^"]*)")?')
_VALUE = re.compile(r'\svalue="[^"]*"')
_CHOSEN = re.compile(r"\s(?:checked|selected|open)(?=[\s>])")
_CHOICES: Final = {"checkbox": "checked", "radio": "checked", "option": "selected"}
_ESCAPED: Final = (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&"))
"""As Jinja writes them; the last one must be undone last."""

_NOT_TYPED: Final = frozenset({"password", "submit", "button", "reset", "file"})


@dataclass(frozen=True, slots=True)
class _Control:
    """One control; ``begin`` and ``end`` bound its tag, or the content of a textarea."""

    kind: str
    name: str
    value: str
    begin: int
    end: int


@dataclass(slots=True)
class _Form:
    """One form; ``fold`` bounds the tag of the details in which it lies."""

    action: str
    fold: tuple[int, int] | None
    controls: list[_Control] = field(default_factory=list)

    def hidden(self) -> set[tuple[str, str]]:
        """Hidden fields that say which form it is."""
        return {
            (one.name, one.value)
            for one in self.controls
            if one.kind == "hidden" and one.name != PRESS and not one.name.startswith(WAS)
        }


def refill(page: str, action: str, fields: Sequence[tuple[str, str]]) -> str | None:
    """The page with ``fields`` in the form that is sent to ``action``; None where it has no such form.

    Hidden fields stay as the page has them, and passphrases are put back nowhere.
    """
    address, sent = action.partition("?")[0], set(fields)
    form = next((one for one in _forms(page) if one.action == address and one.hidden() <= sent), None)
    if form is None:
        return None
    for begin, end, text in reversed(list(_changes(form, page, list(fields)))):
        page = page[:begin] + text + page[end:]
    return page


def _forms(page: str) -> list[_Form]:
    """All forms, with the places of their controls."""
    forms: list[_Form] = []
    folds: list[tuple[int, int]] = []
    is_in_form, select = False, ""
    for found in _TAG.finditer(page):
        end_mark, tag, rest = found.groups()
        if end_mark:
            is_in_form = is_in_form and tag != "form"
            if tag == "details" and folds:
                folds.pop()
            continue
        given = {name: _unescaped(value) for name, value in _ATTRIBUTE.findall(rest)}
        name, value = given.get("name", ""), given.get("value", "")
        begin, end = found.span()
        if tag == "details":
            folds.append((begin, end))
        elif tag == "form":
            is_in_form = True
            forms.append(_Form(given.get("action", "").partition("?")[0], folds[-1] if folds else None))
        elif tag == "select":
            select = name
        elif not is_in_form:
            continue
        elif tag == "input":
            forms[-1].controls.append(_Control(given.get("type", "text"), name, value, begin, end))
        elif tag == "option":
            words = _unescaped(page[end : page.index("<", end)]).strip()
            forms[-1].controls.append(_Control("option", select, given.get("value", words), begin, end))
        else:
            forms[-1].controls.append(_Control(tag, name, "", end, page.index("</textarea>", end)))
    return forms


def _changes(form: _Form, page: str, left: list[tuple[str, str]]) -> Iterator[tuple[int, int, str]]:
    """Places of the page and their new text, in order; ``left`` has the fields that no control took yet."""
    if form.fold is not None:
        begin, end = form.fold
        yield begin, end, f"{_CHOSEN.sub('', page[begin:end])[:-1]} open>"
    for one in form.controls:
        raw = page[one.begin : one.end]
        if one.kind in _CHOICES:
            raw, is_chosen = _CHOSEN.sub("", raw), (one.name, one.value) in left
            yield one.begin, one.end, f"{raw[:-1]} {_CHOICES[one.kind]}>" if is_chosen else raw
            continue
        is_typed = one.name.startswith(WAS) if one.kind == "hidden" else one.kind not in _NOT_TYPED
        value = _take(left, one.name) if is_typed else None
        if value is None:
            continue
        if one.kind == "textarea":
            yield one.begin, one.end, f"\n{escape(value)}"
        else:
            yield one.begin, one.end, f'{_VALUE.sub("", raw)[:-1]} value="{escape(value)}">'


def _take(left: list[tuple[str, str]], name: str) -> str | None:
    """The first value of this name, which no other control gets."""
    for place, (known, value) in enumerate(left):
        if known == name:
            del left[place]
            return value
    return None


def _unescaped(text: str) -> str:
    for escaped, letter in _ESCAPED:
        text = text.replace(escaped, letter)
    return text
