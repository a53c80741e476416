"""``tipline-relay``: the command line of a relay."""

import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from onion.errors import OnionError
from relay.commands import relay_command
from system.errors import REFUSED, WRONG_USAGE, ProgramError
from system.signals import ended_in_order
from system.terminal import release_dead_streams

PROGRAM = "tipline-relay"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused with a reason on standard error, 2 wrong usage.

    SIGTERM and SIGHUP end it as Ctrl-C does.
    """
    with ended_in_order():
        outcome = _run(argv)
    if release_dead_streams() and outcome == 0:
        _say("error", "not all that the command tells could be written")
        return REFUSED
    return outcome


def _run(argv: Sequence[str] | None) -> int:
    try:
        outcome = relay_command.main(args=argv, prog_name=PROGRAM, standalone_mode=False)
    except (ProgramError, OnionError) as error:
        _say("error", str(error))
        if error.hint:
            _say("hint", error.hint)
        return REFUSED
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)  # noqa: T201 -- the program's own output
        return WRONG_USAGE
    except click.UsageError as error:
        message = error.format_message().rstrip(".")
        _say("error", message[:1].lower() + message[1:])
        _say("hint", f"{error.ctx.command_path if error.ctx else PROGRAM} --help")
        return WRONG_USAGE
    except click.ClickException as error:
        _say("error", error.format_message())
        return REFUSED
    except (click.Abort, KeyboardInterrupt):
        _say("error", "interrupted")
        return REFUSED
    except OSError as error:
        _say("error", f"a file cannot be read or written: {(error.strerror or 'unknown reason').lower()}")
        return REFUSED
    return outcome if isinstance(outcome, int) else 0


def _say(kind: str, text: str) -> None:
    with suppress(OSError):  # the terminal is gone
        print(f"{PROGRAM}: {kind}: {text}", file=sys.stderr)  # noqa: T201 -- the program's own output


if __name__ == "__main__":
    sys.exit(main())
