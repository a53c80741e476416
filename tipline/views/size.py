"""Sizes as people say them."""

from flask_babel import format_decimal, gettext

_KIB, _MIB, _GIB = 1024, 1024**2, 1024**3


def readable_size(size_bytes: int) -> str:
    """``3 MB`` and the like: at most one digit after the point, in the numerals of the page's language."""
    if size_bytes < _MIB:
        return str(gettext("%(number)s KB", number=format_decimal(max(1, round(size_bytes / _KIB)))))
    if size_bytes < _GIB:
        return str(gettext("%(number)s MB", number=_short(size_bytes / _MIB)))
    return str(gettext("%(number)s GB", number=_short(size_bytes / _GIB)))


def _short(number: float) -> str:
    return str(format_decimal(round(number, 1), format="0.#"))
