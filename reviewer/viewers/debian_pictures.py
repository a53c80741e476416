"""Pages of a PDF, and HEIC or AVIF photos, drawn by poppler and libheif inside the sandbox.

The program of libheif writes no bare pixels, so its PNG is decoded by our decoder and drawn again from the pixels.
"""

import re
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.limits import SHARP_PIXELS, SMALL_PIXELS
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.errors import CannotLook
from reviewer.viewers.look_kind import LIBHEIF, POPPLER
from reviewer.viewers.own_viewers import small_picture
from reviewer.viewers.sandbox import FILE, SCRATCH, Inside
from reviewer.viewers.viewing import See, output, picture

_PNG: Final = f"{SCRATCH}/picture.png"
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


def heif_picture(file: MemoryFile, *, see: See, children: Children) -> bytes:
    """A PNG of ours of the main picture.

    Raises:
        CannotLook, ProgramError, CutShort: as :func:`reviewer.viewers.viewing.picture`.
    """
    command = [LIBHEIF.program, "--quiet", FILE, _PNG]
    with output(command, LIBHEIF, file, children=children, inside=Inside(as_output=_PNG)) as made:
        return small_picture(made, PictureKind.PNG, see=see, children=children)
