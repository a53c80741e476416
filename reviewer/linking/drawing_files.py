"""Drawings as files: SVG, CSV and GraphML, without metadata, links, ids of tips and days of arrival.

Hidden entities and persons who withdrew are left out, and so are relations that never leave in a referral. Names of
entities are in it only if a person ticks them. A file is in English, whatever the desk speaks.
"""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from reviewer.cases.saving_place import stays_in_memory
from reviewer.cases.shown_code import require_shown
from reviewer.errors import ReadableOnDisk
from reviewer.home.home import Home
from reviewer.languages.staff_language import ENGLISH, spoken
from reviewer.linking.drawn_entity import EntityGraph, EntityRows
from reviewer.linking.entity_pictures import EntityPicture, picture_of, rows_of
from reviewer.media.mounted import is_on, writable_media
from system.atomic_files import write_whole
from system.clock import today
from system.csv_table import csv_table
from system.errors import ProgramError

WAYS: Final = {"graph": (".svg", ".graphml", ".csv"), "timeline": (".svg", ".csv"), "map": (".svg", ".csv")}
"""The kinds of drawings, and the endings of their files."""

_TEMPLATES: Final = Path(__file__).parent.parent.parent / "templates" / "reviewer"
_SVG, _GRAPHML = "www.w3.org/2000/svg", "graphml.graphdrawing.org/xmlns"
_SCHEME: Final = "http" + "://"


@spoken(ENGLISH)
def leaving_picture(what: str, rows: EntityRows, *, steps: int = 1, with_names: bool) -> EntityPicture:
    """The drawing as it would leave: its rows are the preview.

    Raises:
        ProgramError: there is nothing to draw, the entity is hidden, or the person withdrew.
    """
    if rows.is_hidden:
        raise ProgramError(f"{rows.name} is protected or closed: no drawing of it leaves")
    if rows.stays(rows.entity.number):
        raise ProgramError(f"{rows.name} withdrew consent: no drawing of this person leaves")
    picture = picture_of(what, rows, steps=steps, for_file=True, with_names=with_names)
    if picture is None or not picture.rows:
        raise ProgramError(f"there is nothing in the {what} of {rows.name} that could leave")
    return picture


@spoken(ENGLISH)
def write_drawing(
    home: Home,
    what: str,
    rows: EntityRows,
    out: Path,
    *,
    steps: int = 1,
    with_names: bool,
    on_disk: bool,
    code: str | None = None,
) -> EntityPicture:
    """Write a drawing into memory or onto a medium, or with ``on_disk`` anywhere; what left.

    ``code`` is that of a preview in an earlier step.

    Raises:
        ProgramError: an unknown ending, nothing to draw, a place on a disk, a file that is there already, or
            something has changed since the preview.
    """
    if out.suffix not in WAYS[what]:
        raise ProgramError(f"the file of a {what} must end in {', '.join(WAYS[what])}")
    if out.exists():
        raise ProgramError("there is a file of this name already", hint="name a new file")
    if not on_disk and not stays_in_memory(out) and not is_on(out, writable_media()):
        raise ReadableOnDisk(
            "a drawing can be read by anyone who finds it, and a disk keeps what was deleted",
            hint="name a file on a medium or in memory, or confirm a disk with --on-disk",
        )
    picture = leaving_picture(what, rows, steps=steps, with_names=with_names)
    require_shown(code, picture.code)
    if out.suffix == ".csv":
        content = as_csv(picture)
    elif out.suffix == ".graphml":
        content = as_graphml(rows.graph(steps=steps, without_hidden=True), with_names=with_names)
    else:
        content = as_svg(picture, f"{what} of {rows.name}")
    write_whole(out, content.encode("utf-8"))
    home.casebook.log.add("drawing left", f"{what}, {rows.name}, {len(picture.rows)} rows", today=today())
    return picture


def as_svg(picture: EntityPicture, name: str) -> str:
    """The drawing as a file of its own, in the same shapes as at the desk and without links."""
    if not picture.groups:
        raise ProgramError("there is no drawing without a place that can be drawn", hint="the table leaves as .csv")
    drawing = _environment().get_template("_drawing.html").module.drawing  # type: ignore[attr-defined]
    drawn: str = drawing(picture, name, namespace=_SCHEME + _SVG)
    return "\n".join(line for line in drawn.splitlines() if line.strip()) + "\n"


def as_csv(picture: EntityPicture) -> str:
    """The table, safe to open in a spreadsheet."""
    return csv_table([[head.strip() for head in picture.heads], *rows_of(picture)])


def as_graphml(graph: EntityGraph, *, with_names: bool) -> str:
    """The graph for programs that draw graphs."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<graphml xmlns="{_SCHEME}{_GRAPHML}">',
        '<key id="kind" for="node" attr.name="kind" attr.type="string"/>',
        '<key id="label" for="node" attr.name="label" attr.type="string"/>',
        '<key id="relation" for="edge" attr.name="relation" attr.type="string"/>',
        '<graph edgedefault="directed">',
    ]
    for node in graph.nodes:
        label = f"{node.name} {node.title}".strip() if with_names else node.name
        lines.append(
            f'<node id="{node.name}"><data key="kind">{escape(node.kind)}</data>'
            f'<data key="label">{escape(label)}</data></node>'
        )
    for line in graph.lines:
        one, other = graph.nodes[line.one].name, graph.nodes[line.other].name
        lines.append(
            f'<edge source="{one}" target="{other}"><data key="relation">{escape(line.says)}</data></edge>'
        )
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
