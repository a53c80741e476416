"""The list of tips, its filters, and saved views."""

from flask import Blueprint, Response, request, url_for

from reviewer.casebook.tip_filter import CHOICES, TipFilter
from reviewer.cases.listing import page_of
from reviewer.cases.views import remove_view, save_view
from reviewer.desk.lists import MINE, SHIPPED, chosen_list, view_key
from reviewer.desk.page import bounded, desk, home, page
from reviewer.desk.shown_inbox import MOST_OFFERED
from system.clock import today

views = Blueprint("listing", __name__)


@views.get("/", provide_automatic_options=False)
def tips() -> Response:
    """One page of a list."""
    casebook, now = home().casebook, today()
    chosen = chosen_list(home(), desk().typed_filters, request.args.get("which", ""))
    shown = page_of(home(), chosen.wanted, number=request.args.get("page", 1, type=bounded), today=now)
    casebook.log.add("list", f"{len(shown.rows)} submissions", today=now)
    lists = [*((key, title, wanted) for key, (title, wanted) in SHIPPED.items())]
    if has_several_reviewers():
        mine = chosen_list(home(), desk().typed_filters, MINE)
        lists.insert(2, (mine.key, mine.title, mine.wanted))
    return page(
        "tips.html",
        shown=shown,
        chosen=chosen,
        tabs=[(key, title, casebook.inbox.count(wanted, today=now)) for key, title, wanted in lists],
        saved=[(view_key(view.number), view.name) for view in casebook.views.all()],
        choices=CHOICES,
        offered={
            "owner": casebook.threads.owners(most=MOST_OFFERED),
            "label": casebook.threads.labels(most=MOST_OFFERED),
            "language": _plain(casebook.threads.languages(most=MOST_OFFERED)),
            "form": _plain(casebook.threads.forms(most=MOST_OFFERED)),
        },
        today=now,
    )


@views.post("/filter", provide_automatic_options=False)
def filtered() -> Response:
    """Keep a typed filter in memory, and show its list."""
    wanted = TipFilter.parse({name: request.form.get(name, "") for name in request.form})
    return _to_list(desk().typed_filters.keep(wanted))


@views.post("/views", provide_automatic_options=False)
def save() -> Response:
    """Save the filter of the list that was on the page."""
    chosen = chosen_list(home(), desk().typed_filters, request.form.get("which", ""))
    return _to_list(view_key(save_view(home(), request.form.get("name", ""), chosen.wanted, today=today())))


@views.post("/views/remove", provide_automatic_options=False)
def remove() -> Response:
    remove_view(home(), request.form.get("name", ""), today=today())
    return _to_list("")


def has_several_reviewers() -> bool:
    """True if other reviewers share the tips, so that each thread has an owner among several."""
    return home().casebook.shared_marks.has_several_reviewers()


def _plain(untrusted: list[str]) -> list[str]:
    """Tags and names as the site sends them. A source can send others with a program of its own."""
    return [one for one in untrusted if one.isascii() and one.replace("-", "").replace("_", "").isalnum()]


def _to_list(key: str) -> Response:
    address = url_for("listing.tips", which=key) if key else url_for("listing.tips")
    return Response(status=303, headers={"Location": address})
