"""Evidence packages: a stranger verifies one by its README, and nothing is in it that staff did not tick."""

import datetime as dt
import hashlib
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from reviewer.home.home import open_home
from reviewer.leaving.evidence_facts import custody_of
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import open_desk
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import Receiver

MESSAGE = """They keep our passports.
My sister is called Amaranth.
الجوازات عند صاحب العمل في المبنى رقم 14.
हमारे पासपोर्ट मालिक के पास हैं।"""
PHOTO = ("IMG_Amaranth.jpg", "image/jpeg", photos.jpeg())
PROGRAM = ("list.exe", "application/octet-stream", b"MZ not a list")
FIELDS = (("text", MESSAGE), ("language", "tl"), ("urgent", "yes"))


def a_tip(desk: Desk, number: int = 1, files: Sequence[tuple[str, str, bytes]] = (PHOTO, PROGRAM)) -> str:
    """Processes look at a photo when it comes, and on each page: a test that needs none takes other files."""
    (short_id,) = desk.take_in(
        desk.server.seal(fields=FIELDS, files=files, mailbox=a_mailbox(number), submission_id=bytes([number]) * 16)
    )
    return short_id


def written(desk: Desk, out: Path, *arguments: str) -> str:
    return desk.leave("evidence", desk.home, *arguments, "--for", "Prosecutor, file 12", "--out", out)


def all_bytes(folder: Path) -> bytes:
    text = subprocess.run(["pdftotext", folder / "report.pdf", "-"], capture_output=True, check=True).stdout
    return text + b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_stranger_verifies_a_sealed_package_by_its_readme_with_real_programs(
    desk: Desk, receiver: Receiver
) -> None:
    short_id = a_tip(desk)
    told = written(
        desk, receiver.folder / "got", short_id, "--passages", "1,3-4", "--files", "all", "--to", receiver.key
    )
    got = receiver.folder / "got"
    assert sorted(path.name for path in got.iterdir()) == ["README.txt", "evidence.tar.age"]
    (got / "key.txt").write_text(receiver.identity)
    opened = receiver.follow(got / "README.txt")
    assert opened.returncode == 0, opened.stderr
    verified = receiver.follow(got / "evidence" / "README.txt")
    assert verified.returncode == 0, verified.stderr
    assert "Signature and comment signature verified" in verified.stdout
    assert verified.stdout.count(": OK") == 6
    # The digits that the stranger sees are those that staff read out.
    digits = verified.stdout.split()[0]
    assert digits in told.replace(" ", "")
    assert digits in desk.do("evidence-key", desk.home).replace(" ", "")
    files = got / "evidence" / "files"
    assert (files / "file-001.jpg").read_bytes() == PHOTO[2]
    assert (files / "file-002.untrusted").read_bytes() == PROGRAM[2]


