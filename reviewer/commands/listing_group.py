"""A group of commands that lists when no command is named: ``entities HOME`` is ``entities list HOME``."""

from typing import Final

import click

LIST: Final = "list"
_HELP: Final = frozenset({"-h", "--help"})


class ListingGroup(click.Group):
    """Runs its command ``list`` where the first word is none of its commands.

    A HOME that is called like a command is written with its folder, as ``./keep``.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``list`` in front of words that name no command."""
        if args and args[0] not in self.commands and args[0] not in _HELP:
            args = [LIST, *args]
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
            formatter.write_text(f"Without a COMMAND it is: {ctx.command_path} {LIST} HOME")
