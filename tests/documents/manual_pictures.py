"""The pictures of docs/review/manual.md: a day at the desk, pressed through in a real Firefox.

The tips, the people and the photo are invented. `scripts/documents --pictures` takes them.
"""

import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from demo.firefox import Firefox

WIDE, NARROW = 1040, 760
ANSWER: Final = "Thank you for writing. Can you call +44 7700 900123 from a telephone that no one else uses?"
TRANSLATION: Final = "They pay me half of what they said, and I cannot go out without the boss."
_SECOND_PASSPHRASE: Final = "six words drawn by dice for her"


def house() -> bytes:
    """A drawn house with a barred window, as JPEG."""
    drawn = Image.new("RGB", (900, 600), (150, 190, 225))
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 430, 900, 600), fill=(110, 140, 90))
    pen.rectangle((220, 220, 680, 480), fill=(205, 180, 150), outline=(80, 60, 50), width=6)
    pen.polygon(((190, 225), (450, 70), (710, 225)), fill=(150, 70, 60))
    pen.rectangle((400, 330, 500, 480), fill=(90, 60, 45))
    for left in (260, 550):
        pen.rectangle((left, 280, left + 90, 370), fill=(60, 80, 100))
        for bar in range(left + 15, left + 90, 20):
            pen.line((bar, 280, bar, 370), fill=(20, 20, 20), width=5)
    file = io.BytesIO()
    drawn.save(file, "JPEG", quality=85)
    return file.getvalue()


def take_manual_pictures(firefox: Firefox, site: str, tips: list[str], folder: Path) -> list[Path]:
    """Press through a day at an open desk, and write the pictures into ``folder``; where they lie.

    Args:
        site: the address of the desk, without a path.
        tips: the ids of a tip with a photo, and of one in Spanish.
    """
    taken: list[Path] = []

    def take(name: str, *, width: int = NARROW, height: int = 560) -> None:
        path = folder / f"manual-{name}.png"
        firefox.set_viewport(width, height)
        firefox.screenshot(path, whole=False)
        _reduce(path)
        taken.append(path)

    danger, spanish = tips
    firefox.set_viewport(WIDE, 760)
    firefox.open(f"{site}/tip/{danger}")
    take("tip", width=WIDE, height=760)
    firefox.open(f"{site}/tip/{danger}/look/1")
    take("look", height=640)
    firefox.open(f"{site}/tip/{danger}")
    firefox.fill("#reply", ANSWER)
    firefox.press("form[action$='/reply'] .buttons button:not(.quiet)")
    firefox.press("form[action$='/seal'] button:not([name=edit])")
    take("answer", height=570)
    firefox.press("button[name=edit]")
    firefox.set_viewport(WIDE, 760)
    firefox.open(f"{site}/tip/{spanish}")
    firefox.press("details.translate summary", loads=False)
    firefox.fill("details.translate textarea", TRANSLATION)
    firefox.fill("details.translate input[name=by]", "Noor")
    firefox.press("details.translate button.small")
    take("translation", height=520)
    firefox.set_viewport(WIDE, 760)
    firefox.fill("#case-name", "The laundry")
    firefox.press("form[action$='/case'] button")
    firefox.open(f"{site}/tip/{danger}")
    firefox.page.run("node => { node.value = '1'; }", firefox.page.find("#case-number"))
    firefox.press("form[action$='/case'] button")
    firefox.open(f"{site}/case/1")
    take("case", height=640)
    firefox.open(f"{site}/evidence?tips={danger}")
    firefox.press("input[name=passage]", loads=False)
    firefox.press("input[name=file]", loads=False)
    firefox.page.run("node => node.ownerDocument.defaultView.scrollTo(0, 0)", firefox.page.body())
    take("evidence", height=640)
    firefox.open(f"{site}/tip/{spanish}/delete?what=tip")
    take("delete", height=460)
    firefox.open(f"{site}/people")
    firefox.set_viewport(WIDE, 900)
    firefox.fill("#add-name", "Amal")
    firefox.press("input[name=role][value=member]", loads=False)
    firefox.fill("#add-passphrase", _SECOND_PASSPHRASE)
    firefox.fill("#add-again", _SECOND_PASSPHRASE)
    firefox.press("form[action$='/people/add'] button")
    take("people", height=600)
    return taken


def _reduce(path: Path) -> None:
    """Write it with at most 128 colours: pages of the desk have few."""
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    few.save(path, "PNG", optimize=True)
