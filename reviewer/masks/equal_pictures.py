"""Pictures that are equal to a picture of a protected entity: by content, or by what they look like.

The same distance counts as in a question about two pictures. No person is recognised: whole pictures are compared.
"""

from collections.abc import Collection, Sequence
from functools import cached_property

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.file_pictures import FilePicture, OwnedPicture
from reviewer.casebook.findings import TextPlace
from reviewer.clean_copy.fingerprints import LEAST_QUALITY, SAME_BITS, near_fingerprints


class OwnedPictures:
    """The pictures that are kept for entities or stay masked, to compare others with."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._of_tips: dict[int, list[FilePicture]] = {}

    @cached_property
    def kept(self) -> list[OwnedPicture]:
        """Those that people kept."""
        return self._casebook.file_pictures.kept(least_quality=LEAST_QUALITY)

    @cached_property
    def masked(self) -> list[OwnedPicture]:
        """Those that stay masked although their entity is gone."""
        return self._casebook.file_pictures.masked(least_quality=LEAST_QUALITY)

    def is_empty(self) -> bool:
        """True if there is nothing to compare with."""
        return not self.kept and not self.masked

    def of_tip(self, submission: int) -> list[FilePicture]:
        """The files of a tip, and those inside of its sealed files."""
        if submission not in self._of_tips:
            files = self._casebook.file_pictures.of_tip(submission, least_quality=LEAST_QUALITY)
            self._of_tips[submission] = files
        return self._of_tips[submission]

    def at(self, submission: int, place: TextPlace) -> FilePicture | None:
        """The file of a tip at the place of a picture."""
        return next((one for one in self.of_tip(submission) if one.text == place), None)


def equal_to(picture: FilePicture, others: Sequence[OwnedPicture]) -> list[OwnedPicture]:
    """The others that are the same file, and then those that look the same, also mirrored or turned."""
    return [others[place] for place in equal_files(picture, [one.picture for one in others])]


def equal_files(picture: FilePicture, others: Sequence[FilePicture]) -> list[int]:
    """The same by their places, of any files."""
    same = [place for place, one in enumerate(others) if one.sha256 == picture.sha256]
    looks = [place for place, one in enumerate(others) if one.bits is not None and one.sha256 != picture.sha256]
    if picture.bits is None:
        return same
    near = near_fingerprints(picture.bits, [others[place].bits or 0 for place in looks], most=SAME_BITS)
    return same + [looks[place] for place in sorted(near)]


def things_with_pictures_of(
    casebook: Casebook, protected: Collection[int], things: Collection[int], *, with_lasting: bool
) -> set[int]:
    """Those of ``things`` for which a picture was kept that is equal to one of a protected entity."""
    pictures = OwnedPictures(casebook)
    hers = [one for one in pictures.kept if one.entity in protected]
    if with_lasting:
        hers += pictures.masked
    if not hers:
        return set()
    candidates = [one for one in pictures.kept if one.entity in things and one.entity not in protected]
    return {one.entity for one in candidates if equal_to(one.picture, hers)}
