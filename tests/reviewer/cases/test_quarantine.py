"""A file in quarantine is shown nowhere, accesses are counted, and the report names digest and custody."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_sealed_files import container, taken_in
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.template_rules import faults

CANARY = b"canary-of-a-picture-4be1"
OTHER = ("other.txt", "text/plain", b"another file of the same tip")


def _picture() -> bytes:
    return photos.jpeg() + CANARY * 50_000


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _listed(desk: Desk) -> dict[str, Any]:
    listed: dict[str, Any] = desk.json("quarantines", "list", desk.home)
    return listed


@pytest.fixture
def tip(desk: Desk) -> str:
    files = [OTHER, ("photo.jpg", "image/jpeg", _picture())]
    (short_id,) = desk.take_in(desk.server.seal(files=files, mailbox=a_mailbox()))
    return short_id


def test_it_is_saved_copied_and_written_nowhere_and_each_attempt_is_counted(desk: Desk, tip: str) -> None:
    case, raw = desk.folder / "case", desk.folder / "raw.age"
    desk.do("quarantine", desk.home, tip, "2")
    assert "Ask a lawyer" in desk.err
    assert "IN QUARANTINE" in desk.do("show", desk.home, tip)
    said = desk.do("save", desk.home, tip, "--on-disk", "--to", case)
    assert "photo.jpg: it is in quarantine" in desk.err
    assert "1 files" in said
    assert json.loads((case / "contents.json").read_text(encoding="ascii"))["saved_as"] == ["other.txt", None]
    assert (case / "other.txt").read_bytes() == OTHER[2]
    assert not [path for path in case.iterdir() if CANARY in path.read_bytes()]
    copies = (
        "save",
        desk.home,
        tip,
        "--on-disk",
        "--to",
        desk.folder / "copies",
        "--without-traces",
        "--leave-out",
    )
    assert desk.run(*copies) == 1
    assert "in quarantine" in desk.err
    assert desk.run("raw", desk.home, tip, "--out", raw) == 1
    assert "for an authority only" in desk.err
    assert not raw.exists()
    desk.do("raw", desk.home, tip, "--out", raw, "--for-authority")
    assert raw.exists()
    assert desk.run("raw", desk.home, tip, "--out", raw, "--for-authority") == 1
    assert "is there already" in desk.err
    (only,) = _listed(desk)["quarantines"]
    assert [(one["act"], one["permitted"]) for one in only["accesses"]] == [
        ("save", False),
        ("clean copy", False),
        ("envelope", False),
        ("envelope", True),
    ]
    assert desk.do("log", "show", desk.home).count("quarantine access") == 4


def test_the_report_names_digests_size_day_custody_and_accesses_and_nothing_of_the_file(
    desk: Desk, tip: str
) -> None:
    picture = _picture()
    desk.do("quarantine", desk.home, tip, _sha256(picture)[:10])
    desk.run("save", desk.home, tip, "--on-disk", "--to", desk.folder / "case")
    folder = desk.folder / "report"
    assert "stays sealed" in desk.leave("quarantines", "report", desk.home, _sha256(picture)[:8], "--to", folder)
    (as_json,) = folder.glob("*.json")
    (as_text,) = folder.glob("*.txt")
    report = json.loads(as_json.read_text(encoding="ascii"))
    assert report["sha256"] == _sha256(picture)
    assert report["sha1"] == hashlib.sha1(picture, usedforsecurity=False).hexdigest()
    assert report["md5"] == hashlib.md5(picture, usedforsecurity=False).hexdigest()
    assert report["bytes"] == len(picture)
    assert [(one["tip"], one["server"]) for one in report["custody"]] == [(tip, "server")]
    assert report["custody"][0]["arrived_at_server"]
    assert [(one["act"], one["permitted"], one["reviewer"]) for one in report["accesses"]] == [
        ("save", False, report["accesses_counted_by"])
    ]
    text = as_text.read_text(encoding="utf-8")
    for part in (report["sha256"], report["sha1"], report["md5"], tip, "refused  save", report["quarantined_on"]):
        assert part in text
    assert "photo.jpg" not in text
    assert "What I saw" not in text
    assert CANARY.decode() not in text
    assert _listed(desk)["quarantines"][0]["custody"] == report["custody"]


def test_under_the_rule_to_destroy_the_report_destroys_the_bytes_and_keeps_the_rest(desk: Desk, tip: str) -> None:
    desk.do("quarantine", desk.home, tip, "2")
    assert _held_in_the_casebook(desk, tip)
    assert "destroy-after-report" in desk.do("quarantines", "rule", desk.home, "destroy-after-report")
    digest = _listed(desk)["quarantines"][0]["sha256"]
    report = ("quarantines", "report", desk.home, digest, "--to", desk.folder / "report")
    assert desk.run(*report) == 1
    assert "nothing leaves in one step" in desk.err
    assert _held_in_the_casebook(desk, tip)
    assert "destroyed" in desk.leave(*report)
    assert not _held_in_the_casebook(desk, tip)
    case = desk.folder / "case"
    desk.do("save", desk.home, tip, "--on-disk", "--to", case)
    assert (case / "other.txt").read_bytes() == OTHER[2]
    (only,) = _listed(desk)["quarantines"]
    assert only["sha256"] == digest
    assert only["custody"][0]["destroyed"]
    assert desk.run("raw", desk.home, tip, "--out", desk.folder / "raw.age", "--for-authority") == 1
    desk.do("log", "verify", desk.home)


def _held_in_the_casebook(desk: Desk, tip: str) -> bool:
    """True if any piece that the casebook can open holds the canary."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        submissions, sealed_files = home.casebook.submissions, home.casebook.sealed_files
        submission = submissions.find(tip)
        contents = [b"".join(submissions.read(submission, file)) for file in submissions.stored_files(submission)]
        for sealed in sealed_files.of(submission).values():
            contents += [b"".join(sealed_files.read(sealed, file)) for file in sealed.files]
    return any(CANARY in content for content in contents)


