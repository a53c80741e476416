"""The page of one file that is looked at, its pictures and its sound: for readers and for members.

Only this page may show pictures or sound that the desk serves.
"""

from dataclasses import dataclass
from typing import Any, Final, Protocol

from flask import Response, request, url_for

from reviewer.desk.headers import SHOWS, Shows
from reviewer.desk.look_cache import PAGE_SECONDS, Lookable
from reviewer.desk.page import desk, page
from reviewer.desk.visible_text import PART_LETTERS, PART_LINES, parts, pieces
from reviewer.errors import CannotLook
from reviewer.viewers.archive_said import said_archive
from reviewer.viewers.look_kind import LookKind, viewer_of
from reviewer.viewers.mail import Mail, MailPart
from reviewer.viewers.viewing import See

PICTURES_ON_A_PAGE: Final = 10
MOST: Final = 1_000_000
_PARTS_ON_A_PAGE: Final = 100
"""Of an e-mail, without words; words take their share."""


class NamedFile(Protocol):
    """The name of a file as its source gave it, and its length."""

    @property
    def name(self) -> str: ...

    @property
    def length_bytes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class LookAddresses:
    """The addresses of one file's page.

    ``views`` begins the names of its views; ``back`` is the address of the tip.
    """

    views: str
    short_id: str
    back: str

    def show(self, file_number: str, **asked: Any) -> str:
        """The page itself."""
        return url_for(f"{self.views}.show", short_id=self.short_id, file_number=file_number, **asked)

    def picture(self, file_number: str, number: int, see: str) -> str:
        """One picture of it."""
        return url_for(
            f"{self.views}.picture", short_id=self.short_id, file_number=file_number, number=number, see=see
        )

    def sound(self, file_number: str, part: int) -> str:
        """One part of its sound."""
        return url_for(f"{self.views}.sound", short_id=self.short_id, file_number=file_number, part=part)


def file_page(file: Lookable, named: NamedFile, addresses: LookAddresses) -> Response:
    """The page; it says why if the file cannot be shown."""
    request.environ[SHOWS] = Shows.PICTURES_AND_SOUND
    see = _see(request.args.get("see", ""))
    first = min(max(1, request.args.get("from", 1, type=int)), MOST)
    overview, refused = None, None
    children, cache = desk().desk_session.children, desk().desk_session.looked
    try:
        overview = cache.overview(file, children=children)
        first = max(1, min(first, overview.pictures))
        if overview.pictures:
            # Drawn before the page is sent, so that the page can say why there is none.
            cache.picture(file, first, see=see, children=children)
    except CannotLook as error:
        refused = error
    text = overview.untrusted_text if overview else None
    if text is not None and overview is not None and overview.kind is LookKind.ARCHIVE:
        text = said_archive(text)
    part_number = max(1, request.args.get("part", 1, type=int))
    heads, mail_pages = _pages(overview.mail) if overview and overview.mail else ([], [])
    return page(
        "look.html",
        200 if refused is None else 422,
        addresses=addresses,
        file=named,
        file_number=file.key[1],
        overview=overview,
        refused=refused,
        see=see.value,
        first=first,
        shown=range(first, min(first + PICTURES_ON_A_PAGE, (overview.pictures if overview else 0) + 1)),
        on_a_page=PICTURES_ON_A_PAGE,
        page_seconds=PAGE_SECONDS,
        viewer=viewer_of(overview.kind) if overview else None,
        heads=heads,
        mail_page=mail_pages[part_number - 1 : part_number],
        untrusted_text=text,
        text_parts=parts(text) if text is not None else len(mail_pages),
        text_part=part_number,
    )


def _pages(mail: Mail) -> tuple[list[tuple[str, str]], list[list[tuple[MailPart | None, str]]]]:
    """The heads above an e-mail, and its pages: parts, each with a piece of its words.

    Very long heads are words of the first page, with None for their part.
    """
    heads = mail.said_heads()
    shown: list[tuple[MailPart | None, str]] = []
    if sum(len(value) for _name, value in heads) > PART_LETTERS:
        shown += [(None, piece) for piece in pieces("\n".join(f"{name}: {value}" for name, value in heads))]
        heads = []
    for one in mail.parts:
        shown += [(one, piece) for piece in pieces(one.untrusted_words)] or [(one, "")]
    pages: list[list[tuple[MailPart | None, str]]] = [[]]
    filled = 0.0
    for part, words in shown:
        fills = 1 / _PARTS_ON_A_PAGE + max(len(words) / PART_LETTERS, words.count("\n") / PART_LINES)
        if pages[-1] and filled + fills > 1:
            pages.append([])
            filled = 0.0
        pages[-1].append((part, words))
        filled += fills
    return heads, pages


def picture_of(file: Lookable, number: int, untrusted_see: str) -> Response:
    """A PNG of ours; raises as :meth:`reviewer.desk.look_cache.LookCache.picture`."""
    desk_session = desk().desk_session
    content = desk_session.looked.picture(file, number, see=_see(untrusted_see), children=desk_session.children)
    return Response(content, content_type="image/png")


def sound_of(file: Lookable, part: int) -> Response:
    """A WAV file of ours; raises as :meth:`reviewer.desk.look_cache.LookCache.sound`."""
    desk_session = desk().desk_session
    return Response(desk_session.looked.sound(file, part, children=desk_session.children), content_type="audio/wav")


def _see(untrusted: str) -> See:
    return next((see for see in See if see.value == untrusted), See.BLURRED)
