"""Reading a tip: everything is there, nothing of it runs, renames or overwrites anything here."""

import hashlib
import json

import pytest

from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk

HOSTILE_FILES = [
    ("доклад.pdf", "application/pdf", b"%PDF-1.7 /JavaScript (app.alert(1))"),
    ("../../etc/passwd", "text/plain", b"root"),
    ("invoice\u202egpj.exe", "image/jpeg\x1b[31m", b"MZ"),
    ("a\x00b", "", b"nul"),
    ("contents.json", "application/json", b"{}"),
    ("CONTENTS.JSON", "application/json", b"[]"),
    ("message.txt", "text/plain", b"not the message"),
    ("CON", "text/plain", b""),
    ("x" * 300, "text/plain", b"long"),
    ("", "", b"no name"),
]


def test_show_names_every_file_with_size_and_digest(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=HOSTILE_FILES, mailbox=a_mailbox()))
    shown = desk.show(short_id)
    assert [(one["name"], one["bytes"], one["sha256"]) for one in shown["files"]] == [
        (name, len(content), hashlib.sha256(content).hexdigest()) for name, _type, content in HOSTILE_FILES
    ]
    assert shown["fields"] == [{"name": "text", "value": "What I saw."}]
    assert shown["kind"] == "submission"


def test_nothing_that_a_terminal_obeys_is_ever_printed(desk: Desk) -> None:
    text = "\x1b]0;owned\x07\x1b[2J\u202eevil\r\x9b0m" + "y" * (200 * 1024)
    fields = [("text", text), ("name\x1b[31m", "\x1b[5m")]
    (short_id,) = desk.take_in(desk.server.seal(fields=fields, files=HOSTILE_FILES))
    printed = [
        desk.do("list", desk.home),
        desk.do("show", desk.home, short_id),
        desk.do("list", desk.home, "--json"),
        desk.do("show", desk.home, short_id, "--json"),
        desk.do("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case"),
    ]
    for output in printed:
        assert not set(output) & {"\x1b", "\x07", "\x9b", "\r", "\u202e", "\x00"}
    assert max(len(line) for line in printed[1].splitlines()) <= 120


def test_saved_files_have_harmless_names_and_the_listing_has_their_own(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=HOSTILE_FILES))
    case = desk.folder / "case"
    desk.do("save", desk.home, short_id, "--on-disk", "--to", case)
    listing = json.loads((case / "contents.json").read_text(encoding="ascii"))
    assert [one["name"] for one in listing["files"]] == [name for name, _type, _content in HOSTILE_FILES]
    for name, (_sent, _type, content) in zip(listing["saved_as"], HOSTILE_FILES, strict=True):
        assert (case / name).read_bytes() == content
        assert (case / name).stat().st_mode & 0o777 == 0o600
    assert listing["saved_as"][0] == "доклад.pdf.untrusted"
    assert (case / "message.txt").read_text(encoding="utf-8") == "What I saw."
    assert len(list(case.iterdir())) == len(HOSTILE_FILES) + 3
    assert case.stat().st_mode & 0o777 == 0o700


