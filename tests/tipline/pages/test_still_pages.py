"""Pages that say the same to everyone are rendered once, and no address makes more of them."""

from tests.tipline.site_stage import Stage
from tipline.pages.views.services import Services


def kept(stage: Stage) -> dict[tuple[object, ...], bytes]:
    known = stage.site.app.extensions["tipline"]
    assert isinstance(known, Services)
    return known.still_pages


def test_a_page_is_rendered_once_for_each_language_and_look_and_for_nothing_else(stage: Stage) -> None:
    first = stage.browser.get("/way")
    assert len(kept(stage)) == 1
    assert stage.browser.get("/way").body == first.body
    assert stage.browser.get("/way?lang=xx&look=purple&more=1").body == first.body
    assert len(kept(stage)) == 1
    assert 'lang="ar"' in stage.browser.get("/way?lang=ar").text
    assert 'class="dark"' in stage.browser.get("/way?look=dark").text
    assert len(kept(stage)) == 3
    for path in ("/questions", "/limits", "/left"):
        assert stage.browser.get(path).body == stage.other_browser().get(path).body
    assert len(kept(stage)) == 6


def test_the_page_of_whoever_chose_a_language_leads_on_in_it_and_that_of_whoever_did_not_does_not(
    stage: Stage,
) -> None:
    not_chosen, chosen, again = (stage.browser.get(f"/way{query}").text for query in ("", "?lang=en", ""))
    assert not_chosen.count("lang=en") == 1, "among the languages to choose from"
    assert chosen.count("lang=en") > 1
    assert again == not_chosen


def test_leaving_a_mailbox_shows_the_page_that_all_who_leave_see_and_ends_it(stage: Stage) -> None:
    words = stage.browser.send_tip("a tip").words
    plain = stage.other_browser().get("/left")
    stage.browser.open_mailbox(words)
    left = stage.browser.get("/left")
    assert left.body == plain.body
    assert left.header("Clear-Site-Data")
    assert plain.header("Clear-Site-Data") is None
    assert stage.browser.cookies == {}
