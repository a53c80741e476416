"""The command ``tipline-seal``."""

import resource
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from sealer.offline import refuse_connections
from sealer.recipients import read_recipients, read_root_key
from sealer.sealing import seal_to_file
from system.clock import SYSTEM_CLOCK
from system.command_line import run_command_line
from system.errors import ProgramError
from system.given_files import read_source
from system.terminal import escape_what_the_terminal_lacks

PROGRAM = "tipline-seal"
_LONGEST_TEXT_BYTES = 256 * 1024
_STANDARD_INPUT = "-"
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Example: tipline-seal --to recipients.txt --root-key root.pub --out sealed.age photo.jpg",
)
@click.version_option(package_name="tipline", message="%(version)s")
@click.option(
    "--to",
    "recipients",
    required=True,
    type=FILE,
    metavar="RECIPIENTS",
    help="The organisation's recipients.txt.",
)
@click.option(
    "--root-key",
    metavar="FILE|KEY",
    help="The organisation's root key: root.pub, or its line that begins with RW. Checks RECIPIENTS.minisig.",
)
@click.option("--out", required=True, type=FILE, help="The sealed file; it must not exist yet.")
@click.option("--text-file", metavar="FILE|-", help="A text to go with the files: UTF-8, at most 256 KiB.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
def seal_command(
    recipients: Path, root_key: str | None, out: Path, text_file: str | None, paths: tuple[Path, ...]
) -> None:
    """Seal files and a text for an organisation, so that only its reviewers can open them.

    The names of the files go inside; the sealed file's length tells a size class and nothing else. Nothing is taken
    out of the files: a photo can say where and when it was made. No network is used.
    """
    if not paths and text_file is None:
        raise click.UsageError("nothing to seal: name a file, or give a text with --text-file")
    root = read_root_key(root_key) if root_key is not None else None
    today = SYSTEM_CLOCK.today()
    entry = read_recipients(recipients, root=root, today=today)
    if root is None:
        _say("warning", f"THE SIGNATURE OF {recipients} WAS NOT CHECKED: these keys may be forged")
        _say("hint", "give the organisation's root key with --root-key, from somewhere else than its page")
    text = _read_text(text_file) if text_file is not None else ""
    if not paths and not text.strip():
        raise ProgramError(
            f"nothing to seal: {'standard input' if text_file == _STANDARD_INPUT else text_file} is empty",
            hint="give a text, or at least one file as a PATH",
        )
    length_bytes = seal_to_file(out, to=entry, text=text, paths=paths, today=today)
    _tell(
        f"recipients       good until {entry.quarter.last_day.isoformat()}, signature {_judged(root is not None)}"
    )
    _tell(f"sealed           {len(paths)} files{' and a text' if text else ''}")
    _tell(f"{out}: {length_bytes} bytes; send it as it is")


def main(argv: Sequence[str] | None = None) -> int:
    """The program, which from here on reaches no network and leaves no core dump; see :func:`run`.

    SIGTERM and SIGHUP end it as Ctrl-C does.
    """
    refuse_connections()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold what is being sealed
    return run(argv)


def run(argv: Sequence[str] | None = None) -> int:
    """One command: 0 done, 1 refused with a reason on standard error, 2 wrong usage."""
    escape_what_the_terminal_lacks(sys.stdout, sys.stderr)
    return run_command_line(PROGRAM, seal_command.main, argv, click=click)


def _read_text(text_file: str) -> str:
    raw = read_source(text_file, _LONGEST_TEXT_BYTES)
    if len(raw) > _LONGEST_TEXT_BYTES:
        raise ProgramError("the text must have at most 256 KiB", hint="seal it as a file: name it as a PATH")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProgramError("the text must be UTF-8", hint="seal it as a file: name it as a PATH") from error


def _judged(was_checked: bool) -> str:
    return "checked" if was_checked else "NOT CHECKED"


def _tell(line: str) -> None:
    print(line)  # noqa: T201 -- this is the program's voice


def _say(kind: str, text: str) -> None:
    print(f"{PROGRAM}: {kind}: {text}", file=sys.stderr)  # noqa: T201 -- this is the program's voice
