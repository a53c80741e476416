"""The right to change something, and the address for it: other sites, proxies and strange addresses are refused."""

from pathlib import Path

import pytest

from crypto.keys.fingerprint import address_words
from tests.tipline.routes import EXPECTED_ROUTES, NONCE, assert_uniform
from tests.tipline.site_stage import Stage
from tipline.instance.site_settings import SiteSettings


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


@pytest.mark.parametrize("path", sorted(path for path, method in EXPECTED_ROUTES if method == "POST"))
def test_no_route_that_changes_anything_takes_a_post_of_another_site(untouched: Stage, path: str) -> None:
    target = path.replace("<int:number>", "1")
    for headers in ({}, {"HTTP_ORIGIN": "null"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}):
        answer = untouched.browser.upload(target, [NONCE, ("text", "x")], own_site=False, headers=headers)
        assert answer.status == 403
    assert untouched.read_all() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_X_TOR2WEB": "1"},
        {"HTTP_X_TOR2WEB_ID": "1"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        {"HTTP_FORWARDED": "for=192.0.2.1"},
        {"HTTP_VIA": "1.1 proxy.example"},
        {"HTTP_HOST": "example.onion.example"},
        {"HTTP_HOST": "example.onion.example:8080"},
    ],
)
def test_through_a_proxy_there_is_a_warning_and_no_form(untouched: Stage, headers: dict[str, str]) -> None:
    answer = untouched.browser.ask("GET", "/", headers=headers)
    assert answer.status == 403
    assert_uniform(answer)
    assert "between you and us" in answer.text
    assert "<form" not in answer.text


OWN = "a" * 56 + ".onion"


FURTHER = "b" * 56 + ".onion"


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        (OWN, True),
        (f"{OWN}:80", True),
        (OWN.upper(), True),
        (FURTHER, True),
        ("127.0.0.1:8080", True),
        ("c" * 56 + ".onion", False),
        (f"{OWN}.example", False),
        ("tips.example", False),
        ("", False),
    ],
)
def test_under_an_address_that_is_not_ours_there_is_a_warning_and_no_form(
    tmp_path: Path, host: str, answered: bool
) -> None:
    stage = Stage(tmp_path, SiteSettings(addresses=(FURTHER,)), address=OWN)
    answer = stage.browser.ask("GET", "/", headers={"HTTP_HOST": host})
    stage.close()
    assert answer.status == (200 if answered else 403)
    assert ("<form" in answer.text) is answered
    assert_uniform(answer)


def test_the_site_names_its_address_and_the_same_in_words_whatever_the_browser_asked_for(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SiteSettings(addresses=(FURTHER,), published_at="the poster"), address=OWN)
    page = stage.browser.ask("GET", "/questions", headers={"HTTP_HOST": FURTHER}).text
    stage.close()
    assert f">{OWN}<" in page
    assert f">{address_words(OWN)}<" in page
    assert ">the poster<" in page
