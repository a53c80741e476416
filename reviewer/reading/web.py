"""E-mail addresses, web addresses and names in social networks."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

_EMAIL: Final = re.compile(
    r"(?<![\w.+\-])([\w.+\-]{1,64})(?:@|[ ]?[\[(]\s?(?:at|ät)\s?[\])][ ]?)"
    r"((?:[\w\-]{1,63}(?:\.|[ ]?[\[(]\s?(?:dot|punkt)\s?[\])][ ]?)){1,5}[^\W\d_]{2,24})(?!\w)"
)
_DOT: Final = re.compile(r"[ ]?[\[(]\s?(?:dot|punkt)\s?[\])][ ]?")
_WEB: Final = re.compile(
    r"(?<![\w@.])(?:(?:https?|hxxps?)://|www\.)[^\s\x00<>\"'{}|\\^`]{3,2000}"
    r"|(?<![\w@.\-/])(?:[a-z0-9\-]{1,63}\.){1,4}(?:com|net|org|info|biz|onion|me|io|app|eu|"
    r"ae|at|be|bg|br|by|ch|cn|cz|de|es|fr|gr|hu|in|ir|it|md|mx|nl|ph|pk|pl|pt|ro|rs|ru|sa|se|th|tr|ua|uk|us|vn)"
    r"(?:/[^\s\x00<>\"'{}|\\^`]{0,2000})?(?![\w@])",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!?)]}»”’'\"…"
_SCHEME: Final = re.compile(r"^(?:https?|hxxps?)://", re.IGNORECASE)
_AT_NAME: Final = re.compile(r"(?<![\w@./+\-])@([A-Za-z0-9_][A-Za-z0-9_.]{1,31})(?![\w@])")
_NETWORK_NAME: Final = re.compile(
    r"(?<!\w)(telegram|instagram|insta|tiktok|snapchat|snap|skype|facebook|discord|wechat|twitter|vk)"
    r"[ ]?(?::|=|@|name[: ]|id[: ])[ ]?@?([A-Za-z0-9_][A-Za-z0-9_.]{2,31})(?!\w)",
    re.IGNORECASE,
)
_SHORT_NAMES: Final = {"insta": "instagram", "snap": "snapchat"}
_NETWORKS: Final = {
    "t.me": "telegram",
    "telegram.me": "telegram",
    "instagram.com": "instagram",
    "tiktok.com": "tiktok",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "m.facebook.com": "facebook",
    "twitter.com": "twitter",
    "x.com": "twitter",
    "vk.com": "vk",
    "snapchat.com": "snapchat",
    "ok.ru": "ok",
}
_NETWORK_PATH: Final = re.compile(r"^/(?:add/|u/)?@?([A-Za-z0-9_.]{2,64})/?(?:[?#].*)?$")
_NO_NAMES: Final = frozenset({"p", "reel", "share", "watch", "groups", "profile.php", "joinchat", "s", "home"})

Stretch = tuple[int, int, str]


def emails(text: str) -> Iterator[Stretch]:
    """Begin, end and reading of each e-mail address, in small letters; "(at)" and "(dot)" are read."""
    for found in _EMAIL.finditer(text):
        host = _DOT.sub(".", found[2])
        yield found.start(), found.end(), f"{found[1]}@{host}".lower()


def web_addresses(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Begin, end, reading and kind (``web`` or ``handle``) of each web address.

    The reading of an address has no scheme, no ``www.`` and no last slash; that of a page in a social network is
    the name of the network and of the account.
    """
    for found in _WEB.finditer(text):
        address = found[0].rstrip(_TRAILING)
        if address.count("(") > address.count(")") and found[0].startswith(address + ")"):
            address += ")"
        host, slash, path = _SCHEME.sub("", address).partition("/")
        host = host.lower().removeprefix("www.")
        if "." not in host:
            continue
        name = _NETWORK_PATH.match(unquote(slash + path)) if host in _NETWORKS else None
        if name is not None and name[1].lower() not in _NO_NAMES:
            yield found.start(), found.start() + len(address), f"{_NETWORKS[host]}:{name[1].lower()}", "handle"
        else:
            yield found.start(), found.start() + len(address), host + (slash + path).rstrip("/"), "web"


def handles(text: str) -> Iterator[Stretch]:
    """Begin, end and reading of each name in a social network: ``telegram:name``, or ``@name`` of any."""
    for found in _NETWORK_NAME.finditer(text):
        network = found[1].lower()
        name = found[2].rstrip(".")
        yield found.start(), found.start(2) + len(name), f"{_SHORT_NAMES.get(network, network)}:{name.lower()}"
    for found in _AT_NAME.finditer(text):
        name = found[1].rstrip(".")
        yield found.start(), found.start(1) + len(name), f"@{name.lower()}"
