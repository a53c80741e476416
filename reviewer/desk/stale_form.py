"""Forms that were shown before another change: only what the person changed is written.

A form carries what it showed, in hidden fields. So a page that was opened before a colleague's change undoes
nothing of it, and a real conflict is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import request

from reviewer.desk.page import typed
from system.errors import ProgramError

WAS: Final = "was_"
"""Begins the names of the hidden fields."""


class ChangedMeanwhile(ProgramError):
    """A field has another value than the form showed, and than was typed."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"{' and '.join(names)} changed after this page was opened",
            hint="the form has what you typed; press again to put it in place of the other change",
        )


@dataclass(frozen=True, slots=True)
class TypedField:
    """One field: what the form ``showed``, what was ``typed``, and what is there ``now``."""

    showed: str = field(repr=False)
    typed: str = field(repr=False)
    now: str = field(repr=False)

    @property
    def is_changed(self) -> bool:
        """True if the person changed it, to something else than is there now."""
        return self.typed not in (self.showed, self.now)

    @property
    def is_conflict(self) -> bool:
        """True if the person and another change made two things of it."""
        return self.is_changed and self.showed != self.now

    @property
    def wanted(self) -> str:
        """The value that counts from now on: as typed where the person changed it, else as it is."""
        return self.typed if self.typed != self.showed else self.now


def typed_fields(now: Mapping[str, str]) -> dict[str, TypedField]:
    """The fields of this request; ``now`` has what is there, by name.

    A form without the hidden fields counts as if it had shown what is there.
    """
    return {
        name: TypedField(request.form.get(f"{WAS}{name}", value), " ".join(typed(name).split()), value)
        for name, value in now.items()
    }


def require_no_conflict(fields: Mapping[str, TypedField]) -> None:
    """Return when no field was changed by another as well.

    Raises:
        ChangedMeanwhile: one was; the message has names of fields, and no content.
    """
    if names := [name for name, one in fields.items() if one.is_conflict]:
        raise ChangedMeanwhile(names)
