"""One reviewer publishes, and only this one names the next; a release is written again in two steps."""

from pathlib import Path

import pytest

from reviewer.publication.next_publisher import name_publisher
from reviewer.publication.publisher import last_said
from reviewer.publication.register import registered
from reviewer.publication.release_record import releases
from reviewer.publication.releases import propose, publish
from reviewer.publication.whole_record import confirm_last, is_unsure
from system.errors import ProgramError
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import a_colleague
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.publication.test_releases import LATER, QUARTER, opened


@pytest.fixture
def full(desk: Desk) -> Desk:
    """24 conversations, each of a mailbox: 12 in Tagalog and 12 in Bengali."""
    desk.take_in(
        *(
            desk.server.seal(
                fields=[("text", "Help."), ("language", "tl" if number % 2 else "bn")],
                mailbox=a_mailbox(number),
                submission_id=number.to_bytes(16, "big"),
            )
            for number in range(1, 25)
        )
    )
    return desk


def shared(desk: Desk, colleague: Desk) -> None:
    """Carry what one reviewer shares to the other."""
    path = desk.folder / f"shared-{len(list(desk.folder.glob('shared-*')))}"
    desk.do("share", "write", desk.home, path)
    colleague.do("share", "read", colleague.home, path)


def test_only_the_named_reviewer_publishes_and_names_the_next_and_the_other_sees_the_release(
    full: Desk, tmp_path: Path
) -> None:
    second = a_colleague(full)
    assert second.run("publisher", second.home, "--to", second.name) == 1, "two could name themselves at once"
    with opened(full) as home:
        proposal = propose(home, registered("language"), QUARTER, today=LATER)
        with pytest.raises(ProgramError, match="no reviewer was named"):
            publish(home, proposal, because="", today=LATER)
        own = home.party_keys().name
        name_publisher(home, own, today=LATER)
        with pytest.raises(ProgramError, match="took over from another one"):
            publish(home, proposal, because="", today=LATER)
        confirm_last(home, 0, today=LATER)
        done = publish(home, proposal, because="", today=LATER)
    shared(full, second)
    with opened(second) as home:
        (known,) = releases(home)
        assert (known.release_id, known.published, known.reviewer) == (done.release_id, done.published, own)
        empty = propose(home, registered("first-answer"), QUARTER, today=LATER)
        with pytest.raises(ProgramError, match=f"{own} publishes"):
            publish(home, empty, because="", today=LATER)
        with pytest.raises(ProgramError, match=f"only {own} can name the reviewer who publishes"):
            name_publisher(home, second.name, today=LATER)
    with open_desk(second.home) as browser:
        page = browser.page("/published")
        assert f"Only {own} can name the reviewer who publishes" in seen(page)
        assert "/published/publisher" not in page
    full.do("publisher", full.home, "--to", second.name)
    assert full.run("publisher", full.home, "--to", own) == 1
    shared(full, second)
    with opened(second) as home:
        assert (last_said(home), is_unsure(home)) == (1, False)
        with pytest.raises(ProgramError, match="nothing to publish"):
            publish(home, empty, because="", today=LATER)
    again = ("releases", full.home, "--write", done.release_id[:8], "--out", tmp_path / "again.csv")
    assert full.run(*again) == 1
    assert "nothing leaves in one step" in full.err
    assert not (tmp_path / "again.csv").exists()
    full.leave(*again)
    assert '"total","25"' in (tmp_path / "again.csv").read_text(encoding="utf-8")
