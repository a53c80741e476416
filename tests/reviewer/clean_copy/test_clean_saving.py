"""``save --without-traces``: what staff hand on holds no trace, and what came stays as it came."""

import json
from pathlib import Path

import pytest

from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_sealed_files import container, taken_in
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk_stage import Desk

PHOTOS = [(name, "image/jpeg", make()) for name, (make, _words) in photos.MADE.items()]
TWO_PHOTOS = [PHOTOS[0], PHOTOS[-1]]
"""Two of them, for tests in which the kind of picture makes no difference: each copy takes five processes."""
FILM = ("clip.mp4", "video/mp4", b"\0\0\0\x18ftypmp42" + bytes(200))
LETTER = ("letter.pdf", "application/pdf", b"%PDF-1.7 /Author (someone)")
OFFICE = ("list.xlsx", "application/zip", photos.archive())
CUT = ("cut.jpg", "image/jpeg", photos.jpeg()[:700])
BOMB = ("large.png", "image/png", photos.bomb())
UNKNOWN = ("notes", "", b"What I saw.")
NO_PICTURES = [FILM, LETTER, OFFICE, CUT, BOMB, UNKNOWN]


def saved(desk: Desk, short_id: str, *options: str) -> dict[str, bytes]:
    """The folder that was written, by name."""
    folder = desk.folder / "case"
    desk.do("save", desk.home, short_id, "--on-disk", "--to", folder, "--without-traces", *options)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def everything_beside(desk: Desk) -> list[Path]:
    return sorted(path for path in desk.folder.iterdir() if path != desk.home)


def test_clean_copies_hold_no_trace_and_no_name_and_a_plain_save_holds_all(desk: Desk) -> None:
    files = [(name, "image/jpeg", make()) for name, (make, _words) in photos.ALL_TRACES.items()]
    (short_id,) = desk.take_in(desk.server.seal(files=files, mailbox=a_mailbox()))
    desk.do("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "as-it-came")
    for name, (_make, words) in photos.ALL_TRACES.items():
        assert photos.words_in((desk.folder / "as-it-came" / name).read_bytes()) == set(words)

    copies = saved(desk, short_id)
    assert sorted(copies) == sorted(
        f"picture-{number}.{'jpg' if name.endswith('jpg') else 'png'}"
        for number, name in enumerate(photos.ALL_TRACES, 1)
    )
    for content in copies.values():
        assert not photos.words_in(content)
    assert (desk.folder / "case").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (desk.folder / "case").iterdir()} == {0o600}


def test_each_copy_is_told_with_the_kinds_that_were_taken_off_and_never_a_value(desk: Desk) -> None:
    plain = ("plain.png", "image/png", photos.encoded(photos.board(), "PNG"))
    (short_id,) = desk.take_in(desk.server.seal(files=[("holiday.jpg", "", photos.jpeg()), plain]))
    saved(desk, short_id)
    first, second, last = desk.out.splitlines()
    assert first == (
        "picture-1.jpg  (sent as holiday.jpg)  taken off: place, time, device or program, owner or author,"
        " comments, small second picture, colour profile, other notes"
    )
    assert second == "picture-2.png  (sent as plain.png)  taken off: nothing was recognised"
    assert last.endswith("2 clean copies; look at each, since what it shows is still in it")
    assert b"TRACE" not in desk.out.encode() + desk.err.encode()


def test_the_original_stays_as_it_came(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=TWO_PHOTOS))
    before = desk.show(short_id)
    saved(desk, short_id)
    assert desk.show(short_id) == before
    desk.do("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "again")
    for name, _type, content in TWO_PHOTOS:
        assert (desk.folder / "again" / name).read_bytes() == content


def test_what_cannot_be_promised_is_refused_by_name_and_nothing_is_written(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[PHOTOS[0], *NO_PICTURES]))
    before = everything_beside(desk)
    code = desk.run("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case", "--without-traces")
    assert code == 1
    assert desk.out == ""
    for name, reason in {
        "clip.mp4": "it is a video",
        "letter.pdf": "it is a PDF",
        "list.xlsx": "it is an office document, a program or an archive",
        "cut.jpg": "it is damaged, cut off, or no real picture",
        "large.png": "it has more than 120 million pixels",
        "notes": "it is none of JPEG, PNG, WebP and GIF",
    }.items():
        assert f"tipline-review: refused: {name}: {reason}\n" in desk.err
    assert "6 of 7 files" in desk.err
    assert "hint: with --leave-out, clean copies of the others (1) would be written" in desk.err
    assert "hint: show such a file on a machine that holds nothing else" in desk.err
    assert everything_beside(desk) == before, "also nothing half written under a hidden name"
    assert "save clean copies" not in {line["act"] for line in desk.json("log", "show", desk.home)}


