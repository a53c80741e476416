"""Everything that one call makes, in a folder of its own.

FOLDER/cards-TAG.pdf, FOLDER/poster-TAG.pdf      to be printed
FOLDER/page/TAG/index.html and style.css         the clear page, one folder for each language
FOLDER/page/index.html and style.css             the list of its languages
FOLDER/headers/nginx.conf, apache.conf, Caddyfile
"""

from collections.abc import Sequence
from pathlib import Path

from outreach.clear_page import STYLE, clear_page, language_list
from outreach.header_snippets import header_snippets
from outreach.printed import Style, cards, poster
from outreach.public_site import PublicSite
from outreach.sentences import sentences
from system.errors import ProgramError


def make_kit(site: PublicSite, folder: Path, tags: Sequence[str], style: Style, *, code: bool) -> list[Path]:
    """Write the kit in these languages and return its files.

    Nothing is written unless all of it can be made.

    Raises:
        ProgramError: the folder is not empty, a font is missing, or a language is unknown.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProgramError(f"{folder} is there and is not empty", hint="name a new folder")
    if code and style is Style.PLAIN:
        raise ProgramError("the plain style has no QR code, as its warning would name Tor Browser")
    languages = [sentences(tag) for tag in dict.fromkeys(tags)]
    made: dict[str, bytes] = {}
    for language in languages:
        made[f"cards-{language.tag}.pdf"] = cards(site, language, style, code=code)
        made[f"poster-{language.tag}.pdf"] = poster(site, language, style, code=code)
        others = [one for one in languages if one is not language]
        made[f"page/{language.tag}/index.html"] = clear_page(site, language, others).encode()
        made[f"page/{language.tag}/style.css"] = STYLE.encode()
    made["page/index.html"] = language_list(site, languages).encode()
    made["page/style.css"] = STYLE.encode()
    made |= {f"headers/{name}": lines.encode() for name, lines in header_snippets(site).items()}
    try:
        for name, content in made.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    except OSError as error:
        raise ProgramError(
            f"{folder} cannot be written", hint="name a folder that is writable and has room"
        ) from error
    return [folder / name for name in made]
