"""The sentences of the desk: extracted from templates, views and words, and the three files that carry them.

``scripts/languages desk update`` runs it; ``check`` names what is not right.
"""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from reviewer.desk.translated_terms import shown_words
from reviewer.languages.staff_language import CATALOGUES, ENGLISH, REFUSAL, STAFF_LANGUAGES, StaffLanguage
from tests.languages.catalogue_rules import Sentence, sentences
from tests.languages.desk_errors import said_by_errors
from tests.languages.desk_rules import faults
from tests.languages.extraction import HEADER, ROOT, as_text, write

KEYWORDS = {
    "said": None,
    "in_words": None,
    "marked": None,
    "said_number": (1, 2),
    "marked_number": (1, 2),
}
TRANSLATED = tuple(one for tag, one in STAFF_LANGUAGES.items() if tag != ENGLISH)


@cache
def extract() -> Catalog:
    """Every sentence that a page of the desk can show, by the page or module where it stands."""
    found = Catalog(charset="utf-8")
    pages = extract_from_dir(ROOT / "templates/reviewer", [("**.html", "jinja2")], {"**.html": {"silent": "false"}})
    for name, _line, message, comments, context in sorted(pages, key=lambda piece: (piece[0], piece[1])):
        found.add(message, None, [(f"templates/reviewer/{name}", 1)], auto_comments=comments, context=context)
    modules = extract_from_dir(ROOT / "reviewer", [("**.py", "python")], keywords=KEYWORDS)
    for name, _line, message, _comments, _context in sorted(modules, key=lambda piece: (piece[0], piece[1])):
        found.add(message, None, [(f"reviewer/{name}", 1)])
    for module, sentence in said_by_errors():
        found.add(sentence, None, [(module, 1)], auto_comments=[REFUSAL])
    for words in shown_words():
        found.add(words, None, [("reviewer/desk/translated_terms.py", 1)])
    return found


def read(language: StaffLanguage) -> Catalog:
    """The file of a language."""
    text = (CATALOGUES / f"{language.tag}.po").read_text(encoding="utf-8")
    return read_po(io.StringIO(text), locale=language.tag, charset="utf-8", abort_invalid=True)


def updated(language: StaffLanguage) -> str:
    """The file with today's sentences: new ones empty, old ones gone; nothing is guessed."""
    path = CATALOGUES / f"{language.tag}.po"
    catalogue = Catalog(locale=language.tag, charset="utf-8")
    catalogue.mime_headers = [("Plural-Forms", language.plurals)]
    known = {sentence.source: sentence.forms for sentence in sentences(read(language))} if path.exists() else {}
    for message in extract():
        if message.id:
            source = message.id if isinstance(message.id, tuple) else (message.id,)
            forms = known.get(tuple(source), ())
            string = forms if isinstance(message.id, tuple) else next(iter(forms), "")
            catalogue.add(message.id, string, message.locations, auto_comments=message.auto_comments)
    catalogue.header_comment = HEADER.format(what=f"The desk: {language.own_name}, {language.tag}")
    catalogue.fuzzy = False
    return as_text(catalogue)


def problems(language: StaffLanguage) -> Iterator[str]:
    """All that keeps a language from being shipped. An error that is not translated yet is told in English."""
    there = list(sentences(read(language)))
    wanted = {sentence.source for sentence in sentences(extract())}
    errors = {(sentence,) for _module, sentence in said_by_errors()}
    for sentence in there:
        if sentence.source not in wanted:
            yield _told(language, sentence, "no page says this any more: run scripts/languages desk update")
        for fault in faults(sentence, language) if any(sentence.forms) or sentence.source not in errors else ():
            yield _told(language, sentence, fault)
    for source in wanted - errors - {sentence.source for sentence in there}:
        yield f"{language.tag}.po: not in the file: run scripts/languages desk update: {source[0]!r}"


def _told(language: StaffLanguage, sentence: Sentence, fault: str) -> str:
    return f"{language.tag}.po line {sentence.line}: {fault}: {sentence.source[0]!r}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/languages desk", description="The sentences of the desk.")
    parser.add_argument("what", choices=("update", "check"))
    if parser.parse_args(argv).what == "update":
        for language in TRANSLATED:
            changed = write(CATALOGUES / f"{language.tag}.po", updated(language))
            print(f"{language.tag}: {'written' if changed else 'as it was'}")
    found = [problem for language in TRANSLATED for problem in problems(language)]
    for problem in found:
        print(problem)
    print(f"{len(found)} problems" if found else "no problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
