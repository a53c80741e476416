"""Errors of the server that a caller tells apart."""

from system.errors import ProgramError


class FolderError(ProgramError):
    """The folder of a tip line cannot be used: missing, not empty, or half made."""


class FolderInUse(ProgramError):
    """Another process serves this folder."""


class DatabaseKeyError(ProgramError):
    """The database key cannot be had: its file is missing, or the passphrase does not open it."""


class ManifestRefused(ProgramError):
    """A manifest is not adopted; the one before stays."""


class CarryRefused(ProgramError):
    """A file of bundles is not taken in, or cannot be written."""
