"""What keeps cards and pages from being made."""


class OutreachError(Exception):
    """Refused, with a reason. ``hint`` says what staff can do about it, where there is something."""

    def __init__(self, reason: str, *, hint: str | None = None) -> None:
        super().__init__(reason)
        self.hint = hint
