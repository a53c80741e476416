"""``DIR/words/SLOT.LANGUAGE.md``: the operator's own texts, in a small subset of Markdown.

markdown-it-py renders them, bleach cleans the result, and both must agree: what is not on the short list, or was
begun and never closed, is refused at the start, with the file and the line. So a page never shows half of it.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import bleach
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from system.errors import ProgramError
from tipline.languages.language import ENGLISH, LANGUAGES

MOST_BYTES: Final = 2048
"""Limit of one file, at which its page keeps the length of all pages."""

TAGS: Final = frozenset(language.tag for language in LANGUAGES)
_TAGS: Final = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3"})
_NAMES: Final = {
    "link_open": "a link (write the address as text: one touch must not lead a source away from this site)",
    "image": "a picture",
    "html_block": "HTML",
    "html_inline": "HTML",
    "blockquote_open": "a quotation",
    "code_inline": "code",
    "code_block": "code (a line that begins with four spaces)",
    "fence": "code",
    "hr": "a line across the page",
}
_QUIET: Final = frozenset({"text", "inline", "softbreak", "hardbreak"})
_LEFT_OPEN: Final = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_FILE_NAME: Final = re.compile(r"(?P<slot>[a-z]+)\.(?P<tag>[A-Za-z-]+)\.md")


class SiteTextError(ProgramError):
    """A file in ``words/`` cannot be shown; the message names it, the line, and what was expected."""


class Slot(StrEnum):
    """The place of a text on the site; the value is the beginning of the file name."""

    WELCOME = "welcome"
    HOURS = "hours"
    EMERGENCY = "emergency"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True)
class SiteText:
    """A text of the operator as clean HTML, and the tag of its language.

    A text of ``HOURS`` stands inside a sentence of ours; all others are blocks.
    """

    html: Markup
    tag: str


class SiteTexts:
    """The operator's texts, by slot and language."""

    def __init__(
        self, texts: Mapping[tuple[Slot, str], Markup] | None = None, *, otherwise: str = ENGLISH.tag
    ) -> None:
        """``otherwise`` is the language that is shown to readers for whose own there is no file."""
        self._texts = dict(texts or {})
        self._otherwise = otherwise

    @classmethod
    def load(cls, folder: Path, *, tags: Collection[str] = TAGS, otherwise: str = ENGLISH.tag) -> "SiteTexts":
        """Read all texts of ``folder``; none if there is no such folder.

        Raises:
            SiteTextError: a file name without a slot and language of this site, or a text that cannot be shown.
        """
        if not folder.is_dir():
            return cls(otherwise=otherwise)
        texts = {}
        for path in sorted(folder.iterdir()):
            if path.name.startswith("."):
                continue
            slot, tag = _place(path, tags)
            make = render_line if slot is Slot.HOURS else render
            texts[slot, tag] = make(_read(path), name=path.name)
        return cls(texts, otherwise=otherwise)

    def find(self, slot: Slot, tag: str) -> SiteText | None:
        """The words for ``slot`` in ``tag``, else in the operator's main language, else in any that there is."""
        there = sorted(language for known, language in self._texts if known is slot)
        for language in (tag, self._otherwise, *there):
            if (slot, language) in self._texts:
                return SiteText(self._texts[slot, language], language)
        return None


def render(text: str, *, name: str) -> Markup:
    """Markdown as HTML that holds nothing but paragraphs, lists, two sizes of headings, and emphasis.

    Raises:
        SiteTextError: anything else is in it; ``name`` and the line stand in the message.
    """
    tokens = _MARKDOWN.parse(text)
    for line, token in _with_lines(tokens):
        _require_plain(token, f"{name}, line {line}")
    html = str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    if bleach.clean(html, tags=_TAGS, attributes={}, strip=False) != html:
        raise SiteTextError(f"{name}: expected paragraphs, lists, headings and emphasis, and nothing else")
    return Markup(html)  # noqa: S704 -- the one place where operators' words become HTML; cleaned in the line above


def render_line(text: str, *, name: str) -> Markup:
    """Render one paragraph, without the paragraph's own tags.

    Raises:
        SiteTextError: as :func:`render`, or more than one paragraph.
    """
    html = render(text, name=name)
    if not html.startswith("<p>") or html.count("<") != html.count("<em>") * 2 + html.count("<strong>") * 2 + 2:
        raise SiteTextError(f"{name}: expected one paragraph, with nothing but emphasis in it")
    return Markup(html.strip().removeprefix("<p>").removesuffix("</p>"))  # noqa: S704 -- cleaned by render


_MARKDOWN: Final = MarkdownIt("commonmark")


def _with_lines(tokens: list[Token]) -> Iterator[tuple[int, Token]]:
    for block in tokens:
        line = block.map[0] + 1 if block.map else 1
        if block.type != "inline":
            yield line, block
            continue
        for token in block.children or ():
            yield line, token
            line += token.type in {"softbreak", "hardbreak"}


def _require_plain(token: Token, where: str) -> None:
    if token.type in _NAMES:
        raise SiteTextError(f"{where}: {_NAMES[token.type]} is not shown on this site")
    if token.type == "text" and _LEFT_OPEN.search(token.content):
        raise SiteTextError(f"{where}: a * or _ that begins or ends emphasis must have its other half")
    if token.type not in _QUIET and token.tag not in _TAGS:
        raise SiteTextError(
            f"{where}: only headings of the second and third size, ## and ###, are shown on this site"
        )


def _place(path: Path, tags: Collection[str]) -> tuple[Slot, str]:
    named = _FILE_NAME.fullmatch(path.name)
    slots = ", ".join(Slot)
    if named is None or named["slot"] not in set(Slot):
        raise SiteTextError(f"words/{path.name}: expected a name like welcome.en.md, beginning with one of {slots}")
    if named["tag"] not in tags:
        raise SiteTextError(f"words/{path.name}: expected one of the site's languages, {', '.join(sorted(tags))}")
    return Slot(named["slot"]), named["tag"]


def _read(path: Path) -> str:
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SiteTextError(f"words/{path.name} must be a readable file in UTF-8") from error
    if len(raw) > MOST_BYTES:
        raise SiteTextError(f"words/{path.name} must have at most {MOST_BYTES} bytes, and has {len(raw)}")
    if not text.strip():
        raise SiteTextError(f"words/{path.name} must not be empty; delete it instead")
    return text
