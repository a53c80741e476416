"""Two reviewers share what they do: by the server's real code, and from laptop to laptop."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.real_server import RealServer, carry_out, server_of
from tests.reviewer.colleagues import Colleague, a_colleague
from tests.reviewer.desk_stage import Desk


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.found()
    made.know_server()
    return made


@pytest.fixture
def second(desk: Desk) -> Colleague:
    return a_colleague(desk)


@pytest.fixture
def server(desk: Desk, second: Colleague) -> Iterator[RealServer]:
    with server_of(desk) as running:
        yield running


def round_of(desk: Desk, server: RealServer) -> None:
    """Carry the outbox of one reviewer to the server."""
    path = desk.folder / "outbox"
    desk.do("outbox", desk.home, "--out", path)
    server.take_in(path)


def reply(desk: Desk, text: str, *options: str) -> int:
    path = desk.folder / "answer"
    path.write_text(text, encoding="utf-8")
    return desk.run("reply", desk.home, desk.submissions()[0]["id"], "--text-file", path, *options)


def owner_and_other(*desks: Desk) -> tuple[Desk, Desk]:
    one, other = desks
    tip = one.submissions()[0]["id"]
    name = one.json("owner", one.home, tip)["owner"]
    assert other.json("owner", other.home, tip)["owner"] == name, "both compute the same owner"
    return (one, other) if "(this home)" in one.do("owner", one.home, tip) else (other, one)


def shown(desk: Desk) -> dict[str, Any]:
    return desk.show(desk.submissions()[0]["id"])


def test_an_answer_of_one_is_seen_by_the_other_after_one_round(
    desk: Desk, second: Colleague, server: RealServer
) -> None:
    server.receive("a tip")
    carry_out(desk, server)
    carry_out(second, server)
    owner, other = owner_and_other(desk, second)
    assert reply(owner, "Meet at the library at 6") == 0
    round_of(owner, server)
    carry_out(other, server)
    (answer,) = shown(other)["colleague_replies"]
    assert (answer["text"], answer["taken_back"]) == ("Meet at the library at 6", False)
    assert reply(other, "No, meet at the station") == 1
    assert f"this conversation belongs to {answer['by']}" in other.err
    assert "Meet at the library at 6" in other.err
    assert f"{answer['by']}: last heard from" in other.err
    assert reply(other, "The library at 6, as said", "--instead-of", answer["by"]) == 0
