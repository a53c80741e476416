"""Manners of the command line: exit codes, help that works, no half-written files."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from reviewer.cli import COMMANDS, review_command
from tests.reviewer.desk_stage import PROGRAM, Desk


def _all_commands() -> Iterator[tuple[list[str], click.Command]]:
    context = click.Context(review_command)
    for name in COMMANDS:
        command = review_command.get_command(context, name)
        assert command is not None
        yield from _commands_of([name], command)


def _commands_of(words: list[str], command: click.Command) -> Iterator[tuple[list[str], click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    for name, below in command.commands.items():
        yield from _commands_of([*words, name], below)


ALL = list(_all_commands())
NAMES = [" ".join(words) for words, _command in ALL]


@pytest.mark.parametrize("words_and_command", ALL, ids=NAMES)
def test_every_help_ends_with_an_example_that_parses(
    words_and_command: tuple[list[str], click.Command], capsys: pytest.CaptureFixture[str], bare_desk: Desk
) -> None:
    words, command = words_and_command
    bare_desk.do(*words, "--help")
    ends = re.sub(r"\s+", " ", bare_desk.out.strip()).rsplit("Example: tipline-review ", 1)
    assert len(ends) == 2, "no example"
    example = shlex.split(ends[1].split(" < ")[0].split(" > ")[0])
    assert example[: len(words)] == words
    context = command.make_context(" ".join(words), example[len(words) :], resilient_parsing=False)
    assert context.params.keys() == {param.name for param in command.params if param.expose_value}


def test_wrong_usage_is_exit_code_2_with_a_hint(bare_desk: Desk) -> None:
    assert bare_desk.run("no-such-command") == 2
    assert bare_desk.err.splitlines()[-1].startswith("tipline-review: hint: ")
    assert bare_desk.run("show") == 2
    assert "tipline-review: error: Missing argument" in bare_desk.err


def test_a_refusal_is_exit_code_1_with_reason_and_hint(desk: Desk) -> None:
    assert desk.run("show", desk.home, "0000") == 1
    said = [line for line in desk.err.splitlines() if "--beside-network" not in line]
    assert said[0].startswith("tipline-review: error: ")
    assert said[1].startswith("tipline-review: hint: ")


def test_going_on_beside_a_network_is_said_loudly(desk: Desk) -> None:
    desk.do("list", desk.home)
    assert "STARTED WITHOUT LOOKING FOR A NETWORK" in desk.err


def test_a_file_that_is_not_there_is_a_refusal(desk: Desk) -> None:
    assert desk.run("import", desk.home, desk.folder / "missing") == 1
    assert "cannot read" in desk.err
    assert desk.run("import", desk.home, desk.folder) != 0


def test_a_device_or_pipe_is_never_replaced_by_a_file_of_ours(desk: Desk) -> None:
    os.mkfifo(desk.folder / "pipe")
    assert desk.run("outbox", desk.home, "--out", desk.folder / "pipe") == 1
    assert "is there, and is no file" in desk.err
    assert (desk.folder / "pipe").is_fifo()


def test_two_programs_at_once_are_refused(desk: Desk) -> None:
    hold = (
        "import sys, pathlib\n"
        "from reviewer.home.home import open_home\n"
        "from reviewer.terminal.secret_entry import SecretEntry\n"
        "with open_home(pathlib.Path(sys.argv[1]), entry=SecretEntry(None)):\n"
        "    print('open', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, desk.home], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == b"open\n"
        assert desk.run("list", desk.home) == 1
        assert "another tipline-review is at work" in desk.err
        other.stdin.close()
        other.wait(timeout=30)
    desk.do("list", desk.home)


def test_a_terminal_that_knows_only_ascii_gets_escapes_instead_of_an_error(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("доклад.pdf", "b", b"c")]))
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            PROGRAM,
            "--beside-network",
            "show",
            desk.home,
            short_id,
        ],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert b"\\u0434" in done.stdout


def test_the_program_leaves_no_core_dump() -> None:
    asked = "print(resource.getrlimit(resource.RLIMIT_CORE))"
    done = subprocess.run(
        [sys.executable, "-c", f"import resource; from reviewer.cli import main; main(['--help']); {asked}"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.endswith(b"(0, 0)\n")
