"""The clear page: HTML and CSS for any ordinary web site, which says how to reach the onion site.

It has no script, fetches nothing from elsewhere and names no sender. What it says about Tor Browser, Onion Browser,
Tails, bridges and mail is in docs/operate/outreach.md with its sources and the day on which they were read.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from outreach.header_snippets import CONTENT_SECURITY_POLICY
from outreach.public_site import PublicSite
from outreach.sentences import Sentences

STYLE: Final = """\
:root { color-scheme: light dark; }
:lang(ur) { font-family: "Noto Naskh Arabic", "Noto Nastaliq Urdu", system-ui, sans-serif; }
body { margin: 0 auto; padding: 0 1rem 2rem; max-width: 38rem; font: 1.06rem/1.55 system-ui, sans-serif;
  color: #1d2326; background: #fff; overflow-wrap: break-word; }
.leave { display: inline-block; margin: 1rem 0; padding: .6rem 1.1rem; border-radius: .4rem; background: #1d2326;
  color: #fff; font-weight: 700; text-decoration: none; }
header { position: sticky; top: 0; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: .5rem 0; }
h2 { font-size: 1.15rem; margin: 1.8rem 0 .4rem; }
ol, ul { padding-inline-start: 1.5rem; margin: .4rem 0; }
li { margin: .3rem 0; }
ol:lang(ar) { list-style-type: arabic-indic; }
ol:lang(fa) { list-style-type: persian; }
ol:lang(bn) { list-style-type: bengali; }
.address { font: 700 1.15rem/2 ui-monospace, monospace; border: 1px solid; border-radius: .4rem;
  padding: .5rem .8rem; }
.address span { margin-right: .6em; display: inline-block; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
a { color: inherit; }
nav a { display: inline-block; padding: .4rem 0; }
.numbers b { font-size: 1.15em; }
@media (prefers-color-scheme: dark) {
  body { color: #e8ecee; background: #15191b; }
  .leave { background: #e8ecee; color: #15191b; }
}
"""


def clear_page(site: PublicSite, language: Sentences, others: Sequence[Sentences]) -> str:
    """The page in one language; ``others`` are those that lie in folders beside it."""
    say = language.page
    body = [
        f"<h1>{escape(say('heading'))}</h1>",
        _paragraphs(say("lead"), say("private"), say("owner")),
        _part(say("address"), _address(site), _paragraphs(say("address_hint"))),
        _steps(say("android"), say("android_get"), say("connect"), say("type")),
        _steps(say("iphone"), say("iphone_get"), say("connect"), say("type"), after=say("iphone_limits")),
        _steps(say("computer"), say("computer_get"), say("connect"), say("type")),
        _part(say("tails"), _paragraphs(say("tails_get"))),
        _part(say("blocked"), _paragraphs(say("bridge"), say("mail"), say("mail_seen"))),
        _part(say("seen"), _list(say("seen_now"), say("seen_tor"), say("seen_bridge"), say("seen_device"))),
    ]
    if site.numbers:
        body.append(_part(say("no_tor"), _numbers(site, language), _paragraphs(say("no_tor_seen"))))
    if others:
        links = "".join(_link(one, f"../{one.tag}/index.html") for one in others)
        body.append(f'<nav aria-label="{escape(say("languages"))}"><ul>{links}</ul></nav>')
    return _document(site, language, "\n".join(body), leave=say("leave"))


def language_list(site: PublicSite, languages: Sequence[Sentences]) -> str:
    """The page of the folder itself: the languages, each by its own name."""
    links = "".join(_link(one, f"{one.tag}/index.html") for one in languages)
    return _document(site, languages[0], f"<nav><ul>{links}</ul></nav>", leave=languages[0].page("leave"))


def _document(site: PublicSite, language: Sentences, body: str, *, leave: str) -> str:
    direction = "rtl" if language.right_to_left else "ltr"
    return f"""<!doctype html>
<html lang="{language.tag}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">
<meta http-equiv="onion-location" content="{site.url}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(language.page("title"))}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
</head>
<body>
<header><a class="leave" href="{escape(site.leave_url)}" rel="noreferrer">{escape(leave)}</a></header>
<main>
{body}
</main>
</body>
</html>
"""


def _part(heading: str, *content: str) -> str:
    return f"<h2>{escape(heading)}</h2>\n" + "\n".join(content)


def _steps(heading: str, *steps: str, after: str = "") -> str:
    return _part(heading, f"<ol>{_items(steps)}</ol>", *([_paragraphs(after)] if after else []))


def _list(*sentences: str) -> str:
    return f"<ul>{_items(sentences)}</ul>"


def _items(sentences: Iterable[str]) -> str:
    return "".join(f"<li>{escape(one)}</li>" for one in sentences)


def _paragraphs(*sentences: str) -> str:
    return "\n".join(f"<p>{escape(one)}</p>" for one in sentences)


def _address(site: PublicSite) -> str:
    """The address in groups, which are copied without spaces. No link: a browser would request it openly."""
    groups = site.groups()
    spans = "".join(f"<span>{one}</span>" for one in [*groups[:-1], f"{groups[-1]}.onion"])
    return f'<p class="address" dir="ltr" translate="no">{spans}</p>'


def _numbers(site: PublicSite, language: Sentences) -> str:
    items = "".join(
        f'<li>{escape(language.place(one.place))} <b dir="ltr">{escape(one.number)}</b></li>'
        for one in site.numbers
    )
    return f'<ul class="numbers">{items}</ul>'


def _link(language: Sentences, href: str) -> str:
    direction = "rtl" if language.right_to_left else "ltr"
    return (
        f'<li><a href="{href}" hreflang="{language.tag}" lang="{language.tag}" dir="{direction}">'
        f"{escape(language.own_name)}</a></li>"
    )
