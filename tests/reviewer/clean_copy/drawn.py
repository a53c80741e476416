"""Pictures drawn by the real processes, for tests that have no desk to end them."""

from reviewer.clean_copy.children import Children
from reviewer.clean_copy.picture_kind import FileKind, NoPicture
from reviewer.clean_copy.redraw import CleanCopy, kinds_of, redraw
from reviewer.errors import NoCleanCopy


def kind_of(content: bytes) -> FileKind:
    (kind,) = kinds_of([content], children=Children())
    return kind


def drawn(content: bytes) -> CleanCopy:
    """The clean copy of a file; refused as staff are told."""
    kind = kind_of(content)
    if isinstance(kind, NoPicture):
        raise NoCleanCopy(kind.value)
    return redraw(content, kind, children=Children())
