"""Errors of the reviewer's program, each with a hint."""

from collections.abc import Iterable, Sequence

from system.errors import ProgramError


def each_once(errors: Iterable[ProgramError]) -> list[ProgramError]:
    """The errors without repetitions, in their order."""
    told: dict[str, ProgramError] = {}
    for error in errors:
        told.setdefault(str(error), error)
    return list(told.values())


class NetworkTouched(ProgramError):
    """Something tried to reach beyond this machine, or could."""


class DiskSwapOn(ProgramError):
    """This machine could write readable memory to a disk, and must not for this step."""


class ReadableOnDisk(ProgramError):
    """A folder for readable files lies on a disk, and staff have not confirmed it."""


class Quarantined(ProgramError):
    """A file is in quarantine, and is shown to no one; the attempt was counted."""


class HomeError(ProgramError):
    """The folder is not what it should be, or does not unlock."""


class CasebookError(ProgramError):
    """The casebook cannot be read or written."""


class NoSuchSubmission(CasebookError):
    """No submission, or more than one, has this id."""


class MediumError(ProgramError):
    """The root medium, or the twin, does not hold what it should."""


class BundleRefused(ProgramError):
    """A bundle was refused; the casebook is as it was before this bundle."""

    def __init__(self, kind: str, message: str, *, hint: str = "", stream: bytes = b"") -> None:
        """``stream`` is that of a bundle whose stream staff must confirm."""
        super().__init__(message, hint=hint)
        self.kind = kind
        self.stream = stream

    @property
    def reason(self) -> str:
        """The message of an envelope that was kept and waits, without "bundle refused"."""
        return str(self).removeprefix(f"bundle refused ({self.kind}): ")


class ReadyAnswerRefused(ProgramError):
    """A file of ready answers is not what it should be."""


class OfferRefused(ProgramError):
    """A reviewer's offer cannot stand in the next manifest."""


class DutyPartRefused(ProgramError):
    """The next manifest cannot have the part ``duty``. Nothing was issued."""


class ManifestRejected(ProgramError):
    """A manifest is not adopted; the one before stays."""


class NotProved(ProgramError):
    """A week's keys stay, because the proof that nothing is missing is not whole."""


class NoCleanCopy(ProgramError):
    """This file cannot be copied without traces; the message says why, and what it seems to contain."""


class TracesStay(ProgramError):
    """Files without a clean copy, by the names that their source gave (untrusted).

    ``clean`` others can be copied.
    """

    def __init__(self, message: str, *, refused: Sequence[tuple[str, NoCleanCopy]], clean: int, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.refused = refused
        self.clean = clean


class CannotLook(ProgramError):
    """This file cannot be shown here; the message says why, and which limit ended its viewer if one did."""


class TableRefused(ProgramError):
    """A table that staff brought is not what it must be; its line is named."""


class BeaconRefused(ProgramError):
    """Something about buttons for help, their relays or their duty desk is not as it must be."""
