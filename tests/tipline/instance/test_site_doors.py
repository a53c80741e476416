"""Doors: questions beside the text, that no one must answer, and whose answers are sealed like the text."""

import json
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from crypto.questions.answers import MOST_LETTERS
from crypto.questions.builtin_questionnaires import builtin_files, read_questionnaire
from crypto.questions.questionnaire import QuestionType
from tests.organisation import TODAY
from tests.tipline.site_stage import Answer, Stage, Upload
from tipline.commands.forms import command as forms_command
from tipline.instance.forms import MOST_FORMS, FormError, Forms, add_shipped
from tipline.languages.language import LANGUAGES

HELP, SAW, WORK, VOICE = (read_questionnaire(builtin_files()[name]) for name in ("help", "saw", "work", "voice"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


def _send(stage: Stage, door: int, *fields: tuple[str, str], text: str = "hello", files: int = 0) -> Answer:
    page = stage.browser.get(f"/form/{door}")
    own = [(name, page.hidden(name)) for name in ("nonce", "questions")]
    uploads = [Upload("a.pdf", b"1")] * files
    return stage.browser.upload(f"/form/{door}", [*own, ("text", text), *fields], uploads)


def test_answers_are_sealed_behind_the_text_under_the_digest_of_their_questions(stage: Stage) -> None:
    answers = [
        ("q:company", "Example Garments"),
        ("q:signs:debt_bondage", "1"),
        ("q:workers", "৪০"),
        ("q:debt", ""),
    ]
    receipt = _send(stage, 3, ("urgent", "yes"), *answers, files=2)
    assert receipt.status == 200
    assert receipt.words
    read = stage.read_one()
    assert read.fields == [
        ("text", "hello"),
        ("urgent", "yes"),
        ("door", "work"),
        ("questions", WORK.sha256.hex()),
        ("q:company", "Example Garments"),
        ("q:workers", "40"),
        ("q:signs", "debt_bondage"),
    ]
    assert len(read.files) == 2


def test_what_was_done_how_and_what_for_are_ticks_named_as_in_the_palermo_protocol(stage: Stage) -> None:
    asked = {question.key: question.vocabulary for question in SAW.questions()}
    assert (asked["act"], asked["means"], asked["purpose"]) == ("palermo-act", "palermo-means", "palermo-purpose")
    ticks = [("q:means:deception", "on"), ("q:act:transfer", "on"), ("q:purpose:removal_of_organs", "on")]
    assert _send(stage, 2, *ticks).status == 200
    answers = [field for field in stage.read_one().fields if field[0].startswith("q:")]
    assert answers == [("q:act", "transfer"), ("q:means", "deception"), ("q:purpose", "removal_of_organs")]


def test_every_text_of_a_shipped_door_is_there_in_every_language() -> None:
    for door in (HELP, SAW, WORK, VOICE):
        for language in LANGUAGES:
            assert set(door.texts[language.tag]) == set(door.texts["en"]), (door.name, language.tag)


def test_the_free_text_alone_is_enough_and_names_no_door(stage: Stage) -> None:
    assert _send(stage, 1).status == 200
    assert stage.read_one().fields == [("text", "hello")]


def test_answers_alone_are_enough(stage: Stage) -> None:
    assert _send(stage, 1, ("q:needs:doctor", "1"), text="").status == 200
    assert ("q:needs", "doctor") in stage.read_one().fields


def test_nothing_at_all_is_refused_with_the_same_questions(stage: Stage) -> None:
    refused = _send(stage, 1, ("q:where", "  "), text="")
    assert refused.status == 422
    assert 'name="q:where"' in refused.text
    assert stage.read_all() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q:workers", "many"),
        ("q:tier", "elsewhere"),
        ("q:company", "x" * (MOST_LETTERS[QuestionType.TEXT] + 1)),
        ("q:company", "\U0001f480" * MOST_LETTERS[QuestionType.TEXT] + "x"),
    ],
)
def test_an_answer_that_does_not_fit_is_marked_and_everything_typed_comes_back(
    stage: Stage, name: str, value: str
) -> None:
    refused = _send(stage, 3, (name, value), ("q:supplier", "Example <& Sons"), ("q:signs:threats", "1"))
    assert refused.status == 422
    page = unescape(refused.text)
    key = name.removeprefix("q:")
    assert f'id="q-{key}-wrong"' in page
    assert page.count('class="wrong"') == 1
    assert "Example <& Sons" in page
    assert 'name="q:signs:threats" checked' in page
    assert "hello" in page
    assert stage.read_all() == []


def test_an_answer_at_its_limit_is_taken_in_every_script(stage: Stage) -> None:
    longest = "\U0001f480" * MOST_LETTERS[QuestionType.TEXT]
    assert _send(stage, 3, ("q:company", longest)).status == 200
    assert ("q:company", longest) in stage.read_one().fields


