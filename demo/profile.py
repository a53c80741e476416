"""A Firefox profile with Tor Browser's "Safest" settings, whose only network is one SOCKS port.

It replaces Tor Browser where that cannot be installed. It does not prove what only the real one has: NoScript, its
patches, Android.
"""

import json
from pathlib import Path

SAFEST: dict[str, bool | int | str] = {
    # The level "Safest": no scripts, no drawings, no formulas, no fonts from afar.
    "javascript.enabled": False,
    "svg.disabled": True,
    "mathml.disabled": True,
    "gfx.downloadable_fonts.enabled": False,
    # What Tor Browser sets at every level and a page can notice.
    "privacy.resistFingerprinting": True,
    "browser.privatebrowsing.autostart": True,
    "dom.securecontext.allowlist_onions": True,
    "dom.security.https_only_mode": False,
    "dom.security.https_first": False,
    "network.dns.blockDotOnion": False,
    # Scroll bars that take no room, as on a phone: a page asked to be 320 pixels wide is.
    "ui.useOverlayScrollbars": 1,
    # Firefox asks before it sends a form again. There is no person to answer here, so the answer is yes.
    "dom.confirm_repost.testing.always_accept": True,
    # A browser that has just been made must stay silent, and show our page instead of greetings.
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "extensions.update.enabled": False,
    "messaging-system.rsexperimentloader.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    # No process in advance for a page that may never come, and no search for add-ons: a quarter of a start's work.
    "dom.ipc.processPrelaunch.enabled": False,
    "dom.ipc.processCount": 1,
    "dom.ipc.processCount.webIsolated": 1,
    "extensions.enabledScopes": 0,
    "extensions.startupScanScopes": 0,
}


def write_profile(folder: Path, *, socks_port: int | None, scripts: bool = False, drawings: bool = False) -> None:
    """Make a profile in ``folder``; ``socks_port`` is on 127.0.0.1, None connects directly (to loopback).

    ``scripts`` departs from "Safest" in that one point, for a tester's tool that looks at the page. ``drawings``
    shows SVG, as the browser of the desk does.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    preferences = SAFEST | {"network.trr.mode": 5, "network.proxy.failover_direct": False}
    preferences |= {"javascript.enabled": scripts, "svg.disabled": not drawings}
    if socks_port is None:
        preferences |= {"network.proxy.type": 0}
    else:
        preferences |= {
            "network.proxy.type": 1,
            "network.proxy.socks": "127.0.0.1",
            "network.proxy.socks_port": socks_port,
            "network.proxy.socks_version": 5,
            "network.proxy.socks_remote_dns": True,
            "network.proxy.no_proxies_on": "",
            "network.proxy.allow_hijacking_localhost": True,  # else loopback addresses go past the proxy
        }
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in sorted(preferences.items())
    ]
    (folder / "user.js").write_text("".join(lines), encoding="utf-8")
