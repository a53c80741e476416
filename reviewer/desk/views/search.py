"""Searching. The query is sent by POST: an address would stay in the browser's history."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from reviewer.casebook.case_register import CaseRecord
from reviewer.cases.search import LONGEST_LETTERS, SearchHit, cases_with, search, words_in
from reviewer.desk.page import bounded, home, page
from system.clock import today
from system.errors import ProgramError

views = Blueprint("search", __name__)


@views.get("/search", provide_automatic_options=False)
def ask() -> Response:
    return _page("")


@views.post("/search", provide_automatic_options=False)
def find() -> Response:
    words = request.form.get("words", "")[: 2 * LONGEST_LETTERS]
    try:
        found = search(home(), words_in(words), page=request.form.get("page", 1, type=bounded))
        cases = cases_with(home(), words_in(words))
    except ProgramError as error:
        return _page(words, problem=str(error), status=422)
    home().casebook.log.add("search", f"{found.page.total} submissions", today=today())
    return _page(words, found=found, cases=cases)


def _page(
    words: str,
    *,
    found: SearchHit | None = None,
    cases: Sequence[CaseRecord] = (),
    problem: str = "",
    status: int = 200,
) -> Response:
    return page(
        "search.html",
        status,
        words=words,
        found=found,
        cases=cases,
        problem=problem,
        longest=LONGEST_LETTERS,
        today=today(),
    )
