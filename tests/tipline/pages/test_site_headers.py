"""Every route, every method and every status: the same headers, the same length, a page of our own."""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from flask import Response, abort, redirect
from werkzeug.exceptions import BadRequest

from tests.tipline.routes import EXPECTED_ROUTES, FRAMED, PATHS, assert_uniform, methods, rules, stylesheet
from tests.tipline.site_stage import Browser, Stage
from tipline.pages.headers import FIXED, HOLDS_FRAMES, IN_A_FRAME, UniformHeaders
from tipline.pages.padding import PAGE_BYTES, PROGRESS_BYTES

STATUSES = [400, 401, 403, 404, 405, 408, 410, 411, 413, 414, 415, 422, 429, 431, 500, 501, 502, 503, 504]


MOVES = [301, 302, 303, 307, 308]


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


def test_the_policy_allows_what_is_used_and_nothing_else() -> None:
    """Written out here once more, so that a loosened policy is no longer what every other test compares with."""
    policies = {dict(FIXED)["Content-Security-Policy"], HOLDS_FRAMES, IN_A_FRAME}
    nothing_else = (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors "
    )
    assert policies == {
        f"{nothing_else}'none'",
        f"{nothing_else}'none'; frame-src 'self'",
        f"{nothing_else}'self'",
    }


def test_the_other_headers_say_what_was_decided() -> None:
    sent = dict(FIXED)
    del sent["Content-Security-Policy"]
    permissions = sent.pop("Permissions-Policy")
    assert re.fullmatch(r"[a-z-]+=\(\)(, [a-z-]+=\(\))*", permissions)
    assert {"camera", "microphone", "geolocation"} <= {one.partition("=")[0] for one in permissions.split(", ")}
    assert sent == {
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
    }


def test_the_routes_are_those_that_are_declared_here(stage: Stage) -> None:
    assert {(rule.rule, method) for rule in rules(stage) for method in methods(rule)} == EXPECTED_ROUTES


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_every_route_has_the_same_headers_for_every_method(untouched: Stage, path: str, method: str) -> None:
    stage = untouched
    declared = {known for rule, known in EXPECTED_ROUTES if rule == path}
    target = stylesheet(stage) if path.endswith(".css") else path.replace("<int:number>", "1")
    answer = stage.browser.ask(method, target)
    counts = path == "/files/progress" and method in {"GET", "HEAD"}
    assert_uniform(
        answer,
        kept=path.endswith(".css") and method in {"GET", "HEAD"},
        framed=(path, method) in FRAMED and answer.status != 405,
        may_hold_frames=path in {"/files", "/files/again"} and answer.status == 200,
        size=PROGRESS_BYTES if counts else PAGE_BYTES,
    )
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
