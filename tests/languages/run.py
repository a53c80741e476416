"""The workflow of translation, as ``scripts/languages`` runs it: thin over Babel."""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence

from tests.languages.catalogue_rules import Sentence, faults, sentences
from tests.languages.extraction import (
    existing,
    extract,
    path_of,
    template_path,
    template_text,
    untranslated,
    updated,
    write,
)
from tipline.languages.catalogue import CatalogueError, read_catalogue
from tipline.languages.language import ENGLISH, LANGUAGES, Language
from tipline.languages.site_languages import shipped_reviews

_QUOTED = re.compile("“([^”]+)”")
TRANSLATED = tuple(language for language in LANGUAGES if language != ENGLISH)


def problems(language: Language) -> Iterator[str]:
    """All that keeps a language from being shipped, each with file and line."""
    name = path_of(language).name
    catalogue = read_catalogue(path_of(language), language)
    there = list(sentences(catalogue))
    wanted = {sentence.source for sentence in sentences(extract())}
    translated = {sentence.source[0]: sentence.forms[0] for sentence in there}
    for sentence in there:
        if sentence.source not in wanted:
            yield _told(name, sentence, "no page says this any more: run scripts/languages update")
        if not any(sentence.forms):
            yield _told(name, sentence, "not translated")
        for fault in (*faults(sentence, language), *_other_names(sentence, translated)):
            yield _told(name, sentence, fault)
    for source in wanted - {sentence.source for sentence in there}:
        yield f"{name}: not in the file: run scripts/languages update: {source[0]!r}"


def _other_names(sentence: Sentence, translated: Mapping[str, str]) -> Iterator[str]:
    """A button that a sentence names by another word than its own cannot be found."""
    for quoted in _QUOTED.findall(sentence.source[-1]):
        own = translated.get(quoted)
        if own and sentence.is_translated and own.casefold() not in sentence.forms[-1].casefold():
            yield f"{quoted!r} is called {own!r} on its own, and must be so here"


def _told(name: str, sentence: Sentence, fault: str) -> str:
    return f"{name} line {sentence.line}: {fault}: {sentence.source[0]!r}"


def run_extract() -> int:
    changed = write(template_path(), template_text())
    print(f"{template_path().name}: {'written' if changed else 'as it was'}")
    return 0


def run_update(languages: Sequence[Language]) -> int:
    run_extract()
    for language in languages:
        changed = write(path_of(language), updated(language))
        print(f"{path_of(language).name}: {'written' if changed else 'as it was'}")
    return 0


def run_check(languages: Sequence[Language]) -> int:
    found = 0
    for language in existing(languages):
        try:
            for problem in problems(language):
                print(problem)
                found += 1
        except CatalogueError as error:
            print(error)
            found += 1
    if template_path().read_text(encoding="utf-8") != template_text():
        print(f"{template_path().name} is old: run scripts/languages update")
        found += 1
    print(f"{found} problem{'' if found == 1 else 's'}" if found else "no problems")
    return min(found, 1)


def run_status(languages: Sequence[Language]) -> int:
    total = len(list(sentences(extract())))
    reviewed = shipped_reviews()
    for language in languages:
        done = total - len(untranslated(language)) if path_of(language).exists() else 0
        day = reviewed.get(language.tag)
        told = f"reviewed by a native speaker on {day}" if day else "not reviewed"
        print(f"{language.tag:8} {done:4} of {total}   {told}   {language.own_name}")
    return 0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/languages", description="Extracts, updates and checks sentences."
    )
    parser.add_argument("step", choices=["extract", "update", "check", "status"])
    parser.add_argument("tags", nargs="*", metavar="TAG", help="only these languages; without any, all")
    chosen = parser.parse_args(arguments)
    languages = [language for language in TRANSLATED if language.tag in chosen.tags or not chosen.tags]
    if unknown := set(chosen.tags) - {language.tag for language in languages}:
        parser.error(f"{min(unknown)} is no language of the site")
    if chosen.step == "extract":
        return run_extract()
    return {"update": run_update, "check": run_check, "status": run_status}[chosen.step](languages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
