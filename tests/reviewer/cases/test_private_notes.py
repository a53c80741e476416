"""A private note stays on its laptop; every other note reaches colleagues and members."""

from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import a_colleague
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk


def test_a_private_note_reaches_no_colleague_and_no_paper_and_is_found_here(desk: Desk) -> None:
    second = a_colleague(desk)
    envelope = desk.server.seal(fields=[("text", "a tip")], mailbox=a_mailbox())
    file = desk.write(desk.server.submissions(envelope))
    for one in (desk, second):
        one.do("import", one.home, file)
    tip = desk.submissions()[0]["id"]
    text = desk.folder / "note"
    for words, *options in (("for all of us",), ("only mine, heliotrope", "--private")):
        text.write_text(words, encoding="utf-8")
        desk.do("note", desk.home, tip, "--text-file", text, *options)
    with open_desk(desk.home) as opened:
        page = seen(opened.done(f"/tip/{tip}/note", text="mine too, heliotrope", private="yes"))
        assert page.count("only on this laptop") >= 2
        printed = opened.page(f"/tip/{tip}/print?notes=yes")
        assert "for all of us" in printed
        assert "heliotrope" not in printed
    assert "heliotrope" not in desk.do("transcript", desk.home, tip, "--notes")
    assert [(one["text"], one["private"]) for one in desk.show(tip)["notes"]] == [
        ("for all of us", False),
        ("only mine, heliotrope", True),
        ("mine too, heliotrope", True),
    ]
    assert [one["id"] for one in desk.json("search", desk.home, "heliotrope")["submissions"]] == [tip]
    shared = desk.folder / "for-colleagues"
    desk.do("share", "write", desk.home, shared)
    second.do("share", "read", second.home, shared)
    assert [one["text"] for one in second.show(tip)["notes"]] == ["for all of us"]
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        bodies = home.casebook.operations._small.rows("SELECT body FROM operations WHERE body IS NOT NULL")
        assert not any(b"heliotrope" in body for (body,) in bodies)
    desk.do("note", desk.home, tip, "--destroy", str(desk.show(tip)["notes"][1]["number"]))
    assert len(desk.show(tip)["notes"]) == 2
    acts = [line["act"] for line in desk.json("log", "show", desk.home)]
    assert (acts.count("private note"), acts.count("note")) == (2, 1)
