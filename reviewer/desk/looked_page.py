"""The page of one file that is looked at, its pictures and its sound: for readers and for members.

Only this page may show pictures or sound that the desk serves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from flask import Response, request, url_for

from reviewer.desk.headers import SHOWS, Shows
from reviewer.desk.look_cache import PAGE_SECONDS, Lookable
from reviewer.desk.page import desk, page
from reviewer.desk.visible_text import parts
from reviewer.errors import CannotLook
from reviewer.viewers.archive_said import said_archive
from reviewer.viewers.look_kind import LookKind, viewer_of
from reviewer.viewers.mail_said import HEAD_LETTERS, mail_heads, said_parts
from reviewer.viewers.viewing import See

PICTURES_ON_A_PAGE: Final = 10
MOST: Final = 1_000_000


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
    heads: Sequence[tuple[str, str]] = ()
    if text is not None and overview is not None and overview.kind is LookKind.MAIL:
        heads, text = mail_heads(text)
        text = said_parts(text)
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
        head_letters=HEAD_LETTERS,
        untrusted_text=text,
        text_parts=parts(text) if text is not None else 0,
        text_part=max(1, request.args.get("part", 1, type=int)),
    )


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
