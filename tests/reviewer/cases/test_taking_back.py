"""An answer that was taken back before the outbox never leaves; a long one leaves in parts."""

import pytest

from crypto.submissions.reply import TEXT_BYTES
from reviewer.cases.answer_parts import MOST_PARTS, answer_length, answer_parts
from system.errors import ProgramError
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.exchange.test_outbox import _replies_for


def left_with_outbox(desk: Desk) -> list[str]:
    """The texts that the source's mailbox gets, from top to bottom."""
    outbox = desk.folder / "outbox.bundle"
    desk.do("outbox", desk.home, "--out", outbox)
    items = desk.server.take_outbox(outbox.read_bytes())
    assert sum(kind.name == "REPLY" for kind, _payload in items) % 32 == 0
    replies = _replies_for(items, a_mailbox())
    return [reply.text for reply in sorted(replies, key=lambda reply: reply.number, reverse=True)]


def test_an_answer_taken_back_by_command_never_leaves_and_its_draft_can_be_sealed(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    file = desk.folder / "answer"
    file.write_text("Thank you. Please wait.", encoding="utf-8")
    desk.do("reply", desk.home, short_id, "--text-file", file)
    assert "Please wait" in desk.do("take-back", desk.home, short_id)
    assert desk.show(short_id)["replies"] == []
    assert left_with_outbox(desk) == []
    desk.do("reply", desk.home, short_id, "--draft")
    assert left_with_outbox(desk) == ["Thank you. Please wait."]
    assert desk.run("take-back", desk.home, short_id) == 1
    assert "cannot be taken back" in desk.err
    acts = [line["act"] for line in desk.json("log", "show", desk.home)]
    assert [act for act in acts if act in ("reply", "answer taken back")] == ["reply", "answer taken back", "reply"]


def test_at_the_desk_the_text_returns_into_the_form_and_goes_with_the_next_sealing(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        assert "Take back" in opened.answer(short_id, "Please wait for us.")
        page = opened.done(f"/tip/{short_id}/reply/take-back")
        assert "Please wait for us.</textarea>" in page
        assert "taken back on" in seen(page)
        assert "Nothing found" in opened.post("/search", words="wait").text
        assert opened.post(f"/tip/{short_id}/reply/take-back").status_code == 422
        page = opened.answer(short_id, "Please wait for our car.")
        assert "taken back on" not in seen(page)
        opened.done(f"/tip/{short_id}/reply/take-back")
        assert "for our car" not in opened.done(f"/tip/{short_id}/reply/drop-draft")
    assert left_with_outbox(desk) == []


def test_a_bundle_that_was_signed_keeps_its_answers_although_its_file_was_never_written(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    file = desk.folder / "answer"
    file.write_text("Thank you.", encoding="utf-8")
    desk.do("reply", desk.home, short_id, "--text-file", file)
    assert desk.run("outbox", desk.home, "--out", desk.folder / "gone" / "outbox") == 1
    assert desk.run("take-back", desk.home, short_id) == 1
    assert left_with_outbox(desk) == ["Thank you."]


PARAGRAPHS = [
    "word " * 300 + "end.",
    "Другое предложение здесь. " * 60,
    "另一个句子在这里。" * 90,
    "a line without an end " * 50,
]


def test_a_long_answer_is_cut_at_paragraphs_and_sentences_and_loses_no_word(desk: Desk) -> None:
    text = "\n\n".join(PARAGRAPHS)
    parts = answer_parts(text)
    assert "".join(" ".join(parts).split()) == "".join(text.split())
    assert all(len(part.encode()) <= TEXT_BYTES for part in parts)
    assert parts[0] == PARAGRAPHS[0]
    assert all(part.endswith((".", "。")) for part in parts[:-1])
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    file = desk.folder / "answer"
    file.write_text(text, encoding="utf-8")
    told = desk.do("reply", desk.home, short_id, "--text-file", file, "--preview")
    assert f"answer {len(parts)} of {len(parts)}" in told
    assert desk.show(short_id)["replies"] == []
    desk.do("reply", desk.home, short_id, "--text-file", file)
    assert [reply["text"] for reply in desk.show(short_id)["replies"]] == parts
    assert left_with_outbox(desk) == parts


@pytest.mark.parametrize("text", ["", " \n", "x" * (TEXT_BYTES + 1), "word " * (TEXT_BYTES * MOST_PARTS // 4)])
def test_what_cannot_be_cut_is_refused(text: str) -> None:
    with pytest.raises(ProgramError):
        answer_parts(text)


def test_the_counter_tells_letters_bytes_and_what_is_left(desk: Desk) -> None:
    length = answer_length("é" * 24)
    assert (length.letters, length.bytes, length.parts, length.left_bytes) == (24, 48, 1, 2000)
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        page = opened.post(f"/tip/{short_id}/reply", text="é" * 24, count="yes").text
        assert "24 letters, 48 bytes: 1 answer, 2,000 of 2,048 bytes left" in seen(page)
        assert "é" * 24 + "</textarea>" in page
