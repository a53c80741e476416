"""The first page is rendered once, and each answer has a nonce of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tipline.site_stage import Stage
from tipline.views.empty_forms import EmptyForms


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


def test_a_form_is_rendered_once_for_each_key_and_has_a_new_nonce_each_time() -> None:
    rendered: list[str] = []

    def render(nonce: str) -> bytes:
        rendered.append(nonce)
        return f"<{nonce}>".encode()

    forms = EmptyForms()
    pages = {forms.fresh(("a",), render) for _ in range(50)}
    assert len(pages) == 50
    assert all(len(page) == 34 for page in pages)
    assert len(rendered) == 1
    forms.fresh(("b",), render)
    assert len(rendered) == 2
    assert not any(rendered[0].encode() in page for page in pages)


def test_a_form_that_holds_its_nonce_never_or_twice_is_a_fault_of_the_program() -> None:
    for render in (lambda _nonce: b"none", lambda nonce: f"{nonce} {nonce}".encode()):
        with pytest.raises(RuntimeError):
            EmptyForms().fresh(("a",), render)


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
