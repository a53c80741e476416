"""Before an answer is sealed, numbers, addresses, links and words of the source are named and asked about."""

from collections.abc import Mapping

import pytest

from reviewer.cases.answer_contents import AnswerFindingKind, answer_findings
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import form_fields, open_desk, seen
from tests.reviewer.desk_stage import Desk

TIP = "I work at the Golden Fish. Their boss is Wim Oz and he took my passport."


def found(text: str, *untrusted: str, tag: str = "en") -> Mapping[AnswerFindingKind, list[str]]:
    return {one.kind: list(one.pieces) for one in answer_findings(text, untrusted, tags=[tag])}


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("Call 07700 900123 today", AnswerFindingKind.NUMBER, "07700"),
        ("Be there at ٥", AnswerFindingKind.NUMBER, "5"),
        ("Room १२", AnswerFindingKind.NUMBER, "12"),
        ("Bus ⑦ is good", AnswerFindingKind.NUMBER, "7"),
        ("请打电话零七七零零", AnswerFindingKind.NUMBER, "零七七零零"),
        ("明天十五点见", AnswerFindingKind.NUMBER, "十五"),
        ("我们三点见面", AnswerFindingKind.NUMBER, "三点"),
        ("二楼", AnswerFindingKind.NUMBER, "二楼"),
        ("Gate Ⅳ", AnswerFindingKind.NUMBER, "Ⅳ"),
        ("เจอกันบ่ายสามโมง", AnswerFindingKind.NUMBER, "สาม"),
        ("Write to help@example.org", AnswerFindingKind.ADDRESS, "help@example.org"),
        ("We wait in Mill Street", AnswerFindingKind.ADDRESS, "Street"),
        ("Te esperamos en la Calle Mayor", AnswerFindingKind.ADDRESS, "Calle"),
        ("我们在南京路等你", AnswerFindingKind.ADDRESS, "路"),
        ("See https://example.org/help", AnswerFindingKind.LINK, "https://example.org/help"),
        ("See WWW.example.org now", AnswerFindingKind.LINK, "WWW.example.org"),
        ("Go to help.example.org", AnswerFindingKind.LINK, "help.example.org"),
        ("ＥＸＡＭＰＬＥ．ＯＲＧ has more", AnswerFindingKind.LINK, "EXAMPLE.ORG"),
        ("请看example。com", AnswerFindingKind.LINK, "请看example.com"),
        ("example｡com", AnswerFindingKind.LINK, "example.com"),
        ("دیکھیں example۔com", AnswerFindingKind.LINK, "example.com"),
    ],
)
def test_a_number_an_address_and_a_link_are_found_in_every_script(
    text: str, kind: AnswerFindingKind, piece: str
) -> None:
    assert piece in found(text)[kind]


@pytest.mark.parametrize(
    ("tag", "text", "piece"),
    [
        ("en", "Come at Three.", "Three"),
        ("en", "It is five o’clock", "o'clock"),
        ("es", "Nos vemos a las tres", "tres"),
        ("fr", "à quatre heures", "quatre"),
        ("pt", "às três", "três"),
        ("ro", "la ora șapte", "șapte"),
        ("ru", "в пять часов", "пять"),
        ("uk", "о п’ятій чи п’ять", "п'ять"),
        ("ar", "الساعة الخامسة", "الخامسة"),
        ("ar", "في ثلاثة وعشرين", "وعشرين"),
        ("fa", "ساعت پنج", "پنج"),
        ("ur", "سات بجے", "سات"),
        ("hi", "पाँच बजे", "पाँच"),
        ("bn", "পাঁচটা", "পাঁচটা"),
        ("tl", "alas tres", "tres"),
        ("vi", "lúc bảy giờ", "bảy"),
    ],
)
def test_a_number_in_words_is_found_in_the_language_of_the_answer(tag: str, text: str, piece: str) -> None:
    assert piece in found(text, tag=tag)[AnswerFindingKind.NUMBER]


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("zh-Hans", "千万不要回去，千万一定要小心，万一有事请写信。这十分重要，等一点时间。我们在这里。Tor很好"),
        ("th", "ห้ามบอกใคร เราสามารถช่วย เรียบร้อย"),
        ("en", "We saw it once. One of us reads."),
    ],
)
def test_a_word_that_only_looks_like_a_number_is_not_asked_about(tag: str, text: str) -> None:
    assert found(text, tag=tag) == {}