def test_what_no_form_sends_is_not_kept(stage: Stage) -> None:
    assert _send(stage, 1, ("door", "work"), ("q:nothing", "")).status == 200
    assert stage.read_one().fields == [("text", "hello")]


@pytest.mark.parametrize("path", ["/", "/form/1"])
def test_answers_to_a_door_that_is_another_one_by_now_are_not_dropped_under_a_receipt(
    stage: Stage, path: str
) -> None:
    nonce = stage.browser.get(path).hidden("nonce")
    refused = stage.browser.upload(path, [("nonce", nonce), ("text", "hello"), ("q:company", "x")])
    assert refused.status == 400
    assert "hello\n\ncompany: x</textarea>" in refused.text
    assert stage.read_all() == []


def test_answers_to_other_questions_with_the_same_keys_go_back_as_text_and_are_kept_under_none(
    stage: Stage,
) -> None:
    page = stage.browser.get("/form/1")
    old = [("nonce", page.hidden("nonce")), ("questions", "0" * 16)]
    answers = [("q:where", "Lisbon"), ("q:since", "spring"), ("q:tongue", "")]
    refused = stage.browser.upload("/form/1", [*old, ("text", "hello"), *answers])
    assert refused.status == 400
    assert "hello\n\nwhere: Lisbon\nsince: spring</textarea>" in refused.text
    assert refused.hidden("questions") == page.hidden("questions")
    assert 'value="Lisbon"' not in refused.text
    assert stage.read_all() == []
    text = "hello\n\nwhere: Lisbon\nsince: spring"
    again = [(name, refused.hidden(name)) for name in ("nonce", "questions")]
    assert stage.browser.upload("/form/1", [*again, ("text", text)]).status == 200
    assert stage.read_one().fields == [("text", text)]


def test_answers_to_the_questions_that_are_asked_are_kept(stage: Stage) -> None:
    page = stage.browser.get("/form/2")
    fields = [(name, page.hidden(name)) for name in ("nonce", "questions")]
    assert stage.browser.upload("/form/2", [*fields, ("q:where", "here")]).status == 200
    assert ("q:where", "here") in stage.read_one().fields


@pytest.mark.parametrize("number", ["0", "5", "99999999999999999999", "x", "-1"])
def test_there_is_no_door_but_those_of_the_site(stage: Stage, number: str) -> None:
    assert stage.browser.get(f"/form/{number}").status == 404
    assert stage.browser.upload(f"/form/{number}", [("nonce", "0" * 32), ("text", "hello")]).status == 404
    assert stage.read_all() == []


def test_a_site_without_doors_shows_none(tmp_path: Path) -> None:
    stage = Stage(tmp_path, doors=Forms())
    assert "/form/" not in stage.browser.get("/").text
    assert stage.browser.get("/form/1").status == 404
    stage.close()


def test_neither_title_nor_address_says_what_a_door_is_about(stage: Stage) -> None:
    for number in (1, 2, 3, 4):
        assert "<title>Write</title>" in stage.browser.get(f"/form/{number}").text


def test_voice_asks_at_most_twelve_questions_and_apart_who_may_be_told(stage: Stage) -> None:
    asked = {question.key: question.choices for question in VOICE.questions()}
    assert len(asked) <= 12
    assert asked["to_company"] == asked["to_authority"] == ("no", "yes", "not_sure")
    page = stage.browser.get("/form/4").text
    assert " selected" not in page
    assert " checked" not in page
    assert page.count("No answer means no.") == 2


def test_the_code_of_a_card_is_kept_in_plain_digits_and_a_wrong_one_comes_back_as_it_was_typed(
    stage: Stage,
) -> None:
    answers = [("q:pay", "late"), ("q:to_company", "yes")]
    wrong = _send(stage, 4, ("q:place_code", "00571-4"), *answers)
    assert wrong.status == 422
    assert 'id="q-place_code-wrong"' in wrong.text
    assert "One digit may be wrong. Look at the card again, or leave this empty." in wrong.text
    assert 'name="q:place_code" value="00571-4"' in wrong.text
    assert '<option value="late" selected>' in wrong.text
    assert stage.read_all() == []
    assert _send(stage, 4, ("q:place_code", "٠٠٥٧٢-٤"), *answers).status == 200
    assert stage.read_one().fields[-2:] == [("q:to_company", "yes"), ("q:place_code", "005724")]


