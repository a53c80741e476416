"""The figures of the threat model and of the promises are those of the program.

A test that uses a constant passes whatever its value is.
"""

import re
from pathlib import Path

import pytest

from onion import service
from tipline.bundles import retention, week_closing
from tipline.intake import passphrase_pool, receipts
from tipline.limits import circuit_counter, rate_limit, upload_quota
from tipline.mailbox import sessions
from tipline.pages import answer_memory
from tipline.requests import form_fields
from tipline.requests.timeouts import CLIENT_TIMEOUTS
from tipline.threads import periodic
from tipline.web import connection_slots, deadline_socket, streams

TOP = Path(__file__).parent.parent
THREAT_MODEL = (TOP / "docs" / "threat-model.md").read_text(encoding="utf-8")
PAGES = THREAT_MODEL + (TOP / "docs" / "claims.md").read_text(encoding="utf-8")
MINUTE, HOUR, KIB, MIB = 60, 3600, 1 << 10, 1 << 20


@pytest.mark.parametrize(
    ("says", "figure", "is_in_the_program"),
    [
        ("Ten minutes after a submission", 10 * MINUTE, receipts.RECEIPT_SECONDS),
        ("About 64 ready ones wait", 64, passphrase_pool.READY),
        ("one every ten minutes, and one when the server is stopped", 10 * MINUTE, periodic.BEAT_SECONDS),
        ("More than 1,000 uploads at once", 1000, connection_slots.FULL_CAPACITY.uploads),
        ("brought less than a kibibyte in 180 seconds", 180, streams.SILENT_SECONDS),
        ("brought less than a kibibyte in 180 seconds", 1024, streams.WORTH_BYTES),
        ("with messages of up to 16 KiB", 16 << 10, deadline_socket.BODY_AHEAD_BYTES),
        ("That 300 messages wait for their words at once", 300, connection_slots.FULL_CAPACITY.messages),
        ("for twelve hours and ten minutes at most", 12 * HOUR, CLIENT_TIMEOUTS.upload),
        ("for twelve hours and ten minutes at most", 10 * MINUTE, CLIENT_TIMEOUTS.drain),
        ("Tor gives a circuit 20 streams", 20, service._STREAMS_A_CIRCUIT),
        ("hold no thread, for thirty seconds", 30, CLIENT_TIMEOUTS.header),
        ("hold up to 24 MiB together", 24 * MIB, answer_memory.MOST_HELD_BYTES),
        ("each for half a minute where it is not read", 30, CLIENT_TIMEOUTS.long_answer_silence),
        ("hold up to 384 KiB each", 384 * KIB, form_fields.KEPT_FORM_BYTES),
        ("or for four where it is read slowly", 4 * MINUTE, CLIENT_TIMEOUTS.answer),
        ("no page is sent for longer than four minutes", 4 * MINUTE, CLIENT_TIMEOUTS.answer),
        ("7,500 circuits fill the server", 7500, connection_slots.FULL_CAPACITY.most_connections),
        ("with texts it gets 256 MiB", 256 * MIB, upload_quota.TEXTS_OF_A_CIRCUIT_BYTES),
        ("open three mailboxes a minute from one circuit", 3, rate_limit.LOG_INS),
        ("open three mailboxes a minute from one circuit", MINUTE, rate_limit.CIRCUIT_SECONDS),
        ("once it was quiet for ten minutes", 10 * MINUTE, circuit_counter.KEPT_SECONDS),
        ("for an hour at most", HOUR, CLIENT_TIMEOUTS.outbox),
        ("forgets answers, which live for 60 days", 60, retention.REPLY_DAYS),
        ("still listed and after thirty days", 30, retention._ONE_RECEIPT_DAYS),
        ("sign up to two weeks as closed", 2, week_closing.MOST_AT_ONCE),
    ],
)
def test_a_figure_of_the_threat_model_or_of_a_promise_is_that_of_the_program(
    says: str, figure: int, is_in_the_program: float
) -> None:
    assert says.lower() in " ".join(PAGES.split()).lower()
    assert is_in_the_program == figure


@pytest.mark.parametrize(
    ("says", "figure", "is_in_the_program"),
    [
        ("once its form is 20 seconds old", 20, rate_limit.FORM_SECONDS),
        ("from one circuit once a minute", MINUTE, rate_limit.CIRCUIT_SECONDS),
        ("(3 with one form pressed three times)", 3, rate_limit.TIMES_ADMITTED),
        ("there are three log-ins a minute", 3, rate_limit.LOG_INS),
    ],
)
def test_the_challenge_costs_as_much_patience_as_its_page_reckons_with(
    says: str, figure: int, is_in_the_program: int
) -> None:
    page = (TOP / "docs" / "adr" / "0023-the-challenge-is-a-waiting-line.md").read_text(encoding="utf-8")
    assert says in " ".join(page.split())
    assert is_in_the_program == figure


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("mailbox.html", "After 15 minutes the buttons here stop working"),
        ("_problem.html", "They work for 15 minutes"),
    ],
)
def test_a_mailbox_closes_after_the_minutes_that_its_pages_say(template: str, says: str) -> None:
    assert says in (TOP / "templates" / "site" / template).read_text(encoding="utf-8")
    assert sessions.SESSION_SECONDS == 15 * MINUTE


def test_every_adversary_of_the_threat_model_names_a_test_or_a_gap() -> None:
    rows = THREAT_MODEL.split("## Adversaries", 1)[1].split("## ", 1)[0].splitlines()
    actors = [row for row in rows if row.startswith("| ") and not row.startswith("| who ")]
    assert actors
    for actor in actors:
        shown_by = actor.strip("| ").rsplit(" | ", 1)[1]
        assert re.search(r"`(?:tests|lab)/|\bgap\b|\bnamed in the limits\b", shown_by), actor
