"""Every sentence that the pages and views mark for translation, and the files that carry them."""

import io
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from tests.languages.catalogue_rules import sentences
from tipline.languages.catalogue import empty_catalogue, read_catalogue
from tipline.languages.language import Language
from tipline.languages.site_languages import SHIPPED, TEMPLATE

ROOT = Path(__file__).parents[2]
FOLDERS = {"templates/site": ("**.html", "jinja2"), "tipline/pages/views": ("**.py", "python")}
HEADER = """\
# {what}
# Part of tipline; its licence is AGPL-3.0-or-later.
# How to translate: docs/develop/translating.md"""
# Dates and names of programs would change with every run, and say nothing that the history does not.
_NOISE = re.compile(r'^"(?!Language: |Plural-Forms: |MIME-Version: |Content-)[A-Z][A-Za-z-]+: .*\n', re.MULTILINE)


# As a visitor meets them: anyone who translates sees what belongs together. The others follow by name.
_FIRST = (
    "base.html", "_languages.html", "start.html", "_staff.html", "_upload.html", "_problem.html",
    "_arrived.html", "receipt.html", "_words.html", "sent.html", "kept.html", "return.html",
    "_words_form.html", "mailbox.html", "_new_words_form.html", "done.html", "write_again.html",
    "new_words.html", "more.html", "safety.html", "path.html", "limits.html", "_about.html",
    "closed.html", "refused.html", "status.html",
)  # fmt: skip


@cache
def extract() -> Catalog:
    """The sentences of templates and views, in the order in which a visitor meets it."""
    found = Catalog(header_comment=HEADER.format(what="Every sentence of the site"), charset="utf-8")
    for folder, (pattern, method) in sorted(FOLDERS.items()):
        options = {pattern: {"silent": "false"}} if method == "jinja2" else None
        pieces = extract_from_dir(ROOT / folder, [(pattern, method)], options, comment_tags=["Translators:"])
        for name, line, message, comments, context in sorted(
            pieces, key=lambda piece: (_place(piece[0]), piece[1])
        ):
            found.add(message, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return found


def _place(name: str) -> tuple[int, str]:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST), name


def as_text(catalogue: Catalog) -> str:
    """A ``.po`` file: each sentence on one line, and no line numbers, so that a change of a page changes little."""
    written = io.BytesIO()
    write_po(written, catalogue, width=0, include_lineno=False, include_previous=True)
    return _NOISE.sub("", written.getvalue().decode())


def template_text() -> str:
    """``site.pot``."""
    return as_text(extract())


def path_of(language: Language) -> Path:
    return SHIPPED / f"{language.tag}.po"


def updated(language: Language) -> str:
    """The file of a language with today's sentences: new ones empty, changed ones marked fuzzy, old ones gone."""
    path = path_of(language)
    catalogue = read_catalogue(path, language) if path.exists() else empty_catalogue(language)
    catalogue.update(extract())
    catalogue.obsolete.clear()
    catalogue.header_comment = HEADER.format(what=f"{language.own_name}, {language.tag}")
    catalogue.fuzzy = False
    return as_text(catalogue)


def write(path: Path, text: str) -> bool:
    """True if something changed."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def untranslated(language: Language) -> list[str]:
    """English texts that have no translation yet, also those that the file does not list."""
    catalogue = read_catalogue(path_of(language), language)
    done = {sentence.source for sentence in sentences(catalogue) if sentence.is_translated and not sentence.fuzzy}
    return [sentence.source[0] for sentence in sentences(extract()) if sentence.source not in done]


def template_path() -> Path:
    return SHIPPED / TEMPLATE


def existing(languages: Iterable[Language]) -> list[Language]:
    """Those with a file."""
    return [language for language in languages if path_of(language).exists()]
