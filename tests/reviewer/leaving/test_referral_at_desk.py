"""Referral at the desk: ticked one by one, consents noted on the way, each field shown, the key heard."""

import re
from html import unescape
from pathlib import Path

from tests.reviewer.desk.open_desk import OpenDesk, open_desk, seen, ticks
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import Receiver
from tests.reviewer.leaving.test_referral import two_at_work
from tests.reviewer.linking.invented_tips import NUMBER
from tests.reviewer.linking.test_masking import harmed_person
from tests.template_rules import faults

FOR = "Shelter North"


def fields_of(page: str, action: str) -> dict[str, list[str]]:
    """The hidden fields of the form with this action."""
    form = re.search(rf'<form method="post" action="{action}">(.*?)</form>', page, re.DOTALL)
    assert form, page
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', form[1]):
        found.setdefault(name, []).append(unescape(value))
    return found


def pressed(opened: OpenDesk, page: str, action: str, **more: str | list[str]) -> str:
    """Press the button of a form of this page; the page that answers."""
    answer = opened.post(action, **(fields_of(page, action) | more))  # type: ignore[arg-type]
    assert answer.status_code in (200, 422), (answer.status_code, answer.text)
    assert faults(answer.text, source=False) == []
    return answer.text


def test_from_the_form_to_the_sealed_package_at_the_desk(desk: Desk, receiver: Receiver) -> None:
    _tip, person, number = two_at_work(desk)
    out = receiver.folder / "got"
    with open_desk(desk.home) as opened:
        assert f"Refer {person}" in seen(opened.page(f"/entity/{person[2:]}"))
        page = opened.page(f"/refer?entity={person}")
        assert faults(page, source=False) == []
        assert ticks(page, "entity") == [person[2:], number[2:]]
        assert re.search('type="checkbox"[^>]* checked', page) is None
        chosen = {"entity": [person[2:], number[2:]], "receiver": FOR, "names": "yes", "to": receiver.key}
        page = pressed(opened, page, "/refer", **chosen)
        assert f'value="{person[2:]}" checked' in page
        shown = opened.post("/refer/preview", **(fields_of(page, "/refer") | chosen)).text  # type: ignore[arg-type]
        for said in ("Karel", NUMBER, "UnknownLink", "telephone"):
            assert said in seen(shown), said
        cases = opened.post("/refer/preview", **(fields_of(page, "/refer") | chosen | {"format": "htcds"})).text  # type: ignore[arg-type]
        assert "files/entities.htcds.json" in seen(cases)
        assert "UnknownLink" not in cases
        assert receiver.key[-16:] not in seen(shown), "the letters to be heard are not on the page"
        wrong = pressed(opened, shown, "/refer/write", heard="q3x7 5m2k 9d0w hjz4", folder=str(out))
        assert "not the last 16 letters" in seen(wrong)
        assert not out.exists()
        done = pressed(opened, wrong, "/refer/write", heard=receiver.key[-16:].upper(), folder=str(out))
        assert "sealed to the receiver" in seen(done)
    assert sorted(path.name for path in out.iterdir()) == ["README.txt", "evidence.tar.age"]
    assert desk.json("left", desk.home)["left"][0]["entities"] == [person, number]


