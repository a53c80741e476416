"""Errors in the language of staff, with pages and buttons in place of commands.

Modules raise errors in English, with names and numbers in them, for the command line. The catalogues have these
sentences with a place for each value. Here a message is compared with them, and the one that fits is said.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from reviewer.languages.staff_language import marked, refusals, said, staff_language
from reviewer.terminal.plain_text import readable_text
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
    "tipline-review given saved HOME": marked("the page of saved folders lists them"),
    # Findings, entities, questions and decisions.
    "tipline-review entities HOME": marked("the page Entities lists them"),
    "tipline-review entities HOME lists them": marked("the page Entities lists them"),
    "tipline-review entities unmask": marked("remove it on the page Masks"),
    "forget these: tipline-review entities": marked("forget these on the page Entities"),
    "tipline-review findings HOME lists them": marked("the page Findings lists them"),
    "tipline-review findings list HOME TIP --json": marked("the page of findings of the tip shows its readings"),
    "tipline-review findings mark HOME stopped WORDS --place --undo takes it off the list": marked(
        "the page Findings takes it off the list"
    ),
    "keep that one, with --as for another kind": marked("keep that one, and choose another kind there"),
    "keep a finding of that tip with --to first": marked("keep a finding of that tip for this entity first"),
    "--because REASON": marked("write the reason into its field"),
    "--because REASON notes the role all the same": marked(
        "with a reason in its field the role is noted all the same"
    ),
    "--sure decides it all the same": marked("a second press decides it all the same"),
    "--dry-run lists them": marked("look at the page again"),
    "put them back or delete them first: tipline-review bin": marked(
        "put them back or delete them in the bin first"
    ),
    "tipline-review links list HOME": marked("the pages of the entities list decisions"),
    "tipline-review links list HOME lists them": marked("the pages of the entities list decisions"),
    "tipline-review links HOME": marked("the page Questions lists them"),
    "tipline-review links HOME lists them; after tips were read again they have other numbers": marked(
        "the page Questions lists them; after tips were read again they have other numbers"
    ),
    "undo one of these first, if it is wrong: tipline-review links undo HOME D-N": marked(
        "undo one of these first, if it is wrong"
    ),
    "name a file on a medium or in memory, or confirm a disk with --on-disk": marked(
        "name a file on a medium or in memory"
    ),
    "--with P-12 ticks a protected one": marked("tick a protected one by itself"),
    "--for RECEIVER": marked("write the receiver as it stands there"),
    "tipline-review lists hits HOME": marked("the page Lists shows them"),
    "tipline-review lists hits HOME; after tips were read again they have other numbers": marked(
        "the page Lists shows them; after tips were read again they have other numbers"
    ),
    # Rounds, colleagues and tips.
    "tipline-review servers list HOME": marked("the page Rounds lists the servers"),
    "tipline-review keys status HOME names what is": marked("the page of the week lists them"),
    "tipline-review servers add HOME server.pub": marked("add it in a terminal, with its file server.pub"),
    "the newest manifest lists all of them: tipline-review manifest HOME FILE": marked(
        "the newest manifest lists all of them; a terminal takes it in"
    ),
    "tipline-review publisher HOME --to NAME": marked("the page of tables for others names one"),
    "tipline-review releases HOME --last NUMBER": marked("say it on the page of tables for others"),
    "tipline-review quarantines list HOME": marked("the page Quarantine lists them"),
    "tipline-review bin HOME shows them": marked("the page of the bin shows them"),
    "tipline-review proposals HOME shows them": marked("the page of proposals shows them"),
    "tipline-review list HOME shows them": marked("the list of tips shows them"),
    "it may be in the bin, or deleted; tipline-review list HOME shows the ids of the others": marked(
        "it may be in the bin, or deleted; the list of tips shows the others"
    ),
    "tipline-review list HOME shows the ids; more digits tell them apart": marked(
        "the list of tips shows the ids; more digits tell them apart"
    ),
    "tipline-review proposals HOME shows the reason; --hold there shows the tip again": marked(
        "the page of proposals shows the reason; “Hold it” there shows the tip again"
    ),
}
"""Hints of commands, and the words for a person who sits at the desk."""

_WITH_A_NUMBER: Final = (
    (
        re.compile(r"tipline-review unhold HOME (?P<short_id>\w+) ends the hold"),
        marked("“Keep or delete” on the page of tip %(short_id)s ends the hold"),
    ),
    (
        re.compile(r"tipline-review links undo HOME D-(?P<number>\d+) takes it back"),
        marked("the page of the entity takes decision D-%(number)s back"),
    ),
    (
        re.compile(
            r"(get that manifest from its issuer|take in manifest.json with its folder manifest.json.chain, from"
            r" the issuer of keys): tipline-review manifest HOME manifest.json; then import again(\. .*)?"
        ),
        marked(
            "get manifest.json and its folder manifest.json.chain from the issuer of keys; a terminal takes them"
            " in. Then take this file in again. If none of you issued one, a stranger has the root key"
        ),
    ),
)
"""Hints of commands with a name in them, and the same for the desk. What only a terminal does is named as such."""

_DEEPEST: Final = 2


class ShownError:
    """An error for a page: its words and its hint as staff read them, and all else as it is.

    A name in it may be a colleague's or a source's, so letters without a picture are named.
    """

    def __init__(self, error: ProgramError) -> None:
        self._error = error

    def __str__(self) -> str:
        return told(readable_text(str(self._error)))

    @property
    def hint(self) -> str:
        """The next step; empty where there is none."""
        return told_hint(readable_text(self._error.hint))

    def __getattr__(self, name: str) -> object:
        return getattr(self._error, name)


def told_hint(hint: str) -> str:
    """A hint of the program, for a person at the desk."""
    if hint in AT_THE_DESK:
        return said(AT_THE_DESK[hint])
    for pattern, sentence in _WITH_A_NUMBER:
        if found := pattern.fullmatch(hint):
            return said(sentence, **found.groupdict())
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
