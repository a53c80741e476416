"""The round to the servers and back: waiting items, and the three files that staff carry."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from flask import Blueprint, Response, request

from reviewer.desk.page import absolute, desk, home
from reviewer.desk.round_offers import RoundStep, remember
from reviewer.desk.views.confirm import confirming_after, without_digits
from reviewer.desk.views.letting_go import taken_from_members
from reviewer.desk.views.rounds_page import rounds_page
from reviewer.exchange.import_result import ImportReport
from reviewer.exchange.outbox import write_outbox
from reviewer.exchange.take_in import FileImporter
from reviewer.languages.staff_language import said
from reviewer.linking.also_in import new_to_see
from reviewer.linking.picture_reading import read_some_pictures
from reviewer.linking.present_places import let_go_of_present_places
from reviewer.linking.tip_reading import read_new_tips
from reviewer.recovery.backup import write_backup
from reviewer.sharing.crossing import crossing_answers
from system.clock import today
from system.errors import ProgramError, system_reason

_MOST_TOLD = 20

Done = tuple[list[str], list[ProgramError]]
"""Sentences of what was done, and the refusals."""

views = Blueprint("rounds", __name__, url_prefix="/rounds")
views.after_request(taken_from_members)


@views.get("", provide_automatic_options=False)
def show() -> Response:
    return rounds_page([])


@views.post("/import", provide_automatic_options=False)
def take_in() -> Response:
    """The same as the command; a large FILE takes a while."""

    def read(path: Path) -> Done:
        brought = FileImporter(home(), today=today(), progress=lambda _bytes: None).read(path)
        read_new_tips(home())
        let_go_of_present_places(home(), today=today())
        with suppress(ProgramError):  # the page of questions says that pictures wait, and why
            read_some_pictures(home(), children=desk().desk_session.children, with_begun=False, today=today())
        return [*_told(brought), f"{new_to_see(home()).sentence()}."], brought.troubles()

    return done(read, RoundStep.TAKE_IN)


@views.post("/outbox", provide_automatic_options=False)
def outbox() -> Response:
    def write(path: Path) -> Done:
        sent = write_outbox(home(), path, from_number=None, today=today())
        told = [
            said("The outbox is written: %(path)s.", path=path),
            said(
                "%(replies)s replies, real and dummy alike, %(receipts)s delivery receipts,"
                " %(manifests)s manifests.",
                replies=sent.replies,
                receipts=sent.receipts,
                manifests=sent.manifests,
            ),
            *(
                said(
                    "For %(name)s: bundle %(number)s of stream %(stream)s.",
                    name=name,
                    number=number,
                    stream=stream.hex(),
                )
                for name, number, stream in sent.bundles
            ),
        ]
        return told, []

    return done(write, RoundStep.OUTBOX)


@views.post("/backup", provide_automatic_options=False)
def backup() -> Response:
    def write(path: Path) -> Done:
        count = write_backup(home(), path, today=today())
        told = [said("%(count)s submissions are in the backup: %(path)s.", count=count, path=path)]
        if path.stat().st_dev == home().folder.stat().st_dev:
            told.append(
                said(
                    "It lies on the disk of this home: copy it to another medium before the next outbox."
                    " Delivery receipts leave for what is in it, servers then delete their copy,"
                    " and this disk holds the last."
                )
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
        reason = system_reason(error)
        refused = [ProgramError(f"the file cannot be read or written: {reason}")]
    for_desk = [without_digits(one) for one in refused]
    for one in for_desk[1:]:
        told.append(said("Not done as well: %(trouble)s.", trouble=one))
        if one.hint:
            told.append(said("What to do: %(hint)s.", hint=one.hint))
    problem = for_desk[0] if for_desk else None
    return rounds_page(told, problem=problem, step=step, confirming=confirming_after(refused))


def _told(brought: ImportReport) -> list[str]:
    told = [
        said(
            "%(count)s new bundles, %(repeated)s read before, %(others)s for others.",
            count=brought.bundles,
            repeated=brought.repeated,
            others=brought.for_others,
        ),
        said("%(count)s new submissions, %(known)s known.", count=len(brought.opened), known=brought.known),
    ]
    if brought.heard_from:
        names = ", ".join(sorted(brought.heard_from))
        told.append(
            said(
                "%(count)s changes of colleagues are new here; heard from %(names)s.",
                count=brought.operations,
                names=names,
            )
        )
    told += [one.sentence() for one in crossing_answers(home())]
    if brought.quarantined:
        told.append(
            said("%(count)s files went into quarantine. No preview of them is shown.", count=brought.quarantined)
        )
    not_opened = len(brought.unopenable) + len(brought.without_slot)
    if not_opened:
        told.append(
            said(
                "%(count)s could not be opened; they are kept as they came, and stand in the list.",
                count=not_opened,
            )
        )
    if brought.opened_now:
        told.append(
            said(
                "%(count)s could not be opened before, and are open now.",
                count=len(brought.opened_now),
            )
        )
    told += [
        said("Of what came before, some still waits: %(reason)s. What to do: %(hint)s.", reason=reason, hint=hint)
        for reason, hint in dict.fromkeys((each.reason, each.hint) for each in brought.still_wait)
    ]
    if brought.lost:
        told.append(
            said(
                "%(count)s are gone from this disk, or were changed: they must come again.", count=len(brought.lost)
            )
        )
    if brought.still_sealed:
        told.append(
            said(
                "%(count)s hold a file, sealed by its source, that could not be opened.",
                count=len(brought.still_sealed),
            )
        )
    told += [said("Warning: %(warning)s.", warning=fallen) for fallen in brought.fallen]
    if brought.deleted_unread:
        told.append(
            said(
                "%(count)s were deleted on the server before they were read here.",
                count=brought.deleted_unread,
            )
        )
    awaited = home().casebook.awaited.all()
    told += [said("Not in its bundle, and awaited: %(item)s.", item=one) for one in awaited[:_MOST_TOLD]]
    if len(awaited) > _MOST_TOLD:
        told.append(
            said(
                "%(count)s more are awaited: keys status --json names all.",
                count=len(awaited) - _MOST_TOLD,
            )
        )
    return told
