"""``forget``: forget an entity, or a whole tip, for good."""

from collections.abc import Sequence

import click

from reviewer.cases.deleting import delete_tips
from reviewer.cases.deletion_preview import going_of
from reviewer.commands.at_home import at_home
from reviewer.home.home import Home
from reviewer.linking.entity_work import open_each
from reviewer.linking.forgetting import ASKED, doomed_of, forget_entity
from reviewer.linking.masking import entity_number
from reviewer.terminal.console import notice, output
from system.clock import today

_NUMBER = click.IntRange(min=1, max=1 << 40)


@click.command(epilog="Example: tipline-review forget ~/review E-12 --dry-run")
@at_home
@click.argument("name", metavar="E-N|TIP")
@click.option("--dry-run", is_flag=True, help="Show each passage, and what would go; nothing is changed.")
@click.option("--because", metavar="REASON", help="With --dry-run: why you look at a protected or closed entity.")
@click.option("--leave", multiple=True, type=_NUMBER, metavar="N", help="Leave the words of finding N in the text.")
@click.option("--whole-tip", multiple=True, type=_NUMBER, metavar="N", help="Delete the whole tip of finding N.")
def command(
    home: Home, name: str, dry_run: bool, because: str | None, leave: Sequence[int], whole_tip: Sequence[int]
) -> None:
    """Delete an entity and everything that is the same as it, for good.

    Its passages are blacked out in the stored texts. Findings, readings, roles, relations, and reasons go, and no
    later reading finds them again. Files of a tip are not blacked out: use --whole-tip if one shows the person. For
    a TIP this is `delete --because asked`. Backups that were written before still hold everything. Colleagues are
    asked to forget the same: `proposals`.
    """
    if name[:2].upper() in ("E-", "P-"):
        number = entity_number(name)
        if dry_run:
            _preview(home, number, because)
            return
        for line in forget_entity(home, number, leave=leave, whole_tips=whole_tip, today=today()).lines():
            output(line)
        return
    submission = home.casebook.submissions.find(name)
    for line in going_of(home, submission).lines():
        output(line)
    if not dry_run:
        delete_tips(home, [submission], because=ASKED, today=today())
        output(f"{submission.short_id} is deleted")


def _preview(home: Home, number: int, because: str | None) -> None:
    """Show each passage; only with a reason where one of those that are the same is protected or closed."""
    doomed = doomed_of(home, number)
    is_hidden = bool(doomed.hidden)
    if is_hidden and because is not None:
        open_each(home, doomed.hidden, dict.fromkeys(doomed.hidden, because), today=today())
        is_hidden = False
    home.casebook.log.add("forgetting previewed", f"E-{number}", today=today())
    for one in (doomed.masked() if is_hidden else doomed).passages:
        output(one.line())
    for line in doomed.lines():
        output(line)
    notice("hint", "nothing was changed; --leave N and --whole-tip N choose for single passages")
