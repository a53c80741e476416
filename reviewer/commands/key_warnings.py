"""Warnings of several commands: the state of the twin medium, and envelopes to request again."""

from pathlib import Path

from reviewer.home.home import Home
from reviewer.terminal.console import notice

_MOST_TOLD = 20
_NO_TWIN = (
    "there is no twin medium: when this disk dies, tips that were not taken in yet can never be read"
    " (keys issue or keys offer, with --twin FOLDER)"
)


def warn_of_twin(home: Home, *, left_behind: bool = False) -> None:
    """``left_behind``: another medium has just taken its place."""
    from reviewer.keys.reviewer_roster import listed_reviewers
    from reviewer.twin.twin import has_old_passphrase, has_twin, missing_on_twin

    if left_behind:
        notice(
            "warning", "THE TWIN MEDIUM BEFORE IS NOT REWRITTEN ANY MORE, and no keys retire takes its keys away"
        )
        notice("hint", "destroy it if it is found: with its passphrase, it opens tips of all weeks on it")
    if has_old_passphrase(home):
        notice("warning", "THE TWIN MEDIUM STILL OPENS WITH THE OLD PASSPHRASE: keys issue or offer, --twin FOLDER")
    if has_twin(home):
        if missing_on_twin(home):
            notice("warning", "the twin medium does not have the new keys: do it again with --twin FOLDER")
            notice("hint", "if it is lost or stolen: --twin FOLDER --new-twin, on an empty medium")
    elif len(listed_reviewers(home)) < 2:
        notice("warning", _NO_TWIN)


def look_for_unfinished_twin(home: Home, *, going_on_with: Path | None = None) -> None:
    """Remove or report the leftovers of an interrupted ``--new-twin`` on its medium."""
    from reviewer.twin.twin import clear_unfinished

    for unfinished in clear_unfinished(home, going_on_with=going_on_with):
        if unfinished.is_empty:
            notice(
                "warning", f"{unfinished.folder} was never finished as a twin: the keys on it were destroyed now"
            )
            notice("hint", "to make it the twin: keys issue or keys offer, with --twin FOLDER --new-twin")
        elif unfinished.sole_copies:
            names = ", ".join(unfinished.sole_copies)
            notice(
                "warning", f"{unfinished.folder}, never finished as a twin, has keys that this home lacks: {names}"
            )
            notice("hint", f"take them: keys restore HOME --twin {unfinished.folder}; then do this again")
        else:
            notice("warning", f"KEYS MAY LIE ON A MEDIUM THAT WAS AT {unfinished.folder}, never finished as a twin")
            notice("hint", "plug it in there and do this again, which destroys them; or destroy the medium")


def tell_wanted(home: Home) -> None:
    """After a restore: warn of keys that were not tried yet, and of unopened envelopes that are gone."""
    from reviewer.twin.key_import import has_pending_keys

    if has_pending_keys(home):
        notice("warning", "keys restore was cut short: not all keys were tried on what could not be opened")
        notice("hint", "do it again: tipline-review keys restore HOME --twin FOLDER")
    wanted = home.casebook.unopened.wanted()
    if wanted:
        servers = ", ".join(sorted({one.envelope.server for one in wanted}))
        notice("warning", f"{len(wanted)} envelopes that were not opened are known here by their digests only")
        notice("hint", f"take in the next export of {servers}: servers keep unopened envelopes and send them again")


def tell_crossing(home: Home) -> None:
    """Name the answers that do not leave, since a colleague answered the same source."""
    from reviewer.sharing.crossing import crossing_answers

    for one in crossing_answers(home):
        notice("warning", one.sentence().removesuffix("."))
        notice("hint", f"show both, then take-back HOME {one.tip.short_id}, or the same with --let-leave")


def tell_awaited(home: Home) -> None:
    """Items that bundles list and that were not in them."""
    awaited = home.casebook.awaited.all()
    for one in awaited[:_MOST_TOLD]:
        notice("warning", f"{one} was not in its bundle, and is awaited")
    if len(awaited) > _MOST_TOLD:
        notice("warning", f"{len(awaited) - _MOST_TOLD} more are awaited: keys status --json names all")
    if awaited:
        notice(
            "hint",
            "take in the next export of that server, or ask for one from that bundle on (export --from N);"
            " keys that could open them stay until they come, or keys retire --give-up STREAM:BUNDLE:ITEM",
        )
