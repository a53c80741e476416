"""Evidence packages at the desk: the same deed as the command, with a preview before it."""

import re
from pathlib import Path

from tests.reviewer.desk.open_desk import hidden_fields, open_desk, seen, ticks
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import Receiver
from tests.reviewer.leaving.test_evidence import a_tip


def test_the_desk_lists_traces_shows_all_that_leaves_and_writes_a_package_that_verifies(
    desk: Desk, receiver: Receiver
) -> None:
    short_id = a_tip(desk)
    out = receiver.folder / "got"
    with open_desk(desk.home) as browser:
        assert f"/evidence?tips={short_id}" in browser.page(f"/tip/{short_id}")
        page = browser.page(f"/evidence?tips={short_id}")
        form = seen(page)
        assert "Traces: place, time, device or program" in form
        assert "this kind may hold some that are not listed" in form
        fields = {
            "tips": short_id,
            "passage": ticks(page, "passage")[0],
            "file": ticks(page, "file")[0],
            "receiver": "Prosecutor, file 12",
            "to": receiver.key,
        }
        shown = browser.post("/evidence/preview", **fields)
        assert shown.status_code == 200
        assert "They keep our passports." in shown.text
        assert "Amaranth" not in shown.text
        assert not out.exists()
        unseen = browser.post("/evidence/write", **fields, folder=str(out))
        assert unseen.status_code == 422
        assert not out.exists()
        # After an error too the page shows the key, to be compared before the second press.
        sealed_to = r'Sealed to the key of the receiver:\s*<span class="digest">[^<]+</span>'
        assert re.search(sealed_to, shown.text)
        assert re.findall(sealed_to, unseen.text) == re.findall(sealed_to, shown.text)
        done = browser.post("/evidence/write", **hidden_fields(unseen.text), folder=str(out))
        assert done.status_code == 200, seen(done.text)
        assert "Prosecutor, file 12" in browser.page("/left")
        assert "Parts of this conversation have left this desk" in browser.page(f"/tip/{short_id}")
    (out / "key.txt").write_text(receiver.identity)
    assert receiver.follow(out / "README.txt").returncode == 0
    verified = receiver.follow(out / "evidence" / "README.txt")
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout.split()[0] in seen(done.text).replace(" ", "")


def test_a_package_without_a_key_is_written_only_after_the_typed_word(desk: Desk, memory: Path) -> None:
    short_id = a_tip(desk, files=[])
    with open_desk(desk.home) as browser:
        first = ticks(browser.page(f"/evidence?tips={short_id}"), "passage")[0]
        shown = browser.post("/evidence/preview", tips=short_id, passage=first, receiver="X").text
        fields = hidden_fields(shown) | {"folder": str(memory / "out")}
        refused = browser.post("/evidence/write", **fields, word="yes")
        assert refused.status_code == 422
        assert not (memory / "out").exists()
        assert browser.post("/evidence/write", **fields, word="readable").status_code == 200
    assert (memory / "out" / "report.pdf").exists()


def test_a_wrong_key_of_the_receiver_is_told_in_the_form_with_what_was_ticked(desk: Desk) -> None:
    short_id = a_tip(desk, files=[])
    with open_desk(desk.home) as browser:
        second = ticks(browser.page(f"/evidence?tips={short_id}"), "passage")[1]
        fields = {"tips": short_id, "passage": second, "receiver": "X", "to": "age1notakey"}
        told = browser.post("/evidence/preview", **fields)
    assert told.status_code == 422
    assert "the key of the receiver is not one of age" in told.text
    assert f'value="{second}" checked' in told.text


def test_all_lines_of_one_message_are_ticked_at_once_and_other_ticks_stay(desk: Desk) -> None:
    fields = [("text", "one\n\ntwo\nthree"), ("other", "four")]
    (short_id,) = desk.take_in(desk.server.seal(fields=fields))
    with open_desk(desk.home) as opened:
        page = opened.page(f"/evidence?tips={short_id}")
        assert f'name="all" value="{short_id}:message"' in page
        every = ticks(page, "passage")
        ticked = {"tips": short_id, "passage": every[3], "receiver": "Office", "all": f"{short_id}:message"}
        preview = opened.post("/evidence/preview", **ticked).text
        form = opened.post("/evidence", **ticked).text
    assert set(re.findall(r'name="passage" value="([^"]*)"', preview)) == set(every)
    assert re.findall(r'name="passage" value="([^"]*)" checked', form) == every
    assert 'value="Office"' in form


def test_no_file_leaves_in_place_of_one_that_was_ticked_and_deleted_in_another_tab(
    desk: Desk, receiver: Receiver
) -> None:
    files = [(f"f{n}.txt", "text/plain", b"content %d" % n) for n in (1, 2, 3)]
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "hello")], files=files))
    numbered = (desk.do("evidence", desk.home, short_id), desk.err)[1]
    code = numbered.partition("--code ")[2].split()[0]
    out = receiver.folder / "got"
    with open_desk(desk.home) as browser:
        every = ticks(browser.page(f"/evidence?tips={short_id}"), "file")
        form = {"tips": short_id, "receiver": "Office", "to": receiver.key, "names": "yes"}
        shown = [hidden_fields(browser.post("/evidence/preview", **form, file=tick).text) for tick in every[:2]]
        assert browser.delete(f"/tip/{short_id}/delete?what={browser.parts(short_id)[0]}", because="junk")
        gone = browser.post("/evidence/write", **shown[0], folder=str(out))
        assert gone.status_code == 422
        assert "something that you ticked is no longer here" in gone.text
        assert not ticks(gone.text, "file")
        assert "f2.txt" not in gone.text
        assert browser.post("/evidence/preview", **form, file=every[0]).status_code == 422
        assert not out.exists()
        # The file that was ticked and shown is the one that leaves, although its number is another now.
        done = browser.post("/evidence/write", **shown[1], folder=str(out))
        assert done.status_code == 200, seen(done.text)
    (out / "key.txt").write_text(receiver.identity)
    assert receiver.follow(out / "README.txt").returncode == 0
    left = [one.read_bytes() for one in (out / "evidence").rglob("*") if one.parent.name == "files"]
    assert left == [b"content 2"]
    options = ("--files", "1", "--for", "Office", "--to", receiver.key, "--out", receiver.folder / "late")
    assert desk.run("evidence", desk.home, short_id, *options, "--code", code) == 1
    assert "this has changed since it was shown" in desk.err
