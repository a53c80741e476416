"""``tipline``: the command line of the server.

A command is a module of ``tipline.commands``, named as the command, with a click command called ``command``. The
second command of a module is called ``NAME_command``. A module is imported only when one of its commands runs.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from pathlib import Path

import click

import tipline.commands
from system.command_line import run_command_line

_CHECKOUT = Path(__file__).parent.parent

_SECOND_COMMANDS = {"events": "status", "manifests": "manifest", "restore": "backup", "unlock": "serve"}
"""Commands that share the module of another one."""

_OLD_NAMES = {"doors": "forms"}


class _CommandModules(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click calls it so
        own = {module.name for module in pkgutil.iter_modules(tipline.commands.__path__) if module.name[0] != "_"}
        return sorted({*own, *_SECOND_COMMANDS, *_of_other_packages()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = _OLD_NAMES.get(cmd_name, cmd_name)
        if name not in self.list_commands(ctx):
            return None
        own = f"tipline.commands.{_SECOND_COMMANDS.get(name, name)}"
        attribute = f"{name}_command" if name in _SECOND_COMMANDS else "command"
        module = _of_other_packages().get(name, own)
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module} has no click command called {attribute}")
        return command


def _of_other_packages() -> dict[str, str]:
    """Return the modules of commands in other packages. Only a checkout has the demonstration."""
    found = {"courier": "courier.command"}
    if (_CHECKOUT / "demo" / "command.py").exists():
        found["demo"] = "demo.command"
    return found


@click.group(
    cls=_CommandModules, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_name="tipline", message="%(version)s")
def tipline_command() -> None:
    """An anonymous tip line behind a Tor onion service."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when done, 1 when refused (standard error says why), 2 on wrong usage.

    SIGTERM and SIGHUP end it as Ctrl-C does, unless it has its own way, as ``serve``.
    """
    return run_command_line("tipline", tipline_command.main, argv, click=click)