@pytest.mark.parametrize(
    ("tag", "tip", "answer", "pieces"),
    [
        ("en", TIP, "Do not go to the golden fish.", ["golden", "fish"]),
        ("en", TIP, "We know of OZ.", ["OZ"]),
        ("en", "Their name is X.", "Say x to us.", ["x"]),
        ("en", "The farm is Larkfield.", "We know Lark\u00adfield.", ["Larkfield"]),
        ("es", "Trabajo en el café Peñón.", "No vayas al cafe PENON", ["cafe", "PENON"]),
        ("ru", "Я живу у Ёлкиных", "Не ходите к елкиных", ["елкиных"]),
        ("ar", "أعمل في مطعم السمكة", "لا تذهب إلى مطعم", ["مطعم"]),
        ("fa", "من در كارگاه هستم", "به کارگاه نروید", ["کارگاه"]),
        ("hi", "मैं होटल में हूँ", "होटल मत जाइए", ["होटल"]),
        ("bn", "আমি কারখানায় আছি", "কারখানায় যাবেন না", ["কারখানায়"]),
        ("vi", "Tôi ở với Lan", "Chúng tôi biết Lan", ["Lan"]),
        ("zh-Hans", "我在老王饭店工作", "不要去老王饭店。我们在这里", ["老王饭店"]),
        ("zh-Hans", "他叫阿强", "我们认识阿强", ["阿强"]),
        ("th", "ฉันทำงานที่ร้านปลาทอง", "อย่าไปร้านปลาทอง", ["ร้านปลาทอง"]),
    ],
)
def test_a_word_of_the_tip_is_found_folded_in_every_script(
    tag: str, tip: str, answer: str, pieces: list[str]
) -> None:
    assert found(answer, tip, tag=tag)[AnswerFindingKind.WORD] == pieces


@pytest.mark.parametrize(
    ("tag", "tip", "answer"),
    [
        (
            "en",
            "They said that we must not go home because of it.",
            "We are here and you must not go because of them.",
        ),
        ("es", "No sé qué hacer con esto.", "No es para hacer esto."),
        ("zh-Hans", "我们不知道他们在哪里。", "我们在这里。"),
    ],
)
def test_the_commonest_words_of_the_language_are_not_asked_about(tag: str, tip: str, answer: str) -> None:
    assert found(answer, tip, tag=tag) == {}


def test_the_desk_asks_once_more_and_what_was_changed_in_between_is_shown_anew(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TIP)], mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        replies = opened.desk_session.home.casebook.replies
        shown = opened.post(f"/tip/{short_id}/reply", text="Stay away from the golden fish.")
        assert "The source will see this" in seen(shown.text)
        assert replies.waiting() == 0
        asked = opened.post(f"/tip/{short_id}/reply/seal", **form_fields(shown.text))
        assert "Should this really leave?" in seen(asked.text)
        assert "a word of the source&#39;s own text: golden , fish" in seen(asked.text)
        assert replies.waiting() == 0
        other = form_fields(asked.text) | {"text": "Golden fish, at once."}
        assert "The source will see this" in seen(opened.post(f"/tip/{short_id}/reply/seal", **other).text)
        assert replies.waiting() == 0
        assert opened.post(f"/tip/{short_id}/reply/seal", **form_fields(asked.text)).status_code == 303
        assert replies.waiting() == 1


def test_a_harmless_answer_is_sealed_after_its_preview_without_another_question(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TIP)], mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        shown = opened.post(f"/tip/{short_id}/reply", text="Thank you. We will help.")
        assert opened.post(f"/tip/{short_id}/reply/seal", **form_fields(shown.text)).status_code == 303


def test_the_command_names_what_it_found_and_seals_when_it_is_confirmed(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TIP)], mailbox=a_mailbox()))
    file = desk.folder / "answer"
    file.write_text("Do not tell Wim. Call +44 7700 900123, or write to a@example.org.", encoding="utf-8")
    assert desk.run("reply", desk.home, short_id, "--text-file", file) == 1
    for words in ("a number: 44, 7700, 900123", "an address: a@example.org", "own text: Wim"):
        assert words in desk.err
    assert "--confirm-contents" in desk.err
    assert desk.show(short_id)["replies"] == []
    desk.do("reply", desk.home, short_id, "--text-file", file, "--confirm-contents")
    assert len(desk.show(short_id)["replies"]) == 1


def test_words_that_another_message_of_the_mailbox_has_are_found_too(desk: Desk) -> None:
    _first, later = desk.take_in(
        desk.server.seal(fields=[("text", "The farm is called Larkfield")], mailbox=a_mailbox()),
        desk.server.seal(fields=[("text", "please help")], mailbox=a_mailbox(), submission_id=b"2" * 16),
    )
    file = desk.folder / "answer"
    file.write_text("We know Larkfield.", encoding="utf-8")
    assert desk.run("reply", desk.home, later, "--text-file", file) == 1
    assert "Larkfield" in desk.err
