"""Losses, which must never happen, and how a run reports them."""


class Lost(Exception):
    """Something that was promised is gone, changed, doubled or half done."""


def want(condition: object, otherwise: str) -> None:
    """Raise :class:`Lost` with this sentence unless the condition holds."""
    if not condition:
        raise Lost(otherwise)
