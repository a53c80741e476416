"""The empty form is rendered once, and each answer has a nonce of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tipline.site_stage import Stage
from tipline.pages.views.page_cache import PageCache
from tipline.pages.views.services import services
from tipline.requests.nonce import Nonce


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


def test_a_page_is_rendered_once_for_each_key_and_has_its_own_nonce_each_time() -> None:
    rendered: list[str] = []

    def render(nonce: str) -> bytes:
        rendered.append(nonce)
        return f"<{nonce} and {nonce}>".encode()

    pages = PageCache()
    fresh = [pages.fresh(("x",), render).decode() for _ in range(3)]
    for page in fresh:
        first, second = page.strip("<>").split(" and ")
        assert first == second == Nonce.parse(first).digits()
    assert len({*fresh}) == 3
    assert not any(rendered[0] in page for page in fresh)
    assert len(rendered) == 1
    pages.fresh(("y",), render)
    assert len(rendered) == 2


def test_a_nonce_that_has_no_place_in_its_page_is_a_fault_of_the_program() -> None:
    with pytest.raises(RuntimeError, match="a place"):
        PageCache().fresh(("x",), lambda _nonce: b"<p>")


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_receipt_of_a_text_is_the_same_when_it_is_shown_again(stage: Stage, tag: str) -> None:
    for _ in range(3):
        nonce = stage.browser.get("/").hidden("nonce")
        fresh = stage.browser.upload(f"/?lang={tag}", [("nonce", nonce), ("text", "hello")])
        again = stage.browser.post(f"/files/receipt?lang={tag}", [("nonce", nonce)])
        more = [page.form_nonce("/more") for page in (fresh, again)]
        assert more[0] != more[1]
        assert fresh.text.replace(more[0], "") == again.text.replace(more[1], "")
        assert len(fresh.words.split()) == 8


def test_what_stays_in_memory_is_nothing_of_a_receipt(stage: Stage) -> None:
    with stage.site.app.app_context():
        kept = services().spliced_pages._pieces
    stage.browser.get("/")
    before = dict(kept)
    stage.browser.send_tip("hello")
    assert kept == before
    assert {key[0] for key in kept} == {"start.html"}


def test_each_visit_gets_its_own_nonce_and_else_the_same_page(stage: Stage) -> None:
    first, second = stage.browser.get("/"), stage.browser.get("/")
    nonces = [page.hidden("nonce") for page in (first, second)]
    assert nonces[0] != nonces[1]
    assert first.text.replace(nonces[0], "") == second.text.replace(nonces[1], "")


def test_what_one_visitor_chose_or_typed_is_on_no_other_visitors_page(stage: Stage) -> None:
    plain = stage.browser.get("/")
    stage.browser.get("/?look=dark")
    stage.browser.send_tip("x" * 70_000)
    again = stage.browser.get("/")
    assert 'class="dark"' not in again.text
    assert "xxxx" not in again.text
    assert len(again.body) == len(plain.body)
    assert 'class="dark"' in stage.browser.get("/?look=dark").text


def test_a_form_of_a_closed_intake_is_not_shown_from_memory(stage: Stage) -> None:
    assert stage.browser.get("/").status == 200
    stage.clock.day = stage.clock.day.replace(year=2030)
    assert stage.browser.get("/").status == 503
