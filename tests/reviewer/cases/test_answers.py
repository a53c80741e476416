"""Answers to a questionnaire at the desk: under the questions that were asked, and nothing of them hidden."""

from collections.abc import Sequence
from typing import Any

import pytest

from crypto.questions.answers import answers_of_form
from crypto.questions.builtin_questionnaires import builtin_files, read_questionnaire
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk

SAW = read_questionnaire(builtin_files()["saw"])
OWN = b"""
name = "harbour"
[[sections]]
key = "all"
[[sections.questions]]
key = "ship"
type = "text"
[text.en]
title = "At the harbour"
ship = "Which ship?"
[text.es]
ship = "\xc2\xbfQu\xc3\xa9 barco?"
"""


def _show(desk: Desk, fields: Sequence[tuple[str, str]]) -> tuple[str, dict[str, Any]]:
    (short_id,) = desk.take_in(desk.server.seal(fields=fields))
    answers = desk.show(short_id)["answers"]
    return desk.do("show", desk.home, short_id), answers


def test_answers_to_a_shipped_questionnaire_stand_under_their_questions_in_order(desk: Desk) -> None:
    typed = {"q:kinds:ForcedLabour": "on", "q:people": "12", "q:where": "by the river", "q:still": "yes"}
    shown, answers = _show(desk, [("text", "They cannot leave."), *answers_of_form(SAW, typed)])
    lines = [line.strip() for line in shown.splitlines()]
    begin = lines.index("answers to 'I saw something' (saw):")
    assert [line for line in lines[begin + 1 :] if line][:8] == [
        "What do you think it is?",
        "│ People made to work",
        "Is it still going on?",
        "│ Yes",
        "Where was it?",
        "│ by the river",
        "How many people seem to need help?",
        "│ 12",
    ]
    assert answers["is_known"] is True
    assert [one["key"] for one in answers["answers"]] == ["kinds", "still", "where", "people"]
    assert answers["answers"][0]["values"] == ["ForcedLabour"]
    assert "q:" not in shown


def test_an_unknown_questionnaire_is_named_with_its_digest_and_known_once_it_is_added(desk: Desk) -> None:
    own = read_questionnaire(OWN)
    fields = [("language", "es"), *answers_of_form(own, {"q:ship": "Aurora"})]
    (short_id,) = desk.take_in(desk.server.seal(fields=fields))
    before = desk.do("show", desk.home, short_id)
    assert "harbour, which is not known here" in before
    assert own.sha256.hex() in before
    assert "│ Aurora" in before
    file = desk.folder / "harbour.toml"
    file.write_bytes(OWN)
    assert own.sha256.hex() in desk.do("questionnaires", "add", desk.home, file)
    after = desk.do("show", desk.home, short_id)
    assert after.index("Which ship?") < after.index("¿Qué barco?") < after.index("│ Aurora")
    listed = desk.do("questionnaires", "list", desk.home)
    assert [line.split()[0] for line in listed.splitlines()] == ["harbour", "help", "saw", "voice", "work"]


@pytest.mark.parametrize(
    "answer", [("q:still", "maybe"), ("q:people", "many"), ("q:people", "1" * 5000), ("q:still", "\x1b[2J")]
)
def test_an_answer_that_the_form_does_not_offer_is_shown_as_such_and_harmless(
    desk: Desk, answer: tuple[str, str]
) -> None:
    head = [("door", "saw"), ("questions", SAW.sha256.hex())]
    shown, answers = _show(desk, [*head, answer, ("q:none", "also here")])
    assert "NOT AN ANSWER THAT THE FORM OFFERS" in shown
    assert "\x1b" not in shown
    assert "│ also here" in shown
    assert [one["fits"] for one in answers["answers"]] == [False]


@pytest.mark.parametrize("digest", ["", "zz", "ab" * 31, "AB" * 32])
def test_a_digest_that_is_none_hides_no_answer(desk: Desk, digest: str) -> None:
    shown, answers = _show(desk, [("door", "saw\x1b"), ("questions", digest), ("q:ship", "Aurora")])
    assert "│ Aurora" in shown
    assert "\x1b" not in shown
    assert answers["is_known"] is False


def test_a_file_that_is_no_questionnaire_is_refused_by_its_fault(desk: Desk) -> None:
    file = desk.folder / "broken.toml"
    file.write_bytes(OWN.replace(b'type = "text"', b'type = "email"'))
    assert desk.run("questionnaires", "add", desk.home, file) == 1
    assert "type of question ship must be one of text, choice" in desk.err


def test_an_answer_is_read_from_standard_input_so_that_no_file_of_it_stays(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    typed = desk.folder / "typed"
    typed.write_text("We read it.\nWhere is it now?\n", encoding="utf-8")
    assert b"it leaves with the next outbox" in desk.pipe(
        "reply", desk.home, short_id, "--text-file", "-", source=typed
    )
    assert desk.show(short_id)["replies"][0]["text"] == "We read it.\nWhere is it now?"
    told = " ".join(desk.do("reply", "--help").split())
    assert "- reads standard input" in told
    assert "A FILE stays readable on its disk" in told
