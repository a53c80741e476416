"""Compiled addresses, kept for the whole run: werkzeug compiles two functions for each address of a site, and each
of the hundreds of sites and desks that tests make would compile its own.

A function depends on the address alone: the values that it puts in, and their converters, come as arguments.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_KEPT: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


def keep_compiled_routes() -> None:
    """For every site and desk that is made in this process from now on."""
    compile_builder = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:  # they are written by the converters of this rule
            return compile_builder(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in _KEPT:
            _KEPT[key] = compile_builder(rule, append_unknown)
        return _KEPT[key]

    patched: Any = Rule
    patched._compile_builder = once
