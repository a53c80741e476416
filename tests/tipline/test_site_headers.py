"""Every route, every method and every status: the same headers, the same length, a page of our own."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus

import pytest
from flask import Response, abort, redirect
from werkzeug.exceptions import BadRequest
from werkzeug.routing import Rule

from tests.organisation import TODAY
from tests.tipline.site_stage import BOUNDARY, Answer, Browser, Stage, multipart
from tipline.headers import FIXED, KEPT_BY_NAME, UniformHeaders
from tipline.padding import PAGE_BYTES

NONCE = ("nonce", "0" * 32)
STATUSES = [400, 401, 403, 404, 405, 408, 410, 411, 413, 414, 415, 422, 429, 431, 500, 501, 502, 503, 504]
MOVES = [301, 302, 303, 307, 308]
EXPECTED_ROUTES = {
    ("/", "GET"),
    ("/", "POST"),
    ("/kept", "POST"),
    ("/more", "POST"),
    ("/return", "GET"),
    ("/mailbox", "GET"),
    ("/mailbox", "POST"),
    ("/mailbox/write", "POST"),
    ("/mailbox/delete", "POST"),
    ("/mailbox/safe", "POST"),
    ("/mailbox/new-words", "POST"),
    ("/left", "GET"),
    ("/<name>.css", "GET"),
    ("/robots.txt", "GET"),
}
PATHS = sorted({path for path, _ in EXPECTED_ROUTES})


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One site for all tests that only look."""
    made = Stage(tmp_path_factory.mktemp("untouched"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A site with a route for every status that any library could answer with."""
    made = Stage(tmp_path_factory.mktemp("failing"))
    for status in STATUSES:
        made.site.app.add_url_rule(f"/fails-{status}", f"fails {status}", partial(abort, status))
    for status in MOVES:
        made.site.app.add_url_rule(f"/moves-{status}", f"moves {status}", partial(redirect, "/return", status))
    yield made
    made.close()


def rules(stage: Stage) -> list[Rule]:
    return list(stage.site.app.url_map.iter_rules())


def methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD"}


def assert_uniform(answer: Answer, *, kept: bool = False) -> None:
    sent = dict(answer.headers)
    assert len(sent) == len(answer.headers), "a header stands twice"
    for name, value in FIXED:
        assert sent[name] == value
    assert sent["Cache-Control"] == (KEPT_BY_NAME if kept else "no-store")
    own = {name.lower() for name in sent} - {name.lower() for name, _ in FIXED} - {"cache-control"}
    assert own <= {"content-type", "content-length", "location", "set-cookie", "clear-site-data", "allow"}
    if (sent.get("Content-Type") or "").startswith("text/html"):
        assert len(answer.body) in {0, PAGE_BYTES}
        assert sent["Content-Length"] == str(PAGE_BYTES)
        for inside in ("Traceback", "werkzeug", "Werkzeug", "flask", "Flask", "tipline"):
            assert inside not in answer.body.decode()


def stylesheet(stage: Stage) -> str:
    page = stage.browser.get("/").body.decode()
    return page.split('rel="stylesheet" href="')[1].split('"')[0]


def test_the_routes_are_those_that_are_declared_here(stage: Stage) -> None:
    assert {(rule.rule, method) for rule in rules(stage) for method in methods(rule)} == EXPECTED_ROUTES


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_every_route_has_the_same_headers_for_every_method(untouched: Stage, path: str, method: str) -> None:
    stage = untouched
    declared = {known for rule, known in EXPECTED_ROUTES if rule == path}
    target = stylesheet(stage) if path.endswith(".css") else path
    answer = stage.browser.ask(method, target)
    assert_uniform(answer, kept=path.endswith(".css") and method in {"GET", "HEAD"})
    if method not in declared and not (method == "HEAD" and "GET" in declared):
        assert answer.status == 405
        assert set((answer.header("Allow") or "").replace(" ", "").split(",")) - {"HEAD"} == declared


@pytest.mark.parametrize("path", ["/nothing", "/mailbox/", "/static/x", "/.git/config", "/x.css", "/%ff", "/\x00"])
def test_unknown_addresses_are_not_found(untouched: Stage, path: str) -> None:
    answer = untouched.browser.get(path)
    assert answer.status == 404
    assert_uniform(answer)
    assert "no page here" in answer.text


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_the_same_headers_and_a_calm_page(failing: Stage, status: int) -> None:
    answer = failing.browser.get(f"/fails-{status}")
    assert answer.status == status
    assert_uniform(answer)
    assert answer.heading


@pytest.mark.parametrize("status", MOVES)
def test_every_redirect_has_the_same_headers(failing: Stage, status: int) -> None:
    answer = failing.browser.get(f"/moves-{status}")
    assert answer.status == status
    assert set(FIXED) <= set(answer.headers)
    assert answer.header("Cache-Control") == "no-store"


def crash() -> Response:
    raise KeyError("canary")


def test_an_unforeseen_error_shows_a_calm_page_without_internals(stage: Stage) -> None:
    stage.site.app.add_url_rule("/crash", view_func=crash)
    answer = stage.browser.get("/crash")
    assert answer.status == 500
    assert_uniform(answer)
    assert "canary" not in answer.text
    assert "It was not your fault" in answer.text


def test_what_a_library_adds_is_dropped(stage: Stage) -> None:
    def chatty() -> Response:
        response = Response("x", content_type="text/plain")
        for name in ("ETag", "Server", "Date", "Vary", "X-Powered-By", "Last-Modified", "Cache-Control"):
            response.headers[name] = "x"
        return response

    stage.site.app.add_url_rule("/chatty", view_func=chatty)
    assert_uniform(stage.browser.get("/chatty"))


@pytest.mark.parametrize(("error", "status"), [(BadRequest("canary"), 400), (ValueError("canary"), 500)])
def test_what_fails_beside_every_view_gets_the_same_headers(error: Exception, status: int) -> None:
    def failing(environ: object, start_response: object) -> list[bytes]:
        raise error

    pages = {400: b"bad".ljust(PAGE_BYTES), 500: b"ours".ljust(PAGE_BYTES)}
    answer = Browser(UniformHeaders(failing, bad_request=pages[400], our_fault=pages[500])).get("/")
    assert (answer.status, answer.body) == (status, pages[status])
    assert_uniform(answer)


REFUSALS: dict[str, tuple[int, Callable[[Stage], Answer]]] = {
    "nothing sent": (422, lambda stage: stage.browser.upload("/", [NONCE])),
    "broken": (400, lambda stage: stage.browser.ask("POST", "/", b"x", content_type="text/plain")),
    "no length": (411, lambda stage: stage.browser.ask("POST", "/", headers={"CONTENT_LENGTH": ""})),
    "too big": (413, lambda stage: stage.browser.ask("POST", "/", length=1 << 40, source=io.BytesIO())),
    "cross-site": (403, lambda stage: stage.browser.upload("/", [NONCE], own_site=False)),
    "session over": (403, lambda stage: stage.browser.post("/mailbox/safe", [NONCE])),
    "typo": (422, lambda stage: stage.browser.open_mailbox("no such words")),
    "form too big": (413, lambda stage: stage.browser.post("/kept", [("nonce", "0" * 70_000)])),
    "a file in a small form": (
        400,
        lambda stage: stage.browser.ask(
            "POST",
            "/kept",
            multipart([NONCE]).replace(b'name="nonce"', b'name="nonce"; filename="x"'),
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_has_the_same_headers_and_names_the_reason(untouched: Stage, name: str) -> None:
    status, ask = REFUSALS[name]
    answer = ask(untouched)
    assert answer.status == status
    assert_uniform(answer)
    assert "<strong>" in answer.text


def test_closed_intake_is_a_page_with_emergency_numbers_and_no_form_and_gives_the_text_back(stage: Stage) -> None:
    nonce = stage.browser.get("/").hidden("nonce")
    stage.clock.day = TODAY.replace(year=2030)
    for answer in (stage.browser.get("/"), stage.browser.send_tip("my words", nonce=nonce)):
        assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert_uniform(answer)
        assert "cannot take messages" in answer.text
        assert "112" in answer.text
        assert "<form" not in answer.text
    assert "my words" in answer.text
    assert stage.read_all() == []


def test_intake_is_asked_before_every_upload(stage: Stage) -> None:
    assert stage.browser.send_tip("one").status == 200
    nonce = stage.browser.get("/").hidden("nonce")
    stage.clock.day = TODAY.replace(year=2000)
    assert stage.browser.send_tip("two", nonce=nonce).status == 503
    assert len(stage.read_all()) == 1


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, False),
        ({"HTTP_ORIGIN": "null"}, False),
        ({"HTTP_ORIGIN": "http://elsewhere.onion"}, False),
        ({"HTTP_ORIGIN": "https://example.onion"}, False),
        ({"HTTP_ORIGIN": "http://example.onion.elsewhere"}, False),
        ({"HTTP_ORIGIN": "http://example.onion"}, True),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, True),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, False),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, False),
        ({"HTTP_SEC_FETCH_SITE": "none"}, False),
        ({"HTTP_SEC_FETCH_SITE": ""}, False),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://example.onion"}, False),
        ({"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "null"}, True),
        ({"HTTP_HOST": "", "HTTP_ORIGIN": "http://"}, False),
    ],
)
def test_only_our_own_page_may_change_something(stage: Stage, headers: dict[str, str], allowed: bool) -> None:
    answer = stage.browser.upload("/", [NONCE, ("text", "x")], own_site=False, headers=headers)
    assert answer.status == (200 if allowed else 403)
    assert len(stage.read_all()) == (1 if allowed else 0)
    assert_uniform(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_X_TOR2WEB": "1"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        {"HTTP_HOST": "example.onion.example"},
        {"HTTP_HOST": "example.onion.example:8080"},
    ],
)
def test_through_a_proxy_there_is_a_warning_and_no_form(untouched: Stage, headers: dict[str, str]) -> None:
    answer = untouched.browser.ask("GET", "/", headers=headers)
    assert answer.status == 403
    assert_uniform(answer)
    assert "through a stranger" in answer.text
    assert "<form" not in answer.text
