"""The common start of most commands: check for networks, ask the passphrase, unlock the home."""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import click

from reviewer.cases.bin import let_go_of_due
from reviewer.cases.shown_code import NOT_SHOWN
from reviewer.errors import CasebookError
from reviewer.home.home import UNPROTECTED, Home, open_home
from reviewer.machine.airgap import require_no_network
from reviewer.machine.swap_warning import warn_of_swap
from reviewer.terminal.console import notice
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from system.errors import ProgramError

Options = ParamSpec("Options")
Opened = TypeVar("Opened")
Command = TypeVar("Command", bound=Callable[..., Any])
_ENTITY: Final = re.compile(r"[EePp]-\d+")
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
JSON = click.option("--json", "as_json", is_flag=True, help="For programs: JSON on standard output.")
PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    metavar="FILE|-",
    help="Read the home's passphrase from the first line of FILE, or of standard input.",
)
TWIN_PASSPHRASE_FILE = click.option(
    "--twin-passphrase-file",
    metavar="FILE|-",
    help="Passphrase of the home that wrote the twin: the first line of FILE, or of standard input.",
)
BESIDE_NETWORK = click.option(
    "--beside-network", is_flag=True, help="Start although a network is up: for tests and demonstrations."
)
SHOWN_CODE = click.option(
    "--code", metavar="CODE", help="The code that the preview told: nothing is done if anything has changed since."
)


LEAVING_CODE = click.option(
    "--code",
    metavar="CODE",
    default=NOT_SHOWN,
    help="The code of the preview: needed to write, and refused if anything has changed.",
)
"""For a command by which something leaves. Without it, :func:`require_shown` lets nothing leave."""


def _reasons(
    _context: click.Context, _parameter: click.Parameter, given: Sequence[tuple[str, str]]
) -> dict[int, str]:
    """The reason by the number of each entity; a word that looks like an option or an entity is none."""
    from reviewer.linking.masking import entity_number

    reasons: dict[int, str] = {}
    for name, because in given:
        if because.startswith("-") or _ENTITY.fullmatch(because.strip()):
            raise click.UsageError(f"--with needs an entity and its reason: --with {name} 'her lawyer asks for it'")
        if (number := entity_number(name)) in reasons:
            raise click.UsageError(f"{name} has two reasons: give one --with for each entity")
        reasons[number] = because
    return reasons


UNMASK = click.option(
    "--with",
    "reasons",
    nargs=2,
    multiple=True,
    metavar="P-N REASON",
    callback=_reasons,
    help="A masked or closed entity whose words leave as they are, and why; the preview names each.",
)
"""For a command by which words of masked persons may leave: the reason by the number of each entity."""


def notice_unread(home: Home) -> None:
    """Say that tips are read first, where some were not read for masked persons yet."""
    if home.casebook.findings.has_unread():
        notice("note", "some tips were not read for masked persons yet; all are read first, which may take minutes")


def one_after_the_other(option: str, command: str) -> Callable[[Command], Command]:
    """A removed option: an old runbook that uses it is told to use ``command`` instead."""

    def refuse(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
        if value is not None:
            raise click.UsageError(f"{option} is a step of its own now: {command}")

    return click.option(option, hidden=True, expose_value=False, callback=refuse, help=f"Now: {command}.")


IMPORT_AGAIN = "import again every FILE that is still at hand, the oldest first: a server may have lost its tips"
"""The next step after a home was restored."""


def guard(beside_network: bool) -> None:
    """Return if only loopback is up, or if the caller insists, with a warning. Also warns of swap.

    Raises:
        NetworkTouched: a network is up.
    """
    warn_of_swap()
    context = click.get_current_context(silent=True)
    if beside_network or (context is not None and context.obj):
        notice(
            "warning",
            "--beside-network: STARTED WITHOUT LOOKING FOR A NETWORK; never do this with real tips or real keys",
        )
        return
    require_no_network()


def at_home(run: Callable[Concatenate[Home, Options], None]) -> Callable[..., None]:
    """Give a command the argument HOME and hand it over unlocked."""
    return with_home(run, _unlocked)


@contextmanager
def _unlocked(folder: Path, entry: SecretEntry) -> Iterator[Home]:
    with open_home(folder, entry=entry) as home:
        note_acts_of_members(home)
        _tell_what_is_due(home)
        yield home
        take_from_members(home)


def with_home(
    run: Callable[Concatenate[Opened, Options], None],
    opened: Callable[[Path, SecretEntry], AbstractContextManager[Opened]],
) -> Callable[..., None]:
    """Give a command the argument HOME, look for networks, and hand over what ``opened`` opens."""

    @click.argument("home_folder", metavar="HOME", type=FOLDER)
    @PASSPHRASE_FILE
    @BESIDE_NETWORK
    @functools.wraps(run)
    def command(
        home_folder: Path,
        passphrase_file: str | None,
        beside_network: bool,
        *arguments: Options.args,
        **options: Options.kwargs,
    ) -> None:
        guard(beside_network)
        with opened(home_folder, SecretEntry(passphrase_file)) as found:
            run(found, *arguments, **options)

    # Click reads the options of the wrapped command from the function that it would otherwise wrap.
    return command


def note_acts_of_members(home: Home) -> None:
    """Log what members did since a reader unlocked the home last; take back what is gone."""
    from reviewer.people.giving import take_in_acts

    with suppress(CasebookError):  # a damaged store of members keeps no reader out
        take_in_acts(home, today=today())
    take_from_members(home)


def take_from_members(home: Home) -> None:
    """Take what was deleted or hidden from the copies of members."""
    from reviewer.people.withdrawing import withdraw_gone

    with suppress(CasebookError):
        withdraw_gone(home, today=today())


def _tell_what_is_due(home: Home) -> None:
    from reviewer.linking.colleagues_forgetting import carry_out_due_forgettings

    try:
        for line in let_go_of_due(home, today=today()):
            notice("note", line)
        if forgotten := carry_out_due_forgettings(home, today=today()):
            notice("note", f"{forgotten} entities are forgotten, as colleagues proposed")
    except ProgramError as error:
        notice("warning", f"what is due was not deleted: {error}")


def warn_unprotected() -> None:
    """Say loudly that the keys lie open."""
    notice("warning", UNPROTECTED)
    notice("hint", "for real use make a new home with --passphrase-file FILE, or at a terminal")


_LIST: Final = "list"
_HELP_OPTIONS: Final = frozenset({"-h", "--help"})


class ListingGroup(click.Group):
    """Runs its command ``list`` where the first word is none: ``entities HOME`` is ``entities list HOME``.

    A HOME that is called like a command is written with its folder, as ``./keep``.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``list`` in front of words that name no command."""
        if args and args[0] not in self.commands and args[0] not in _HELP_OPTIONS:
            args = [_LIST, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click calls it so
        """The commands in the order in which they are explained."""
        return list(self.commands)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say that the name of a command may be left out."""
        formatter.write_usage(ctx.command_path, "[COMMAND] HOME [ARGS]…")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say which command runs when none is named."""
        super().format_epilog(ctx, formatter)
        with formatter.indentation():
            formatter.write_paragraph()
            formatter.write_text(f"Without a COMMAND it is: {ctx.command_path} {_LIST} HOME")
