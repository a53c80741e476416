"""The deeds of a working day at the desk, each as a person does it in the browser."""

from collections.abc import Callable
from pathlib import Path

from demo.firefox import TAB, Firefox
from lab.journeys.day_screens import Screens
from tests.reviewer.leaving.conftest import Receiver

PREVIEW, SEAL = "form[action$='/reply'] button", "form[action$='/seal'] button"


def filed(window: Firefox, form: str, field: str, path: Path) -> str:
    """Name a file in a form of the round and press its button; what the page says then."""
    window.fill(field, str(path))
    window.press(f"form[action$='{form}'] button")
    return window.text(".told")


def chosen(window: Firefox, field: str, value: str) -> None:
    """Choose out of a list."""
    window.page.run(f"node => {{ node.value = {value!r} }}", window.page.find(field))


def took_in(window: Firefox, site: str, file: Path) -> str:
    """The words on the page of the round after the file of the courier."""
    window.open(f"{site}/rounds")
    return filed(window, "/rounds/import", "#rounds-take_in", file)


def translated(window: Firefox, site: str, tip: str, screens: Screens) -> None:
    """A colleague who speaks Spanish translates the text at the desk."""
    window.open(f"{site}/tip/{tip}")
    window.press(".translate summary", loads=False)
    window.fill(".translate textarea", "The boss of the farm kept our passports.\nEleven of us sleep in one room.")
    window.fill(".translate input[name=by]", "Rosa")
    window.press(".translate form button")
    assert "Translation by Rosa" in window.text("article")
    screens.keep(window, "tip-translated")


def answered(window: Firefox, site: str, tip: str, screens: Screens) -> None:
    """The answer holds a number: it is asked about, sealed, taken back, changed and sealed again."""
    window.open(f"{site}/tip/{tip}")
    if window.count("button[name=owner][value=reviewer]"):  # it may be this one's from the start
        window.press("button[name=owner][value=reviewer]")
    assert "belongs to reviewer (you)" in window.text("main")
    window.fill("#reply", "Estamos aquí. Llame al 07700 900123.")
    window.press(PREVIEW)
    assert "Estamos aquí" in window.text(".source-page")
    screens.keep(window, "answer-preview")
    window.press(SEAL)
    assert window.text("h1") == "Should this really leave?"
    screens.keep(window, "answer-question")
    window.press(f"{SEAL}:not(.quiet)")
    assert window.count(".reply") == 1
    window.press("form[action$='/take-back'] button")
    assert window.count(".reply") == 0
    screens.keep(window, "answer-taken-back")
    window.fill("#reply", "Estamos aquí. Le escribimos mañana.")
    window.press(PREVIEW)
    window.press(SEAL)
    assert "waits for the next outbox" in window.text(".reply")
    screens.keep(window, "tip-answered")


def looked(window: Firefox, address: str) -> str:
    """The page on which one file is looked at."""
    window.open(address)
    return window.text("main")


def quarantined(window: Firefox, site: str, tip: str, screens: Screens) -> None:
    """No page shows the file afterwards, and the attempt is counted."""
    window.open(f"{site}/tip/{tip}")
    window.press(".files a[href*='/quarantine/']")
    screens.keep(window, "quarantine-question")
    window.press("form[action*='/quarantine/'] button")
    window.open(f"{site}/tip/{tip}/look/1")
    assert window.count("main img") == 0
    window.open(f"{site}/quarantine")
    assert "1 attempt refused" in window.text("main")
    screens.keep(window, "quarantine")


def handed_over(window: Firefox, site: str, tip: str, key: Path, words: str, case: Path, screens: Screens) -> None:
    window.open(f"{site}/tip/{tip}")
    window.press("a[href^='/hand-over']")
    window.press("input[name=field]", loads=False)
    window.press("input[name=file]", loads=False)
    window.press("input[name=told][value=agreed]", loads=False)
    window.fill("#key_file", str(key))
    screens.keep(window, "hand-over")
    window.press("form[action='/hand-over/preview'] button")
    window.fill("#words", words)
    window.fill("#out", str(case))
    screens.keep(window, "hand-over-preview")
    window.press("form[action='/hand-over/write'] button")
    assert "The case is written" in window.text("h1")
    screens.keep(window, "hand-over-written")


def verified_by_a_stranger(receiver: Receiver, digits: str) -> None:
    """With age, tar, sha256sum and minisign, by the commands of the two README files alone."""
    got = receiver.folder / "got"
    (got / "key.txt").write_text(receiver.identity)
    opened = receiver.follow(got / "README.txt")
    assert opened.returncode == 0, opened.stderr
    verified = receiver.follow(got / "evidence" / "README.txt")
    assert verified.returncode == 0, verified.stderr
    assert "Signature and comment signature verified" in verified.stdout
    assert verified.stdout.split()[0] == digits
    report = next((got / "evidence").glob("*.pdf"))
    with report.open("ab") as changed:
        changed.write(b" ")
    assert receiver.follow(got / "evidence" / "README.txt").returncode != 0


def changed_places(window: Firefox, passphrase: str, *, screens: Screens | None = None) -> None:
    """One person locks; the other types a passphrase."""
    window.press("form[action='/lock'] button")
    if screens:
        screens.keep(window, "locked")
    window.fill("#passphrase", passphrase)
    window.press("form[action='/unlock'] button")


def tabbed_to(window: Firefox, is_there: Callable[[], bool], *, most: int = 60) -> None:
    """Press Tab until the focus is where a person wants it."""
    for _ in range(most):
        window.press_key(TAB)
        if is_there():
            return
    raise AssertionError(f"Tab does not lead there; the focus is at {window.focused()!r}")


def focused_id(window: Firefox) -> str:
    return str(window.page.run("node => node.ownerDocument.activeElement.id", window.page.body()))
