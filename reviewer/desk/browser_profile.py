"""A profile of Firefox for the desk: it keeps nothing and asks no network.

The profile lies in memory, and so do the folders that Firefox takes for the user's own. These preferences are the
second guard: nothing should be written even there. The one-time link is a preference too, so it is in a file that
only this user can read, and in no argument.
"""

import json
from pathlib import Path
from typing import Final

MEDIA_CACHE_KIB: Final = 512 * 1024
_NOWHERE_PORT: Final = 1
_Value = bool | int | str

_NOTHING_IS_KEPT: Final[dict[str, _Value]] = {
    "browser.privatebrowsing.autostart": True,
    "browser.cache.disk.enable": False,
    "browser.cache.disk_cache_ssl": False,
    "browser.cache.disk.capacity": 0,
    # Without these, sound and film of a private window go to a temporary file as soon as they are large.
    "browser.privatebrowsing.forceMediaMemoryCache": True,
    "media.memory_cache_max_size": MEDIA_CACHE_KIB,
    "media.memory_caches_combined_limit_kb": MEDIA_CACHE_KIB,
    "media.memory_caches_combined_limit_pc_sysmem": 50,
    "media.cache_size": 0,
    "browser.sessionstore.privacy_level": 2,
    "browser.sessionstore.resume_from_crash": False,
    "browser.sessionstore.max_tabs_undo": 0,
    "browser.sessionstore.max_windows_undo": 0,
    "browser.pagethumbnails.capturing_disabled": True,
    "browser.shell.shortcutFavicons": False,
    "browser.chrome.site_icons": False,
    "browser.formfill.enable": False,
    "places.history.enabled": False,
    "signon.rememberSignons": False,
    "signon.autofillForms": False,
    "browser.download.manager.addToRecentDocs": False,
    "browser.download.useDownloadDir": False,
    "browser.download.always_ask_before_handling_new_types": True,
    "browser.helperApps.deleteTempFileOnExit": True,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.unified": False,
    "toolkit.telemetry.archive.enabled": False,
    "browser.tabs.crashReporting.sendReport": False,
    "browser.crashReports.unsubmittedCheck.enabled": False,
    "breakpad.reportURL": "",
}

_NOTHING_IS_ASKED: Final[dict[str, _Value]] = {
    # Loopback is reached directly; everything else goes to a proxy that is not there, names included.
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": _NOWHERE_PORT,
    "network.proxy.socks_version": 5,
    "network.proxy.socks_remote_dns": True,
    "network.proxy.failover_direct": False,
    "network.proxy.allow_hijacking_localhost": False,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "network.trr.mode": 5,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    "network.predictor.enabled": False,
    "network.http.speculative-parallel-limit": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "media.peerconnection.enabled": False,
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "app.update.enabled": False,
    "browser.region.update.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.search.suggest.enabled": False,
    "browser.urlbar.speculativeConnect.enabled": False,
    "keyword.enabled": False,
    "dom.push.enabled": False,
    "dom.security.https_first": False,
    "dom.security.https_only_mode": False,
    "extensions.enabledScopes": 0,
    "extensions.startupScanScopes": 0,
    "extensions.update.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "geo.enabled": False,
    "media.gmp-manager.url": "data:,",
    "media.gmp-provider.enabled": False,
    "messaging-system.rsexperimentloader.enabled": False,
    "services.settings.server": "data:,",
    "xpinstall.enabled": False,
}

_NOTHING_RUNS: Final[dict[str, _Value]] = {
    "javascript.enabled": False,  # the desk has none, and a file of a source may
    "media.autoplay.default": 5,
    "pdfjs.disabled": True,
    "webgl.disabled": True,
}

_NOTHING_GREETS: Final[dict[str, _Value]] = {
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 1,
    "browser.tabs.warnOnClose": False,
    "browser.toolbars.bookmarks.visibility": "never",
    "browser.uitour.enabled": False,
    "startup.homepage_welcome_url": "",
    "trailhead.firstrun.didSeeAboutWelcome": True,
}

PREFERENCES: Final = _NOTHING_IS_KEPT | _NOTHING_IS_ASKED | _NOTHING_RUNS | _NOTHING_GREETS
"""All but the link."""


def write_profile(folder: Path, *, link: str) -> None:
    """Make a profile in the empty ``folder``, which begins at ``link``; only this user can read its files."""
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in sorted((PREFERENCES | {"browser.startup.homepage": link}).items())
    ]
    preferences = folder / "user.js"
    preferences.touch(mode=0o600)
    preferences.write_text("".join(lines), encoding="ascii")
