"""Linking at the desk: new findings first, keep and dismiss beside the text, entities, decisions, forgetting."""

import re
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from reviewer.desk.app import pages_as_now
from reviewer.desk.page import TEMPLATES
from system.clock import today
from tests.reviewer.desk.open_desk import OpenDesk, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, tell
from tests.template_rules import faults


def numbers(page: str) -> list[str]:
    """The findings of a page that can be kept or dismissed, in order."""
    return re.findall(r'action="/tip/[0-9a-f]{12}/findings/([0-9]+)"', page)


def keep(opened: OpenDesk, tip: str, place: int = 0, **more: str) -> str:
    """Keep one finding of a tip; the page that follows."""
    found = numbers(opened.page(f"/tip/{tip}/findings"))
    return opened.done(f"/tip/{tip}/findings/{found[place]}", act="keep", **more)


def added(opened: OpenDesk, tip: str, words: str) -> str:
    """Add a person by hand; the number of the entity."""
    page = opened.done(f"/tip/{tip}/findings", words=words, kind="person")
    return max(re.findall(r'href="/entity/([0-9]+)"', page), key=int)


def test_an_update_that_replaces_a_template_changes_no_page_of_a_desk_that_runs(tmp_path: Path) -> None:
    template = tmp_path / "findings.html"
    template.write_text("as it was", "utf-8")
    pages = pages_as_now(tmp_path)
    template.write_text("{{ what_the_next_version_passes }}", "utf-8")
    desk_pages = Environment(loader=pages, autoescape=True, undefined=StrictUndefined)
    assert desk_pages.get_template("findings.html").render() == "as it was"


def test_the_first_page_says_how_much_is_new_and_how_much_stood_in_earlier_tips(desk: Desk) -> None:
    first = tell(desk, f"call {NUMBER}")
    second = tell(desk, f"tel {NUMBER}, boss@example.org", mailbox=2)
    with open_desk(desk.home) as opened:
        assert opened.app.jinja_loader is pages_as_now(TEMPLATES)
        page = opened.page("/")
        assert "New to look at: 3 findings in 2 tips, 1 that stood in earlier tips" in seen(page)
        assert page.index("New to look at") < page.index("Which tips")
        listed = opened.page("/findings")
        assert re.findall(r"/tip/([0-9a-f]{12})/findings", listed) == [second, first]
        tip = opened.page(f"/tip/{second}")
        assert f"phone {NUMBER}: 2 tips, 2 mailboxes" in seen(tip)
        assert f'/tip/{first}"' in tip
        for page in (listed, tip):
            assert faults(page, source=False) == []


def test_findings_are_marked_and_numbered_in_the_text_and_one_key_keeps_or_dismisses(desk: Desk) -> None:
    tip = tell(desk, f"call {NUMBER} <b>or</b> \u202eboss@example.org")
    with open_desk(desk.home) as opened:
        page = opened.page(f"/tip/{tip}/findings")
        assert re.findall(r'<mark id="m-([0-9]+)">', page) == ["1", "2"]
        assert "&lt;b&gt;or&lt;/b&gt;" in page
        assert "\u202e" not in page
        assert (page.count('accesskey="k"'), page.count('accesskey="d"'), page.count('id="next"')) == (1, 1, 1)
        first, second = numbers(page)
        opened.done(f"/tip/{tip}/findings/{first}", act="keep")
        page = opened.done(f"/tip/{tip}/findings/{second}", act="dismiss")
        assert "All findings are looked at" in seen(page)
        assert 'accesskey="k"' not in page
        assert "No finding is new" in seen(opened.page("/findings"))
        assert NUMBER in seen(opened.page("/entities"))
        opened.done(f"/tip/{tip}/findings/{first}", act="new")
        assert "No entity is here yet" in seen(opened.page("/entities"))


