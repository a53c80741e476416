"""Every command is in docs/operate/commands.md, and its help ends with an example of itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from reviewer.cli import review_command
from sealer.command import seal_command
from tipline.cli import tipline_command

DOCUMENT = (Path(__file__).parent.parent / "docs" / "operate" / "commands.md").read_text(encoding="utf-8")


def commands_of(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Each command that does something, with all the words that call it."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        below = command.get_command(context, word)
        assert below is not None, f"{name} lists {word} and does not have it"
        yield from commands_of(f"{name} {word}", below)


COMMANDS = dict(
    [
        *commands_of("tipline", tipline_command),
        *commands_of("tipline-review", review_command),
        *commands_of("tipline-seal", seal_command),
    ]
)


def test_the_document_lists_the_commands_that_there_are() -> None:
    called = r"tipline(?:-review)? [a-z -]+?|tipline-seal"
    rows = re.findall(rf"^\| `({called})(?: [A-Z-].*)?` \|", DOCUMENT, re.MULTILINE)
    assert sorted(rows) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_an_example_of_the_command_itself(name: str) -> None:
    epilog = COMMANDS[name].epilog or ""
    assert re.match(rf"Example: {re.escape(name)}(?: |$)", epilog)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]}"
            assert not {"password", "passphrase", "secret"} & set(parameter.opts), "secrets are no arguments"
