"""``tipline``: the command line of the server.

A command is a module of ``tipline.commands``, named as the command, with a click command called ``command``. The
second command of a module is called ``NAME_command``. A module is imported only when one of its commands runs.
"""

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

import tipline.commands
from system.errors import REFUSED, WRONG_USAGE, ProgramError
from system.signals import ended_in_order
from system.terminal import release_dead_streams

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
    with ended_in_order():
        outcome = _run(argv)
    if release_dead_streams() and outcome == 0:
        _say("error", "standard output could not be written whole")
        return REFUSED
    return outcome


def _run(argv: Sequence[str] | None) -> int:
    try:
        outcome = tipline_command.main(args=argv, prog_name="tipline", standalone_mode=False)
    except ProgramError as error:
        _say("error", str(error))
        if error.hint:
            _say("hint", error.hint)
        return REFUSED
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)  # noqa: T201 -- asked nothing, told what can be asked
        return WRONG_USAGE
    except click.UsageError as error:
        message = error.format_message().rstrip(".")
        _say("error", message[:1].lower() + message[1:])
        _say("hint", f"{error.ctx.command_path if error.ctx else 'tipline'} --help")
        return WRONG_USAGE
    except click.ClickException as error:
        _say("error", error.format_message())
        return REFUSED
    except (click.Abort, KeyboardInterrupt):
        _say("error", "interrupted")
        return REFUSED
    except OSError as error:
        place = f": {error.filename}" if isinstance(error.filename, str) else ""
        _say("error", f"a file cannot be read or written: {(error.strerror or 'unknown reason').lower()}{place}")
        return REFUSED
    return outcome if isinstance(outcome, int) else 0


def _say(kind: str, text: str) -> None:
    with suppress(OSError):  # the terminal was closed
        print(f"tipline: {kind}: {text}", file=sys.stderr)  # noqa: T201 -- this is the program's voice
