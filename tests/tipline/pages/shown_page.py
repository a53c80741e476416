"""Values that a view gave to a template, to render the same page in another language."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, template_rendered
from jinja2 import Template

# What the site adds to every page by itself.
_ADDED = {"language", "languages", "addressed", "look", "settings", "limits", "stylesheet", "g", "request"}


@dataclass(frozen=True)
class Shown:
    """By which template, with what, and for which request."""

    template: str
    context: dict[str, Any]
    method: str
    path: str


@contextmanager
def watched(site: Flask) -> Iterator[list[Shown]]:
    """The pages that ``site`` renders meanwhile."""
    seen: list[Shown] = []

    def note(_site: Flask, template: Template, context: dict[str, Any], **_more: object) -> None:
        kept = {name: value for name, value in context.items() if name not in _ADDED}
        seen.append(Shown(template.name or "", kept, request.method, request.path))

    with template_rendered.connected_to(note, site):
        yield seen
