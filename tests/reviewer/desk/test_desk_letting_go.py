"""Letting go at the desk: it shows what would go, and only a second press deletes."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from reviewer.casebook.proposals import QUARANTINE, SHOWN_DAYS
from reviewer.cases.retention import add_rule
from reviewer.home.home import Home
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_deleting import canary, found, tip_with_canaries
from tests.reviewer.cases.test_show_and_save import HOSTILE_FILES
from tests.reviewer.desk.open_desk import OpenDesk, hidden_fields, open_desk, seen
from tests.reviewer.desk.test_desk_tips import HOSTILE, OBEYED
from tests.reviewer.desk_stage import Desk
from tests.reviewer.raw_pages import RawCasebook
from tests.template_rules import faults


@pytest.fixture
def opened(desk: Desk) -> Iterator[OpenDesk]:
    with open_desk(desk.home) as opened:
        yield opened


def home_of(opened: OpenDesk) -> Home:
    return opened.desk_session.home


def test_a_tip_goes_at_the_second_press_and_the_first_shows_what_would_go(desk: Desk) -> None:
    short_id = tip_with_canaries(desk)
    desk.backup()
    before = RawCasebook(desk.home)
    with open_desk(desk.home) as opened:
        page = seen(opened.page(f"/tip/{short_id}/delete?what=tip"))
        assert "2 files" in page
        assert "1 note of ours" in page
        assert "Never sent: 1 of these answers" in page
        assert "It stays in 1 backup: 1 of" in page
        assert short_id in opened.page("/")
        assert opened.delete(f"/tip/{short_id}/delete", because="no such reason").status_code == 422
        assert short_id in opened.page("/")
        assert opened.delete(f"/tip/{short_id}/delete", because="asked").status_code == 303
        listed = opened.page("/")
        assert short_id not in listed
        assert canary("Text") not in listed
        assert opened.get(f"/tip/{short_id}").status_code == 422
    assert found(desk, before) == set()


def test_a_file_and_an_answer_go_alone(desk: Desk) -> None:
    short_id = tip_with_canaries(desk)
    with open_desk(desk.home) as opened:
        file, _other, _sent, waiting = opened.parts(short_id)
        assert canary("Name") in opened.page(f"/tip/{short_id}/delete?what={file}")
        assert opened.delete(f"/tip/{short_id}/delete?what={file}", because="harm").status_code == 303
        page = opened.page(f"/tip/{short_id}")
        assert canary("Name") not in page
        assert "A file was deleted on" in page
        assert canary("Sealedtext") in page
        asked = seen(opened.page(f"/tip/{short_id}/delete?what={waiting}"))
        assert "never will be" in asked
        assert opened.delete(f"/tip/{short_id}/delete?what={waiting}", because="other").status_code == 303
        page = opened.page(f"/tip/{short_id}")
        assert canary("Answer") not in page
        assert canary("Sentanswer") in page
        for what in (file, waiting, "file-1", "answer-1", "tips", "fil-1", "\u202e<b>"):
            assert opened.get(f"/tip/{short_id}/delete?what={what}").status_code == 422, what
        code = hidden_fields(opened.page(f"/tip/{short_id}/delete"))["code"]
        for named in ({"what": file}, {"what": "fil-1"}, {"what": ""}, {"what": "TIP"}, {}):
            refused = opened.post(f"/tip/{short_id}/delete", **named, code=code, because="junk")
            assert refused.status_code == 422, named
        assert canary("Sealedtext") in opened.page(f"/tip/{short_id}")


def test_a_file_or_an_answer_goes_alone_when_one_before_it_went_in_another_tab(desk: Desk) -> None:
    files = [(f"f{n}.txt", "text/plain", b"content %d" % n) for n in (1, 2, 3)]
    (short_id,) = desk.take_in(desk.server.seal(files=files, mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        for words in ("Alpha", "Beta", "Gamma"):
            opened.answer(short_id, f"{words} thanks")
        first, second, _third, alpha, beta, _gamma = opened.parts(short_id)
        paths = [f"/tip/{short_id}/delete?what={what}" for what in (first, second, alpha, beta)]
        tabs = [hidden_fields(opened.page(path)) for path in paths]
        whole = hidden_fields(opened.page(f"/tip/{short_id}/delete"))
        for fields in tabs:
            assert opened.post(f"/tip/{short_id}/delete", **fields, because="junk").status_code == 303
        page = opened.page(f"/tip/{short_id}")
        assert [one for one in ("f1.txt", "f2.txt", "f3.txt") if one in page] == ["f3.txt"]
        assert [one for one in ("Alpha", "Beta", "Gamma") if f"{one} thanks" in page] == ["Gamma"]
        # The page of the whole tip was opened before, and showed other files and answers.
        refused = opened.post(f"/tip/{short_id}/delete", **whole, because="junk")
        assert refused.status_code == 422
        assert "this has changed since it was shown" in refused.text
        assert hidden_fields(refused.text)["code"] != whole["code"]
        assert short_id in opened.page("/")


def test_a_tip_with_an_answer_that_was_sealed_after_its_page_stays(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        fields = hidden_fields(opened.page(f"/tip/{short_id}/delete"))
        opened.answer(short_id, "Please call us.")
        refused = opened.post(f"/tip/{short_id}/delete", **fields, because="junk")
        assert refused.status_code == 422
        assert "Never sent: 1 of these answers" in seen(refused.text)
        again = opened.post(f"/tip/{short_id}/delete", **hidden_fields(refused.text), because="junk")
        assert again.status_code == 303


def test_the_bin_and_holds_by_one_press_each(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        assert short_id not in opened.done(f"/tip/{short_id}/bin")
        assert "14 days left" in seen(opened.page("/bin"))
        page = seen(opened.done(f"/bin/{short_id}/back"))
        page = seen(opened.done(f"/tip/{short_id}/hold", reason="a hearing \u202e"))
        assert "a hearing U+202E" in page
        for press in ("bin", "delete"):
            fields = hidden_fields(opened.page(f"/tip/{short_id}/delete"))
            assert opened.post(f"/tip/{short_id}/{press}", **fields, because="junk").status_code == 422
        opened.done(f"/tip/{short_id}/hold", undo="yes")
        opened.done(f"/tip/{short_id}/bin")
        assert "Gone for good" in seen(opened.page(f"/bin/{short_id}/delete"))
        assert "The bin is empty" in opened.done(f"/bin/{short_id}/delete")


def test_retention_reminds_lists_and_deletes_what_was_listed(desk: Desk, opened: OpenDesk) -> None:
    opened.desk_session.lock()
    held, due = desk.take_in(desk.server.seal(), desk.server.seal(submission_id=b"2" * 16))
    old = (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=20)).isoformat()
    desk.tamper(f"UPDATE submissions SET imported_day = '{old}'")  # noqa: S608
    opened.done("/unlock")
    opened.done(f"/tip/{held}/hold", reason="a hearing")
    for days in ("29", "x", ""):
        assert opened.post("/retention/rule", which="any", status="any", days=days).status_code == 422
    assert "within 14 days" not in opened.page("/")
    page = seen(opened.done("/retention/rule", which="any", status="any", days="30"))
    assert "No tip is due" in page
    assert "1 tip will be due for deletion within 14 days" in seen(opened.page("/"))
    opened.desk_session.lock()
    old = (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=30)).isoformat()
    desk.tamper(f"UPDATE submissions SET imported_day = '{old}'")  # noqa: S608
    opened.done("/unlock")
    page = opened.page("/retention")
    assert due in page
    assert '<bdi class="words">What I saw.</bdi>' in page
    assert held not in page
    code = page.partition('name="code" value="')[2].partition('"')[0]
    assert opened.post("/retention/delete", code="0" * 12).status_code == 422
    assert "1 tip is deleted" in opened.post("/retention/delete", code=code).text
    assert [one.short_id for one in home_of(opened).casebook.submissions.all()] == [held]


def test_the_list_shows_what_colleagues_propose_and_counts_the_day(desk: Desk) -> None:
    short_id, other = desk.take_in(
        desk.server.seal(), desk.server.seal(fields=[("text", "not to be seen")], submission_id=b"2" * 16)
    )
    with open_desk(desk.home) as opened:
        proposals = home_of(opened).casebook.proposals
        for number, (one, reason) in enumerate(((short_id, "junk"), (other, QUARANTINE))):
            sha256 = home_of(opened).casebook.submissions.find(one).envelope.sha256
            proposals.receive(
                bytes([number]) * 16, sha256, reviewer="second", reason=reason, today=dt.date(2030, 1, 1)
            )
        opened.page(f"/tip/{short_id}")
        for _twice in (1, 2):
            page = seen(opened.page("/"))
            assert f"after {SHOWN_DAYS - 1} more days" in page
        assert "not to be seen" not in page
        assert "not to be seen" not in opened.post("/search", words="seen").text
        assert opened.get(f"/tip/{other}").status_code == 422
        assert "it must not be looked at" in seen(opened.page("/proposals"))
        name = (bytes([1]) * 16).hex()[:12]
        assert "Read the tip" not in opened.page(f"/proposals/{name}")
        opened.done(f"/proposals/{name}/hold")
        assert opened.page(f"/tip/{other}")
        name = (bytes([0]) * 16).hex()[:12]
        assert "Gone for good" in seen(opened.page(f"/proposals/{name}"))
        assert short_id not in opened.done(f"/proposals/{name}/confirm")
        assert [one.short_id for one in home_of(opened).casebook.submissions.all()] == [other]


def test_no_page_of_these_obeys_what_came(desk: Desk) -> None:
    (short_id,) = desk.take_in(
        desk.server.seal(fields=[("text", HOSTILE)], files=HOSTILE_FILES, mailbox=a_mailbox())
    )
    with open_desk(desk.home) as opened:
        home = home_of(opened)
        add_rule(home, questionnaire=HOSTILE[:90], status=None, days=30, today=dt.date(2030, 1, 1))
        sha256 = home.casebook.submissions.find(short_id).envelope.sha256
        home.casebook.proposals.receive(
            b"u" * 16, sha256, reviewer=HOSTILE[:90], reason="junk", today=dt.date(2030, 1, 1)
        )
        file = opened.parts(short_id)[0]
        paths: list[Any] = ["/", f"/tip/{short_id}", "/retention", "/proposals", "/bin"]
        paths += [f"/tip/{short_id}/delete?what={what}" for what in ("tip", file)]
        paths += [f"/proposals/{(b'u' * 16).hex()}"]
        for path in paths:
            page = opened.page(path)
            assert not OBEYED & set(page), path
            assert not faults(page.replace("&lt;", "").replace("&#39;", ""), source=False), path
