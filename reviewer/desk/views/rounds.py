"""The round to the servers and back: waiting items, and the three files that staff carry."""

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, request

from reviewer.desk.page import absolute, home
from reviewer.desk.round_offers import RoundStep, remember
from reviewer.desk.views.confirm import confirming_after, without_digits
from reviewer.desk.views.rounds_page import rounds_page
from reviewer.exchange.import_result import ImportReport
from reviewer.exchange.outbox import write_outbox
from reviewer.exchange.take_in import FileImporter
from reviewer.linking.also_in import new_to_see
from reviewer.linking.tip_reading import read_new_tips
from reviewer.recovery.backup import write_backup
from system.clock import today
from system.errors import ProgramError

_MOST_TOLD = 20
Done = tuple[list[str], list[ProgramError]]
"""What was done, in sentences, and what of it was refused."""

views = Blueprint("rounds", __name__, url_prefix="/rounds")


@views.get("", provide_automatic_options=False)
def show() -> Response:
    return rounds_page([])


@views.post("/import", provide_automatic_options=False)
def take_in() -> Response:
    """The same as the command; a large FILE takes a while."""

    def read(path: Path) -> Done:
        brought = FileImporter(home(), today=today(), progress=lambda _bytes: None).read(path)
        read_new_tips(home())
        return [*_told(brought), f"{new_to_see(home()).sentence()}."], brought.troubles()

    return done(read, RoundStep.TAKE_IN)


@views.post("/outbox", provide_automatic_options=False)
def outbox() -> Response:
    def write(path: Path) -> Done:
        sent = write_outbox(home(), path, from_number=None, today=today())
        told = [
            f"The outbox is written: {path}.",
            f"{sent.replies} replies, real and dummy alike, {sent.receipts} receipts, {sent.manifests} manifests.",
            *(f"For {name}: bundle {number} of stream {stream.hex()}." for name, number, stream in sent.bundles),
        ]
        return told, []

    return done(write, RoundStep.OUTBOX)


@views.post("/backup", provide_automatic_options=False)
def backup() -> Response:
    def write(path: Path) -> Done:
        told = [f"{write_backup(home(), path, today=today())} submissions are in the backup: {path}."]
        if path.stat().st_dev == home().folder.stat().st_dev:
            told.append(
                "It lies on the disk of this home: copy it to another medium before the next outbox. Receipts leave"
                " for what is in it, servers then delete their copy, and this disk holds the last."
            )
        return told, []

    return done(write, RoundStep.BACKUP)


def done(act: Callable[[Path], Done], step: RoundStep) -> Response:
    """Do one step with the file that was typed or else chosen, and remember its folder."""
    untrusted_path = request.form.get("file", "").strip() or request.form.get("place", "")
    told: list[str] = []
    refused: list[ProgramError] = []
    try:
        path = absolute(untrusted_path)
        told, refused = act(path)
        remember(home(), step, path)
    except ProgramError as error:
        refused = [error]
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        refused = [ProgramError(f"the file cannot be read or written: {reason}")]
    for_desk = [without_digits(one) for one in refused]
    told += [
        f"Not done as well: {one}." + (f" What to do: {one.hint}." if one.hint else "") for one in for_desk[1:]
    ]
    problem = for_desk[0] if for_desk else None
    return rounds_page(told, problem=problem, step=step, confirming=confirming_after(refused))


def _told(brought: ImportReport) -> list[str]:
    told = [
        f"{brought.bundles} new bundles, {brought.repeated} read before, {brought.for_others} for others.",
        f"{len(brought.opened)} new submissions, {brought.known} known.",
    ]
    if brought.heard_from:
        names = ", ".join(sorted(brought.heard_from))
        told.append(f"{brought.operations} changes of colleagues are new here; heard from {names}.")
    if brought.quarantined:
        told.append(f"{brought.quarantined} files went into quarantine. No preview of them is shown.")
    not_opened = len(brought.unopenable) + len(brought.without_slot)
    if not_opened:
        told.append(f"{not_opened} could not be opened; they are kept as they came, and stand in the list.")
    if brought.opened_now:
        told.append(f"{len(brought.opened_now)} could not be opened before, and are open now.")
    told += [
        f"Of what came before, some still waits: {reason}. What to do: {hint}."
        for reason, hint in dict.fromkeys((each.reason, each.hint) for each in brought.still_wait)
    ]
    if brought.lost:
        told.append(f"{len(brought.lost)} are gone from this disk, or were changed: they must come again.")
    if brought.still_sealed:
        told.append(f"{len(brought.still_sealed)} hold a file, sealed by its source, that could not be opened.")
    told += [f"Warning: {fallen}." for fallen in brought.fallen]
    if brought.deleted_unread:
        told.append(f"{brought.deleted_unread} were deleted on the server before they were read here.")
    awaited = home().casebook.awaited.all()
    told += [f"Not in its bundle, and awaited: {one}." for one in awaited[:_MOST_TOLD]]
    if len(awaited) > _MOST_TOLD:
        told.append(f"{len(awaited) - _MOST_TOLD} more are awaited: keys status --json names all.")
    return told