def test_two_entities_are_decided_on_and_undone_at_the_desk(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        ones = [added(opened, tell_open(opened, desk, place), "Nadja") for place in range(2)]
        page = opened.done(f"/entity/{ones[0]}/decide", other=f"E-{ones[1]}", because="one number", verdict="same")
        assert f"the same as E-{ones[1]}" in seen(page)
        refused = opened.post(f"/entity/{ones[0]}/decide", other=f"E-{ones[1]}", because="no", verdict="different")
        assert refused.status_code == 422
        assert "D-1 says already" in seen(refused.text)
        page = opened.done(f"/entity/{ones[0]}/undo/1", because="")
        assert "undone by D-2" in seen(page)
        assert "the same as" not in seen(page)
        assert faults(page, source=False) == []


def tell_open(opened: OpenDesk, desk: Desk, place: int) -> str:
    """A call that is entered at the open desk, as no other command may use the home meanwhile."""
    answer = opened.post(
        "/telephone", text=f"they call her Nadja, {place}", by="Ruth", day=today().isoformat(), language=""
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rsplit("/", 1)[1].split("?")[0]


def test_a_harmed_person_has_no_words_at_the_desk_until_a_reason_is_given(desk: Desk) -> None:
    tip = tell(desk, f"Nadja has {NUMBER}")
    other = tell(desk, f"again {NUMBER}", mailbox=2)
    with open_desk(desk.home) as opened:
        person = added(opened, tip, "Nadja")
        keep(opened, tip, 1)
        phone = str(int(person) + 1)
        finding = re.findall(r'name="finding">\s*<option value="([0-9]+)"', opened.page(f"/entity/{person}"))[0]
        relation = {"kind": "uses", "finding": finding, "since": "2026-01-02", "because": "she says so"}
        refused = opened.post(f"/entity/{person}/relate", **relation, other="E-99").text
        for kept in ("2026-01-02", "she says so"):
            assert f'value="{kept}"' in refused
        opened.done(f"/entity/{person}/relate", kind="uses", other=f"E-{phone}", finding=finding)
        refused = opened.post(f"/tip/{tip}/findings", words="not there", kind="place", because="mine").text
        assert '<option value="place" selected>' in refused
        assert 'name="because" value="mine"' in refused
        opened.done(f"/entity/{person}/role", tip=tip, role="harmed", because="")
        for path in (
            "/entities",
            f"/entity/{person}",
            f"/entity/{phone}",
            f"/tip/{other}/findings",
            f"/tip/{tip}/findings",
        ):
            page = opened.page(path)
            assert f"P-{phone}" in page or f"P-{person}" in page
            assert "Nadja has" not in seen(page)
            assert NUMBER not in page
        assert opened.post(f"/entity/{person}/open", because=" ").status_code == 422
        shown = opened.post(f"/entity/{person}/open", because="her lawyer called")
        assert "Nadja" in seen(shown.text)
        assert NUMBER not in seen(shown.text).replace(f"Nadja has {NUMBER}", "")
        assert "Nadja" not in seen(opened.page(f"/entity/{person}"))


def test_looking_up_a_number_and_stopping_our_own_at_the_desk(desk: Desk) -> None:
    tip = tell(desk, f"call {NUMBER}")
    with open_desk(desk.home) as opened:
        found = opened.post("/findings/lookup", words="0044 7700 900 123")
        assert f"/tip/{tip}" in found.text
        assert opened.post("/findings/lookup", words="the farm").status_code == 422
        opened.done("/findings/mark", words=NUMBER, mark="stopped")
        assert "No finding is new" in seen(opened.page("/findings"))
        opened.done("/findings/mark", words=NUMBER, mark="stopped", undo="yes")
        assert "1 finding in 1 tip" in seen(opened.page("/findings"))
        assert "DE AT" in opened.done("/findings/regions", regions="de, at")
        assert opened.post("/findings/regions", regions="Germany").status_code == 422


def test_an_entity_is_forgotten_by_two_presses_after_each_passage_was_shown(desk: Desk) -> None:
    tip = tell(desk, f"call {NUMBER} now")
    other = tell(desk, f"also {NUMBER}", mailbox=2)
    with open_desk(desk.home) as opened:
        keep(opened, tip)
        page = opened.page("/entity/1/forget")
        passages = re.findall(r'name="(passage-[0-9]+)" value="black" checked', page)
        assert len(passages) == 2
        assert faults(page, source=False) == []
        assert NUMBER in opened.page(f"/tip/{tip}")
        refused = opened.post("/entity/1/forget", **{passages[1]: "leave", "passage-999": "leave"})
        assert refused.status_code == 422
        assert f'name="{passages[1]}" value="leave" checked' in refused.text, "what was chosen is chosen still"
        assert f'name="{passages[1]}" value="black" checked' not in refused.text
        opened.done("/entity/1/forget", **{passages[0]: "black", passages[1]: "leave"})
        assert NUMBER not in opened.page(f"/tip/{tip}")
        assert NUMBER in opened.page(f"/tip/{other}")
        assert opened.get("/entity/1").status_code == 422
        assert "No finding is new" in seen(opened.page("/findings"))
