"""``tipline-review``: the command line of the reviewer's machine.

Each command lies in a module of its own, loaded when it is asked for, so that ``--help`` is quick.
"""

import importlib
import sys
from collections.abc import Sequence
from typing import Final

import click

from crypto.errors import CryptoError
from reviewer.machine.airgap import refuse_connections
from reviewer.refusals import kind_of
from reviewer.terminal.console import PROGRAM, notice
from system.errors import REFUSED, WRONG_USAGE, ProgramError, system_reason
from system.memory import keep_memory_private, limit_data
from system.signals import ended_in_order
from system.terminal import escape_what_the_terminal_lacks, fill_closed_streams, release_dead_streams

COMMANDS = {
    "init": "init",
    "servers": "servers",
    "keys": "keys",
    "reviewers": "reviewers",
    "manifest": "manifest",
    "import": "import_bundles",
    "list": "list_submissions",
    "search": "search",
    "show": "show",
    "look": "look",
    "viewers": "viewers",
    "save": "save",
    "saved": "saved",
    "quarantine": "quarantine",
    "quarantines": "quarantines",
    "known-digests": "known_digests",
    "raw": "raw",
    "reply": "reply",
    "take-back": "take_back",
    "answers": "answers",
    "translation": "translation",
    "translators": "translators",
    "note": "archive:note_command",
    "archive": "archive",
    "delete": "delete",
    "bin": "bin",
    "hold": "retention:hold_command",
    "unhold": "retention:unhold_command",
    "retention": "retention",
    "proposals": "proposals",
    "evidence": "evidence",
    "consents": "consents",
    "refer": "refer",
    "evidence-key": "evidence_key",
    "hand-over": "hand_over",
    "left": "left",
    "transcript": "transcript",
    "numbers": "numbers:numbers",
    "open-tables": "numbers:open_tables",
    "publish": "numbers:publish",
    "publisher": "numbers:publisher",
    "releases": "numbers:releases",
    "mark": "mark",
    "view": "view",
    "case": "case",
    "telephone": "telephone",
    "old-cases": "old_cases",
    "supply": "supply",
    "lists": "lists",
    "news": "news",
    "findings": "findings",
    "entities": "entities",
    "relate": "relate",
    "links": "links",
    "graph": "drawings:graph_command",
    "timeline": "drawings:timeline_command",
    "map": "drawings:map_command",
    "forget": "forget",
    "beacon": "beacon",
    "outbox": "outbox",
    "share": "share",
    "owner": "owner",
    "questionnaires": "questionnaires",
    "backup": "backup",
    "restore": "restore",
    "sheets": "sheets",
    "recover": "recover",
    "passphrase": "passphrase",
    "people": "people",
    "given": "given",
    "log": "log",
    "desk": "desk",
    "open-age": "open_age",
    "try": "try_readers",
}
MOST_DATA_BYTES: Final = {"import": 300_000_000}
"""The memory that the process of a command may take; the desk sets its own, as it looks at no file itself."""

# Earlier names of commands: they still work, and no list shows them.
ALIASES = {"handled": "archive"}


class _ReviewCommands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click calls it so
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        name = ALIASES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(importlib.import_module(f"reviewer.commands.{module}"), attribute or "command")
        if isinstance(command, click.Command):
            return command
        raise RuntimeError(f"module of {cmd_name} has no click command called command")


@click.group(cls=_ReviewCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tipline", message="%(version)s")
@click.option(
    "--beside-network", is_flag=True, help="Start although a network is up: for tests and demonstrations."
)
@click.pass_context
def review_command(context: click.Context, beside_network: bool) -> None:
    """Read tips on a machine that has no network, and answer them."""
    context.obj = beside_network


def main(argv: Sequence[str] | None = None) -> int:
    """The program: from here on this process makes no connection and loads no network client.

    SIGTERM and SIGHUP end it as Ctrl-C does.
    """
    fill_closed_streams()
    refuse_connections()
    keep_memory_private()
    _limit_memory(sys.argv[1:] if argv is None else argv)
    with ended_in_order():
        outcome = run(argv)
    if release_dead_streams() and outcome == 0:
        return _refuse("not all that the command tells could be written", "")
    return outcome


def _limit_memory(argv: Sequence[str]) -> None:
    """Limit this process, if it is to run a command that has a limit."""
    called = next((word for word in argv if not word.startswith("-")), "")
    if called in MOST_DATA_BYTES:
        limit_data(MOST_DATA_BYTES[called])


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused with a reason on standard error, 2 wrong usage."""
    escape_what_the_terminal_lacks(sys.stdout, sys.stderr)
    if sys.stdout is None:
        return _refuse("standard output is closed, and what a command tells goes there", "add > FILE")
    try:
        outcome = review_command.main(args=argv, prog_name=PROGRAM, standalone_mode=False)
    except ProgramError as error:
        return _refuse(str(error), error.hint)
    except CryptoError as error:
        return _refuse(f"{error} ({kind_of(error)})", "nothing was changed")
    except click.UsageError as error:
        notice("error", error.format_message().rstrip("."))
        notice("hint", f"{error.ctx.command_path if error.ctx else PROGRAM} --help")
        return WRONG_USAGE
    except click.ClickException as error:
        return _refuse(error.format_message().rstrip("."), "")
    except (click.Abort, KeyboardInterrupt):
        return _refuse("interrupted", "")
    except MemoryError:
        return _refuse("the command took all memory that it may have", "nothing is half done; do it again")
    except OSError as error:
        return _refuse(f"a file cannot be read or written: {system_reason(error)}", "")
    return outcome if isinstance(outcome, int) else 0


def _refuse(reason: str, hint: str) -> int:
    notice("error", reason)
    if hint:
        notice("hint", hint)
    return REFUSED
