"""Every hostile request there is, family by family, in one order. Nothing in it is drawn by chance."""

from types import ModuleType
from typing import Final

from lab.hostile import (
    boundaries,
    chunks,
    cookies,
    cuts,
    drops,
    expectations,
    fields,
    floods,
    framing,
    hosts,
    line_ends,
    methods,
    pairs,
    part_heads,
    paths,
    proxy_lines,
    queries,
    slips,
    start_lines,
)
from lab.hostile.request import HostileRequest

FAMILIES: Final[tuple[ModuleType, ...]] = (
    start_lines, proxy_lines, framing, chunks, line_ends, fields, hosts, paths, queries, methods, cookies,
    expectations, boundaries, part_heads, pairs, floods, cuts, slips, drops,
)  # fmt: skip


def corpus() -> dict[str, list[HostileRequest]]:
    """By family, each request once."""
    seen: set[tuple[bytes, tuple[bytes, ...], bool]] = set()
    found: dict[str, list[HostileRequest]] = {}
    for family in FAMILIES:
        mine = found.setdefault(family.__name__.rpartition(".")[2], [])
        for request in family.requests():
            if (key := (request.sent, request.pieces, request.bare)) not in seen:
                seen.add(key)
                mine.append(request)
    return found
