"""Applications of the desk, kept for the whole run: each of the hundreds of desks that tests open would add two
hundred addresses and load its templates again, for a fifth of a second of a processor.

An application that one desk is done with is given to the next one. It is the real one, made by the program. What
belongs to a desk lies in one place of it, and is new for each.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask

from reviewer.desk.app import create_app
from reviewer.desk.lists import TypedFilters
from reviewer.desk.page import EXTENSION
from reviewer.desk.session import DeskSession

_FREE: list[Flask] = []


@contextmanager
def kept_app(desk_session: DeskSession, *, host: str) -> Iterator[Flask]:
    """An application that answers for this desk until the block ends; two blocks at once get two."""
    app = _FREE.pop() if _FREE else create_app(desk_session, host=host)
    settings = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(
        settings, desk_session=desk_session, host=host, typed_filters=TypedFilters()
    )
    app.testing = True
    outermost = app.wsgi_app
    try:
        yield app
    finally:
        app.wsgi_app = outermost  # type: ignore[method-assign]  # some tests put another around it
        _FREE.append(app)
