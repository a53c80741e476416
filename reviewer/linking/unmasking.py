"""Acts after which masked words are shown: each needs a reason of its own, and the log says so."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from reviewer.cases.marking import own_name, plain_name
from reviewer.home.home import Home
from reviewer.linking.masking import Masks
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.errors import ProgramError


@contextmanager
def shown_with_reason(
    home: Home, findings: Sequence[int], because: str, *, are_alike: bool = False, today: dt.date
) -> Iterator[Mapping[int, str]]:
    """Change findings, with a reason where words show that a mask hid; the reason by each that was masked.

    It is one transaction. One reason is for one finding, or with ``are_alike`` for all with the same reading of one
    entity.

    Raises:
        ProgramError: words would show without a reason, or with one reason for several; nothing was changed.
    """
    casebook = home.casebook
    because = plain_name(because, "a reason", REASON_LETTERS)
    if not findings:
        yield {}
        return
    with casebook.changing():
        masks = Masks(home)
        found = [casebook.findings.find(number) for number in dict.fromkeys(findings)]
        owners = {one.number: owner for one in found if (owner := masks.owner_of(one)) is not None}
        yield dict.fromkeys(owners, because) if because else {}
        after = Masks(home) if owners else masks
        shown = [number for number in owners if after.owner_of(casebook.findings.find(number)) is None]
        of = {masks.name(owners[number]) for number in shown}
        if len(shown) > 1 and (not are_alike or len(of) > 1):
            raise ProgramError(
                f"{len(shown)} findings are masked as {', '.join(sorted(of))}, and all would be shown",
                hint="one at a time, each with a reason of its own",
            )
        for number in shown:
            require_reason_to_show(home, number, owners[number], because, today=today)


def require_reason_to_show(home: Home, number: int, owner: int, because: str, *, today: dt.date) -> None:
    """Note why words are shown that a mask of ``owner`` hid; nothing if it hides them still.

    Raises:
        ProgramError: there is no reason.
    """
    casebook = home.casebook
    finding = casebook.findings.find(number)
    masks = Masks(home)
    if masks.owner_of(finding) is not None:
        return
    name = masks.name(owner)
    if not because:
        raise ProgramError(
            f"finding {number} is masked as {name}, and its words would be shown: this needs a reason",
            hint=f"keep it for {name}, or say why it is another person's",
        )
    casebook.lasting_masks.note_removal(owner, finding.submission, because, reviewer=own_name(home), today=today)
    casebook.log.add("mask removed", f"{name}, finding {number}", today=today)