def test_a_harmed_person_needs_a_tick_and_a_consent_that_is_noted_on_the_same_page(
    desk: Desk, memory: Path
) -> None:
    _tip, person, number = harmed_person(desk)
    her = person[2:]
    with open_desk(desk.home) as opened:
        page = opened.page(f"/refer?entity={person}")
        assert ticks(page, "with") == [her], "her relations are not offered before she is opened"
        assert "Nadja" not in page
        chosen = {"with": her, "receiver": FOR, "names": "yes"}
        refused = opened.post("/refer/preview", **(fields_of(page, "/refer") | chosen))  # type: ignore[arg-type]
        assert refused.status_code == 422
        assert "no consent of" in seen(refused.text)
        assert f"No consent of P-{her} for {FOR} is noted" in seen(refused.text)
        noted = {"note": f"E-{her}", f"by-{her}": "herself", f"what-{her}": "a bed"}
        page = pressed(opened, refused.text, "/refer", **chosen, **noted)
        assert "consent of herself : a bed" in seen(page)
        shown = opened.post("/refer/preview", **(fields_of(page, "/refer") | chosen)).text  # type: ignore[arg-type]
        assert "Nadja" in seen(shown)
        assert f"P-{her}: " in seen(shown)
        plain = memory / "plain"
        assert "needs a typed reason" in seen(
            pressed(opened, shown, "/refer/write", folder=str(plain), because=" ")
        )
        done = pressed(opened, shown, "/refer/write", folder=str(plain), because="on her own stick")
        assert "readable for anyone" in seen(done)
        page = opened.page(f"/entity/{her}/consents")
        assert f"{FOR} received name" in " ".join(seen(page).split())
        gone = pressed(opened, page, f"/entity/{her}/consents/withdraw", by="herself")
        assert "No referral names this person from now on" in seen(gone)
        assert "Tell each receiver" in seen(gone)
        for one in (person, number):
            page = opened.page(f"/refer?entity={one}")
            page = pressed(opened, page, "/refer", receiver=FOR)
            assert "withdrew, and does not leave" in seen(page)
            again = opened.post("/refer/preview", **(fields_of(page, "/refer") | chosen | {"with": one[2:]}))  # type: ignore[arg-type]
            assert again.status_code == 422
            assert f"{FOR} (name)" in seen(again.text) or "withdrew consent" in seen(again.text)


def test_a_consent_is_noted_once_by_a_double_press_and_wrong_words_come_back(desk: Desk) -> None:
    _tip, person, _number = harmed_person(desk)
    her = person[2:]
    with open_desk(desk.home) as opened:
        page = opened.page(f"/entity/{her}/consents")
        assert faults(page, source=False) == []
        hidden = fields_of(page, f"/entity/{her}/consents")
        said = {"act": "consent", "by": "herself", "receiver": FOR, "what": "a bed", "press": hidden["press"][0]}
        wrong = opened.post(f"/entity/{her}/consents", **(said | {"day": "2099-01-01"}))
        assert wrong.status_code == 422
        assert 'value="a bed"' in wrong.text
        for _press in range(2):
            opened.post(f"/entity/{her}/consents", **(said | {"day": "2026-01-05"}))
        reason = {"act": "reason", "receiver": "Police", "because": "court order 12"}
        page = opened.done(f"/entity/{her}/consents", **reason)
        assert "reason without a consent" in seen(page)
    noted = desk.json("consents", "list", desk.home)["consents"]
    assert [(one["kind"], one["receiver"]) for one in noted] == [("consent", FOR), ("reason", "Police")]


def test_passages_leave_only_when_ticked_and_with_the_words_of_those_who_do_not_leave_masked(
    desk: Desk, memory: Path
) -> None:
    tip, person, number = harmed_person(desk)
    _other, karel, _phone = two_at_work(desk)
    with open_desk(desk.home) as opened:
        page = opened.page(f"/refer?tips={tip}")
        assert "Nadja" not in page
        assert NUMBER not in page
        assert re.search('type="checkbox"[^>]* checked', page) is None
        passage = ticks(page, "passage")[0]
        chosen: dict[str, str | list[str]] = {"receiver": FOR, "names": "yes", "more": karel, "entity": karel[2:]}
        shown = opened.post("/refer/preview", **(fields_of(page, "/refer") | chosen)).text  # type: ignore[arg-type]
        assert tip not in seen(shown), "a tip of which nothing is ticked is not in the package"
        chosen["passage"] = passage
        shown = opened.post("/refer/preview", **(fields_of(page, "/refer") | chosen)).text  # type: ignore[arg-type]
        assert tip in seen(shown)
        assert "[#1]" in seen(shown)
        assert "Nadja" not in shown
        assert NUMBER not in seen(shown).replace("Karel", "").split("The report that goes with it")[1]
        out = memory / "got"
        done = pressed(opened, shown, "/refer/write", folder=str(out), because="asked by the court")
        assert "readable for anyone" in seen(done)
    packed = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file() and path.suffix != ".pdf")
    assert b"Nadja" not in packed
    assert tip.encode() in packed
    # The file with entities holds no id of a tip.
    assert tip.encode() not in (out / "files" / "entities.ftm.json").read_bytes()
    assert person
    assert number
