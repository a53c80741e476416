"""Pictures whose mask outlives the tip in which a person was called harmed, as words do."""

from collections.abc import Collection

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.file_pictures import FilePicture
from reviewer.clean_copy.fingerprints import LEAST_QUALITY
from reviewer.masks.equal_pictures import OwnedPictures, equal_files, equal_to


def pictures_elsewhere(
    casebook: Casebook, pictures: Collection[FilePicture], protected: Collection[int], *, most: int
) -> list[FilePicture]:
    """Files that no one kept and that are equal to pictures that go, at most ``most``.

    There are none while a protected entity that is here has such a picture: it hides them by itself.
    """
    owned = OwnedPictures(casebook).kept if pictures else []
    hiding = (
        one
        for each in pictures
        for one in equal_to(each, owned)
        if one.picture.bits is not None or each.bits is None  # a destroyed file has no fingerprint any more
    )
    if not pictures or any(one.entity in protected for one in hiding):
        return []
    kept = {(one.picture.submission, one.picture.text) for one in owned if not one.is_said}
    unkept = [
        one
        for one in casebook.file_pictures.all(least_quality=LEAST_QUALITY)
        if (one.submission, one.text) not in kept
    ]
    equal = sorted({place for one in pictures for place in equal_files(one, unkept)})
    return [unkept[place] for place in equal[:most]]


def pictures_to_carry(
    casebook: Casebook, submission: int, protected: Collection[int]
) -> list[tuple[FilePicture, int]]:
    """Files of a tip with a picture that other tips keep for protected entities only; with these."""
    pictures = OwnedPictures(casebook)
    found = []
    for file in pictures.of_tip(submission) if pictures.kept else ():
        equal = equal_to(file, pictures.kept)
        owners = {one.entity for one in equal}
        is_kept_here = any(one.picture == file and not one.is_said for one in equal)
        if owners and owners <= set(protected) and not is_kept_here:
            found.append((file, min(owners)))
    return found


def remove_known_pictures(casebook: Casebook, entities: Collection[int]) -> None:
    """Remove the pictures that these entities, which are here, hide by their own."""
    pictures = OwnedPictures(casebook)
    for one in pictures.masked:
        own = [each for each in pictures.kept if each.entity == one.entity]
        if one.entity in entities and equal_to(one.picture, own):
            casebook.lasting_masks.remove_passages_at(one.picture.submission, one.picture.text, 0, 1)
