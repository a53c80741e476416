"""Factories at the desk: the list by level, a place with its flags, pairs, traces, lists, and tips beside them."""

import re
from html import unescape

from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import ChainDesk, epcis, grown, made
from tests.template_rules import faults

FORMULA = '=HYPERLINK("http://evil.example.org","x")'


def test_a_tip_is_accepted_beside_its_text_and_its_place_says_why(desk: Desk) -> None:
    chain = ChainDesk(desk)
    (tip,) = chain.tips(("debt_bondage", "threats"))
    with open_desk(desk.home) as opened:
        assert "No place of this list has a flag" in seen(opened.page("/factories"))
        shown = opened.page(f"/tip/{tip}")
        assert "F-1 Quillon Garments Ltd." in seen(shown)
        assert " checked" not in shown.partition('id="factories-in-tip"')[2].partition("</section>")[0]
        refused = opened.post(f"/tip/{tip}/factory", facility="F-99", because="names the gate")
        assert (refused.status_code, "names the gate" in refused.text) == (422, True)
        assert "F-1 accepted" in seen(opened.done(f"/tip/{tip}/factory", facility="F-1", because="names the gate"))
        place = opened.page("/factory/1")
        assert "What is known serious" in seen(place)
        assert "A source ticked: Debt bondage." in seen(place)
        money = opened.page("/factory/1/money")
        assert "QQ2026001AAAA1" in seen(money)
        assert faults(money, source=False) == []
        listed = opened.page("/factories?level=serious")
        assert "16 points:" in seen(listed)
        assert seen(opened.done(f"/tip/{tip}/factory/undo", facility="F-1")).count("accepted for") == 0
        assert "serious" not in seen(opened.page("/factory/1")).partition("What is known")[2][:40]
        for page in (shown, place, listed):
            assert faults(page, source=False) == []


def test_each_deed_of_a_place_is_a_form_and_a_mistake_brings_the_words_back(desk: Desk) -> None:
    ChainDesk(desk)
    finding = {"kind": "court", "points": "9", "day": "2026-11-02", "sentence": "A judgement.", "source": "court"}
    with open_desk(desk.home) as opened:
        wrong = opened.post("/factory/1/finding", **finding | {"points": "99"})
        assert (wrong.status_code, "A judgement." in wrong.text) == (422, True)
        assert "What is known serious" in seen(opened.done("/factory/1/finding", **finding))
        assert opened.post("/factory/1/document", document="Wages", source="x").status_code == 422
        assert "12 sum" in seen(opened.done("/factory/1/document", document="Wages", source="x", missing="yes"))
        assert "9 sum" in seen(opened.done("/factory/1/withdraw", name="S-2", because="it came"))
        assert "Leather" in seen(opened.done("/factory/1/good", good="Leather", because="seen"))
        assert "Leather" not in seen(opened.done("/factory/1/good", good="Leather", undo="yes"))


def test_a_pair_marks_what_differs_has_no_chosen_answer_and_a_formula_of_a_list_is_text(desk: Desk) -> None:
    chain = ChainDesk(desk)
    cell = FORMULA.replace('"', '""')
    rows = ("Quillon Garments Limited,Plot 16 Marrow Road Vessby,BD,", f'"{cell}",+1 Elm Street,DK,@SUM(A1)')
    chain.bring("suppliers", "\n".join(("Factory,Street,Land,Makes", *rows)) + "\n")
    with open_desk(desk.home) as opened:
        page = opened.page("/factories/same/1/3")
        assert re.findall(r"<mark><bdi>([^<]*)</bdi></mark>", page) == ["Ltd.", "6,", "Limited", "16"]
        assert re.findall(r'accesskey="([dus])"', page) == ["d", "u", "s"]
        assert "checked" not in page
        assert opened.get("/factories/same").headers["Location"] == "/factories/same/1/3"
        assert opened.post("/factories/same/1/3", answer="same", because="").status_code == 422
        opened.post("/factories/same/1/3", answer="same", because="seen there")
        assert "a person confirmed it" in seen(opened.page("/factory/1"))
        assert "No question is open" in seen(opened.page("/factories/same"))
        opened.post("/factories/same/2/3", answer="same", because="one owner")
        opened.post("/factories/same/1/2", answer="different", because="two gates")
        assert "F-1 and F-2 are different, so these join nothing" in seen(opened.page("/factory/1"))
        for other in ("1/2", "2/3"):
            opened.post(f"/factories/same/{other}", answer="undo")
        assert "1 question is open" in seen(opened.done("/factories/same/1/3", answer="undo"))
        assert faults(page, source=False) == []
        formulas = opened.page("/factory/4")
        assert unescape(formulas).count(FORMULA) == 2
        assert "@SUM(A1)" in formulas
        assert 'href="http://evil' not in formulas


def test_a_trace_is_a_nested_list_and_a_list_is_checked_imported_and_forgotten(desk: Desk) -> None:
    chain = ChainDesk(desk)
    path = desk.folder / "steps.json"
    turned = "CLOTH\u202e<b>"
    events = (grown("e1", "COTTON"), made("e2", "COTTON", "YARN", came_out=150), made("e3", turned, "SHIRT"))
    path.write_text(epcis(*events), encoding="utf-8")
    given = {"file": str(path), "kind": "steps", "publisher": "Mill", "licence": "given", "edition": "2026"}
    with open_desk(desk.home) as opened:
        checked = opened.post("/factories/lists", check="yes", **given)
        assert "Steps: 3. Faults: 2." in seen(checked.text)
        assert "Nothing was kept yet" in seen(checked.text)
        assert "L-2 is here" in seen(opened.post("/factories/lists", **given).text)
        traced = opened.post("/factories/trace", lot="YARN", way="up")
        assert [int(depth) for depth in re.findall(r'class="deep-(\d)"', traced.text)] == [0, 1]
        assert "150 KGM out, 100 KGM in" in seen(traced.text)
        opened.post("/language", tag="ar", page="/factories")
        broken = opened.post("/factories/trace", lot="SHIRT", way="up").text
        assert "U+202E" in broken
        assert "\u202e" not in broken
        assert "CLOTH<b>" not in broken
        assert "U+2068" not in broken
        opened.post("/language", tag="en", page="/factories")
        assert opened.post("/factories/trace", lot="NONE", way="up").status_code == 422
        assert "cannot be taken back" in seen(opened.post("/factories/lists/forget", name="L-2").text)
        assert "L-2" not in seen(opened.done("/factories/lists/forget", name="L-2", sure="yes"))
        for page in (checked.text, traced.text, opened.page("/factories/lists"), opened.page("/factories/trace")):
            assert faults(page, source=False) == []
    assert chain.weighed() == ("nothing known", 0)


def test_a_number_of_twenty_digits_is_no_page(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        assert opened.get("/factories?page=99999999999999999999").status_code == 404
        assert opened.post("/case/1/merge", into="9" * 20).status_code == 404
