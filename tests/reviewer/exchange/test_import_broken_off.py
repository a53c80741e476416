"""An import that breaks off tells what it took in before, as the same FILE tells of that no more."""

import errno
from collections.abc import Iterator
from typing import Any

import pytest

from reviewer.casebook.sealed_files import SealedFiles
from reviewer.casebook.submission import Envelope
from reviewer.casebook.unopened import Unopened
from reviewer.errors import CasebookError
from reviewer.opening.envelope_opening import EnvelopeOpener
from reviewer.opening.version_watch import VersionWatch
from tests.reviewer.desk.open_desk import open_desk
from tests.reviewer.desk_stage import Desk
from tests.steps import failing_step


@pytest.fixture
def file(desk: Desk, trouble: Exception) -> Iterator[str]:
    """Two bundles; at the tip of the second one ``trouble`` comes, once."""
    first, second = desk.server.seal(), desk.server.seal(submission_id=bytes(16))
    opened: list[bytes] = []

    def is_second(_opener: EnvelopeOpener, envelope: Envelope, *_rest: Any) -> bool:
        opened.append(envelope.sha256)
        return len(opened) == 2

    with failing_step(EnvelopeOpener, "open", trouble, when=is_second):
        yield str(desk.write(desk.server.submissions(first), desk.server.submissions(second)))


TROUBLES = pytest.mark.parametrize(
    "trouble",
    [CasebookError("there is no room", hint="make some"), OSError(errno.EIO, "Input/output error")],
    ids=["no room", "a bad medium"],
)


@TROUBLES
def test_what_came_before_it_is_told_then_the_trouble_and_the_same_file_brings_the_rest(
    desk: Desk, file: str, trouble: Exception
) -> None:
    assert desk.run("import", desk.home, file) == 1
    assert "bundles          1 new" in desk.out
    assert "submissions      1 new" in desk.out
    assert ("there is no room" if isinstance(trouble, CasebookError) else "input/output error") in desk.err
    assert "submissions      1 new" in desk.do("import", desk.home, file)
    assert len(desk.submissions()) == 2


@TROUBLES
def test_at_the_desk_too(desk: Desk, file: str, trouble: Exception) -> None:
    with open_desk(desk.home) as opened:
        answer = opened.post("/rounds/import", file=file)
    assert answer.status_code == 422
    assert "1 new submissions" in answer.text
    assert ("there is no room" if isinstance(trouble, CasebookError) else "input/output error") in answer.text


@TROUBLES
def test_what_fails_once_all_is_taken_in_hides_nothing_of_it(desk: Desk, trouble: Exception) -> None:
    with failing_step(Unopened, "here", trouble):
        assert desk.run("import", desk.home, desk.write(desk.server.submissions(desk.server.seal()))) == 1
    assert "submissions      1 new" in desk.out
    assert ("there is no room" if isinstance(trouble, CasebookError) else "input/output error") in desk.err


@TROUBLES
def test_what_fails_after_some_of_before_could_be_tried_hides_none_of_them(desk: Desk, trouble: Exception) -> None:
    """The loss of one from this disk is told once only."""
    for path in (desk.home / "keys").glob("intake-*"):
        path.unlink()
    (short_id,) = desk.take_in(desk.server.seal())
    desk.tamper("UPDATE submissions SET unopenable = 'missing manifest'")
    (kept,) = (desk.home / "unopened").iterdir()
    kept.unlink()
    with failing_step(VersionWatch, "fallen", trouble), failing_step(SealedFiles, "not_opened", trouble):
        assert desk.run("import", desk.home, desk.folder / "tips.bundle") == 1
    assert f"{short_id} is gone from this disk, or was changed" in desk.err
    assert ("there is no room" if isinstance(trouble, CasebookError) else "input/output error") in desk.err
