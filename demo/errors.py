"""Errors of the demo."""

from system.errors import ProgramError


class DemoError(ProgramError):
    """The demo cannot go on."""


class BrowserError(DemoError):
    """Firefox did not start, did not find an element, or did not reach a page."""
