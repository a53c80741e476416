"""One translation for staff: a heading for a terminal, and JSON for programs.

The text itself is shown as a text of the source is: a translator outside of the team may have written anything.
"""

from crypto.primitives.canonical_json import Json
from reviewer.casebook.translations import Translation
from reviewer.terminal.plain_text import plain_line


def translation_heading(one: Translation) -> str:
    """Number, author and day of a translation, on one line."""
    outside = ", from outside" if one.is_from_outside else ""
    return f"translation {one.number} by {plain_line(one.author)}, {one.day.isoformat()}{outside}"


def translation_json(one: Translation) -> dict[str, Json]:
    """A translation for programs."""
    return {
        "number": one.number,
        "part": one.part,
        "by": one.author,
        "day": one.day.isoformat(),
        "from_outside": one.is_from_outside,
        "text": one.text,
    }
