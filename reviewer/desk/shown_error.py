"""Errors in the language of staff, with pages and buttons in place of commands.

Modules raise errors in English, with names and numbers in them, for the command line. The catalogues have these
sentences with a place for each value. Here a message is compared with them, and the one that fits is said.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from reviewer.languages.staff_language import marked, refusals, said, staff_language
from system.errors import ProgramError

AT_THE_DESK: Final = {
    "tipline-review case list HOME shows the cases": marked("the page Cases shows them"),
    "a key that turns up may open it; tipline-review delete deletes it for good": marked(
        "a key that turns up may open it; “Keep or delete” deletes it for good"
    ),
    "write the outbox first, or take the answer back: tipline-review delete HOME ID --answer N": marked(
        "write the outbox first, or take the answer back on the page of the tip"
    ),
    "tipline-review translators compared HOME NAME LETTERS": marked("compare it on the page Translators"),
    "tipline-review retention HOME shows the rules": marked("the page of the rules shows what they find"),
    "tipline-review retention HOME shows the list and its code; look at it again": marked("look at the list again"),
    "undo takes the number of the case that was": marked("open the case that was merged or split off"),
    "tipline-review view list HOME": marked("saved lists stand above the tips"),
    "make it with tipline-review hand-over key, and give it to the other organisation": marked(
        "write the key file first, and give it to the other organisation"
    ),
    "the other organisation writes it with tipline-review hand-over key": marked(
        "the other organisation writes it on its page “Keys for handing over”"
    ),
    "plug the medium in, or look where they were moved to; if they are destroyed, say so (--gone)": marked(
        "plug the medium in, or look where they were moved to; if they are destroyed, press “They are gone”"
    ),
    "tipline-review people list HOME names all": marked("the page People names all"),
    "tipline-review people inbox HOME lists them": marked("the page People lists them"),
    "tipline-review saved HOME": marked("the page of saved folders lists them"),
}
"""Hints of commands, and the words for a person who sits at the desk."""

_ENDS_THE_HOLD: Final = re.compile(r"tipline-review unhold HOME (\w+) ends the hold")
_HOLD: Final = marked("“Keep or delete” on the page of tip %(short_id)s ends the hold")
_DEEPEST: Final = 2


class ShownError:
    """An error for a page: its words and its hint as staff read them, and all else as it is."""

    def __init__(self, error: ProgramError) -> None:
        self._error = error

    def __str__(self) -> str:
        return told(str(self._error))

    @property
    def hint(self) -> str:
        """The next step; empty where there is none."""
        return told_hint(self._error.hint)

    def __getattr__(self, name: str) -> object:
        return getattr(self._error, name)


def told_hint(hint: str) -> str:
    """A hint of the program, for a person at the desk."""
    if hint in AT_THE_DESK:
        return said(AT_THE_DESK[hint])
    if found := _ENDS_THE_HOLD.fullmatch(hint):
        return said(_HOLD, short_id=found[1])
    return told(hint)


def told(words: str, *, depth: int = 0) -> str:
    """A message of the program in the language of staff; English where no sentence of the catalogue fits."""
    whole = said(words)
    if whole != words or not words or depth == _DEEPEST:
        return whole
    for pattern, names, sentence in _patterns(staff_language().tag):
        if found := pattern.fullmatch(words):
            values = dict(zip(names, found.groups(), strict=True))
            return said(sentence, **{name: told(value, depth=depth + 1) for name, value in values.items()})
    return words


@cache
def _patterns(tag: str) -> Sequence[tuple[re.Pattern[str], Sequence[str], str]]:
    """Sentences with places, those with most fixed letters first."""
    return sorted(_compiled(refusals(tag)), key=lambda one: -sum(map(len, one[0].pattern.split("(.+?)"))))


def _compiled(sentences: Sequence[str]) -> Iterator[tuple[re.Pattern[str], Sequence[str], str]]:
    for sentence in sentences:
        fixed, names = re.split(r"%\(\w+\)s", sentence), re.findall(r"%\((\w+)\)s", sentence)
        if names and sum(map(len, fixed)) > len("x must y"):
            pattern = "(.+?)".join(re.escape(one.replace("%%", "%")) for one in fixed)
            yield re.compile(pattern, re.DOTALL), names, sentence
