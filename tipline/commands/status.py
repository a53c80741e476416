"""``tipline status``: the intake and its keys; ``tipline events``: what happened on which day."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tipline.commands._options import passphrase_option, site_argument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tipline.instance.folder import SiteFolder
    from tipline.languages.site_languages import SiteLanguages, SpokenLanguage
    from tipline.operations.site_status import SiteStatus


@click.command("status", epilog="Example: tipline status /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@passphrase_option
def command(site: Path, as_json: bool, passphrase_file: str | None) -> None:
    """Print if intake is open, why not, and how long its keys last.

    It also says if submissions wait for the reviewers, until when sources can lock a file by themselves, and which
    languages were reviewed.
    """
    from crypto.keys.fingerprint import address_words
    from tipline.instance.open_site import open_site
    from tipline.instance.site_settings import SiteSettings
    from tipline.languages.site_languages import SiteLanguages
    from tipline.operations.relays import Relays
    from tipline.operations.site_status import SiteStatus

    with open_site(site, passphrase_file) as opened:
        status = SiteStatus.of(opened)
        address = _address(opened.folder)
        words = address_words(address) if address else None
        languages = SiteLanguages.load()
        settings = SiteSettings.load(opened.folder.site_settings)
    if as_json:
        click.echo(
            json.dumps(
                {
                    **status.to_json(),
                    "onion_address": address,
                    "address_words": words,
                    "languages": languages.to_json(),
                    "leave_url": settings.leave_url,
                    "emergency_numbers": [asdict(one) for one in settings.emergency_numbers],
                },
                indent=2,
                ensure_ascii=False,
            )
        )
    else:
        _print(status, address, words, languages)
    for warning in status.warnings():
        click.echo(f"tipline: warning: {warning}", err=True)
    if Relays(site).state().closed_early:
        click.echo("tipline: warning: relays closed before everything was taken down", err=True)


def _address(folder: "SiteFolder") -> str | None:
    """Return the public onion address; its key is made when the site is first served."""
    from onion.errors import OnionError
    from onion.service_key import FILE_NAME, ServiceKey
    from system.errors import ProgramError

    service = folder.onion / "public"
    try:
        return ServiceKey.load(service).address if (service / FILE_NAME).exists() else None
    except OnionError as error:
        raise ProgramError(str(error), hint=error.hint) from error


def _print(status: "SiteStatus", address: str | None, words: str | None, languages: "SiteLanguages") -> None:
    manifest = f"version {status.manifest_version}, until {status.manifest_expires}"
    rows = (
        ("intake", "open" if status.intake_open else f"CLOSED: {status.intake_closed_because}"),
        *([("what to do", status.intake_hint)] if status.intake_hint else []),
        ("address", address or "(made when the site is served for the first time)"),
        ("address in words", words or "(none yet)"),
        ("organisation", status.organisation or "(no manifest yet)"),
        ("manifest", manifest if status.manifest_version is not None else "-"),
        ("keys", f"week {status.week or '-'}, {status.weeks_left} weeks left"),
        ("recipient file", f"until {status.recipient_file_until}" if status.recipient_file_until else "not there"),
        *([("to be accepted", ", ".join(status.reviewers_to_accept))] if status.reviewers_to_accept else []),
        ("waiting", status.waiting),
        *(
            [("", f"and {status.waiting_like_shared} of the length of what reviewers tell each other")]
            if status.waiting_like_shared != "none"
            else []
        ),
        ("stream", status.stream or "(none until the first export)"),
        ("bundles fetched", status.bundles_fetched or "not within 60 days"),
        ("outbox came", status.outbox_came or "not within 60 days"),
        ("served now", status.serving),
        *([("last start", status.could_not_start)] if status.could_not_start else []),
        ("room", f"{status.room_mib} MiB or more"),
        ("languages", f"reviewed by a native speaker: {_names(languages.reviewed) or 'none'}"),
        ("", f"not reviewed: {_names(languages.not_reviewed) or 'none'}"),
        ("server", f"{status.server}  {status.server_fingerprint}"),
        ("root key", f"{status.root_id}  {status.root_key}"),
    )
    for name, told in rows:
        click.echo(f"{name:<16} {told}")


def _names(languages: "Sequence[SpokenLanguage]") -> str:
    return ", ".join(one.tag for one in languages)


@click.command("events", epilog="Example: tipline events /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@passphrase_option
def events_command(site: Path, as_json: bool, passphrase_file: str | None) -> None:
    """Print the events of the last 60 days, by day.

    Only names and days are kept: neither the time of day nor how often it happened.
    """
    from tipline.instance.open_site import open_site
    from tipline.store.events import TROUBLES

    with open_site(site, passphrase_file) as opened:
        found = opened.store.events.days()
    rows = sorted((day, event) for event, days in found.items() for day in days)
    if as_json:
        told = [
            {"day": day.isoformat(), "event": event.name.lower(), "says": event.value, "trouble": event in TROUBLES}
            for day, event in rows
        ]
        click.echo(json.dumps({"events": told}, indent=2))
        return
    for day, event in rows:
        click.echo(f"{day.isoformat()}  {'! ' if event in TROUBLES else '  '}{event.value}")
    if not rows:
        click.echo("nothing was noted")
