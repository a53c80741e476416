"""``view``: filters of the list, saved under a name."""

import json
from typing import Any

import click

from reviewer.cases.views import remove_view, save_view
from reviewer.commands.at_home import JSON, at_home
from reviewer.commands.filter_options import filter_of, filter_options
from reviewer.home.home import Home
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_line
from system.clock import today


@click.group(short_help="Save filters of the list under a name.")
def command() -> None:
    """Saved views: a name for a filter. The desk shows them above the list; `list --view NAME` uses one."""


@command.command(epilog="Example: tipline-review view save ~/review 'Anna, late' --owner anna --due overdue")
@at_home
@click.argument("name")
@filter_options
def save(home: Home, name: str, **options: Any) -> None:
    """Save a view as NAME; it replaces a view of that name."""
    save_view(home, name, filter_of(options), today=today())
    output("saved")


@command.command("list", epilog="Example: tipline-review view list ~/review")
@at_home
@JSON
def list_views(home: Home, as_json: bool) -> None:
    """List the saved views, each with its filter and the number of tips in it."""
    inbox = home.casebook.inbox
    views = [(view, inbox.count(view.wanted, today=today())) for view in home.casebook.views.all()]
    if as_json:
        rows = [{"name": view.name, "filter": view.wanted.criteria(), "tips": count} for view, count in views]
        output(json.dumps({"views": rows}, indent=2))
        return
    for view, count in views:
        criteria = ", ".join(f"{name} {value}" for name, value in view.wanted.criteria().items())
        output(f"{view.name}  {count} tip{'' if count == 1 else 's'}  {plain_line(criteria) or 'open'}")
    if not views:
        output("no view is saved yet")


@command.command(epilog="Example: tipline-review view remove ~/review 'Anna, late'")
@at_home
@click.argument("name")
def remove(home: Home, name: str) -> None:
    """Remove the view NAME; tips stay as they are."""
    remove_view(home, name, today=today())
    output("removed")
