"""Empty forms that are rendered once for each language and look: in each answer only the nonce is new.

Nothing of a visitor is in what is kept, so it may stay in memory. To render the first page takes ten times the
processor time, and it is what everybody asks for, those with bad intentions as well (docs/develop/weight.md).
"""

from collections.abc import Callable

from tipline.requests.nonce import Nonce


class SplicedPages:
    """The rendered pages by what they depend on. Bounded, as languages, looks and doors are."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[object, ...], list[bytes]] = {}

    def fresh(self, key: tuple[object, ...], render: Callable[[str], bytes]) -> bytes:
        """The page of ``key`` with a nonce of its own. ``render`` makes it for a given nonce, once for each key."""
        pieces = self._pieces.get(key)
        if pieces is None:
            first = Nonce.generate().digits()
            pieces = self._pieces[key] = render(first).split(first.encode())
            if len(pieces) == 1:
                raise RuntimeError("the nonce must have a place in its page")
        return Nonce.generate().digits().encode().join(pieces)
