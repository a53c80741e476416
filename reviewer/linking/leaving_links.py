"""Links that may leave in an evidence package: pages of decisions, masked as staff see them.

A package has the words of a passage, and not the letters around it: these leave with the passages of the tip that
are ticked. Of a tip that is not in the package neither words nor id leave.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from reviewer.casebook.file_pictures import PICTURE_PARTS
from reviewer.casebook.findings import TextPlace
from reviewer.casebook.submission import Submission
from reviewer.errors import CasebookError
from reviewer.home.home import Home
from reviewer.languages.staff_language import ENGLISH, is_own_sentence, spoken
from reviewer.leaving.evidence_choice import LinkChoice, LinkStretch, OwnSentence
from reviewer.linking.link_page import BETWEEN, PASSAGE, LinkPage, LinkPassage, link_page
from reviewer.linking.masking import Masks
from reviewer.linking.tip_texts import text_by_place
from system.errors import ProgramError

MOST_LINKS: Final = 100
_PICTURE: Final = "a picture"
_TYPED: Final = frozenset({"Reason", "Undone by", "Decided by", "What spoke against"})
"""Rows that a person may have typed, here or at a colleague; the others are sentences of the program."""


def links_of_tips(home: Home, tips: Sequence[Submission]) -> list[LinkChoice]:
    """The decisions that stand and have a passage in one of these tips, the newest first; at most 100.

    A decision on a closed entity is not among them: nothing of it leaves.
    """
    numbers = [one.number for one in tips]
    masks = Masks(home)
    texts = {one.number: text_by_place(home, one) for one in tips}
    found = []
    for number in home.casebook.decision_facts.standing_in(numbers):
        with (
            suppress(CasebookError),
            spoken(ENGLISH),
        ):  # as the whole package; a colleague's quarantine hides all tips of one of the two
            page = link_page(home, f"D-{number}", masks=masks)
            if page.is_closed:
                continue
            found.append(LinkChoice(f"D-{number}", list(_rows(page, texts))))
        if len(found) == MOST_LINKS:
            break
    return found


def chosen_links(offered: Sequence[LinkChoice], untrusted_names: Sequence[str]) -> list[LinkChoice]:
    """Those of the offered links that were named, each once.

    Raises:
        ProgramError: a name is of none of them.
    """
    by_name = {one.name: one for one in offered}
    names = list(dict.fromkeys(name.strip().upper() for name in untrusted_names))
    if any(name not in by_name for name in names):
        raise ProgramError(
            f"links must be among the {len(by_name)} of the preview",
            hint="named as D-7: decisions that stand, with a passage in one of these tips",
        )
    return [by_name[name] for name in names]


def _rows(
    page: LinkPage, texts: Mapping[int, Mapping[TextPlace, str]]
) -> Iterator[tuple[str, str | LinkStretch | OwnSentence]]:
    passages = iter(page.passages)
    for label, text in page.rows():
        if label.startswith(PASSAGE):
            yield label, _stretch(next(passages), texts)
        elif label in _TYPED and not all(map(is_own_sentence, text.split(BETWEEN))):
            yield label, text
        else:
            yield label, OwnSentence(text)


def _stretch(one: LinkPassage, texts: Mapping[int, Mapping[TextPlace, str]]) -> LinkStretch:
    tip = one.submission
    if tip.number not in texts:
        return LinkStretch(None, None, 0, 0)
    if one.shown is None:
        return LinkStretch(tip.short_id, None, 0, 0)
    if one.passage.text.part in PICTURE_PARTS:
        return LinkStretch(tip.short_id, _PICTURE, 0, len(_PICTURE))
    value = texts[tip.number].get(one.passage.text, "")
    return LinkStretch(tip.short_id, value, one.passage.first, min(len(value), one.passage.end))
