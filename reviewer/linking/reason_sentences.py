"""Sentences for and against the two sides of a question being one, in the language of staff."""

from collections.abc import Mapping
from typing import Final

from reviewer.languages.staff_language import marked, said, said_number, staff_language

_LEFT_TO_RIGHT: Final = "\u2066"
_END: Final = "\u2069"

_SENTENCES: Final[Mapping[str, str]] = {
    "same-words": marked("A word of both names is the same."),
    "alike-words": marked("A word sounds alike in both names, or is a short form of the other."),
    "initial": marked("One name has only the first letter of a word."),
    "other-order": marked("The words stand in another order."),
    "joined-words": marked("Two words of one name are one word in the other."),
    "other-script": marked("One name is in a script that leaves out vowels."),
    "left-over-in-one": marked("One name has a word that the other lacks."),
    "left-over-in-both": marked("Each name has a word that the other lacks."),
    "one-word": marked("One name is a single word, which many people have."),
    "nothing-alike": marked("No word of the names is alike."),
    "one-mailbox": marked("Both tips came from one mailbox: they are one witness."),
    "same-file": marked("The two files are the same, byte for byte."),
    "same-picture": marked("The two pictures look the same, to the last detail that is compared."),
    "changed-picture": marked(
        "The pictures are the same, or changed a little: smaller, compressed, mirrored or turned."
    ),
    "much-alike": marked(
        "The pictures are only much alike: one may be cut or edited, or they are two of one place."
    ),
    "little-to-see": marked("There is little to see in one picture: two walls or two skies look alike."),
}
"""By the codes of the list in docs/review/linking.md."""


def reason_sentence(code: str, *, count: int, kind: str, key: str) -> str:
    """One reason, as a whole sentence; ``count``, ``kind`` and ``key`` are for the codes that need them."""
    if code == "frequent":
        return said_number(
            "%(num)s other mailbox here writes of such a name.",
            "%(num)s other mailboxes here write of such a name.",
            count,
        )
    if code == "same-identifier":
        if staff_language().direction == "rtl":  # the plus of a number would stand behind it
            key = f"{_LEFT_TO_RIGHT}{key}{_END}"
        return said("The same stands in both tips: %(kind)s %(key)s.", kind=said(kind), key=key)
    return said(_SENTENCES[code])
