"""The server's identity: its own keys and the pinned root key, kept in the store."""

from dataclasses import dataclass
from typing import Final

from crypto.errors import CryptoError
from crypto.keys.keys import RootVerifyKey
from crypto.keys.party import PartyKeys
from system.errors import ProgramError
from tipline.store import Store

_NAME: Final = "server-name"
_SEEDS: Final = "server-seeds"
_ROOT: Final = "root-key"


@dataclass(frozen=True, slots=True)
class Identity:
    """The keys of this server; ``tipline init`` makes them once."""

    keys: PartyKeys
    root: RootVerifyKey

    def keep(self, store: Store) -> None:
        """Into a new store."""
        store.settings.put(_NAME, self.keys.name.encode())
        store.settings.put(_SEEDS, self.keys.seeds())
        store.settings.put(_ROOT, self.root.to_bytes())

    @classmethod
    def load(cls, store: Store) -> "Identity":
        """Read the identity from a store.

        Raises:
            ProgramError: it has none, or a damaged one.
        """
        name, seeds, root = (store.settings.get(setting) for setting in (_NAME, _SEEDS, _ROOT))
        if name is None or seeds is None or root is None:
            raise ProgramError("the store has no server keys: it was not made by tipline init")
        try:
            return cls(PartyKeys.from_seeds(name.decode(), seeds), RootVerifyKey(root))
        except (CryptoError, UnicodeDecodeError) as error:
            raise ProgramError("the server keys in the store are damaged") from error
