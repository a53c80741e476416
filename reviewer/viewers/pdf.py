"""PDF, page by page, drawn by poppler inside the sandbox."""

import re
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.limits import SHARP_PIXELS, SMALL_PIXELS
from reviewer.errors import CannotLook
from reviewer.viewers.look_kind import POPPLER
from reviewer.viewers.sandbox import FILE
from reviewer.viewers.viewing import See, output, picture

_PAGES: Final = re.compile(rb"^Pages: +(\d{1,6})$", re.MULTILINE)


def page_count(file: MemoryFile, *, children: Children) -> int:
    """The number of pages, as poppler tells it.

    Raises:
        CannotLook: it is damaged, needs a password, or more than the viewer may use.
        ProgramError, CutShort: as :func:`reviewer.viewers.viewing.picture`.
    """
    with output(["/usr/bin/pdfinfo", FILE], POPPLER, file, children=children) as said:
        found = _PAGES.search(said.content())
    if found is None or int(found[1]) == 0:
        raise CannotLook("the viewer found no page in this PDF")
    return int(found[1])


def page_picture(file: MemoryFile, number: int, *, see: See, children: Children) -> bytes:
    """A PNG of ours of one page, counted from 1.

    Raises:
        CannotLook, ProgramError, CutShort: as :func:`page_count`.
    """
    side = SMALL_PIXELS if see is See.BLURRED else SHARP_PIXELS
    command = ["/usr/bin/pdftoppm", "-f", str(number), "-l", str(number), "-scale-to", str(side), FILE]
    return picture(command, POPPLER, file, see=see, children=children)
