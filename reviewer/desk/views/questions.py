"""Questions between two names or two pictures: their list, and both sides of one with three buttons."""

from flask import Blueprint, Response, request, url_for

from reviewer.casebook.submission import Submission
from reviewer.desk.page import desk, home, page, typed
from reviewer.desk.ticks import typed_reasons
from reviewer.desk.views.entities import verdict_of
from reviewer.linking.answering import answer
from reviewer.linking.entity_work import open_each
from reviewer.linking.link_decisions import SecondLook
from reviewer.linking.link_question import LinkQuestion
from reviewer.linking.picture_reading import read_some_pictures
from reviewer.linking.questions import QuestionReader
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

_MOST_LISTED = 30
_MOST_COUNTED = 10

_NUMBER = "<int(max=1000000000000):number>"
_KINDS = ("person", "picture")
views = Blueprint("questions", __name__)


def questions_of(submission: Submission) -> list[LinkQuestion]:
    """For the page of a tip: the open questions about its names and pictures."""
    return QuestionReader(home()).of_tip(submission)


def open_question_count() -> int:
    """For the first page: how many questions are open; ten stand for more than nine."""
    return len(QuestionReader(home()).open(most=_MOST_COUNTED))


@views.get("/questions", provide_automatic_options=False)
def show_all() -> Response:
    """Open questions, the surest first."""
    return _list()


@views.post("/questions/pictures", provide_automatic_options=False)
def compare() -> Response:
    """Compare the pictures of some tips that wait."""
    try:
        read_some_pictures(home(), children=desk().desk_session.children, with_begun=True, today=today())
    except ProgramError as error:
        return _list(problem=error)
    return Response(status=303, headers={"Location": url_for("questions.show_all")})


@views.get(f"/question/{_NUMBER}", provide_automatic_options=False)
def show(number: int) -> Response:
    home().casebook.log.add("question show", f"Q-{number}", today=today())
    return _page(number)


@views.post(f"/question/{_NUMBER}/open", provide_automatic_options=False)
def open_once(number: int) -> Response:
    """Show both sides though a person is protected, on this one page, with a reason."""
    try:
        protected = QuestionReader(home()).find(number).protected
        open_each(home(), protected, typed_reasons(protected), today=today())
    except ProgramError as error:
        return _page(number, problem=error)
    return _page(number, is_opened=True)


@views.post(f"/question/{_NUMBER}", provide_automatic_options=False)
def decide(number: int) -> Response:
    """Answer it, and go on with the next one. Some answers are asked twice."""
    try:
        answer(
            home(),
            number,
            verdict_of(typed("verdict")),
            because=typed("because"),
            is_sure="sure" in request.form,
            today=today(),
        )
    except ProgramError as error:
        return _page(number, problem=error)
    following = QuestionReader(home()).open(most=1)
    if following:
        return Response(status=303, headers={"Location": url_for("questions.show", number=following[0].number)})
    return Response(status=303, headers={"Location": url_for("questions.show_all")})


def _list(*, problem: ProgramError | None = None) -> Response:
    kind = request.args.get("kind")
    with_weak = "weak" in request.args
    reader = QuestionReader(home())
    of_pictures = None if kind not in _KINDS else kind == _KINDS[1]
    questions = reader.open(most=_MOST_LISTED + 1, with_weak=with_weak, of_pictures=of_pictures)
    home().casebook.log.add("questions", f"{len(questions)} questions", today=today())
    return page(
        "questions.html",
        200 if problem is None else 422,
        questions=questions[:_MOST_LISTED],
        has_more=len(questions) > _MOST_LISTED,
        with_weak=with_weak,
        kind=kind if kind in _KINDS else None,
        waiting=len(home().casebook.pictures.unread()),
        problem=problem,
    )


def _page(number: int, *, is_opened: bool = False, problem: ProgramError | None = None) -> Response:
    reader = QuestionReader(home())
    shown = reader.find(number, is_opened=is_opened)
    following = reader.open(most=1, but=number)
    return page(
        "question.html",
        200 if problem is None else 422,
        shown=shown,
        following=following[0].number if following else None,
        problem=problem,
        is_second=isinstance(problem, SecondLook),
        typed=request.form,
        reason_letters=REASON_LETTERS,
    )
