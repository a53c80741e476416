"""Errors at the desk: in the language of staff, with their values, and with pages in place of commands."""

import re

import pytest

from reviewer.desk.shown_error import AT_THE_DESK, ShownError, told
from reviewer.languages.staff_language import ENGLISH, STAFF_LANGUAGES, catalogue, refusals, said, spoken
from system.errors import ProgramError
from tests.languages.desk_errors import hints_of_commands
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk

OTHERS = sorted(set(STAFF_LANGUAGES) - {ENGLISH})
MERGED = ProgramError("case 3 was merged into case 4", hint="undo the merge first, or name that case")


@pytest.mark.parametrize("tag", OTHERS)
def test_every_sentence_of_an_error_is_found_again_with_its_values(tag: str) -> None:
    sentences = refusals(tag)
    assert len(sentences) > 200
    said_in_english = [one for one in sentences if catalogue(tag).gettext(one) == one]
    assert len(said_in_english) < len(sentences) / 20, "nearly all are translated"
    with spoken(tag):
        for sentence in sentences:
            names = re.findall(r"%\((\w+)\)s", sentence)
            values = {name: f"Q{place}" for place, name in enumerate(names)}
            assert told(sentence % values if values else sentence) == said(sentence, **values), sentence


def test_an_error_keeps_its_values_as_they_are_and_an_unknown_one_stays_english() -> None:
    with spoken("es"):
        assert str(ShownError(MERGED)) == "el caso 3 se unió al caso 4"
        assert ShownError(MERGED).hint == "deshaz primero la unión, o nombra ese caso"
        hostile = "/media/%(path)s <b>%s"
        assert told(f"cannot read {hostile}: no such file") == f"no se puede leer {hostile}: no such file"
        assert told("a message that no module says") == "a message that no module says"
        inside = told("the key of the receiver is not one of age: this is no public key of age")
        assert inside == "la llave de quien recibe no es de age: esto no es una llave pública de age"


def test_the_desk_names_pages_and_no_command_in_every_language() -> None:
    for tag in STAFF_LANGUAGES:
        with spoken(tag):
            hints = [ShownError(ProgramError("x", hint=hint)).hint for hint in AT_THE_DESK]
            of_modules = [one for _module, one in hints_of_commands()]
            assert len(of_modules) > 20
            hints += [ShownError(ProgramError("x", hint=hint)).hint for hint in of_modules]
            hints.append(ShownError(ProgramError("x", hint="tipline-review unhold HOME 3f9a ends the hold")).hint)
            assert not [hint for hint in hints if "tipline-review" in hint or "--" in hint], tag
            assert "3f9a" in hints[-1]


def test_a_refused_press_is_told_in_the_language_of_the_desk_and_the_command_stays_english(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        opened.desk_session.speak("fr")
        assert "il n’y a pas de cas 99" in seen(opened.get("/case/99").text).casefold()
        refused = opened.post("/telephone", text=" ", by="R. Example", day="2026-11-20")
        assert "un rapport ne peut pas être vide" in seen(refused.text)
        no_week = opened.get("/rounds/retire?week=48")
        assert "la semaine doit s’écrire comme 2026-W48" in seen(no_week.text)
    assert desk.run("case", "show", desk.home, "99") == 1
    assert "there is no case 99" in desk.err
