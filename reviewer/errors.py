"""What the reviewer's program refuses, each with what to do about it."""


class ReviewerError(Exception):
    """Refused; nothing was changed by the step that raised it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NetworkTouched(ReviewerError):
    """Something tried to reach beyond this machine, or could."""


class HomeError(ReviewerError):
    """The folder is not what it should be, or does not unlock."""


class CasebookError(ReviewerError):
    """The casebook cannot be read or written."""


class NoSuchSubmission(CasebookError):
    """No submission, or more than one, goes by this id."""


class MediumError(ReviewerError):
    """The root medium, or the twin, does not hold what it should."""


class BundleRefused(ReviewerError):
    """A bundle was refused; the casebook is as it was before this bundle."""

    def __init__(self, kind: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.kind = kind


class NotProved(ReviewerError):
    """A week's keys stay, because the proof that nothing is missing is not whole."""