def test_one_changed_byte_in_any_file_is_found_by_the_readme(desk: Desk, memory: Path, receiver: Receiver) -> None:
    short_id = a_tip(desk, files=[PROGRAM])
    written(desk, memory / "sound", short_id, "--passages", "1", "--files", "1", "--readable", "readable")
    assert receiver.follow(memory / "sound" / "README.txt").returncode == 0
    paths = [path.relative_to(memory / "sound") for path in (memory / "sound").rglob("*") if path.is_file()]
    assert len(paths) == 7
    for path in paths:
        changed = memory / "changed"
        shutil.copytree(memory / "sound", changed)
        content = bytearray((changed / path).read_bytes())
        content[len(content) // 2] ^= 1
        (changed / path).write_bytes(content)
        commands = memory / "sound" / "README.txt"
        shutil.copy(commands, memory / "commands.txt")
        script = [line.strip() for line in commands.read_text().splitlines() if line.startswith("    ")]
        done = subprocess.run(
            ["sh", "-c", "set -eu\n" + "\n".join(script)], cwd=changed, capture_output=True, text=True, check=False
        )
        key_digits = hashlib.sha256((memory / "sound" / "evidence.pub").read_bytes()).hexdigest()
        is_found = done.returncode != 0 or key_digits not in done.stdout
        assert is_found, f"a changed byte in {path} was not found"
        shutil.rmtree(changed)


def test_nothing_is_in_a_package_but_what_was_ticked(desk: Desk, memory: Path) -> None:
    short_id = a_tip(desk)
    desk.do("reply", desk.home, short_id, "--text-file", _file(desk, "We can meet you."))
    written(desk, memory / "out", short_id, "--passages", "1", "--files", "2", "--readable", "readable")
    content = all_bytes(memory / "out")
    assert b"They keep our passports." in content
    for hidden in (b"Amaranth", b"tl", b"We can meet you", a_mailbox().mailbox_id.to_bytes()):
        if hidden == b"tl":
            assert '"tl"' not in (memory / "out" / "manifest.json").read_text()
            continue
        assert hidden not in content, hidden
    assert a_mailbox().mailbox_id.to_bytes().hex().encode() not in content
    manifest = json.loads((memory / "out" / "manifest.json").read_text())
    (tip,) = manifest["tips"]
    assert [one["text"] for one in tip["passages"]] == ["They keep our passports."]
    assert [one["file"] for one in tip["files"]] == ["files/file-001.untrusted"]
    assert [line["act"] for line in tip["custody"]][-3:] == ["reply", "evidence preview", "evidence"]


def test_custody_has_each_line_that_names_the_tip_among_other_words(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal())
    day = dt.date(2030, 1, 1)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for act, subject in (("file deleted", f"{short_id}, ab12, junk"), ("note", f"{short_id}0 and another")):
            home.casebook.log.add(act, subject, today=day)
        custody = custody_of(home, home.casebook.submissions.find(short_id), exported=day)
    assert [line.act for line in custody][-2:] == ["file deleted", "evidence"]


def test_the_report_reads_in_arabic_and_hindi_and_names_traces_and_custody(desk: Desk, memory: Path) -> None:
    short_id = a_tip(desk)
    desk.do("show", desk.home, short_id)
    told = written(desk, memory / "out", short_id, "--passages", "all", "--files", "all", "--readable", "readable")
    report = subprocess.run(
        ["pdftotext", "-layout", memory / "out" / "report.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    for word in (
        "المبنى",
        "हमारे",
        "Prosecutor, file 12",
        "place, time, device or program",
        "this kind may hold some that are not listed",
    ):
        assert word in report, word
    words = told.split("words of the key: ")[1].strip()
    assert words in " ".join(report.split())
    assert "show" in report
    images = subprocess.run(["pdffonts", memory / "out" / "report.pdf"], capture_output=True, text=True, check=True)
    assert "NotoSansArabic" in images.stdout


def test_clean_copies_leave_in_place_of_originals_and_their_traces_are_gone(desk: Desk, memory: Path) -> None:
    short_id = a_tip(desk)
    written(desk, memory / "out", short_id, "--files", "1", "--clean", "--readable", "readable")
    assert not photos.words_in((memory / "out" / "files" / "file-001.jpg").read_bytes())
    again = ("evidence", desk.home, short_id, "--files", "all", "--clean", "--readable", "readable", "--for", "X")
    code = desk.code_of(*again, "--out", memory / "other")
    refused = desk.run(*again, "--out", memory / "other", "--code", code)
    assert refused == 1
    assert "no clean copy can be made of 1 ticked files" in desk.err
    assert not (memory / "other").exists()


def test_a_readable_package_needs_the_typed_word_and_no_disk_of_this_machine(
    desk: Desk, memory: Path, tmp_path: Path
) -> None:
    short_id = a_tip(desk, files=[])
    shown = ("--code", desk.code_of("evidence", desk.home, short_id, "--out", memory / "a"))
    lines = desk.json("log", "show", desk.home)
    for place, word, reason in (
        (memory / "a", "yes", "anyone who finds the package can read it"),
        (desk.home / "a", "readable", "never onto the disk of this machine"),
    ):
        code = desk.run("evidence", desk.home, short_id, "--for", "X", "--out", place, "--readable", word, *shown)
        assert code == 1
        assert reason in desk.err
        assert not place.exists()
    assert desk.json("log", "show", desk.home) == lines


def test_what_left_is_logged_without_content_and_listed(desk: Desk, receiver: Receiver) -> None:
    first, second = a_tip(desk, 1, []), a_tip(desk, 2, [PROGRAM])
    written(
        *(desk, receiver.folder / "got", first, second, "--to", receiver.key),
        *("--passages", f"{first}:1", "--passages", f"{second}:2", "--files", f"{second}:1"),
    )
    (line,) = [one for one in desk.json("log", "show", desk.home) if one["act"] == "evidence"]
    assert line["subject"] == f"{first} {second} for Prosecutor, file 12, {receiver.key}"
    (left,) = desk.json("left", desk.home)["left"]
    assert (left["tips"], left["passages"], left["files"]) == (sorted([first, second]), 2, 1)
    assert left["sealed_to"] == receiver.key
    assert "Prosecutor, file 12" in desk.do("left", desk.home)


def test_a_readable_package_is_a_saved_folder_until_it_is_destroyed_and_a_sealed_one_is_not(
    desk: Desk, memory: Path, receiver: Receiver
) -> None:
    first, second = a_tip(desk, 1, [PROGRAM]), a_tip(desk, 2, [])
    written(desk, receiver.folder / "got", first, "--files", "all", "--to", receiver.key)
    assert desk.json("saved", desk.home)["saved"] == []
    out = memory / "out"
    written(desk, out, first, second, "--files", f"{first}:all", "--readable", "readable")
    (one,) = desk.json("saved", desk.home)["saved"]
    assert (one["id"], one["folder"], one["kind"]) == (f"{first} {second}", str(out), "evidence package")
    assert (one["files"], one["files_there"]) == (7, 7)
    with open_desk(desk.home) as browser:
        assert "evidence package" in browser.page("/saved")
        assert browser.post(f"/saved/{one['number']}/destroy").status_code == 200
    assert not out.exists()
    assert desk.json("saved", desk.home)["saved"] == []


def test_a_restored_home_signs_with_the_same_key_and_a_new_key_keeps_the_earlier_one_known(desk: Desk) -> None:
    before = desk.json("evidence-key", desk.home)["keys"]
    backup = desk.backup()
    key = next(desk.root.glob("casebook-backup-*.key"))
    desk.do("restore", desk.folder / "restored", "--from", backup, "--identity", key)
    assert desk.json("evidence-key", desk.folder / "restored")["keys"] == before
    after = desk.json("evidence-key", desk.home, "--new")["keys"]
    assert len(after) == 2
    assert after[1]["words"] == before[0]["words"]
    assert after[0]["words"] != before[0]["words"]


def _file(desk: Desk, text: str) -> Path:
    path = desk.folder / "text"
    path.write_text(text)
    return path


def test_a_file_in_quarantine_does_not_leave_and_is_not_looked_at(desk: Desk, memory: Path) -> None:
    short_id = a_tip(desk)
    desk.do("quarantine", desk.home, short_id, "1")
    assert "it is in quarantine, and does not leave" in desk.do("evidence", desk.home, short_id)
    shown = desk.code_of("evidence", desk.home, short_id, "--out", memory / "out")
    code = desk.run(
        *("evidence", desk.home, short_id, "--files", "1", "--for", "X", "--readable", "readable"),
        *("--out", memory / "out", "--code", shown),
    )
    assert code == 1
    assert "in quarantine" in desk.err
    assert not (memory / "out").exists()
    assert desk.json("left", desk.home)["left"] == []
