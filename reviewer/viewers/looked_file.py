"""One file while it is looked at: its bytes in memory, its kind, and what its viewer makes of it."""

from dataclasses import dataclass

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.errors import CannotLook
from reviewer.viewers.debian_pictures import heif_picture, page_count, page_picture
from reviewer.viewers.look_kind import LookKind
from reviewer.viewers.mail import Mail, read_mail
from reviewer.viewers.media import Media, media_of, sound, stills
from reviewer.viewers.office import office_pdf
from reviewer.viewers.own_viewers import kind_of_file, small_picture, text_of
from reviewer.viewers.packed_archive import packed_list
from reviewer.viewers.viewing import See

_PICTURES = frozenset({LookKind.JPEG, LookKind.PNG, LookKind.WEBP, LookKind.GIF})
_READ = frozenset({LookKind.TEXT, LookKind.MAIL, LookKind.ARCHIVE})
_WHY_NOT = {
    LookKind.EMPTY: "this file is empty",
    LookKind.SEALED: "this file is sealed; if it was opened, the files inside of it are listed below it",
    LookKind.UNKNOWN: "no viewer opens a file of this kind",
}


@dataclass(frozen=True, slots=True)
class FileOverview:
    """The parts of a file that can be shown: counts of pictures and sound, text, or an e-mail."""

    kind: LookKind
    pictures: int = 0
    picture_name: str = "Picture"
    sound_parts: int = 0
    untrusted_text: str | None = None
    mail: Mail | None = None
    is_cut: bool = False


class LookedFile:
    """A whole file in memory; only ``children`` read it. :meth:`close` forgets it."""

    def __init__(self, content: MemoryFile, *, children: Children) -> None:
        """Find its kind.

        Raises:
            CannotLook, ProgramError, CutShort: as :func:`reviewer.viewers.own_viewers.kind_of_file`.
        """
        self._content = content
        self._shown = content
        self.kind = kind_of_file(content, children=children)

    def close(self) -> None:
        """Forget the bytes."""
        self._content.__exit__()
        self._shown.__exit__()

    def overview(self, *, children: Children) -> FileOverview:
        """The parts that can be shown. An office document becomes a PDF here, once.

        Raises:
            CannotLook: nothing can be shown, with the reason; a missing viewer is named.
            ProgramError, CutShort: as :func:`reviewer.viewers.viewing.picture`.
        """
        kind = self.kind
        if kind in _PICTURES or kind is LookKind.HEIF:
            return FileOverview(kind, pictures=1)
        if kind in _READ:
            text, is_cut = text_of(self._content, kind, children=children)
            if kind is LookKind.MAIL:
                return FileOverview(kind, mail=read_mail(text), is_cut=is_cut)
            return FileOverview(kind, untrusted_text=text, is_cut=is_cut)
        if kind is LookKind.PACKED:
            text, is_cut = packed_list(self._content, children=children)
            return FileOverview(kind, untrusted_text=text, is_cut=is_cut)
        if kind is LookKind.OFFICE and self._shown is self._content:
            self._shown = office_pdf(self._content, children=children)
        if kind in (LookKind.PDF, LookKind.OFFICE):
            return FileOverview(kind, pictures=page_count(self._shown, children=children), picture_name="Page")
        if kind is LookKind.MEDIA:
            media: Media = media_of(self._content, children=children)
            return FileOverview(
                kind, pictures=media.sheets, picture_name="Stills, minute", sound_parts=media.sound_parts
            )
        raise CannotLook(_WHY_NOT[kind])

    def picture(self, number: int, *, see: See, children: Children) -> bytes:
        """A PNG of ours of the picture, page or sheet of stills with this number, counted from 1.

        Raises:
            CannotLook, ProgramError, CutShort: as :meth:`overview`.
        """
        match self.kind:
            case LookKind.JPEG | LookKind.PNG | LookKind.WEBP | LookKind.GIF:
                return small_picture(self._content, PictureKind[self.kind.name], see=see, children=children)
            case LookKind.HEIF:
                return heif_picture(self._content, see=see, children=children)
            case LookKind.PDF | LookKind.OFFICE:
                if self.kind is LookKind.OFFICE and self._shown is self._content:
                    self.overview(children=children)
                return page_picture(self._shown, number, see=see, children=children)
            case LookKind.MEDIA:
                return stills(self._content, number, see=see, children=children)
            case _:
                raise CannotLook("this file holds no picture")

    def sound(self, part: int, *, children: Children) -> bytes:
        """Ten minutes of its sound as a WAV file of ours, counted from 1.

        Raises:
            CannotLook, ProgramError, CutShort: as :meth:`overview`.
        """
        if self.kind is not LookKind.MEDIA:
            raise CannotLook("this file holds no sound")
        return sound(self._content, part, children=children)
