"""Findings: what is new, the findings of one tip beside its text, and where a number stands."""

from flask import Blueprint, Response, request, url_for

from reviewer.casebook.entities import Entity
from reviewer.casebook.finding_readings import SAID_KINDS
from reviewer.casebook.findings import FindingState
from reviewer.casebook.identifier_keys import IdentifierMark
from reviewer.casebook.submission import Submission
from reviewer.desk.marked_text import marked_texts
from reviewer.desk.page import home, page, typed
from reviewer.linking.also_in import AlsoIn, NewToSee, also_in, look_up, new_to_see
from reviewer.linking.finding_work import all_like_it, choose_reading, dismiss, keep, keep_all_like, make_new
from reviewer.linking.identifier_marks import ADDED_LETTERS, identifiers_in, set_mark, stopped_place
from reviewer.linking.mask_removal import add_with_reason
from reviewer.linking.masking import Masks, entity_number
from reviewer.linking.news import NewsSince, is_long_ago, news_since
from reviewer.linking.shown_findings import ShownFinding, shown_findings
from reviewer.linking.tip_reading import KINDS, home_regions, read_new_tips, set_home_regions
from reviewer.linking.tip_texts import texts_of
from reviewer.linking.unmasking import shown_with_reason
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

_MOST_TIPS = 100
_PAGE_FINDINGS = 50
_READ_AT_ONCE = 300
"""Tips that waited since before an update are read by several presses, so that no page takes minutes."""
_NUMBER = "<int(max=1000000000000):number>"
views = Blueprint("findings", __name__)


def new_findings() -> NewToSee:
    """For the first page: how much is new to look at."""
    return new_to_see(home())


def news_after_a_pause() -> NewsSince | None:
    """For the first page: all that is new, if no one opened the casebook for a week or more."""
    return news_since(home(), today=today()) if is_long_ago(home(), today=today()) else None


def has_unread_tips() -> bool:
    """For the first page: tips wait that were not read for findings, as after an update."""
    return home().casebook.findings.has_unread()


def also_in_tip(submission: Submission) -> list[AlsoIn]:
    """For the page of a tip: its identifiers that stand in other tips too."""
    return also_in(home(), submission)


@views.get("/findings", provide_automatic_options=False)
def show() -> Response:
    """Tips with new findings, the newest first. Of tips that wait some hundreds are read at once."""
    read_new_tips(home(), most=_READ_AT_ONCE)
    return _overview()


@views.post("/findings/lookup", provide_automatic_options=False)
def lookup() -> Response:
    """Show the places of a number. It comes by POST: an address would stay in the browser's history."""
    words = typed("words")[:ADDED_LETTERS]
    try:
        found = look_up(home(), identifiers_in(home(), words), today=today())
    except ProgramError as error:
        return _overview(words=words, problem=error)
    return _overview(words=words, found=found)


@views.post("/findings/mark", provide_automatic_options=False)
def mark() -> Response:
    """Stop an identifier or mark it as common, or take that back."""
    words = typed("words")[:ADDED_LETTERS]
    try:
        wanted = IdentifierMark(typed("mark"))
        is_place = "place" in request.form and wanted is IdentifierMark.STOPPED
        marked = [stopped_place(words)] if is_place else identifiers_in(home(), words, with_places=True)
        set_mark(home(), marked, wanted, is_set="undo" not in request.form, today=today())
    except ValueError:
        return _overview(words=words, problem=ProgramError("a mark must be common or stopped"))
    except ProgramError as error:
        return _overview(words=words, problem=error)
    return _to("findings.show")


@views.post("/findings/regions", provide_automatic_options=False)
def regions() -> Response:
    """Set the home regions; all tips are read again."""
    try:
        set_home_regions(home(), typed("regions").replace(",", " ").split(), today=today())
    except ProgramError as error:
        return _overview(problem=error)
    return _to("findings.show")


@views.get("/tip/<short_id>/findings", provide_automatic_options=False)
def of_tip(short_id: str) -> Response:
    return _of_tip(home().casebook.submissions.find(short_id))