def test_told_to_it_leaves_them_out_by_name_and_writes_the_others(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[FILM, PHOTOS[0], CUT, PHOTOS[2]]))
    assert sorted(saved(desk, short_id, "--leave-out")) == ["picture-1.jpg", "picture-2.png"]
    assert "left out: clip.mp4: it is a video" in desk.err
    assert "left out: cut.jpg: it is damaged" in desk.err
    assert "picture-1.jpg  (sent as photo.jpg)" in desk.out
    assert "picture-2.png  (sent as photo.png)" in desk.out


@pytest.mark.parametrize("files", [[], NO_PICTURES])
def test_where_there_is_no_picture_nothing_is_written_whatever_is_asked(
    desk: Desk, files: list[tuple[str, str, bytes]]
) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=files))
    before = everything_beside(desk)
    options = ("--without-traces", "--leave-out")
    assert desk.run("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case", *options) == 1
    assert "would be written" not in desk.err
    assert everything_beside(desk) == before


def test_leaving_out_without_clean_copies_is_wrong_usage(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[UNKNOWN]))
    assert desk.run("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case", "--leave-out") == 2
    assert not (desk.folder / "case").exists()


def test_no_word_of_the_message_or_of_staff_is_in_that_folder(desk: Desk) -> None:
    (short_id,) = desk.take_in(
        desk.server.seal(fields=[("text", "TRACE-message")], files=TWO_PHOTOS, mailbox=a_mailbox())
    )
    answer = desk.folder / "answer"
    answer.write_text("TRACE-answer", encoding="ascii")
    desk.do("reply", desk.home, short_id, "--text-file", answer, "--confirm-contents")
    assert not [name for name, content in saved(desk, short_id).items() if b"TRACE" in content]


def test_a_photo_that_begins_at_the_end_of_a_piece_is_known_as_one(desk: Desk) -> None:
    before = ("before.png", "", photos.png() + bytes((1 << 20) - len(photos.png()) - 3))
    (short_id,) = desk.take_in(desk.server.seal(files=[before, ("photo.webp", "", photos.webp())]))
    assert len(saved(desk, short_id)) == 2


def test_photos_that_their_source_had_sealed_are_copied_too(desk: Desk) -> None:
    sealed = container(desk, files=[("inside.jpg", "image/jpeg", photos.jpeg())])
    short_id = taken_in(desk, sealed, mailbox=False)
    assert list(saved(desk, short_id)) == ["picture-1.jpg"]
    assert "sent as inside.jpg" in desk.out


def test_a_sealed_file_that_did_not_open_is_refused_as_such(desk: Desk) -> None:
    short_id = taken_in(desk, b"age-encryption.org/v1\n" + bytes(200), mailbox=False)
    assert desk.run("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case", "--without-traces") == 1
    assert "refused: sealed-0.age: it is sealed, and was not opened here" in desk.err


def test_a_hostile_name_moves_no_terminal_and_no_file(desk: Desk) -> None:
    names = ["../../../etc/passwd", "\x1b[2J\u202egpj.exe\n"]
    files = [(name, "", photos.jpeg()) for name in names] + [("\x1b[31mfilm", "", FILM[2]), ("", "", b"")]
    (short_id,) = desk.take_in(desk.server.seal(files=files))
    assert sorted(saved(desk, short_id, "--leave-out")) == ["picture-1.jpg", "picture-2.jpg"]
    assert not set(desk.out + desk.err) & {"\x1b", "\u202e"}
    assert "left out: a file without a name: it is empty" in desk.err
    assert len(desk.out.splitlines()) == 3


def test_nothing_is_overwritten_and_what_was_changed_in_the_casebook_is_not_handed_on(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=TWO_PHOTOS))
    case = desk.folder / "case"
    case.mkdir()
    (case / "mine").touch()
    assert desk.run("save", desk.home, short_id, "--on-disk", "--to", case, "--without-traces") == 1
    assert "is not empty" in desk.err
    desk.tamper("UPDATE files SET sha256 = zeroblob(32)")
    assert (
        desk.run(
            "save",
            desk.home,
            short_id,
            "--on-disk",
            "--to",
            desk.folder / "other",
            "--without-traces",
            "--leave-out",
        )
        == 1
    )
    assert "not what was taken in" in desk.err
    assert not (desk.folder / "other").exists()
    assert not list(desk.folder.glob(".*.part"))


def test_the_line_in_the_log_comes_before_the_folder_and_tells_no_name(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("secret.jpg", "", photos.jpeg())]))
    saved(desk, short_id)
    lines = desk.json("log", "show", desk.home)
    assert [line["subject"] for line in lines if line["act"] == "save clean copies"] == [short_id]
    assert "secret" not in json.dumps(lines)
    desk.tamper("CREATE TRIGGER no_room BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'full'); END")
    before = everything_beside(desk)
    assert desk.run("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "more", "--without-traces") == 1
    assert desk.out == ""
    assert everything_beside(desk) == before
