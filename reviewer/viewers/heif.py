"""HEIC and AVIF photos, decoded by libheif inside the sandbox.

Its program writes no bare pixels, so its PNG is decoded by our decoder and drawn again from the pixels.
"""

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.viewers.look_kind import LIBHEIF
from reviewer.viewers.own_viewers import small_picture
from reviewer.viewers.sandbox import FILE, SCRATCH, Inside
from reviewer.viewers.viewing import See, output

_PNG = f"{SCRATCH}/picture.png"


def heif_picture(file: MemoryFile, *, see: See, children: Children) -> bytes:
    """A PNG of ours of the main picture.

    Raises:
        CannotLook, ProgramError, CutShort: as :func:`reviewer.viewers.viewing.picture`.
    """
    command = [LIBHEIF.program, "--quiet", FILE, _PNG]
    with output(command, LIBHEIF, file, children=children, inside=Inside(as_output=_PNG)) as made:
        return small_picture(made, PictureKind.PNG, see=see, children=children)