@views.post(f"/tip/<short_id>/findings/{_NUMBER}", provide_automatic_options=False)
def decide(short_id: str, number: int) -> Response:
    """Keep, dismiss, or make new again; then to the next new finding of the tip."""
    submission = home().casebook.submissions.find(short_id)
    act, kind = typed("act"), typed("kind") or None
    try:
        if act == "keep":
            into = typed("entity").strip()
            with shown_with_reason(home(), [number], typed("because"), today=today()):
                keep(home(), [number], kind=kind, entity=entity_number(into) if into else None, today=today())
        elif act == "all-like":
            like = [number, *all_like_it(home(), number)]
            with shown_with_reason(home(), like, typed("because"), are_alike=True, today=today()):
                keep_all_like(home(), number, kind=kind, today=today())
        elif act == "reading":
            choose_reading(home(), number, typed("reading"), today=today())
        elif act == "dismiss":
            dismiss(home(), [number], because=typed("because"), today=today())
        elif act == "new":
            make_new(home(), number, because=typed("because"), today=today())
    except ProgramError as error:
        return _of_tip(submission, problem=error, at=number)
    address = url_for("findings.of_tip", short_id=submission.short_id, page=request.args.get("page"))
    return Response(status=303, headers={"Location": f"{address}#next"})


@views.post("/tip/<short_id>/findings", provide_automatic_options=False)
def add(short_id: str) -> Response:
    """Add words of the tip by hand."""
    submission = home().casebook.submissions.find(short_id)
    words = typed("words")
    try:
        add_with_reason(home(), submission, typed("kind"), words, typed("because"), today=today())
    except ProgramError as error:
        return _of_tip(submission, problem=error, words=words)
    return _to("findings.of_tip", short_id=submission.short_id)


def _of_tip(
    submission: Submission, *, problem: ProgramError | None = None, at: int = 0, words: str = ""
) -> Response:
    casebook = home().casebook
    read_new_tips(home(), most=_READ_AT_ONCE)
    masks = Masks(home())
    stored = casebook.findings.of(submission.number)
    pages = max(1, -(-len(stored) // _PAGE_FINDINGS))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    shown = shown_findings(home(), stored[(number - 1) * _PAGE_FINDINGS : number * _PAGE_FINDINGS], masks)
    places: dict[int, list[AlsoIn]] = {}
    for one in also_in(home(), submission, masks):
        places.setdefault(one.finding, []).append(one)
    known = {one.finding.number: _known(one.finding.number) for one in shown}
    casebook.log.add("findings", submission.short_id, today=today())
    following = [tip for tip, _count in casebook.findings.with_new(most=2) if tip != submission.number]
    return page(
        "tip_findings.html",
        200 if problem is None else 422,
        submission=submission,
        texts=marked_texts(texts_of(home(), submission), shown),
        findings=shown,
        first_new=next((one.finding.number for one in shown if _waits(one)), 0),
        places=places,
        known=known,
        masks=masks,
        kinds=KINDS,
        has_more=casebook.findings.has_more(submission.number),
        page_number=number,
        pages=pages,
        following=casebook.submissions.by_number(following[0]).short_id if following else None,
        problem=problem,
        problem_at=at,
        words=words,
        typed_entity=typed("entity").strip(),
        typed_kind=typed("kind"),
        states=FindingState,
        has_regions=bool(home_regions(home())),
        reason_letters=REASON_LETTERS,
    )


def _waits(one: ShownFinding) -> bool:
    """True if a person is to look at this finding; places and dates wait for no one."""
    return one.finding.state is FindingState.NEW and one.finding.kind not in SAID_KINDS


def _known(number: int) -> list[Entity]:
    """At most three entities that have an identifier of this finding already: it may be kept for one."""
    casebook = home().casebook
    numbers = dict.fromkeys(
        entity for one in casebook.identifiers.of(number) for entity in casebook.identifiers.entities(one)
    )
    return [casebook.entities.find(one) for one in list(numbers)[:3]]


def _overview(
    *, words: str = "", found: list[AlsoIn] | None = None, problem: ProgramError | None = None
) -> Response:
    casebook = home().casebook
    tips = casebook.findings.with_new(most=_MOST_TIPS)
    casebook.log.add("findings", f"{len(tips)} tips", today=today())
    return page(
        "findings.html",
        200 if problem is None else 422,
        tips=[(casebook.submissions.by_number(number), count) for number, count in tips],
        summary=new_to_see(home()),
        waits=bool(casebook.findings.unread(most=1)),
        words=words,
        found=found,
        problem=problem,
        regions=home_regions(home()),
        stopped=casebook.identifiers.marked(IdentifierMark.STOPPED),
        common=casebook.identifiers.marked(IdentifierMark.COMMON),
        longest=ADDED_LETTERS,
    )


def _to(endpoint: str, short_id: str | None = None) -> Response:
    return Response(status=303, headers={"Location": url_for(endpoint, short_id=short_id)})
