"""What the server side can refuse, and how the command line says so.

Messages are lower-case, say what was expected, and never quote a secret or anything that a source sent.
"""

REFUSED = 1
WRONG_USAGE = 2


class TiplineError(Exception):
    """Refused, with a reason. ``hint`` says what the operator can do about it, where there is something."""

    def __init__(self, reason: str, *, hint: str | None = None) -> None:
        super().__init__(reason)
        self.hint = hint


class FolderError(TiplineError):
    """The folder of a tip line cannot be used: missing, not empty, or half made."""


class FolderInUse(TiplineError):
    """Another process serves this folder."""


class DatabaseKeyError(TiplineError):
    """The database key cannot be had: its file is missing, or the passphrase does not open it."""


class ManifestRefused(TiplineError):
    """A manifest is not adopted; the one before stays."""


class CarryRefused(TiplineError):
    """A file of bundles is not taken in, or cannot be written."""
