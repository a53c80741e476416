"""How often a text of 40 letters or more gets the right language, by language.

Run: ``.venv/bin/python benchmarks/text_languages.py [--write]``

The texts were not used to make the profiles: the sentences of the site's catalogues, and tips that were written for
this measurement. The result is the same on every machine. ``--write`` keeps it in docs/evidence/languages.json,
from which the table in docs/evidence/languages.md is made.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.pofile import read_po

from reviewer.languages.text_language import UNSURE, reads_like
from reviewer.languages.word_lists import TAGS

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "docs" / "evidence" / "languages.json"
TEXTS = ROOT / "tests" / "reviewer" / "languages" / "texts.tsv"
LOCALE = ROOT / "templates" / "site" / "locale"
FEWEST = 40
OTHER = "other"
_MARKUP = re.compile(r"<[^>]*>|%\(\w+\)[sd]|%%")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true", help="put the counts into docs/evidence/languages.json")
    counts = results()
    if parser.parse_args().write:
        RESULTS.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    for tag, counted in counts.items():
        print(f"{tag:5} " + ", ".join(f"{number} {what}" for what, number in counted.items()))


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


def results() -> dict[str, dict[str, int]]:
    """By language tag, the site's languages first: the number of texts, and of the right, unsure and wrong ones."""
    found = outcomes()
    return {
        tag: {"texts": found[tag].total(), **{what: found[tag][what] for what in ("right", "unsure", "wrong")}}
        for tag in [*TAGS, OTHER]
    }


def _sentences(message: object) -> Iterator[str]:
    for one in message if isinstance(message, (tuple, list)) else (message,):
        text = " ".join(_MARKUP.sub(" ", str(one or "")).split())
        if sum(letter.isalpha() for letter in text) >= FEWEST:
            yield text


if __name__ == "__main__":
    main()