def test_with_the_secret_words_answers_come_into_the_mailbox_that_is_there(stage: Stage) -> None:
    words = _send(stage, 4, ("q:change", "first")).words
    again = _send(stage, 4, ("q:change", "worse"), ("urgent", "yes"), ("passphrase", words), text="")
    assert again.status == 200
    assert not again.words, "no new words"
    assert "call for help now" in again.text
    assert "To read our answer, open the same address again" in again.text
    both = stage.read_all()
    assert len({one.mailbox.to_bytes() for one in both}) == 1
    assert {dict(one.fields)["q:change"] for one in both} == {"first", "worse"}
    assert not any("passphrase" in dict(one.fields) for one in both)


def test_words_that_are_typed_after_a_first_press_of_the_same_form_lead_into_their_own_mailbox(
    stage: Stage,
) -> None:
    words = _send(stage, 4, ("q:change", "first")).words
    page = stage.browser.get("/form/4")
    form = [*((name, page.hidden(name)) for name in ("nonce", "questions")), ("q:change", "worse")]
    assert stage.browser.upload("/form/4", form).words, "sent without the words: a mailbox of its own"
    for _press in range(2):
        again = stage.browser.upload("/form/4", [*form, ("passphrase", words)])
        assert (again.status, again.words) == (200, "")
    mailboxes = Counter(one.mailbox.to_bytes() for one in stage.read_all())
    assert sorted(mailboxes.values()) == [1, 2], "two messages under the words, and the first press alone"


def test_secret_words_in_an_answer_are_stopped_once_as_in_the_text(stage: Stage) -> None:
    words = _send(stage, 3).words
    refused = _send(stage, 3, ("q:company", f"they are {words}"))
    assert "eight secret words are in your message" in refused.text
    assert len(stage.read_all()) == 1
    assert _send(stage, 3, ("q:company", f"they are {words}"), ("meant", "yes")).status == 200
    four, rest = words.split()[:4], words.split()[4:]
    assert _send(stage, 3, ("q:company", " ".join(four)), ("q:supplier", " ".join(rest))).status == 200


def test_mistyped_secret_words_come_back_with_all_answers_and_nothing_is_kept(stage: Stage) -> None:
    words = _send(stage, 4, ("q:change", "first")).words.split()
    mistyped = " ".join(["zzzz", *words[1:]])
    refused = _send(stage, 4, ("q:change", "worse"), ("passphrase", mistyped))
    assert refused.status == 422
    assert f"{mistyped}</textarea>" in refused.text
    assert "Word 1: we do not use “zzzz”." in refused.text
    assert '<option value="worse" selected>' in refused.text
    assert len(stage.read_all()) == 1


def test_a_voice_envelope_is_as_long_as_that_of_a_short_text(stage: Stage) -> None:
    _send(stage, 1)
    every = [("q:signs:threats", "on"), ("q:place_code", "005724")]
    every += [(f"q:{one.key}", one.choices[-1]) for one in VOICE.questions() if one.type is QuestionType.CHOICE]
    _send(stage, 4, *every)
    sealed = [list(stage.store.submissions.pieces(one.submission)) for one in stage.store.submissions.waiting()]
    short, voice = (sum(map(len, pieces)) for pieces in sealed)
    assert short == voice


def test_a_door_is_the_same_length_as_every_other_page(stage: Stage) -> None:
    assert len({len(stage.browser.get(f"/form/{number}").body) for number in (1, 2, 3, 4)}) == 1


def test_another_look_and_another_language_are_those_of_the_same_door(stage: Stage) -> None:
    for choice in (("look", "dark"), ("lang", "es")):
        page = stage.browser.post("/form/2", [("text", "hello"), ("q:people", "a few"), choice])
        assert f'action="/form/2?{"=".join(choice)}"' in page.text
        assert 'name="q:people" value="a few"' in page.text
        assert 'class="wrong"' not in page.text, "nothing was sent yet"


def test_a_door_leads_to_the_list_of_languages_by_one_button(stage: Stage) -> None:
    """With these questions the list itself would not fit into the one length of all pages."""
    page = stage.browser.get("/form/2")
    assert page.body.count(b'name="lang"') == 1
    listed = stage.browser.post("/form/2", [("text", "hello"), ("lang", "")])
    assert listed.body.count(b'name="lang"') == len(LANGUAGES) - 1
    assert "hello" in listed.text


def test_a_door_that_was_taken_away_gives_the_text_to_the_plain_form(stage: Stage) -> None:
    gone = stage.browser.upload(
        "/form/5", [("nonce", "0" * 32), ("text", "hello"), ("urgent", "yes"), ("q:company", "x")]
    )
    assert gone.status == 404
    assert 'action="/"' in gone.text
    assert "hello\n\ncompany: x</textarea>" in gone.text
    assert 'name="urgent" value="yes" aria-describedby="urgent-hint" checked' in gone.text
    assert stage.read_all() == []


