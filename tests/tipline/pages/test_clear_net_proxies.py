"""A proxy that shows our pages to ordinary browsers is noticed, also where it keeps our name in Host."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tipline.outline import Outline
from tests.tipline.pages.named_pages import PAGES, visited
from tests.tipline.routes import EXPECTED_ROUTES, assert_uniform
from tests.tipline.site_stage import BOUNDARY, Answer, Stage, Upload, multipart
from tipline.instance.site_settings import SiteSettings
from tipline.requests.nonce import Nonce

LETTERS = "a" * 56
OWN = f"{LETTERS}.onion"
FURTHER = "b" * 56 + ".onion"
WARNING = "computer is between you and us"
HEADERS = (
    "X-Tor2web", "X-Tor2web-Id", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server",
    "X-Forwarded-Port", "X-Forwarded-Ssl", "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "Client-IP",
    "True-Client-IP", "X-Cluster-Client-Ip", "Fastly-Client-IP", "WL-Proxy-Client-IP", "X-Remote-Addr",
    "X-Originating-IP", "CF-Connecting-IP", "CF-Ray", "CF-IPCountry", "CF-Visitor", "CDN-Loop", "X-Varnish",
    "X-Original-Host", "X-Amz-Cf-Id", "X-Azure-ClientIP",
)  # fmt: skip
MANGLED = (
    f"https://{OWN}.ly/",
    f"https://{OWN}.ly:8443/",
    f"http://{OWN.upper()}.LY/?lang=en",
    f"https://{LETTERS}.tor2web.example/",
    f"https://www.{OWN}.example/return",
    f"https://{LETTERS}-onion.gateway.example/",
)
GET_PATHS = sorted(path for path, method in EXPECTED_ROUTES if method == "GET")
POST_PATHS = sorted(path for path, method in EXPECTED_ROUTES if method == "POST")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("site"), SiteSettings(addresses=(FURTHER,)), address=OWN)
    yield made
    assert made.read_all() == [], "nothing was accepted"
    made.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path, SiteSettings(addresses=(FURTHER,)), address=OWN)
    yield made
    made.close()


def fields(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("nonce", Nonce.generate().digits()), *more]


def assert_warned(answer: Answer) -> None:
    assert answer.status == 403
    assert WARNING in answer.text
    page = Outline(answer.body.decode())
    assert not page.all("form") + page.all("input") + page.all("button") + page.all("textarea")
    assert "://" not in answer.body.decode(), "no link that names a host"
    assert not answer.header("Set-Cookie")


def as_environ(header: str) -> str:
    return "HTTP_" + header.upper().replace("-", "_")


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_that_only_a_proxy_adds_is_answered_by_a_warning_on_get_and_post(site: Stage, header: str) -> None:
    headers = {as_environ(header): "192.0.2.1"}
    assert_warned(site.browser.ask("GET", "/", headers=headers))
    assert_warned(site.browser.upload("/", fields(("text", "help")), [Upload("a", b"1")], headers=headers))


@pytest.mark.parametrize("referer", MANGLED)
def test_a_referer_whose_host_contains_our_address_and_is_not_ours_is_answered_by_a_warning(
    site: Stage, referer: str
) -> None:
    headers = {"HTTP_REFERER": referer}
    assert_warned(site.browser.ask("GET", "/", headers=headers))
    assert_warned(site.browser.upload("/", fields(("text", "help")), headers=headers))


def test_no_page_and_no_form_is_given_out_to_a_proxy(site: Stage) -> None:
    mangled = {"HTTP_REFERER": MANGLED[0]}
    for path in GET_PATHS:
        answer = site.browser.ask("GET", path.replace("<int:number>", "1").replace("<name>", "x"), headers=mangled)
        assert answer.status == 403
        assert WARNING in answer.text
        assert "<form" not in answer.text
    for path in POST_PATHS:
        answer = site.browser.upload(path.replace("<int:number>", "1"), fields(("text", "help")), headers=mangled)
        assert_warned(answer)
        assert_uniform(answer, framed=path == "/files/send")


@pytest.mark.parametrize(
    "referer",
    [
        "https://search.example/?q=" + OWN,
        f"https://directory.example/{OWN}.ly/",
        "https://news.example/tips",
        "http://" + "c" * 56 + ".onion/links",
        f"http://{OWN}/",
        f"http://{OWN}:80/return",
        f"http://{FURTHER}/",
        f"https://{OWN}@news.example/",
        "android-app://example.reader/",
        "about:blank",
        "https://[broken",
        "",
    ],
)
def test_a_link_from_any_other_site_works(site: Stage, referer: str) -> None:
    answer = site.browser.ask("GET", "/", headers={"HTTP_REFERER": referer, "HTTP_SEC_FETCH_SITE": "cross-site"})
    assert answer.status == 200
    assert "<form" in answer.text


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("fetch_site", [None, "same-origin"])
@pytest.mark.parametrize(
    "origin",
    [f"https://{OWN}.ly", f"http://{OWN}.ly", f"https://{OWN}", "https://tips.example", f"http://{OWN}:8080", ""],
)
def test_a_foreign_origin_is_refused_with_a_warning_whatever_sec_fetch_site_says(
    tmp_path: Path, origin: str, fetch_site: str | None, known: bool
) -> None:
    stage = Stage(tmp_path, address=OWN if known else "")
    headers = {"HTTP_HOST": OWN, "HTTP_ORIGIN": origin}
    if fetch_site is not None:
        headers["HTTP_SEC_FETCH_SITE"] = fetch_site
    answer = stage.browser.upload("/", fields(("text", "help")), own_site=False, headers=headers)
    assert_warned(answer)
    assert stage.read_all() == []
    stage.close()


def test_a_mangled_referer_is_noticed_also_where_our_address_is_not_known(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    for referer in MANGLED:
        assert_warned(stage.browser.ask("GET", "/", headers={"HTTP_HOST": OWN, "HTTP_REFERER": referer}))
    stage.close()


def test_where_the_browser_itself_says_that_another_site_has_sent_a_form_nothing_is_said_of_a_proxy(
    site: Stage,
) -> None:
    headers = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://elsewhere.example"}
    answer = site.browser.upload("/", fields(("text", "help")), headers=headers)
    assert answer.status == 403
    assert "did not come from our own page" in answer.text
    answer = site.browser.upload("/", fields(("text", "help")), headers=headers | {"HTTP_ORIGIN": MANGLED[0][:-1]})
    assert_warned(answer)


@pytest.mark.parametrize("origin", [f"http://{OWN}", f"http://{OWN.upper()}", "null", None])
def test_our_own_origin_and_none_are_no_foreign_ones(own: Stage, origin: str | None) -> None:
    headers = {"HTTP_ORIGIN": origin} if origin is not None else {}
    assert own.browser.upload("/", fields(("text", "help")), headers=headers).status == 200
    assert own.read_one().text == "help"


@pytest.mark.parametrize("path", POST_PATHS)
@pytest.mark.parametrize(
    "address", [f"{OWN}.ly", f"{LETTERS}.tor2web.example", "c" * 56 + ".onion", "", "a" * 9000]
)
def test_no_form_with_another_address_in_it_is_accepted(site: Stage, path: str, address: str) -> None:
    target = path.replace("<int:number>", "1")
    sent = fields(
        ("address", address), ("text", "help"), ("passphrase", "a b c"), ("which", "all"), ("how", "safe")
    )
    files = [Upload("a", b"1")]
    for answer in (site.browser.upload(target, sent, files), site.browser.post(target, sent)):
        assert_warned(answer)
        assert_uniform(answer, framed=path == "/files/send")
    again = site.browser.upload(target, [*sent[:1], ("address", OWN), *sent[1:]], files)
    assert_warned(again)


def test_an_address_behind_the_files_counts_as_well_and_nothing_of_them_is_left(own: Stage) -> None:
    late = b'--%s\r\nContent-Disposition: form-data; name="address"\r\n\r\n' + f"{OWN}.ly\r\n".encode()
    end = f"--{BOUNDARY}--".encode()
    body = multipart(fields(("text", "help")), [Upload("a", b"1" * 300_000)])
    body = body.replace(end, late % BOUNDARY.encode() + end)
    answer = own.browser.ask("POST", "/", body, content_type=f"multipart/form-data; boundary={BOUNDARY}")
    assert_warned(answer)
    assert own.read_all() == []


@pytest.mark.parametrize("address", [None, OWN, FURTHER, f"{OWN}:80", OWN.upper()])
def test_a_form_without_an_address_or_with_one_of_ours_is_taken(own: Stage, address: str | None) -> None:
    field = [("address", address)] if address is not None else []
    answer = own.browser.upload("/", fields(*field, ("text", "help")), [Upload("a", b"1")])
    assert answer.status == 200
    assert own.read_one().fields == [("text", "help")], "the address is no part of what is sealed"


@pytest.mark.parametrize("name", [name for name in PAGES if name not in {"way", "limits"}])
def test_every_form_of_every_page_names_our_address_before_anything_that_is_typed(name: str) -> None:
    page = visited(name).body.decode()
    for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        before = re.split(r"<(?:textarea|button|label)", form)[0]
        assert before.count('<input type="hidden" name="address" value="' + "abcdefgh" * 7 + '.onion">') == 1


def test_a_gateway_that_rewrites_our_pages_is_noticed_by_the_form_that_it_has_rewritten(own: Stage) -> None:
    page = own.browser.get("/").body.decode().replace(".onion", ".onion.ly")
    form = Outline(page)
    sent = [(one["name"], one["value"]) for one in form.all("input") if one.get("type") == "hidden"]
    assert_warned(own.browser.upload("/", [*dict(sent).items(), ("text", "help")]))
    assert own.read_all() == []


def test_the_warning_stands_in_the_readers_language(site: Stage) -> None:
    mangled = {"HTTP_REFERER": MANGLED[0]}
    answer = site.browser.ask("GET", "/", headers=mangled | {"HTTP_ACCEPT_LANGUAGE": "es"})
    assert 'lang="es"' in answer.text
    assert WARNING not in answer.text
    wrong = fields(("address", f"{OWN}.ly"), ("text", "help"))
    answer = site.browser.upload("/", wrong, headers={"HTTP_ACCEPT_LANGUAGE": "es"})
    assert answer.status == 403
    assert 'lang="es"' in answer.text
    assert WARNING not in answer.text


def test_in_the_page_for_files_the_warning_does_not_ask_to_press_send_again(site: Stage) -> None:
    page = site.browser.get("/files")
    upload = re.search(r"upload=([0-9a-f]{32})", page.body.decode())
    assert upload
    wrong = fields(("address", f"{OWN}.ly"), ("text", "help"))
    answer = site.browser.upload(f"/files/send?upload={upload[1]}", wrong)
    assert_warned(answer)
    counted = site.browser.get(f"/files/progress?upload={upload[1]}")
    for told in (answer, counted):
        assert WARNING in told.text
        assert "Send again" not in told.text
