"""Eight words, or eight groups of four digits, after docs/formats/passphrase.md."""

import hashlib
import unicodedata
from pathlib import Path

from lab.second.refused import Refused, malformed

LIST = (Path(__file__).parents[2] / "crypto" / "primitives" / "eff_long_7772.txt").read_bytes()
if hashlib.sha256(LIST).hexdigest() != "18586c092f641ecd1a471dd6ab35618ab69f0aa7483486424f7caf0996d06259":
    raise ImportError("the word list is another one")
WORDS = LIST.decode("ascii").split()
PLACES = {word: place for place, word in enumerate(WORDS, start=1)}
LONGEST = max(map(len, WORDS))


def fold(text: str) -> str:
    kept = []
    for letter in unicodedata.normalize("NFKD", text).casefold():
        if letter.isdecimal():
            kept.append(str(unicodedata.decimal(letter)))
        elif letter.isalpha():
            kept.append("i" if letter == "ı" else letter)
    return "".join(kept)


def secret_of(places: list[int]) -> bytes:
    """The seven places that were drawn, without the check."""
    return b"".join(place.to_bytes(2, "big") for place in places[:7])


def read_in_turn(kept: str) -> list[int] | None:
    """The eight places from the left, or None."""
    places: list[int] = []
    while kept and len(places) < 9:
        if "0" <= kept[0] <= "9":
            group, kept = kept[:4], kept[4:]
            if len(group) != 4 or not all("0" <= digit <= "9" for digit in group):
                return None
            places.append(int(group))
        else:
            word = next((kept[:length] for length in range(1, LONGEST + 1) if kept[:length] in PLACES), None)
            if word is None:
                return None
            places.append(PLACES[word])
            kept = kept[len(word) :]
    if len(places) != 8 or not all(1 <= place <= 7772 for place in places):
        return None
    digest = hashlib.sha256(b"tipline/v1/check" + secret_of(places)).digest()
    return places if places[7] == int.from_bytes(digest, "big") % 7772 + 1 else None


def read_passphrase(text: str) -> list[int]:
    """Eight places."""
    if len(text) > 512:
        raise malformed()
    kept = fold(text)
    digits = "".join(letter for letter in kept if "0" <= letter <= "9")
    letters = "".join(letter for letter in kept if not "0" <= letter <= "9")
    attempts = [kept, digits, letters]
    if len(digits) == 40 and digits[0::5] == "12345678":
        attempts.append("".join(digits[at : at + 4] for at in range(1, 40, 5)))
    for attempt in attempts:
        if places := read_in_turn(attempt):
            return places
    raise Refused("likely typo")