def test_a_file_inside_of_a_sealed_one_takes_its_original_along(desk: Desk) -> None:
    picture = _picture()
    tip = taken_in(desk, container(desk, files=[("in.jpg", "", picture), OTHER]))
    desk.do("quarantine", desk.home, tip, "1.1")
    digests = {one["sha256"] for one in _listed(desk)["quarantines"]}
    assert _sha256(picture) in digests
    assert len(digests) == 2
    assert _sha256(OTHER[2]) not in digests
    desk.do("quarantines", "rule", desk.home, "destroy-after-report")
    for number, digest in enumerate(sorted(digests)):
        desk.leave("quarantines", "report", desk.home, digest, "--to", desk.folder / f"report-{number}")
    assert not _held_in_the_casebook(desk, tip)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        submission = home.casebook.submissions.find(tip)
        (sealed,) = home.casebook.sealed_files.of(submission).values()
        assert b"".join(home.casebook.sealed_files.read(sealed, sealed.files[1])) == OTHER[2]
        (outer,) = home.casebook.submissions.stored_files(submission)
        assert set(b"".join(home.casebook.submissions.read(submission, outer))) == {0}


DIGESTS: list[Callable[[bytes], str]] = [
    lambda content: hashlib.md5(content, usedforsecurity=False).hexdigest(),
    lambda content: hashlib.sha1(content, usedforsecurity=False).hexdigest().upper(),
    lambda content: f"name;sha256\nx;{_sha256(content)}",
]


