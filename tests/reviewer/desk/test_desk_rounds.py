"""Rounds at the desk: what lies on media is offered, and a week is finished without a terminal."""

import os
import re
from html import unescape
from pathlib import Path

import pytest

from reviewer.media.media_search import MOST_LOOKED_AT, find_on_media
from reviewer.media.mounted import media, writable_media
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk.open_desk import OpenDesk, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.test_hand_over import other
from tests.reviewer.weeks import close_week, first_week

__all__ = ["other"]

KINDS = {"bundles": b"TIPLINF\x1a", "shared": b"TIPLINS\x1a"}


def offered(page: str, action: str) -> list[str]:
    """The paths that one form offers, in their order."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    return [unescape(value) for value in re.findall(r'name="place" value="([^"]+)"', form)]


def chosen(page: str, action: str) -> str:
    """The path that one form would send if nothing else is pressed."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    (value,) = re.findall(r'name="place" value="([^"]+)" checked', form)
    return unescape(value)


def test_what_begins_as_ours_is_found_on_a_medium_and_nothing_else_is_opened(tmp_path: Path) -> None:
    deep = tmp_path / "from the courier" / "november"
    deep.mkdir(parents=True)
    bundles = deep / "tips\u202e.bundles"
    bundles.write_bytes(KINDS["bundles"] + bytes(5_000))
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8" + KINDS["bundles"])
    (tmp_path / "empty").touch()
    (tmp_path / "link").symlink_to(bundles)
    (tmp_path / "folder").symlink_to(deep)
    (tmp_path / ".Trash-1000").mkdir()
    (tmp_path / ".Trash-1000" / "old").write_bytes(KINDS["bundles"])
    (tmp_path / "two\nlines").write_bytes(KINDS["bundles"])
    (tmp_path / os.fsdecode(b"no-letters-\xff")).write_bytes(KINDS["bundles"])
    os.mkfifo(tmp_path / "pipe")
    (deep / "deeper").mkdir()
    (deep / "deeper" / "tips").write_bytes(KINDS["bundles"])
    (tmp_path / "twin").mkdir()
    (tmp_path / "twin" / "twin.id").touch()
    found = find_on_media([tmp_path, tmp_path / "missing"], beginnings=KINDS, marks={"twin": "twin.id"})
    assert [one.path for one in found["bundles"]] == [bundles]
    assert found["bundles"][0].length_bytes == 5_008
    assert found["shared"] == []
    assert [one.path for one in found["twin"]] == [tmp_path / "twin"]


def test_a_medium_with_more_files_than_the_limit_is_searched_up_to_it(tmp_path: Path) -> None:
    for number in range(MOST_LOOKED_AT + 50):
        (tmp_path / f"{number:05}").touch()
    for name in ("00000", f"{MOST_LOOKED_AT + 49:05}"):
        (tmp_path / name).write_bytes(KINDS["bundles"])
    assert len(find_on_media([tmp_path], beginnings=KINDS)["bundles"]) <= 2
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "tips").write_bytes(KINDS["bundles"])
    assert all(one.path.parent == tmp_path for one in find_on_media([tmp_path], beginnings=KINDS)["bundles"])


def test_media_are_what_the_kernel_lists_below_the_folders_for_them(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "2 1 8:17 / /media/reader/my\\040stick rw - vfat /dev/sdb1 rw\n"
        "3 1 8:33 / /run/media/reader/locked ro - vfat /dev/sdc1 ro\n"
        "4 1 0:9 / /media/memory rw - tmpfs tmpfs rw\n"
        "5 1 8:49 / /srv rw - ext4 /dev/sdd1 rw\n"
    )
    stick, locked = Path("/media/reader/my stick"), Path("/run/media/reader/locked")
    assert [one.place for one in media(table)] == [stick, locked]
    assert writable_media(table) == [stick]


def test_the_folder_of_the_last_time_is_remembered_and_a_file_in_it_is_offered(desk: Desk, tmp_path: Path) -> None:
    stick, backups = tmp_path / "stick", tmp_path / "backups"
    for folder in (stick, backups):
        folder.mkdir()
    desk.write(desk.server.submissions(desk.server.seal(mailbox=a_mailbox()))).rename(stick / "tips.bundles")
    with open_desk(desk.home) as opened:
        page = opened.page("/rounds")
        assert "Nothing was found on a medium" in seen(page)
        opened.post("/rounds/import", file=str(stick / "tips.bundles"))
        opened.post("/rounds/backup", file=str(backups / "first.age"))
        opened.post("/rounds/outbox", file=str(stick / "outbox.bundles"))
    with open_desk(desk.home) as opened:
        page = opened.page("/rounds")
        # The outbox begins as a file of bundles too, and is for the server.
        assert offered(page, "/rounds/import") == [str(stick / "tips.bundles")]
        assert chosen(page, "/rounds/import") == str(stick / "tips.bundles")
        assert chosen(page, "/rounds/backup") == str(backups / "casebook.age")
        assert chosen(page, "/rounds/outbox") == str(stick / "outbox.bundles")
        assert "takes the place of the file of" in seen(page)
        told = seen(opened.post("/rounds/backup", place=str(backups / "casebook.age"), file="").text)
        assert f"The backup: {backups}" not in told
        assert (backups / "casebook.age").exists()
        answer = opened.post("/rounds/outbox", place=str(backups / "casebook.age"), file="")
        assert answer.status_code == 422
        assert "is there, and is no outbox" in seen(answer.text)


def test_what_is_typed_goes_before_what_was_found(desk: Desk, tmp_path: Path) -> None:
    with open_desk(desk.home) as opened:
        opened.post("/rounds/backup", place=str(tmp_path / "a.age"), file=str(tmp_path / "b.age"))
    assert [path.name for path in tmp_path.glob("*.age")] == ["b.age"]


def test_a_hostile_name_on_a_medium_is_only_text(desk: Desk, tmp_path: Path) -> None:
    name = '"><script>x</script>\u202etxt.exe'.replace("/", "")
    folder = tmp_path / "stick"
    folder.mkdir()
    desk.write(desk.server.submissions(desk.server.seal())).rename(folder / name)
    with open_desk(desk.home) as opened:
        opened.post("/rounds/import", file=str(folder / name))
        page = opened.page("/rounds")
        assert "<script" not in page
        assert "U+202E" in page
        assert offered(page, "/rounds/import") == [str(folder / name)]
        assert opened.post("/rounds/import", place=offered(page, "/rounds/import")[0]).status_code == 200


def test_a_server_is_confirmed_with_the_digits_from_the_telephone_and_no_page_shows_them(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    desk.server.last = None  # it was restored
    file = desk.write(desk.server.submissions(desk.server.seal(submission_id=bytes(16))))
    assert desk.server.last is not None
    digits = desk.server.last.stream.hex()
    with open_desk(desk.home) as opened:
        refused = opened.post("/rounds/import", file=str(file))
        assert refused.status_code == 422
        assert digits not in refused.text
        assert "telephone the operator" in seen(refused.text)
        (mark,) = re.findall(r'name="seen" value="([0-9a-f]{64})"', refused.text)

        def confirm(server: str, typed: str) -> str:
            return seen(opened.post("/rounds/confirm", server=server, digits=typed, seen=mark).text)

        assert "must have 32 hex digits" in confirm("server", digits[:-1])
        assert "must have 32 hex digits" in confirm("server", "what they said")
        assert "not the digits of the file" in confirm("server", "0" * 32)
        assert "no server of this name" in confirm("another", digits)
        assert opened.post("/rounds/import", file=str(file)).status_code == 422
        assert "taken in from its new stream" in confirm("server", f"{digits[:16]} {digits[16:].upper()}")
        assert "1 new submissions" in seen(opened.post("/rounds/import", file=str(file)).text)
    assert f"server {digits}" in desk.do("log", "show", desk.home)


def test_97_a_week_is_finished_at_the_desk(desk: Desk) -> None:
    """Import, answer, backup, outbox, confirm and retire: after keys are issued, no command is needed."""
    stick, backups, twin = (desk.folder / name for name in ("stick", "backups", "twin"))
    for folder in (stick, backups):
        folder.mkdir()
    desk.issue("--twin", twin)
    week = first_week(desk)
    bundle = desk.write(desk.server.submissions(desk.server.seal(mailbox=a_mailbox())))
    bundle.rename(stick / "tips.bundles")
    with open_desk(desk.home) as opened:
        assert "1 new submissions" in seen(opened.post("/rounds/import", file=str(stick / "tips.bundles")).text)
        (short_id,) = re.findall(r'href="/tip/([0-9a-f]{12})', opened.page("/"))
        opened.answer(short_id, "We read it.")
        page = seen(opened.page(f"/rounds/retire?week={week}"))
        assert "has not signed that week" in page
        assert "Destroy the keys" not in page
    close_week(desk, week)
    with open_desk(desk.home) as opened:
        page = seen(opened.page(f"/rounds/retire?week={week}"))
        assert "1 envelopes of week" in page
        assert "in no casebook backup" in page
        assert opened.post("/rounds/retire", week=str(week), twin=str(twin)).status_code == 422
        assert "1 submissions are in the backup" in seen(
            opened.post("/rounds/backup", file=f"{backups}/a.age").text
        )
        assert "The outbox is written" in seen(opened.post("/rounds/outbox", file=f"{stick}/outbox.bundles").text)
        assert f"Week {week} , 1 envelopes" in seen(opened.page("/rounds"))
        _retire(opened, desk, str(week), twin)
    kinds = [kind.name for kind, _payload in desk.server.take_outbox((stick / "outbox.bundles").read_bytes())]
    assert kinds.count("REPLY") == 32
    assert "RECEIPT" in kinds
    acts = [line for line in desk.do("log", "show", desk.home).splitlines() if "keys retired" in line]
    assert len(acts) == 1


def _retire(opened: OpenDesk, desk: Desk, week: str, twin: Path) -> None:
    """The first press shows, the second destroys; without the twin medium nothing goes."""
    page = seen(opened.page(f"/rounds/retire?week={week}"))
    assert "What is missing" not in page
    assert "1 envelopes of this week are here" in page
    refused = opened.post("/rounds/retire", week=week)
    assert refused.status_code == 422
    assert "the twin medium, which holds these keys too" in seen(refused.text)
    assert (desk.home / "keys" / f"intake-{week}.key").exists()
    told = seen(opened.post("/rounds/retire", week=week, twin=str(twin)).text)
    assert f"Destroyed: intake-{week}" in told
    assert "none opens what is sealed to these weeks" in told
    for folder in (desk.home, twin):
        assert not (folder / "keys" / f"intake-{week}.key").exists()
    assert week not in opened.page("/rounds")
    again = opened.post("/rounds/retire", week=week, twin=str(twin))
    assert again.status_code == 422
    assert f"no key of week {week} is here" in seen(again.text)


def test_what_could_not_be_opened_is_given_up_with_a_tick(desk: Desk) -> None:
    week = first_week(desk)
    envelope = bytearray(desk.server.seal())
    envelope[-1] ^= 1
    desk.do("import", desk.home, desk.write(desk.server.submissions(bytes(envelope))))
    close_week(desk, week)
    desk.backup()
    with open_desk(desk.home) as opened:
        page = seen(opened.page(f"/rounds/retire?week={week}"))
        assert "1 envelopes of week" in page
        assert "could not be opened" in page
        assert "--give-up" not in page
        assert opened.post("/rounds/retire", week=str(week)).status_code == 422
        told = opened.post("/rounds/retire", week=str(week), give_up_unopenable="on").text
        assert f"Destroyed: intake-{week}" in seen(told)
    assert desk.run("keys", "identity", desk.home, "--week", str(week)) == 1


@pytest.mark.parametrize("week", ["", "2026", "2026-W99", "<script>"])
def test_what_is_no_week_is_refused(desk: Desk, week: str) -> None:
    with open_desk(desk.home) as opened:
        assert opened.get(f"/rounds/retire?week={week}").status_code == 422
        assert opened.post("/rounds/retire", week=week).status_code == 422


def test_a_file_for_colleagues_is_offered_and_not_the_one_that_was_written_here(
    desk: Desk, second: Colleague, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    second.do("share", "write", second.home, stick / "of second")
    with open_desk(desk.home) as opened:
        opened.post("/rounds/share-read", file=str(stick / "of second"))
        opened.post("/rounds/share-write", file=str(stick / "for-colleagues"))
        assert offered(opened.page("/rounds"), "/rounds/share-read") == [str(stick / "of second")]
        assert chosen(opened.page("/rounds"), "/rounds/share-write") == str(stick / "for-colleagues")


def test_an_import_says_how_many_files_went_into_quarantine(desk: Desk) -> None:
    content = b"known before"
    (first,) = desk.take_in(desk.server.seal(files=[("a.bin", "", content)]))
    assert "quarantine" not in desk.out
    desk.do("quarantine", desk.home, first, "1")
    again = [("b.bin", "", content), ("c.txt", "text/plain", b"another")]
    desk.take_in(desk.server.seal(files=again, submission_id=bytes(16)))
    assert "quarantine       1 files" in desk.out
    bundle = desk.server.submissions(desk.server.seal(files=again, submission_id=b"7" * 16))
    with open_desk(desk.home) as opened:
        told = seen(opened.post("/rounds/import", file=str(desk.write(bundle))).text)
    assert "1 files went into quarantine" in told


def test_a_list_of_digests_a_key_file_and_a_case_are_offered_from_the_folder_of_the_last_time(
    desk: Desk, other: Desk, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    short_id = desk.take_in(desk.server.seal(fields=[("text", "the farm")]))[0]
    digests, key, words = stick / "list.csv", stick / "theirs.key", stick / "words.txt"
    digests.write_text(f"md5;what\n{'ab' * 16};x\n", encoding="ascii")
    words.write_text("no digest in here: " + "ab" * 15, encoding="ascii")
    own_words = desk.do("hand-over", "key", desk.home).split("words")[1].split("\n")[0]
    their_words = other.do("hand-over", "key", other.home, "--out", key).split("words")[1].split("\n")[0]
    case = stick / "case.handover"
    form = {"tips": short_id, "field": f"{short_id}:1", "told": "agreed"}
    with open_desk(desk.home) as opened:
        assert offered(opened.page("/quarantine"), "/quarantine/known") == []
        assert "1 new digest" in opened.post("/quarantine/known", file=str(digests)).text
        assert offered(opened.page("/quarantine"), "/quarantine/known") == [str(digests)]
        assert "0 new digests" in opened.post("/quarantine/known", place=str(digests)).text
        page = opened.page(f"/hand-over?tips={short_id}")
        assert offered(page, "/hand-over/preview") == []
        form["field"] = re.findall(r'name="field" value="([^"]+)"', page)[0]
        assert opened.post("/hand-over/preview", **form, key_file=str(key)).status_code == 200
        assert offered(opened.page(f"/hand-over?tips={short_id}"), "/hand-over/preview") == [str(key)]
        preview = opened.post("/hand-over/preview", **form, place=str(key)).text
        assert f'name="key_file" value="{key}"' in preview
        form["code"] = re.findall(r'name="code" value="([^"]+)"', preview)[0]
        done = opened.post("/hand-over/write", **form, key_file=str(key), words=their_words, out=str(case))
        assert done.status_code == 200
    with open_desk(other.home) as opened:
        assert opened.post("/hand-over/look", file=str(case)).status_code == 200
        assert opened.post("/hand-over/read", file=str(case), words=own_words).status_code == 200
        assert offered(opened.page("/hand-over/key"), "/hand-over/look") == [str(case)]
        assert "a case is imported once" in opened.post("/hand-over/look", place=str(case)).text


def test_recovery_sheets_are_tried_at_the_desk_and_no_word_of_them_is_shown_or_kept(desk: Desk) -> None:
    pages = desk.folder / "sheets"
    desk.do("sheets", "make", desk.home, "--root", desk.root, "--need", "2", "--of", "3", "--to", pages, "--text")
    lines = [path.read_text(encoding="utf-8").splitlines() for path in sorted(pages.iterdir())]
    texts = [" ".join(line for line in some if not line.startswith("#")) for some in lines]
    words = [word for word in texts[0].split() if word.isalpha()]
    # A single word, such as "class", may stand on any page.
    first, three = words[0], " ".join(words[1:4])
    with open_desk(desk.home) as opened:
        assert 'href="/rounds/sheets"' in opened.page("/rounds")
        for typed, why in (
            ("", "holds no sheet"),
            (texts[0], "1 more"),
            (texts[0].replace(first, "zzzz", 1), "not in the list of words"),
        ):
            answer = opened.post("/rounds/sheets", sheets=typed)
            assert (answer.status_code, why in seen(answer.text)) == (422, True), seen(answer.text)
            assert three not in seen(answer.text)
        right = opened.post("/rounds/sheets", sheets=f"{texts[2]}\n\n{texts[0]}")
        assert "Sheets 1, 3 are right" in seen(right.text)
        assert three not in seen(right.text)
        opened.desk_session.lock()
        opened.post("/rounds/sheets", sheets=texts[0])
        assert not opened.desk_session.drafts
    acts = desk.json("log", "show", desk.home)
    assert [line["subject"] for line in acts if line["act"] == "recovery sheets tried"] == ["1, 3"]
