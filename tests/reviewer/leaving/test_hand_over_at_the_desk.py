"""Handing a case over at the desk, and taking one in there."""

from tests.reviewer.desk.open_desk import hidden_fields, open_desk, seen, ticks
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.test_evidence import a_tip
from tests.reviewer.leaving.test_hand_over import key_of, other

__all__ = ["other"]


def test_a_case_is_handed_over_and_taken_in_at_two_desks(desk: Desk, other: Desk) -> None:
    short_id = a_tip(desk)
    key, words = key_of(other)
    _own, own_words = key_of(desk)
    case = desk.folder / "case.handover"
    with open_desk(desk.home) as browser:
        page = browser.page(f"/hand-over?tips={short_id}")
        form = seen(page)
        fields = {
            "tips": short_id,
            "field": ticks(page, "field")[0],
            "file": ticks(page, "file")[0],
            "told": "agreed",
            "key_file": str(key),
        }
        assert "we tell no one without your yes, unless a child or a life is in danger" in form
        promised = browser.post("/hand-over/preview", **fields | {"told": "only-if-you-agree"})
        assert promised.status_code == 422
        preview = browser.post("/hand-over/preview", **fields)
        assert preview.status_code == 200
        assert "They keep our passports." in preview.text
        assert words not in preview.text, "the words come by telephone"
        assert browser.post("/hand-over/write", **fields, words=words, out=str(case)).status_code == 422
        fields = hidden_fields(preview.text)
        assert browser.post("/hand-over/write", **fields, words="", out=str(case)).status_code == 422
        assert not case.exists()
        done = browser.post("/hand-over/write", **fields, words=words, out=str(case))
        assert done.status_code == 200, seen(done.text)
        assert "Example Shelter" in browser.page("/left")
    with open_desk(other.home) as browser:
        looked = browser.post("/hand-over/look", file=str(case))
        assert "Example Watch , as the file says" in seen(looked.text)
        assert browser.post("/hand-over/read", file=str(case), words=words).status_code == 422
        assert browser.post("/hand-over/read", file=str(case), words=own_words).status_code == 200
        assert "handed over by Example Watch on" in seen(browser.page("/"))
        (listed,) = home_ids(browser.page("/"))
        tip = seen(browser.page(f"/tip/{listed}"))
        assert "Handed over by Example Watch on" in tip
        assert "Seal the answer" not in tip
        again = browser.post("/hand-over/look", file=str(case))
        assert again.status_code == 422
        assert "a case is imported once" in again.text


def test_the_preview_shows_all_of_a_long_field_before_it_leaves(desk: Desk, other: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "word " * 8000 + "the name at the end")]))
    key, _words = key_of(other)
    with open_desk(desk.home) as browser:
        page = browser.page(f"/hand-over?tips={short_id}")
        assert "The next page shows all of it." in page
        fields = {"tips": short_id, "field": ticks(page, "field")[0], "told": "agreed", "key_file": str(key)}
        assert "the name at the end" in browser.post("/hand-over/preview", **fields).text


def test_no_file_is_handed_over_in_place_of_one_that_was_deleted_after_its_preview(desk: Desk, other: Desk) -> None:
    files = [(f"f{n}.txt", "text/plain", b"content %d" % n) for n in (1, 2, 3)]
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "hello")], files=files))
    numbered = (desk.do("hand-over", "write", desk.home, short_id), desk.err)[1]
    code = numbered.partition("--code ")[2].split()[0]
    key, words = key_of(other)
    another = key_of(desk)[0].read_bytes()
    case = desk.folder / "case.handover"
    with open_desk(desk.home) as browser:
        page = browser.page(f"/hand-over?tips={short_id}")
        form = {"tips": short_id, "field": ticks(page, "field")[0], "told": "agreed", "key_file": str(key)}
        shown = hidden_fields(browser.post("/hand-over/preview", **form, file=ticks(page, "file")[1]).text)
        assert browser.delete(f"/tip/{short_id}/delete?what={browser.parts(short_id)[1]}", because="junk")
        gone = browser.post("/hand-over/write", **shown, words=words, out=str(case))
        assert gone.status_code == 422
        assert "something that you ticked is no longer here" in gone.text
        assert "f3.txt" not in gone.text
        # Now the key file is that of another organisation than the page named.
        present = hidden_fields(gone.text)
        key.write_bytes(another)
        swapped = browser.post("/hand-over/write", **present, words=words, out=str(case))
        assert swapped.status_code == 422
        assert "this has changed since it was shown" in swapped.text
    options = ("--to", key, "--told", "agreed", "--words", words, "--files", "2", "--out", case)
    assert desk.run("hand-over", "write", desk.home, short_id, *options, "--code", code) == 1
    assert "this has changed since it was shown" in desk.err
    assert not case.exists()


def test_a_case_with_nothing_ticked_is_refused_before_and_after_its_preview(desk: Desk, other: Desk) -> None:
    short_id = desk.take_in(desk.server.seal(fields=[("text", "the farm")]))[0]
    file, words = key_of(other)
    form = {"tips": short_id, "told": "agreed", "key_file": str(file), "words": words}
    out = desk.folder / "case.handover"
    with open_desk(desk.home) as opened:
        for path in ("/hand-over/preview", "/hand-over/write"):
            answer = opened.post(path, **form | {"out": str(out)})
            assert answer.status_code == 422
            assert f"nothing of {short_id} is ticked" in seen(answer.text)
    options = ("--to", file, "--words", words, "--told", "agreed", "--out", out)
    code = desk.code_of("hand-over", "write", desk.home, short_id, *options)
    assert desk.run("hand-over", "write", desk.home, short_id, *options, "--code", code) == 1
    assert f"nothing of {short_id} is ticked" in desk.err
    assert not out.exists()


def home_ids(page: str) -> list[str]:
    """The ids of the tips in a list."""
    return sorted({piece[:12] for piece in page.split('href="/tip/')[1:]})