@pytest.mark.parametrize("digest", DIGESTS, ids=["MD5", "SHA-1", "SHA-256 in CSV"])
def test_a_known_digest_puts_a_file_into_quarantine_at_import_and_before_it_is_read(
    desk: Desk, tip: str, digest: Callable[[bytes], str]
) -> None:
    listed = desk.folder / "list.csv"
    listed.write_text(f"# of an authority\n{digest(_picture())}\n", encoding="ascii")
    assert "1 new digests" in desk.do("known-digests", "add", desk.home, listed)
    assert "0 new digests" in desk.do("known-digests", "add", desk.home, listed)
    assert sum(desk.json("known-digests", "list", desk.home)["known_digests"].values()) == 1
    # What was here before is compared before it is read, at the latest.
    desk.do("save", desk.home, tip, "--on-disk", "--to", desk.folder / "case")
    assert not (desk.folder / "case" / "photo.jpg").exists()
    later = desk.server.seal(files=[("same.jpg", "", _picture()), OTHER], submission_id=b"2" * 16)
    (second,) = desk.take_in(later)
    (only,) = _listed(desk)["quarantines"]
    assert only["found_by"] == "known digest"
    assert [one["tip"] for one in only["custody"]] == [tip, second]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "holds no digest"),
        (b"a heading\n", "holds no digest"),
        (b"00112233445566778899aabbccddeeff\nno digest\n", "line 2 of the list holds no digest"),
        (b"x" * 5000, "more than 4096 bytes"),
    ],
)
def test_a_list_that_is_none_is_refused_and_nothing_of_it_is_added(desk: Desk, content: bytes, reason: str) -> None:
    listed = desk.folder / "list.txt"
    listed.write_bytes(content)
    assert desk.run("known-digests", "add", desk.home, listed) == 1
    assert reason in desk.err
    assert sum(desk.json("known-digests", "list", desk.home)["known_digests"].values()) == 0
    assert desk.run("known-digests", "add", desk.home, desk.folder / "missing") == 1


def test_a_name_that_names_no_file_is_refused(desk: Desk, tip: str) -> None:
    for name in ("0", "3", "2.1", "abc", "zzzz", ""):
        assert desk.run("quarantine", desk.home, tip, name) == 1
    assert _listed(desk)["quarantines"] == []
    assert desk.run("quarantines", "report", desk.home, "abcd", "--to", desk.folder / "report") == 1


def test_at_the_desk_it_is_asked_once_more_hidden_reported_and_destroyed(
    desk: Desk, tip: str, tmp_path: Path
) -> None:
    digest = _sha256(_picture())
    report = tmp_path / "report"
    listed = tmp_path / "list.txt"
    listed.write_text(f"{_sha256(OTHER[2])}\n", encoding="ascii")
    with open_desk(desk.home) as opened:
        assert f"/tip/{tip}/quarantine/{digest}" in opened.page(f"/tip/{tip}")
        asked = opened.page(f"/tip/{tip}/quarantine/{digest}")
        assert "Ask a lawyer" in seen(asked)
        assert _listed_at(opened.page("/quarantine")) == 0
        put = opened.done(f"/tip/{tip}/quarantine/{digest}")
        assert _listed_at(put) == 1
        page = opened.page(f"/tip/{tip}")
        assert "In quarantine since" in seen(page)
        assert f"/tip/{tip}/quarantine/{digest}" not in page
        case = str(desk.folder / "case")
        saved = opened.post(f"/tip/{tip}/save", folder=case, on_disk=case)
        assert "left out: it is in quarantine" in seen(saved.text)
        assert "1 attempt refused" in seen(opened.page("/quarantine"))
        hit = opened.post("/quarantine/known", file=str(listed))
        assert "1 file is in quarantine now" in seen(hit.text)
        assert opened.post("/quarantine/rule", rule="sell").status_code == 422
        ruled = opened.post("/quarantine/rule", rule="destroy-after-report")
        assert "Write the report and destroy the file" in seen(ruled.text)
        for wrong in ("report", "/nowhere/there"):
            assert opened.post(f"/quarantine/{digest}/report", folder=wrong).status_code == 422
        done = opened.post(f"/quarantine/{digest}/report", folder=str(report))
        assert "The file is destroyed here" in seen(done.text)
        for text in (asked, put, page, saved.text, ruled.text, done.text):
            assert not faults(text, source=False)
            assert CANARY.decode() not in text
    assert len(list(report.iterdir())) == 2
    assert not _held_in_the_casebook(desk, tip)


