"""Names and pictures across tips: one new tip against many names, one picture against many, PDQ, the desk's pages.

    python benchmarks/linking.py [--names 100000] [--pictures 20000] [FOLDER]

FOLDER (default: a temporary one) decides which disk is measured. The casebook holds a tip for each ten names. They
are kept as an import keeps them and indexed as a reading does, but compared only in the new tips that are measured.
Names are drawn from lists in which some are frequent, as in life: without that no key would be shared by many. The
time of the processor is given beside that which passed: other programs on the machine lengthen only the latter.
"""

import argparse
import contextlib
import io
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from casebook import A_BUNDLE, ENTRY, HOST, MAILBOX_KEY, TODAY, tell
from PIL import Image, ImageDraw

from crypto.age.envelope_rebuild import EnvelopeFrame
from crypto.keys.keys import IntakeSecretKey
from crypto.keys.party import PartyKeys
from crypto.passphrases.mailbox import MailboxAddress, MailboxId
from crypto.primitives.week import Week
from crypto.submissions.submission import Head, Kind, Opened
from reviewer.casebook.findings import NewFinding
from reviewer.casebook.submission import Envelope
from reviewer.clean_copy.children import Children
from reviewer.clean_copy.fingerprints import fingerprint_of
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.desk.app import create_app
from reviewer.desk.session import DeskSession
from reviewer.home.home import Home, open_home
from reviewer.linking.picture_reading import PictureIndex
from reviewer.linking.tip_reading import read_new_tips
from reviewer.linking.tip_texts import texts_of
from reviewer.matching.name_keys import name_keys
from reviewer.recovery.key_ceremony import create_organisation

NAMES_A_TIP = 10
CHANCE = random.Random(20261129)
CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
PAGES = ("/", "/questions", "/questions?weak=1", "/findings", "/entities")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("folder", nargs="?", type=Path)
    asked = parser.parse_args()
    pictures(asked.pictures)
    with contextlib.ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        with contextlib.redirect_stderr(io.StringIO()):
            create_organisation(
                folder / "home", root=folder / "root", second=None, organisation="Benchmark", name="reviewer",
                entry=ENTRY, today=TODAY, told=lambda _line: None,
            )  # fmt: skip
        with open_home(folder / "home", entry=ENTRY) as home:
            names(home, asked.names)
        at_the_desk(folder / "home")
        small = (folder / "home" / "casebook.db").stat().st_size
        print(
            f"casebook.db: {small / max(1, asked.names // NAMES_A_TIP) / 1024:.1f} KiB a tip of {NAMES_A_TIP} names"
        )


def pictures(count: int) -> None:
    """PDQ of one picture, and one against many."""
    drawn = Image.effect_noise((1600, 1000), 60).convert("RGB")
    ImageDraw.Draw(drawn).ellipse((200, 100, 1200, 900), fill="navy")
    file = io.BytesIO()
    drawn.save(file, "JPEG", quality=90)
    children = Children()
    tell("PDQ of 1,600 x 1,000", lambda: fingerprint_of(file.getvalue(), PictureKind.JPEG, children=children))
    index = PictureIndex([])
    for number in range(count):
        index.add(CHANCE.getrandbits(256), number, number)
    tell(f"one picture against {count:,}", lambda: index.near(CHANCE.getrandbits(256), submission=-1))


def names(home: Home, count: int) -> None:
    """A casebook with this number of names, and then one new tip after the other."""
    given = [made_up_word() for _ in range(2_000)]
    family = [made_up_word() + made_up_word().lower() for _ in range(20_000)]

    def name() -> str:
        # Rank by the square of chance: the most frequent given name is borne by some three in a hundred.
        return " ".join(one[int(len(one) * CHANCE.random() ** 2)] for one in (given, family))

    server = PartyKeys.generate("server")
    home.casebook.servers.add(server.party(), today=TODAY)
    began = time.perf_counter()
    tips = count // NAMES_A_TIP
    for start in range(0, tips, A_BUNDLE):
        with home.casebook.changing():
            for number in range(start, min(start + A_BUNDLE, tips)):
                index_names(home, keep_tip(home, number, ". ".join(name() for _ in range(NAMES_A_TIP))))
    print(f"{tips:,} tips with {count:,} names kept and indexed in {time.perf_counter() - began:.1f} s", flush=True)
    numbers = iter(range(tips, tips + 1_000))

    def one_tip() -> None:
        with home.casebook.changing():
            keep_tip(home, next(numbers), f"The boss is called {name()}, +44 7700 900123")

    def one_tip_read() -> None:
        one_tip()
        read_new_tips(home)

    tell("one new tip: kept", one_tip)
    tell("one new tip: kept, read and compared", one_tip_read)


def made_up_word() -> str:
    """A word of four or six letters."""
    return "".join(
        CHANCE.choice(CONSONANTS) + CHANCE.choice(VOWELS) for _ in range(CHANCE.choice((2, 2, 3)))
    ).capitalize()


def index_names(home: Home, tip: int) -> None:
    """Note the names of a tip, which are its whole text, without comparing them."""
    casebook = home.casebook
    submission = casebook.submissions.by_number(tip)
    (text,) = texts_of(home, submission)
    at = 0
    for words in text.value.split(". "):
        new = NewFinding(text.place, at, len(words), "person", [])
        casebook.names.put(casebook.findings.add(tip, new, version=1), name_keys(words))
        at += len(words) + 2
    casebook.findings.note_read(tip, version=1, has_more=False)


def keep_tip(home: Home, number: int, text: str) -> int:
    """Keep a tip with this text, of a mailbox of its own; the number of its submission."""
    head = Head(Kind.SUBMISSION, number.to_bytes(16, "big"), bytes(32), 1, Week.of(TODAY), TODAY)
    arrival = home.casebook.submissions.arrival()
    arrival.field("text", text)
    address = MailboxAddress(MailboxId(number.to_bytes(32, "big")), MAILBOX_KEY)
    frame = EnvelopeFrame(bytes(16), bytes(16), bytes(200))
    opened = Opened(head, address, _KEY, 1, 0, len(text), frame)
    envelope = Envelope(random.Random(number).randbytes(32), 25_000, "server")
    return home.casebook.submissions.keep(arrival, opened, envelope=envelope, today=TODAY).number


_KEY = IntakeSecretKey.generate()


def at_the_desk(folder: Path) -> None:
    """The pages that list what was read."""
    desk_session = DeskSession(folder, entry=ENTRY, idle_seconds=3600, clock=time.monotonic)
    try:
        browser = create_app(desk_session, host=HOST).test_client()
        headers = {"Host": HOST, "Origin": f"http://{HOST}", "Content-Type": "application/x-www-form-urlencoded"}
        browser.get(f"/open/{desk_session.token}", headers=headers)
        casebook = desk_session.home.casebook
        asked = next(iter(casebook.link_questions.surest(with_weak=True)), None)
        tip = casebook.submissions.by_number(casebook.findings.with_new(most=1)[0][0]).short_id
        question = [f"/question/{asked.number}"] if asked else []
        for path in (*PAGES, f"/tip/{tip}", f"/tip/{tip}/findings", *question):
            tell(f"desk: {path.rpartition('/')[0] or path} ...", _page(browser.get, path, headers))
    finally:
        desk_session.close()


def _page(get: Callable[..., object], path: str, headers: dict[str, str]) -> Callable[[], object]:
    def act() -> None:
        status = getattr(get(path, headers=headers), "status_code", 0)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")

    return act


if __name__ == "__main__":
    main()
