"""How often a text of 40 letters or more gets the right language, by language; writes docs/evidence/languages.md.

Run: ``.venv/bin/python benchmarks/text_languages.py [--write]``

The texts were not used to make the profiles: the sentences of the site's catalogues, and tips that were written for
this measurement. The result is the same on every machine.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.pofile import read_po

from reviewer.languages.text_language import UNSURE, reads_like
from reviewer.languages.word_lists import NAMES, TAGS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "evidence" / "languages.md"
TEXTS = ROOT / "tests" / "reviewer" / "languages" / "texts.tsv"
LOCALE = ROOT / "templates" / "site" / "locale"
FEWEST = 40
OTHER = "other"
ABOUT = (
    "Written by `benchmarks/text_languages.py --write`. The texts have 40 letters or more: the sentences of the",
    "site's catalogues, and tips that were written for this. None was used to make the profiles or to set their",
    "limits, which were set with the catalogues of Django 5; the one of Filipino after a look at the last row. A",
    "text in another language is right where the answer is “unsure”.",
)
_MARKUP = re.compile(r"<[^>]*>|%\(\w+\)[sd]|%%")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true", help="write docs/evidence/languages.md")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
    print(page())


def texts() -> Iterator[tuple[str, str]]:
    """Language tag and text; the tag of a text in a language that the site does not have is "other"."""
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        tag, _, text = line.partition("\t")
        yield tag, text
    english = set()
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                english |= set(_sentences(message.id))
                yield from ((path.stem, one) for one in _sentences(message.string))
    yield from (("en", one) for one in sorted(english))


def outcomes() -> Mapping[str, Counter[str]]:
    """By the language of the texts: how many are right, unsure and wrong. "other" is right where it is unsure."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for tag, text in texts():
        read = reads_like(text)
        is_right = read == (UNSURE if tag == OTHER else tag)
        found[tag]["right" if is_right else "unsure" if read == UNSURE else "wrong"] += 1
    return found


def page() -> str:
    """The table as a document."""
    found = outcomes()
    lines = [
        "# Which language a text reads like",
        "",
        *ABOUT,
        "",
        "| language | texts | right | unsure | wrong |",
        "|---|---|---|---|---|",
    ]
    for tag in [*TAGS, OTHER]:
        counted = found[tag]
        share = counted["right"] / counted.total()
        name = NAMES.get(tag, "20 other languages")
        lines.append(f"| {name} | {counted.total()} | {share:.1%} | {counted['unsure']} | {counted['wrong']} |")
    return "\n".join(lines) + "\n"


def _sentences(message: object) -> Iterator[str]:
    for one in message if isinstance(message, (tuple, list)) else (message,):
        text = " ".join(_MARKUP.sub(" ", str(one or "")).split())
        if sum(letter.isalpha() for letter in text) >= FEWEST:
            yield text


if __name__ == "__main__":
    main()
