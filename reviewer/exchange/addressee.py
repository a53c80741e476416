"""Tells for whom a FILE of bundles is, by its first bundle. Nothing is taken in."""

from pathlib import Path

from crypto.bundles.bundle import Expected, read_bundle
from crypto.bundles.bundle_file import read_bundle_file
from crypto.errors import CryptoError, NoKeyOpens, NotForUs
from reviewer.home.home import Home


def is_for_others(home: Home, path: Path) -> bool:
    """True if the first bundle in a FILE is sealed to other receivers, as in an outbox that was written here.

    False for all else: what is wrong with a FILE is said when it is imported.
    """
    own = home.party_keys()
    senders = {server.verify_key for server in home.casebook.servers.all()}
    try:
        with path.open("rb") as file:
            for sealed in read_bundle_file(file):
                read_bundle(
                    sealed,
                    keys=[own.transport],
                    expect=Expected(senders=senders, own=own.signing.verify_key()),
                    progress=home.casebook.servers.progress(),
                    again=True,
                )
                return False
    except (NoKeyOpens, NotForUs):
        return True
    except (CryptoError, OSError):
        return False
    return False
