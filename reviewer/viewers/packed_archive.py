"""RAR and 7z archives, which bsdtar of Debian reads inside the sandbox.

It prints a list, and one of our processes makes the lines of it that staff see. For the kinds of traces it writes
the same files as a tar archive, which another process of ours reads as any other.
"""

from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.trace import Trace
from reviewer.errors import CannotLook
from reviewer.viewers.look_kind import LIBARCHIVE, LookKind
from reviewer.viewers.own_viewers import noted_traces, text_of
from reviewer.viewers.sandbox import FILE
from reviewer.viewers.viewing import output

_LIST: Final = (LIBARCHIVE.program, "-tvf", FILE)
_AS_TAR: Final = (LIBARCHIVE.program, "-cf", "-", "--format=pax", f"@{FILE}")


def packed_list(file: MemoryFile, *, children: Children) -> tuple[str, bool]:
    """One line for each file inside, size and name, untrusted; True if it was cut at 1 MiB.

    Raises:
        CannotLook: it is damaged, its list needs a password, or it needs more than the viewer may use.
        ProgramError, CutShort: as :func:`reviewer.viewers.viewing.output`.
    """
    with output(_LIST, LIBARCHIVE, file, children=children) as said:
        return text_of(said, LookKind.PACKED, children=children)


def packed_traces(file: MemoryFile, *, children: Children) -> frozenset[Trace] | None:
    """The kinds of traces of an archive and of the files inside of it.

    Where only its list can be read, :attr:`Trace.UNREAD` is among them; None where not even that can.

    Raises:
        ProgramError, CutShort: as :func:`packed_list`.
    """
    try:
        with output(_AS_TAR, LIBARCHIVE, file, children=children) as tar:
            return noted_traces(tar, children=children)
    except CannotLook:  # a password, or more than a viewer may write
        pass
    try:
        with output(_LIST, LIBARCHIVE, file, children=children) as said:
            return frozenset({Trace.FILES, Trace.TIME, Trace.UNREAD}) if said.content() else frozenset()
    except CannotLook:
        return None