def _listed_at(page: str) -> int:
    return page.count("<h2>File ")


def test_nothing_deletes_the_sealed_original_before_a_person_ends_its_hold(desk: Desk, tip: str) -> None:
    desk.do("quarantine", desk.home, tip, "2")
    for deletion in (("--because", "junk"), ("--file", "2", "--because", "junk")):
        assert desk.run("delete", desk.home, tip, *deletion) == 1
        assert "is on hold, and nothing of it is deleted" in desk.err
    assert desk.run("bin", desk.home, "--put", tip) == 1
    desk.do("unhold", desk.home, tip)
    desk.do("delete", desk.home, tip, "--because", "law")
    assert _sha256(_picture()) in json.dumps(_listed(desk))


def test_a_mistake_is_lifted_with_a_reason_and_the_file_is_refused_until_then(desk: Desk, tip: str) -> None:
    desk.do("quarantine", desk.home, tip, "2")
    digest = _sha256(_picture())
    with open_desk(desk.home) as opened:
        assert "It was a mistake" in seen(opened.page("/quarantine"))
        for reason, why in (("", "at least 10 letters"), ("too short", "at least 10 letters"), ("x" * 201, "most")):
            answer = opened.post(f"/quarantine/{digest}/lift", reason=reason)
            assert (answer.status_code, why in seen(answer.text)) == (422, True), reason
        assert opened.get(f"/tip/{tip}/look/2").status_code == 422
        page = opened.post(f"/quarantine/{digest}/lift", reason="pressed at the wrong file").text
        assert "The quarantine of 1 file is lifted." in seen(page)
        assert "pressed at the wrong file" in page
        assert opened.get(f"/tip/{tip}/look/2").status_code == 200
        assert "on hold" not in seen(opened.page(f"/tip/{tip}"))
        assert not faults(page, source=False)
    listed = _listed(desk)
    assert listed["quarantines"] == []
    assert [(one["sha256"], one["again"]) for one in listed["lifted"]] == [(digest, None)]
    log = desk.json("log", "show", desk.home)
    assert [line["subject"] for line in log if line["act"] == "quarantine lifted"] == [digest]
    assert "wrong file" not in json.dumps(log), "the log has no reason"
    # Put there again, it is refused again, and both stand in the list.
    desk.do("quarantine", desk.home, tip, "2")
    assert desk.run("look", desk.home, tip, "2") == 1
    assert "in quarantine" in desk.err
    assert _listed(desk)["lifted"][0]["again"] is not None
    desk.do("quarantines", "lift", desk.home, digest[:12], "--because", "it was the same photo")
    assert len(_listed(desk)["lifted"]) == 2


def test_a_sealed_file_follows_the_last_file_inside_and_a_known_digest_stays(desk: Desk) -> None:
    one, two = _sha256(b"one"), _sha256(b"two")
    files = [("one.txt", "text/plain", b"one"), ("two.txt", "text/plain", b"two")]
    tip = taken_in(desk, container(desk, files=files))
    for number in ("1.1", "1.2"):
        desk.do("quarantine", desk.home, tip, number)
    (outer,) = {each["sha256"] for each in _listed(desk)["quarantines"]} - {one, two}
    reason = ("--because", "pressed at the wrong file")
    assert desk.run("quarantines", "lift", desk.home, outer, *reason) == 1
    assert "a file inside of this sealed file is in quarantine" in desk.err
    assert desk.json("quarantines", "lift", desk.home, one, *reason) == {"lifted": [one]}
    assert desk.json("quarantines", "lift", desk.home, two, *reason) == {"lifted": [two, outer]}
    known = desk.folder / "known.txt"
    known.write_text(f"{one}\n", encoding="ascii")
    desk.do("known-digests", "add", desk.home, known)
    desk.run("look", desk.home, tip, "1.1")
    assert desk.run("quarantines", "lift", desk.home, one, *reason) == 1
    assert "on a list of known digests" in desk.err
