"""The offers on the root medium: they tell the next issuer whose key is whose.

They are public keys, signed by their reviewers. Numbered in the order in which they were taken.
"""

from collections.abc import Sequence
from pathlib import Path

from crypto.errors import CryptoError
from crypto.keys.keys import RootVerifyKey
from crypto.manifests.offer import LONGEST_FILE_BYTES, VerifiedOffer, verify_offer
from reviewer.errors import MediumError
from system.atomic_files import write_whole
from system.given_files import open_given

OFFERS_FOLDER = "offers"
_ENDING = ".offer"


class MediumOffers:
    """The folder ``offers/`` of a root medium; :attr:`all` has the offers in the order of arrival."""

    def __init__(self, medium: Path, *, root: RootVerifyKey) -> None:
        """Read and verify them.

        Raises:
            MediumError: one is damaged.
        """
        self._folder = medium / OFFERS_FOLDER
        self.all: list[VerifiedOffer] = []
        for path in sorted(self._folder.glob(f"*{_ENDING}")):
            try:
                with open_given(path) as source:
                    self.all.append(verify_offer(source.read(LONGEST_FILE_BYTES + 1), root=root))
            except (OSError, CryptoError) as error:
                raise MediumError(
                    f"{OFFERS_FOLDER}/{path.name} on the root medium is damaged", hint="use the second medium"
                ) from error

    def without_known(self, given: Sequence[VerifiedOffer]) -> list[VerifiedOffer]:
        """The offers that were not accepted before: a repeated one is not newer."""
        known = {verified.raw for verified in self.all}
        return [verified for verified in given if verified.raw not in known]

    def add(self, verified: VerifiedOffer) -> None:
        """Durably before this returns. One that names nothing new changes nothing.

        Raises:
            MediumError: the medium cannot be written.
        """
        if self._names_nothing_new(verified) or not self.without_known([verified]):
            return
        try:
            self._folder.mkdir(exist_ok=True)
        except OSError as error:
            raise MediumError(f"the root medium cannot be written: {error.strerror}") from error
        name = f"{len(self.all) + 1:08d}-{verified.reviewer.name}{_ENDING}"
        write_whole(self._folder / name, verified.raw, mode=0o644)
        self.all.append(verified)

    def _names_nothing_new(self, verified: VerifiedOffer) -> bool:
        before = next((known for known in reversed(self.all) if known.reviewer == verified.reviewer), None)
        return (
            before is not None
            and set(verified.offer.intake) <= set(before.offer.intake)
            and set(verified.offer.sealed) <= set(before.offer.sealed)
        )


def copy_offers(medium: Path, second: Path) -> None:
    """Bring the offers of a second medium up to date.

    Raises:
        OSError: it cannot be written.
    """
    for path in sorted((medium / OFFERS_FOLDER).glob(f"*{_ENDING}")):
        (second / OFFERS_FOLDER).mkdir(exist_ok=True)
        target = second / OFFERS_FOLDER / path.name
        if not target.exists() or target.read_bytes() != path.read_bytes():
            write_whole(target, path.read_bytes(), mode=0o644)
