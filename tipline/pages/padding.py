"""Padding: one length for all pages and one for their heads, so that an onlooker sees no difference."""

from collections.abc import Callable, Mapping

from flask import Flask, Response

from system.errors import ProgramError
from tipline.languages.site_languages import SiteLanguages

PAGE_BYTES = 16 * 1024
PROGRESS_BYTES = 4 * 1024
"""Length of the small frame that counts an upload; it is fetched every few seconds meanwhile."""

HEAD_BYTES = 1024
"""Length of an answer's status and headers, with a cookie or without.

35 cells of tor carry both and the page.
"""

_BEGIN, _END = b"<!--", b"-->\n"


class PageTooLong(ProgramError):
    """A page does not fit; the message names it and the language."""


def padded(page: bytes, *, to_bytes: int = PAGE_BYTES) -> bytes:
    """``page`` (HTML) with a comment behind it, filled up to ``to_bytes``.

    A page that gives back a long text is longer: it goes to the next of twice, four times … that length.
    """
    wanted = to_bytes
    while wanted < len(page) + len(_BEGIN) + len(_END):
        wanted *= 2
    return page + _BEGIN + b" " * (wanted - len(page) - len(_BEGIN) - len(_END)) + _END


def fits(page: bytes) -> bool:
    """Return whether ``page`` fits into the one usual length."""
    return len(page) + len(_BEGIN) + len(_END) <= PAGE_BYTES


def head_filling(so_far_bytes: int) -> str:
    """Return the header line that pads an answer's head to the one length of all.

    ``so_far_bytes`` is its length with the last empty line. A longer head goes to the next multiple.
    """
    name, end = "X-Fill: ", "\r\n"
    dots = -(so_far_bytes + len(name) + len(end)) % HEAD_BYTES
    return f"{name}{'.' * dots}{end}"


def require_one_length(app: Flask, languages: SiteLanguages, pages: Mapping[str, Callable[[], Response]]) -> None:
    """Render each page, by its address, once in every language, and compare lengths.

    A page that is longer would be sent at twice the length, and an onlooker would know it from the others.

    Raises:
        PageTooLong: for the first that does not fit.
    """
    for spoken in languages.spoken:
        for address, render in pages.items():
            with app.test_request_context(f"{address}?lang={spoken.tag}"):
                length = len(render().get_data())
            if length != PAGE_BYTES:
                raise PageTooLong(
                    f"{address} in {spoken.tag} does not fit into the {PAGE_BYTES} bytes that all pages have",
                    hint="shorten the files in words/, the questionnaires in doors/ or the list emergency_numbers",
                )