def test_save_overwrites_nothing(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a", "b", b"c")]))
    case = desk.folder / "case"
    case.mkdir()
    (case / "mine").write_text("mine", encoding="utf-8")
    assert desk.run("save", desk.home, short_id, "--on-disk", "--to", case) == 1
    assert "not empty" in desk.err
    assert [path.name for path in case.iterdir()] == ["mine"]


def test_the_folder_one_stands_in_is_written_when_it_is_empty_and_the_root_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (short_id,) = desk.take_in(desk.server.seal())
    case = desk.folder / "case"
    case.mkdir()
    monkeypatch.chdir(case)
    desk.do("save", desk.home, short_id, "--on-disk", "--to", ".")
    assert (case / "message.txt").exists()
    assert desk.run("save", desk.home, short_id, "--on-disk", "--to", "/") == 1
    assert "/ is not empty" in desk.err


def test_a_changed_piece_is_found_and_leaves_no_half_written_folder(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a", "b", bytes(200_000))]))
    contents = desk.home / "contents.db"
    raw = bytearray(contents.read_bytes())
    raw[-100_000] ^= 1
    contents.write_bytes(raw)
    assert desk.run("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case") == 1
    assert "changed" in desk.err
    assert not (desk.folder / "case").exists()
    assert not [path for path in desk.folder.iterdir() if path.name.endswith(".part")]


def test_a_casebook_that_was_changed_gives_out_neither_file_nor_envelope(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a", "b", b"as it came")]))
    desk.tamper("UPDATE files SET sha256 = zeroblob(32)")
    assert desk.run("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case") == 1
    assert "not what was taken in" in desk.err
    assert not (desk.folder / "case").exists()
    desk.tamper("UPDATE fields SET value = 'What I never saw.'")
    assert desk.run("raw", desk.home, short_id, "--out", desk.folder / "raw.age") == 1
    assert "not what was taken in" in desk.err
    assert not (desk.folder / "raw.age").exists()


def test_the_raw_envelope_is_the_one_that_came(desk: Desk) -> None:
    envelope = desk.server.seal(
        fields=[("text", "first"), ("text", "second")], files=HOSTILE_FILES, mailbox=a_mailbox()
    )
    (short_id,) = desk.take_in(envelope)
    desk.do("raw", desk.home, short_id, "--out", desk.folder / "raw.age")
    assert (desk.folder / "raw.age").read_bytes() == envelope


def test_the_printed_identity_opens_the_raw_envelope(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a", "b", b"inside the container")]))
    desk.do("raw", desk.home, short_id, "--out", desk.folder / "raw.age")
    identity = desk.do("keys", "identity", desk.home, "--week", desk.show(short_id)["week"])
    assert "THIS IS THE PRIVATE KEY" in desk.err
    (desk.folder / "identity.txt").write_text(f"# a note\n{identity}", encoding="ascii")
    opened = desk.pipe("open-age", "--identity", desk.folder / "identity.txt", source=desk.folder / "raw.age")
    assert b"inside the container" in opened


def test_no_key_means_that_nothing_is_printed(desk: Desk) -> None:
    assert desk.run("keys", "identity", desk.home, "--week", "2020-W01") == 1
    assert desk.out == ""
    assert "no key named intake-2020-W01" in desk.err


@pytest.mark.parametrize("untrusted_id", ["", "abc", "zzzz", "00000000", "'; drop table", "a" * 65])
def test_an_id_that_names_nothing_is_refused(desk: Desk, untrusted_id: str) -> None:
    desk.take_in(desk.server.seal())
    assert desk.run("show", desk.home, untrusted_id) == 1
    assert desk.out == ""


def test_an_id_may_be_as_long_as_one_likes(desk: Desk) -> None:
    envelope = desk.server.seal()
    desk.take_in(envelope)
    digest = hashlib.sha256(envelope).hexdigest()
    assert {desk.show(digest[:length])["envelope_sha256"] for length in (4, 12, 64)} == {digest}


def test_the_files_on_disk_show_neither_text_nor_names_nor_bytes(desk: Desk) -> None:
    canary = "canary-7f1c9e"
    desk.take_in(
        desk.server.seal(
            fields=[("text", f"{canary}-text")],
            files=[(f"{canary}-name", f"{canary}-type", f"{canary}-bytes".encode() * 20_000)],
        )
    )
    for path in desk.home.rglob("*"):
        if path.is_file():
            assert canary.encode() not in path.read_bytes(), path


def test_contents_on_disk_have_the_length_of_a_size_class(desk: Desk) -> None:
    desk.take_in(desk.server.seal(files=[("a", "b", bytes(1))]))
    one = (desk.home / "contents.db").stat().st_size
    desk.take_in(desk.server.seal(files=[("a", "b", bytes(60_000))], submission_id=bytes(16)))
    two = (desk.home / "contents.db").stat().st_size
    desk.take_in(desk.server.seal(files=[("a", "b", bytes(30_000))], submission_id=bytes(range(1, 17))))
    assert two - one == (desk.home / "contents.db").stat().st_size - two
