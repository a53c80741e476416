"""The page of the rounds, as each step shows it again: what was done, and what waits."""

from dataclasses import dataclass

from flask import Response, request

from reviewer.desk.page import home, page
from reviewer.desk.round_offers import RoundStep, round_offers
from reviewer.keys.key_status import key_status
from reviewer.sharing.said import sharing_status
from system.clock import today
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class Confirming:
    """The form that confirms a stream.

    ``seen`` is the SHA-256 of the refused bundle's stream, in hex, so that no page shows the digits themselves.
    """

    server: str = ""
    digits: str = ""
    seen: str = ""


def rounds_page(
    told: list[str],
    *,
    problem: ProgramError | None = None,
    step: RoundStep | None = None,
    confirming: Confirming | None = None,
) -> Response:
    """The page; where ``step`` was refused, its form keeps what was chosen and typed."""
    casebook = home().casebook
    refused = request.form if problem and step else {}
    weeks = key_status(home(), today=today()).weeks
    servers = [party.name for party in casebook.servers.all()]
    return page(
        "rounds.html",
        422 if problem else 200,
        told=told,
        problem=problem,
        typed=refused.get("file", "").strip(),
        offers=round_offers(home(), {step: refused.get("place", "")} if step else {}),
        servers=[_server(name) for name in servers],
        streams=[name for name in servers if casebook.servers.stream(name)],
        confirming=confirming or Confirming(),
        waiting=casebook.replies.waiting(),
        last_backup=casebook.backups.last_day(),
        colleagues=sharing_status(home()),
        weeks_due=[one for one in weeks if one.is_due or one.is_cut_short],
        weeks_open=[one for one in weeks if not one.is_due and not one.is_cut_short and one.has_begun],
    )


def _server(name: str) -> tuple[str, int, int, int]:
    """Its name, last imported bundle, and delivery receipts that wait for an outbox or a backup."""
    casebook = home().casebook
    due, withheld = casebook.submissions.receipts_due(name)
    return name, casebook.servers.last_bundle(name), len(due), withheld
