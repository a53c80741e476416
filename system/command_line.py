"""One run of a program's command line: errors become lines on standard error and an exit code."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import ModuleType

from system.errors import REFUSED, WRONG_USAGE, ProgramError, system_reason
from system.signals import ended_in_order
from system.terminal import release_dead_streams


def run_command_line(
    program: str,
    command: Callable[..., object],
    argv: Sequence[str] | None,
    *,
    click: ModuleType,
    refusals: tuple[type[Exception], ...] = (ProgramError,),
) -> int:
    """Run a click command; return 0 when done, 1 when refused, 2 on wrong usage.

    ``command`` is the ``main`` of the click command. ``click`` is that library, which this package does not import.
    ``refusals`` are errors with a message for the user, and with a ``hint`` or none. SIGTERM and SIGHUP end the
    command as Ctrl-C does, unless it has its own way.
    """
    with ended_in_order():
        outcome = _run(program, command, argv, click, refusals)
    if release_dead_streams() and outcome == 0:
        _say(program, "error", "standard output could not be written whole")
        return REFUSED
    return outcome


def say_on_error(line: str) -> None:
    """Say a line on standard error.

    A full disk behind the log, or a terminal that is gone, does not end the program.
    """
    with suppress(OSError):
        print(line, file=sys.stderr, flush=True)  # noqa: T201 -- the program's own output


def _run(
    program: str,
    command: Callable[..., object],
    argv: Sequence[str] | None,
    click: ModuleType,
    refusals: tuple[type[Exception], ...],
) -> int:
    try:
        outcome = command(args=argv, prog_name=program, standalone_mode=False)
    except refusals as error:
        return _refuse(program, str(error), getattr(error, "hint", ""))
    except click.exceptions.NoArgsIsHelpError as error:
        say_on_error(error.format_message())
        return WRONG_USAGE
    except click.UsageError as error:
        message = error.format_message().rstrip(".")
        hint = f"{error.ctx.command_path if error.ctx else program} --help"
        _refuse(program, message[:1].lower() + message[1:], hint)
        return WRONG_USAGE
    except click.ClickException as error:
        return _refuse(program, error.format_message())
    except (click.Abort, KeyboardInterrupt):
        return _refuse(program, "interrupted")
    except OSError as error:
        place = f": {error.filename}" if isinstance(error.filename, str) else ""
        reason = system_reason(error)
        return _refuse(program, f"a file cannot be read or written: {reason}{place}")
    return outcome if isinstance(outcome, int) else 0


def _refuse(program: str, reason: str, hint: str = "") -> int:
    _say(program, "error", reason)
    if hint:
        _say(program, "hint", hint)
    return REFUSED


def _say(program: str, kind: str, text: str) -> None:
    say_on_error(f"{program}: {kind}: {text}")
