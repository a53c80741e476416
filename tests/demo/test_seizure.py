"""The seizer's search finds what is there, in every form; and a naive site lights up everywhere."""

import base64
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import pytest

from demo import seizure
from demo.canary import SPREAD_BYTES, Canary
from demo.naive import play_naive
from demo.search_terms import LONGEST_BYTES, OVERLAP_BYTES, SearchTerms
from demo.seizure import PIECE_BYTES, Findings, descendants, search_folders, search_processes

TOKEN = "zq7f31c9aa0d"
CYRILLIC = "доклад-zq7f"
WORDS = ("anchor", "bramble", "copper", "dimmer", "eagle", "fossil", "glacier", "harbor")

DIGITS = ("0004", "1207", "7772", "0815", "3333", "5017", "6120", "0042")

ROTATED = bytes(255 - code for code in range(256))
FORMS = {
    "plain": lambda text: text.encode(),
    "upper case": lambda text: text.upper().encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "percent": lambda text: quote(text).encode(),
    "percent, lower case": lambda text: quote(text).lower().encode(),
    "json": lambda text: json.dumps({"a": text}).encode(),
    "html": lambda text: text.encode("ascii", "xmlcharrefreplace"),
    "hexadecimal": lambda text: text.encode().hex().upper().encode(),
    "misread": lambda text: text.encode().decode("latin-1").encode(),
    "base64 at 0": lambda text: base64.b64encode(b"" + text.encode() + b"tail"),
    "base64 at 1": lambda text: base64.b64encode(b"a" + text.encode() + b"tail"),
    "base64 at 2": lambda text: base64.urlsafe_b64encode(b"ab" + text.encode() + b"tail"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", [TOKEN, CYRILLIC])
def test_a_canary_is_found_in_this_form(tmp_path: Path, form: str, text: str) -> None:
    (tmp_path / "file").write_bytes(b"before " + FORMS[form](text) + b" after")
    canary = Canary.of_text("token", text)
    assert search_folders([tmp_path], SearchTerms([canary])).found(canary) == {str(tmp_path / "file")}


PHRASES = {
    "blanks": " ".join(WORDS),
    "capitals and hyphens": "-".join(WORDS).upper(),
    "nothing": "".join(WORDS),
    "an address": "/mailbox?passphrase=" + "+".join(WORDS),
    "markup": "".join(f"<span>{word}</span>\n" for word in WORDS),
    "json": json.dumps(WORDS),
    "half of it": ", ".join(WORDS[3:7]),
    "digits": " ".join(DIGITS),
}


@pytest.mark.parametrize("joined", PHRASES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_passphrase_is_found_however_it_is_joined(tmp_path: Path, joined: str, encoding: str) -> None:
    (tmp_path / "file").write_bytes(b"x" * 77 + PHRASES[joined].encode(encoding) + b"x" * 77)
    canary = Canary.of_phrases("words", WORDS, DIGITS)
    assert search_folders([tmp_path], SearchTerms([canary])).found(canary)


@pytest.mark.parametrize("offset", range(3))
def test_an_encoded_passphrase_is_found(tmp_path: Path, offset: int) -> None:
    (tmp_path / "file").write_bytes(base64.b64encode(b"x" * offset + " ".join(WORDS).encode() + b"x"))
    canary = Canary.of_phrases("words", WORDS, DIGITS)
    assert search_folders([tmp_path], SearchTerms([canary])).found(canary)


def test_words_of_a_passphrase_far_from_each_other_are_not_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text((" " * 700).join(sorted(WORDS)))
    canary = Canary.of_phrases("words", WORDS)
    assert not search_folders([tmp_path], SearchTerms([canary])).found(canary)


def test_a_canary_across_two_pieces_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\0" * (PIECE_BYTES - 3) + TOKEN.encode() + b"\0" * 100)
    canary = Canary.of_text("token", TOKEN)
    assert search_folders([tmp_path], SearchTerms([canary])).found(canary)


def test_what_was_found_once_is_found_wherever_it_stands_and_as_often_as_one_looks(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).write_text(f"the same {TOKEN}")
    canary = Canary.of_text("token", TOKEN)
    sought = SearchTerms([canary])
    for _ in range(2):
        assert search_folders([tmp_path], sought).found(canary) == {str(tmp_path / "one"), str(tmp_path / "other")}
    (tmp_path / "one").write_text("the same")
    assert search_folders([tmp_path], sought).found(canary) == {str(tmp_path / "other")}


def test_the_same_bytes_read_in_another_way_are_searched_again() -> None:
    sought = SearchTerms([Canary.of_text("token", TOKEN)])
    locked = TOKEN.encode().translate(ROTATED)

    def unlocked(raw: bytes) -> Iterable[bytes]:
        yield raw.translate(ROTATED)

    assert not sought.names_in(locked)
    assert sought.names_in(locked, unlocked) == {"token"}
    assert not sought.names_in(locked, lambda raw: [raw], read_as=("key", 1))
    assert sought.names_in(locked, unlocked, read_as=("key", 2)) == {"token"}


def test_what_might_be_longer_than_the_overlap_of_two_pieces_is_refused() -> None:
    longest = Canary("long", (b"a" * LONGEST_BYTES,))
    assert SearchTerms([longest]).names_in(b"a" * LONGEST_BYTES) == {"long"}
    with pytest.raises(ValueError, match=f"up to {LONGEST_BYTES} bytes"):
        SearchTerms([longest, Canary("longer", (b"a" * (LONGEST_BYTES + 1),))])
    with pytest.raises(ValueError, match=f"up to {LONGEST_BYTES} bytes"):
        SearchTerms([Canary.of_phrases("spread", ("a" * (LONGEST_BYTES - SPREAD_BYTES + 1),))])


def test_what_is_sought_is_found_where_a_file_is_read_in_pieces_that_are_shorter_than_it(
    tmp_path: Path,
) -> None:
    longest = Canary("long", (b"a" * LONGEST_BYTES,))
    (tmp_path / "file").write_bytes(b"b" * 100 + b"a" * LONGEST_BYTES + b"b")
    findings = Findings()
    seizure._search_file(
        tmp_path / "file", "file", SearchTerms([longest]), findings, piece_bytes=LONGEST_BYTES // 3
    )
    assert findings.found(longest)


@pytest.mark.parametrize("after", [1, OVERLAP_BYTES // 2, OVERLAP_BYTES - 1])
def test_the_longest_that_is_sought_is_found_in_utf_16_across_the_border_of_two_pieces(
    tmp_path: Path, after: int
) -> None:
    longest = Canary("long", (b"a" * LONGEST_BYTES,))
    (tmp_path / "file").write_bytes(bytes(PIECE_BYTES - after) + ("a" * LONGEST_BYTES).encode("utf-16-le"))
    assert search_folders([tmp_path], SearchTerms([longest])).found(longest)


def test_a_canary_in_a_name_is_found(tmp_path: Path) -> None:
    (tmp_path / CYRILLIC).mkdir()
    (tmp_path / f"{TOKEN}.txt").touch()
    names = [Canary.of_text("cyrillic", CYRILLIC), Canary.of_text("token", TOKEN)]
    findings = search_folders([tmp_path], SearchTerms(names))
    assert all(findings.found(canary) for canary in names)


def test_an_old_file_and_another_machines_folder_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text(TOKEN)
    canary = Canary.of_text("token", TOKEN)
    assert not search_folders([tmp_path], SearchTerms([canary]), leave_out=[tmp_path / "other"]).found(canary)
    assert not search_folders([tmp_path], SearchTerms([canary]), changed_since=time.time() + 60).found(canary)


def test_a_pipe_does_not_make_the_search_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / TOKEN)
    canary = Canary.of_text("token", TOKEN)
    findings = search_folders([tmp_path], SearchTerms([canary]))
    assert findings.found(canary) == {f"name of {tmp_path / TOKEN}"}
    assert findings.files == 0


def test_what_is_mounted_below_is_another_disk() -> None:
    # /dev/shm is mounted below /dev on every Debian; nothing of it is looked at from above.
    canary = Canary.of_text("token", TOKEN)
    mounted = Path("/dev/shm")  # noqa: S108 -- a file of our own is made in it
    with tempfile.NamedTemporaryFile(dir=mounted, prefix=TOKEN):
        assert search_folders([mounted], SearchTerms([canary])).found(canary)
        assert not search_folders([mounted.parent], SearchTerms([canary])).found(canary)


def test_a_file_without_a_name_that_a_process_holds_open_is_found() -> None:
    canary = Canary.of_text("token", TOKEN)
    with tempfile.TemporaryFile() as nameless:
        nameless.write(TOKEN.encode())
        nameless.flush()
        assert search_processes([os.getpid()], SearchTerms([canary])).found(canary)


def test_arguments_of_a_process_below_ours_are_found() -> None:
    canary = Canary.of_text("token", TOKEN)
    child = subprocess.Popen(["sleep", "30", "--", TOKEN][:2], env={"SECRET": TOKEN})
    try:
        assert child.pid in descendants(os.getpid())
        assert search_processes([child.pid], SearchTerms([canary])).found(canary)
    finally:
        child.kill()
        child.wait()


def test_everything_a_source_wrote_is_found_in_the_naive_control(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    report = tmp_path / "source" / f"{CYRILLIC}.pdf"
    report.write_bytes(b"%PDF content-zq81")
    play_naive(
        tmp_path / "naive",
        texts=["The text is text-zq82."],
        files=[report],
        words=WORDS,
        reply="The reply is reply-zq83.",
    )
    canaries = [
        Canary.of_text("text", "text-zq82"),
        Canary.of_text("content", "content-zq81"),
        Canary.of_text("name", CYRILLIC),
        Canary.of_phrases("words", WORDS),
        Canary.of_text("reply", "reply-zq83"),
    ]
    findings = search_folders([tmp_path / "naive"], SearchTerms(canaries))
    assert [canary.name for canary in canaries if not findings.found(canary)] == []
