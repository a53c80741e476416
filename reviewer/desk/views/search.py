"""Searching. The query is sent by POST: an address would stay in the browser's history."""

from flask import Blueprint, Response, request

from reviewer.cases.search import LONGEST_LETTERS, search, words_in
from reviewer.desk.page import home, page
from system.clock import today
from system.errors import ProgramError

views = Blueprint("search", __name__)


@views.get("/search", provide_automatic_options=False)
def ask() -> Response:
    return page("search.html", words="", found=None, problem="", longest=LONGEST_LETTERS)


@views.post("/search", provide_automatic_options=False)
def find() -> Response:
    words = request.form.get("words", "")[: 2 * LONGEST_LETTERS]
    try:
        found = search(home(), words_in(words), page=request.form.get("page", 1, type=int))
    except ProgramError as error:
        return page("search.html", 422, words=words, found=None, problem=str(error), longest=LONGEST_LETTERS)
    home().casebook.log.add("search", f"{found.page.total} submissions", today=today())
    return page("search.html", words=words, found=found, problem="", longest=LONGEST_LETTERS)
