"""One table: every route by every way in which it can end. Each answer has the headers of all, and full marks."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from tests.organisation import TODAY
from tests.tipline.pages.observatory import FULL_MARKS, WITHOUT_SECURE, marks
from tests.tipline.routes import EXPECTED_ROUTES, FRAMED, assert_uniform
from tests.tipline.site_stage import Answer, Stage, well_formed_words
from tipline.pages.padding import PAGE_BYTES
from tipline.pages.statuses import status_of
from tipline.pages.views.page import status_page
from tipline.requests.refusals import Reason, Refused
from tipline.store.errors import StoreError

ENDING = "tests.ending"
ROUTES = sorted({*EXPECTED_ROUTES, *((path, "HEAD") for path, method in EXPECTED_ROUTES if method == "GET")})


def raises(error: Exception) -> ResponseReturnValue:
    raise error


def chatty() -> Response:
    response = status_page(404)
    response.status_code = 200
    for name in ("ETag", "Server", "Vary", "X-Powered-By", "Access-Control-Allow-Origin", "Link"):
        response.headers[name] = "x"
    return response


ENDINGS: dict[str, tuple[int, Callable[[], ResponseReturnValue]]] = {
    "page": (200, chatty),
    **{f"moved {code}": (code, partial(redirect, "/return", code)) for code in (302, 303)},
    **{
        f"status {code}": (code, partial(abort, code))
        for code in (400, 403, 404, 405, 411, 413, 422, 429, 500, 503)
    },
    **{f"refused {status_of(reason)}": (status_of(reason), partial(raises, Refused(reason))) for reason in Reason},
    "flaw": (500, partial(raises, KeyError("canary"))),
    "store": (500, partial(raises, StoreError("canary"))),
}
WANTED = {200, 302, 303, 400, 403, 404, 405, 413, 422, 429, 500, 503}


@pytest.fixture(scope="module")
def ending_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A site on which a request says how it will end, whatever its route."""
    made = Stage(tmp_path_factory.mktemp("ending"))

    def end() -> ResponseReturnValue | None:
        return ENDINGS[request.environ[ENDING]][1]() if ENDING in request.environ else None

    made.site.app.before_request(end)
    yield made
    made.close()


def ask(stage: Stage, path: str, method: str, ending: str) -> Answer:
    target = path.replace("<int:number>", "1").replace("<name>", "site")
    return stage.browser.ask(method, target, headers={ENDING: ending})


def assert_full_marks(answer: Answer) -> None:
    given = marks(answer)
    assert given == {**FULL_MARKS, "cookies": WITHOUT_SECURE if answer.header("Set-Cookie") else 0}


def test_the_table_has_every_status_that_the_site_answers_with() -> None:
    assert {status for status, _ in ENDINGS.values()} >= WANTED


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_route_ends_every_way_with_the_headers_of_all_and_full_marks(
    ending_stage: Stage, ending: str
) -> None:
    status, _ = ENDINGS[ending]
    for path, method in ROUTES:
        answer = ask(ending_stage, path, method, ending)
        framed = (path, method) in FRAMED
        # Whatever goes wrong beside its refusals, a frame tells it as a fault of ours, in its own small page.
        wanted = 500 if framed and ending.startswith("status") else status
        assert answer.status == wanted, f"{method} {path}"
        assert "canary" not in answer.text
        assert_uniform(answer, framed=framed, size=answer_size(answer))
        assert_full_marks(answer)


def answer_size(answer: Answer) -> int:
    """Of all pages alike; a redirect has the library's own few words, which no browser shows."""
    return int(answer.header("Content-Length") or 0) if answer.status in {302, 303} else PAGE_BYTES


def test_pages_have_full_marks_and_the_one_with_a_cookie_lacks_secure_alone(stage: Stage) -> None:
    for path in ("/", "/files", "/files/send", "/return", "/questions", "/left", "/nowhere", "/robots.txt"):
        assert_full_marks(stage.browser.get(path))
    opened = stage.browser.open_mailbox(well_formed_words())
    assert opened.header("Set-Cookie")
    assert_full_marks(opened)
    stage.clock.day = TODAY.replace(year=2030)
    assert_full_marks(stage.browser.get("/"))


LOOSER = {
    "content security policy": ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
    "cookies": ("Set-Cookie", "s=1; SameSite=Strict"),
    "cross-origin embedder policy": ("Cross-Origin-Embedder-Policy", "unsafe-none"),
    "cross-origin opener policy": ("Cross-Origin-Opener-Policy", "unsafe-none"),
    "cross-origin resource sharing": ("Access-Control-Allow-Origin", "*"),
    "cross-origin resource policy": ("Cross-Origin-Resource-Policy", "cross-origin"),
    "referrer policy": ("Referrer-Policy", "origin"),
    "content type options": ("X-Content-Type-Options", "sniff"),
    "frame options": ("Content-Security-Policy", "default-src 'none'; form-action 'self'"),
}


@pytest.mark.parametrize("test", LOOSER)
def test_a_looser_header_costs_marks(stage: Stage, test: str) -> None:
    name, value = LOOSER[test]
    answer = stage.browser.get("/")
    kept = [header for header in answer.headers if header[0] != name]
    given = marks(replace(answer, headers=[*kept, (name, value)]))
    assert given[test] < FULL_MARKS[test]


def test_a_script_costs_marks(stage: Stage) -> None:
    answer = stage.browser.get("/")
    assert marks(replace(answer, body=answer.body + b"<script>"))["subresource integrity"] < 0
