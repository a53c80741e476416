"""Evidence packages at the desk: the same deed as the command, with a preview before it."""

import re
from pathlib import Path

from tests.reviewer.desk.open_desk import open_desk, seen
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
        form = seen(browser.page(f"/evidence?tips={short_id}"))
        assert "Traces: place, time, device or program" in form
        assert "its kind is not known" in form
        fields = {
            "tips": short_id,
            "passage": f"{short_id}:1",
            "file": f"{short_id}:1",
            "receiver": "Prosecutor, file 12",
            "to": receiver.key,
        }
        shown = browser.post("/evidence/preview", **fields)
        assert shown.status_code == 200
        assert "They keep our passports." in shown.text
        assert "Amaranth" not in shown.text
        assert not out.exists()
        done = browser.post("/evidence/write", **fields, folder=str(out))
        assert done.status_code == 200, seen(done.text)
        assert "Prosecutor, file 12" in browser.page("/left")
        assert "Parts of this conversation have left this desk" in browser.page(f"/tip/{short_id}")
    (out / "key.txt").write_text(receiver.identity)
    assert receiver.follow(out / "README.txt").returncode == 0
    verified = receiver.follow(out / "evidence" / "README.txt")
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout.split()[0] in seen(done.text).replace(" ", "")


def test_a_package_without_a_key_is_written_only_after_the_typed_word(desk: Desk, memory: Path) -> None:
    short_id = a_tip(desk)
    fields = {"tips": short_id, "passage": f"{short_id}:1", "receiver": "X", "folder": str(memory / "out")}
    with open_desk(desk.home) as browser:
        refused = browser.post("/evidence/write", **fields, word="yes")
        assert refused.status_code == 422
        assert not (memory / "out").exists()
        assert browser.post("/evidence/write", **fields, word="readable").status_code == 200
    assert (memory / "out" / "report.pdf").exists()


def test_a_wrong_key_of_the_receiver_is_told_in_the_form_with_what_was_ticked(desk: Desk) -> None:
    short_id = a_tip(desk)
    fields = {"tips": short_id, "passage": f"{short_id}:2", "receiver": "X", "to": "age1notakey"}
    with open_desk(desk.home) as browser:
        told = browser.post("/evidence/preview", **fields)
    assert told.status_code == 422
    assert "the key of the receiver is not one of age" in told.text
    assert f'value="{short_id}:2" checked' in told.text


def test_all_lines_of_one_message_are_ticked_at_once_and_other_ticks_stay(desk: Desk) -> None:
    fields = [("text", "one\n\ntwo\nthree"), ("other", "four")]
    (short_id,) = desk.take_in(desk.server.seal(fields=fields))
    ticked = {"tips": short_id, "passage": f"{short_id}:4", "receiver": "Office", "all": f"{short_id}:message"}
    with open_desk(desk.home) as opened:
        assert f'name="all" value="{short_id}:message"' in opened.page(f"/evidence?tips={short_id}")
        preview = opened.post("/evidence/preview", **ticked).text
        form = opened.post("/evidence", **ticked).text
    assert set(re.findall(r'name="passage" value="[0-9a-f]{12}:([0-9]+)"', preview)) == {"1", "2", "3", "4"}
    assert re.findall(r'name="passage" value="[0-9a-f]{12}:([0-9]+)" checked', form) == ["1", "2", "3", "4"]
    assert 'value="Office"' in form
