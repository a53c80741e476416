"""Every command is in docs/operate/commands.md, and its help ends with an example of itself."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from duty.commands import duty_command
from relay.commands import relay_command
from reviewer.cli import review_command
from sealer.command import seal_command
from tipline.cli import tipline_command

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "operate" / "commands.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^ *```(?:sh|text)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


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
        *commands_of("tipline-relay", relay_command),
        *commands_of("tipline-duty", duty_command),
    ]
)


def typed_in(page: Path) -> list[list[str]]:
    """The words of each command of ours that a page has a reader type, without what runs it as another user."""
    lines = "".join(BLOCK.findall(page.read_text(encoding="utf-8"))).replace("\\\n", " ").splitlines()
    typed = (re.sub(r"^(?:sudo -u \S+|runuser -u \S+ --) ", "", line.strip()) for line in lines)
    return [
        shlex.split(line, comments=True)
        for line in typed
        if re.match(r"tipline(?:-review|-seal|-relay|-duty)? [^.…]", line)
    ]


PAGES = [page for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] if typed_in(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_command_that_a_page_has_a_reader_type_exists_with_its_options(page: Path) -> None:
    for words in typed_in(page):
        found = [name for name in COMMANDS if words[: len(name.split())] == name.split()]
        assert found, shlex.join(words)
        known = {option for parameter in COMMANDS[found[0]].params for option in parameter.opts}
        typed = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert typed <= known | {"--help"}, shlex.join(words)


def test_the_pages_for_a_new_organisation_are_among_those_whose_commands_are_looked_up() -> None:
    assert {"first-week.md", "weekly-round.md", "courier.md"} <= {page.name for page in PAGES}


def test_the_document_lists_the_commands_that_there_are() -> None:
    called = r"tipline(?:-review|-relay|-duty)? [a-z -]+?|tipline-seal"
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
