"""Errors that a program shows to its user: one line and a hint, no traceback.

Messages are lower-case and say what was expected. They never quote a secret, or anything that a source sent.
"""

REFUSED = 1
"""Exit code of a command that was refused with a reason on standard error."""

WRONG_USAGE = 2
"""Exit code of a command line that no command understands."""


class ProgramError(Exception):
    """The program refuses, or cannot go on. The step that raised it changed nothing."""

    hint: str = ""
    """The next step for the user; empty where there is none."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Without ``hint``, that of the class holds."""
        super().__init__(message)
        if hint:
            self.hint = hint


def system_reason(error: OSError) -> str:
    """The reason that the operating system gives, in small letters."""
    return (error.strerror or "unknown reason").lower()
