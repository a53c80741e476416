"""The first page and most receipts are rendered once, and each answer has a nonce, and words, of its own."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.tipline.site_stage import Stage
from tipline.pages.views.page_cache import SplicedPages
from tipline.pages.views.services import services


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


def test_a_page_is_rendered_once_for_each_key_and_has_its_own_values_each_time() -> None:
    rendered: list[Mapping[str, str]] = []

    def render(places: Mapping[str, str]) -> bytes:
        rendered.append(places)
        return f"<{places['a']} {places['b']} {places['a']}>".encode()

    pages = SplicedPages()
    assert [pages.fresh(("x",), {"a": f"one-{n}", "b": "٢"}, render).decode() for n in range(3)] == [
        f"<one-{n} ٢ one-{n}>" for n in range(3)
    ]
    assert len(rendered) == 1
    pages.fresh(("y",), {"a": "1", "b": "2"}, render)
    assert len(rendered) == 2
    assert set(rendered[0].values()).isdisjoint(rendered[1].values())


def test_a_value_that_has_no_place_in_its_page_is_a_fault_of_the_program() -> None:
    with pytest.raises(RuntimeError, match="a place"):
        SplicedPages().fresh(("x",), {"a": "1", "b": "2"}, lambda places: places["a"].encode())


@pytest.mark.parametrize("value", ["<b>", '"', "&amp;", "a b", "", "\n"])
def test_nothing_that_would_have_to_be_escaped_is_ever_put_into_a_page(value: str) -> None:
    with pytest.raises(RuntimeError, match="escaping"):
        SplicedPages().fresh(("x",), {"a": value}, lambda places: places["a"].encode())


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_receipt_of_a_text_is_the_same_as_if_it_were_rendered_anew(stage: Stage, tag: str) -> None:
    for _ in range(3):
        nonce = stage.browser.get("/").hidden("nonce")
        fresh = stage.browser.upload(f"/?lang={tag}", [("nonce", nonce), ("text", "hello")])
        anew = stage.browser.post(f"/files/receipt?lang={tag}", [("nonce", nonce)])
        more = [page.form_nonce("/more") for page in (fresh, anew)]
        assert more[0] != more[1]
        assert fresh.text.replace(more[0], "") == anew.text.replace(more[1], "")
        assert len(fresh.words.split()) == 8


def test_what_stays_in_memory_has_no_words_of_anybody(stage: Stage) -> None:
    """The same stays, whosever words the page was made for. To look for words would not do: one in a hundred of
    those that are given out has one that the site's own sentences have as well."""
    kept: list[Mapping[tuple[object, ...], list[bytes | str]]] = []
    for _ in range(2):
        words = stage.browser.send_tip("hello").words.split()
        with stage.site.app.app_context():
            pages = services().spliced_pages._pieces
            kept.append(dict(pages))
            pages.clear()
    assert sum(map(len, kept[0].values())) > 2 * len(words)
    assert kept[0] == kept[1]


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
