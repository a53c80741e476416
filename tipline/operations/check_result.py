"""What the doctor says about one thing: how it is, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much it matters."""

    FINE = "fine"
    ADVICE = "advice"
    DANGER = "danger"
    """A source could be exposed, or a tip be lost."""
    NOT_LOOKED = "not looked at"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. ``cure`` is what to do, where something is to be done."""

    about: str
    level: Level
    says: str
    cure: str = ""


def fine(about: str, says: str) -> Finding:
    return Finding(about, Level.FINE, says)


def advice(about: str, says: str, cure: str) -> Finding:
    return Finding(about, Level.ADVICE, says, cure)


def danger(about: str, says: str, cure: str) -> Finding:
    return Finding(about, Level.DANGER, says, cure)
