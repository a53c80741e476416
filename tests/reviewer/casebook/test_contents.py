"""Contents on the disk: read from any place, refused when changed, gone when given up or interrupted."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from crypto.keys.at_rest import RestKey
from crypto.submissions.size_classes import is_size_class
from reviewer.casebook.contents import PIECE_BYTES, ContentReader, ContentWriter
from reviewer.casebook.database import CasebookDatabase, CasebookFiles, Row
from reviewer.errors import CasebookError
from tests.refused_threads import no_thread_named

OTHER = RestKey(bytes([9]) * 32)


@pytest.fixture
def files(tmp_path: Path) -> Iterator[CasebookFiles]:
    made = CasebookFiles.create(tmp_path, key=RestKey(bytes(32)), envelopes_key=OTHER)
    yield made
    made.close()


def _write(files: CasebookFiles, content: bytes, *, step: int = 100_000) -> ContentWriter:
    writer = ContentWriter(files.contents)
    with files.changing():
        for start in range(0, len(content), step):
            writer.write(content[start : start + step])
        writer.finish()
    return writer


def _read(files: CasebookFiles, writer: ContentWriter, first_byte: int, length_bytes: int) -> bytes:
    return b"".join(
        ContentReader(files.contents).read(
            writer.number, key=writer.key, first_byte=first_byte, length_bytes=length_bytes
        )
    )


@pytest.mark.parametrize("size", [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 7])
def test_contents_of_any_size_come_back(files: CasebookFiles, size: int) -> None:
    content = os.urandom(size)
    writer = _write(files, content, step=777_777)
    assert _read(files, writer, 0, size) == content
    assert writer.length_bytes == size
    (stored,) = files.contents.rows("SELECT sum(length(sealed) - 16) FROM pieces")
    assert is_size_class(stored[0])


def test_thousands_of_small_files_in_one_piece_cost_one_opening_of_it(files: CasebookFiles) -> None:
    class Counted:
        asked = 0

        def row(self, statement: str, values: Sequence[object]) -> Row | None:
            self.asked += 1
            return files.contents.row(statement, values)

    content = os.urandom(PIECE_BYTES + 4096)
    writer, counted = _write(files, content), Counted()
    reader = ContentReader(cast(CasebookDatabase, counted))
    for at in range(0, len(content), 16):
        piece = b"".join(reader.read(writer.number, key=writer.key, first_byte=at, length_bytes=16))
        assert piece == content[at : at + 16]
    assert counted.asked == 2


def test_a_stretch_is_read_from_the_middle_of_pieces(files: CasebookFiles) -> None:
    content = os.urandom(2 * PIECE_BYTES + 5)
    writer = _write(files, content)
    start, end = PIECE_BYTES - 3, 2 * PIECE_BYTES + 2
    assert _read(files, writer, start, end - start) == content[start:end]
    assert _read(files, writer, 0, 0) == b""


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE pieces SET sealed = zeroblob(length(sealed)) WHERE place = 1",
        "DELETE FROM pieces WHERE place = 1",
        "UPDATE pieces SET place = 10 - place",
        "UPDATE pieces SET sealed = (SELECT sealed FROM pieces AS other WHERE other.place = 0)",
        "UPDATE pieces SET sealed = substr(sealed, 1, 100)",
    ],
)
def test_harmed_pieces_are_never_given_out_as_content(files: CasebookFiles, harm: str) -> None:
    content = os.urandom(2 * PIECE_BYTES)
    writer = _write(files, content)
    files.contents.run(harm)
    with pytest.raises(CasebookError, match="missing or was changed"):
        _read(files, writer, 0, len(content))


def test_pieces_of_a_change_that_failed_are_gone(files: CasebookFiles) -> None:
    writer = ContentWriter(files.contents)
    with pytest.raises(CasebookError, match="on purpose"):
        _write_and_fail(files, writer)
    assert files.contents.rows("SELECT * FROM pieces") == []


def test_discarded_contents_are_gone_while_the_change_goes_on(files: CasebookFiles) -> None:
    with files.changing():
        writer = ContentWriter(files.contents)
        writer.write(bytes(3 * PIECE_BYTES))
        writer.discard()
    assert files.contents.rows("SELECT * FROM pieces") == []


def test_a_piece_that_cannot_be_written_is_told_to_the_reader_of_the_envelope(files: CasebookFiles) -> None:
    files.contents.run("CREATE TRIGGER full BEFORE INSERT ON pieces BEGIN SELECT raise(ABORT, 'disk is full'); END")
    writer = ContentWriter(files.contents)
    with pytest.raises(CasebookError, match="no room is left"):
        _write_pieces(files, writer, count=40)
    writer.stop()


def test_a_thread_that_the_system_refuses_is_told_and_the_change_is_given_up_in_order(files: CasebookFiles) -> None:
    writer = ContentWriter(files.contents)
    with no_thread_named("casebook-contents"), pytest.raises(RuntimeError, match="new thread"):
        _write_pieces(files, writer, count=2)
    writer.stop()
    assert files.contents.rows("SELECT * FROM pieces") == []


def test_what_an_interrupted_change_left_is_swept(files: CasebookFiles) -> None:
    _write(files, bytes(100))
    files.envelopes.run("INSERT INTO beginnings VALUES (?, ?)", (bytes(32), b"header"))
    files.sweep()
    assert files.contents.rows("SELECT * FROM pieces") == []
    assert files.envelopes.rows("SELECT * FROM beginnings") == []


def test_another_key_does_not_open_the_casebook(files: CasebookFiles, tmp_path: Path) -> None:
    files.close()
    with pytest.raises(CasebookError, match="does not open"):
        CasebookFiles.open_existing(tmp_path, key=RestKey(bytes([1]) * 32), envelopes_key=OTHER)


def test_a_missing_file_is_named(files: CasebookFiles, tmp_path: Path) -> None:
    files.close()
    (tmp_path / "contents.db").unlink()
    with pytest.raises(CasebookError, match=r"contents\.db is missing"):
        CasebookFiles.open_existing(tmp_path, key=RestKey(bytes(32)), envelopes_key=OTHER)


def test_a_casebook_of_a_newer_version_is_refused(files: CasebookFiles, tmp_path: Path) -> None:
    files.small.run("PRAGMA user_version = 99")
    files.close()
    with pytest.raises(CasebookError, match=r"casebook\.db was written by a newer version .* its version is 99"):
        CasebookFiles.open_existing(tmp_path, key=RestKey(bytes(32)), envelopes_key=OTHER)


def _write_and_fail(files: CasebookFiles, writer: ContentWriter) -> None:
    with files.changing():
        writer.write(bytes(2 * PIECE_BYTES))
        writer.finish()
        raise CasebookError("on purpose")


def _write_pieces(files: CasebookFiles, writer: ContentWriter, *, count: int) -> None:
    with files.changing():
        for _ in range(count):
            writer.write(bytes(PIECE_BYTES))
        writer.finish()