def test_while_intake_is_closed_answers_can_be_copied_in_words(stage: Stage) -> None:
    page = stage.browser.get("/form/3")
    stage.clock.day = TODAY.replace(year=2030)
    answers = [
        ("q:company", "Example Garments"),
        ("q:signs:threats", "on"),
        ("q:tier", "supplier"),
        ("text", "hello"),
    ]
    closed = stage.browser.upload("/form/3", [("nonce", page.hidden("nonce")), *answers]).text
    box = closed.split('<textarea id="text"')[1].split("</textarea>")[0]
    assert box.split("\n", 1)[1] == (
        f"hello\n\n{WORK.text('company', 'en')} Example Garments\n"
        f"{WORK.text('tier', 'en')} {WORK.text('tier.supplier', 'en')}\n"
        f"{WORK.text('signs', 'en')} {WORK.text('signs.threats', 'en')}"
    )


def test_a_section_with_a_condition_is_hidden_by_the_stylesheet_until_it_holds() -> None:
    style = Forms([HELP, SAW, WORK]).style().decode()
    assert style.startswith("@supports selector(:has(*)){")
    assert '.door3:not(:has([name="q:children"]>[value="yes"]:checked)) .s-child{display:none}' in style
    assert '.door3:not(:has([name="q:signs:debt_bondage"]:checked)) .s-debt{display:none}' in style
    assert ".door1" not in style


def test_answers_to_a_hidden_section_are_kept_all_the_same(stage: Stage) -> None:
    assert _send(stage, 2, ("q:children", "no"), ("q:child_age", "about ten")).status == 200
    assert ("q:child_age", "about ten") in stage.read_one().fields


def test_double_sending_of_a_door_is_one_submission(stage: Stage) -> None:
    nonce = stage.browser.get("/form/1").hidden("nonce")
    fields = [("nonce", nonce), ("text", "hello"), ("q:since", "May")]
    first, second = (stage.browser.upload("/form/1", fields) for _ in range(2))
    assert first.words == second.words
    assert len(stage.read_all()) == 1


def test_other_answers_with_the_same_nonce_are_a_further_submission(stage: Stage) -> None:
    nonce = stage.browser.get("/form/1").hidden("nonce")
    for since in ("May", "June"):
        stage.browser.upload("/form/1", [("nonce", nonce), ("text", "hello"), ("q:since", since)])
    assert len(stage.read_all()) == 2


def test_doors_are_read_in_the_order_of_their_files(tmp_path: Path) -> None:
    add_shipped(tmp_path / "doors", ["work", "help"])
    assert [(door.number, door.questionnaire.name) for door in Forms.load(tmp_path / "doors")] == [
        (1, "help"),
        (2, "work"),
    ]


def test_no_folder_means_no_doors(tmp_path: Path) -> None:
    assert not Forms.load(tmp_path / "doors")


def test_a_broken_file_is_refused_by_name_and_key(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(builtin_files()["saw"].replace(b'type = "number"', b'type = "amount"'))
    with pytest.raises(FormError, match=r"doors/own\.toml: line \d+: type of question people must be one of"):
        Forms.load(tmp_path)


def test_two_files_with_one_name_inside_and_too_many_files_are_refused(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}.toml").write_bytes(builtin_files()["saw"])
    with pytest.raises(FormError, match="same name"):
        Forms.load(tmp_path)
    for number in range(MOST_FORMS + 1):
        (tmp_path / f"{number}.toml").write_bytes(builtin_files()["saw"])
    with pytest.raises(FormError, match=f"at most {MOST_FORMS}"):
        Forms.load(tmp_path)


def test_a_shipped_example_is_added_once_and_never_written_over(tmp_path: Path) -> None:
    (path,) = add_shipped(tmp_path / "doors", ["saw"])
    path.write_bytes(b"changed")
    with pytest.raises(FormError, match="there already"):
        add_shipped(tmp_path / "doors", ["help", "saw"])
    assert path.read_bytes() == b"changed"
    assert not (tmp_path / "doors" / "help.toml").exists()
    with pytest.raises(FormError, match="help, saw, voice, work"):
        add_shipped(tmp_path / "doors", ["other"])


def test_the_command_adds_and_lists_doors_with_the_digest_that_the_reviewer_knows(tmp_path: Path) -> None:
    (tmp_path / "database.key").write_bytes(b"")
    run = CliRunner()
    assert run.invoke(forms_command, ["add", str(tmp_path), "saw"]).exit_code == 0
    listed = run.invoke(forms_command, ["list", str(tmp_path), "--json"])
    (row,) = json.loads(listed.output)
    assert (row["number"], row["name"], row["sha256"]) == (1, "saw", SAW.sha256.hex())
    assert "/form/1  saw" in run.invoke(forms_command, ["list", str(tmp_path)]).output
