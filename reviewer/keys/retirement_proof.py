"""The conditions for destroying a week's keys, also shown by ``keys status``."""

import datetime as dt

from crypto.manifests.manifest import VerifiedManifest
from crypto.primitives.week import Quarter, Week
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.twin.key_import import has_pending_keys, may_lack_keys

_MOST_TOLD = 20
WAIT_DAYS = 14
SEALED_WAIT_DAYS = 60


def due_weeks(home: Home, *, today: dt.date) -> list[Week]:
    """Weeks with keys here that ended at least two weeks ago."""
    last = today - dt.timedelta(days=WAIT_DAYS)
    return [week for week in home.keyring.intake_weeks() if week.last_day <= last]


def due_quarters(home: Home, *, today: dt.date) -> list[Quarter]:
    """Quarters that ended 60 days ago."""
    last = today - dt.timedelta(days=SEALED_WAIT_DAYS)
    return [quarter for quarter in home.keyring.sealed_quarters() if quarter.last_day <= last]


def interrupted_weeks(home: Home) -> list[Week]:
    """Weeks whose retirement was cut short: they are retired, and something of them may be left."""
    here = set(home.keyring.intake_weeks())
    return [week for week in home.casebook.retired.all() if week in here]


def missing_proof(home: Home, week: Week, *, today: dt.date, give_up_unopenable: bool = False) -> list[str]:
    """The conditions that ``week`` does not meet yet; empty if its keys may be destroyed."""
    newest = home.casebook.manifests.newest(root=home.root_key)
    if newest is None:
        return [said("there is no manifest here that says which servers there are")]
    if _was_never_issued(home, newest, week):
        return []
    if not newest.manifest.servers and week.last_day >= today:
        # Without a server nothing is signed, and a server added tomorrow seals to this week.
        return [
            said(
                "week %(week)s is not over: servers may seal to its keys until %(day)s",
                week=week,
                day=week.last_day.isoformat(),
            )
        ]
    return [*_missing_of_servers(home, newest, week), *_missing_here(home, week, give_up_unopenable)]


def keeps_quarter(home: Home, quarter: Quarter, *, without: frozenset[Week] = frozenset()) -> list[Week]:
    """The weeks that must be retired before the keys of a quarter.

    Files sealed by sources arrive inside envelopes, and may be sent some time after they were sealed.
    """
    last = quarter.last_day + dt.timedelta(days=SEALED_WAIT_DAYS)
    return [week for week in home.keyring.intake_weeks() if week.monday <= last and week not in without]


def what_is_lost(home: Home, week: Week) -> list[str]:
    """The unread tips that are lost with the keys of ``week``: those on removed servers."""
    newest = home.casebook.manifests.newest(root=home.root_key)
    listed = {party.verify_key for party in newest.manifest.servers} if newest else set()
    servers = home.casebook.servers
    return [
        said(
            "server %(server)s was removed and never signed that week %(week)s is closed: tips of that week that it"
            " still held are lost (%(last)s)",
            server=party.name,
            week=week,
            last=_last_taken_in(home, party.name),
        )
        for party, added, removed in servers.removed()
        if party.verify_key not in listed
        and added <= week.last_day
        and week.monday <= removed
        and servers.week_closed(party.name, week) is None
    ]


def weeks_open_at(home: Home, server: str, *, today: dt.date) -> list[Week]:
    """Weeks that a server could still hold tips of, as far as is known here."""
    newest = home.casebook.manifests.newest(root=home.root_key)
    begun = {entry.week for entry in newest.manifest.intake if entry.week.monday <= today} if newest else set()
    return [
        week
        for week in home.keyring.intake_weeks()
        if week in begun and home.casebook.servers.week_closed(server, week) is None
    ]


def _was_never_issued(home: Home, newest: VerifiedManifest, week: Week) -> bool:
    """True for an offer that was never issued: the week is over, and no manifest lists our key."""
    if newest.manifest.issued <= week.last_day or week in home.casebook.retired.all():
        return False
    keys = home.keyring.intake_keys(week)
    return not any(home.casebook.manifests.mention(str(key.public_key())) for key in keys)


def _missing_of_servers(home: Home, newest: VerifiedManifest, week: Week) -> list[str]:
    missing = []
    servers = home.casebook.servers
    for server in newest.manifest.servers:
        if servers.week_closed(server.name, week) is None:
            missing.append(
                said("server %(server)s has not signed that week %(week)s is closed", server=server.name, week=week)
            )
        elif numbers := servers.missing_for(server.name, week):
            missing.append(
                said(
                    "bundles %(first)s to %(last)s of server %(server)s were not taken in",
                    first=numbers[0],
                    last=numbers[-1],
                    server=server.name,
                )
            )
    return missing


def _missing_here(home: Home, week: Week, give_up_unopenable: bool) -> list[str]:
    missing = []
    submissions = home.casebook.submissions.of_week(week)
    not_backed_up = sum(one.backup is None and one.unopenable is None for one in submissions)
    if not_backed_up:
        missing.append(
            said("%(count)s envelopes of week %(week)s are in no casebook backup", count=not_backed_up, week=week)
        )
    in_bin = len(home.casebook.bin.of_week(week))
    if in_bin:
        missing.append(
            said(
                "%(count)s tips of week %(week)s are in the bin: put them back, delete them, or wait until they are"
                " gone",
                count=in_bin,
                week=week,
            )
        )
    unopenable = sum(one.unopenable is not None for one in submissions)
    if unopenable and not give_up_unopenable:
        missing.append(
            said(
                "%(count)s envelopes of week %(week)s could not be opened (--give-up-unopenable lets them go)",
                count=unopenable,
                week=week,
            )
        )
    wanted = home.casebook.unopened.may_be_of(week)
    if wanted and not give_up_unopenable:
        missing.append(
            said(
                "%(count)s envelopes, perhaps of week %(week)s, were not in the backup that this home was restored"
                " from: take in an export of every server (--give-up-unopenable lets them go)",
                count=wanted,
                week=week,
            )
        )
    closed = home.casebook.unopened.here_may_be_of(week) if may_lack_keys(home) else 0
    if closed and not give_up_unopenable:
        missing.append(
            said(
                "%(count)s envelopes, perhaps of week %(week)s, came after this home was restored, and no key here"
                " opens them: keys restore takes the old ones, from a twin or from the old disk"
                " (--give-up-unopenable lets them go)",
                count=closed,
                week=week,
            )
        )
    return [*missing, *_missing_items(home, week), *missing_tries(home)]


def _missing_items(home: Home, week: Week) -> list[str]:
    awaited = home.casebook.awaited.may_be_of(week)
    missing = [
        said(
            "%(item)s may be of week %(week)s, and was not in its bundle: take in the next export of its server"
            " (--give-up %(name)s lets it go)",
            item=one,
            week=week,
            name=one.name,
        )
        for one in awaited[:_MOST_TOLD]
    ]
    if len(awaited) > _MOST_TOLD:
        missing.append(said("so may %(count)s more: keys status --json names all", count=len(awaited) - _MOST_TOLD))
    return missing


def missing_tries(home: Home) -> list[str]:
    """Keys that came late and were not tried on everything hold back weeks and quarters alike."""
    if not has_pending_keys(home):
        return []
    return [said("keys restore was cut short: do it again, so that all its keys are tried on what is unopened")]


def _last_taken_in(home: Home, server: str) -> str:
    last = home.casebook.servers.last_bundle(server)
    return (
        said("its last bundle here is %(last)s", last=last) if last else said("no bundle of it was ever taken in")
    )
