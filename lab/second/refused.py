"""How this implementation says no: with the outcome that a page gives, in the words that the vectors use."""


class Refused(Exception):
    """The document is refused; `outcome` is the kind, as pages and vectors call it."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def malformed() -> Refused:
    return Refused("malformed")


def newer() -> Refused:
    return Refused("newer")
