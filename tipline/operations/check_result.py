"""Results of the doctor's checks: how severe each is, and the remedy."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """The severity of a result; the value is what ``doctor`` prints."""

    OK = "fine"
    WARNING = "advice"
    CRITICAL = "danger"
    """A source could be exposed, or a tip be lost."""
    SKIPPED = "not looked at"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check. ``cure`` is the remedy; empty if nothing is to be done."""

    about: str
    severity: Severity
    says: str
    cure: str = ""


def ok(about: str, says: str) -> CheckResult:
    """Report that nothing is to be done."""
    return CheckResult(about, Severity.OK, says)


def warning(about: str, says: str, cure: str) -> CheckResult:
    """Report something that staff should change."""
    return CheckResult(about, Severity.WARNING, says, cure)


def critical(about: str, says: str, cure: str) -> CheckResult:
    """Report something that could expose a source or lose a tip."""
    return CheckResult(about, Severity.CRITICAL, says, cure)
