"""An unlocked twin of any home, from which keys can be imported."""

from dataclasses import dataclass
from pathlib import Path

from crypto.keys.key_file import PARTY_KEYS
from reviewer.errors import MediumError
from reviewer.home.home import KEYS_FOLDER, Home
from reviewer.home.keyring import KEYRING_LABEL, Keyring
from reviewer.home.lock import lock_files, unlock_home_key
from reviewer.terminal.secret_entry import SecretEntry


@dataclass(frozen=True, slots=True)
class OpenTwin:
    """The keys on a twin, or in the folder of the home that wrote it; whose they are was not asked yet."""

    folder: Path
    ring: Keyring

    def require_of(self, home: Home) -> None:
        """Return when any home of this reviewer wrote it.

        Raises:
            HomeError: it cannot be told whose keys these are.
            MediumError: they are of another reviewer.
        """
        if self.ring.secret(PARTY_KEYS) != home.keyring.secret(PARTY_KEYS):
            raise MediumError(
                f"the keys on {self.folder} are of another reviewer, or of another organisation",
                hint="give the right medium",
            )


def open_twin(folder: Path, *, passphrase_file: str | None) -> OpenTwin:
    """Unlock a twin with the passphrase of its home; without a file it is asked at the terminal.

    Raises:
        HomeError: no passphrase, or another one.
        MediumError: no twin.
    """
    if not lock_files(folder):
        raise MediumError(f"{folder} is no twin medium", hint="give the folder that --twin wrote")
    entry = SecretEntry(passphrase_file, home=f"the home that wrote {folder}", option="--twin-passphrase-file")
    home_key = unlock_home_key(folder, entry).home_key
    return OpenTwin(folder, Keyring(folder / KEYS_FOLDER, key=home_key.derive(KEYRING_LABEL)))
